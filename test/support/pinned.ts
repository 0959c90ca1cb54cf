/** What a generated text fetches without saying which release: read from the text itself, whoever wrote it. */
import { basename } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { parseDockerfile } from '../../src/formats/dockerfile/index.ts';

/**
 * Packages of the system have no version in a Dockerfile, on purpose: a release of Debian keeps one version of each and adds fixes of
 * security, and the image names the release (`trixie`, `debian13`). A version beside the name would be gone from the mirrors with the next fix.
 */
const ofTheDistribution: ReadonlySet<string> = new Set([
  // the init, linked statically (catalog/init.ts)
  'tini',
  // what node-gyp compiles with (catalog/toolchain.ts)
  'python3',
  'make',
  'g++',
  // the library that the engines of Prisma look for (stacks/migrators/prisma.ts)
  'openssl',
]);

const release = /^v?\d+\.\d+(\.\d+)?([-+][\w.-]+)?$/;
const flagless = (words: readonly string[]): readonly string[] => words.filter((word) => !word.startsWith('-'));

/** Whether `name@version`, `@scope/name@version` says a release and not a tag or a range. */
const isExact = (spec: string): boolean =>
  release.test(spec.slice(spec.lastIndexOf('@', spec.length) + 1)) && spec.lastIndexOf('@') > 0;
const inFolder = (spec: string): boolean => spec.startsWith('.') || spec.startsWith('/');

