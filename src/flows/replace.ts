import { posix } from 'node:path';
import type { Change } from '../model/artifact.ts';
import { UserError } from '../model/errors.ts';
import type { ExistingDeployment } from '../model/existing.ts';
import { findRepository, isRecorded, stagedTree } from '../project/git/index.ts';
import type { LastGenerated } from '../reconcile/state.ts';
import type { Context } from './context.ts';
import { readHead } from './revision.ts';

type ConflictSides = Readonly<Record<string, 'mine' | 'generated'>>;

/** The Docker files of the author, relative to the repository. */
const filesOf = (docker: ExistingDeployment): readonly string[] => [
  ...docker.dockerfiles.map(({ path }) => path),
  ...docker.compose.flatMap(({ files }) => files),
  ...docker.dockerignores,
  ...docker.broken.map(({ file }) => file),
];

/** The sides that are chosen for files, with those of the author where the configuration has them replaced. */
export function withReplacing({ config, facts }: Context, accept: ConflictSides): ConflictSides {
  if (config.existing !== 'replace' || !facts.docker) return accept;
  return { ...Object.fromEntries(filesOf(facts.docker).map((path) => [path, 'generated'] as const)), ...accept };
}

/**
 * Why Docker files of the author are not replaced: their text is not in a commit, so that nothing would have it any more, or a file that Compose
 * lays over every other by itself would be laid over the generated one. Undefined: none are replaced, or nothing is in the way.
 */
export async function refusedReplacing(
  { root, config, facts, plan }: Context,
  changes: readonly Change[],
  last: LastGenerated,
  signal: AbortSignal | undefined,
): Promise<UserError | undefined> {
  if (!facts.docker) return undefined;
  const own = new Set(filesOf(facts.docker));
  const replaced = changes.filter(({ act, path }) => act === 'update' && own.has(path) && !last.has(path));
  const paths = replaced.map(({ path }) => path);
  if (config.existing === 'replace') {
    const over = overrideOf(facts.docker, plan.compose.file, new Set(changes.map(({ path }) => path)));
    if (over !== undefined) return inTheWay(over, plan.compose.file);
  }
  const missing = paths.length === 0 ? [] : await notCommitted(root, paths, signal);
  return missing.length === 0 ? undefined : uncommitted(missing);
}

function overrideOf(docker: ExistingDeployment, base: string, generated: ReadonlySet<string>): string | undefined {
  return docker.compose
    .filter(({ use, files }) => use === 'override' && posix.dirname(files[0] ?? '') === posix.dirname(base))
    .flatMap(({ files }) => files.slice(1))
    .find((path) => !generated.has(path));
}

const inTheWay = (over: string, base: string): UserError =>
  new UserError({
    code: 'override-in-the-way',
    message: `Docker Compose merges ${over} into ${base} by default, and would merge it into the generated file too, which it was not written for. Nothing was written.`,
    where: { file: over },
    next: [
      `Delete or rename it (\`git mv ${over} old-${posix.basename(over)}\`), and run the command again.`,
      'Or keep your files: `--set existing=keep`.',
    ],
    exit: 2,
  });

/** Those of some files whose text no commit has; all of them outside of a repository, and where nothing can be told. */
export async function notCommitted(
  root: string,
  paths: readonly string[],
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  const repository = findRepository(root);
  if (repository?.head === undefined) return paths;
  const missing = paths.filter((path) => !isRecorded(repository, root, path));
  if (missing.length > 0) return missing;
  const commit = await readHead(repository, root, signal);
  // without git on this machine the index has to do: what it lists, git has
  return commit && commit.tree !== stagedTree(repository, root) ? paths : [];
}

const uncommitted = (paths: readonly string[]): UserError =>
  new UserError({
    code: 'not-committed',
    message: `${paths.join(', ')} would be replaced, but ${paths.length === 1 ? 'has' : 'have'} uncommitted changes. Nothing was written.`,
    where: { file: paths[0] ?? '' },
    next: [
      'Commit first, so that nothing is lost: `git add -A && git commit`.',
      'Or keep your files: `--set existing=keep`.',
    ],
    exit: 2,
  });
