import type { DecidedBy, Evidence } from './evidence.ts';
import type { Facts } from './facts.ts';
import type { Plan, SourceFile, Step, Varies, Workload } from './plan.ts';

/** What a decision needs; without evidence it is a stated default. */
export type Reason = {
  readonly choice: string;
  readonly why: string;
  readonly by?: DecidedBy;
  readonly from?: readonly Evidence[];
  readonly assertions?: readonly string[];
};

/** The folder of the application in every image. */
export const APPLICATION_FOLDER = '/app';

type WithoutDecision<T> = T extends unknown ? Omit<T, 'decision'> : never;

/** A step of a stage before `plan/` has put the decision behind it in. */
export type RecipeStep = WithoutDecision<Step>;

/** Steps with one reason. */
export type Layer = {
  /** where the decision is kept below its stage, such as `install`; absent: the decision is the stage's own */
  readonly at?: string;
  /** absent: the decision at `at`, or the stage's own, was given with an earlier layer */
  readonly reason?: Reason;
  readonly steps: readonly RecipeStep[];
};

/** A stage that nothing but building needs. */
export type RecipeStage = {
  readonly name: string;
  readonly from: { readonly image: string; readonly platform?: string } | { readonly stage: string };
  /** the comment above it in the Dockerfile */
  readonly note?: string;
  readonly reason: Reason;
  readonly layers: readonly Layer[];
};

/** A stage that turns sources into what runs. */
export type BuildStage = RecipeStage & {
  /** variables whose values the build writes into what it makes: build arguments, declared behind the first layers */
  readonly args?: {
    readonly variables: Facts['variables'];
    readonly after: number;
    /** the build gets marks in their places, and what starts puts the values in; absent: build arguments */
    readonly atStart?: true;
  };
};

/** The image that the production image begins with. */
export type ProductionBase = {
  /** how the choice is named: `distroless base, built` */
  readonly kind: string;
  readonly image: string;
  readonly uid: number;
  readonly gid: number;
  readonly shell: boolean;
  /** where a program lies that is its entrypoint and not on the PATH */
  readonly program?: string;
  readonly why: string;
  readonly by: 'config' | 'default';
};

/** How an application is asked where plain http is not enough: it speaks https itself, or only answers what a proxy got over https. */
export type ProbeTransport = 'https' | 'proxy';
/** `refused`: middleware before the path may turn the question away, so that any answer but an error of the server's own shows that it answers. */
export type ProbeOptions = { readonly over?: ProbeTransport; readonly refused?: true };

/** Commands that ask, inside a container, whether what runs in it answers. Each succeeds where it does. */
export type Probes = {
  /** GET http://127.0.0.1:PORT/path answers 2xx, or what `asking` says; PORT is read from `variable` where there is one */
  readonly http: (port: number, variable: string | undefined, path: string, asking?: ProbeOptions) => readonly string[];
  /** the port takes a connection: for applications without a health route */
  readonly port: (port: number, variable: string | undefined) => readonly string[];
  /** whatever listens there gives any answer over http: where that is spoken for sure, and a port may take connections that nobody answers; absent: a connection has to do */
  readonly answer?: (port: number, variable: string | undefined) => readonly string[];
  /** seconds in which a failure means nothing, where starting takes less than usual */
  readonly startPeriod?: number;
  /** the comment above the check: who asks, and why no common tool does */
  readonly note?: string;
};

/** A web server that gives out the files of a site: what runs is no program of the application. */
export type SiteServer = {
  readonly reason: Reason;
  readonly port: number;
  /** the path that it answers whatever the files are */
  readonly probe: string;
  /** signals on which it stops gracefully */
  readonly signals: readonly string[];
  readonly resources: Omit<Workload['resources'], 'decision'>;
  /** what its configuration says of the files */
  readonly files: Pick<
    NonNullable<Plan['site']>,
    | 'config'
    | 'values'
    | 'root'
    | 'assets'
    | 'hashes'
    | 'base'
    | 'everywhere'
    | 'languages'
    | 'fallback'
    | 'page'
    | 'ownPolicy'
    | 'proxies'
  >;
};

/** A variable that follows a limit of the container, for programs that would count on the whole machine. */
export type LimitedVariable = {
  readonly name: string;
  /** `cpus`: how many there are, rounded up; `memory`: bytes, as `460MiB` */
  readonly of: 'cpus' | 'memory';
  /** the part of the memory that it may take; absent: all */
  readonly share?: number;
  readonly why: string;
  readonly from?: readonly Evidence[];
};

/**
 * How an application is built and run, as data: the stacks of its language give it, and `plan/` executes it. Folders are those of the image.
 */
