import { resolved, type Schema } from './schema.ts';

/** Where a value stands: keys from the top, `*` for the members of a list and for names that the file chooses. */
type Path = readonly string[];

export type Random = () => number;

const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;

/** Places of this machine, in every spelling: a `{outside}` is a folder beside the project. */
const paths = [
  '/',
  '/etc/shadow',
  '/var/run/docker.sock',
  '/run/docker.sock',
  '/var/run/../run/docker.sock',
  '//var//run//docker.sock',
  '/proc/1/root',
  '/dev/sda',
  '/etc/localtime/../shadow',
  '../outside',
  './../outside/secret.txt',
  './inner/../../outside',
  '~',
  '~/.ssh/id_rsa',
  '~root/x',
  './rootlink',
  './rootlink/etc',
  './inner/up',
  'secretlink',
  'C:\\Windows',
  '\\\\.\\pipe\\docker_engine',
  '${HOME}/.ssh',
  '$PWD/../outside',
  '{outside}/secret.txt',
  '.',
  './settings',
  '.git/config',
  '.env',
];
const names = [
  'victim',
  'victim_data',
  'app',
  'a',
  'b',
  'data',
  'default',
  'host',
  'none',
  'dockwright-stub',
  '__proto__',
  'constructor',
];
const addresses = [
  '192.0.2.1',
  '0.0.0.0',
  '::',
  '169.254.169.254',
  'host-gateway',
  'tcp://192.0.2.1:2375',
  'https://example.invalid/evil.git',
  'git@example.invalid:evil.git#main',
  'oci://example.invalid/evil:1',
  'unix:///var/run/docker.sock',
  'docker-image://evil',
  'oci-layout:///etc',
];
const namespaces = [
  'host',
  'container:victim',
  'container:0123456789ab',
  'service:app',
  'service:victim',
  'ns:/proc/1/ns/net',
  'HOST',
  'private',
  'shareable',
  'bridge',
  'none',
  'default',
];
const variables = [
  '${AWS_SECRET_ACCESS_KEY}',
  '$DB_SECRET',
  '${NOT_SET:-/etc/shadow}',
  '${NOT_SET-container}:victim',
  '$$HOME',
];
const everything = [
  ...paths,
  ...names,
  ...addresses,
  ...namespaces,
  ...variables,
  'ALL',
  'true',
  '1',
  '',
  'seccomp:unconfined',
];

const hostPath = (target: string) =>
  paths.flatMap((path) => [`${path}:${target}`, `${path}:${target}:ro`, `${path}:${target}:rshared`]);

