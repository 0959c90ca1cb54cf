import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { secretMaker } from '../../../src/write/secrets.ts';
import { readTarget, sha256, writeFiles } from '../../../src/write/write.ts';
import { contentsOf, fill } from '../../support/folder.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'dockwright-write-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const file = (path: string, content = 'new\n', base: string | null = null, mode = 0o644) => ({
  path,
  content,
  mode,
  base,
});
const code = (work: () => void): string => {
  try {
    work();
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
  return 'nothing thrown';
};

describe('writing', () => {
  it('writes new files with their modes, in folders that are made', () => {
    writeFiles(root, [file('src/health.ts'), file('.env', 'A=1\n', null, 0o600)]);
    expect(readFileSync(join(root, 'src/health.ts'), 'utf8')).toBe('new\n');
    expect(statSync(join(root, '.env')).mode & 0o777).toBe(0o600);
    expect(readdirSync(root).sort()).toEqual(['.env', 'src']);
  });

  it('writes nothing at all where one file is no longer what the change was worked out from', () => {
    writeFileSync(join(root, 'b'), 'edited meanwhile\n');
    expect(code(() => writeFiles(root, [file('a'), file('b', 'new\n', sha256('before\n'))]))).toBe('file-changed');
    expect(readdirSync(root)).toEqual(['b']);
    expect(readFileSync(join(root, 'b'), 'utf8')).toBe('edited meanwhile\n');
    expect(code(() => writeFiles(root, [file('b')]))).toBe('file-changed');
  });

  it('never leads out of the folder', () => {
    const outside = mkdtempSync(join(tmpdir(), 'dockwright-outside-'));
    symlinkSync(outside, join(root, 'link'));
    writeFileSync(join(outside, 'target'), 'theirs\n');
    symlinkSync(join(outside, 'target'), join(root, 'file'));
    symlinkSync(join(root, 'missing'), join(root, 'dangling'));
    expect(code(() => writeFiles(root, [file('../x')]))).toBe('path-outside');
    expect(code(() => writeFiles(root, [file('/etc/dockwright')]))).toBe('path-outside');
    expect(code(() => writeFiles(root, [file('link/x')]))).toBe('path-outside');
    expect(code(() => writeFiles(root, [file('file', 'new\n', sha256('theirs\n'))]))).toBe('path-is-link');
    expect(code(() => writeFiles(root, [file('dangling')]))).toBe('path-is-link');
    expect(readdirSync(outside)).toEqual(['target']);
    expect(readFileSync(join(outside, 'target'), 'utf8')).toBe('theirs\n');
    rmSync(outside, { recursive: true });
  });

  it('says what to do about a folder where a file should be', () => {
    mkdirSync(join(root, 'Dockerfile'));
    expect(code(() => readTarget(root, 'Dockerfile'))).toBe('not-a-file');
    execFileSync('mkfifo', [join(root, 'pipe')]);
    expect(() => readTarget(root, 'pipe')).toThrow('pipe is a named pipe, but a file must be written there');
  });

  it('keeps the modes that were there whatever the umask, and the bytes of the line ends', () => {
    writeFileSync(join(root, 'run.sh'), 'a\r\nb');
    chmodSync(join(root, 'run.sh'), 0o775);
    const umask = process.umask(0o077);
    try {
      writeFiles(root, [file('run.sh', 'a\r\nc\n\r\n', sha256('a\r\nb'), 0o775), file('new')]);
    } finally {
      process.umask(umask);
    }
    expect(contentsOf(root)).toEqual({ 'run.sh': '775 a\r\nc\n\r\n', new: '600 new\n' });
  });

  it('refuses what it would have to damage: bytes that are no UTF-8', () => {
    writeFileSync(join(root, 'latin'), Buffer.from([0x61, 0xe9, 0x0a]));
    const base = sha256(readTarget(root, 'latin')?.content ?? '');
    expect(code(() => writeFiles(root, [file('a'), file('latin', 'new\n', base)]))).toBe('not-utf8');
    expect(readdirSync(root)).toEqual(['latin']);
    expect([...readFileSync(join(root, 'latin'))]).toEqual([0x61, 0xe9, 0x0a]);
  });

  it('takes two texts for one file for the bug that it is', () => {
    expect(() => writeFiles(root, [file('a'), file('./a', 'other\n')])).toThrow('two texts for one file: a');
    expect(readdirSync(root)).toEqual([]);
  });

  it('removes the folders that it made for a write that failed, and no other', () => {
    mkdirSync(join(root, 'theirs'));
    writeFileSync(join(root, 'wall'), 'a file\n');
    const files = [file('made/deep/a'), file('theirs/made/b'), file('wall/c')];
    expect(code(() => writeFiles(root, files))).toBe('cannot-write');
    expect(contentsOf(root)).toEqual({ 'theirs/': '', wall: '644 a file\n' });
    expect(code(() => writeFiles(root, [file('made/a'), file('theirs')]))).toBe('not-a-file');
    expect(contentsOf(root)).toEqual({ 'theirs/': '', wall: '644 a file\n' });
  });

  it('says so where something else has the name of its folder', () => {
    writeFileSync(join(root, '.dockwright'), 'mine\n');
    expect(code(() => writeFiles(root, [file('a')]))).toBe('cannot-write');
    expect(contentsOf(root)).toEqual({ '.dockwright': '644 mine\n' });
    rmSync(join(root, '.dockwright'));
    symlinkSync('missing', join(root, '.dockwright'));
    expect(code(() => writeFiles(root, [file('a')]))).toBe('path-is-link');
    expect(readdirSync(root)).toEqual(['.dockwright']);
  });

  it('writes beside names as long as the file system allows, with spaces, quotes and new lines in them', () => {
    const names = ['x'.repeat(255), ' a "b"\n\'c\' $d', '-rf', '..dots'];
    writeFiles(
      root,
      names.map((name) => file(name)),
    );
    expect(readdirSync(root).sort()).toEqual([...names].sort());
    expect(code(() => writeFiles(root, [file('x'.repeat(256))]))).toBe('cannot-write');
    expect(readdirSync(root).sort()).toEqual([...names].sort());
  });

  it.skipIf(process.platform === 'win32')('says so where no permission to write to the folder', () => {
    writeFileSync(join(root, 'a'), 'old\n');
    chmodSync(root, 0o555);
    asNobody(() => {
      expect(code(() => writeFiles(root, [file('a', 'new\n', sha256('old\n'))]))).toBe('cannot-write');
      expect(code(() => writeFiles(root, [file('b')]))).toBe('cannot-write');
    });
    expect(contentsOf(root)).toEqual({ a: '644 old\n' });
    chmodSync(root, 0o755);
  });
});

/** Root may write anywhere: for root the work is done as a user who may not. */
function asNobody(work: () => void): void {
  const root = process.getuid?.() === 0;
  if (root) process.seteuid?.(65_534);
  try {
    work();
  } finally {
    if (root) process.seteuid?.(0);
  }
}

/** A file system of 64 kB, where the system gives one to this user: undefined elsewhere. */
function smallDisk(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'dockwright-small-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' });
  if (mounted.status === 0) return folder;
  rmSync(folder, { recursive: true });
  return undefined;
}