export type Recipe = {
  /** what the image is and why, in a few words */
  readonly reason: Reason;
  /**
   * the stages before the sources: what builds, and the packages. The first is given a working folder and the packages of the distribution;
   * whatever needs the sources besides begins with the last one
   */
  readonly prepare: readonly RecipeStage[];
  /** what makes sources from sources, wherever those are copied: in development, tests and jobs */
  readonly generate: readonly RecipeStep[];
  /** several where there are several outputs; none: the sources run as they are */
  readonly build: readonly BuildStage[];
  /** stages that the production image copies from besides: packages without those of development */
  readonly pack: readonly RecipeStage[];
  readonly production: {
    readonly base: ProductionBase;
    /** the folder that relative paths of the application start from; absent: there is none of it in the image */
    readonly folder?: string;
    /** programs that the base lacks */
    readonly lacking: readonly Layer[];
    /** what was built, and what the running application reads */
    readonly contents: readonly Layer[];
    readonly env: Readonly<Record<string, string>>;
    /** absent: the base starts by itself */
    readonly start?: readonly string[];
    /** absent: what runs reads the limits of its container by itself */
    readonly limited?: readonly LimitedVariable[];
    /** variables that only the server of the app reads: jobs and further processes do not get them */
    readonly serverVariables?: readonly string[];
    /** variables that the start script sets for the app alone, where further processes have the same image; absent: none */
    readonly own?: Readonly<Record<string, string>>;
    /** further processes of the same image, each in a container of its own, which work until they are stopped */
    readonly processes?: readonly {
      readonly name: string;
      readonly argv: readonly string[];
      readonly env?: Readonly<Record<string, string>>;
      /** two of it would do everything twice */
      readonly single?: true;
      readonly reason: Reason;
    }[];
    /** what each build writes differently; absent: nothing is known of such */
    readonly varies?: Varies;
    /** what is usual in the language writes its log to stderr, which an engine collects alike; absent: to stdout */
    readonly logs?: { readonly to: 'stderr'; readonly why: string };
    /** what runs, where that is a server of the recipe's own */
    readonly server?: SiteServer;
    readonly probes: Probes;
  };
  readonly development: {
    /** it writes into the folder that is mounted, and runs as whoever that belongs to; absent: it reads it alone */
    readonly writesSource?: true;
    readonly reason: Reason;
    readonly note: string;
    readonly command: readonly string[];
    /** nothing watches the sources: an edit shows when somebody starts it again */
    readonly still?: true;
    readonly env: Readonly<Record<string, string>>;
    /** after the sources are there */
    readonly layers: readonly Layer[];
    /** who runs it, where that is not the user of the production image */
    readonly user?: { readonly uid: number; readonly gid: number };
    /** where the development server listens, if elsewhere */
    readonly port?: number;
    /** folders of the build context besides the application's own that an edit is to show from */
    readonly beside?: readonly string[];
    /** folders of the build context that are built before the application: an edit in them is another image */
    readonly rebuilt?: readonly string[];
    /** files and folders of the application that an edit is to show from, `.` for all; absent: its sources */
    readonly mounts?: readonly string[];
    /** folders of the image that the mounted project must not hide, such as its packages */
    readonly keep: readonly string[];
  };
  /** what the build copies from the context: files and folders of it */
  readonly needs: readonly string[];
  /** the only files and folders of the context that any stage copies from; absent: it may be all of it */
  readonly only?: { readonly folders: readonly string[]; readonly files: readonly string[] };
  /** what no context holds: packages that are installed on this machine, and what building makes again */
  readonly ignore: readonly string[];
  /** the build reads documents in the root, such as pages in Markdown, and those in these folders of the application; absent: it reads none */
  readonly readsDocuments?: readonly string[];
  /** taken where the configuration names none */
  readonly platforms: readonly string[];
  /** a program of the build that stops, whatever it is asked, where one of these variables is not set */
  readonly requiredVariables?: { readonly program: string; readonly variables: readonly string[] };
  /** a program that starts a job at the times of its schedule, and where the container has it */
  readonly scheduler?: {
    readonly file: string;
    readonly path: string;
    readonly argv: readonly string[];
    readonly print: (decision: string) => SourceText;
  };
};

/** What a recipe depends on besides the facts. */
export type RecipeOptions = {
  readonly shape: Workload['shape'];
  /** the kind of base that the configuration asks for */
  readonly runtimeBase: string | undefined;
  /** when the configuration says that the variables of a site get their values; absent: while it is built */
  readonly values?: 'build' | 'start' | undefined;
};

/** Offsets are UTF-16 units of the text that was read. */
export type TextEdit = { readonly start: number; readonly end: number; readonly text: string };

/** An edit of a source file, or the lines that its owner has to paste. */
export type OfferedEdit =
  | { readonly ok: true; readonly edits: readonly TextEdit[]; readonly why: string }
  | { readonly ok: false; readonly why: string; readonly lines: readonly string[] };

