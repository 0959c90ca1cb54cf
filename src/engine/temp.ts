import {
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../model/errors.ts';

/** A folder of its own under the system's temporary folder, for one task; `remove` takes it away with all that is in it. */
export type TempFolder = {
  readonly path: string;
  /** writes a file (mode 600) and returns its absolute path */
  readonly write: (name: string, text: string, mode?: number) => string;
  readonly file: (name: string) => string;
  readonly remove: () => void;
};

/** Throws a UserError where the system's temporary folder is of no use. */
export function tempFolder(): TempFolder {
  const path = newFolder();
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

function newFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), `dockwright-${process.pid}-`));
  } catch (cause) {
    throw new UserError({
      code: 'no-temporary-folder',
      message: `No folder could be made in the temporary folder ${tmpdir()}: ${cause instanceof Error ? cause.message : String(cause)}`,
      next: ['Set TMPDIR to a folder that exists and that you may write.'],
      exit: 4,
      cause,
    });
  }
}

/** Milliseconds after which a folder whose process is gone is taken away: another host may share the temporary folder. */
const OLD = 3_600_000;

/** Removes the temporary folders of processes that were killed. What is not a folder of this user is left alone. */
export function removeOldFolders(alive: (pid: number) => boolean): void {
  for (const name of namesInTemp()) {
    const pid = Number(/^dockwright-(\d+)-\w{6}$/.exec(name)?.[1]);
    const path = join(tmpdir(), name);
    if (pid > 0 && !alive(pid) && isOld(path)) rmSync(path, { recursive: true, force: true });
  }
}

function namesInTemp(): readonly string[] {
  try {
    return readdirSync(tmpdir());
  } catch {
    // nothing of ours is in a folder that is not there; who needs one is told
    return [];
  }
}

/** On a machine with several users everyone may put anything there: a link is never followed, and the folder of another user stays. */
function isOld(path: string): boolean {
  const kind = lstatSync(path, { throwIfNoEntry: false });
  const mine = process.getuid === undefined || kind?.uid === process.getuid();
  return kind?.isDirectory() === true && mine && Date.now() - kind.mtimeMs > OLD;
}

/** Copies a build context, without what is installed and without the history: neither belongs in a build. */
export function copyContext(root: string, to: string): void {
  const left = new Set(['node_modules', '.git']);
  cpSync(root, to, { recursive: true, verbatimSymlinks: true, filter: (source) => !left.has(basename(source)) });
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
