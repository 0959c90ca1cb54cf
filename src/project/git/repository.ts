import { lstatSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { type HashName, parseGitConfig } from '../../formats/git/index.ts';

/**
 * A git repository, found and read as data: no program is started, and no setting of it can start one. Only a `.git` counts: files that
 * look like a bare repository inside a tree are files.
 */
export type GitRepository = {
  /** real path of the top of the working tree */
  readonly top: string;
  /** the folder of this working tree, with HEAD and the index */
  readonly folder: string;
  /** the folder that all working trees share, with objects and references */
  readonly common: string;
  readonly hash: HashName;
  readonly config: ReadonlyMap<string, string>;
  /** the commit that is checked out, in hex digits; undefined: there is none yet, or it could not be read */
  readonly head: string | undefined;
};

/** Larger files of a repository than these are not read. Bytes. */
const MAX_TEXT = 32 * 1024 * 1024;

/** The text of a regular file, links not followed; undefined where there is none. */
export function textOf(path: string): string | undefined {
  try {
    const kind = lstatSync(path, { throwIfNoEntry: false });
    return kind?.isFile() && kind.size <= MAX_TEXT ? readFileSync(path, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

/** The text of a file below a folder of git, where no link lies on the way: what it leads to may belong to somebody else. */
function textIn(folder: string, ...names: readonly string[]): string | undefined {
  const real = realOf(folder);
  const path = real && join(real, ...names);
  return path !== undefined && realOf(path) === path ? textOf(path) : undefined;
}

function realOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/** The repository that a folder lies in, looked for upwards as git does; undefined where there is none. */
export function findRepository(root: string): GitRepository | undefined {
  let top: string;
  try {
    top = realpathSync(root);
  } catch {
    return undefined;
  }
  for (;;) {
    const folder = gitFolderOf(top);
    if (folder !== undefined) return openRepository(top, folder);
    if (dirname(top) === top) return undefined;
    top = dirname(top);
  }
}

/** The folder that the `.git` of a working tree is, or that it names where it is a file. Links are not followed. */
function gitFolderOf(top: string): string | undefined {
  const path = join(top, '.git');
  const kind = lstatSync(path, { throwIfNoEntry: false });
  if (kind?.isDirectory()) return textOf(join(path, 'HEAD')) === undefined ? undefined : path;
  const named = /^gitdir: (.+)$/m.exec(textOf(path) ?? '')?.[1]?.trim();
  if (!kind?.isFile() || named === undefined) return undefined;
  const folder = resolve(top, named);
  return pointsBack(folder, top) ? folder : undefined;
}

/** A file may name any folder: only one that git made for this very working tree, as a worktree or a submodule, is taken. */
function pointsBack(folder: string, top: string): boolean {
  const back = textOf(join(folder, 'gitdir'))?.trim();
  if (back !== undefined) return realOf(resolve(folder, back)) === join(top, '.git');
  const worktree = parseGitConfig(textOf(join(folder, 'config')) ?? '').get('core.worktree');
  return worktree !== undefined && realOf(resolve(folder, worktree)) === top;
}

/**
 * The folder that the working trees of a repository share. Only one that lists this working tree is taken, as git makes it; of any other
 * `commondir`, or with objects behind a link, nothing is read: the commits of another repository are none of this project's.
 */
function commonOf(folder: string): string | undefined {
  const shared = textOf(join(folder, 'commondir'))?.trim();
  const common = shared === undefined ? realOf(folder) : realOf(resolve(folder, shared));
  if (common === undefined) return undefined;
  if (shared !== undefined && realOf(folder) !== join(common, 'worktrees', basename(folder))) return undefined;
  const objects = join(common, 'objects');
  return realOf(objects) === objects ? common : undefined;
}

function openRepository(top: string, folder: string): GitRepository {
  const own = commonOf(folder);
  const common = own ?? folder;
  const config = parseGitConfig(textOf(join(common, 'config')) ?? '');
  const hash = config.get('extensions.objectformat')?.toLowerCase() === 'sha256' ? 'sha256' : 'sha1';
  return { top, folder, common, hash, config, head: own === undefined ? undefined : headOf(folder, common) };
}

/** The branch that is checked out; undefined where HEAD is a commit by itself. */
export const branchOf = ({ folder }: GitRepository): string | undefined =>
  /^ref: refs\/heads\/(\S+)$/.exec(textIn(folder, 'HEAD')?.trim() ?? '')?.[1];

const isHash = (text: string): boolean => /^[0-9a-f]{40}$|^[0-9a-f]{64}$/.test(text);

/** The commit that HEAD names, by its reference where it names one. A reference may name another, a few times. */
function headOf(folder: string, common: string): string | undefined {
  let text = textIn(folder, 'HEAD')?.trim();
  for (let depth = 0; depth < 5 && text !== undefined; depth += 1) {
    if (isHash(text)) return text;
    const name = /^ref: (refs\/\S+)$/.exec(text)?.[1];
    if (name === undefined || name.split('/').some((part) => part === '' || part === '.' || part === '..'))
      return undefined;
    text = textIn(common, ...name.split('/'))?.trim() ?? packed(common, name);
  }
  return undefined;
}

/** A reference of `packed-refs`, a line `HASH NAME` each. */
function packed(common: string, name: string): string | undefined {
  const line = (textIn(common, 'packed-refs') ?? '').split('\n').find((row) => row.trimEnd().endsWith(` ${name}`));
  return line?.split(' ', 1)[0];
}

/** The tags of a repository, as lines `HASH NAME` of `packed-refs`; those with a name of letters, digits and `._+-/` alone. */
export function tagsOf({ common }: GitRepository): readonly string[] {
  const found = new Map<string, string>();
  for (const row of (textIn(common, 'packed-refs') ?? '').split('\n')) {
    const [hash = '', name = ''] = row.trimEnd().split(' ');
    if (name.startsWith('refs/tags/')) found.set(name, hash);
  }
  for (const path of filesBelow(common, ['refs', 'tags'])) {
    found.set(path.join('/'), textIn(common, ...path)?.trim() ?? '');
  }
  return [...found]
    .filter(([name, hash]) => isHash(hash) && isTagName(name))
    .map(([name, hash]) => `${hash} ${name}`)
    .sort((value, other) => (value.slice(value.indexOf(' ')) < other.slice(other.indexOf(' ')) ? -1 : 1));
}

/** git-check-ref-format(1), and narrower: the names that people give to versions. */
const isTagName = (name: string): boolean =>
  /^[\w.+/-]+$/.test(name) &&
  !name.split('/').some((part) => part === '' || part.startsWith('.') || part.endsWith('.lock')) &&
  !name.includes('..');

/** The files below a folder of git, by the names on the way; links are not followed. Names of tags lie a few folders deep at most. */
function filesBelow(common: string, names: readonly string[]): readonly (readonly string[])[] {
  const folder = join(common, ...names);
  if (names.length > 8 || realOf(folder) !== join(realOf(common) ?? '', ...names)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = [...names, entry.name];
    if (entry.isDirectory()) return filesBelow(common, path);
    return entry.isFile() ? [path] : [];
  });
}

/** The commits at which a partial clone ends, in hex digits. */
export const shallowOf = ({ common }: GitRepository): readonly string[] =>
  (textIn(common, 'shallow') ?? '').split('\n').filter(isHash);

/** The path of a folder in its repository, with `/` and a slash at the end; empty for the top. */
export function prefixOf({ top }: GitRepository, root: string): string {
  const path = realpathSync(root)
    .slice(top.length)
    .split(sep)
    .filter((part) => part !== '')
    .join('/');
  return path === '' ? '' : `${path}/`;
}
