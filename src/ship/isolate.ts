import { posix } from 'node:path';
import {
  type ComposeModel,
  isOutside,
  type ComposeMap as Json,
  type ComposeService as Service,
} from '../formats/compose/index.ts';
import type { ExternalApi, Variable } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';

/** A container that answers in the place of an API outside. */
export type Stub = { readonly image: string; readonly argv: readonly string[]; readonly port: number };

export type IsolateOptions = {
  readonly plan: Plan;
  /** name of the run: of its compose project, and on the label of everything */
  readonly project: string;
  readonly labels: Readonly<Record<string, string>>;
  /** the image under test, which was just built */
  readonly image: string;
  /** images of workloads that run another target, by the target */
  readonly targets?: Readonly<Record<string, string>> | undefined;
  /** whether that image says a health check itself */
  readonly imageChecks: boolean;
  /** absolute path of the project */
  readonly root: string;
  readonly externals: readonly ExternalApi[];
  readonly stub: Stub | undefined;
  /** absolute path of a file with a throwaway value, for a secret that a file holds */
  readonly secretFile: (name: string) => string;
};

export type Isolated = {
  readonly model: ComposeModel;
  readonly overrides: readonly string[];
  /** name of the stub's service, where there is one */
  readonly stub?: string;
};

/** Keys that name things on this machine, or that only building and development use. */
const dropped = [
  'build',
  'container_name',
  'env_file',
  'develop',
  'hostname',
  'mac_address',
  'links',
  'external_links',
];

const without = (value: Json, keys: readonly string[]): Json =>
  Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));

/** A path of the model where compose finds it: it is started in a folder of ours. */
const absolute = (root: string, path: unknown): unknown =>
  typeof path === 'string' && !path.startsWith('~') ? posix.resolve(root, path) : path;

/**
 * The same deployment as the user's compose files say, made harmless: names, ports, volumes and secrets of its own, external APIs
 * answered by a stub, checks that come sooner. What differs from production is said in `overrides`.
 */
export function isolate(model: ComposeModel, options: IsolateOptions): Isolated {
  const said = new Set<string>([
    `runs as the compose project ${options.project}, with volumes and networks of its own`,
    `runs ${options.image}, which was just built`,
  ]);
  const apps = Object.keys(options.plan.workloads);
  const schedulers = Object.values(options.plan.workloads).some((one) => one.scheduler) ? ['schedule'] : [];
  const services = Object.entries(model.services ?? {})
    // it is the job itself, kept waiting for its time
    .filter(([name]) => !schedulers.includes(name))
    .map(([name, service]): [string, Json] => [
      name,
      apps.includes(name) ? appService(name, service, options, said) : backing(name, service, options, said),
    ]);
  const extra = volumesOf(services);
  const stub = stubService(model, options, said);
  const labelled = (one: Json | null | undefined, keep: readonly string[]): Json => ({
    ...Object.fromEntries(Object.entries(one ?? {}).filter(([key]) => keep.includes(key))),
    labels: options.labels,
  });
  const named = (record: Readonly<Record<string, Json | null>> | undefined, keep: readonly string[]) =>
    Object.fromEntries(Object.entries(record ?? {}).map(([name, one]) => [name, labelled(one, keep)]));
  return {
    model: {
      name: options.project,
      services: Object.fromEntries([...services, ...(stub ? [stub] : [])]) as Record<string, Service>,
      networks: named({ default: null, ...model.networks }, ['internal']),
      volumes: { ...named(model.volumes, []), ...named(extra, []) },
      ...(model.secrets ? { secrets: secretsOf(model.secrets, options, said) } : {}),
      ...(model.configs ? { configs: configsOf(model.configs, options.root) } : {}),
    },
    overrides: [...said],
    ...(stub ? { stub: stub[0] } : {}),
  };
}

const seconds = (count: number) => `${count}s`;

/** What every service has in common: nothing of its own on this machine. */
function common(name: string, service: Service, options: IsolateOptions, said: Set<string>): Json {
  if (service['env_file'] !== undefined) said.add(`${name}: env_file is not read`);
  const volumes = (service.volumes ?? []).map((volume, at) => storage(name, volume, at, options, said));
  const replicas = service['scale'] ?? service.deploy?.['replicas'];
  if (typeof replicas === 'number' && replicas > 1) said.add(`${name}: one container instead of ${replicas}`);
  return {
    ...without(service, [...dropped, 'ports', 'scale', 'profiles']),
    ...(volumes.length > 0 ? { volumes } : {}),
    ...(service.deploy ? { deploy: { ...service.deploy, replicas: 1 } } : {}),
    labels: { ...(service['labels'] as Json | undefined), ...options.labels },
  };
}

function storage(name: string, volume: Json, at: number, options: IsolateOptions, said: Set<string>): Json {
  if (volume['type'] !== 'bind') return volume;
  const { source } = volume;
  if (volume['read_only'] === true && typeof source === 'string' && !isOutside(source))
    return { ...volume, source: absolute(options.root, source) };
  said.add(`${name}: ${String(volume['target'])} is an empty volume instead of a folder of this machine`);
  return { type: 'volume', source: `${name}-bind-${at}`, target: volume['target'], volume: {} };
}