/** Values for the texts of a key, by its name; each is what someone would try there. A key that is not here gets any of all. */
const pools: Readonly<Record<string, readonly string[]>> = {
  network_mode: [...namespaces, 'victim_default'],
  pid: namespaces,
  ipc: namespaces,
  uts: namespaces,
  userns_mode: [...namespaces, 'keep-id'],
  cgroup: ['host', 'private'],
  cgroup_parent: ['/', '/docker', '../..', 'system.slice'],
  runtime: ['runc', 'nvidia', '/usr/bin/evil', 'io.containerd.kata.v2'],
  isolation: ['hyperv', 'process', 'default'],
  volumes_from: ['container:victim', 'container:victim:rw', 'app', 'app:ro', 'b'],
  cap_add: ['ALL', 'CAP_SYS_ADMIN', 'sys_ptrace', 'NET_ADMIN'],
  cap_drop: ['ALL', 'NET_RAW'],
  security_opt: [
    'seccomp:unconfined',
    'apparmor=unconfined',
    'label:disable',
    'systempaths=unconfined',
    'no-new-privileges:false',
    'no-new-privileges:true',
    'seccomp=/etc/shadow',
    'writable-cgroups=true',
    'no-new-privileges',
  ],
  devices: ['/dev/sda', '/dev/kvm:/dev/x:rwm', 'vendor.com/class=name', './rootlink:/dev/x'],
  device_cgroup_rules: ['a *:* rwm', 'b 8:* rwm'],
  extra_hosts: ['engine:host-gateway', 'db=192.0.2.1', 'x:[::1]'],
  dns: ['192.0.2.53', '127.0.0.1'],
  links: ['app', 'b:alias', 'victim'],
  external_links: ['victim', 'victim:db'],
  sysctls: ['net.ipv4.ip_forward=1', 'kernel.core_pattern=|/tmp/evil'],
  tmpfs: ['/tmp', '/run:exec,mode=777', '/data:size=1g'],
  image: ['node:26-trixie-slim', 'redis:8-alpine', 'victim:prod', 'example.invalid/evil@sha256:00'],
  user: ['root', '0:0', '1000'],
  restart: ['always', 'no', 'on-failure:3'],
  profiles: ['dev', 'never'],
  pull_policy: ['always', 'never', 'build', 'missing', 'every_1d'],
  container_name: ['victim', 'victim-db'],
  condition: ['service_started', 'service_healthy', 'service_completed_successfully'],
  mode: ['ingress', 'host'],
  host_ip: ['0.0.0.0', '127.0.0.1', '192.0.2.1', '::'],
  published: ['80', '1-1024', '0'],
  protocol: ['tcp', 'udp'],
  driver: [
    'host',
    'macvlan',
    'ipvlan',
    'overlay',
    'local',
    'bridge',
    'null',
    'syslog',
    'gelf',
    'awslogs',
    'json-file',
    'nvidia',
    'vieux/sshfs',
  ],
  source: [...paths, 'data', 'shared', 'victim_data', 'key', 'plain'],
  propagation: ['rshared', 'shared', 'rprivate'],
  subpath: ['../..', '/etc', 'sub'],
  context: [...paths, ...addresses],
  dockerfile: [...paths, 'Dockerfile', 'https://example.invalid/Dockerfile'],
  dockerfile_inline: [
    '# syntax=example.invalid/evil:1\nFROM scratch',
    'FROM scratch\nCOPY --from=victim / /',
    '//syntax=example.invalid/evil\nFROM scratch',
  ],
  entitlements: ['security.insecure', 'network.host', 'device'],
  ssh: ['default', 'default=/var/run/evil.sock', 'key=~/.ssh/id_rsa'],
  cache_from: ['type=local,src=/etc', 'type=registry,ref=example.invalid/x'],
  cache_to: ['type=local,dest=/etc/evil', 'type=registry,ref=example.invalid/x'],
  additional_contexts: [
    'x=/',
    'y=https://example.invalid/evil.git',
    'z=../outside',
    'w=docker-image://victim',
    'v=service:app',
  ],
  tags: ['victim:prod', 'node:26-trixie-slim'],
  platforms: ['linux/amd64'],
  platform: ['linux/amd64'],
  args: ['BUILDKIT_SYNTAX=example.invalid/evil', 'AWS_SECRET_ACCESS_KEY', 'A=${DB_SECRET}', 'DOCKER_BUILDKIT=0'],
  environment: [
    'AWS_SECRET_ACCESS_KEY',
    'A=b',
    'B=${DB_SECRET}',
    'DOTENV_SECRET',
    'DOCKER_HOST=unix:///var/run/docker.sock',
  ],
  env_file: ['.env', '../outside/out.env', '/etc/environment', 'linked.env', 'more.env'],
  label_file: ['labels.txt', '../outside/secret.txt', '/etc/environment', 'secretlink'],
  labels: ['io.dockwright.run=victim', 'io.dockwright.owner=nobody/1', 'com.docker.compose.project=victim', 'a=b'],
  annotations: ['a=b', 'io.katacontainers.config.hypervisor.path=/evil'],
  content: ['plain', '${AWS_SECRET_ACCESS_KEY}'],
  file: [...paths, 'settings/plain.txt'],
  environmentOf: ['AWS_SECRET_ACCESS_KEY', 'DB_SECRET', 'HOME'],
  template_driver: ['golang', 'evil'],
  subnet: ['192.0.2.0/24', '172.17.0.0/16'],
  gateway: ['192.0.2.1'],
  ip_range: ['192.0.2.0/28'],
  ipv4_address: ['192.0.2.9'],
  ipv6_address: ['2001:db8::9'],
  link_local_ips: ['169.254.1.1'],
  device: ['/etc', '{outside}', ':/export', 'tmpfs'],
  o: ['bind', 'addr=192.0.2.1,rw', 'uid=0'],
  command: ['sleep 60', 'sh -c "cat /evil/*"'],
  entrypoint: ['node', '/evil/run'],
  test: ['CMD', 'NONE', 'curl 127.0.0.1'],
  action: ['rebuild', 'sync', 'restart', 'sync+exec'],
  format: ['raw'],
  interval: ['5s'],
  delay: ['5s'],
  monitor: ['5s'],
  window: ['5s'],
  failure_action: ['pause'],
  constraints: ['node.role==manager', 'node.labels.evil==1'],
  spread: ['node.labels.zone'],
  endpoint_mode: ['vip', 'dnsrr'],
  cpu_count: ['1'],
  cpu_percent: ['50'],
  cpuset: ['0'],
  weight: ['100'],
  size: ['1m'],
  umask: ['0022'],
  consistency: ['cached'],
  model: ['ai/evil'],
  name: ['x'],
  app_protocol: ['http'],
  expose: ['3000'],
  no_cache_filter: ['production'],
  include: ['src'],
  ignore: ['node_modules'],
  external: ['true'],
  hostname: ['victim'],
  domainname: ['victim.example'],
  uid: ['1000'],
  gid: ['1000'],
  hard: ['1024'],
  soft: ['1024'],
  memlock: ['-1'],
  timeout: ['3s'],
  start_period: ['1s'],
  start_interval: ['1s'],
  stop_grace_period: ['2s'],
  stop_signal: ['SIGTERM'],
  mem_limit: ['64m'],
  memory: ['64M'],
  shm_size: ['64m'],
  cpus: ['0.5'],
  cron: ['* * * * *'],
  type: ['/bin/evil', 'evil', 'awesomecloud'],
  use: ['all'],
};

