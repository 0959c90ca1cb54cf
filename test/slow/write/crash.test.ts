import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { UserError } from '../../../src/model/errors.ts';
import { sha256, writeFiles } from '../../../src/write/write.ts';
import { contentsOf, fill } from '../../support/folder.ts';
import { recordOf, recoverWrites } from '../../support/record.ts';

/**
 * What the disk does. `left` calls that change something still succeed; the next one fails: with an error of that code and only once
 * (`code`), or as if the process had been killed there, so that not even its cleaning up happens (`code` null). Or somebody else does
 * something just before it (`meanwhile`).
 */
const disk = vi.hoisted(() => ({
  left: Number.POSITIVE_INFINITY,
  code: null as string | null,
  meanwhile: undefined as ((call: string) => void) | undefined,
  dead: false,
  calls: 0,
  failed: '',
}));

vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>();
  const fails = (name: string) => {
    if (disk.dead) throw new Error('the process is dead');
    disk.calls += 1;
    disk.left -= 1;
    if (disk.left >= 0) return;
    disk.left = Number.POSITIVE_INFINITY;
    if (disk.meanwhile) return disk.meanwhile(name);
    disk.dead = disk.code === null;
    disk.failed = name;
    throw disk.dead ? new Error(`killed before ${name}`) : Object.assign(new Error(name), { code: disk.code });
  };
  const before = <A extends unknown[], R>(name: string, call: (...args: A) => R) =>
    ((...args: A) => {
      fails(name);
      return call(...args);
    }) as typeof call;
  return {
    ...real,
    openSync: before('openSync', real.openSync),
    fsyncSync: before('fsyncSync', real.fsyncSync),
    fchmodSync: before('fchmodSync', real.fchmodSync),
    renameSync: before('renameSync', real.renameSync),
    linkSync: before('linkSync', real.linkSync),
    rmSync: before('rmSync', real.rmSync),
    mkdirSync: before('mkdirSync', real.mkdirSync),
    rmdirSync: before('rmdirSync', real.rmdirSync),
    // a file that is being written when the process dies, or when the disk is full, holds a part of it
    writeFileSync: (file: number | string, data: string | Uint8Array, ...rest: []) => {
      try {
        fails('writeFileSync');
      } catch (error) {
        if (disk.failed === 'writeFileSync') real.writeFileSync(file, data.slice(0, data.length / 2), ...rest);
        throw error;
      }
      return real.writeFileSync(file, data, ...rest);
    },
    closeSync: (file: number) => real.closeSync(file),
  };
});

const works = () =>
  Object.assign(disk, {
    left: Number.POSITIVE_INFINITY,
    code: null,
    meanwhile: undefined,
    dead: false,
    calls: 0,
    failed: '',
  });
const fast = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const root = mkdtempSync(join(fast, 'dockwright-crash-'));
afterEach(() => works());
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A number that no process has any more. */
const deadPid = spawnSync(process.execPath, ['--version']).pid;

/** The process that wrote is this one, which lives: its lock gets the number of one that does not. */
function bury(): void {
  const lock = recordOf(root, 'lock');
  if (!existsSync(lock)) return;
  const text = readFileSync(lock, 'utf8');
  if (text.endsWith('}\n')) writeFileSync(lock, JSON.stringify({ ...JSON.parse(text), pid: deadPid, started: '' }));
}

const was = { Dockerfile: 'FROM a\r\n', 'run.sh': '#!/bin/sh\n', 'mine.txt': 'mine\n' };
const scenes = {
  'the first time': was,
  'another time': { ...was, '.dockwright/state.json': '{}\n', 'src/own.ts': 'own\n' },
} as const;
type Scene = keyof typeof scenes;