/** The volumes that stand in for folders of this machine. */
function volumesOf(services: readonly [string, Json][]): Readonly<Record<string, null>> {
  const sources = services.flatMap(([name, service]) =>
    ((service['volumes'] as readonly Json[] | undefined) ?? [])
      .map((volume) => String(volume['source'] ?? ''))
      .filter((source) => source.startsWith(`${name}-bind-`)),
  );
  return Object.fromEntries(sources.map((source) => [source, null]));
}

function sooner(check: Json): Json {
  // compose refuses start_interval where start_period is not said beside it
  const start = check['start_period'] === undefined ? {} : { start_interval: seconds(1) };
  return { ...check, interval: seconds(1), ...start };
}

function backing(name: string, service: Service, options: IsolateOptions, said: Set<string>): Json {
  if ((service.ports ?? []).length > 0) said.add(`${name}: no port is published`);
  const checked = service.healthcheck?.['test'] !== undefined && service.healthcheck['disable'] !== true;
  return {
    ...common(name, service, options, said),
    ...(service.build && !service['image'] ? { build: { ...service.build, labels: options.labels } } : {}),
    ...(checked && service.healthcheck ? { healthcheck: sooner(service.healthcheck) } : {}),
  };
}

function appService(name: string, service: Service, options: IsolateOptions, said: Set<string>): Json {
  const target = options.plan.workloads[name]?.target;
  const ports = (service.ports ?? []).map((port) => ({
    target: port['target'],
    protocol: port['protocol'] ?? 'tcp',
    host_ip: '127.0.0.1',
  }));
  if (ports.length > 0) said.add(`${name}: published on a free port of 127.0.0.1`);
  const disabled = service.healthcheck?.['disable'] === true;
  const checked =
    !disabled && ((options.imageChecks && target === undefined) || service.healthcheck?.['test'] !== undefined);
  if (checked) said.add(`${name}: its health is checked every second`);
  return {
    ...common(name, service, options, said),
    image: (target === undefined ? undefined : options.targets?.[target]) ?? options.image,
    pull_policy: 'never',
    ...(ports.length > 0 ? { ports } : {}),
    ...(checked ? { healthcheck: sooner(service.healthcheck ?? {}) } : {}),
    environment: { ...service.environment, ...stubbed(options, said) },
    // kept open, so that what reads its standard input waits and can be stopped
    ...(options.plan.workloads[name]?.shape === 'command' ? { stdin_open: true } : {}),
  };
}

const stubName = 'dockwright-stub';

/** The variables that hold the address of an API outside, pointed at the stub. */
function stubbed({ externals, stub }: IsolateOptions, said: Set<string>): Record<string, string> {
  const values = externals.flatMap((api): [string, string][] => {
    if (!api.urlVariable) return [];
    if (!stub) {
      said.add(`${api.urlVariable}: ${api.name} is unreachable`);
      return [[api.urlVariable, 'http://127.0.0.1:9']];
    }
    said.add(`${api.urlVariable}: ${api.name} is answered by a stub (200, an empty JSON object)`);
    return [[api.urlVariable, `http://${stubName}:${stub.port}`]];
  });
  return Object.fromEntries(values);
}

function stubService(model: ComposeModel, options: IsolateOptions, _said: Set<string>): [string, Json] | undefined {
  const { stub, externals } = options;
  if (!stub || !externals.some((api) => api.urlVariable)) return undefined;
  const apps = Object.keys(options.plan.workloads);
  const networks = apps.flatMap((name) => Object.keys(model.services?.[name]?.networks ?? {}));
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

const configsOf = (configs: Readonly<Record<string, Json | null>>, root: string): Readonly<Record<string, Json>> =>
  Object.fromEntries(
    Object.entries(configs).map(([name, config]) => [
      name,
      config?.['file'] === undefined ? { ...config } : { ...config, file: absolute(root, config['file']) },
    ]),
  );

function secretsOf(
  secrets: Readonly<Record<string, Json | null>>,
  options: IsolateOptions,
  said: Set<string>,
): Readonly<Record<string, Json>> {
  return Object.fromEntries(
    Object.keys(secrets).map((name) => {
      said.add(`secret ${name}: a throwaway value`);
      return [name, { file: options.secretFile(name) }];
    }),
  );
}

/** A throwaway value for each setting that needs one, by its variable. `random` makes hex digits. */
export function throwaway(
  plan: Plan,
  externals: readonly ExternalApi[],
  variables: readonly Variable[],
  random: () => string,
): { readonly values: Readonly<Record<string, string>>; readonly overrides: readonly string[] } {
  const made = Object.entries(plan.settings).flatMap(([name, setting]): [string, string][] => {
    if (externals.some((api) => api.urlVariable === name)) return [[name, 'http://127.0.0.1:9']];
    if (setting.secret || setting.generate) return [[name, random()]];
    if (!setting.required || setting.default !== undefined) return [];
    const read = variables.find((one) => one.name === name);
    return [[name, read?.values?.[0] ?? read?.example ?? `dockwright-${random().slice(0, 8)}`]];
  });
  const names = made.map(([name]) => name);
  return {
    values: Object.fromEntries(made),
    overrides: [
      ...(names.length > 0 ? [`throwaway values for ${names.join(', ')}`] : []),
      '.env is not read, nor are variables of this shell',
    ],
  };
}