/** Names that the file chooses itself, by what they are names of. */
const chosen: Readonly<Record<string, readonly string[]>> = {
  environment: ['A', 'AWS_SECRET_ACCESS_KEY', 'NODE_OPTIONS', 'LD_PRELOAD', '__proto__'],
  labels: ['a', 'io.dockwright.run', 'io.dockwright.owner', 'com.docker.compose.project'],
  driver_opts: [
    'type',
    'o',
    'device',
    'parent',
    'com.docker.network.bridge.name',
    'com.docker.network.bridge.host_binding_ipv4',
  ],
  options: ['syslog-address', 'gelf-address', 'max-size', 'tag', 'fluentd-address'],
  sysctls: ['net.core.somaxconn', 'kernel.msgmax'],
  ulimits: ['nofile', 'memlock'],
  extra_hosts: ['engine', 'db'],
  additional_contexts: ['x', 'y'],
  args: ['BUILDKIT_SYNTAX', 'A', 'HTTP_PROXY'],
  networks: ['default', 'shared', 'called'],
  depends_on: ['app', 'b'],
  models: ['m'],
  storage_opt: ['size'],
};

/** Values of a text by where it stands. */
function textAt(path: Path, random: Random, target: string): string {
  const key = path.findLast((part) => part !== '*') ?? '';
  const top = path[0] ?? '';
  if (random() < 0.03) return pick(random, everything);
  if (key === 'volumes' && path.length === 3)
    return pick(random, [
      ...hostPath(target),
      'data:/data',
      'shared:/data',
      'victim_data:/data',
      '/anonymous',
      './settings:/s:ro',
      'npipe',
    ]);
  if (key === 'environment' && (top === 'secrets' || top === 'configs'))
    return pick(random, pools['environmentOf'] ?? []);
  if (key === 'name' && ['networks', 'volumes', 'secrets', 'configs'].includes(top))
    return pick(random, ['victim_data', 'victim_default', 'x']);
  if (key === 'configs' || key === 'secrets') return pick(random, ['key', 'plain']);
  if (key === 'source' && (path.includes('configs') || path.includes('secrets'))) return pick(random, ['key', 'plain']);
  if (key === 'mode' && !path.includes('ports')) return '0444';
  if (key === 'models') return 'm';
  if (key === 'service') return pick(random, ['app', 'b']);
  if (key === 'networks') return pick(random, ['default', 'shared', 'called']);
  if (key === 'depends_on') return pick(random, ['app', 'b']);
  if (key === 'target') return path.includes('build') ? 'production' : target;
  if (key === 'working_dir') return '/app';
  return pick(random, pools[key] ?? everything);
}

