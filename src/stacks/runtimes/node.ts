/**
 * Node.js. Which version an app asks for, in this order:
 *
 *   1. `.nvmrc`, `.node-version`         2. `.tool-versions` (`nodejs`, `node`)       3. `mise.toml`, `.mise.toml`
 *   4. `volta.node` of package.json      5. `devEngines.runtime`                      6. `engines.node`
 *
 * in the folder of the app, then in the root of the repository. What says most comes first, wherever it stands: an exact version, then a
 * line (`22`, `lts/jod`), then a range, which takes the newest long-term line inside it. Where nothing says it, `@types/node` does: what the
 * source was written against is not started on a line of years later, but on the oldest supported one that is not older; then the form of
 * package-lock.json, where it is the first one. What else is said and does not agree is a note.
 * Of a range, of the types and of the default a line is taken that no package of the lockfile refuses, where an install would.
 * The version installed on this machine is never asked.
 */
import { intersects, minVersion, satisfies, validRange } from 'semver';
import { asOf, runtimeImages, type VersionLine } from '../../catalog/bases.ts';
import type { Evidence, Known, Unknown } from '../../model/evidence.ts';
import { readData } from '../../project/data.ts';
import type { Project } from '../../project/project.ts';
import type { Demand, Recognise, Runtime, RuntimeBase } from '../contract.ts';
import { unmet } from '../support/demands.ts';
import { exact, type Places, type Saying, sayings } from '../support/versions.ts';

const images = runtimeImages.node;

