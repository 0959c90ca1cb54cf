/**
 * Node.js. Which version an app asks for, in this order:
 *
 * 1. `.nvmrc`, `.node-version`
 * 2. `.tool-versions` (`nodejs`, `node`)
 * 3. `mise.toml`, `.mise.toml`
 * 4. `volta.node` of package.json
 * 5. `devEngines.runtime`
 * 6. `engines.node`
 *
 * in the folder of the app, then in the root of the repository. What says most comes first, wherever it stands: an exact version, then a
 * line (`22`, `lts/jod`), then a range, which takes the newest long-term line inside it. Where nothing says it, `@types/node` does: what the
 * source was written against is not started on a line of years later, but on the oldest supported one that is not older; then the form of
 * the lockfile, where it is no longer written. What else is said and does not agree is a note.
 * Of a range, of the types and of the default a line is taken that no package of the lockfile refuses, where an install would.
 * The version installed on this machine is never asked.
 */
import { posix } from 'node:path';
import { satisfies } from 'semver';
import { runtimeImages } from '../../catalog/bases.ts';
import { toolchain } from '../../catalog/toolchain.ts';
import { canShip, envFilesOf } from '../../formats/env/files.ts';
import { parseJson } from '../../formats/json/index.ts';
import { nodesOf, parseSource, property, stringValue } from '../../formats/source/index.ts';
import { UserError } from '../../model/errors.ts';
import { isAtLeast } from '../../model/version-line.ts';
import { isTable } from '../../project/data.ts';
import type { Detection, Runtime, RuntimeBase, StartTarget } from '../contract.ts';
import { programRun } from '../javascript.ts';
import {
  engineMismatches,
  isHint,
  isLongTerm,
  supportNotes,
  version,
  versionConflicts,
} from '../support/node-version.ts';
import { startedFrom } from '../support/packages.ts';
import { httpProbe, portOf } from '../support/probe.ts';
import { runsTypeScript } from '../support/runs-typescript.ts';
import { exact } from '../support/versions.ts';

const images = runtimeImages.node;

