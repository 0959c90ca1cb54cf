import type { ComposeMap, ComposeModel, ComposeService, EffectiveCompose } from '../../formats/compose/model.ts';
import { schedulerName } from '../../model/applications.ts';
import type { IsolationNote } from '../../model/contract.ts';
import type { ExternalApi } from '../../model/facts.ts';
import type { Plan } from '../../model/plan.ts';
import { backingBuild } from './build.ts';
import {
  type BackingBuild,
  type Host,
  type IsolationContext,
  isName,
  listOf,
  mapOf,
  nameOf,
  note,
  type Scope,
  textOf,
  textsOf,
  type VolumeSeed,
} from './context.ts';
import { configsOf, judgeFile, judgeUnread, networksOf, secretsOf, volumesOf } from './definitions.ts';
import { serviceTable } from './services.ts';
import { applyTable } from './walk.ts';

export type { BackingBuild, Host, ResolvedPath as Lead, VolumeSeed as Seed } from './context.ts';

/** An image that was just built, and whether it has a health check itself. */
export type TestedImage = { readonly tag: string; readonly checks: boolean };

/** A container that answers in the place of an API outside. */
export type Stub = { readonly image: string; readonly argv: readonly string[]; readonly port: number };

export type IsolateOptions = {
  readonly plan: Plan;
  /** name of the run: of its compose project, and on the label of everything */
  readonly project: string;
  readonly labels: Readonly<Record<string, string>>;
  /** the images under test by their workloads; one that is missing runs what the compose files say */
  readonly images: Readonly<Record<string, TestedImage>>;
  readonly externals: readonly ExternalApi[];
  readonly stub: Stub | undefined;
  readonly host: Host;
  /** what is refused and passes for this run all the same, by its name, such as `web.volumes` */
  readonly allow: readonly string[];
};

export type Isolated = {
  /** holds what the allow-list lets through, and nothing that was refused; a `$` is a `$` */
  readonly model: ComposeModel;
  readonly overrides: readonly string[];
  /** every key that is not started as it is written; nothing may be started where one is refused */
  readonly isolation: readonly IsolationNote[];
  /** images of backing services, to be built before the start */
  readonly builds: readonly BackingBuild[];
  /** volumes to fill before the start */
  readonly seeds: readonly VolumeSeed[];
  /** name of the stub's service, where there is one */
  readonly stub?: string;
};

/**
 * The deployment of the compose files as a run of verify starts it, by an allow-list: names, ports, volumes and secrets of its own, nothing of
 * this machine, external APIs answered by a stub, checks that come sooner. Pure: what it asks of the outside comes in `host`.
 */
export function isolate(effective: EffectiveCompose, options: IsolateOptions): Isolated {
  const ground: IsolationContext = {
    effective,
    host: options.host,
    allow: options.allow,
    project: options.project,
    notes: [],
    seeds: [],
    builds: [],
    volumes: [],
  };
  const facts = new Set<string>([
    `runs as the compose project ${options.project}, with its own volumes and networks`,
    ...tagsOf(options).map((tag) => `runs ${tag}, which was just built`),
  ]);
  const { plan, labels } = options;
  const idle = idleServices(effective.model, plan);
  for (const [name, profiles] of idle)
    facts.add(`${name}: not started, because its profile is not active (${profiles})`);
  judgeUnread(ground);
  judgeFile(ground);
  const schedulers = Object.entries(plan.workloads).flatMap(([name, { scheduler }]) =>
    scheduler ? [schedulerName(name)] : [],
  );
  const services = Object.entries(effective.model.services ?? {})
    // it is the job itself, kept waiting for its time
    .filter(([name]) => named(name, ground) && !schedulers.includes(name) && !idle.has(name))
    .map(([name, service]): [string, ComposeMap] => {
      const make = Object.hasOwn(plan.workloads, name) ? appService : backing;
      return [name, make(name, mapOf(service), options, { ground, facts })];
    });
  const stub = stubService(effective.model, options);
  const secrets = secretsOf(ground);
  const configs = configsOf(ground);
  const model = {
    name: options.project,
    services: Object.fromEntries([...services, ...(stub ? [stub] : [])]),
    networks: networksOf(ground, labels),
    volumes: volumesOf(ground, labels),
    ...(Object.keys(secrets).length > 0 ? { secrets } : {}),
    ...(Object.keys(configs).length > 0 ? { configs } : {}),
  } as ComposeModel;
  return {
    model,
    overrides: [...facts, ...ground.notes.filter((note) => note.action !== 'refused').map(sentenceOf)],
    isolation: ground.notes,
    builds: ground.builds,
    seeds: ground.seeds,
    ...(stub ? { stub: stub[0] } : {}),
  };
}

