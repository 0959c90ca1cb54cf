import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Run } from './cases.ts';
import { changes, type Ran, snapshot } from './run.ts';
import type { Sandbox } from './sandbox.ts';
import { type Call, type Inspected, readCalls } from './spy.ts';

/** The state of a sandbox that a command may not change. */
export type Before = {
  readonly project: Readonly<Record<string, string>>;
  readonly around: Readonly<Record<string, string>>;
};

/** Of HOME only what the user put there: caches are ours to write. */
const around = (box: Sandbox) => ({
  ...snapshot(box.outside),
  ...Object.fromEntries(
    Object.entries(snapshot(box.home, ['.cache', '.docker', '.local/state/dockwright'])).map(([path, state]) => [
      `~/${path}`,
      state,
    ]),
  ),
});

export const before = (box: Sandbox): Before => ({ project: snapshot(box.project), around: around(box) });

/** What a command did that it may not do, and what it did not say; empty where all is well. */
export function faults(box: Sandbox, run: Run, ran: Ran, was: Before, tag: string | undefined): string[] {
  const calls = readCalls(box.calls);
  return [
    ...ends(run, ran),
    ...words(run, ran),
    ...escapes(run, ran),
    ...shown(box, ran),
    ...touched(box, run, was),
    ...handedOver(box, run, calls),
    ...started(box, run, calls),
    ...leftBehind(ran, calls),
    ...(tag ? image(box, tag, run.given !== undefined) : []),
  ];
}

function ends(run: Run, ran: Ran): string[] {
  const within = run.within ?? 180;
  if (ran.code === null) return [`It took more than ${within} seconds and was killed.`];
  const expected = [run.exit].flat();
  return expected.includes(ran.code)
    ? []
    : [`The exit code is ${ran.code} instead of ${expected.join(' or ')}: ${ran.stderr}${ran.stdout}`];
}

/** Every string of a JSON document. */
const strings = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? [...named(value), ...Object.entries(value).flatMap(([key, inner]) => [key, ...strings(inner)])]
      : [];

/** SERVICE.KEY of an entry that has both in fields of its own. */
const named = (value: object): string[] =>
  'service' in value && 'key' in value ? [`${String(value.service)}.${String(value.key)}`] : [];

function words(run: Run, ran: Ran): string[] {
  const both = `${ran.stdout}\n${ran.stderr}`;
  const lines = run.args.includes('--json') ? strings(documents(ran.stdout)) : both.split('\n');
  const missing = (run.names ?? []).filter((name) => !lines.some((line) => hasName(line, name)));
  return [
    ...missing.map((name) => `It does not name ${name}.`),
    ...(run.says ?? [])
      .filter((text) => !both.includes(text))
      .map((text) => `It does not say ${JSON.stringify(text)}.`),
    ...(run.never ?? []).filter((text) => both.includes(text)).map((text) => `It says ${JSON.stringify(text)}.`),
  ];
}

/** Whether the name stands in the line, and not as a part of another. */
function hasName(line: string, name: string): boolean {
  const at = line.indexOf(name);
  return at >= 0 && !/[\w-]/.test(line[at - 1] ?? ' ') && !/[\w-]/.test(line[at + name.length] ?? ' ');
}

/** The JSON document of a command; its absence is a fault of its own. */
function documents(stdout: string): unknown {
  try {
    return JSON.parse(stdout);
  } catch {
    return undefined;
  }
}

/** Characters that a terminal obeys: C0 (but for the line break and the tab), DEL, C1, bidirectional marks, and the separators of lines. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const obeyed = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

/** A workflow runner trims a line before it looks for `::`, and looks for `##[` anywhere. */
const command = /^[\s\x85]*::|##\[/;

function escapes(run: Run, ran: Ran): string[] {
  const annotations = run.args.includes('github');
  return (['stdout', 'stderr'] as const).flatMap((stream) => {
    const own = (line: string) =>
      annotations && stream === 'stdout' && /^::(error|warning|notice)( [^:]*)?::/.test(line) && !line.includes('##[');
    const lines = ran[stream].split('\n');
    return [
      ...lines
        .filter((line) => obeyed.test(line))
        .map((line) => `A raw character on ${stream}: ${JSON.stringify(line)}`),
      ...lines
        .filter((line) => command.test(line) && !own(line))
        .map((line) => `A workflow command on ${stream}: ${JSON.stringify(line)}`),
      ...(run.args.includes('--json') && stream === 'stdout' && documents(ran.stdout) === undefined
        ? ['Standard output is not one JSON document.']
        : []),
    ];
  });
}

/** The canaries that a text holds, by name. */
const canariesIn = (box: Sandbox, text: string | Buffer, given: readonly string[] = []): string[] =>
  Object.entries(box.canaries)
    .filter(([name, value]) => !given.includes(name) && text.includes(value))
    .map(([name]) => name);

const shown = (box: Sandbox, ran: Ran): string[] =>
  canariesIn(box, ran.stdout + ran.stderr).map((name) => `The value of ${name} is printed.`);

/** What only writing commands may change. */
const writes = (run: Run) => run.args[0] === 'generate' && !run.args.includes('--dry-run');

