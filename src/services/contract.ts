import type { Check } from '../model/plan.ts';
import type { CheckCode } from '../model/recipe.ts';
import type { RequirementKind } from '../model/requirement.ts';

export type ServicePart = 'url' | 'host' | 'port' | 'address' | 'user' | 'password' | 'name' | 'other';

/** How a service is recognised: data, kept in the generated registry so that only what is used is loaded. */
export type ServiceDetection = {
  readonly name: string;
  readonly title: string;
  /** its name in the compose file, such as db */
  readonly host: string;
  /** packages and built-ins (`Bun.sql`, `bun:sqlite`) through which an app reaches it */
  readonly clients: readonly string[];
  /** clients that say by themselves what the service is used as, such as a queue library; by name */
  readonly clientRoles?: Readonly<Record<string, string>>;
  /** how mappers of several databases are told a client in the scheme of an address, by client: `postgresql+asyncpg`; absent: they know none */
  readonly drivers?: Readonly<Record<string, { readonly scheme: string; readonly isAsync?: true }>>;
  /** what the address for a client ends with: what that one needs to reach a server on a private network; by client */
  readonly clientQueries?: Readonly<Record<string, string>>;
  /** schemes of its addresses, without `:` */
  readonly schemes: readonly string[];
  /** variables that point to it: exact names, or `*_SUFFIX`; the part that each carries */
  readonly variables: readonly {
    readonly match: string;
    readonly part: ServicePart;
    /** of `other`: what it has to be beside the container, such as `false` for a switch of TLS that it does not speak */
    readonly value?: string;
  }[];
  /** variables that a client reads by itself, by its name: set where the source hands it nothing in their place */
  readonly ownVariables?: Readonly<Record<string, readonly { readonly name: string; readonly part: ServicePart }[]>>;
  /**
   * true: recognised only where a variable says where it is; without one its clients reach an account that its owner has with somebody else, and so do
   * those with the address of somebody else in the source
   */
  readonly addressed?: true;
  /** no container is made: it runs elsewhere, and whoever deploys gives its address, which looks like this */
  readonly outside?: { readonly example: string };
  /** true: its clients ask and are done, so that none of them keeps a program alive */
  readonly asks?: true;
  /** the one form of the deployment that has its container, and why; elsewhere whoever deploys gives its address. Absent: every form */
  readonly only?: { readonly form: 'development'; readonly why: string };
  /** images that run it, by repository, without a registry: `postgres`, `pgvector/pgvector` */
  readonly images?: readonly string[];
  /** images of other makers, or of other servers, that are told the same things in other words: recognised, and never taken over */
  readonly foreignImages?: readonly string[];
  /** the tag that is taken of an image other than the usual one, where the author says no version: by repository */
  readonly tags?: Readonly<Record<string, string>>;
  /** variables by which the image is told who may log in, and what it takes where nobody says it */
  readonly login?: {
    readonly user: { readonly variables: readonly string[]; readonly default?: string };
    /** `ofUser`: without a variable the image makes one with the name of the user */
    readonly database?: { readonly variables: readonly string[]; readonly ofUser?: boolean };
    readonly password: { readonly variables: readonly string[] };
    /** without a user and a password it takes everybody: data that was made so stays without */
    readonly optional?: true;
  };
  /** the option of its command that holds the password which it asks for */
  readonly passwordOption?: string;
  /** what mappers of several databases are told: `dialect: 'postgres'` of Sequelize, `type: 'postgres'` of TypeORM */
  readonly dialect?: string;
  /** its names in a sentence of a specification, lower case */
  readonly words: readonly string[];
  /** what it can be asked for; the service that is `first` for a kind is taken where a sentence names none and the project uses none */
  readonly serves: readonly { readonly kind: RequirementKind; readonly first?: boolean; readonly role?: string }[];
  /** false: an app answers, degraded, without it (caches, mail); by role where it matters */
  readonly required: boolean;
  readonly requiredByRole?: Readonly<Record<string, boolean>>;
  /** true: no container is needed (a file of the app) */
  readonly embedded?: boolean;
};