type Maker = { readonly root: Schema; readonly random: Random; readonly seen: Set<string>; count: number };

const flat = (path: Path) => path.filter((part) => part !== '*').join('.');

/**
 * A value that the schema takes at a place, filled with what someone would try there. `must` is a key that has to be in it, `depth`
 * keeps it small.
 */
function makeValue(maker: Maker, given: Schema, path: Path, must: Path, depth = 0): unknown {
  const { root, random } = maker;
  const schema = resolved(root, given);
  const options = schema.oneOf ?? (schema.properties ? undefined : schema.anyOf);
  if (options) {
    const fitting = options.filter((option) => must.length === 0 || leadsTo(root, option, must));
    return makeValue(maker, pick(random, fitting.length > 0 ? fitting : options), path, must, depth);
  }
  if (schema.enum && random() < 0.9) return pick(random, schema.enum);
  const types = [schema.type ?? 'string'].flat();
  const wanted =
    must.length > 0
      ? types.filter((type) => type === 'object' || type === 'array')
      : types.filter((type) => type !== 'null');
  const key = path.findLast((part) => part !== '*') ?? '';
  const number = wanted.find((one) => one === 'integer' || one === 'number' || one === 'boolean');
  // a word where a number belongs makes the whole file invalid: seldom, so that the rest of it is looked at
  const type = number && !pools[key] && random() < 0.9 ? number : pick(random, wanted.length > 0 ? wanted : types);
  if (type === 'object') return objectOf(maker, schema, path, must, depth);
  if (type === 'array') {
    const length = must.length > 0 ? 1 : 1 + Math.floor(random() * 2);
    const items = Array.from({ length }, () => makeValue(maker, schema.items ?? {}, [...path, '*'], must, depth + 1));
    // the specification wants most lists without doubles
    return items.filter(
      (item, at) => items.findIndex((other) => JSON.stringify(other) === JSON.stringify(item)) === at,
    );
  }
  if (type === 'boolean') return random() < 0.85;
  if (type === 'integer' || type === 'number') return random() < 0.03 ? -1 : pick(random, [1, 2, 80, 3000, 65_535]);
  if (type === 'null') return null;
  maker.count++;
  return textAt(path, random, `/t${maker.count}`);
}

/** A reference without a source makes the whole file invalid. */
const isSource = (path: Path, key: string) =>
  key === 'source' && (path.includes('configs') || path.includes('secrets'));