function touched(box: Sandbox, run: Run, was: Before): string[] {
  const agreed = run.touches ?? [];
  const marks = readdirSync(box.touched);
  const now = before(box);
  const changed = changes(was.project, now.project).filter((path) => !writes(run) || /^(.*\/)?\.git(\/|$)/.test(path));
  return [
    ...marks
      .filter((mark) => !agreed.includes(mark))
      .map((mark) => `A command of the repository ran on the host: ${mark}.`),
    ...agreed.filter((mark) => !marks.includes(mark)).map((mark) => `What a person agreed to did not run: ${mark}.`),
    ...changed.map((path) => `${path} of the project was changed: ${was.project[path]} -> ${now.project[path]}.`),
    ...changes(was.around, now.around).map((path) => `${path} outside of the project was changed.`),
    ...Object.keys(snapshot(box.tmp))
      // the log of the project's own tests is for the person who reads the report
      .filter((path) => !/^dockwright-tests-\w+(\/tests\.log)?$/.test(path))
      .map((path) => `${path} was left in the temporary folder.`),
    ...(writes(run) ? written(box, was) : []),
  ];
}

/** Files that were generated: they hold no canary and nothing that a terminal obeys. */
function written(box: Sandbox, was: Before): string[] {
  const now = snapshot(box.project);
  return changes(was.project, now)
    .filter((path) => now[path]?.startsWith('100') && !/(^|\/)\.env$/.test(path))
    .flatMap((path) => {
      const text = readFileSync(join(box.project, path), 'utf8');
      return [
        ...canariesIn(box, text).map((name) => `The value of ${name} was written to ${path}.`),
        ...text
          .replaceAll('\t', ' ')
          .split('\n')
          .filter((line) => obeyed.test(line))
          .map((line) => `A raw character in ${path}: ${JSON.stringify(line)}`),
      ];
    });
}

/** What the programs that were started were given. */
function handedOver(box: Sandbox, run: Run, calls: readonly Call[]): string[] {
  const found = calls.flatMap((call) => {
    const what = call.args.slice(0, 3).join(' ');
    // tests on the host have what the person who asked for that has
    const agreed = run.args.includes('--on-host') && !['docker', 'git'].includes(call.args[0] ?? '');
    const environment = agreed ? [] : canariesIn(box, call.environment, call.args.includes('build') ? run.given : []);
    const args = canariesIn(box, call.args.join('\0'));
    const files = call.files ? canariesIn(box, call.files) : [];
    return [
      ...(environment.length > 0 ? [`The environment of ${what} had the values of ${environment.join(', ')}.`] : []),
      ...(args.length > 0 ? [`The arguments of ${what} had the values of ${args.join(', ')}.`] : []),
      ...(files.length > 0 ? [`The files of the run had the values of ${files.join(', ')}.`] : []),
    ];
  });
  const reached = (run.notCalled ?? []).filter((text) =>
    calls.some((call) => text.split(' ').every((word) => call.args.includes(word))),
  );
  const given = (name: string) =>
    calls.some((call) => call.args.includes('build') && call.environment.includes(box.canaries[name] ?? '\0'));
  const lacking = (run.given ?? []).filter((name) => !given(name));
  return [
    ...new Set(found),
    ...reached.map((text) => `It came as far as docker ${text}.`),
    ...lacking.map((name) => `The build was not given ${name}.`),
  ];
}