export const recognise: Recognise = {
  name: 'node',
  title: 'Node.js',
  role: 'runtime',
  files: ['.nvmrc', '.node-version', 'package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'yarn.lock'],
  fields: ['volta.node', 'devEngines.runtime.name=node', 'engines.node'],
  programs: ['node', 'tsx', 'ts-node', 'ts-node-dev', 'tsnd', 'nodemon', 'nest', 'pm2', 'pm2-runtime', 'npm', 'npx'],
  otherwise: true,
};

const places: Places = {
  files: ['.nvmrc', '.node-version'],
  tools: ['nodejs', 'node'],
  fields: [{ path: ['volta', 'node'] }, { path: ['devEngines', 'runtime', 'version'] }, { path: ['engines', 'node'] }],
};

/** Names of the long-term lines, as nvm and the images write them (nodejs/Release). */
const codenames: Readonly<Record<string, string>> = {
  lithium: '26',
  krypton: '24',
  jod: '22',
  iron: '20',
  hydrogen: '18',
  gallium: '16',
  fermium: '14',
};

/** Odd lines are never long-term; from 27 on every one is (nodejs/Release). */
const isLongTerm = (line: string): boolean => Number(line) % 2 === 0 || Number(line) > 26;

/** Numbers as semver takes them: `00` is none, and one of twenty digits is no line. */
const plainLine = /^(0|[1-9]\d{0,4})(\.(0|[1-9]\d{0,4}))?$/;
const openLine = /^(0|[1-9]\d{0,4})(\.x){1,2}$/;

/** The line that a word means: `22`, `v22`, `lts/jod`, `lts/*`, `node`. */
function lineOf(text: string): string | undefined {
  const word = text.toLowerCase().replace(/^(node-)?v?/, '');
  if (['*', 'x', '', 'latest', 'current', 'node', 'stable', 'lts', 'lts/*', 'lts-latest'].includes(text.toLowerCase()))
    return images.version;
  const codename = text.toLowerCase().replace(/^lts[/-]/, '');
  if (Object.hasOwn(codenames, codename)) return codenames[codename];
  return plainLine.test(word) ? word : openLine.test(word) ? word.split('.')[0] : undefined;
}

/** What the image of a version holds: the newest release of a line. */
const releaseOf = (version: string): string =>
  exact(version) ?? images.lines.find((one) => one.line === version)?.newest ?? `${version}.0`;

const refused = (version: string, demands: readonly Demand[]): readonly Demand[] => unmet(releaseOf(version), demands);

/** The lines that no package refuses; where each is refused by one, all of them: the install says it then. */
function accepted(lines: readonly VersionLine[], demands: readonly Demand[]): readonly VersionLine[] {
  const inside = lines.filter((one) => refused(one.line, demands).length === 0);
  return inside.length > 0 ? inside : lines;
}

/** The newest long-term line inside a range; where only some releases of a line are inside, the first of those. */
function insideRange(text: string, demands: readonly Demand[] = []): string | undefined {
  if (validRange(text) === null) return undefined;
  const inside = accepted(
    images.lines.filter(({ line }) => intersects(text, `${line}.x`)),
    demands,
  );
  const chosen = inside.find(({ line }) => isLongTerm(line)) ?? inside[0];
  if (!chosen) return undefined;
  if (satisfies(`${chosen.line}.9999.0`, text)) return chosen.line;
  const least = minVersion(text);
  return least && String(least.major) === chosen.line ? `${least.major}.${least.minor}` : chosen.line;
}

type Meant = { readonly saying: Saying; readonly version: string; readonly pinned: boolean };

/** What is meant, the most telling first: a release, a line, a range. */
function meant(all: readonly Saying[], demands: readonly Demand[] = []): Meant | undefined {
  const read = [
    (one: Saying) => exact(one.text),
    (one: Saying) => lineOf(one.text),
    (one: Saying) => insideRange(one.text, demands),
  ];
  for (const [at, reader] of read.entries()) {
    for (const saying of all) {
      const version = reader(saying);
      if (version !== undefined) return { saying, version, pinned: at === 0 };
    }
  }
  return undefined;
}

type Version = Known<{ version: string; range?: string }> | Unknown;

/** The version, and with it the demands that took a newer one out of the question. */
function version(project: Project, root: string, demands: readonly Demand[] = []): Version {
  const free = chosen(project, root, []);
  const taken = 'value' in free ? refused(free.value.version, demands) : [];
  if (taken.length === 0) return free;
  const found = chosen(project, root, demands);
  if (!('value' in found) || !('value' in free) || found.value.version === free.value.version) return found;
  return { ...found, by: 'detected', from: [...found.from, ...taken.slice(0, 1).map((one) => one.from)] };
}

function chosen(project: Project, root: string, demands: readonly Demand[]): Version {
  const all = sayings(project, root, places);
  const found = meant(all, demands);
  if (found) {
    const { text, from } = found.saying;
    return {
      value: { version: found.version, ...(found.pinned ? {} : { range: text }) },
      by: 'detected',
      from: [from],
    };
  }
  const [first] = all;
  if (!first) return writtenAgainst(project, root, demands) ?? lockedLongAgo(project, root, demands) ?? usual(demands);
  return {
    why: `no version of Node.js that is known on ${asOf} is inside "${first.text}"`,
    ask: 'runtime',
    from: [first.from],
  };
}

/** The line of the catalogue; where a package refuses it, the newest one that gets fixes, or else the newest, that none refuses. */
function usual(demands: readonly Demand[]): Version {
  const value = { version: images.version };
  if (refused(value.version, demands).length === 0) return { value, by: 'default', from: [] };
  const line = bestOf(accepted(images.lines, demands));
  return { value: line ? { version: line } : value, by: 'default', from: [] };
}

const bestOf = (lines: readonly VersionLine[]): string | undefined =>
  (lines.find((one) => one.supported && isLongTerm(one.line)) ?? lines.find((one) => isLongTerm(one.line)) ?? lines[0])
    ?.line;

/** The oldest supported long-term line that is not older than the types that the source was written against. */
function writtenAgainst(project: Project, root: string, demands: readonly Demand[]): Version | undefined {
  const data = readData(project, root === '.' ? 'package.json' : `${root}/package.json`);
  const path = ['devDependencies', 'dependencies']
    .map((group) => [group, '@types/node'])
    .find((one) => data?.text(one));
  const range = path && data?.text(path);
  const least = range && validRange(range) !== null ? minVersion(range)?.major : undefined;
  if (!data || !path || !range || least === undefined) return undefined;
  const version = notMuchLater(least, demands);
  const at = data.line(path);
  const why = `the source is written against the types of Node.js ${range}`;
  if (version === undefined) return undefined;
  const from = { file: data.file, ...(at === undefined ? {} : { line: at }), why };
  return { value: { version, range }, by: 'detected', from: [from] };
}

/** The newest line that came with a npm that writes the first form of its lockfile (npm 6; nodejs/Release). */
const lastOfFirstForm = 14;

/** A lockfile of the first form: what was last installed years ago was written for what there was then. */
function lockedLongAgo(project: Project, root: string, demands: readonly Demand[]): Version | undefined {
  const files = [root === '.' ? 'package-lock.json' : `${root}/package-lock.json`, 'package-lock.json'];
  const data = files.map((file) => readData(project, file)).find((one) => one !== undefined);
  if (data?.at(['lockfileVersion']) !== 1) return undefined;
  const version = notMuchLater(lastOfFirstForm, demands);
  const line = data.line(['lockfileVersion']);
  const why = `the lockfile is of the form that npm wrote up to Node.js ${lastOfFirstForm}`;
  const from = { file: data.file, ...(line === undefined ? {} : { line }), why };
  return version === undefined ? undefined : { value: { version }, by: 'detected', from: [from] };
}

/** The oldest supported long-term line that is not older than a line, and that no package refuses. */
function notMuchLater(least: number, demands: readonly Demand[]): string | undefined {
  const later = images.lines.filter((one) => isLongTerm(one.line) && Number(one.line) >= least);
  const open = accepted(later, demands);
  const refusedAll = open.some((one) => refused(one.line, demands).length > 0);
  // an install that is refused is worse than a line that is older than the types
  return refusedAll
    ? bestOf(accepted(images.lines, demands))
    : (open.findLast((one) => one.supported) ?? open[0])?.line;
}

/** What is said elsewhere and does not agree with what was taken. */
function disagreements(
  project: Project,
  root: string,
): readonly { code: string; message: string; from: readonly Evidence[] }[] {
  const all = sayings(project, root, places);
  const found = meant(all);
  if (!found) return [];
  return all
    .filter((one) => one !== found.saying && !agrees(one.text, found.version))
    .map((one) => ({
      code: 'runtime-version-conflict',
      message: `Node.js ${found.version} is used, as ${found.saying.from.file} says; ${one.from.file} says ${one.text}`,
      from: [found.saying.from, one.from],
    }));
}

function agrees(text: string, taken: string): boolean {
  const range = lineOf(text) ?? text;
  return validRange(range) === null || intersects(range, exact(taken) ?? `${taken}.x`);
}

function judge(asked: string): readonly { code: string; message: string }[] {
  const [major = ''] = asked.split('.');
  const line = images.lines.find((one) => one.line === major);
  if (line?.supported) return [];
  const newest = images.lines[0];
  if (!line && newest && Number(major) > Number(newest.line)) {
    const message = `Node.js ${asked} is newer than what is known on ${asOf}: check that its image is there`;
    return [{ code: 'runtime-unknown', message }];
  }
  const message = `Node.js ${major} gets no fixes any more (as of ${asOf}); the long-term line to move to is ${images.version}`;
  return [{ code: 'runtime-past', message }];
}

/** The first releases whose images were built on Debian 13 (August 2025, docker-node); lines from 25 on all are. */
const trixieSince: Readonly<Record<string, string>> = { '20': '20.19.5', '22': '22.19.0', '24': '24.6.0' };

function distributionOf(of: string): string {
  const [major = ''] = of.split('.');
  const since = trixieSince[major];
  const release = exact(of) ?? (/^\d+\.\d+$/.test(of) ? `${of}.99` : undefined);
  if (Number(major) < 20) return 'bookworm';
  return release && since && !satisfies(release, `>=${since}`) ? 'bookworm' : 'trixie';
}

/** The image for a version. */
const named = (image: string, of: string): string =>
  image.replace('VERSION', of).replace('DISTRIBUTION', distributionOf(of));

function bases(of: string): readonly RuntimeBase[] {
  const { distroless, slim } = images;
  const plain: RuntimeBase = {
    kind: 'slim',
    image: named(slim.image, of),
    uid: slim.uid,
    gid: slim.gid,
    shell: slim.shell,
    brings: [],
    why: 'Debian with Node.js, a shell and system libraries, for what needs them',
  };
  // the distroless images have the newest release of a line alone, and the supported lines alone
  const line = images.lines.find((one) => one.line === of && one.supported && isLongTerm(one.line));
  if (!line) return [plain];
  return [
    {
      kind: 'distroless',
      image: named(distroless.image, of),
      uid: distroless.uid,
      gid: distroless.gid,
      shell: distroless.shell,
      brings: distroless.brings,
      ...(distroless.program ? { program: distroless.program } : {}),
      why: 'Node.js and the libraries that it needs: it has no shell and no package manager',
    },
    plain,
  ];
}

/** The port as an expression: written without `$`, which Compose would take for a variable of its own. */
const portOf = (port: number, variable: string | undefined): string =>
  variable === undefined ? String(port) : `(process.env.${variable}||${port})`;

/** Flags that only serve development, or read files that no image holds. */
const development = new Set(
  '--watch --watch-path --watch-preserve-output --inspect --inspect-wait --inspect-brk --env-file --env-file-if-exists --trace-warnings'.split(
    ' ',
  ),
);
/** Flags before the file that take a value in the next argument. */
const valued = new Set(
  '-r --require --import --loader --experimental-loader -C --conditions --watch-path --env-file --env-file-if-exists --max-old-space-size'.split(
    ' ',
  ),
);

type Started = NonNullable<ReturnType<NonNullable<Runtime['starts']>>>;

/** `node [flags] file [arguments]`, without what only serves development. */
function startsNode(argv: readonly string[]): Started | undefined {
  const kept: string[] = ['node'];
  const dropped: string[] = [];
  for (let at = 1; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    if (word === 'run') continue;
    if (!word.startsWith('-')) {
      // options of dotenv, which reads a file that no image holds: in a container the environment says it
      const given = argv.slice(at + 1).filter((one) => !one.startsWith('dotenv_config_'));
      return { file: word, argv: [...kept, word, ...given], dropped };
    }
    if (['-e', '--eval', '-p', '--print', '--test', '--run', '--check'].includes(word)) return undefined;
    const serves = development.has(word.split('=')[0] ?? '') || argv[at + 1] === 'dotenv/config';
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

/** `tsx watch src/index.ts`, `ts-node -T src/index.ts`: the file through the loader, in one process that gets the signals. */
function startsLoader(argv: readonly string[]): Started | undefined {
  const [program = ''] = argv;
  const loader = Object.hasOwn(loaders, program) ? loaders[program] : undefined;
  if (!loader) return undefined;
  const takes = new Set(['--tsconfig', '--project', '-P', '--env-file', '-r', '--require', '--import', '--loader']);
  const kept: string[] = [];
  const dropped: string[] = [program];
  for (let at = 1; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    if (word === 'watch' && at === 1) dropped.push(word);
    else if (!word.startsWith('-'))
      return { file: word, argv: ['node', ...loader, ...kept, word, ...argv.slice(at + 1)], dropped };
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

type Read = (file: string) => string | undefined;

/** The first app of a file that tells pm2 what to start (`ecosystem.config.js`, `process.json`: pm2.keymetrics.io, "Ecosystem File"). */
function toldInFile(words: readonly string[], read: Read | undefined): readonly string[] {
  const file = words.find((word) => /\.(json|config\.[cm]?js)$/.test(word));
  const text = file === undefined ? undefined : read?.(file);
  if (text === undefined) return words;
  const script = /["']?\bscript["']?\s*:\s*["'`]([^"'`\n]+)["'`]/.exec(text)?.[1];
  return script === undefined ? [] : [script];
}

/** Programs that start Node again and again, or keep it alive: what they start is started itself. */
function startsWatcher(argv: readonly string[], read: Read | undefined): Started | undefined {
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
  const inner = exec === -1 ? undefined : (rest[exec + 1] ?? '').split(' ').filter((word) => word !== '');
  const words = exec === -1 ? rest : [...rest.slice(0, exec), ...rest.slice(exec + 2)];
  const named: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (takes.has(word)) at += 1;
    else if (!word.startsWith('-') && !(at === 0 && ['start', 'restart'].includes(word))) named.push(word);
  }
  const files = program.startsWith('pm2') ? toldInFile(named, read) : named;
  const command = inner && inner.length > 0 ? [...inner, ...files] : files.length > 0 ? ['node', ...files] : undefined;
  const started = command && starts(command);
  return started && { ...started, dropped: [program, ...started.dropped] };
}

/** `nest start` builds and then runs what it built (Nest's CLI, `nest-cli.json` can name another file). */
function startsNest(argv: readonly string[]): Started | undefined {
  if (argv[0] !== 'nest' || argv[1] !== 'start') return undefined;
  return { file: 'dist/main.js', argv: ['node', 'dist/main.js'], dropped: [...argv] };
}

/** `nest build` runs the compiler of TypeScript, unless a bundler is asked for (Nest's CLI, "tsconfig.build.json"). */
const compiles: Runtime['compiles'] = (argv) =>
  argv[0] === 'nest' && argv[1] === 'build' && !argv.some((word) => /^--(webpack|builder|path)\b/.test(word))
    ? ['tsconfig.build.json', 'tsconfig.json']
    : undefined;

function starts(argv: readonly string[], read?: Read): Started | undefined {
  const [program] = argv;
  if (program === 'npx')
    return starts(
      argv.slice(1).filter((word) => word !== '--yes' && word !== '-y'),
      read,
    );
  if (program === 'node') return startsNode(argv);
  return startsLoader(argv) ?? startsWatcher(argv, read) ?? startsNest(argv);
}

export const runtime: Runtime = {
  version,
  refused,
  environment: {
    globals: [],
    imports: [
      { module: 'node:process', name: 'env' },
      { module: 'process', name: 'env' },
    ],
  },
  answer: (port) => [
    'node',
    '-e',
    `require('node:http').createServer((q,r)=>r.setHeader('content-type','application/json').end('{}')).listen(${port},'0.0.0.0')`,
  ],
  starts,
  compiles,
  entries: ['src/index', 'src/main', 'src/server', 'src/app', 'index', 'server', 'main', 'app', 'bin/www'].flatMap(
    (stem) => (stem === 'bin/www' ? [stem] : ['ts', 'mts', 'js', 'mjs', 'cjs'].map((ending) => `${stem}.${ending}`)),
  ),
  notes: disagreements,
  build: (of) => ({ image: named(images.build.image, of), uid: images.build.uid, gid: images.build.gid }),
  bases,
  probe: (port, variable, path) => [
    'node',
    '-e',
    variable === undefined
      ? `fetch('http://127.0.0.1:${port}${path}').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))`
      : `fetch('http://127.0.0.1:'+${portOf(port, variable)}+'${path}').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))`,
  ],
  probePort: (port, variable) => [
    'node',
    '-e',
    `require('node:net').connect(${portOf(port, variable)},'127.0.0.1').on('connect',()=>process.exit(0)).on('error',()=>process.exit(1))`,
  ],
  run: (file) => ['node', file],
  watch: (file) => ['node', '--watch', file],
  test: () => ['node', '--test'],
  judge,
  production: { NODE_ENV: 'production' },
};