describe('a full disk', () => {
  const disk = smallDisk();
  if (!disk) console.warn('a full disk: no small file system can be mounted here, skipped');
  afterAll(() => {
    if (!disk) return;
    spawnSync('umount', [disk]);
    rmSync(disk, { recursive: true });
  });

  it.skipIf(!disk)('leaves everything as it was, whatever was full first', () => {
    const folder = disk ?? '';
    let refused = 0;
    for (let pages = 0; pages < 16; pages += 1) {
      fill(folder, { a: 'old\n' });
      if (pages > 0) writeFileSync(join(folder, 'full'), 'x'.repeat(pages * 4096));
      const before = contentsOf(folder);
      const files = [file('a', 'new\n', sha256('old\n')), file('deep/b', 'x'.repeat(9000)), file('deep/er/c')];
      const ended = code(() => writeFiles(folder, files));
      if (ended === 'nothing thrown') {
        expect(Object.keys(contentsOf(folder))).toEqual(expect.arrayContaining(['a', 'deep/b', 'deep/er/c']));
        continue;
      }
      refused += 1;
      expect(ended).toBe('cannot-write');
      expect(contentsOf(folder), `${pages} pages were taken`).toEqual(before);
    }
    expect(refused).toBeGreaterThan(3);
    expect(refused).toBeLessThan(16);
  });
});

describe('a local secret', () => {
  it('is long, different each time, and needs no quoting', () => {
    expect(secretMaker()()).toMatch(/^[A-Za-z0-9_-]{32}$/);
    const random = secretMaker();
    expect(random()).not.toBe(random());
  });
});
