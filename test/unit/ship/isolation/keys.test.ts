import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ComposeMap, ComposeModel } from '../../../../src/formats/compose/model.ts';
import { buildTable } from '../../../../src/ship/isolation/build.ts';
import { fileTable } from '../../../../src/ship/isolation/definitions.ts';
import { serviceTable } from '../../../../src/ship/isolation/services.ts';
import { isolated } from './support.ts';

type Action = 'replaced' | 'dropped' | 'refused';
/** A key of a service, a value of it, what becomes of it, and what goes in (nothing where it is not given). */
type Row = readonly [key: string, value: unknown, action: Action | undefined, made?: unknown];

const same = Symbol('same');
const bind = (source: string, more: ComposeMap = {}) => [{ type: 'bind', source, target: '/x', ...more }];
const device = [{ source: '/dev/sda', target: '/dev/sda', permissions: 'rwm' }];
const copyOf = (path: string) => [
  { type: 'bind', source: `/tmp/run/copies/${path}`, target: '/x', bind: { create_host_path: false } },
];
const standIn = [{ type: 'volume', source: 'bind-1', target: '/x', volume: {} }];

const rows: readonly Row[] = [
  // what a service needs to run, as it is
  ...[
    ['attach', false],
    ['command', ['sh', '-c', 'echo $HOME']],
    ['entrypoint', ['/start']],
    ['expose', ['80']],
    ['group_add', ['mail']],
    ['image', 'redis:8'],
    ['init', true],
    ['platform', 'linux/amd64'],
    ['read_only', true],
    ['restart', 'always'],
    ['stdin_open', true],
    ['stop_grace_period', '10s'],
    ['stop_signal', 'SIGINT'],
    ['tmpfs', ['/tmp']],
    ['tty', true],
    ['umask', '0027'],
    ['user', '1000:1000'],
    ['working_dir', '/app'],
    ['environment', { A: 'b', N: 1, B: true }],
    ['healthcheck', { disable: true }],
    ['depends_on', { db: { condition: 'service_started', required: true } }],
    ['pull_policy', 'missing'],
    ['pull_refresh_after', '24h'],
    ['cpu_count', 1],
    ['cpu_percent', 50],
    ['cpu_period', 1],
    ['cpu_quota', 1],
    ['cpu_shares', 1],
    ['cpus', 0.5],
    ['cpuset', '0'],
    ['mem_limit', '1000'],
    ['mem_reservation', '1000'],
    ['mem_swappiness', 10],
    ['memswap_limit', '1000'],
    ['pids_limit', 100],
    ['shm_size', '1000'],
    ['ulimits', { nofile: 1000, nproc: { soft: 1, hard: 2 } }],
    ['cap_drop', ['NET_RAW']],
    ['security_opt', ['no-new-privileges:true']],
    ['sysctls', { 'net.core.somaxconn': '10', 'kernel.shmmax': '1' }],
    ['runtime', 'runc'],
    ['isolation', 'default'],
    ['cgroup', 'private'],
    ['ipc', 'service:db'],
    ['ipc', 'shareable'],
    ['pid', 'service:db'],
    ['network_mode', 'none'],
    ['network_mode', 'service:db'],
    ['networks', { default: { aliases: ['other'] } }],
    ['links', ['db:database']],
    ['volumes_from', ['db:ro']],
    ['volumes', [{ type: 'tmpfs', target: '/t', tmpfs: { size: '1' } }]],
    ['volumes', [{ type: 'volume', target: '/anonymous' }]],
    ['volumes', [{ type: 'image', source: 'busybox', target: '/i' }]],
    ['oom_score_adj', 500],
    ['blkio_config', { weight: 10 }],
    ['post_start', [{ command: ['echo', 'ready'] }]],
    ['pre_stop', [{ command: ['flush'], working_dir: '/app' }]],
    ['logging', { driver: 'local', options: { 'max-size': '1m' } }],
  ].map(([key, value]): Row => [String(key), value, undefined, same]),

  // handed to nobody
  ['privileged', true, 'refused'],
  ['privileged', 'yes', 'refused'],
  ['privileged', false, undefined],
  ['use_api_socket', true, 'refused'],
  ['devices', device, 'refused'],
  ['devices', [], undefined],
  ['device_cgroup_rules', ['c 1:3 mr'], 'refused'],
  ['gpus', [{ count: -1 }], 'refused'],
  ['gpus', 'all', 'refused'],
  ['deploy', { resources: { reservations: { devices: [{ capabilities: ['gpu'] }] } } }, 'refused', undefined],
  ['runtime', 'sysbox-runc', 'refused'],
  ['isolation', 'hyperv', 'refused'],
  ['credential_spec', { file: 'spec.json' }, 'refused'],
  ['provider', { type: '/tmp/evil.sh' }, 'refused'],
  ['cgroup', 'host', 'refused'],
  ['cgroup_parent', '/system.slice', 'refused'],
  ['ipc', 'host', 'refused'],
  ['ipc', 'container:victim', 'refused'],
  ['ipc', 'service:victim', 'refused'],
  ['pid', 'host', 'refused'],
  ['pid', 'container:victim', 'refused'],
  ['userns_mode', 'host', 'refused'],
  ['uts', 'host', 'refused'],
  ['network_mode', 'host', 'refused'],
  ['network_mode', 'container:victim', 'refused'],
  ['network_mode', 'victim_default', 'refused'],
  ['external_links', ['victim:db'], 'refused'],
  ['volumes_from', ['container:victim'], 'refused'],
  ['volumes_from', ['victim:ro'], 'refused'],
  ['volumes', bind('/'), 'refused'],
  ['volumes', bind('/var/run/docker.sock'), 'refused'],
  ['volumes', bind('/run/podman/podman.sock'), 'refused'],
  ['volumes', bind('../outside'), 'refused'],
  ['volumes', bind('~/.ssh'), 'refused'],
  ['volumes', bind('rootlink', { read_only: true }), 'refused'],
  ['volumes', bind('config-link/passwd'), 'refused'],
  ['volumes', bind('/etc/localtime/../shadow'), 'refused'],
  ['volumes', [{ type: 'npipe', source: '\\\\.\\pipe\\docker_engine', target: '/x' }], 'refused'],
  ['volumes', [{ type: 'constructor', source: '/', target: '/x' }], 'refused'],
  ['volumes', [{ type: 'volume', source: '/etc', target: '/x' }], 'refused'],
  ['volumes', [{ type: 'volume', source: 'victim_data', target: '/x' }], 'refused'],
  ['env_file', [{ path: '../outside.env', required: true }], 'refused'],
  ['env_file', [{ path: '/etc/environment' }], 'refused'],

  // replaced
  ['network_mode', 'bridge', 'replaced'],
  ['volumes', bind('config'), 'replaced', standIn],
  ['volumes', bind('.'), 'replaced', standIn],
  ['volumes', bind('data'), 'replaced', standIn],
  ['volumes', bind('nothing/there'), 'replaced', standIn],
  ['volumes', bind('/project/config'), 'replaced', standIn],
  ['volumes', bind('nginx.conf', { bind: { propagation: 'rshared' } }), 'replaced', copyOf('nginx.conf')],
  ['volumes', bind('.env'), 'replaced', copyOf('.env')],

  // left out
  ['volumes', bind('/etc/localtime', { read_only: true }), 'dropped'],
  ['volumes', bind('/usr/share/zoneinfo/Europe'), 'dropped'],
  ['volumes', [{ type: 'tmpfs', target: 'relative' }], 'dropped'],
  [
    'volumes',
    [{ type: 'volume', target: '/x', volume: { subpath: 'a/../../b', nocopy: true } }],
    'dropped',
    [{ type: 'volume', target: '/x', volume: { nocopy: true } }],
  ],
  ['volumes', [{ type: 'volume', target: 'v:/v' }], 'dropped'],
  ['cap_add', ['SYS_ADMIN'], 'dropped'],
  ['cap_add', ['ALL'], 'dropped'],
  ['security_opt', ['seccomp:unconfined', 'apparmor=unconfined', 'label:disable'], 'dropped'],
  ['security_opt', ['no-new-privileges=false'], 'dropped'],
  ['security_opt', ['systempaths=unconfined', 'no-new-privileges'], 'dropped', ['no-new-privileges']],
  ['sysctls', { 'kernel.core_pattern': '|/bin/evil', 'net.core.somaxconn': 1 }, 'dropped', { 'net.core.somaxconn': 1 }],
  ['sysctls', { 'vm.swappiness': 1 }, 'dropped'],
  ['ulimits', { rtprio: 99, nofile: 10 }, 'dropped', { nofile: 10 }],
  ['oom_score_adj', -1000, 'dropped'],
  ['oom_kill_disable', true, 'dropped'],
  ['cpu_rt_period', '1', 'dropped'],
  ['cpu_rt_runtime', '1', 'dropped'],
  ['blkio_config', { device_read_bps: [{ path: '/dev/sda', rate: 1 }] }, 'dropped', {}],
  ['storage_opt', { size: '1G' }, 'dropped'],
  ['dns', ['1.1.1.1'], 'dropped'],
  ['dns_opt', ['x'], 'dropped'],
  ['dns_search', ['x'], 'dropped'],
  ['extra_hosts', ['host.docker.internal=host-gateway'], 'dropped'],
  ['domainname', 'example.org', 'dropped'],
  ['hostname', 'web', 'dropped'],
  ['mac_address', '02:42:ac:11:00:02', 'dropped'],
  ['container_name', 'web', 'dropped'],
  ['networks', { default: { ipv4_address: '10.0.0.2' } }, 'dropped', { default: {} }],
  ['networks', { victim_default: null }, 'dropped', {}],
  ['links', ['victim:db'], 'dropped'],
  ['secrets', [{ source: 'nowhere' }], 'dropped'],
  ['configs', [{ source: 'nowhere' }], 'dropped'],
  ['env_file', [{ path: '.env', required: true }], 'dropped'],
  ['label_file', ['web.labels'], 'dropped'],
  ['annotations', { 'run.oci.handler': 'krun' }, 'dropped'],
  ['logging', { driver: 'syslog', options: { 'syslog-address': 'tcp://192.0.2.1' } }, 'dropped'],
  [
    'logging',
    { options: { 'max-size': '1m', 'gelf-address': 'udp://192.0.2.1' } },
    'dropped',
    { driver: 'json-file', options: { 'max-size': '1m' } },
  ],
  ['post_start', [{ command: ['x'], user: 'root' }], 'dropped'],
  ['pre_stop', [{ command: ['x'], privileged: true }, { command: ['y'] }], 'dropped', [{ command: ['y'] }]],
  ['pre_start', [{ image: 'busybox' }], 'dropped'],
  ['models', { llm: null }, 'dropped'],
  ['extends', { service: 'db' }, 'dropped'],
  ['pull_policy', 'build', 'dropped'],
  ['environment', { A: 'b', HTTPS_PROXY: null }, 'dropped', { A: 'b' }],
  ['no_such_key', { a: 1 }, 'dropped'],
  ['command', [{ deep: ['x'] }], 'dropped'],

  // verify sets it itself, or it means nothing in a run
  ['ports', [{ target: 80, published: '80' }], undefined],
  ['profiles', ['debug'], undefined],
  ['develop', { watch: [] }, undefined],
  ['scale', 3, undefined],
  ['x-anything', { a: { b: 1 } }, undefined],
];

