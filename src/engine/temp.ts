import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';

/** A folder of its own under the system's temporary folder, for one task; `remove` takes it away with all that is in it. */
export type TempFolder = {
  readonly path: string;
  /** writes a file (mode 600) and returns its absolute path */
  readonly write: (name: string, text: string, mode?: number) => string;
  readonly file: (name: string) => string;
  readonly remove: () => void;
};

export function tempFolder(): TempFolder {
  const path = mkdtempSync(join(tmpdir(), `dockwright-${process.pid}-`));
  return {
    path,
    file: (name) => join(path, name),
    write: (name, text, mode = 0o600) => {
      const file = join(path, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text, { mode });
      return file;
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** Milliseconds after which a folder whose process is gone is taken away: another host may share the temporary folder. */
const OLD = 3_600_000;

/** Removes the temporary folders of processes that were killed. */
export function removeOldFolders(alive: (pid: number) => boolean): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(/^dockwright-(\d+)-\w{6}$/.exec(name)?.[1]);
    const path = join(tmpdir(), name);
    const changed = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.NaN;
    if (pid > 0 && !alive(pid) && Date.now() - changed > OLD) rmSync(path, { recursive: true, force: true });
  }
}

/** Copies a build context, without what is installed and without the history: neither belongs in a build. */
export function copyContext(root: string, to: string): void {
  const left = new Set(['node_modules', '.git']);
  cpSync(root, to, { recursive: true, verbatimSymlinks: true, filter: (source) => !left.has(basename(source)) });
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

export const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

export const readText = (path: string): string | undefined => (isFile(path) ? readFileSync(path, 'utf8') : undefined);

/** Where what was measured once is kept, outside of every project. */
const cacheFolder = (): string => join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'dockwright');

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
