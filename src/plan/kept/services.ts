import { posix } from 'node:path';
import { memoryOf } from '../../catalog/service-memory.ts';
import type { ExistingService } from '../../model/existing.ts';
import type { KeptFiles, Plan, Service } from '../../model/plan.ts';
import type { BackingService, Part, ServiceCredentials } from '../../services/contract.ts';
import type { Decide } from '../decide.ts';
import { IN_ADDRESS } from '../service-values.ts';
import type { ChosenService } from '../services.ts';
import { type KeptSet, runsOnce } from './set.ts';
import { partsOf } from './values.ts';
import { variantWith } from './variants.ts';

/** A backing service that the author's compose files start. */
export type Adopted = ChosenService & {
  readonly kept: ExistingService;
  /** as it is where nobody has written its container */
  readonly usual: BackingService | undefined;
};

export type ServiceSplit = {
  /** what the code needs and the author's files have */
  readonly adopted: readonly Adopted[];
  /** what the code needs and no file has */
  readonly missing: readonly ChosenService[];
  /** what the code needs, and a variable that the author sets may lead to elsewhere */
  readonly elsewhere: readonly ChosenService[];
  /** what the code has a client of, and the application as the author starts it does without */
  readonly without: readonly { readonly unused: ChosenService; readonly why: string }[];
};

/**
 * Parts the services that the code needs by whether the author's files have them. Those inside the application are missing nowhere. A container may take
 * its account from a file of which `holdsAccount` says so.
 */
export function splitServices(
  chosen: readonly ChosenService[],
  { base, apps, docker }: KeptSet,
  holdsAccount: (path: string) => boolean = (path) => path === '.env',
  examples: ReadonlyMap<string, string> = new Map(),
): ServiceSplit {
  const services = base?.services ?? [];
  const leadsNowhere = (text: string | undefined) => {
    const host = hostIn(text);
    return host !== undefined && !services.some(({ name }) => name === host);
  };
  const adopted: Adopted[] = [];
  const missing: ChosenService[] = [];
  const elsewhere: ChosenService[] = [];
  const without: ServiceSplit['without'][number][] = [];
  for (const chosenService of chosen) {
    const there = services.find(({ runs, service }) => runs === 'backing' && service === chosenService.name);
    if (there) adopted.push(adopt(chosenService, there, new Set(Object.keys(base?.variables ?? {})), holdsAccount));
    // what only a developer has is none of the author's set
    else if (
      chosenService.service &&
      (chosenService.detection.only || apps.some(({ service }) => service && isGiven(service, chosenService)))
    )
      (chosenService.detection.only || chosenService.variables.every((name) => !leadsNowhere(examples.get(name)))
        ? elsewhere
        : missing
      ).push(called(chosenService, services, examples));
    else {
      const why = whyWithout(chosenService, apps, docker);
      if (why === undefined) missing.push(renamed(chosenService, services));
      else without.push({ unused: chosenService, why });
    }
  }
  return { adopted, missing, elsewhere, without };
}

/** Why the application does without a service in the author's set; undefined: nothing says so. What the specification or the configuration asks for is needed. */
function whyWithout(
  { name, isAsked, service, variables, detection: { title } }: ChosenService,
  apps: KeptSet['apps'],
  docker: KeptSet['docker'],
): string | undefined {
  if (!service || isAsked || !apps.some((app) => app.service)) return undefined;
  const variant = variantWith(docker, name);
  if (variant !== undefined) return `${variant} starts the application with ${title}, these files without it`;
  if (variables.length > 0) return undefined;
  return `no setting of the application would point to its own ${title}, and your compose file starts it without one`;
}

/** The host of an address that only the network of a deployment can know: a name without a dot, other than this machine's. */
function hostIn(text: string | undefined): string | undefined {
  const host = /^[a-z][a-z0-9+.-]*:\/\/(?:[^@/\s]*@)?([\w-]+)(?::\d+)?(?:[/?]|$)/i.exec(text ?? '')?.[1];
  return host === undefined || /^(localhost|\d+)$/i.test(host) ? undefined : host;
}