const title = ([key, value, action]: Row): string => `${key}: ${JSON.stringify(value)} is ${action ?? 'passed'}`;

describe('the allow-list of a service', () => {
  it.each(rows.map((row) => [title(row), row] as const))('%s', (_title, [key, value, action, made]) => {
    const { web, isolation } = isolated({ [key]: value });
    const [first] = isolation.filter((note) => note.service === 'web');
    expect(first?.action).toBe(action);
    if (first) {
      expect(first.key.split('.')[0]).toBe(key);
      expect(first.place?.file).toBe('docker-compose.yml');
      expect(first.why.length).toBeGreaterThan(5);
    }
    if (made === same) expect(web[key]).toEqual(value);
    else if (key === 'deploy') expect(JSON.stringify(web[key])).not.toContain('gpu');
    else expect(web[key]).toEqual(made);
  });

  it('has a row for every key of the table, but what a run sets itself', () => {
    const tested = new Set(rows.map(([key]) => key));
    expect(Object.keys(serviceTable).filter((key) => !tested.has(key))).toEqual(['labels', 'build']);
  });

  it('takes any data for the value of any key', () => {
    const key = fc.constantFrom(...Object.keys(serviceTable), '__proto__', 'other');
    fc.assert(
      fc.property(fc.dictionary(key, fc.jsonValue()), fc.jsonValue(), fc.jsonValue(), (service, part, ports) => {
        const others = { volumes: { a: part }, configs: { b: part }, networks: { '../c': part }, secrets: part };
        const files = { ...others, services: { app: { ports } } } as unknown as ComposeModel;
        expect(isolated(service as ComposeMap, files).web['labels']).toEqual({ own: 'run-1' });
      }),
      { numRuns: 500 },
    );
  });

  it('takes an object with a toString of its own for a text like others', () => {
    const odd = { toString: 1, valueOf: null };
    for (const key of [...Object.keys(serviceTable), 'other']) {
      for (const value of [odd, [odd], { default: odd, type: odd, source: odd, target: odd, driver: odd }]) {
        const files = { services: { app: { [key]: value } } } as unknown as ComposeModel;
        expect(isolated({ [key]: value }, files).web['labels']).toEqual({ own: 'run-1' });
      }
    }
    for (const key of Object.keys(buildTable)) expect(isolated({ build: { [key]: odd } }).web).toBeDefined();
  });

  it('gives a service nothing that is defined under a name that is a path', () => {
    const others = { configs: { '../evil': { content: '' } }, networks: { '../evil': {} } } as ComposeModel;
    const service = { configs: [{ source: '../evil' }], networks: { '../evil': null } };
    expect(JSON.stringify(isolated(service, others).model)).not.toContain('evil');
  });

  it('replaces labels, which steer other programs on the engine', () => {
    const { web, isolation } = isolated({ labels: { 'traefik.enable': 'true' } });
    expect(web['labels']).toEqual({ own: 'run-1' });
    expect(isolation).toMatchObject([{ key: 'labels', action: 'dropped' }]);
  });

  it('keeps limits of deploy, and starts one container', () => {
    const limits = { cpus: 1, memory: '100', pids: 10 };
    const deploy = { replicas: 4, mode: 'global', resources: { limits }, placement: { constraints: ['x'] }, other: 1 };
    const { web, isolation } = isolated({ deploy });
    expect(web.deploy).toEqual({ replicas: 1, resources: { limits } });
    expect(isolation).toMatchObject([{ key: 'deploy.other', action: 'dropped' }]);
  });

  it.each([
    [['ALL'], ['CHOWN', 'CAP_SETUID'], 12, undefined],
    [['all', 'SYSLOG'], ['chown'], 14, undefined],
    [['ALL'], ['SYS_ADMIN'], 1, 'dropped'],
    [['ALL'], ['CHOWN', 'SYS_ADMIN'], 13, 'dropped'],
  ])('drops %j and gives back %j without adding a capability', (drop, add, count, extra) => {
    const { web, isolation } = isolated({ cap_drop: drop, cap_add: add });
    expect(web).not.toHaveProperty('cap_add');
    expect(web['cap_drop']).toHaveLength(count);
    expect(isolation.some((note) => note.action === 'dropped')).toBe(extra === 'dropped');
  });
});

