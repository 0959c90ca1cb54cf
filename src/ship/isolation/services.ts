import type { ComposeMap } from '../../formats/compose/model.ts';
import { capAdd, capDrop } from './capabilities.ts';
import { at, isMap, isName, listOf, mapOf, note, refuse, type Scope, textOf, textsOf } from './context.ts';
import { hostPath, mounts, references, volumesFrom } from './mounts.ts';
import { applyTable, drop, judged, keys, omit, pass, refused, type Table } from './walk.ts';

const namesHost = 'it names something on this machine';
const windows = 'it only applies to Windows containers';
const device = 'it gives the container access to a device of this machine';

const among =
  (...values: readonly unknown[]) =>
  (value: unknown): boolean =>
    values.includes(value);

/** A namespace: its own, or that of a service of the same files. */
const namespace = (what: string, own: readonly string[]) => (value: unknown, scope: Scope) => {
  const text = textOf(value);
  if (text === '' || own.includes(text)) return text === '' ? undefined : text;
  const [, service] = /^service:(.+)$/.exec(text) ?? [];
  if (service !== undefined && Object.hasOwn(mapOf(scope.in.effective.model.services), service)) return text;
  return refuse(scope, `it joins the ${what} of ${text === 'host' ? 'this machine' : text}`) ? value : undefined;
};

function networkMode(value: unknown, scope: Scope): unknown {
  if (value === 'bridge' || value === 'default') {
    note(scope, 'replaced', 'a network of the run replaces the default bridge, which all containers share');
    return undefined;
  }
  return namespace('network', ['none'])(value, scope);
}

const attachment: Table = {
  aliases: pass,
  priority: pass,
  gw_priority: pass,
  interface_name: pass,
  use_service_name_alias: pass,
  ipv4_address: drop('the network of the run has its own addresses'),
  ipv6_address: drop('the network of the run has its own addresses'),
  link_local_ips: drop('the network of the run has its own addresses'),
  mac_address: drop(namesHost),
  driver_opts: drop('the network of the run has no options'),
};

function networks(value: unknown, scope: Scope): ComposeMap {
  const known = mapOf(scope.in.effective.model.networks);
  const names = Array.isArray(value) ? value.map((name): [string, unknown] => [textOf(name), null]) : undefined;
  const made = (names ?? Object.entries(mapOf(value))).flatMap(([name, entry]): [string, ComposeMap | null][] => {
    const here = at(scope, name);
    if (name !== 'default' && !(isName(name) && Object.hasOwn(known, name))) {
      note(here, 'dropped', `${name} is not a network of the compose files`);
      return [];
    }
    if (!isMap(entry)) return [[name, null]];
    return [[name, applyTable(entry, attachment, (key) => ({ ...here, key: `${here.key}.${key}`, owner: entry }))]];
  });
  return Object.fromEntries(made);
}

function links(value: unknown, scope: Scope): readonly string[] | undefined {
  const services = mapOf(scope.in.effective.model.services);
  const kept = textsOf(value).filter((link) => Object.hasOwn(services, link.split(':')[0] ?? ''));
  if (kept.length < listOf(value).length)
    note(scope, 'dropped', 'a link does not point to a service in the compose files');
  return kept.length > 0 ? kept : undefined;
}

const dependency: Table = { condition: pass, required: pass, restart: pass };

function dependsOn(value: unknown, scope: Scope): unknown {
  if (!isMap(value)) return textsOf(value);
  const made = Object.entries(value).map(([name, entry]): [string, unknown] => {
    const here = at(scope, name);
    const map = mapOf(entry);
    return [name, applyTable(map, dependency, (key) => ({ ...here, key: `${here.key}.${key}`, owner: map }))];
  });
  return Object.fromEntries(made);
}

/** A variable without a value would be taken from the shell. */
function environment(value: unknown, scope: Scope): ComposeMap {
  const pairs = isMap(value)
    ? Object.entries(value)
    : textsOf(value).map((text): [string, unknown] => {
        const cut = text.indexOf('=');
        return cut < 0 ? [text, null] : [text.slice(0, cut), text.slice(cut + 1)];
      });
  const unset = pairs.filter(([, item]) => item === null || item === undefined).map(([name]) => name);
  if (unset.length > 0) note(scope, 'dropped', `${unset.join(', ')} gets no value from this shell`);
  return Object.fromEntries(pairs.filter(([name, item]) => !unset.includes(name) && typeof item !== 'object'));
}

