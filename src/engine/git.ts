import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../model/errors.ts';
import { run } from './exec.ts';
import { environmentOf } from './programs.ts';
import { tempFolder } from './temp.ts';

/** What git tells of a commit. */
export type Commit = {
  /** seconds since 1970 */
  readonly time: number;
  /** the tree of the folder that was asked for, in hex digits; undefined: the commit has no such folder */
  readonly tree: string | undefined;
};

export type CommitRequest = {
  /** hex digits */
  readonly commit: string;
  /** absolute path of the folder with the objects */
  readonly objects: string;
  readonly hash: 'sha1' | 'sha256';
  /** folder of the tree, with `/` and a slash at the end; empty for the top */
  readonly prefix: string;
  readonly signal?: AbortSignal | undefined;
};

/** Milliseconds. */
const TIME_LIMIT = 20_000;

/** Larger commits are not read. Bytes. */
const MAX_COMMIT = 1024 * 1024;

/**
 * Reads a commit with `git cat-file`, in a repository of our own that only borrows the objects: git sees no configuration, hook, reference
 * or working tree of the project, so that nothing of it can start a program (git-scm.com/docs/git, "GIT_OBJECT_DIRECTORY"). Undefined
 * where there is no git, or no such commit.
 */
export async function readCommit(request: CommitRequest): Promise<Commit | undefined> {
  const { commit, hash, prefix } = request;
  const temp = tempFolder();
  try {
    const place = { home: temp.path, folder: emptyRepository(temp.path, hash) };
    const folderName = prefix.replace(/\/$/, '');
    // a line break would end the name that git is asked for
    if (/[\n\0]/.test(folderName)) return undefined;
    const names = [commit, folderName === '' ? `${commit}^{tree}` : `${commit}:${folderName}`];
    const found = await git(['cat-file', '--batch-check'], request, place, `${names.join('\n')}\n`);
    const [whole = '', tree = ''] = found?.split('\n') ?? [];
    const size = Number(/^[0-9a-f]+ commit (\d+)$/.exec(whole)?.[1] ?? Number.NaN);
    if (!(size <= MAX_COMMIT)) return undefined;
    const text = (await git(['cat-file', 'commit', commit], request, place)) ?? '';
    const head = text.split('\n\n', 1)[0] ?? '';
    const time = /^committer .*> (\d+) [+-]\d+$/m.exec(head)?.[1];
    return time === undefined ? undefined : { time: Number(time), tree: /^([0-9a-f]+) tree \d+$/.exec(tree)?.[1] };
  } finally {
    temp.remove();
  }
}

export type DescribeRequest = Omit<CommitRequest, 'prefix'> & {
  /** lines of `packed-refs`: the tags of the project */
  readonly tags: readonly string[];
  /** commits whose parents a partial clone lacks, in hex digits */
  readonly shallow: readonly string[];
};

/**
 * What `git describe --tags --always` says of a commit, in a repository of our own as `readCommit` has it, with the names of the project's tags.
 * Undefined where there is no git, or no such commit.
 */
export async function describeCommit(request: DescribeRequest): Promise<string | undefined> {
  const { commit, hash, tags, shallow } = request;
  const temp = tempFolder();
  try {
    const folder = emptyRepository(temp.path, hash);
    writeFileSync(join(folder, 'packed-refs'), tags.map((line) => `${line}\n`).join(''));
    if (shallow.length > 0) writeFileSync(join(folder, 'shallow'), shallow.map((line) => `${line}\n`).join(''));
    const description = await git(['describe', '--tags', '--always', commit], request, { home: temp.path, folder });
    return description?.trim() || undefined;
  } finally {
    temp.remove();
  }
}

/**
 * The tags of a commit, by their names: a tag is the commit itself, or an object of its own that names it (`git cat-file` follows it). `tags` are lines of
 * `packed-refs`.
 */
export async function tagsAt(request: Omit<DescribeRequest, 'shallow'>): Promise<readonly string[]> {
  const { commit, hash, tags } = request;
  const rows = tags.map((line) => line.split(' ') as [string, string]);
  if (rows.length === 0) return [];
  const temp = tempFolder();
  try {
    const place = { home: temp.path, folder: emptyRepository(temp.path, hash) };
    const names = rows.map(([object]) => `${object}^{commit}\n`).join('');
    const found = (await git(['cat-file', '--batch-check'], request, place, names))?.split('\n') ?? [];
    return rows.flatMap(([, name], at) =>
      found[at]?.startsWith(`${commit} commit `) ? [name.slice('refs/tags/'.length)] : [],
    );
  } finally {
    temp.remove();
  }
}

/** The files of a tree, as `MODE HASH` by path; undefined where there is no git, or no such tree. */
export async function filesOfTree(
  request: Omit<CommitRequest, 'commit' | 'prefix'> & { readonly tree: string },
): Promise<ReadonlyMap<string, string> | undefined> {
  const temp = tempFolder();
  try {
    const place = { home: temp.path, folder: emptyRepository(temp.path, request.hash) };
    const found = await git(['ls-tree', '-r', '-z', '--full-tree', request.tree], request, place);
    if (found === undefined) return undefined;
    return new Map(
      found.split('\0').flatMap((row): [string, string][] => {
        const tab = row.indexOf('\t');
        const [mode = '', , id = ''] = row.slice(0, Math.max(tab, 0)).split(' ');
        return tab === -1 ? [] : [[row.slice(tab + 1), `${mode} ${id}`]];
      }),
    );
  } finally {
    temp.remove();
  }
}

function emptyRepository(parent: string, hash: CommitRequest['hash']): string {
  const folder = join(parent, 'git');
  for (const name of ['objects', 'refs']) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'HEAD'), 'ref: refs/heads/none\n');
  const format =
    hash === 'sha256'
      ? '\trepositoryformatversion = 1\n[extensions]\n\tobjectformat = sha256\n'
      : '\trepositoryformatversion = 0\n';
  writeFileSync(join(folder, 'config'), `[core]\n${format}`);
  return folder;
}

/** Where git runs, and with what repository. */
type Place = { readonly home: string; readonly folder: string };

/** Runs git in a repository of our own that borrows the objects. Undefined where it fails, or is not there. */
async function git(
  args: readonly string[],
  { objects, signal }: Pick<CommitRequest, 'objects' | 'signal'>,
  { home, folder }: Place,
  input?: string,
): Promise<string | undefined> {
  const settings = {
    GIT_OBJECT_DIRECTORY: objects,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_SYSTEM: '/dev/null',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    LC_ALL: 'C',
    HOME: home,
  };
  const result = await run(['git', '-c', 'safe.bareRepository=explicit', '--git-dir', folder, ...args], {
    cwd: home,
    env: environmentOf('git', settings),
    input,
    timeoutMs: TIME_LIMIT,
    signal,
  }).catch((error: unknown) => {
    if (error instanceof UserError) return undefined;
    throw error;
  });
  return result?.code === 0 ? result.stdout : undefined;
}
