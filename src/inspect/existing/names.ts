import { posix } from 'node:path';
import { languages } from '../../languages/registry.gen.ts';

/** What a name says that a file, a folder or a stage is for. */
export type Purpose = 'production' | 'development' | 'test' | 'other';

/** Words of a name, by what they say. */
const words: Readonly<Record<Purpose | 'build', readonly string[]>> = {
  production: ['production', 'prod', 'release', 'live', 'deploy', 'deployment', 'swarm', 'stack'],
  development: ['development', 'dev', 'devel', 'develop', 'local', 'debug', 'watch', 'hot'],
  test: [
    'test',
    'tests',
    'testing',
    'e2e',
    'spec',
    'specs',
    'integration',
    'cypress',
    'playwright',
    'selenium',
    'lint',
    'vitest',
    'ci',
  ],
  other: [
    'devcontainer',
    'example',
    'examples',
    'sample',
    'samples',
    'demo',
    'demos',
    'fixture',
    'fixtures',
    'template',
    'templates',
    'docs',
    'bench',
    'benchmark',
    'benchmarks',
    'gitpod',
    'github',
  ],
  build: [
    'deps',
    'dependencies',
    'modules',
    'packages',
    'install',
    'installer',
    'build',
    'builder',
    'compile',
    'prune',
    'pruner',
    'cache',
  ],
};

const wordsOf = (name: string): readonly string[] =>
  name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');

const has = (kind: keyof typeof words, name: string): boolean =>
  wordsOf(name).some((word) => words[kind].includes(word));

/** What the name of a file or of a folder says; undefined where it says nothing of it. */
export function purposeOfName(name: string): Purpose | undefined {
  return (['other', 'test', 'development', 'production'] as const).find((kind) => has(kind, name));
}

/** What the name of a stage says: packages for development are still a step of a build. */
export function purposeOfStage(name: string): 'production' | 'development' | 'test' | 'build' | undefined {
  if (has('build', name)) return 'build';
  const purpose = purposeOfName(name);
  if (purpose === 'development' || purpose === 'test') return purpose;
  return purpose === 'production' || ['runner', 'runtime', 'run', 'final', 'serve', 'server'].includes(name)
    ? 'production'
    : undefined;
}

/** What the folders above a file say, the innermost first. */
export function purposeOfFolder(path: string): Purpose | undefined {
  for (let folder = posix.dirname(path); folder !== '.' && folder !== '/'; folder = posix.dirname(folder)) {
    const purpose = purposeOfName(posix.basename(folder));
    if (purpose !== undefined) return purpose;
  }
  return undefined;
}

/** Endings of files that are named after a Dockerfile and are none: texts about it, templates of it, programs. */
const otherEndings = new Set([
  ...languages.flatMap(({ endings }) => endings),
  ...'.dockerignore .md .mdx .txt .json .yml .yaml .toml .html .hbs .ejs .njk .j2 .jinja .jinja2 .tmpl .tpl .template .bak .orig .sh .patch .diff .snap .lock'.split(
    ' ',
  ),
]);

/** Whether a file is a Dockerfile by its name: `Dockerfile`, `Containerfile`, with anything behind a dot, a dash or an underscore, or before. */
export function isDockerfileName(path: string): boolean {
  const base = posix.basename(path);
  if (/\.(dockerfile|containerfile)$/i.test(base)) return true;
  return /^(dockerfile|containerfile)([._-].+)?$/i.test(base) && !otherEndings.has(posix.extname(base).toLowerCase());
}

/** The name of a Dockerfile or a compose file without the words that only say what kind of file it is. */
export const variantOf = (path: string): string =>
  posix
    .basename(path)
    .replace(/\.ya?ml$/i, '')
    .split(/[._-]/)
    .filter((part) => !['docker', 'compose', 'dockerfile', 'containerfile', ''].includes(part.toLowerCase()))
    .join('-');

/** Whether a path is a folder, or lies in it; `.` is the repository. */
export const isInFolder = (path: string, folder: string): boolean =>
  folder === '.' || path === folder || path.startsWith(`${folder}/`);