type Look = (rest: readonly string[]) => boolean;
const anyUnpinned: Look = (rest) => flagless(rest).some((spec) => !isExact(spec) && !inFolder(spec));
const first: Look = (rest) => {
  if (rest.some((word) => word === '--no-install' || word === '--no')) return false;
  const named = rest.findIndex((word) => word === '-p' || word === '--package');
  const spec = named === -1 ? flagless(rest)[0] : rest[named + 1];
  return spec !== undefined && !isExact(spec);
};
const pip: Look = (rest) => {
  if (rest.some((word) => ['-r', '--requirement', '--require-hashes', '-e', '--no-index'].includes(word))) return false;
  return flagless(rest).some((spec) => !/===?\d/.test(spec) && !inFolder(spec));
};
const go: Look = (rest) =>
  flagless(rest).some((path) => /^[\w-]+\.[\w.-]+\//.test(path) && !/@v\d+\.\d+\.\d+/.test(path));
const debian: Look = (rest) => flagless(rest).some((name) => !ofTheDistribution.has(name) && !/=\d/.test(name));
const always: Look = () => true;
const withVersion: Look = (rest) =>
  !rest.some((word) => /^--version(=|$)|^-v$|^--tag(=|$)|^--rev(=|$)|^--path(=|$)/.test(word)) &&
  !flagless(rest).every(isExact);

/** Words with which a command line begins that fetches, and whether what follows leaves the release open. */
const fetchers: readonly (readonly [words: string, open: Look])[] = [
  ...['npm install', 'npm i', 'npm add', 'yarn add', 'yarn global add', 'pnpm add', 'bun add'].map(
    (words) => [words, anyUnpinned] as const,
  ),
  ...[
    'npx',
    'npm exec',
    'npm x',
    'bunx',
    'bun x',
    'pnpx',
    'pnpm dlx',
    'yarn dlx',
    'uvx',
    'uv tool run',
    'pipx run',
  ].map((words) => [words, first] as const),
  ['corepack enable', always],
  ['corepack prepare', anyUnpinned],
  ['corepack use', anyUnpinned],
  ['corepack install', anyUnpinned],
  ...[
    'pip install',
    'pip3 install',
    'python -m pip install',
    'python3 -m pip install',
    'uv pip install',
    'uv tool install',
    'pipx install',
  ].map((words) => [words, pip] as const),
  ...['go install', 'go run', 'go get'].map((words) => [words, go] as const),
  ...['apt-get install', 'apt install'].map((words) => [words, debian] as const),
  ['apk add', debian],
  ['gem install', withVersion],
  ['cargo install', withVersion],
];

/** Flags that stand between a program and its verb, and around a command: `env A=b`, `sh -c`. */
const around =
  /^(\w+=.*|env|sudo|exec|time|--yes|-y|-q|--quiet|-qq|--silent|-s|--bun|-b|--mount=.*|--network=.*|--global|-g|-L|-d)$/;

function openCommand(argv: readonly string[]): boolean {
  if (['sh', 'bash', 'ash', 'dash'].includes(basename(argv[0] ?? '')) && /^-\w*c$/.test(argv[1] ?? ''))
    return openShell(argv[2] ?? '');
  const words = argv.filter((word, at) => !(around.test(word) && at < 3));
  const line = [basename(words[0] ?? ''), ...words.slice(1)];
  return fetchers.some(([start, open]) => {
    const names = start.split(' ');
    return names.every((name, at) => line[at] === name) && open(line.slice(names.length));
  });
}

const shellRun =
  /\b(curl|wget)\b[^|;&]*\|\s*(sudo\s+)?(\/\S*\/)?(ba|da|a|z)?sh\b|\b(ba|da|a|z)?sh\s+<\(\s*(curl|wget)\b|\$\(\s*(curl|wget)\b/;

function openShell(text: string): boolean {
  if (shellRun.test(text)) return true;
  return text.split(/&&|\|\||[;|\n]/).some((part) =>
    openCommand(
      part
        .trim()
        .split(/\s+/)
        .map((word) => word.replace(/^["']|["']$/g, '')),
    ),
  );
}

/** Whether an image says no release: a tag without a number counts as one only where the name says it, as in `cc-debian13:nonroot`. */
function openImage(image: string): boolean {
  if (image === 'scratch' || image.includes('@sha256:')) return false;
  const [, path = image, tag] = /^(.*?)(?::([^/]*))?$/.exec(image) ?? [];
  if (tag === undefined || tag === 'latest') return true;
  return !/\d/.test(tag) && !/\d/.test(basename(path));
}

/** Every instruction of a Dockerfile that leaves open what it fetches. */
function ofDockerfile(text: string): readonly string[] {
  const { directives, instructions, stages } = parseDockerfile(text);
  const own = new Set(stages.flatMap((stage, index) => [stage.name ?? '', String(index)]));
  const foreign = (image: string | undefined) =>
    image !== undefined && !own.has(image.toLowerCase()) && openImage(image);
  const frontends = directives
    .filter((one) => one.name === 'syntax' && openImage(one.value))
    .map((one) => `# syntax=${one.value}`);
  const open = instructions.filter((one) => {
    const texts = one.args.map((piece) => piece.text);
    if (one.keyword === 'FROM') return foreign(texts[0]);
    if (one.keyword === 'COPY') return foreign(one.flags.find((flag) => flag.name === 'from')?.value);
    if (one.keyword === 'ADD')
      return texts.some((word) => /^(https?|git):/.test(word)) && !one.flags.some((flag) => flag.name === 'checksum');
    if (one.flags.some((flag) => flag.name === 'mount' && foreign(/(?:^|,)from=([^,]+)/.exec(flag.value ?? '')?.[1])))
      return true;
    if (!['RUN', 'CMD', 'ENTRYPOINT', 'HEALTHCHECK'].includes(one.keyword)) return false;
    return one.form === 'json' ? openCommand(texts) : openShell(one.rest.text);
  });
  return [...frontends, ...open.map((one) => one.raw.trim())];
}

/** Every list of arguments, command line and image in data: compose files and plans. */
function ofData(value: unknown, key = ''): readonly string[] {
  if (typeof value === 'string') {
    // the image that the deployment itself builds
    const built = /:(dev|local|\$\{TAG.*)$/.test(value);
    if (key === 'image') return !built && openImage(value) ? [`image: ${value}`] : [];
    return openShell(value) ? [value] : [];
  }
  if (Array.isArray(value)) {
    const argv = value.filter((one): one is string => typeof one === 'string');
    if (argv.length === value.length && argv.length > 0 && openCommand(argv)) return [argv.join(' ')];
    return value.flatMap((one) => ofData(one, key));
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) => ofData(one, name));
}

/** A workload of a plan names an image of the plan, which is a record beside it. */
const ofPlan = (key: string, value: unknown): unknown =>
  key === 'image' && typeof value === 'string' && !/[:/.]/.test(value) ? undefined : value;

/** What a generated file fetches without a release; empty: nothing. `path` says what kind of file it is. */
export function unpinned(path: string, text: string): readonly string[] {
  if (/dockerfile$/i.test(path)) return ofDockerfile(text);
  if (/\.ya?ml$/.test(path)) return ofData(parseYaml(text, { logLevel: 'error' }));
  if (/\.json$/.test(path)) return ofData(JSON.parse(text, ofPlan));
  return text.split('\n').filter((line) => openShell(line.replace(/^[\s#/*`>$-]+/, '')));
}