const setUp = (scene: Scene) => {
  works();
  rmSync(recordOf(root), { recursive: true, force: true });
  mkdirSync(join(recordOf(root), '..'), { recursive: true, mode: 0o700 });
  fill(root, scenes[scene]);
  chmodSync(join(root, 'run.sh'), 0o775);
};
const write = (scene: Scene) => {
  const state = scene === 'another time' ? sha256('{}\n') : null;
  writeFiles(root, [
    { path: 'Dockerfile', content: 'FROM b\r\n', mode: 0o644, base: sha256(was.Dockerfile) },
    { path: 'run.sh', content: '#!/bin/bash\n', mode: 0o775, base: sha256(was['run.sh']) },
    { path: 'src/deep/health.ts', content: 'ok\n', mode: 0o644, base: null },
    { path: '.dockwright/state.json', content: '{"version":1}\n', mode: 0o644, base: state },
  ]);
};

/** The folder before and after, and how many calls that change something lie between. */
function measure(scene: Scene) {
  setUp(scene);
  const before = contentsOf(root);
  works();
  write(scene);
  const { calls } = disk;
  return { before, after: contentsOf(root), calls };
}

/** Kills the work before its call number `at`; whether it came so far. */
function killAt(at: number, work: () => void): boolean {
  Object.assign(works(), { left: at });
  try {
    work();
  } catch (error) {
    if (!disk.dead) throw error;
  }
  const { dead } = disk;
  works();
  bury();
  return dead;
}

describe.each(Object.keys(scenes) as Scene[])('a write that is killed, %s', (scene) => {
  it('at any call is finished or undone by the next command', () => {
    const { before, after, calls } = measure(scene);
    const ends = { before: 0, after: 0 };
    for (let at = 0; at < calls; at += 1) {
      setUp(scene);
      expect(killAt(at, () => write(scene))).toBe(true);
      const recovery = recoverWrites(root);
      const now = contentsOf(root);
      const end = JSON.stringify(now) === JSON.stringify(after) ? 'after' : 'before';
      expect(now, `killed at call ${at} of ${calls}`).toEqual(end === 'after' ? after : before);
      ends[end] += 1;
      if (recovery !== 'nothing') expect(recovery).toBe(end === 'after' ? 'finished' : 'undone');
      expect(recoverWrites(root)).toBe('nothing');
      expect(existsSync(recordOf(root)), `a record is left, killed at call ${at}`).toBe(false);
    }
    console.log(`killed at each of ${calls} calls, ${scene}: ${ends.before} as before, ${ends.after} as after`);
    expect(Math.min(ends.before, ends.after)).toBeGreaterThan(5);
  });

  it('is so too where the recovery is killed as well, at any of its calls', () => {
    const { before, after, calls } = measure(scene);
    for (let at = 0; at < calls; at += 5) {
      for (let second = 0; ; second += 1) {
        setUp(scene);
        killAt(at, () => write(scene));
        const killed = killAt(second, () => recoverWrites(root));
        recoverWrites(root);
        const now = contentsOf(root);
        const end = JSON.stringify(now) === JSON.stringify(after) ? after : before;
        expect(now, `killed at call ${at}, its recovery at call ${second}`).toEqual(end);
        if (!killed) break;
      }
    }
  });

  it('goes back, a file that the user changed since left alone', () => {
    const { before, calls } = measure(scene);
    for (let at = 0; at < calls; at += 1) {
      setUp(scene);
      killAt(at, () => write(scene));
      const waits = readFileSync(join(root, 'Dockerfile'), 'utf8') === was.Dockerfile;
      if (!waits) continue;
      writeFileSync(join(root, 'Dockerfile'), 'FROM mine\n');
      recoverWrites(root);
      expect(contentsOf(root), `killed at call ${at}`).toEqual({ ...before, Dockerfile: '644 FROM mine\n' });
    }
  });

  it('goes back from the middle, the last file changed by the user since', () => {
    const { before, after, calls } = measure(scene);
    const mine = { '.dockwright/': '', '.dockwright/state.json': '644 mine\n' };
    let middles = 0;
    for (let at = 0; at < calls; at += 1) {
      setUp(scene);
      killAt(at, () => write(scene));
      const text = (path: string) =>
        existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined;
      if (text('Dockerfile') === was.Dockerfile || text('.dockwright/state.json') === '{"version":1}\n') continue;
      middles += 1;
      writeFileSync(join(root, '.dockwright/state.json'), 'mine\n');
      expect(recoverWrites(root)).toBe('undone');
      expect(contentsOf(root), `killed at call ${at}`).toEqual({ ...before, ...mine });
    }
    expect(middles).toBeGreaterThan(1);
    expect(after).not.toEqual(before);
  });
});

