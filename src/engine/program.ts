/**
 * The command line is one file, `program.cjs`, which holds a function. Compiling it takes longer than running it, so its compiled form is kept
 * between runs: that of the functions that a run called, by command, in the user's own cache folder (see `compile-cache.ts`). Node.js has a
 * cache of its own, by module, which keeps only what was compiled when a module was loaded, and is not in version 20.
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';
import { compileCache } from './compile-cache.ts';

/** A program that was loaded, and what keeps its compiled form for the next time. */
export type LoadedProgram<Program> = { readonly program: Program; readonly keep: () => void };

type Wrapper = (
  exports: object,
  require: NodeJS.Require,
  module: { exports: object },
  file: string,
  folder: string,
) => void;

/**
 * Opens the program in a file; undefined where the file is not there. `words` is the command line, whose first word says which functions
 * will run. `keep` throws nothing: without its compiled form the next run is slower.
 */
export function openProgram<Program extends object>(
  file: string,
  words: readonly string[],
): LoadedProgram<Program> | undefined {
  if (!existsSync(file)) return undefined;
  const { off } = optimizeLate();
  const folder = compileCache(words);
  const kept =
    folder === undefined ? undefined : join(folder, `${commandOf(words)}-${process.version}-${process.arch}`);
  const opened = loadProgram<Program>(file, kept);
  return {
    program: opened.program,
    keep: () => {
      off();
      opened.keep();
    },
  };
}

/** Calls the function that a file holds, and gives what it exports; it finds others by `require`. `kept`: where its compiled form is, or will be; undefined: nowhere. */
export function loadProgram<Program extends object>(file: string, kept: string | undefined): LoadedProgram<Program> {
  const { script, madeFrom, written, due } = compile(file, kept);
  const module = { exports: {} };
  (script.runInThisContext() as Wrapper)(module.exports, createRequire(file), module, file, dirname(file));
  return {
    program: module.exports as Program,
    keep: () => {
      if (kept === undefined || !due) return;
      writeCompiled(kept, { data: script.createCachedData(), madeFrom, written: written + 1 });
    },
  };
}

/** A function of its own, so that nothing holds the bytes of the compiled form while the program runs: they are megabytes. */
function compile(file: string, kept: string | undefined) {
  // it is in ASCII
  const source = readFileSync(file, 'latin1');
  const { mtimeMs } = statSync(file);
  const madeFrom = [source.slice(0, 70), source.length, mtimeMs, process.version, process.arch].join(' ');
  const compiled = kept === undefined ? undefined : readCompiled(kept, madeFrom);
  const script = new Script(source, { filename: file, ...(compiled ? { cachedData: compiled.data } : {}) });
  const written = script.cachedDataRejected === false ? (compiled?.written ?? 0) : 0;
  return { script, madeFrom, written, due: written === 0 || compiled === undefined || isDue(compiled) };
}

/** The command that is asked for; without one it is the first. */
const commandOf = ([first = '']: readonly string[]): string => (/^[a-z]+$/.test(first) ? first : 'generate');

/**
 * What makes functions that are called often run faster, by major version of Node.js, as V8 names it. A run of a tenth of a second is over
 * before that pays, and it takes 17 MB of memory. A name that a version does not know is an error on the terminal, so a version that is not
 * here is left as it is.
 */
const optimizers: Readonly<Record<string, readonly string[]>> = {
  20: ['opt', 'sparkplug'],
  22: ['opt', 'sparkplug'],
  24: ['opt', 'maglev', 'sparkplug'],
  26: ['opt', 'maglev', 'sparkplug'],
};

/** By how much the space of new objects grows, as often as it is full of what lives on: growing takes 6 MB, and pays in a long run alone. */
const growth = (factor: 1 | 2): string => `--semi-space-growth-factor=${factor}`;

/** From when on it pays: a large project. Milliseconds of the processor. */
const longRun = 250;

/** Does without optimizers and in a small space, until a run has taken long. `off` does so again: compiled forms are kept by the options that they were made with. */
function optimizeLate(): { readonly off: () => void } {
  const [major = ''] = process.versions.node.split('.');
  const names = optimizers[major];
  if (!names) return { off: () => {} };
  const set = (prefix: '--' | '--no-') => {
    for (const name of names) setFlagsFromString(prefix + name);
    setFlagsFromString(growth(prefix === '--' ? 2 : 1));
  };
  const begin = process.cpuUsage();
  // a timer would come after the next turn of the program, which may be the whole rest of it
  const look = () => {
    const { user, system } = process.cpuUsage(begin);
    if (user + system > longRun * 1000) set('--');
    else setImmediate(look).unref();
  };
  set('--no-');
  look();
  return { off: () => set('--no-') };
}

/** The functions that were called so far. `written`: how often it was; `age`: since then, in minutes. */
type Compiled = { readonly data: Buffer; readonly madeFrom: string; readonly written: number };
type CachedProgram = Compiled & { readonly age: number };

const longest = 7 * 24 * 60;

/** Another project has other functions called, so it is written again, each time after twice as long. What was in it stays in it. */
const isDue = ({ written, age }: CachedProgram): boolean => age > Math.min(2 ** written, longest);

/** Before the compiled form stand its hash, how often it was written, and what it was made from. Bytes; the rest of the line is blank. */
const headLength = 320;

const headOf = ({ data, madeFrom, written }: Compiled): string =>
  `${createHash('sha256').update(data).digest('hex')} ${written} ${madeFrom}`.padEnd(headLength - 1).concat('\n');

/** The compiled form in a file; undefined where it is another's, was made from something else, or is not as it was written. */
function readCompiled(file: string, madeFrom: string): CachedProgram | undefined {
  try {
    const kind = lstatSync(file);
    const user = process.geteuid?.();
    if (!kind.isFile() || (user !== undefined && (kind.uid !== user || (kind.mode & 0o022) !== 0))) return undefined;
    const bytes = readFileSync(file);
    const head = bytes.toString('latin1', 0, headLength);
    const compiled = { data: bytes.subarray(headLength), madeFrom, written: Number(head.split(' ')[1]) };
    return head === headOf(compiled) ? { ...compiled, age: (Date.now() - kind.mtimeMs) / 60_000 } : undefined;
  } catch {
    return undefined;
  }
}

/** Puts a compiled form in its place at once, so that no run sees half of it. */
function writeCompiled(file: string, compiled: Compiled): void {
  const beside = `${file}.${process.pid}`;
  try {
    const handle = openSync(beside, 'wx', 0o600);
    try {
      writeSync(handle, Buffer.from(headOf(compiled), 'latin1'));
      writeSync(handle, compiled.data);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(beside, file);
  } catch {
    rmSync(beside, { force: true });
  }
}
