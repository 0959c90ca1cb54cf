import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leadOf } from '../../../src/engine/paths.ts';
import { copyFile, copyFiles } from '../../../src/engine/temp.ts';

let base = '';
let root = '';

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'paths-'));
  root = join(base, 'project');
  mkdirSync(join(root, 'config/deep'), { recursive: true });
  mkdirSync(join(base, 'project-beside'));
  writeFileSync(join(root, 'config/app.json'), 'app');
  writeFileSync(join(root, 'config/deep/run.sh'), 'run', { mode: 0o755 });
  writeFileSync(join(root, '.env'), 'SECRET');
  writeFileSync(join(base, 'outside'), 'outside');
  const link = (name: string, to: string) => symlinkSync(to, join(root, name));
  link('rootlink', '/');
  link('up', '..');
  link('twice', 'up/outside');
  link('inner', 'config');
  link('config/to-secret', '../.env');
  link('config/to-outside', '../../outside');
  link('config/to-app', 'app.json');
  link('nowhere', '/nowhere/at/all');
  link('circle', 'circle');
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

describe('leadOf', () => {
  it.each([
    ['.', '.', 'folder'],
    ['config', 'config', 'folder'],
    ['./config/../config/app.json', 'config/app.json', 'file'],
    ['inner', 'config', 'folder'],
    ['inner/app.json', 'config/app.json', 'file'],
    ['not/there', 'not/there', 'missing'],
    ['inner/not/there', 'config/not/there', 'missing'],
    ['..data', '..data', 'missing'],
  ])('%s stays inside', (path, to, kind) => {
    expect(leadOf(root, path)).toEqual({ inside: true, path: to, kind });
  });
  it('takes an absolute path into the project for one inside', () => {
    expect(leadOf(root, join(root, 'config'))).toEqual({ inside: true, path: 'config', kind: 'folder' });
  });
  it.each([
    '/',
    '/etc/passwd',
    '/proc/self/environ',
    '..',
    '../outside',
    '../project-beside',
    'config/../../outside',
    'rootlink',
    'rootlink/etc',
    'rootlink/not/there',
    'up/outside',
    'twice',
    'config/to-outside',
    'nowhere',
    'nowhere/below',
    'circle',
    '~/.ssh',
    '~root',
    'nul\0l',
  ])('%j leads out', (path) => {
    expect(leadOf(root, path)).toMatchObject({ inside: false });
  });
  it('knows the home folder, for what a person allows', () => {
    expect(leadOf(root, '~/x')).toMatchObject({ absolute: join(homedir(), 'x') });
  });
  it.skipIf(process.platform === 'win32')('refuses what is neither a file nor a folder', () => {
    expect(leadOf('/dev', 'null')).toMatchObject({ inside: false });
  });
});

describe('copyFiles', () => {
  it('copies regular files, and links to other files of the list alone', () => {
    const to = join(base, 'copy');
    const links = ['config/to-app', 'config/to-outside', 'config/to-secret', 'rootlink', 'twice'];
    const files = ['config/app.json', 'config/deep/run.sh', 'not-there', ...links];
    copyFiles({ root, tracked: files }, files, '.', to);
    const read = (path: string) =>
      statSync(join(to, path), { throwIfNoEntry: false }) && readFileSync(join(to, path), 'utf8');
    expect(read('config/app.json')).toBe('app');
    expect(read('config/to-app')).toBe('app');
    for (const path of ['config/to-outside', 'config/to-secret', 'rootlink', 'twice', 'not-there']) {
      expect(read(path)).toBeUndefined();
    }
    expect(statSync(join(to, 'config/deep/run.sh')).mode & 0o777).toBe(0o777);
    expect(statSync(join(to, 'config/app.json')).mode & 0o777).toBe(0o666);
    expect(statSync(join(to, 'config/deep')).mode & 0o777).toBe(0o777);
    const below = join(base, 'below');
    copyFiles({ root, tracked: files }, ['config/to-app', 'config/deep/run.sh'], 'config', below);
    expect(readFileSync(join(below, 'to-app'), 'utf8')).toBe('app');
    expect(readFileSync(join(below, 'deep/run.sh'), 'utf8')).toBe('run');
  });
  it('copies one file, and gives an empty one for what is not of the repository', () => {
    const to = join(base, 'single/file');
    const of = (file: string, tracked: readonly string[]) => {
      copyFile({ root, tracked }, file, to);
      return readFileSync(to, 'utf8');
    };
    expect(of('config/app.json', ['config/app.json'])).toBe('app');
    expect(of('.env', ['config/app.json'])).toBe('');
    expect(of('config/to-secret', ['config/to-secret'])).toBe('');
    expect(of('config/to-outside', ['config/to-outside'])).toBe('');
  });
});