/** Text or a variable that the person who runs the deployment sets. */
export type Part =
  | string
  | {
      readonly variable: string;
      readonly required: boolean;
      readonly default?: string;
      readonly secret: boolean;
      readonly generate?: 'password';
      /** what it has to be, as the author's own files have it: for `.env`, and never for a file that is committed */
      readonly value?: string;
    };

/** Who logs in, where there are data already that were made so; else the names are ours. */
export type ServiceLogin = {
  readonly user?: string | undefined;
  readonly database?: string | undefined;
  /** it asks for a password: as it is written, or the variable that holds it */
  readonly password?: string | undefined;
  readonly passwordVariable?: string | undefined;
  /** there is none: it takes whoever reaches it */
  readonly open?: true | undefined;
};

export type ServiceContainer = {
  readonly image: string;
  readonly port: number;
  readonly command?: readonly string[];
  /** a command with the password that its environment holds; absent: it needs none in its command */
  readonly withPassword?: (command: readonly string[]) => readonly string[];
  readonly env: Readonly<Record<string, readonly Part[]>>;
  readonly check: Check;
  readonly volume?: { readonly path: string; readonly purpose: string };
  /** a port of the developer's machine that a local server of the same kind does not use */
  readonly developmentPort: number;
  readonly why: string;
  readonly backup?: string;
};

/** A container of the author's as its compose file has it: texts with their variables. */
export type ExistingContainer = {
  readonly env: Readonly<Record<string, string | null>>;
  readonly command: readonly string[];
  /** it gets the variables of the usual file of settings too */
  readonly hasSettings: boolean;
  /** as the author names it; absent: it is built */
  readonly image?: string;
};

/** The account of such a container; what is absent is not needed there. */
export type ServiceCredentials<T = readonly Part[]> = { readonly user?: T; readonly password?: T; readonly name?: T };

/** services/NAME.ts exports `detection` and, unless embedded or outside, `service`. */
export type BackingService = {
  /** the container: `app` is the image-safe name of the app, `host` the name of the service in the compose file */
  readonly container: (options: {
    app: string;
    host: string;
    role: string | undefined;
    /** the image that the project or its owner names; absent: that of the service */
    image?: string | undefined;
    login?: ServiceLogin | undefined;
  }) => ServiceContainer;
  /** the value of a variable of the app that carries `part` of the connection */
  readonly connection: (
    part: 'url' | 'host' | 'port' | 'user' | 'password' | 'name',
    options: {
      app: string;
      host: string;
      role: string | undefined;
      scheme: string | undefined;
      /** of a container that its author has written */
      account?: ServiceCredentials;
      login?: ServiceLogin | undefined;
      /** as for the container */
      image?: string | undefined;
    },
  ) => readonly Part[];
  /** the account of a container that its author has written, as texts of the compose file */
  readonly account?: (container: ExistingContainer) => ServiceCredentials<string>;
  /** the version of an image whose data no other version of the server reads; absent: newer ones read what older ones wrote */
  readonly dataVersion?: (image: string) => string | undefined;
  /** roles: settings differ between a cache and a queue; the first is the default */
  readonly roles: readonly string[];
  /** the check inside the app, by the name of its language; a language that is missing has no check of this service */
  readonly checks: Readonly<Record<string, ServiceCheck>>;
};

/** The variables of the app that carry a connection. */
export type CheckedConnection = {
  readonly url?: string;
  readonly parts?: Readonly<Partial<Record<'host' | 'port' | 'user' | 'password' | 'name', string>>>;
};

/**
 * The check by client; undefined: there is nothing to ask. In JavaScript `body` is the statements of an async function that throws where the
 * service does not answer; `signal` is an AbortSignal that ends it in time.
 */
export type ServiceCheck = (client: string, connection: CheckedConnection) => CheckCode | undefined;
