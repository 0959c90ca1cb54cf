import { randomBytes } from 'node:crypto';
import {
  closeSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../model/errors.ts';
import { z } from '../model/zod.ts';
import { makeFolders } from './folders.ts';
import { errorCode, kindAt } from './paths.ts';

const lockPath = (folder: string): string => join(folder, 'lock');

/** What takes a dead lock away moves it to such a name first. */
export const isMovedLock = (name: string): boolean => /^lock\.[0-9a-f]{12}$/.test(name);

/** `started` tells a process from a later one of the same number, `token` a lock from the next one of the same process. */
const holderSchema = () =>
  z.object({ pid: z.int().positive(), started: z.string(), host: z.string(), token: z.string() });
type Holder = z.infer<ReturnType<typeof holderSchema>>;

/** Of a process on another machine nobody can say whether it lives: a lock of this age is dead, as writing takes seconds. Milliseconds. */
const foreignLife = 600_000;

/** Called before anything is changed for good: throws the UserError `locked` where another process took the lock away. */
export type AssertLocked = () => void;

/**
 * Does the work while this process alone may write. `folder` is the record of the folder that is written to, outside of every
 * repository; it is made, and removed afterwards where it is empty. Throws the UserError `locked` where another living Dockwright of
 * this user writes there; the lock of a dead process is taken over.
 */
export function withLock<T>(folder: string, work: (holdsStill: AssertLocked) => T): T {
  const full = lockPath(folder);
  try {
    const mine = acquire(folder, full);
    try {
      return work(() => {
        const now = textAt(full);
        if (now !== mine) throw locked(full, parse(now));
      });
    } finally {
      if (textAt(full) === mine) rmSync(full, { force: true });
    }
  } finally {
    removeIfEmpty(folder);
  }
}

/** The number of the living process that writes there now; undefined where there is none. Changes nothing. */
export function writerOf(folder: string): number | undefined {
  const holder = parse(textAt(lockPath(folder)));
  return holder && lives(holder, lockPath(folder)) ? holder.pid : undefined;
}

/** Removes a folder that holds nothing; any other stays. */
export function removeIfEmpty(full: string): void {
  try {
    rmdirSync(full);
  } catch (error) {
    // in use, gone already, or none of ours to remove: an empty folder is no reason to fail
    if (errorCode(error) === '') throw error;
  }
}

function acquire(folder: string, full: string): string {
  const me: Holder = {
    pid: process.pid,
    started: processOf(process.pid)?.started ?? '',
    host: hostname(),
    token: randomBytes(6).toString('hex'),
  };
  const mine = `${JSON.stringify(me)}\n`;
  let other: Holder | undefined;
  for (let attempt = 0; attempt < 20; attempt += 1) {
    // one that ends removes the folder where it is empty
    makeFolders(folder, 0o700);
    if (create(full, mine)) return mine;
    const text = settled(full);
    if (text === undefined) continue;
    other = parse(text);
    if (other && lives(other, full)) break;
    moveAway(full, text);
  }
  throw locked(full, other);
}

/** Whether the lock could be made: false where there is one, or where its folder was removed by one that ended just now. */
function create(full: string, text: string): boolean {
  let file: number;
  try {
    file = openSync(full, 'wx', 0o600);
  } catch (error) {
    if (['EEXIST', 'ENOENT'].includes(errorCode(error))) return false;
    throw error;
  }
  try {
    writeFileSync(file, text);
  } catch (error) {
    rmSync(full, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
  return true;
}

/** The text of a lock; one that was made just now gets a moment to be written. Undefined where there is none any more. */
function settled(full: string): string | undefined {
  let text = textAt(full);
  for (let waited = 0; waited < 10 && text !== undefined && !parse(text); waited += 1) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    text = textAt(full);
  }
  return text;
}

function textAt(full: string): string | undefined {
  const kind = kindAt(full);
  if (!kind) return undefined;
  // a link or a device is no lock of ours, and reading it may never end
  if (!kind.isFile() && !kind.isDirectory()) return '';
  try {
    return readFileSync(full, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function parse(text: string | undefined): Holder | undefined {
  try {
    return holderSchema().safeParse(JSON.parse(text ?? '')).data;
  } catch {
    return undefined;
  }
}

/** Takes a dead lock away. Two may try at once: who moved a living one of the other puts it back. */
function moveAway(full: string, dead: string): void {
  const aside = `${full}.${randomBytes(6).toString('hex')}`;
  try {
    renameSync(full, aside);
    if (textAt(aside) !== dead) linkSync(aside, full);
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes(errorCode(error))) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function lives({ pid, started, host }: Holder, full: string): boolean {
  // the home folder may be shared by several machines, whose clocks differ
  if (host !== hostname())
    return Math.abs(Date.now() - (statSync(full, { throwIfNoEntry: false })?.mtimeMs ?? 0)) < foreignLife;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (errorCode(error) !== 'EPERM') return false;
  }
  const now = processOf(pid);
  return !now || (!now.ended && (started === '' || now.started === started));
}

/** What Linux tells of a process: when it started (ticks since the machine did), and whether it only waits to be buried. */
function processOf(pid: number): { readonly started: string; readonly ended: boolean } | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // the name of the program stands in brackets, and may hold anything
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { started: fields[19] ?? '', ended: ['Z', 'X'].includes(fields[0] ?? '') };
}

function locked(file: string, holder: Holder | undefined): UserError {
  const machine = !holder || holder.host === hostname() ? '' : ` on ${holder.host}`;
  const process = holder ? ` (process ${holder.pid}${machine})` : '';
  return new UserError({
    code: 'locked',
    message: `Another Dockwright${process} is writing to this folder. Nothing was written.`,
    where: { file },
    next: ['Wait until it is done, and run the command again.', `If that process no longer exists, delete ${file}.`],
    exit: 4,
    retry: true,
  });
}