export const detection: Detection = {
  name: 'node',
  title: 'Node.js',
  role: 'runtime',
  files: ['.nvmrc', '.node-version', 'package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'yarn.lock'],
  fields: ['volta.node', 'devEngines.runtime.name=node', 'engines.node'],
  programs: ['node', 'tsx', 'ts-node', 'ts-node-dev', 'tsnd', 'nodemon', 'nest', 'pm2', 'pm2-runtime', 'npm', 'npx'],
  isDefault: true,
};

/**
 * The first releases of a line whose images were built on a Debian, the newest Debian first (docker-node, versions.json by commit): Debian 13
 * came in August 2025, when 21 and 23 had ended, 12 in June 2023, 11 in August 2021 and 10 in July 2019. A line that is not named has that Debian from its first release on where
 * it is newer than all that are named, else never.
 */
const builtOn: readonly { readonly distribution: string; readonly since: Readonly<Record<string, string>> }[] = [
  { distribution: 'trixie', since: { '20': '20.19.5', '22': '22.19.0', '24': '24.6.0' } },
  { distribution: 'bookworm', since: { '16': '16.20.0', '18': '18.16.0', '20': '20.3.0' } },
  { distribution: 'bullseye', since: { '12': '12.22.5', '14': '14.17.5', '16': '16.6.0' } },
  { distribution: 'buster', since: { '8': '8.16.1', '10': '10.16.1', '12': '12.7.0', '14': '14.0.0', '16': '16.0.0' } },
];
/** Odd lines between those that are named, which ended with it. */
const between: Readonly<Record<string, string>> = { '13': 'buster', '15': 'buster' };
const later = (major: string, since: Readonly<Record<string, string>>): boolean =>
  Number(major) > Math.max(...Object.keys(since).map(Number));

/** The Debian of the image for a version; undefined: an older one than any that is named, which the plain tag has. */
function distributionOf(of: string): string | undefined {
  const [major = ''] = of.split('.');
  const release = exact(of) ?? (/^\d+\.\d+$/.test(of) ? `${of}.99` : undefined);
  const found = builtOn.find(({ since, distribution }) => {
    const first = Object.hasOwn(since, major) ? since[major] : undefined;
    if (first === undefined) return later(major, since) || between[major] === distribution;
    return !release || satisfies(release, `>=${first}`);
  });
  return found?.distribution;
}

/** The image for a version. */
const named = (image: string, of: string): string =>
  image.replace('VERSION', of).replace('-DISTRIBUTION', distributionOf(of) ? `-${distributionOf(of)}` : '');

function bases(of: string): readonly RuntimeBase[] {
  const { distroless, slim } = images;
  const plain: RuntimeBase = {
    kind: 'slim',
    image: named(slim.image, of),
    uid: slim.uid,
    gid: slim.gid,
    shell: slim.shell,
    copiedFromBuild: [],
    why: 'Debian with Node.js, a shell and system libraries, which the app needs',
  };
  // the distroless images have the newest release of a line alone, and the supported lines alone
  const line = images.lines.find((line) => line.line === of && line.supported && isLongTerm(line.line));
  if (!line) return [plain];
  return [
    {
      kind: 'distroless',
      image: named(distroless.image, of),
      uid: distroless.uid,
      gid: distroless.gid,
      shell: distroless.shell,
      copiedFromBuild: distroless.copiedFromBuild,
      ...(distroless.program ? { program: distroless.program } : {}),
      why: 'Node.js and the libraries that it needs: no shell and no package manager',
    },
    plain,
  ];
}

/** Flags that only serve development. */
const development = new Set(
  '--watch --watch-path --watch-preserve-output --inspect --inspect-wait --inspect-brk --trace-warnings'.split(' '),
);
/** Flags before the file that take a value in the next argument. */
const valued = new Set(
  '-r --require --import --loader --experimental-loader -C --conditions --watch-path --env-file --env-file-if-exists --max-old-space-size'.split(
    ' ',
  ),
);

/** `node [flags] file [arguments]`, without what only serves development. */
function startsNode(argv: readonly string[], read: Read | undefined): StartTarget | undefined {
  const kept: string[] = ['node'];
  const dropped: string[] = [];
  for (let at = 1; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    if (word === 'run') continue;
    if (!word.startsWith('-')) {
      // options of dotenv, which reads a file that no image holds: in a container the environment says it
      const given = argv.slice(at + 1).filter((value) => !value.startsWith('dotenv_config_'));
      const file = startedFrom(word, read);
      return { file, argv: [...kept, file, ...given], dropped };
    }
    if (['-e', '--eval', '-p', '--print', '--test', '--run', '--check'].includes(word)) return undefined;
    const [file] = envFilesOf(argv.slice(at, at + 2));
    const serves =
      file === undefined
        ? development.has(word.split('=')[0] ?? '') || argv[at + 1] === 'dotenv/config'
        : !canShip(read?.(file), file);
    const into = serves ? dropped : kept;
    into.push(word);
    if (valued.has(word)) {
      at += 1;
      into.push(argv[at] ?? '');
    }
  }
  return undefined;
}

/** Programs that run TypeScript as it is, and the module that does the same inside Node. */
const loaders: Readonly<Record<string, readonly string[]>> = {
  tsx: ['--import', 'tsx'],
  'ts-node': ['--require', 'ts-node/register'],
  'ts-node-esm': ['--loader', 'ts-node/esm'],
  'ts-node-dev': ['--require', 'ts-node/register'],
  tsnd: ['--require', 'ts-node/register'],
};
/** Flags of ts-node by which no types are checked (typestrong.org/ts-node, "Options"): what the author leaves out must not end the start. */
const uncheckedFlags = new Set(['-T', '--transpile-only', '--transpileOnly', '--swc']);
const unchecked = (module: string): string => (module.startsWith('ts-node/') ? `${module}/transpile-only` : module);

/** `tsx watch src/index.ts`, `ts-node -T src/index.ts`: the file through the loader, in one process that gets the signals. */
function startsLoader(argv: readonly string[]): StartTarget | undefined {
  const [program = ''] = argv;
  const loader = Object.hasOwn(loaders, program) ? loaders[program] : undefined;
  if (!loader) return undefined;
  const takes = new Set(['--tsconfig', '--project', '-P', '--env-file', '-r', '--require', '--import', '--loader']);
  const kept: string[] = [];
  const dropped: string[] = [program];
  let checks = true;
  for (let at = 1; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    if (word === 'watch' && at === 1) dropped.push(word);
    else if (!word.startsWith('-'))
      return {
        file: word,
        argv: ['node', ...(checks ? loader : loader.map(unchecked)), ...kept, word, ...argv.slice(at + 1)],
        dropped,
      };
    else if (uncheckedFlags.has(word)) checks = false;
    else {
      const into = ['-r', '--require', '--import', '--loader'].includes(word) ? kept : dropped;
      into.push(word);
      if (takes.has(word)) {
        at += 1;
        into.push(argv[at] ?? '');
      }
    }
  }
  return undefined;
}

/** `fetch` is there without a flag from 18 on, `AbortSignal.timeout` from 17.3 on (nodejs.org, "Global objects"). */
const webFrom = 18;
/** `require` takes names with `node:` from 14.18 on, whose image the line 14 is (nodejs.org, "Modules: node: imports"). */
const prefixesFrom = 14;

/** The source through a loader of the project, which is there while developing: the one that the start command names, or one of its packages. */
const developing: Runtime['developing'] = ({ commands, dependencies, entry }) => {
  const start = 'value' in commands.start ? commands.start.value.argv : [];
  const file = 'value' in entry ? entry.value : undefined;
  if (start.some((word) => /\.[cm]?tsx?$/.test(word)) && start.some((word) => loads.has(word.split('/')[0] ?? '')))
    return start;
  const loader = ['tsx', 'ts-node'].find((name) => dependencies.some((dependency) => dependency.name === name));
  return loader === undefined || file === undefined ? undefined : ['node', ...(loaders[loader] ?? []), file];
};
const loads = new Set(['tsx', 'ts-node']);

type Read = (file: string) => string | undefined;

/** The first app of a file that tells pm2 what to start (`ecosystem.config.js`, `process.json`: pm2.keymetrics.io, "Ecosystem File"). */
function toldInFile(words: readonly string[], read: Read | undefined): readonly string[] {
  const file = words.find((word) => /\.(json|config\.[cm]?js)$/.test(word));
  const text = file === undefined ? undefined : read?.(file);
  if (file === undefined || text === undefined) return words;
  // JSON is an expression of JavaScript
  const source = parseSource(file, file.endsWith('.json') ? `(${text})` : text);
  const script = nodesOf(source.program, 'ObjectExpression')
    .map((object) => property(object, 'script'))
    .map((value) => value && stringValue(source, value))
    .find((value) => value !== undefined);
  return script === undefined ? [] : [script];
}

/** Programs that start Node again and again, or keep it alive: what they start is started itself. */
function startsWatcher(argv: readonly string[], read: Read | undefined): StartTarget | undefined {
  const [program = ''] = argv;
  if (!['nodemon', 'pm2', 'pm2-runtime', 'forever'].includes(program)) return undefined;
  const takes = new Set([
    '--watch',
    '-w',
    '--ext',
    '-e',
    '--ignore',
    '-i',
    '--delay',
    '-d',
    '--signal',
    '--config',
    '--name',
    '-n',
    '--env',
    '--only',
  ]);
  const rest = argv.slice(1);
  const exec = rest.findIndex((word) => word === '--exec' || word === '-x');
  const words = exec === -1 ? rest : [...rest.slice(0, exec), ...rest.slice(exec + 2)];
  const named: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (takes.has(word)) at += 1;
    else if (!word.startsWith('-') && !(at === 0 && ['start', 'restart'].includes(word))) named.push(word);
  }
  // `pm2 monit`, `pm2 save`: no words of a program
  const verb = rest.find((word) => !word.startsWith('-')) ?? '';
  if (managing.has(verb) && program !== 'nodemon') return undefined;
  const leaves = ['pm2', 'forever'].includes(program) && verb === 'start' && !rest.includes('--no-daemon');
  const told: NodemonSettings = program === 'nodemon' ? nodemonSettings(exec === -1 && named.length === 0, read) : {};
  const inner = (exec === -1 ? told.exec : rest[exec + 1])?.split(' ').filter((word) => word !== '');
  const files = program.startsWith('pm2') ? toldInFile(named, read) : (told.files ?? named);
  // the programs that nodemon has for endings (its "execMap")
  const runner = program === 'nodemon' && /\.tsx?$/.test(files[0] ?? '') ? 'ts-node' : 'node';
  const command = inner && inner.length > 0 ? [...inner, ...files] : files.length > 0 ? [runner, ...files] : undefined;
  const started = command && starts(command, read);
  return started && { ...started, dropped: [program, ...started.dropped], ...(leaves ? { leaves } : {}) };
}