type Definition = readonly [kind: string, value: ComposeMap, action: Action | undefined, made: unknown];

const definitions: readonly Definition[] = [
  ['volumes', { external: true, name: 'victim_data' }, 'replaced', { labels: { own: 'run-1' } }],
  [
    'volumes',
    { driver: 'local', driver_opts: { type: 'none', o: 'bind', device: '/etc' } },
    'dropped',
    { labels: { own: 'run-1' } },
  ],
  ['volumes', { driver: 'rexray' }, 'dropped', { labels: { own: 'run-1' } }],
  ['networks', { external: true, name: 'host' }, 'replaced', { labels: { own: 'run-1' } }],
  ['networks', { driver: 'macvlan', driver_opts: { parent: 'eth0' } }, 'dropped', { labels: { own: 'run-1' } }],
  [
    'networks',
    { internal: true, ipam: { config: [{ subnet: '10.0.0.0/8' }] } },
    'dropped',
    { internal: true, labels: { own: 'run-1' } },
  ],
  ['secrets', { file: 'config/app.json' }, 'replaced', { file: '/tmp/run/secrets/thing' }],
  ['secrets', { environment: 'AWS_SECRET_ACCESS_KEY' }, 'replaced', { file: '/tmp/run/secrets/thing' }],
  ['secrets', { external: true }, 'replaced', { file: '/tmp/run/secrets/thing' }],
  ['secrets', { file: '/etc/shadow' }, 'refused', { file: '/tmp/run/secrets/thing' }],
  ['secrets', { file: '../key' }, 'refused', { file: '/tmp/run/secrets/thing' }],
  ['configs', { content: 'text' }, undefined, { content: 'text' }],
  ['configs', { file: 'nginx.conf' }, 'replaced', { file: '/tmp/run/copies/nginx.conf' }],
  ['configs', { environment: 'HOME' }, 'replaced', { file: '/tmp/run/secrets/config-thing' }],
  ['configs', { file: '/etc/shadow' }, 'refused', { file: '/tmp/run/secrets/config-thing' }],
  ['configs', { file: 'rootlink/etc/shadow' }, 'refused', { file: '/tmp/run/secrets/config-thing' }],
];

