import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir, hostname, tmpdir } from 'node:os';
import { basename, dirname, join, relative, sep } from 'node:path';
import { packageFolders } from '../catalog/folders.ts';
import { UserError } from '../model/errors.ts';
import { cacheHome } from './cache-home.ts';

/** Names this host in that of a folder: another one may share the temporary folder, and has processes of the same numbers. */
const thisHost = (): string => createHash('sha256').update(hostname()).digest('hex').slice(0, 8);

/** The temporary folders that this process made and has not removed. */
const own = new Set<string>();

/** A folder of its own under the system's temporary folder, for one task; `remove` takes it away with all that is in it. */
export type TempFolder = {
  readonly path: string;
  /** writes a file (mode 600) and returns its absolute path */
  readonly write: (name: string, content: string | Uint8Array, mode?: number) => string;
  readonly file: (name: string) => string;
  readonly remove: () => void;
};

/** Makes a temporary folder that only this user may enter. `UserError` (`no-temporary-folder`) where none can be made. */
export function tempFolder(): TempFolder {
  const path = makePrivateFolder();
  own.add(path);
  return {
    path,
    file: (name) => join(path, name),
    write: (name, content, mode = 0o600) => {
      const file = join(path, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content, { mode });
      return file;
    },
    remove: () => {
      own.delete(path);
      rmSync(path, { recursive: true, force: true });
    },
  };
}

function makePrivateFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), `dockwright-${process.pid}-${thisHost()}-`));
  } catch (cause) {
    throw new UserError({
      code: 'no-temporary-folder',
      message: `Could not create a folder in the temporary folder ${tmpdir()}: ${cause instanceof Error ? cause.message : String(cause)}`,
      next: ['Free some space there, or set TMPDIR to an existing writable folder.'],
      exit: 4,
      cause,
    });
  }
}

/** Whether a path is a temporary folder that this process made, or lies in one. */
export const isOwnFolder = (path: string): boolean =>
  [...own].some((folder) => path === folder || path.startsWith(folder + sep));

let shared: TempFolder | undefined;

/** An empty temporary folder for programs that need none of their own to work in. It goes when this process ends. */
export function workFolder(): string {
  if (shared && statSync(shared.path, { throwIfNoEntry: false })) return shared.path;
  if (!shared) process.once('exit', () => shared?.remove());
  shared = tempFolder();
  return shared.path;
}

/** Milliseconds after which a folder of another or an unknown host is removed: whether its process still runs cannot be checked. */
const OLD = 3_600_000;

/** Removes the temporary folders of this user's processes that were killed, of this host at once. What cannot be looked at or removed is left. */
export function removeOldFolders(alive: (pid: number) => boolean): void {
  for (const name of namesIn(tmpdir())) {
    const [, number, host] = /^dockwright-(\d+)-(?:([0-9a-f]{8})-)?\w{6}$/.exec(name) ?? [];
    const pid = Number(number);
    if (!(pid > 0) || alive(pid)) continue;
    const path = join(tmpdir(), name);
    try {
      // another user may have put a link there
      const found = lstatSync(path);
      const ours = found.isDirectory() && (process.getuid === undefined || found.uid === process.getuid());
      if (ours && (host === thisHost() || Date.now() - found.mtimeMs > OLD))
        rmSync(path, { recursive: true, force: true });
    } catch {}
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Copies a build context, without what is installed and without the history: neither belongs in a build. */
export function copyContext(root: string, to: string): void {
  const skipped = new Set([...packageFolders, '.git']);
  cpSync(root, to, { recursive: true, verbatimSymlinks: true, filter: (source) => !skipped.has(basename(source)) });
}

/** A project whose files are copied. */
export type CopySource = {
  /** absolute path of the project */
  readonly root: string;
  /** every file of the repository, relative to the root, with `/`: a link is copied as what it leads to where that is one of them */
  readonly tracked: readonly string[];
};

/** Copies regular files into the folder `to`, each under its path from the folder `from`. Every user of a container may change the copies. */
export function copyFiles(source: CopySource, files: readonly string[], from: string, to: string): void {
  const known = knownIn(source);
  mkdirSync(to, { recursive: true });
  for (const file of files) {
    const real = realFile(join(source.root, file));
    if (real === undefined || !known.has(real)) continue;
    const target = join(to, relative(from, file));
    mkdirSync(dirname(target), { recursive: true });
    copyOpen(real, target);
  }
  openFolders(to);
}

/** Copies one regular file; the copy is empty where that is not a file of the repository. */
export function copyFile(source: CopySource, file: string, to: string): void {
  const real = realFile(join(source.root, file));
  mkdirSync(dirname(to), { recursive: true });
  if (real !== undefined && knownIn(source).has(real)) copyOpen(real, to);
  else writeFileSync(to, '', { mode: 0o666 });
}

function knownIn({ root, tracked }: CopySource): ReadonlySet<string> {
  const real = realpathSync(root);
  return new Set(tracked.map((file) => join(real, file)));
}

function copyOpen(from: string, to: string): void {
  copyFileSync(from, to);
  chmodSync(to, statSync(from).mode & 0o111 ? 0o777 : 0o666);
}

/** The real path of a regular file; undefined where there is none. */
function realFile(path: string): string | undefined {
  try {
    const real = realpathSync(path);
    return statSync(real).isFile() ? real : undefined;
  } catch {
    return undefined;
  }
}

/** Lets every user write into a folder and all below; modes of new folders depend on the umask. */
function openFolders(folder: string): void {
  chmodSync(folder, 0o777);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) openFolders(join(folder, entry.name));
  }
}

/**
 * Adds a blank line to the end of a file: a change that no language minds. Its blanks spell `mark` in bits, so that no build has seen
 * this very text before.
 */
export function touchText(file: string, mark: string): void {
  const bits = [...Buffer.from(mark)].flatMap((byte) => [...byte.toString(2)]);
  const blanks = bits.map((bit) => (bit === '1' ? '\t' : ' ')).join('');
  writeFileSync(file, `${readFileSync(file, 'utf8')}\n${blanks}\n`);
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

export const readText = (path: string): string | undefined => (isFile(path) ? readFileSync(path, 'utf8') : undefined);

/** Where what was measured once is kept, outside of every project. */
const cacheFolder = (): string => join(cacheHome() ?? join(homedir(), '.cache'), 'dockwright');

/** A value that was kept under this key, or undefined. A broken file counts as none. */
export function cached(kind: string, key: string): unknown {
  const text = readText(join(cacheFolder(), kind, `${key}.json`));
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Keeps a value. A cache that cannot be written is no reason to fail. */
export function keep(kind: string, key: string, value: unknown): void {
  const file = join(cacheFolder(), kind, `${key}.json`);
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(value));
  } catch {
    return;
  }
}

/** Takes a kept value away. */
export function forget(kind: string, key: string): void {
  rmSync(join(cacheFolder(), kind, `${key}.json`), { force: true });
}

/** The keys of a kind under which something is kept. */
export function keptKeys(kind: string): readonly string[] {
  const folder = join(cacheFolder(), kind);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .sort();
}