describe.each(['ENOSPC', 'EACCES', 'EIO'])('a write that the disk refuses with %s', (code) => {
  it.each(Object.keys(scenes) as Scene[])('leaves everything as it was, %s', (scene) => {
    const { before, after, calls } = measure(scene);
    let refused = 0;
    for (let at = 0; at < calls; at += 1) {
      setUp(scene);
      Object.assign(works(), { left: at, code });
      let error: unknown;
      try {
        write(scene);
      } catch (thrown) {
        error = thrown;
      }
      const { failed } = disk;
      works();
      if (error === undefined) {
        expect(contentsOf(root), `call ${at}: no error`).toEqual(after);
        continue;
      }
      refused += 1;
      if (code !== 'EIO') expect(error).toBeInstanceOf(UserError);
      // what could not be cleared away, the next command clears away
      const left = failed === 'rmSync' || failed === 'rmdirSync';
      bury();
      if (left) recoverWrites(root);
      const done = left && JSON.stringify(contentsOf(root)) === JSON.stringify(after);
      const expected = done ? after : before;
      expect(contentsOf(root), `call ${at}, ${failed}`).toEqual(expected);
    }
    expect(refused).toBeGreaterThan(20);
  });
});

describe.each(Object.keys(scenes) as Scene[])('a write while somebody else is at work, %s', (scene) => {
  /** Writes while `act` is done just before call number `at`; what was thrown, and whether that was the renaming itself. */
  const writeWhile = (at: number, act: () => void): { error: unknown; renaming: boolean } => {
    setUp(scene);
    let renaming = false;
    const meanwhile = (call: string) => {
      renaming = call === 'renameSync';
      act();
    };
    Object.assign(works(), { left: at, meanwhile });
    try {
      write(scene);
      return { error: undefined, renaming };
    } catch (error) {
      return { error, renaming };
    } finally {
      works();
    }
  };

  it.each([
    ['an edit', () => writeFileSync(join(root, 'run.sh'), 'mine\n'), '775 mine\n'],
    [
      'a link',
      () => {
        rmSync(join(root, 'run.sh'), { force: true });
        symlinkSync('mine.txt', join(root, 'run.sh'));
      },
      'link to mine.txt',
    ],
  ])('never overwrites %s that comes while it goes on', (_, act, mine) => {
    const { before, after, calls } = measure(scene);
    const seen = { changed: 0, written: 0 };
    for (let at = 0; at < calls; at += 1) {
      const { error, renaming } = writeWhile(at, act);
      // between the last look and the renaming there is no time that any program could close
      if (renaming) continue;
      if (error === undefined) seen.written += 1;
      else seen.changed += 1;
      if (error !== undefined) expect(['file-changed', 'path-is-link']).toContain((error as UserError).code);
      expect(contentsOf(root), `at call ${at}`).toEqual({ ...(error === undefined ? after : before), 'run.sh': mine });
    }
    expect(seen.changed).toBeGreaterThan(10);
    expect(seen.written).toBeGreaterThan(5);
  });

  it('stops where another process took its lock away, as long as nothing is in its place', () => {
    const { before, after, calls } = measure(scene);
    const other = JSON.stringify({ pid: process.ppid, started: '', host: hostname(), token: 'other' });
    let stopped = 0;
    for (let at = 2; at < calls - 2; at += 1) {
      const { error } = writeWhile(at, () => writeFileSync(recordOf(root, 'lock'), other));
      if (error !== undefined) expect(error).toMatchObject({ code: 'locked' });
      if (error !== undefined) stopped += 1;
      expect(contentsOf(root), `at call ${at}`).toEqual(error === undefined ? after : before);
      if (existsSync(recordOf(root, 'lock'))) expect(readFileSync(recordOf(root, 'lock'), 'utf8')).toBe(other);
    }
    expect(stopped).toBeGreaterThan(10);
  });
});