function started(box: Sandbox, run: Run, calls: readonly Call[]): string[] {
  const containers = calls.flatMap((call) => call.containers);
  const services = new Set(containers.map((one) => one.Config.Labels?.['com.docker.compose.service'] ?? ''));
  return [
    ...new Set(
      containers.flatMap((one) =>
        [
          ...dangers(one, box.tmp),
          ...canariesIn(box, JSON.stringify(one)).map((name) => `has the value of ${name}`),
        ].map((danger) => `The container ${one.Name.replace(/^\/dockwright-verify-[0-9a-f]+-/, '')} ${danger}.`),
      ),
    ),
    ...(run.started ?? []).filter((name) => !services.has(name)).map((name) => `The service ${name} was not started.`),
  ];
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Settings of a container that must be empty, or have one of these values. */
const settings: Readonly<Record<string, readonly unknown[]>> = {
  Privileged: [false],
  PidMode: [''],
  UTSMode: [''],
  UsernsMode: [''],
  IpcMode: ['', 'private', 'shareable', 'none'],
  CgroupnsMode: ['', 'private', 'host'],
  CgroupParent: [''],
  Cgroup: [''],
  VolumeDriver: [''],
  Runtime: ['', 'runc'],
  Isolation: [''],
  OomScoreAdj: [0],
  OomKillDisable: [false, null, undefined],
};

/** Lists of settings that must be empty. */
const empty = [
  'CapAdd',
  'Devices',
  'DeviceCgroupRules',
  'DeviceRequests',
  'VolumesFrom',
  'ExtraHosts',
  'Links',
  'Dns',
  'BlkioWeightDevice',
  'BlkioDeviceReadBps',
];

/** What of a container's settings reaches beyond it. */
export function dangers(one: Inspected, tmp: string): string[] {
  const host = one.HostConfig;
  const run = one.Config.Labels?.['com.docker.compose.project'] ?? '';
  const networks = Object.keys(one.NetworkSettings.Networks).filter((name) => name !== 'none');
  const ports = Object.values((host['PortBindings'] ?? {}) as Record<string, { HostIp?: string }[] | null>).flat();
  const log = (host['LogConfig'] as { Type?: string; Config?: unknown } | undefined) ?? {};
  return [
    ...Object.entries(settings).flatMap(([key, values]) =>
      values.includes(host[key]) ? [] : [`has ${key} ${JSON.stringify(host[key])}`],
    ),
    ...empty.flatMap((key) => (list(host[key]).length > 0 ? [`has ${key} ${JSON.stringify(host[key])}`] : [])),
    ...list(host['SecurityOpt'])
      .filter((option) => !/^no-new-privileges(:true)?$/.test(String(option)))
      .map((option) => `has the security option ${option}`),
    ...Object.keys((host['Sysctls'] as object | null) ?? {})
      // those of namespaces of its own
      .filter((name) => !/^(net|fs\.mqueue)\.|^kernel\.(shm|msg|sem)/.test(name))
      .map((name) => `has the sysctl ${name}`),
    ...(/^(container|host)/.test(String(host['NetworkMode'])) ? [`has NetworkMode ${host['NetworkMode']}`] : []),
    ...networks.filter((name) => !name.startsWith(`${run}_`)).map((name) => `is in the network ${name}`),
    ...ports
      .filter((port) => port?.HostIp !== '127.0.0.1')
      .map((port) => `is published on ${port?.HostIp || 'every address'}`),
    ...(['json-file', 'local', ''].includes(log.Type ?? '') ? [] : [`logs to ${log.Type}`]),
    ...one.Mounts.filter((mount) => mount.Type === 'bind' && !mount.Source.startsWith(`${tmp}/dockwright-`)).map(
      (mount) => `has ${mount.Source} of the host`,
    ),
    ...one.Mounts.filter((mount) => mount.Type === 'volume' && !ownVolume(mount.Name ?? '', run)).map(
      (mount) => `has the volume ${mount.Name}`,
    ),
  ];
}

const ownVolume = (name: string, run: string) => name.startsWith(`${run}_`) || /^[0-9a-f]{64}$/.test(name);

/** Whatever of this process or of its runs is still on the engine. */
function leftBehind(ran: Ran, calls: readonly Call[]): string[] {
  const docker = (...args: string[]) =>
    execFileSync('docker', args, { encoding: 'utf8' })
      .split('\n')
      .filter((row) => row !== '');
  const owner = ['--filter', `label=io.dockwright.owner=${hostname()}/${ran.pid}`];
  const projects = new Set(
    calls.flatMap((call) => call.args.filter((_, at) => call.args[at - 1] === '--project-name')),
  );
  const filters = [owner, ...[...projects].map((name) => ['--filter', `label=com.docker.compose.project=${name}`])];
  const left = filters.flatMap((filter) => [
    ...docker('container', 'ls', '--all', '--format', 'the container {{.Names}}', ...filter),
    ...docker('network', 'ls', '--format', 'the network {{.Name}}', ...filter),
    ...docker('volume', 'ls', '--format', 'the volume {{.Name}}', ...filter),
  ]);
  const images = [...projects].flatMap((name) =>
    docker('image', 'ls', '--format', 'the image {{.Repository}}:{{.Tag}}', '--filter', `reference=${name}`),
  );
  return [...new Set([...left, ...images])].map((what) => `It left ${what}.`);
}

/** The image that was built: no canary in its settings and its history, nor, where asked, in a layer of its own. */
function image(box: Sandbox, tag: string, layers: boolean): string[] {
  const { status, stdout } = spawnSync('docker', ['image', 'inspect', tag], { encoding: 'utf8' });
  if (status !== 0) return [];
  const history = execFileSync('docker', ['image', 'history', '--no-trunc', '--format', '{{json .}}', tag], {
    encoding: 'utf8',
  });
  const found = [
    ...canariesIn(box, stdout + history).map((name) => `The value of ${name} is in the settings of the image.`),
    ...(layers ? inLayers(box, tag) : []),
  ];
  execFileSync('docker', ['image', 'rm', tag], { stdio: 'ignore' });
  return found;
}

function inLayers(box: Sandbox, tag: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'hostile-image-'));
  try {
    execFileSync('docker', ['image', 'save', '--output', join(folder, 'image.tar'), tag]);
    execFileSync('tar', ['--extract', '--file', 'image.tar'], { cwd: folder });
    const [manifest] = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { Layers: string[] }[];
    // the layers of the base are the biggest, and nothing of ours
    const own = (manifest?.Layers ?? []).slice(-6);
    return own.flatMap((layer) => {
      const bytes = readFileSync(join(folder, layer));
      const text = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
      return canariesIn(box, text).map((name) => `The value of ${name} is in a layer of the image.`);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
