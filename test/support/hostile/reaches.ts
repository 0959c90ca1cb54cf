/**
 * What of a compose model reaches beyond its own containers. Written from the reference of the compose specification and of the engine,
 * and on purpose not from the allow-list of the product: a key that is let through by mistake shows here.
 */

type Json = Readonly<Record<string, unknown>>;

export type Around = {
  /** the folder of the run: the only one of the host that may be named */
  readonly temp: string;
  /** names and labels of the run */
  readonly run: string;
  /** values that must be nowhere */
  readonly canaries: readonly string[];
};

const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const mapOf = (value: unknown): Json => (isMap(value) ? value : {});
const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];

/** Keys whose presence is enough, unless the value is empty: they reach the host, another container or an address, or start a program. */
const forbidden: Readonly<Record<string, readonly string[]>> = {
  '': ['include', 'models', 'jobs', 'extends', 'version'],
  service: [
    'provider',
    'extends',
    'devices',
    'device_cgroup_rules',
    'gpus',
    'use_api_socket',
    'credential_spec',
    'cgroup_parent',
    'cap_add',
    'env_file',
    'label_file',
    'extra_hosts',
    'external_links',
    'dns',
    'container_name',
    'storage_opt',
    'annotations',
    'develop',
    'models',
    'mac_address',
    'oom_kill_disable',
    'cpu_rt_period',
    'cpu_rt_runtime',
  ],
  build: [
    'ssh',
    'entitlements',
    'privileged',
    'additional_contexts',
    'cache_to',
    'cache_from',
    'extra_hosts',
    'isolation',
    'network',
    'tags',
    'secrets',
  ],
  network: ['external', 'driver_opts', 'ipam'],
  volume: ['external', 'driver_opts'],
  secret: ['external', 'environment', 'driver', 'driver_opts', 'template_driver'],
  config: ['external', 'environment', 'template_driver'],
};

/** Keys that are harmless with these values only. */
const harmless: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  service: {
    privileged: /^false$/,
    network_mode: /^(none|bridge|service:.+)$/,
    pid: /^(private|service:.+)$/,
    ipc: /^(none|private|shareable|service:.+)$/,
    uts: /^(private|service:.+)$/,
    userns_mode: /^(private|service:.+)$/,
    cgroup: /^(private|service:.+)$/,
    runtime: /^runc$/,
    isolation: /^default$/,
  },
  network: { driver: /^bridge$/ },
  volume: { driver: /^local$/ },
};

const isEmpty = (value: unknown) =>
  value === undefined ||
  value === null ||
  value === '' ||
  value === false ||
  (Array.isArray(value) && value.length === 0) ||
  (isMap(value) && Object.keys(value).length === 0);

/** Every way out of a model; empty where there is none. */
export function reaches(model: unknown, around: Around): string[] {
  const top = mapOf(model);
  const services = mapOf(top['services']);
  return [
    ...refusedKeys('', '', top),
    ...(top['name'] === around.run ? [] : [`The project is called ${JSON.stringify(top['name'])}.`]),
    ...Object.entries(services).flatMap(([name, service]) => ofService(name, mapOf(service), services, around)),
    ...rooms(top, around),
    ...strings(withoutImages(top), []).flatMap((found) => ofString(found, around)),
  ];
}

function refusedKeys(kind: string, where: string, value: Json): string[] {
  const keys = (forbidden[kind] ?? []).filter((key) => !isEmpty(value[key]));
  const values = Object.entries(harmless[kind] ?? {}).filter(
    ([key, fine]) => !isEmpty(value[key]) && !fine.test(String(value[key])),
  );
  return [...keys, ...values.map(([key]) => key)].map((key) => `${where}${key} is ${JSON.stringify(value[key])}.`);
}

function rooms(top: Json, around: Around): string[] {
  const kinds: Readonly<Record<string, string>> = {
    networks: 'network',
    volumes: 'volume',
    secrets: 'secret',
    configs: 'config',
  };
  return Object.entries(kinds).flatMap(([room, kind]) =>
    Object.entries(mapOf(top[room])).flatMap(([name, value]) => {
      const inner = mapOf(value);
      const where = `${room}.${name}.`;
      const foreign = inner['name'] !== undefined && !String(inner['name']).startsWith(around.run);
      return [
        ...refusedKeys(kind, where, inner),
        ...(foreign ? [`${where}name is ${JSON.stringify(inner['name'])}.`] : []),
        ...(kind === 'network' || kind === 'volume' ? unlabelled(where, inner, around) : []),
      ];
    }),
  );
}

