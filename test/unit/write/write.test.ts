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
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { randomSecret } from '../../../src/write/secrets.ts';
import { readTarget, sha256, writeFiles } from '../../../src/write/write.ts';

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
  });

  it.skipIf(process.getuid?.() === 0)('says so where the folder may not be written', () => {
    chmodSync(root, 0o555);
    expect(code(() => writeFiles(root, [file('a')]))).toBe('cannot-write');
    chmodSync(root, 0o755);
  });
});

describe('a local secret', () => {
  it('is long, different each time, and needs no quoting', () => {
    expect(randomSecret()).toMatch(/^[A-Za-z0-9_-]{32}$/);
    expect(randomSecret()).not.toBe(randomSecret());
  });
});
