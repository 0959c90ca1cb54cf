import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leadOf } from '../../../src/engine/paths.ts';
import { type EffectiveCompose, printCompose, readCompose } from '../../../src/formats/compose/index.ts';
import { UserError } from '../../../src/model/errors.ts';
import type { Plan } from '../../../src/model/plan.ts';
import { type Isolated, isolate } from '../../../src/ship/isolation/isolate.ts';
import {
  type ComposeFiles,
  filesWith,
  type HostilePart,
  hostilePart,
  keysOf,
  sharp,
} from '../../support/hostile/models.ts';
import { type Around, reaches } from '../../support/hostile/reaches.ts';
import { composeSchema } from '../../support/hostile/schema.ts';
import { randomFrom } from '../../support/random.ts';

const MODELS = Number(process.env['MODELS'] ?? 500);
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const schema = composeSchema();
if (!schema) {
  console.warn(
    'The Go module of compose-go is not here: no models are made of its schema (npx jiti scripts/buildkit-fixtures.ts).',
  );
}

const canary = 'cnry0123456789abcdef0123';
const run = 'dockwright-verify-0123abcd';
const labels = { 'io.dockwright.run': run, 'io.dockwright.owner': 'here/1' };
const plan = { workloads: { app: {} }, settings: {} } as unknown as Plan;