describe('what a compose file defines', () => {
  it.each(definitions)('%s %j is %s', (kind, value, action, made) => {
    const { model, isolation } = isolated({}, { [kind]: { thing: value } } as ComposeModel);
    const notes = isolation.filter((note) => note.key.startsWith(`${kind}.thing`));
    expect(notes.at(-1)?.action).toBe(action);
    expect((model[kind] as ComposeMap)['thing']).toEqual(made);
  });

  it.each(['volumes', 'networks', 'secrets', 'configs'])('takes no name of %s for a path', (kind) => {
    const { model, isolation } = isolated({}, { [kind]: { '../../evil': { file: 'nginx.conf' } } } as ComposeModel);
    expect(JSON.stringify(model)).not.toContain('evil');
    expect(isolation).toMatchObject([{ key: `${kind}.../../evil`, action: 'dropped' }]);
  });

  it('drops what a file holds besides, and refuses what was not resolved', () => {
    const { model, isolation } = isolated(
      {},
      { models: { a: {} }, jobs: { a: {} }, more: [1], include: ['x'], 'x-a': 1 },
    );
    expect(isolation.map(({ key, action }) => `${key} ${action}`).sort()).toEqual([
      'include refused',
      'jobs dropped',
      'models dropped',
      'more dropped',
    ]);
    expect(Object.keys(model).sort()).toEqual(['name', 'networks', 'services', 'volumes']);
  });
});

