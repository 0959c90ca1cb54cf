import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reservedIn } from '../../../src/model/reserved.ts';
import { pruneFolder } from '../../../src/write/prune.ts';
import { checkTarget, makeFolder, readTarget, writeFiles } from '../../../src/write/write.ts';
import { contentsOf, fill } from '../../support/folder.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'dockwright-reserved-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
  return 'nothing thrown';
};
const write = (path: string, folder = root) => writeFiles(folder, [{ path, content: 'x\n', mode: 0o644, base: null }]);

/** As git sees them on every file system (`verify_path`, `is_ntfs_dotgit`, `is_hfs_dotgit`). */
const inGit = [
  '.git/hooks/pre-commit',
  '.git/config',
  '.git',
  'packages/api/.git/HEAD',
  'sub/.git',
  '.GIT/config',
  '.Git/config',
  '.git./config',
  '.git /config',
  '.git . ./config',
  '.git::$INDEX_ALLOCATION/config',
  'git~1/config',
  'GIT~2/config',
  'sub\\.git\\config',
  '.g\u200cit/config',
  '\ufeff.git/config',
  './x/../.git/config',
];
const beside = [
  '.gitignore',
  '.github/workflows/ci.yml',
  '.gitattributes',
  'git/x',
  'a.git/x',
  '.gitx/x',
  'git~/x',
  '...git/x',
];
const inState = [
  '.dockwright/x',
  '.dockwright/lock',
  '.dockwright/last/.git/x',
  '.DOCKWRIGHT/state.json',
  'sub/.dockwright/state.json',
];
const ours = [
  '.dockwright/state.json',
  '.dockwright/evidence.json',
  '.dockwright/last/src/health.ts',
  '.dockwright.yml',
];

describe('a path in .git', () => {
  it.each(inGit)('is read and written in no spelling: %j', (path) => {
    expect(codeOf(() => write(path))).toBe('path-reserved');
    expect(codeOf(() => readTarget(root, path))).toBe('path-reserved');
    expect(contentsOf(root)).toEqual({});
  });

  it('is found behind a link, too', () => {
    fill(root, { '.git/hooks/pre-commit.sample': 'x', 'a/.git/config': 'x' });
    symlinkSync('.git/hooks', join(root, 'hooks'));
    symlinkSync('../hooks', join(root, 'a/again'));
    symlinkSync('a/.git', join(root, 'module'));
    const before = contentsOf(root);
    for (const path of ['hooks/pre-commit', 'a/again/pre-commit', 'module/hooks/x'])
      expect(
        codeOf(() => write(path)),
        path,
      ).toBe('path-reserved');
    expect(contentsOf(root)).toEqual(before);
  });

  it.each(beside)('is none where the name is only like it: %s', (path) => {
    write(path);
    expect(contentsOf(root)[path]).toBe('644 x\n');
  });

  it('is no folder to write to, by its name or behind a link, whether it is there or not', () => {
    mkdirSync(join(root, '.git/hooks'), { recursive: true });
    symlinkSync('.git', join(root, 'link'));
    const before = contentsOf(root);
    for (const folder of ['.git', '.git/hooks', '.git/new/deep', 'link', 'link/new', '.GIT/new']) {
      const named = join(root, folder);
      expect([codeOf(() => checkTarget(named, true)), codeOf(() => makeFolder(named))], folder).toEqual([
        'path-reserved',
        'path-reserved',
      ]);
    }
    expect(codeOf(() => write('x', join(root, '.git')))).toBe('path-reserved');
    expect(codeOf(() => checkTarget(join(root, 'new'), true))).toBe('nothing thrown');
    expect(contentsOf(root)).toEqual(before);
  });
});

describe('the folder of the state', () => {
  it.each(inState)('holds nothing but what Dockwright keeps there: %s', (path) => {
    expect(codeOf(() => write(path))).toBe('path-reserved');
    expect(reservedIn(path)).toBeDefined();
  });

  it.each(ours)('takes what Dockwright keeps there: %s', (path) => {
    write(path);
    expect(contentsOf(root)[path]).toBe('644 x\n');
  });

  it('is not to be named as a folder to write to', () => {
    expect(codeOf(() => checkTarget(join(root, '.dockwright/last'), true))).toBe('path-reserved');
  });

  it('that is a link makes no files of another folder ours to remove', () => {
    fill(root, { 'src/last/mine.js': 'mine\n' });
    symlinkSync('src', join(root, '.dockwright'));
    const before = contentsOf(root);
    pruneFolder(root, '.dockwright/last', new Set());
    expect(codeOf(() => write('x'))).toBe('path-is-link');
    expect(contentsOf(root)).toEqual(before);
    rmSync(join(root, '.dockwright'));
    fill(root, { '.dockwright/last/old': 'x\n', '.dockwright/last/new': 'x\n' });
    pruneFolder(root, '.dockwright/last', new Set(['.dockwright/last/new']));
    expect(contentsOf(root)).toEqual({
      '.dockwright/': '',
      '.dockwright/last/': '',
      '.dockwright/last/new': '644 x\n',
    });
  });
});

describe('the folder of --output', () => {
  it('is made with those above it', () => {
    makeFolder(join(root, 'a/b/c'));
    makeFolder(join(root, 'a/b/c'));
    expect(contentsOf(root)).toEqual({ 'a/': '', 'a/b/': '', 'a/b/c/': '' });
  });

  it.skipIf(process.platform !== 'linux')('is refused, and does not hang, where no folder can be made', () => {
    expect(codeOf(() => makeFolder('/proc/1/dockwright/x'))).toBe('cannot-write');
  });
});