/** A project with links that lead out of it, and values that must be nowhere. */
let folder = '';
const root = () => join(folder, 'project');
const temp = () => join(folder, 'run');

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'hostile-compose-')));
  const files: Readonly<Record<string, string>> = {
    'project/settings/plain.txt': 'plain\n',
    'project/inner/keep.txt': 'keep\n',
    'project/labels.txt': `leak=${canary}\n`,
    'project/.env': `DOTENV_SECRET=${canary}\n`,
    'project/more.env': `MORE_SECRET=${canary}\n`,
    'project/.git/config': `[core]\n\tleak = ${canary}\n`,
    'outside/secret.txt': `${canary}\n`,
    'outside/out.env': `OUTSIDE_SECRET=${canary}\n`,
    'run/empty': '',
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  symlinkSync('/', join(root(), 'rootlink'));
  symlinkSync('../../outside', join(root(), 'inner/up'));
  symlinkSync('../outside/secret.txt', join(root(), 'secretlink'));
  symlinkSync('../outside/out.env', join(root(), 'linked.env'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What is read of a project: the files of the model, and whatever else lies in the folder and not behind a link that leads out. */
function read(made: ComposeFiles): EffectiveCompose {
  const texts = Object.fromEntries(
    Object.entries(made.texts).map(([path, text]) => [path, text.replaceAll('{outside}', join(folder, 'outside'))]),
  );
  return readCompose({
    files: made.files,
    read: (path) => (Object.hasOwn(texts, path) ? texts[path] : undefined),
    variables: { COMPOSE_PROJECT_NAME: run },
  });
}

function isolated(effective: EffectiveCompose): Isolated {
  return isolate(effective, {
    plan,
    project: run,
    labels,
    images: { app: { tag: `${run}:local`, checks: true } },
    externals: [],
    stub: undefined,
    allow: [],
    host: {
      lead: (path) => leadOf(root(), path),
      tracked: [
        'docker-compose.yml',
        'settings/plain.txt',
        'inner/keep.txt',
        'inner/up',
        'rootlink',
        'secretlink',
        'linked.env',
      ],
      copyTracked: (path) => join(temp(), 'copies', path),
      secretFile: (name) => join(temp(), 'secrets', name),
      copyKey: () => undefined,
    },
  });
}

/** Every way out of what would be started, as compose would read it. */
function waysOut(made: ComposeFiles): string[] {
  const around: Around = { temp: temp(), run, canaries: [canary] };
  const { model, builds, seeds } = isolated(read(made));
  // what is printed for compose is read with `$$` as a dollar, and with nothing to fill in
  const printed: unknown = JSON.parse(printCompose(model));
  const below = (path: unknown) => typeof path === 'string' && path.startsWith(`${temp()}/`) && !path.includes('/../');
  return [
    ...reaches(printed, around),
    ...builds.flatMap((build) => [
      ...(below(build.context) ? [] : [`builds reads ${build.context}.`]),
      ...(typeof build.dockerfile === 'string' && !below(build.dockerfile)
        ? [`builds reads ${build.dockerfile}.`]
        : []),
      ...build.flags
        .filter((flag) => !/^(--build-context|[^=]+=docker-image:\/\/.*|--network|none)$/.test(flag))
        .filter((flag) => !below(flag.slice(flag.indexOf('=') + 1)))
        .map((flag) => `builds has ${flag}.`),
      ...Object.keys(build.args)
        // the frontend that it names is examined like one of a Dockerfile: test/unit/ship/frontend.test.ts
        .filter((name) => /^BUILDKIT_/.test(name) && name !== 'BUILDKIT_SYNTAX')
        .map((name) => `builds sets ${name}.`),
      ...build.secretFiles.filter(({ file }) => !below(file)).map(({ file }) => `builds hands over ${file}.`),
      ...(build.tag.startsWith(run) ? [] : [`builds makes ${build.tag}.`]),
    ]),
    ...seeds.filter((seed) => !below(seed.folder)).map((seed) => `seeds copies ${seed.folder}.`),
  ];
}

/** Keys that may differ without a word: the run has its own. */
const silent = [
  'labels',
  'ports',
  'build',
  'develop',
  'profiles',
  'scale',
  'deploy',
  'image',
  'environment',
  'healthcheck',
];

/** Keys of the hostile part that were there, are not started, and are named nowhere. */
function unsaid(made: ComposeFiles, part: HostilePart): string[] {
  if (part.room !== 'services') return [];
  const effective = read(made);
  const { model, isolation } = isolated(effective);
  const before = effective.model.services?.[part.name] ?? {};
  const after = model.services?.[part.name] ?? {};
  const named = isolation.filter((note) => note.service === part.name).map((note) => note.key.split('.')[0]);
  return Object.keys(before).filter(
    (key) =>
      !key.startsWith('x-') &&
      !silent.includes(key) &&
      !['null', '{}', '[]', 'false', '""'].includes(JSON.stringify(before[key] ?? null)) &&
      !Object.hasOwn(after, key) &&
      !named.includes(key),
  );
}

/** Spellings that people thought of: each found a way once, or could. */
const spellings: Readonly<Record<string, string>> = {
  'an absolute bind': 'volumes: ["/:/evil"]',
  'a bind of a link': 'volumes: ["./rootlink:/evil:ro"]',
  'a bind below a link': 'volumes: ["./rootlink/etc/shadow:/evil:ro"]',
  'a bind with dots behind a link': 'volumes: ["./inner/up/../outside:/evil:ro"]',
  'a bind of the home folder': 'volumes: ["~/.ssh:/evil:ro"]',
  'a bind through a default': 'volumes: ["${NOT_SET:-/etc}:/evil:ro"]',
  'a bind whose source is a variable': 'volumes: [{ type: bind, source: "${NOT_SET-/}", target: /evil }]',
  'a bind with capitals': 'volumes: [{ type: BIND, source: /etc, target: /evil }]',
  'a volume whose name is a path': 'volumes: [{ type: volume, source: /etc, target: /evil }]',
  'a named pipe': 'volumes: [{ type: npipe, source: "\\\\.\\pipe\\docker_engine", target: /evil }]',
  'a cluster volume': 'volumes: [{ type: cluster, source: evil, target: /evil }]',
  'the socket with slashes': 'volumes: ["//var/run//docker.sock:/evil"]',
  'the socket of a user': 'volumes: ["/run/user/0/podman/podman.sock:/evil"]',
  'a time zone that is none': 'volumes: ["/etc/localtime/../shadow:/evil"]',
  'a folder of certificates that is none': 'volumes: ["/etc/ssl/certs/../../shadow:/evil"]',
  'a propagation': 'volumes: [{ type: bind, source: ./settings, target: /s, bind: { propagation: rshared } }]',
  'a part of a volume that leaves it':
    'volumes: [{ type: volume, source: data, target: /s, volume: { subpath: ../.. } }]',
  'all privileges': 'privileged: true',
  'all privileges as a text': 'privileged: "true"',
  'all privileges through a default': 'privileged: "${NOT_SET:-true}"',
  'the network of the host': 'network_mode: host',
  'the network of a container': 'network_mode: "container:victim"',
  'the network of a container by default': 'network_mode: "${NOT_SET:-container}:victim"',
  'the network of a project': 'network_mode: victim_default',
  'a namespace by path': 'network_mode: "ns:/proc/1/ns/net"',
  'the processes of the host': 'pid: host',
  'the processes of a container': 'pid: "container:victim"',
  'the memory of the host': 'ipc: host',
  'the name of the host': 'uts: host',
  'the users of the host': 'userns_mode: host',
  'the groups of the host': 'cgroup: host',
  'volumes of a container': 'volumes_from: ["container:victim:rw"]',
  'a capability': 'cap_add: [SYS_ADMIN]',
  'a capability that is given back': '{ cap_drop: [ALL], cap_add: [SYS_ADMIN, CHOWN] }',
  'no profile': 'security_opt: ["seccomp=unconfined"]',
  'a profile of the host': 'security_opt: ["seccomp=/etc/shadow"]',
  'no paths': 'security_opt: [systempaths=unconfined]',
  'a device': 'devices: [/dev/sda]',
  'a device of a class': 'devices: ["vendor.com/class=device"]',
  'a device by rule': 'device_cgroup_rules: ["a *:* rwm"]',
  'a device that is reserved': 'deploy: { resources: { reservations: { devices: [{ capabilities: [gpu] }] } } }',
  'the socket of the engine': 'use_api_socket: true',
  'a program of the host': 'provider: { type: /bin/evil }',
  'an address of a name': 'extra_hosts: ["engine:host-gateway"]',
  'a log elsewhere': 'logging: { driver: syslog, options: { syslog-address: "tcp://192.0.2.1:514" } }',
  'a log with labels of the environment': 'logging: { driver: json-file, options: { env-regex: ".*" } }',
  'a command with privileges': 'post_start: [{ command: id, privileged: true, user: root }]',
  'a container before the start': 'pre_start: [{ image: x, command: id, privileged: true, volumes: ["/:/evil"] }]',
  'a config of the host': '{ configs: [shadow] }',
  'a context outside': '{ image: null, build: ../outside }',
  'a context behind a link': '{ image: null, build: ./inner/up }',
  'a remote context': '{ image: null, build: "https://example.invalid/evil.git" }',
  'a context without a scheme': '{ image: null, build: github.com/evil/evil }',
  'a further context': '{ image: null, build: { context: settings, additional_contexts: { x: / } } }',
  'a further context on the disk':
    '{ image: null, build: { context: settings, additional_contexts: { x: "oci-layout:///etc" } } }',
  'an agent': '{ image: null, build: { context: settings, ssh: [default] } }',
  'a Dockerfile outside': '{ image: null, build: { context: settings, dockerfile: ../../outside/Dockerfile } }',
  'a remote Dockerfile':
    '{ image: null, build: { context: settings, dockerfile: "https://example.invalid/Dockerfile" } }',
  'a frontend by argument':
    '{ image: null, build: { context: settings, args: { BUILDKIT_SYNTAX: example.invalid/evil } } }',
  'a build in the network of the host':
    '{ image: null, build: { context: settings, network: host, entitlements: [network.host] } }',
  'a cache on the disk': '{ image: null, build: { context: settings, cache_to: ["type=local,dest=/etc/evil"] } }',
  'names of others': '{ image: null, build: { context: settings, tags: ["victim:prod"] } }',
  'a runtime': 'runtime: /bin/evil',
  'labels of another project': 'labels: { com.docker.compose.project: victim, io.dockwright.run: victim }',
  'a port on every address': 'ports: ["0.0.0.0:80:80"]',
  'a port of the host': 'ports: [{ target: 80, published: "80", mode: host, host_ip: "::" }]',
  'an address of its own': 'networks: { default: { ipv4_address: 172.17.0.1, mac_address: "02:42:ac:11:00:02" } }',
  'an env file': 'env_file: .env',
  'an env file that is a link': 'env_file: [{ path: linked.env, required: false }]',
  'a file of labels': 'label_file: labels.txt',
  'a key that nobody knows': 'evil_new_key: /etc/shadow',
  'a hidden key': '__proto__: { privileged: true }',
};

describe('a compose file that someone thought of', () => {
  it.each(Object.entries(spellings))('reaches nothing: %s', (_, text) => {
    const service = text.startsWith('{') ? text : `{ image: "redis:8-alpine", ${text} }`;
    const file = `services: { app: { image: "app:local" }, evil: ${service} }\nvolumes: { data: }\nconfigs: { shadow: { file: /etc/shadow } }\n`;
    try {
      expect(waysOut({ files: ['docker-compose.yml'], texts: { 'docker-compose.yml': file } })).toEqual([]);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  });
});

describe.skipIf(!schema)(`compose files from the schema of the specification (SEED=${seed})`, () => {
  it(`reach nothing: ${MODELS} models`, { timeout: 600_000 }, () => {
    console.log(`SEED=${seed}`);
    const random = randomFrom(seed);
    const keys = schema ? keysOf(schema) : [];
    const seen = new Set<string>();
    const wrong: string[] = [];
    let valid = 0;
    for (let index = 0; index < MODELS; index++) {
      // every key once; after that again and again those that reach the furthest
      const must = keys[index] ?? sharp[Math.floor(random() * sharp.length)] ?? '';
      const part = hostilePart(schema ?? {}, must, random, seen);
      const made = filesWith(part, random);
      const where = `model ${index} (${must}, ${made.form}) ${JSON.stringify(part)}`;
      try {
        wrong.push(...waysOut(made).map((way) => `${way} ${where}`));
        wrong.push(...unsaid(made, part).map((key) => `${part.name}.${key} is lost without a word. ${where}`));
        valid++;
      } catch (error) {
        if (!(error instanceof UserError)) throw new Error(`It crashed: ${where}`, { cause: error });
      }
    }
    expect(wrong).toEqual([]);
    // models that are not valid prove nothing
    expect(valid).toBeGreaterThan(MODELS * 0.6);
    expect(keys.filter((key) => MODELS >= keys.length && !seen.has(key))).toEqual([]);
  });
});
