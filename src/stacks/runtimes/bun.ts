/**
 * Bun. Which version an app asks for, in this order:
 *
 *   1. `.bun-version`             2. `.tool-versions` (`bun`)      3. `mise.toml`, `.mise.toml` (`[tools] bun`)
 *   4. `packageManager` of package.json (`bun@1.4.5`)              5. `engines.bun` of package.json
 *
 * in the folder of the app, then in the root of the repository. An exact version anywhere comes before a range or a line (`1.4`, `^1.2`,
 * `latest`), because it is what the authors run; a range takes the newest release inside it that the catalogue knows. What else is said
 * and does not agree is a note. The version installed on this machine is never asked.
 * (setup-bun, asdf and mise read the same files; none of them reads all, which is why the order is ours.)
 */
import { maxSatisfying, minVersion, satisfies, validRange } from 'semver';
import { asOf, nodeForManagers, runtimeImages } from '../../catalog/bases.ts';
import { canShip, envFilesOf } from '../../formats/env/files.ts';
import { parseToml } from '../../formats/toml/index.ts';
import { UserError } from '../../model/errors.ts';
import type { Evidence, Known, Unknown } from '../../model/evidence.ts';
import { isTable } from '../../project/data.ts';
import type { Project } from '../../project/project.ts';
import type { Detection, Runtime, RuntimeBase } from '../contract.ts';
import { startedFrom } from '../support/packages.ts';
import { httpProbe, portOf } from '../support/probe.ts';
import { exact, type VersionFiles, type VersionStatement, versionStatements } from '../support/versions.ts';

const images = runtimeImages.bun;

export const detection: Detection = {
  name: 'bun',
  title: 'Bun',
  role: 'runtime',
  dependencies: ['@types/bun', 'bun-types'],
  files: ['bun.lock', 'bun.lockb', 'bunfig.toml', '.bun-version'],
  fields: ['engines.bun', 'packageManager=bun@', 'devEngines.runtime.name=bun'],
  programs: ['bun', 'bunx'],
  uses: ['Bun', 'bun', 'bun:*'],
};

const places: VersionFiles = {
  files: ['.bun-version'],
  tools: ['bun'],
  fields: [{ path: ['packageManager'], prefix: 'bun@' }, { path: ['engines', 'bun'] }],
};

const knownVersions = images.lines.map((line) => line.newest);

/** The newest release inside a range; `latest` and its like say no more than the catalogue does. */
function newestInside(text: string): string | undefined {
  if (['latest', 'stable', 'lts', '*', 'x', ''].includes(text)) return images.version;
  return validRange(text) === null ? undefined : (maxSatisfying(knownVersions, text) ?? undefined);
}

function choose(
  all: readonly VersionStatement[],
): { saying: VersionStatement; version: string | undefined } | undefined {
  const pin = all.find((versionStatement) => exact(versionStatement.text));
  if (pin) return { saying: pin, version: exact(pin.text) };
  const range = all[0];
  return range && { saying: range, version: newestInside(range.text) };
}

function version(project: Project, root: string): Known<{ version: string; range?: string }> | Unknown {
  const chosen = choose(versionStatements(project, root, places));
  if (!chosen) return { value: { version: images.version }, by: 'default', from: [] };
  const { text, from } = chosen.saying;
  if (chosen.version === undefined) {
    return { why: `no version of Bun known as of ${asOf} matches "${text}"`, ask: 'runtime', from: [from] };
  }
  return { value: { version: chosen.version, ...(exact(text) ? {} : { range: text }) }, by: 'detected', from: [from] };
}

/** What is said elsewhere and does not agree with what was chosen. */
function disagreements(
  project: Project,
  root: string,
): readonly { code: string; message: string; from: readonly Evidence[] }[] {
  const all = versionStatements(project, root, places);
  const chosen = choose(all);
  const taken = chosen?.version;
  if (!chosen || taken === undefined) return [];
  return all
    .filter((versionStatement) => versionStatement !== chosen.saying && !agrees(versionStatement.text, taken))
    .map((versionStatement) => ({
      code: 'runtime-version-conflict',
      message: `Bun ${taken} is used, as ${chosen.saying.from.file} says; ${versionStatement.from.file} says ${versionStatement.text}`,
      from: [chosen.saying.from, versionStatement.from],
    }));
}

