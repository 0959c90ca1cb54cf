import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/model/errors.ts';
import { withLock } from '../../../src/write/lock.ts';
import { writeFiles } from '../../../src/write/write.ts';
import { contentsOf } from '../../support/folder.ts';
import { recordOf, recoverWrites } from '../../support/record.ts';

let root: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'dockwright-lock-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(recordOf(root), { recursive: true, force: true });
  rmSync(root, { recursive: true, force: true });
});

const file = (path: string) => ({ path, content: `${path}\n`, mode: 0o644, base: null });
const write = () => writeFiles(root, [file('a')]);
const record = () => recordOf(root);
const lock = () => recordOf(root, 'lock');
const holder = (parts: object) => {
  mkdirSync(record(), { recursive: true, mode: 0o700 });
  const text = { pid: process.pid, started: '', host: hostname(), token: 'another', ...parts };
  writeFileSync(lock(), `${JSON.stringify(text)}\n`);
};
const thrown = (work: () => unknown): UserError => {
  try {
    work();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};
const sleeper = () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
  children.push(child);
  return child;
};
const deadPid = () => spawnSync(process.execPath, ['--version']).pid;

describe('the lock', () => {
  it('stands while the work goes on, and is gone after it, also when it fails', () => {
    const text = withLock(record(), () => readFileSync(lock(), 'utf8'));
    expect(JSON.parse(text)).toMatchObject({ pid: process.pid, host: hostname() });
    expect(existsSync(record())).toBe(false);
    expect(() =>
      withLock(record(), () => {
        throw new Error('failed');
      }),
    ).toThrow('failed');
    expect(existsSync(record())).toBe(false);
  });

  it('lies outside of the folder, for its user alone', () => {
    const modes = withLock(record(), () => [record(), lock()].map((path) => statSync(path).mode & 0o777));
    expect(modes).toEqual([0o700, 0o600]);
    expect(record().startsWith(root)).toBe(false);
  });

  it('keeps a second Dockwright out, and names the process', () => {
    const { pid } = sleeper();
    holder({ pid });
    const before = contentsOf(root);
    for (const work of [write, () => recoverWrites(root)]) {
      const error = thrown(work);
      expect(error).toMatchObject({ code: 'locked', exit: 4, retry: true, where: { file: lock() } });
      expect(error.message).toContain(`process ${pid}`);
    }
    expect(contentsOf(root)).toEqual(before);
    rmSync(lock());
    expect(withLock(record(), () => thrown(() => writeFiles(`${root}/`, [file('a')])).code)).toBe('locked');
  });

  it('of a dead process is taken over', () => {
    for (const parts of [{ pid: deadPid() }, { pid: 2 ** 31 - 1 }]) {
      holder(parts);
      expect(recoverWrites(root)).toBe('nothing');
      expect(existsSync(record())).toBe(false);
    }
    holder({ pid: deadPid() });
    write();
    expect(contentsOf(root)).toEqual({ a: '644 a\n' });
  });

  it.skipIf(!existsSync('/proc/self/stat'))('of a number that another process has by now is taken over', () => {
    holder({ pid: sleeper().pid, started: '1' });
    write();
    expect(contentsOf(root)).toEqual({ a: '644 a\n' });
  });

  it('of another machine that shares the home folder counts while it is young', () => {
    holder({ pid: 1, host: 'another-machine' });
    expect(thrown(write).message).toContain('process 1 on another-machine');
    for (const [path, away] of [
      ['a', -3_600_000],
      ['b', 3_600_000],
    ] as const) {
      holder({ pid: 1, host: 'another-machine' });
      utimesSync(lock(), new Date(), new Date(Date.now() + away));
      writeFiles(root, [file(path)]);
    }
    expect(contentsOf(root)).toEqual({ a: '644 a\n', b: '644 b\n' });
  });

  it('in the folder itself counts for nothing, and is left as it is', () => {
    const { pid } = sleeper();
    const locks = [
      { pid: 1, started: '', host: hostname(), token: 'x' },
      { pid, started: '', host: hostname(), token: 'x' },
      { pid: 1, started: '', host: 'another-machine', token: 'x' },
    ];
    for (const [index, parts] of locks.entries()) {
      const text = JSON.stringify(parts);
      mkdirSync(join(root, '.dockwright'), { recursive: true });
      writeFileSync(join(root, '.dockwright/lock'), text);
      utimesSync(join(root, '.dockwright/lock'), new Date(), new Date(Date.now() + 1000));
      expect(recoverWrites(root)).toBe('nothing');
      writeFiles(root, [file(`new-${index}`)]);
      expect(readFileSync(join(root, '.dockwright/lock'), 'utf8')).toBe(text);
    }
    expect(Object.keys(contentsOf(root)).filter((path) => path.startsWith('new-'))).toHaveLength(3);
  });

  it('that was being taken away when the process died is cleared away', () => {
    holder({ pid: deadPid() });
    renameSync(lock(), `${lock()}.0123456789ab`);
    expect(recoverWrites(root)).toBe('nothing');
    expect(existsSync(record())).toBe(false);
  });

  it.each(['', '{"pid":', '[]', '{"pid":-1,"started":"","host":"","token":""}'])(
    'that says nothing is taken over: %j',
    (text) => {
      holder({});
      writeFileSync(lock(), text);
      write();
      expect(contentsOf(root)).toEqual({ a: '644 a\n' });
    },
  );

  it('is no link and no device', () => {
    writeFileSync(join(root, 'theirs'), 'theirs\n');
    for (const target of ['/dev/zero', join(root, 'theirs'), '../missing']) {
      mkdirSync(record(), { recursive: true, mode: 0o700 });
      symlinkSync(target, lock());
      expect(recoverWrites(root)).toBe('nothing');
      expect(existsSync(record())).toBe(false);
    }
    expect(contentsOf(root)).toEqual({ theirs: '644 theirs\n' });
  });

  it('that somebody took away stops the work before anything is changed for good', () => {
    const error = thrown(() =>
      withLock(record(), (holdsStill) => {
        holdsStill();
        holder({ pid: 4711 });
        holdsStill();
      }),
    );
    expect(error.message).toContain('process 4711');
    expect(readFileSync(lock(), 'utf8')).toContain('4711');
  });

  it('lets one at a time write: four processes, and no file is lost or torn', async () => {
    const program = `
      import { readFileSync, existsSync } from 'node:fs';
      import { writeFiles, sha256 } from ${JSON.stringify(join(import.meta.dirname, '../../../src/write/write.ts'))};
      const root = ${JSON.stringify(root)};
      for (let done = 0; done < 15; ) {
        const now = existsSync(root + '/count') ? readFileSync(root + '/count', 'utf8') : undefined;
        const next = String(Number(now ?? 0) + 1);
        const base = now === undefined ? null : sha256(now);
        try {
          writeFiles(root, [{ path: 'count', content: next, mode: 0o644, base }, { path: 'n/' + next, content: next, mode: 0o644, base: null }]);
          done += 1;
        } catch (error) {
          if (!['locked', 'file-changed'].includes(error.code)) throw error;
        }
      }`;
    const file = join(root, '..', `dockwright-count-${process.pid}.ts`);
    writeFileSync(file, program);
    const jiti = join(import.meta.dirname, '../../../node_modules/jiti/lib/jiti-cli.mjs');
    const codes = await Promise.all(
      [1, 2, 3, 4].map(() => {
        const child = spawn(process.execPath, [jiti, file], { stdio: ['ignore', 'ignore', 'inherit'] });
        children.push(child);
        return new Promise((resolve) => child.once('close', resolve));
      }),
    );
    rmSync(file);
    expect(codes).toEqual([0, 0, 0, 0]);
    const all = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`n/${index + 1}`, `644 ${index + 1}`]));
    expect(contentsOf(root)).toEqual({ count: '644 60', 'n/': '', ...all });
  });
});