type BuildRow = readonly [build: ComposeMap, key: string, action: Action | undefined, made?: unknown];

const builds: readonly BuildRow[] = [
  [{ context: 'db' }, 'context', undefined, { context: '/tmp/run/copies/db' }],
  [
    { context: '.', dockerfile: 'db/Dockerfile' },
    'dockerfile',
    undefined,
    { dockerfile: '/tmp/run/copies/db/Dockerfile' },
  ],
  [
    { context: 'config', dockerfile: '../db/Dockerfile' },
    'dockerfile',
    undefined,
    { dockerfile: '/tmp/run/copies/db/Dockerfile' },
  ],
  [{ dockerfile_inline: 'FROM x' }, 'dockerfile_inline', undefined, { dockerfile: { inline: 'FROM x' } }],
  [{ context: 'db', target: 'base' }, 'target', undefined, { target: 'base' }],
  [{ context: 'db', args: { A: 1, SSH_AUTH_SOCK: null } }, 'args', 'dropped', { args: { A: '1' } }],
  [
    { context: 'db', secrets: [{ source: 'token', target: 'npm' }] },
    'secrets',
    'replaced',
    { secretFiles: [{ id: 'npm', file: '/tmp/run/secrets/token' }] },
  ],
  [
    { context: 'db', additional_contexts: { base: 'docker-image://alpine:3' } },
    'additional_contexts',
    undefined,
    { flags: ['--build-context', 'base=docker-image://alpine:3'] },
  ],
  [
    { context: 'db', additional_contexts: { base: 'config' } },
    'additional_contexts',
    undefined,
    { flags: ['--build-context', 'base=/tmp/run/copies/config'] },
  ],
  [{ context: 'db', additional_contexts: { base: 'service:web' } }, 'additional_contexts', 'dropped'],
  [{ context: 'db', additional_contexts: { base: '../other' } }, 'additional_contexts', 'refused'],
  [{ context: 'db', additional_contexts: { base: 'oci-layout:///var/lib' } }, 'additional_contexts', 'refused'],
  [{ context: '../other' }, 'context', 'refused'],
  [{ context: 'rootlink' }, 'context', 'refused'],
  [{ context: 'https://example.org/x.git' }, 'context', 'refused'],
  [{ context: 'git@example.org:x/y' }, 'context', 'refused'],
  [{ context: 'github.com/x/y' }, 'context', 'refused'],
  [{ context: 'db', dockerfile: '/etc/Dockerfile' }, 'dockerfile', 'refused'],
  [{ context: 'db', dockerfile: '../../Dockerfile' }, 'dockerfile', 'refused'],
  [{ context: 'db', ssh: ['default'] }, 'ssh', 'refused'],
  [{ context: 'db', ssh: { key: '/home/me/.ssh/id' } }, 'ssh', 'refused'],
  [{ context: 'db', network: 'host' }, 'network', 'refused'],
  [{ context: 'db', network: 'none' }, 'network', undefined, { flags: ['--network', 'none'] }],
  [{ context: 'db', entitlements: ['security.insecure'] }, 'entitlements', 'refused'],
  [{ context: 'db', privileged: true }, 'privileged', 'refused'],
  [{ context: 'db', isolation: 'hyperv' }, 'isolation', 'refused'],
  [{ context: 'db', cache_from: ['type=registry,ref=192.0.2.1/x'] }, 'cache_from', 'dropped'],
  [{ context: 'db', cache_to: ['type=local,dest=/etc'] }, 'cache_to', 'dropped'],
  [{ context: 'db', extra_hosts: ['a=192.0.2.1'] }, 'extra_hosts', 'dropped'],
  [{ context: 'db', shm_size: '1' }, 'shm_size', 'dropped'],
  [{ context: 'db', ulimits: { nofile: 1 } }, 'ulimits', 'dropped'],
  [{ context: 'db', tags: ['victim:prod'] }, 'tags', 'dropped'],
  [{ context: 'db', unknown: 1 }, 'unknown', 'dropped'],
  [
    { context: 'db', labels: { a: 'b' }, no_cache: true, no_cache_filter: ['x'], platforms: ['linux/arm64'] },
    'labels',
    undefined,
  ],
  [{ context: 'db', provenance: true, pull: true, sbom: true }, 'pull', undefined],
];