/** A setting that the owner may want, in a file of the repository: no edit of it is left where it is set. */
export type OfferedSetting = {
  readonly name: string;
  readonly file: string;
  readonly what: string;
  readonly offer: OfferedEdit;
  readonly from: readonly Evidence[];
};

/** What checks one thing inside the application: code of a health module, in the language of the application. */
export type CheckCode = {
  /** import statements that the check needs */
  readonly imports: readonly string[];
  /** statements at the top of the module; may be empty */
  readonly setup: string;
  readonly body: string;
};

/** A check of a health module, with the decision behind it. */
export type HealthCheck = CheckCode & {
  readonly name: string;
  readonly required: boolean;
  /** it asks what lies outside of the deployment: seldom, and by no question of whether the application can serve */
  readonly outside?: true;
  readonly decision: string;
};

/** The text of a source file, as plan.sources holds it. */
export type SourceText = Pick<SourceFile, 'comment' | 'body'>;

/** A module that answers /live, /ready and /health, and its place in the application. */
export type HealthModule = {
  readonly path: string;
  /** its text; `decision` is behind all that no check asks for */
  readonly print: (checks: readonly HealthCheck[], decision: string) => SourceText;
  /** the file that makes the server object, and the edit of its text; absent: the module answers by where it lies */
  readonly wired?: { readonly file: string; readonly wire: (text: string) => OfferedEdit };
  /** what it answers; absent: /live, /ready and /health */
  readonly paths?: { readonly live: string; readonly ready: string; readonly health: string };
};

/** A library as it is published: what its package lacks, and what to type. */
export type Publication = {
  readonly edits: readonly {
    readonly file: string;
    readonly text: string;
    readonly edits: readonly TextEdit[];
    readonly why: string;
  }[];
  readonly manual: readonly { readonly file: string; readonly why: string; readonly lines: readonly string[] }[];
  readonly steps: readonly string[];
};

/** An image that the author of the project builds, or runs as it is. */
export type ForeignImage = {
  /** the image at the bottom */
  readonly base: string;
  readonly entrypoint?: readonly string[];
  readonly command: { readonly argv: readonly string[]; readonly form: 'exec' | 'shell' };
};

/** What the runtime of the application can do in such an image, with nothing but what is there. */
export type ForeignRuntime = {
  readonly probes: Probes;
  /** the file that the command starts, as it names it */
  readonly file?: string;
  /** the same command, started again at each change of the sources; absent: it would need more than the runtime, or is not understood */
  readonly watch?: readonly string[];
  /** the runtime is started itself: no package manager, which keeps files of its own, stands around it */
  readonly isDirect: boolean;
  /** folders of installed packages, relative to the folder of the application */
  readonly packages: readonly string[];
};

/** A stage of an author's Dockerfile that has every dependency of the application, those for developing too. */
export type CompleteStage = {
  readonly stage: number;
  /** lines (1-based) of its instructions that another stage has to repeat to be as complete; absent: it can be made from this one */
  readonly repeats?: readonly number[];
};

/** The stacks of one application, as far as `plan/` asks them. */
export type ApplicationRecipes = {
  readonly recipe: (facts: Facts, options: RecipeOptions) => Recipe;
  /** `isTaken` says whether the project has a file of that path, from the folder of the app. undefined: nothing was found that routes could be added to */
  readonly health: (facts: Facts, isTaken?: (file: string) => boolean) => HealthModule | undefined;
  /** the check of an API outside of this deployment, at the address of a variable */
  readonly externalCheck: (variable: string, fallback: string | undefined) => CheckCode;
  /**
   * a command that answers every HTTP request on a port with 200 and an empty JSON object, in the image that builds: `verify` puts it in the place of
   * external APIs; absent: nothing stands in their place
   */
  readonly stubServer?: (port: number) => readonly string[];
  /** undefined: the image does not bring the runtime of the application, or nobody knows whether it does */
  readonly inImage?: (image: ForeignImage) => ForeignRuntime | undefined;
  /** stages that production is made from and that the application can be developed in, the best first; `production` is the index of a stage */
  readonly completeStages?: (dockerfile: string, production: number) => readonly CompleteStage[];
  /** the edit that makes a server in a file listen on every interface; `line` (1-based) is where its address was read */
  readonly bindAllInterfaces?: (file: string, text: string, line?: number) => OfferedEdit;
  /** changes of the app's settings that its owner may want; `read` gives the text of a file of the repository; absent: none */
  readonly offers?: (facts: Facts, read: (file: string) => string | undefined) => readonly OfferedSetting[];
  /** throws a UserError where there is no package that could be published; absent: this language knows none */
  readonly publication?: (facts: Facts, read: (file: string) => string | undefined) => Promise<Publication>;
};