/** Under the name by which the author's example of settings reaches it, where no service has that yet. */
function called(
  chosenService: ChosenService,
  services: readonly ExistingService[],
  examples: ReadonlyMap<string, string>,
): ChosenService {
  const host = chosenService.variables.map((name) => hostIn(examples.get(name))).find((name) => name !== undefined);
  const isFree = host !== undefined && /^[a-z][a-z0-9-]*$/.test(host) && services.every(({ name }) => name !== host);
  return renamed(isFree ? { ...chosenService, host } : chosenService, services);
}

/** Whether a service of the author's gets the address of a backing service, or a file of settings that may hold it. */
const isGiven = ({ env, envFiles }: ExistingService, { variables }: ChosenService): boolean =>
  variables.some((name) => Object.hasOwn(env, name)) || (variables.length > 0 && envFiles.length > 0);

/** A name that no service of the author's has. */
function renamed(chosenService: ChosenService, services: readonly ExistingService[]): ChosenService {
  const taken = (name: string) => services.some((service) => service.name === name);
  if (!taken(chosenService.host)) return chosenService;
  return { ...chosenService, host: taken(chosenService.name) ? `${chosenService.name}-added` : chosenService.name };
}

/** The service under the author's name, reached with the author's account. */
function adopt(
  chosenService: ChosenService,
  there: ExistingService,
  taken: ReadonlySet<string>,
  holdsAccount: (path: string) => boolean,
): Adopted {
  const { service } = chosenService;
  const account = service && accountOf(service, there, holdsAccount);
  const connected: BackingService | undefined = service && {
    ...service,
    connection: (part, options) => {
      const own = account && withoutLiteral(account, chosenService, there, taken, part === 'url');
      return service.connection(part, { ...options, image: there.image?.value, ...(own ? { account: own } : {}) });
    },
  };
  return { ...chosenService, host: there.name, service: connected, usual: service, image: undefined, kept: there };
}

/**
 * The account with a variable in the place of a password that the author's compose file has as it is, or as the default of a variable: the files that
 * are added repeat none, and `.env` has its value. In an address its signs have to be escaped.
 */
function withoutLiteral(
  account: ServiceCredentials,
  { detection }: ChosenService,
  there: ExistingService,
  taken: ReadonlySet<string>,
  isAddress: boolean,
): ServiceCredentials {
  const [only, more] = account.password ?? [];
  if (only === undefined || more !== undefined) return account;
  // without a value the service gets an empty password, which its image refuses, or nobody has to know
  if (typeof only !== 'string' && only.default === undefined)
    return { ...account, password: [{ ...only, required: true, ...(only.secret ? { generate: 'password' } : {}) }] };
  const literal = typeof only === 'string' ? only : only.default;
  if (literal === undefined || literal === '' || (typeof only === 'string' && !isWritten(there, literal)))
    return account;
  const usual = detection.login?.password.variables.find((name) => Object.hasOwn(there.env, name)) ?? 'PASSWORD';
  const own = usual === 'PASSWORD' || taken.has(usual) ? `${asVariable(there.name)}_${usual}` : usual;
  const name = typeof only === 'string' ? own : only.variable;
  const value = isAddress ? encodeURIComponent(literal) : literal;
  const variable = value === literal ? name : `${name}${IN_ADDRESS}`;
  return { ...account, password: [{ variable, required: true, secret: true, value }] };
}

/** Whether an author's service says a text, and not its image. */
const isWritten = ({ env, command }: ExistingService, text: string): boolean =>
  Object.values(env).some(({ value }) => value === text) || (command?.argv ?? []).some((word) => word.includes(text));

const asVariable = (name: string): string =>
  name
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^(?=\d)/, '_');