const tagsOf = ({ images }: IsolateOptions): readonly string[] => [
  ...new Set(Object.values(images).map(({ tag }) => tag)),
];

/**
 * The services of an author's files that \`docker compose up\` would not start, with their profiles: those of the profiles of the workload that is proved
 * first are started, and so is what a service that is started waits for.
 */
export function idleServices({ services = {} }: ComposeModel, { kept, workloads }: Plan): ReadonlyMap<string, string> {
  if (!kept) return new Map();
  const profilesOf = (name: string) => textsOf(mapOf(services[name])['profiles']);
  const names = Object.keys(services);
  const isMissing = Object.keys(workloads).every((name) => profilesOf(name).length > 0);
  const chosen = new Set(isMissing ? profilesOf(Object.keys(workloads)[0] ?? '') : []);
  const started = new Set(
    names.filter((name) => profilesOf(name).length === 0 || profilesOf(name).some((profile) => chosen.has(profile))),
  );
  for (const name of started) for (const other of waitsFor(mapOf(services[name]))) started.add(other);
  return new Map(names.filter((name) => !started.has(name)).map((name) => [name, profilesOf(name).join(', ')]));
}

const waitsFor = ({ depends_on: waits }: ComposeMap): readonly string[] =>
  Array.isArray(waits) ? textsOf(waits) : Object.keys(mapOf(waits));

function named(name: string, ground: IsolationContext): boolean {
  const scope: Scope = { in: ground, key: `services.${name}`, path: ['services', name], owner: {} };
  if (!isName(name)) note(scope, 'dropped', 'it has a name that Compose does not accept');
  return isName(name);
}

/** A note as a sentence of the report. */
const sentenceOf = (note: IsolationNote): string =>
  `${nameOf(note)}: ${note.why}${note.action === 'allowed' ? ` (allowed by --allow ${nameOf(note)})` : ''}`;

/** What is gathered while services are made. */
type IsolationDraft = { readonly ground: IsolationContext; readonly facts: Set<string> };

const seconds = (count: number) => `${count}s`;

/** What every service has in common: what the allow-list lets through, once, with the labels of the run. */
function common(
  name: string,
  service: ComposeService,
  options: IsolateOptions,
  { ground, facts }: IsolationDraft,
): ComposeMap {
  const scope = (key: string): Scope => ({
    in: ground,
    service: name,
    key,
    path: ['services', name, key],
    owner: service,
  });
  const replicas = service['scale'] ?? mapOf(service.deploy)['replicas'];
  if (typeof replicas === 'number' && replicas > 1) facts.add(`${name}: one container instead of ${replicas}`);
  const passed = applyTable(service, serviceTable, scope);
  return {
    ...passed,
    ...(passed['deploy'] ? { deploy: { ...mapOf(passed['deploy']), replicas: 1 } } : {}),
    labels: options.labels,
  };
}

function sooner(check: ComposeMap): ComposeMap {
  // compose refuses start_interval without a start_period
  const start = check['start_period'] === undefined ? {} : { start_interval: seconds(1) };
  return { ...check, interval: seconds(1), ...start };
}

function backing(name: string, service: ComposeService, options: IsolateOptions, gathered: IsolationDraft): ComposeMap {
  const { ground, facts } = gathered;
  if (listOf(service.ports).length > 0) facts.add(`${name}: no port is published`);
  const made = common(name, service, options, gathered);
  const check = mapOf(made['healthcheck']);
  const built = service.build ? buildOf(name, service, ground) : undefined;
  if (built) ground.builds.push(built);
  return {
    ...made,
    ...(built ? { image: built.tag, pull_policy: 'never' } : {}),
    ...(check['test'] !== undefined && check['disable'] !== true
      ? { healthcheck: sooner({ start_period: PATIENCE, ...check }) }
      : {}),
  };
}