function agrees(text: string, taken: string): boolean {
  const pin = exact(text);
  if (pin) return pin === taken;
  return validRange(text) === null || satisfies(taken, text);
}

function supportNotes(asked: string): readonly { code: string; message: string }[] {
  // `1` is the newest of its lines
  const line = images.lines.find(
    (line) => `${asked}.`.startsWith(`${line.line}.`) || line.line.startsWith(`${asked}.`),
  );
  if (line?.supported) return [];
  const least = minVersion(asked);
  if (!line) {
    const newer = least && knownVersions[0] && satisfies(least, `>${knownVersions[0]}`);
    return newer
      ? [
          {
            code: 'runtime-unknown',
            message: `Bun ${asked} is newer than the versions known as of ${asOf}: check that its image exists`,
          },
        ]
      : [
          {
            code: 'runtime-past',
            message: `Bun ${asked} no longer gets fixes (as of ${asOf}); the newest is ${images.version}`,
          },
        ];
  }
  return [
    {
      code: 'runtime-past',
      message: `Bun ${line.line} no longer gets fixes (as of ${asOf}): its last release is ${line.newest}, the newest Bun is ${images.version}`,
    },
  ];
}

/** The image for a version; a project that asks for a release before slim images were Debian 13 still gets the one of that release. */
const named = (image: string, of: string): string => image.replace('VERSION', of);

function bases(of: string): readonly RuntimeBase[] {
  return [
    {
      kind: 'distroless',
      image: named(images.distroless.image, of),
      uid: images.distroless.uid,
      gid: images.distroless.gid,
      shell: images.distroless.shell,
      copiedFromBuild: images.distroless.copiedFromBuild,
      why: `only the C and C++ libraries that Bun needs: no ${images.distroless.lacks[1]} and no shell`,
    },
    {
      kind: 'slim',
      image: named(images.slim.image, of),
      uid: images.slim.uid,
      gid: images.slim.gid,
      shell: images.slim.shell,
      copiedFromBuild: [],
      why: 'Debian with a shell and system libraries, which the app needs',
    },
  ];
}

function compiledBase(): RuntimeBase {
  const base = images.compiled ?? images.distroless;
  const { image, uid, gid, shell } = base;
  return {
    kind: 'distroless',
    image,
    uid,
    gid,
    shell,
    copiedFromBuild: [],
    why: 'the C library and CA certificates: the program includes the rest',
  };
}

/** Flags that only serve development: they watch files, reload or debug. */
const development = ['--watch', '--hot', '--no-clear-screen', '--inspect', '--inspect-wait', '--inspect-brk'];
/** Flags before the file that take a value in the next argument. */
const valued = [
  '--preload',
  '-r',
  '--require',
  '--import',
  '--port',
  '--conditions',
  '--define',
  '-d',
  '--tsconfig-override',
  '--config',
  '-c',
  '--cwd',
  '--env-file',
];
/** Words of the command line that are no file. */
const commands = new Set([
  'build',
  'test',
  'install',
  'add',
  'remove',
  'x',
  'create',
  'init',
  'pm',
  'link',
  'publish',
  'upgrade',
  'exec',
  'repl',
  'ci',
  'update',
  'audit',
  'outdated',
  'patch',
]);

/** What bunfig.toml says; nothing where it cannot be read. */
function settings(text: string | undefined): Readonly<Record<string, unknown>> {
  if (text === undefined) return {};
  try {
    const { value } = parseToml(text, 'bunfig.toml');
    return isTable(value) ? value : {};
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return {};
  }
}

/** Files of the app that `preload` of bunfig.toml names, as flags: what is built has no such file beside it (bun.com, "bunfig.toml"). */
function settingsPreloads(
  kept: readonly string[],
  read: ((file: string) => string | undefined) | undefined,
): readonly string[] {
  const preload = settings(read?.('bunfig.toml')).preload;
  const files = (Array.isArray(preload) ? preload : [preload]).filter((item) => typeof item === 'string');
  return files.flatMap((file) => (file.startsWith('./') && !kept.includes(file) ? ['--preload', file] : []));
}