type NodemonSettings = { readonly exec?: string; readonly files?: readonly string[] };

/** What nodemon starts where its line names nothing: what nodemon.json says, or package.json, last of all its `main` (nodemon, "Config files"). */
function nodemonSettings(isSilent: boolean, read: Read | undefined): NodemonSettings {
  if (!isSilent) return {};
  const { nodemonConfig, main } = tableIn('package.json', read);
  const own = tableIn('nodemon.json', read);
  const { exec, script } = Object.keys(own).length > 0 ? own : isTable(nodemonConfig) ? nodemonConfig : {};
  const file = [script, ...(exec === undefined ? [main] : [])].find((item) => typeof item === 'string');
  // more than one command is left to the script
  const isPlain = typeof exec === 'string' && !/[&|;<>$`"'\\()]/.test(exec);
  if (exec !== undefined && !isPlain) return {};
  return { ...(isPlain ? { exec } : {}), ...(typeof file === 'string' ? { files: [file] } : {}) };
}

/** What pm2 and forever do besides starting: they name processes, and no files (pm2.keymetrics.io, "Quick Start"). */
const managing = new Set(
  'monit logs log list ls l status save dump resurrect startup unstartup stop stopall delete del kill flush describe show info ping update jlist prettylist reset scale'.split(
    ' ',
  ),
);

/** `nest start` builds and then runs what it built (Nest's CLI, `nest-cli.json` can name another file). */
function startsNest(argv: readonly string[], read: Read | undefined): StartTarget | undefined {
  if (argv[0] !== 'nest' || argv[1] !== 'start') return undefined;
  const { entryFile } = nestSettings(read);
  const file = `dist/${typeof entryFile === 'string' ? posix.normalize(entryFile) : 'main'}.js`;
  return { file, argv: ['node', file], dropped: [...argv] };
}

/** Flags of fastify-cli whose value is the next word, and those that only serve development (fastify-cli, "args.js"). */
const pluginFlags = {
  valued: new Set(
    '-p --port -a --address -s --socket -l --log-level -x --prefix -T --plugin-timeout -g --close-grace-delay -L --logging-module -r --require -i --import -c --config -I --debug-port --body-limit --debug-host --ignore-watch --follow-watch'.split(
      ' ',
    ),
  ),
  development: new Set(
    '-w --watch -V --verbose-watch -d --debug -I --debug-port --debug-host --ignore-watch --follow-watch'.split(' '),
  ),
};

/** `fastify start app.js`: the file exports a plugin that is the app, and fastify-cli listens, where its variables say it. */
function startsPlugin(argv: readonly string[]): StartTarget | undefined {
  if (argv[0] !== 'fastify' || argv[1] !== 'start') return undefined;
  const kept: string[] = [];
  const dropped: string[] = [];
  const said = new Map<string, string>();
  let file: string | undefined;
  for (let at = 2; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    const [flag = '', own] = word.split('=');
    const into = pluginFlags.development.has(flag) ? dropped : kept;
    into.push(word);
    if (!word.startsWith('-')) file ??= word;
    if (!pluginFlags.valued.has(flag)) continue;
    said.set(flag, own ?? argv[at + 1] ?? '');
    if (own !== undefined) continue;
    at += 1;
    into.push(argv[at] ?? '');
  }
  const port = said.get('-p') ?? said.get('--port');
  const address = said.get('-a') ?? said.get('--address');
  if (file === undefined || said.has('-s') || said.has('--socket')) return undefined;
  return {
    file,
    argv: ['node_modules/.bin/fastify', 'start', ...kept],
    dropped,
    opens: {
      port: port === undefined ? { number: 3000, variable: 'PORT' } : { number: Number(port) },
      host: address === undefined ? { address: 'localhost', variable: 'FASTIFY_ADDRESS' } : { address },
      signals: ['SIGINT', 'SIGTERM'],
    },
  };
}

/** `nest build` runs the compiler of TypeScript, unless a bundler is asked for (Nest's CLI, "tsconfig.build.json"). */
const compiles: Runtime['compiles'] = (argv, read) => {
  const plain = argv[0] === 'nest' && argv[1] === 'build';
  const isCompiler = !argv.some((word) => /^--(webpack|builder|path)\b/.test(word)) && !bundlesByNest(read);
  return plain && isCompiler ? ['tsconfig.build.json', 'tsconfig.json'] : undefined;
};

const nestSettings = (read: Read | undefined) => tableIn('nest-cli.json', read);

/** What a file of settings says; nothing where it is not there or cannot be read. */
function tableIn(file: string, read: Read | undefined): Readonly<Record<string, unknown>> {
  const text = read?.(file);
  if (text === undefined) return {};
  try {
    const { value } = parseJson(text, file, { lenient: true });
    return isTable(value) ? value : {};
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return {};
  }
}

/** Whether Nest's CLI builds by another program than the compiler of TypeScript: webpack and SWC put what they make of src/main.ts at dist/main.js, whatever it imports. */
function bundlesByNest(read: Read | undefined): boolean {
  const { compilerOptions } = nestSettings(read);
  if (!isTable(compilerOptions)) return false;
  const { webpack, builder } = compilerOptions;
  const name = isTable(builder) ? builder.type : builder;
  return name === undefined ? webpack === true : name !== 'tsc';
}

function starts(line: readonly string[], read?: Read): StartTarget | undefined {
  const argv = programRun(line) ?? line;
  const [program] = argv;
  if (program === 'node') return startsNode(argv, read);
  return startsLoader(argv) ?? startsWatcher(argv, read) ?? startsNest(argv, read) ?? startsPlugin(argv);
}

export const runtime: Runtime = {
  headers: toolchain.env,
  installPrograms: (packages) => ['npm', 'install', '--global', ...packages],
  version,
  isHint,
  engineMismatches,
  environment: {
    globals: [],
    imports: [
      { module: 'node:process', name: 'env' },
      { module: 'process', name: 'env' },
    ],
  },
  stubServer: (port) => [
    'node',
    '-e',
    `require('node:http').createServer((q,r)=>r.setHeader('content-type','application/json').end('{}')).listen(${port},'0.0.0.0')`,
  ],
  starts,
  compiles,
  entries: ['src/index', 'src/main', 'src/server', 'src/app', 'index', 'server', 'main', 'app', 'bin/www'].flatMap(
    (stem) => (stem === 'bin/www' ? [stem] : ['ts', 'mts', 'js', 'mjs', 'cjs'].map((ending) => `${stem}.${ending}`)),
  ),
  notes: versionConflicts,
  build: (of) => ({ image: named(images.build.image, of), uid: images.build.uid, gid: images.build.gid }),
  bases,
  probe: (port, variable, path, asking, of) => [
    'node',
    '-e',
    httpProbe(port, variable, path, asking, isAtLeast(webFrom, of)),
  ],
  probePort: (port, variable, of) => [
    'node',
    '-e',
    `require('${isAtLeast(prefixesFrom, of) ? 'node:' : ''}net').connect(${portOf(port, variable)},'127.0.0.1').on('connect',()=>process.exit(0)).on('error',()=>process.exit(1))`,
  ],
  run: (file) => ['node', file],
  watch: (file) => ['node', '--watch', file],
  webFrom,
  // `--watch` came with 18.11 and is marked as stable from 22 on (nodejs.org, "Command-line API")
  watchesFrom: 18,
  runsSource: runsTypeScript,
  developing,
  test: () => ['node', '--test'],
  testModules: ['node:test'],
  supportNotes,
  flagsVariable: 'NODE_OPTIONS',
  // OpenSSL 3 came with 17, and the flag with it (nodejs.org, "Node.js 17 changelog")
  oldHashes: (of) => (isAtLeast(17, of) ? { NODE_OPTIONS: '--openssl-legacy-provider' } : {}),
  production: { NODE_ENV: 'production' },
};