/** How long a backing service may fail its checks while it starts: checks every second would use up its retries in a few. */
const PATIENCE = '60s';

const buildOf = (name: string, service: ComposeService, ground: IsolationContext): BackingBuild | undefined =>
  backingBuild(mapOf(service.build), {
    in: ground,
    service: name,
    key: 'build',
    path: ['services', name, 'build'],
    owner: service,
  });

function appService(
  name: string,
  service: ComposeService,
  options: IsolateOptions,
  gathered: IsolationDraft,
): ComposeMap {
  const { facts, ground } = gathered;
  const workload = options.plan.workloads[name];
  const tested = Object.hasOwn(options.images, name) ? options.images[name] : undefined;
  const ports = listOf(service.ports).map(mapOf).flatMap(loopback);
  if (ports.length > 0) facts.add(`${name}: published on a free port of 127.0.0.1`);
  const made = common(name, service, options, gathered);
  const check = mapOf(made['healthcheck']);
  const checked = check['disable'] !== true && (tested?.checks === true || check['test'] !== undefined);
  // the author's file builds it from what the plan could not take over
  const built = !tested && service.build ? buildOf(name, service, ground) : undefined;
  if (built) ground.builds.push(built);
  const tag = tested?.tag ?? built?.tag;
  if (checked) facts.add(`${name}: health checked every second`);
  return {
    ...made,
    ...(tag === undefined ? {} : { image: tag, pull_policy: 'never' }),
    ...(ports.length > 0 ? { ports } : {}),
    ...(checked ? { healthcheck: sooner(check) } : {}),
    environment: { ...mapOf(made['environment']), ...stubbed(options, facts) },
    // kept open, so that what reads its standard input waits and can be stopped
    ...(workload?.shape === 'command' ? { stdin_open: true } : {}),
  };
}

/** A port that is published on a free port of this machine, for this machine alone. */
function loopback(port: ComposeMap): readonly ComposeMap[] {
  const target = Number(textOf(port['target']));
  const protocol = port['protocol'] ?? 'tcp';
  const good =
    Number.isInteger(target) && target > 0 && (protocol === 'tcp' || protocol === 'udp' || protocol === 'sctp');
  return good ? [{ target, protocol, host_ip: '127.0.0.1' }] : [];
}

const stubName = 'dockwright-stub';

/** The variables that hold the address of an API outside, pointed at the stub. */
function stubbed({ externals, stub }: IsolateOptions, facts: Set<string>): Record<string, string> {
  const values = externals.flatMap((api): [string, string][] => {
    if (!api.urlVariable) return [];
    if (!stub) {
      facts.add(`${api.urlVariable}: ${api.name} is unreachable`);
      return [[api.urlVariable, 'http://127.0.0.1:9']];
    }
    facts.add(`${api.urlVariable}: ${api.name} is replaced by a stub (200, an empty JSON object)`);
    return [[api.urlVariable, `http://${stubName}:${stub.port}`]];
  });
  return Object.fromEntries(values);
}

function stubService(model: ComposeModel, options: IsolateOptions): [string, ComposeMap] | undefined {
  const { stub, externals } = options;
  if (!stub || !externals.some((api) => api.urlVariable)) return undefined;
  const known = ['default', ...Object.keys(model.networks ?? {})];
  const networks = Object.keys(options.plan.workloads)
    .flatMap((name) => Object.keys(mapOf(mapOf(model.services?.[name])['networks'])))
    .filter((name) => known.includes(name));
  const [program = '', ...rest] = stub.argv;
  return [
    stubName,
    {
      image: stub.image,
      entrypoint: [program],
      command: rest,
      init: true,
      labels: options.labels,
      ...(networks.length > 0 ? { networks: Object.fromEntries(networks.map((name) => [name, null])) } : {}),
    },
  ];
}