function accountOf(
  service: BackingService,
  { env, command, envFiles, image }: ExistingService,
  holdsAccount: (path: string) => boolean,
): ServiceCredentials | undefined {
  const texts = service.account?.({
    env: Object.fromEntries(Object.entries(env).map(([name, { value }]) => [name, value])),
    command: command?.argv ?? [],
    hasSettings: envFiles.some(({ value }) => holdsAccount(posix.normalize(value))),
    ...(image ? { image: image.value } : {}),
  });
  if (!texts) return undefined;
  const parts = (text: string | undefined, secret: boolean): readonly Part[] | undefined =>
    text === undefined ? undefined : partsOf(text, secret);
  const [user, password, name] = [parts(texts.user, false), parts(texts.password, true), parts(texts.name, false)];
  return { ...(user ? { user } : {}), ...(password ? { password } : {}), ...(name ? { name } : {}) };
}

/** Whether a container of the author's works until it is stopped, so that it is to be started again: what is not known is left alone. */
export const runsOn = (service: ExistingService, all: readonly ExistingService[]): boolean =>
  !runsOnce(service, all) &&
  (service.ports.length > 0 || (service.runs === 'backing' && service.service !== undefined));

/** What production adds to any container of the author's: only keys that its files do not set. */
export function additionsTo(service: ExistingService, all: readonly ExistingService[]): string[] {
  const has = new Set(service.has);
  const rows: [key: string, isWanted: boolean][] = [
    // Compose refuses limits that repeat no `pids_limit` of the author's
    [
      'deploy.resources',
      !['deploy.resources', 'mem_limit', 'cpus', 'memory', 'pids_limit'].some((key) => has.has(key)),
    ],
    ['logging', !has.has('logging')],
    ['stop_grace_period', !has.has('stop_grace_period')],
    ['restart', !has.has('restart') && !has.has('deploy.restart_policy') && runsOn(service, all)],
  ];
  return rows.flatMap(([key, isWanted]) => (isWanted ? [key] : []));
}

/** The adopted services as the plan has them: nothing of them is printed but what production adds. */
export function keptServices(
  adopted: readonly Adopted[],
  { base }: Pick<KeptSet, 'base'>,
  app: string,
  decide: Decide,
): Plan['services'] {
  return Object.fromEntries(
    adopted.flatMap(({ kept, host, role, service, name, required, variables, detection }): [string, Service][] => {
      const container = service?.container({ app, host, role });
      if (!container) return [];
      const decision = decide(`services.${host}`, {
        choice: `${detection.title}, as in your compose file`,
        why: 'started by your compose file: name, version, account and data stay',
        from: kept.from,
      });
      return [
        [
          host,
          {
            kept: { has: [...kept.has], adds: additionsTo(kept, base?.services ?? []) },
            service: name,
            image: kept.image?.value ?? container.image,
            ...(role ? { role } : {}),
            required,
            env: {},
            port: container.port,
            check: container.check,
            memory: memoryOf(kept.image?.value),
            ...(variables[0] ? { url: variables[0] } : {}),
            decision,
          },
        ],
      ];
    }),
  );
}

/** The other services of the author's files, beside those that the plan has: what production adds to each, whatever it is. */
export function otherServices(
  { base, apps }: KeptSet,
  services: Plan['services'],
  decide: Decide,
): KeptFiles['services'] {
  const known = new Set([...apps.map(({ name }) => name), ...Object.keys(services)]);
  return Object.fromEntries(
    (base?.services ?? []).flatMap((service) => {
      const adds = additionsTo(service, base?.services ?? []);
      if (known.has(service.name)) return [];
      const decision = decide(`kept.services.${service.name}`, {
        choice: 'limits, log rotation, and time to stop',
        why: 'started by your compose file',
        from: service.from,
      });
      return [[service.name, { has: [...service.has], adds, memory: memoryOf(service.image?.value), decision }]];
    }),
  );
}