describe('the allow-list of a build', () => {
  it.each(builds.map((row) => [JSON.stringify(row.slice(0, 3)), row] as const))('%s', (_title, row) => {
    const [build, key, action, made] = row;
    const result = isolated({ build });
    const note = result.isolation.find((one) => one.key === `build.${key}`);
    expect(note?.action).toBe(action);
    expect(result.builds).toHaveLength(action === 'refused' ? 0 : 1);
    if (typeof made === 'object' && made) expect(result.builds[0]).toMatchObject(made);
    expect(result.web).not.toHaveProperty('build');
    for (const flag of ['--ssh', '--allow', 'host', '..']) expect(result.builds[0]?.flags ?? []).not.toContain(flag);
  });

  it('has a row for every key of the table', () => {
    const tested = new Set(builds.flatMap(([build]) => Object.keys(build)));
    expect(Object.keys(buildTable).filter((key) => !tested.has(key))).toEqual([]);
  });

  it.each([
    [{ ssh: ['default'] }, 'web.build.ssh', ['--ssh', 'default']],
    [{ network: 'host' }, 'web.build.network', ['--network', 'host', '--allow', 'network.host']],
  ])('%j goes in where a person allows it', (build, name, flags) => {
    const { builds: made, isolation } = isolated({ build: { context: 'db', ...build } }, {}, [name]);
    expect(made[0]?.flags).toEqual(flags);
    expect(isolation).toMatchObject([{ action: 'allowed' }]);
  });
});