function unlabelled(where: string, value: Json, { run }: Around): string[] {
  const labels = mapOf(value['labels']);
  const project = Object.keys(labels).find((key) => key.startsWith('com.docker.compose.'));
  return [
    ...(labels['io.dockwright.run'] === run ? [] : [`${where}labels does not say whose it is.`]),
    ...(project ? [`${where}labels has ${project}.`] : []),
  ];
}

function ofService(name: string, service: Json, all: Json, around: Around): string[] {
  const where = `services.${name}.`;
  const others = ['network_mode', 'pid', 'ipc', 'uts', 'userns_mode', 'cgroup'].flatMap((key) => {
    const other = /^service:(.*)$/.exec(String(service[key] ?? ''))?.[1];
    return other !== undefined && !Object.hasOwn(all, other)
      ? [`${where}${key} names ${other}, which is not here.`]
      : [];
  });
  const isHere = (entry: unknown) => Object.hasOwn(all, String(entry).split(':')[0] ?? '');
  const borrowed = ['volumes_from', 'links'].flatMap((key) =>
    listOf(service[key]).flatMap((entry) => (isHere(entry) ? [] : [`${where}${key} is ${JSON.stringify(entry)}.`])),
  );
  const slowed = Object.keys(mapOf(service['blkio_config'])).filter((key) => key !== 'weight');
  const options = listOf(service['security_opt']).filter(
    (option) => !/^no-new-privileges([:=]true)?$/.test(String(option)),
  );
  const reserved = mapOf(mapOf(mapOf(service['deploy'])['resources'])['reservations']);
  return [
    ...refusedKeys('service', where, service),
    ...others,
    ...borrowed,
    ...slowed.map((key) => `${where}blkio_config has ${key}.`),
    ...options.map((option) => `${where}security_opt has ${JSON.stringify(option)}.`),
    ...(Number(service['oom_score_adj'] ?? 0) < 0 ? [`${where}oom_score_adj is negative.`] : []),
    ...['devices', 'generic_resources'].flatMap((key) =>
      isEmpty(reserved[key]) ? [] : [`${where}deploy reserves ${key}.`],
    ),
    ...unlabelled(where, service, around),
    ...mounts(where, service, all, around),
    ...hooks(where, service),
    ...published(where, service),
    ...logging(where, mapOf(service['logging'])),
    ...addressed(where, mapOf(service['networks'])),
    ...(service['build'] === undefined ? [] : ofBuild(`${where}build.`, service['build'], around)),
  ];
}

const below = (temp: string, path: unknown) =>
  typeof path === 'string' && path.startsWith(`${temp}/`) && !path.split('/').includes('..');

function mounts(where: string, service: Json, _all: Json, { temp }: Around): string[] {
  return listOf(service['volumes']).flatMap((entry, at) => {
    const here = `${where}volumes.${at}`;
    if (typeof entry === 'string') return [`${here} is in the short form: ${entry}.`];
    const mount = mapOf(entry);
    const source = mount['source'];
    const bind = mapOf(mount['bind']);
    const wrong = {
      bind: () => !below(temp, source),
      volume: () => typeof source === 'string' && /[/\\.~]/.test(source[0] ?? ''),
      tmpfs: () => !isEmpty(source),
      // the engine reads it as the name of an image
      image: () => false,
    }[String(mount['type'])];
    return [
      ...(wrong === undefined || wrong() ? [`${here} is ${JSON.stringify(mount)}.`] : []),
      ...(/shared|slave/.test(String(bind['propagation'] ?? ''))
        ? [`${here} has the propagation ${bind['propagation']}.`]
        : []),
    ];
  });
}

function hooks(where: string, service: Json): string[] {
  return ['pre_start', 'post_start', 'pre_stop'].flatMap((key) =>
    listOf(service[key]).flatMap((entry, at) => {
      const hook = mapOf(entry);
      const wrong = ['privileged', 'user', 'volumes', 'image', 'cap_add', 'network_mode', 'pid'].filter(
        (inner) => !isEmpty(hook[inner]),
      );
      return wrong.map((inner) => `${where}${key}.${at} has ${inner}.`);
    }),
  );
}

function published(where: string, service: Json): string[] {
  return listOf(service['ports']).flatMap((entry, at) => {
    const port = mapOf(entry);
    const fine =
      isMap(entry) && port['host_ip'] === '127.0.0.1' && isEmpty(port['published']) && port['mode'] !== 'host';
    return fine ? [] : [`${where}ports.${at} is ${JSON.stringify(entry)}.`];
  });
}

function logging(where: string, value: Json): string[] {
  const driver = String(value['driver'] ?? 'json-file');
  const odd = Object.keys(mapOf(value['options'])).filter((key) =>
    /address|url|endpoint|env|labels|path|region|group/.test(key),
  );
  return [
    ...(['json-file', 'local', 'none'].includes(driver) ? [] : [`${where}logging.driver is ${driver}.`]),
    ...odd.map((key) => `${where}logging.options has ${key}.`),
  ];
}