function objectOf(maker: Maker, schema: Schema, path: Path, must: Path, depth: number): Record<string, unknown> {
  const { random, seen } = maker;
  const made: Record<string, unknown> = {};
  const own = Object.entries(schema.properties ?? {});
  const [first, ...rest] = must;
  const chance = depth === 0 ? 0.04 : depth === 1 ? 0.3 : 0.5;
  for (const [key, inner] of own) {
    const isMust = key === first;
    if (!isMust && !schema.required?.includes(key) && !isSource(path, key) && random() > chance) continue;
    const here = [...path, key];
    seen.add(flat(here));
    made[key] = makeValue(maker, inner, here, isMust ? rest : [], depth + 1);
  }
  const free = Object.entries(schema.patternProperties ?? {}).find(([pattern]) => pattern !== '^x-')?.[1];
  // what stands behind a name that the file chooses itself, such as a network of a service
  const behind = first !== undefined && free !== undefined && !own.some(([key]) => key === first);
  const inner = behind && leadsTo(maker.root, free, must) ? must : [];
  if (free && (own.length === 0 || inner.length > 0 || random() < 0.2)) {
    const key = path.findLast((part) => part !== '*') ?? '';
    const name = pick(random, chosen[key] ?? names);
    Object.defineProperty(made, name, {
      value: makeValue(maker, free, [...path, '*'], inner, depth + 1),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  if (schema.patternProperties?.['^x-'] && random() < 0.03) made['x-evil'] = pick(random, everything);
  return made;
}

/** Whether a key can be reached inside of a schema. */
function leadsTo(root: Schema, given: Schema, must: Path): boolean {
  const schema = resolved(root, given);
  const [first = '', ...rest] = must;
  if (schema.properties && Object.hasOwn(schema.properties, first))
    return rest.length === 0 || leadsTo(root, schema.properties[first] ?? {}, rest);
  const free = Object.entries(schema.patternProperties ?? {}).flatMap(([pattern, inner]) =>
    pattern === '^x-' ? [] : [inner],
  );
  return [...(schema.oneOf ?? []), ...(schema.items ? [schema.items] : []), ...free].some((inner) =>
    leadsTo(root, inner, must),
  );
}

/** The parts of a compose file that hold keys of the specification, and how they are called in the schema. */
export const rooms: Readonly<Record<string, string>> = {
  services: 'service',
  networks: 'network',
  volumes: 'volume',
  secrets: 'secret',
  configs: 'config',
  models: 'model',
  jobs: 'job',
};

/** Every key of the specification, from its room: `services.build.context`. */
export function keysOf(root: Schema): readonly string[] {
  const found = new Set<string>();
  const visit = (given: Schema, path: Path, depth: number): void => {
    const schema = resolved(root, given);
    if (depth > 6) return;
    for (const [key, inner] of Object.entries(schema.properties ?? {})) {
      // the containers of a hook have the keys of a service again
      if (found.has([...path, key].join('.'))) continue;
      found.add([...path, key].join('.'));
      if (key !== 'pre_start') visit(inner, [...path, key], depth + 1);
    }
    for (const inner of [...(schema.oneOf ?? []), ...(schema.items ? [schema.items] : [])])
      visit(inner, path, depth + 1);
    for (const [pattern, inner] of Object.entries(schema.patternProperties ?? {})) {
      if (pattern !== '^x-') visit(inner, path, depth + 1);
    }
  };
  for (const [room, name] of Object.entries(rooms)) {
    const schema = root.$defs?.[name] ?? {};
    // a job has the keys of a service, but for its own
    visit(room === 'jobs' ? { properties: schema.properties ?? {} } : schema, [room], 0);
  }
  return [...found].sort();
}

/** Keys that reach the furthest: they come again and again, with all that can stand there. */
export const sharp: readonly string[] = [
  ...[
    'privileged',
    'network_mode',
    'pid',
    'ipc',
    'uts',
    'userns_mode',
    'cgroup',
    'volumes_from',
    'volumes',
    'volumes.source',
  ],
  ...[
    'volumes.bind.propagation',
    'devices',
    'cap_add',
    'security_opt',
    'configs',
    'secrets',
    'env_file',
    'env_file.path',
  ],
  ...[
    'build',
    'build.context',
    'build.additional_contexts',
    'build.ssh',
    'build.dockerfile',
    'build.dockerfile_inline',
  ],
  ...[
    'provider.type',
    'use_api_socket',
    'extends.file',
    'logging.driver',
    'extra_hosts',
    'label_file',
    'post_start.privileged',
  ],
  ...[
    'pre_start',
    'gpus',
    'runtime',
    'container_name',
    'ports',
    'ports.host_ip',
    'networks',
    'labels',
    'tmpfs',
    'image',
  ],
]
  .map((key) => `services.${key}`)
  .concat([
    'networks.driver',
    'networks.external',
    'volumes.driver_opts',
    'volumes.external',
    'secrets.file',
    'secrets.environment',
  ])
  .concat([
    'configs.file',
    'configs.environment',
    'configs.content',
    'networks.name',
    'volumes.name',
    'networks.ipam.config',
  ]);

type Part = Readonly<Record<string, unknown>>;

/** A hostile entry of a room of a compose file, such as the service `evil`. */
export type HostilePart = { readonly room: string; readonly name: string; readonly value: Part };

/** What is there in each model, so that what the hostile values name exists. */
const sound: Readonly<Record<string, Readonly<Record<string, Part>>>> = {
  services: {
    app: { image: 'app:local', ports: ['3000:3000'] },
    b: { image: 'redis:8-alpine' },
  },
  networks: { shared: { external: true, name: 'victim_default' }, called: { name: 'victim_default' } },
  volumes: { data: {}, shared: { external: true, name: 'victim_data' }, victim_data: {} },
  secrets: { key: { file: './settings/plain.txt' }, plain: { file: './settings/plain.txt' } },
  configs: { key: { content: 'x' }, plain: { content: 'x' } },
  models: { m: { model: 'ai/evil' } },
};

/**
 * A hostile entry of a compose file: in it is the key `must` (`services.build.context`), beside a few others by chance. `seen` gathers
 * the keys that were used.
 */
export function hostilePart(root: Schema, must: string, random: Random, seen: Set<string>): HostilePart {
  const [room = '', ...keys] = must.split('.');
  const schema = root.$defs?.[rooms[room] ?? ''] ?? {};
  const isContainer = room === 'services' || room === 'jobs';
  const name = pick(
    random,
    isContainer ? ['evil', 'evil', 'evil', 'app', 'b'] : ['evil', 'data', 'key', 'shared', 'default'],
  );
  const maker: Maker = { root, random, seen, count: 0 };
  const made = makeValue(maker, { ...resolved(root, schema), type: 'object' }, [room], keys) as Part;
  const base = sound[room]?.[name] ?? (isContainer ? { image: 'redis:8-alpine' } : {});
  return { room, name, value: { ...base, ...made } };
}

/** The files of a project by their paths, the compose files among them in the order in which they are merged. */
export type ComposeFiles = { readonly files: readonly string[]; readonly texts: Readonly<Record<string, string>> };

const main = 'docker-compose.yml';

/** JSON is YAML: the same part in each place where a compose file may have it. */
const forms: Readonly<Record<string, (part: HostilePart) => ComposeFiles>> = {
  'in the file': ({ room, name, value }) => ({
    files: [main],
    texts: { [main]: JSON.stringify({ ...sound, [room]: { ...sound[room], [name]: value } }) },
  }),
  'in a second file': ({ room, name, value }) => ({
    files: [main, 'docker-compose.prod.yml'],
    texts: {
      [main]: JSON.stringify({ ...sound, ...(room === 'services' ? {} : { [room]: {} }) }),
      'docker-compose.prod.yml': JSON.stringify({ [room]: { [name]: value } }),
    },
  }),
  'by a merge key': ({ room, name, value }) => {
    const rest = Object.fromEntries(Object.entries(sound).filter(([key]) => key !== room));
    const others = Object.entries(sound[room] ?? {}).filter(([key]) => key !== name);
    const lines = others.map(([key, other]) => `  ${JSON.stringify(key)}: ${JSON.stringify(other)}`);
    const tops = Object.entries(rest).map(([key, other]) => `${key}: ${JSON.stringify(other)}`);
    const merged = [
      `x-part: &part ${JSON.stringify(value)}`,
      ...tops,
      `${room}:`,
      ...lines,
      `  ${name}:`,
      '    <<: [*part]',
    ];
    return { files: [main], texts: { [main]: `${merged.join('\n')}\n` } };
  },
  'by extends': ({ room, name, value }) =>
    room === 'services'
      ? {
          files: [main],
          texts: {
            [main]: JSON.stringify({
              ...sound,
              services: { ...sound['services'], [name]: { extends: { file: 'parts/base.yml', service: 'base' } } },
            }),
            'parts/base.yml': JSON.stringify({ services: { base: value } }),
          },
        }
      : inTheFile({ room, name, value }),
  'by include': ({ room, name, value }) =>
    sound[room]?.[name]
      ? inTheFile({ room, name, value })
      : {
          files: [main],
          texts: {
            [main]: JSON.stringify({ ...sound, include: ['parts/more.yml'] }),
            'parts/more.yml': JSON.stringify({ [room]: { [name]: value } }),
          },
        },
};

const inTheFile = (part: HostilePart): ComposeFiles => {
  const form = forms['in the file'];
  if (!form) throw new Error('There is no such form.');
  return form(part);
};

/** Compose files that have the part, in a form that is chosen by chance. */
export function filesWith(part: HostilePart, random: Random): ComposeFiles & { readonly form: string } {
  const [name, make] = pick(random, Object.entries(forms));
  return { form: name, ...make(part) };
}