/** The schema of the Compose Specification, from the Go module of compose-go; undefined without Go. */
function specification(): Schema | undefined {
  try {
    const module = 'github.com/compose-spec/compose-go/v2@v2.16.2';
    const found = execFileSync('go', ['mod', 'download', '-json', module], { encoding: 'utf8', stdio: 'pipe' });
    const { Dir } = JSON.parse(found) as { Dir: string };
    return JSON.parse(readFileSync(`${Dir}/schema/compose-spec.json`, 'utf8')) as Schema;
  } catch {
    console.warn('Go or the module of compose-go is missing: the allow-list is not held to the Compose Specification.');
    return undefined;
  }
}

type Schema = {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly definitions?: Readonly<Record<string, Schema>>;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
};

const spec = specification();

/** Every key that a schema knows, with those of what it is made of. */
function keysOf(schema: Schema | undefined): readonly string[] {
  if (!schema || !spec) return [];
  const name = schema.$ref?.split('/').at(-1);
  const referred = name === undefined ? undefined : (spec.$defs ?? spec.definitions)?.[name];
  const parts = [...(schema.allOf ?? []), ...(schema.oneOf ?? []), ...(referred ? [referred] : [])];
  return [...new Set([...Object.keys(schema.properties ?? {}), ...parts.flatMap(keysOf)])].sort();
}

/** The schema of a property, wherever in its parts it is. */
function property(schema: Schema, key: string): Schema | undefined {
  const parts = (schema.allOf ?? []).map((one) => {
    const name = one.$ref?.split('/').at(-1);
    return name === undefined ? one : ((spec?.$defs ?? spec?.definitions)?.[name] ?? one);
  });
  return schema.properties?.[key] ?? parts.map((one) => property(one, key)).find((found) => found !== undefined);
}

describe.skipIf(!spec)('the Compose Specification', () => {
  const defined = spec?.$defs ?? spec?.definitions ?? {};
  const service: Schema = defined['service'] ?? {};
  it('has no key of a service that the table does not know', () => {
    const keys = keysOf(service);
    expect(keys.length).toBeGreaterThan(80);
    expect(keys.filter((key) => !Object.hasOwn(serviceTable, key))).toEqual([]);
  });
  it('has no key of a build that the table does not know', () => {
    const keys = keysOf(property(service, 'build'));
    expect(keys.length).toBeGreaterThan(15);
    expect(keys.filter((key) => !Object.hasOwn(buildTable, key))).toEqual([]);
  });
  it('has no key of a file that the table does not know', () => {
    const keys = keysOf(spec);
    expect(keys.length).toBeGreaterThan(8);
    expect(keys.filter((key) => !Object.hasOwn(fileTable, key))).toEqual([]);
  });
});