/** An address of its own in a network is one that another may have. */
function addressed(where: string, networks: Json): string[] {
  return Object.entries(networks).flatMap(([name, value]) =>
    ['ipv4_address', 'ipv6_address', 'link_local_ips', 'mac_address', 'driver_opts']
      .filter((key) => !isEmpty(mapOf(value)[key]))
      .map((key) => `${where}networks.${name} has ${key}.`),
  );
}

function ofBuild(where: string, value: unknown, { temp }: Around): string[] {
  const build = mapOf(value);
  const context = build['context'];
  const file = String(build['dockerfile'] ?? '');
  const args = isMap(build['args']) ? Object.keys(build['args']) : listOf(build['args']).map(String);
  return [
    ...refusedKeys('build', where, build),
    ...(below(temp, context) || context === temp ? [] : [`${where}context is ${JSON.stringify(context)}.`]),
    ...(file.split('/').includes('..') || (file.startsWith('/') && !below(temp, file)) || file.includes('://')
      ? [`${where}dockerfile is ${file}.`]
      : []),
    ...(/syntax\s*=/i.test(String(build['dockerfile_inline'] ?? ''))
      ? [`${where}dockerfile_inline names a frontend.`]
      : []),
    ...args.filter((name) => /^BUILDKIT_SYNTAX/.test(name)).map((name) => `${where}args has ${name}.`),
  ];
}

/** The source of a mounted image is the name of an image, whatever it looks like. */
const withoutImages = (top: unknown): unknown =>
  JSON.parse(JSON.stringify(top), (_, value: unknown) =>
    isMap(value) && value['type'] === 'image' ? { ...value, source: '' } : value,
  );

type Found = { readonly path: readonly string[]; readonly text: string };

const strings = (value: unknown, path: readonly string[]): Found[] =>
  typeof value === 'string'
    ? [{ path, text: value }]
    : typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, inner]) => strings(inner, [...path, key]))
      : [];

/** Keys whose texts are the app's own business, or name places inside of the container. */
const free =
  /^services\.[^.]+\.(environment|command|entrypoint|labels|working_dir|tmpfs|image|healthcheck|user|group_add|cap_drop|platform|pull_policy|pull_refresh_after|stop_signal|hostname|domainname|dns_opt|dns_search|expose|profiles|depends_on|sysctls|ulimits|(pre_start|post_start|pre_stop)\.\d+\.(command|environment|working_dir)|volumes\.\d+\.(target|(volume|image)\.subpath)|(secrets|configs)\.\d+\.(target|source|uid|gid)|networks\.[^.]+\.(aliases|interface_name|priority|gw_priority|use_service_name_alias)|build\.(args|target|labels|dockerfile_inline))\b|^(configs\.[^.]+\.content|(networks|volumes|secrets|configs)\.[^.]+\.labels)\b/;

/** Keys whose text the engine reads as a number, a size, a time or a word of its own: whatever else stands there starts nothing. */
const plain =
  /^services\.[^.]+\.(cpu\w*|mem\w*|shm_size|pids_limit|umask|restart|init|tty|attach|stdin_open|read_only|stop_grace_period|oom_score_adj|deploy\.resources\.(limits|reservations)|deploy\.restart_policy|blkio_config\.weight|logging\.options\.(max-size|max-file|max-buffer-size|compress|mode)|volumes\.\d+\.tmpfs|(secrets|configs)\.\d+\.mode)\b/;

/** Any other text that looks as a place of the host, a namespace or an address, under whichever key. */
function ofString({ path, text }: Found, { temp, canaries }: Around): string[] {
  const where = path.join('.');
  const leaks = canaries.filter((value) => text.includes(value)).map((value) => `${where} holds the canary ${value}.`);
  if (free.test(where) || plain.test(where)) return leaks;
  const isPath = /^([/~]|[A-Za-z]:\\|\\\\)/.test(text) && text !== temp && !below(temp, text);
  const wrong =
    isPath ||
    text.split(/[/\\]/).includes('..') ||
    /docker(\.sock|_engine)/.test(text) ||
    /^(host|container:.*|ns:.*|host-gateway)$/i.test(text) ||
    /[a-z+]:\/\/|^git@|^(?!127\.0\.0\.1$)\d+\.\d+\.\d+\.\d+(\/\d+)?$|unconfined/.test(text);
  return [...leaks, ...(wrong ? [`${where} is ${JSON.stringify(text)}.`] : [])];
}