/** Env files are never read; one that lies outside of the project says that something of this machine is wanted. */
function envFile(value: unknown, scope: Scope): undefined {
  for (const [index, entry] of listOf(value).entries()) {
    const path = textOf(isMap(entry) ? entry['path'] : entry);
    const lead = scope.in.host.lead(path);
    if (!lead.inside) refuse(at(scope, index), `${hostPath(lead.absolute, lead.why)}; env files are not read`);
    else note(at(scope, index), 'dropped', `${path} is not read`);
  }
  return undefined;
}

/** Options that keep a container narrower, in the spellings of Docker. */
const isTight = (option: string): boolean => /^no-new-privileges([:=]true)?$/.test(option);

function securityOpt(value: unknown, scope: Scope): readonly string[] | undefined {
  const tight = textsOf(value).filter(isTight);
  const loose = textsOf(value).filter((option) => !isTight(option));
  if (loose.length > 0) note(scope, 'dropped', `Docker's own profiles are used instead of ${loose.join(', ')}`);
  return tight.length > 0 ? tight : undefined;
}

/** Kernel settings that exist once for each container. */
const isOwnSysctl = (name: string): boolean =>
  /^(net\.|fs\.mqueue\.|kernel\.(shm|msg|sem))/.test(name.replaceAll('/', '.'));

function sysctls(value: unknown, scope: Scope): ComposeMap | undefined {
  const pairs = isMap(value) ? Object.entries(value) : Object.entries(environment(value, scope));
  const own = pairs.filter(([name, item]) => isOwnSysctl(name) && typeof item !== 'object');
  const others = pairs.filter(([name]) => !isOwnSysctl(name)).map(([name]) => name);
  if (others.length > 0) note(scope, 'dropped', `${others.join(', ')} would affect this machine`);
  return own.length > 0 ? Object.fromEntries(own) : undefined;
}

/** Limits that cannot slow down what runs beside the container. */
const LIMITS = [
  'core',
  'cpu',
  'data',
  'fsize',
  'locks',
  'memlock',
  'msgqueue',
  'nofile',
  'nproc',
  'rss',
  'sigpending',
  'stack',
];