/** `[serve.static]` of bunfig.toml (bun.com/docs/bundler/fullstack, "Plugins" and "Inline environment variables"). */
function pages(read: (file: string) => string | undefined): ReturnType<NonNullable<Runtime['pages']>> {
  const file = 'bunfig.toml';
  const { serve } = settings(read(file));
  const own = isTable(serve) ? serve['static'] : undefined;
  if (!isTable(own)) return undefined;
  const { plugins, env } = own;
  const names = (Array.isArray(plugins) ? plugins : []).filter((plugin) => typeof plugin === 'string');
  const prefix = env === 'inline' ? '' : typeof env === 'string' && env.endsWith('*') ? env.slice(0, -1) : undefined;
  if (names.length === 0 && prefix === undefined) return undefined;
  return { file, plugins: names, ...(prefix === undefined ? {} : { prefix }) };
}

function starts(
  argv: readonly string[],
  read?: (file: string) => string | undefined,
): ReturnType<NonNullable<Runtime['starts']>> {
  if (argv[0] !== 'bun') return undefined;
  const kept: string[] = ['bun'];
  const dropped: string[] = [];
  for (let at = 1; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    if (word === 'run' || word === '--bun' || word === '-b') continue;
    if (!word.startsWith('-')) {
      const file = startedFrom(word, read);
      if (commands.has(word) || !/\.[cm]?[jt]sx?$|\//.test(file)) return undefined;
      return { file, argv: [...kept, ...settingsPreloads(kept, read), file, ...argv.slice(at + 1)], dropped };
    }
    const [file] = envFilesOf(argv.slice(at, at + 2));
    const serves = file === undefined ? development.includes(word.split('=')[0] ?? '') : !canShip(read?.(file), file);
    const into = serves ? dropped : kept;
    into.push(word);
    if (valued.includes(word)) {
      at += 1;
      into.push(argv[at] ?? '');
    }
  }
  return undefined;
}

export const runtime: Runtime = {
  version,
  // npm, and what npm installs, are programs for Node.js
  lacksFor: (manager) =>
    manager === detection.name
      ? undefined
      : {
          image: nodeForManagers,
          source: '/usr/local/',
          to: '/usr/local/',
          why: 'the package manager that wrote the lockfile runs on Node.js; the app itself runs on Bun',
        },
  environment: { globals: ['Bun.env', 'import.meta.env'], imports: [{ module: 'bun', name: 'env' }] },
  // Bun.serve without a port reads BUN_PORT, PORT and NODE_PORT, in this order (Bun's documentation of HTTP servers)
  serves: {
    call: 'Bun.serve',
    port: 3000,
    variable: 'PORT',
    why: 'Bun.serve uses PORT, or 3000, if the code sets no port',
  },
  stubServer: (port) => [
    'bun',
    '-e',
    `Bun.serve({ port: ${port}, hostname: '0.0.0.0', fetch: () => Response.json({}) })`,
  ],
  starts,
  entries: [
    'index.ts',
    'src/index.ts',
    'server.ts',
    'src/server.ts',
    'main.ts',
    'src/main.ts',
    'app.ts',
    'src/app.ts',
    'index.js',
    'src/index.js',
    'server.js',
    'src/server.js',
    'index.tsx',
    'src/index.tsx',
  ],
  notes: disagreements,
  build: (of) => ({ image: named(images.build.image, of), uid: images.build.uid, gid: images.build.gid }),
  bases,
  compiledBase,
  probe: (port, variable, path, asking) => ['bun', '-e', httpProbe(port, variable, path, asking)],
  probePort: (port, variable) => [
    'bun',
    '-e',
    `require('node:net').connect(${portOf(port, variable)},'127.0.0.1').on('connect',()=>process.exit(0)).on('error',()=>process.exit(1))`,
  ],
  run: (file) => ['bun', file],
  watch: (file) => ['bun', '--watch', file],
  pages,
  runsSource: () => true,
  test: () => ['bun', 'test'],
  supportNotes,
  flagsVariable: 'BUN_OPTIONS',
  production: { NODE_ENV: 'production' },
};