function ulimits(value: unknown, scope: Scope): ComposeMap | undefined {
  const kept = Object.entries(mapOf(value)).flatMap(([name, limit]): [string, unknown][] => {
    if (!LIMITS.includes(name)) {
      note(scope, 'dropped', `the limit ${name} would affect other programs`);
      return [];
    }
    if (!isMap(limit)) return [[name, limit]];
    return [[name, { soft: limit['soft'] ?? limit['hard'], hard: limit['hard'] ?? limit['soft'] }]];
  });
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

const DRIVERS = ['json-file', 'local', undefined, ''];
const LOG_OPTIONS = ['max-size', 'max-file', 'compress', 'mode', 'max-buffer-size'];

function logging(value: unknown, scope: Scope): ComposeMap | undefined {
  const { driver, options } = mapOf(value);
  if (!DRIVERS.includes(driver as string | undefined)) {
    note(scope, 'dropped', `the engine's own log driver is used instead of ${textOf(driver)}`);
    return undefined;
  }
  const kept = Object.entries(mapOf(options)).filter(([name]) => LOG_OPTIONS.includes(name));
  const others = Object.keys(mapOf(options)).filter((name) => !LOG_OPTIONS.includes(name));
  if (others.length > 0) note(scope, 'dropped', `the log options ${others.join(', ')} are not used`);
  // without a driver the options would go to whichever the engine has, which may be one that sends
  return { driver: driver || 'json-file', options: Object.fromEntries(kept) };
}

const hook: Table = {
  command: pass,
  working_dir: pass,
  environment: judged(environment),
  user: omit,
  privileged: omit,
};

function hooks(value: unknown, scope: Scope): readonly ComposeMap[] | undefined {
  const made = listOf(value).flatMap((entry, index): ComposeMap[] => {
    const here = at(scope, index);
    const map = mapOf(entry);
    const user = map['user'] ?? '';
    const same = user === '' || user === scope.owner['user'];
    if (!isMap(entry) || !same || (map['privileged'] ?? false) !== false) {
      note(here, 'dropped', 'a command with another user or more privileges is not run');
      return [];
    }
    return [applyTable(map, hook, (key) => ({ ...here, key: `${here.key}.${key}`, owner: map }))];
  });
  return made.length > 0 ? made : undefined;
}

const isCalm = (value: unknown): boolean => Number(textOf(value)) >= 0;

const steersOthers = 'other programs on this engine read it, such as a reverse proxy or an updater';

const resources: Table = {
  limits: keys({ cpus: pass, memory: pass, pids: pass }),
  reservations: keys({
    cpus: pass,
    memory: pass,
    generic_resources: drop('it only applies to Swarm'),
    devices: refused(device),
  }),
};

/** `deploy`: compose uses the resources and when to start again; the rest is for Swarm. `replicas` is set by verify. */
const deploy: Table = {
  mode: omit,
  endpoint_mode: omit,
  replicas: omit,
  labels: omit,
  placement: omit,
  rollback_config: omit,
  update_config: omit,
  resources: keys(resources),
  restart_policy: keys({ condition: pass, delay: pass, max_attempts: pass, window: pass }),
};

const healthcheck: Table = {
  disable: pass,
  test: pass,
  interval: pass,
  timeout: pass,
  retries: pass,
  start_period: pass,
  start_interval: pass,
};

/** Every key of a service of the Compose Specification, and what becomes of it. A test holds this table to the specification's schema. */
export const serviceTable: Table = {
  // how the process runs
  attach: pass,
  command: pass,
  entrypoint: pass,
  expose: pass,
  group_add: pass,
  image: pass,
  init: pass,
  platform: pass,
  read_only: pass,
  restart: pass,
  stdin_open: pass,
  stop_grace_period: pass,
  stop_signal: pass,
  tmpfs: pass,
  tty: pass,
  umask: pass,
  user: pass,
  working_dir: pass,
  environment: judged(environment),
  healthcheck: keys(healthcheck),
  depends_on: judged(dependsOn),
  pull_policy: drop('verify builds the image', (value) => value !== 'build'),
  pull_refresh_after: pass,

  // limits
  cpu_count: pass,
  cpu_percent: pass,
  cpu_period: pass,
  cpu_quota: pass,
  cpu_shares: pass,
  cpus: pass,
  cpuset: pass,
  mem_limit: pass,
  mem_reservation: pass,
  mem_swappiness: pass,
  memswap_limit: pass,
  pids_limit: pass,
  shm_size: pass,
  ulimits: judged(ulimits),
  deploy: keys(deploy),
  cpu_rt_period: drop('real-time scheduling would affect other programs'),
  cpu_rt_runtime: drop('real-time scheduling would affect other programs'),
  oom_kill_disable: drop('this machine would run out of memory instead'),
  oom_score_adj: drop('this machine would kill other programs first', isCalm),
  blkio_config: keys({
    weight: pass,
    weight_device: drop(namesHost),
    device_read_bps: drop(namesHost),
    device_read_iops: drop(namesHost),
    device_write_bps: drop(namesHost),
    device_write_iops: drop(namesHost),
  }),
  storage_opt: drop('few engines support it'),

  // rights
  cap_add: judged(capAdd),
  cap_drop: judged(capDrop),
  security_opt: judged(securityOpt),
  sysctls: judged(sysctls),
  privileged: refused('it gets full access to this machine'),
  use_api_socket: refused('it gets the socket of the container engine'),
  devices: refused(device),
  device_cgroup_rules: refused(device),
  gpus: refused(device),
  runtime: refused('another runtime may isolate less', among('runc')),
  isolation: refused(windows, among('default')),
  credential_spec: refused('it passes on an account of this machine'),
  provider: refused('Compose would run a program of this machine for it'),

  // namespaces and networks
  cgroup: judged(namespace('control groups', ['private'])),
  cgroup_parent: refused('it joins control groups of this machine'),
  ipc: judged(namespace('shared memory', ['private', 'shareable', 'none'])),
  pid: judged(namespace('processes', ['private'])),
  userns_mode: judged(namespace('user namespace', ['private'])),
  uts: judged(namespace('host name', ['private'])),
  network_mode: judged(networkMode),
  networks: judged(networks),
  links: judged(links),
  external_links: refused('it reaches containers of another project'),
  dns: drop('names are resolved by the engine'),
  dns_opt: drop('names are resolved by the engine'),
  dns_search: drop('names are resolved by the engine'),
  extra_hosts: drop('host names are not mapped to other addresses'),
  domainname: drop(namesHost),
  hostname: drop(namesHost),
  mac_address: drop(namesHost),
  container_name: drop(namesHost),
  // published by verify itself
  ports: omit,

  // files
  volumes: judged(mounts),
  volumes_from: judged(volumesFrom),
  secrets: judged(references('secrets')),
  configs: judged(references('configs')),
  env_file: judged(envFile),
  label_file: drop('it is not read'),
  labels: drop(steersOthers),
  annotations: drop('a container runtime reads it'),

  // commands beside the process
  post_start: judged(hooks),
  pre_stop: judged(hooks),
  pre_start: drop('it would start a separate container'),
  logging: judged(logging),
  models: drop('verify runs no language model'),

  // read by the parser, by development alone, or set by verify
  extends: drop('it is resolved before'),
  build: omit,
  develop: omit,
  profiles: omit,
  scale: omit,
};
