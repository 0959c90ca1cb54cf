import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRevision } from '../../../../src/flows/revision.ts';
import { trackedFiles } from '../../../../src/project/git/index.ts';
import { git } from '../../../support/git.ts';

let top: string;
beforeAll(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'dockwright-git-')));
});
afterAll(() => rmSync(top, { recursive: true, force: true }));

let count = 0;
function repository(files: Readonly<Record<string, string>>, ...init: string[]): string {
  count += 1;
  const root = join(top, `r${count}`);
  mkdirSync(root);
  git(root, 'init', '-q', ...init);
  for (const [path, text] of Object.entries(files)) put(root, path, text);
  git(root, 'add', '-A');
  git(root, 'commit', '-qm', 'first', '--allow-empty');
  return root;
}

function put(root: string, path: string, text: string) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const stateOf = async (root: string) => (await readRevision(root))?.state;
const files = { 'a.txt': 'one\n', 'src/b.ts': 'two\n', 'src/deep/c.ts': 'three\n' };

describe('the revision of a tree', () => {
  it('is its commit with the time of it', async () => {
    const root = repository(files);
    expect(await readRevision(root)).toEqual({
      commit: git(root, 'rev-parse', 'HEAD').trim(),
      time: Number(git(root, 'log', '-1', '--format=%ct')),
      state: 'clean',
      notCompared: [],
    });
  });

  it.each<[string, (root: string) => unknown, 'clean' | 'dirty']>([
    ['nothing', () => undefined, 'clean'],
    ['a changed file', (root) => put(root, 'a.txt', 'other'), 'dirty'],
    ['a changed file of the same length', (root) => put(root, 'a.txt', 'two\n'), 'dirty'],
    ['the same text written again', (root) => put(root, 'a.txt', 'one\n'), 'clean'],
    ['a removed file', (root) => unlinkSync(join(root, 'a.txt')), 'dirty'],
    ['a new file', (root) => put(root, 'new.txt', ''), 'dirty'],
    ['a new file in a new folder', (root) => put(root, 'x/y/new.txt', ''), 'dirty'],
    ['an empty folder', (root) => mkdirSync(join(root, 'empty')), 'clean'],
    ['a file that may be run', (root) => chmodSync(join(root, 'a.txt'), 0o755), 'dirty'],
    ['a staged change', (root) => [put(root, 'a.txt', 'x'), git(root, 'add', '-A')], 'dirty'],
    ['a staged removal', (root) => git(root, 'rm', '-q', '--cached', 'a.txt'), 'dirty'],
    ['a file that is meant to be added', (root) => [put(root, 'n', ''), git(root, 'add', '-N', 'n')], 'dirty'],
    [
      'a link in the place of a file',
      (root) => [unlinkSync(join(root, 'a.txt')), symlinkSync('src/b.ts', join(root, 'a.txt'))],
      'dirty',
    ],
    [
      'a link in the place of a folder',
      (root) => [
        git(root, 'mv', 'src', 'lib'),
        git(root, 'commit', '-qm', 'x'),
        rmSync(join(root, 'lib'), { recursive: true }),
        put(top, 'elsewhere/b.ts', 'two\n'),
        put(top, 'elsewhere/deep/c.ts', 'three\n'),
        symlinkSync(join(top, 'elsewhere'), join(root, 'lib')),
      ],
      'dirty',
    ],
    [
      'an ignored file',
      (root) => [
        put(root, '.gitignore', '*.log\nout/\n'),
        git(root, 'add', '-A'),
        git(root, 'commit', '-qm', 'x'),
        put(root, 'x.log', ''),
        put(root, 'out/y', ''),
      ],
      'clean',
    ],
    [
      'an exception',
      (root) => [
        put(root, '.gitignore', '*.log\n!keep.log\n'),
        git(root, 'add', '-A'),
        git(root, 'commit', '-qm', 'x'),
        put(root, 'keep.log', ''),
      ],
      'dirty',
    ],
    [
      'a repository inside',
      (root) => [mkdirSync(join(root, 'inner')), git(join(root, 'inner'), 'init', '-q')],
      'dirty',
    ],
    [
      'a file that is assumed to be the same',
      (root) => [git(root, 'update-index', '--assume-unchanged', 'a.txt'), put(root, 'a.txt', 'x')],
      'clean',
    ],
    [
      'a file that is left out of the tree',
      (root) => [git(root, 'update-index', '--skip-worktree', 'a.txt'), unlinkSync(join(root, 'a.txt'))],
      'clean',
    ],
    [
      'an index of version 4',
      (root) => [git(root, 'update-index', '--index-version', '4'), put(root, 'a.txt', 'x')],
      'dirty',
    ],
  ])('with %s is as git sees it', async (_, change, expected) => {
    for (const init of [[], ['--object-format=sha256']]) {
      const root = repository(files, ...init);
      change(root);
      expect(await stateOf(root)).toBe(expected);
      expect(git(root, 'status', '--porcelain') === '' ? 'clean' : 'dirty').toBe(expected);
    }
  });

  it('is that of a folder alone where the project is one', async () => {
    const root = repository(files);
    put(root, 'a.txt', 'changed');
    expect(await stateOf(join(root, 'src'))).toBe('clean');
    put(root, 'src/deep/c.ts', 'changed');
    expect(await stateOf(join(root, 'src'))).toBe('dirty');
    mkdirSync(join(root, 'other'));
    expect(await stateOf(join(root, 'other'))).toBe('clean');
  });

  it('is found in a worktree, and after its references are packed', async () => {
    const root = repository(files);
    git(root, 'worktree', 'add', '-q', join(top, 'second'));
    git(root, 'pack-refs', '--all');
    for (const tree of [root, join(top, 'second')]) {
      expect(await readRevision(tree)).toMatchObject({ commit: git(tree, 'rev-parse', 'HEAD').trim(), state: 'clean' });
    }
  });

  it('is not known where the index is split, and that is said', async () => {
    const root = repository(files);
    git(root, 'update-index', '--split-index');
    expect(await readRevision(root)).toMatchObject({
      state: 'unknown',
      why: 'the Git index is split over two files',
    });
  });

  it('is none without a commit, and in no repository', async () => {
    const root = join(top, 'fresh');
    mkdirSync(root);
    expect(await readRevision(root)).toBeUndefined();
    git(root, 'init', '-q');
    expect(await readRevision(root)).toBeUndefined();
  });

  it.each<[string, string, readonly string[], string, 'clean' | 'dirty']>([
    ['text', '*.txt text', [], 'one\r\n', 'clean'],
    ['text=auto', '* text=auto', [], 'one\r\n', 'clean'],
    ['no text', '*.txt -text', [], 'one\r\n', 'dirty'],
    ['binary', '*.txt binary', [], 'one\r\n', 'dirty'],
    ['eol=crlf', '*.txt eol=crlf', [], 'one\r\n', 'clean'],
    ['the older name', '*.txt crlf', [], 'one\r\n', 'clean'],
    ['nothing', '', [], 'one\r\n', 'dirty'],
    ['core.autocrlf', '', ['core.autocrlf', 'true'], 'one\r\n', 'clean'],
    ['core.autocrlf=input', '', ['core.autocrlf', 'input'], 'one\r\n', 'clean'],
    ['core.autocrlf for a binary', '', ['core.autocrlf', 'true'], 'one\r\n\0', 'dirty'],
    ['a macro', '[attr]words text\n*.txt words', [], 'one\r\n', 'clean'],
    ['the last line', '*.txt text\na.* -text', [], 'one\r\n', 'dirty'],
  ])('compares line endings as git converts them: %s', async (_, attributes, setting, text, expected) => {
    const root = repository({ ...files, ...(attributes ? { '.gitattributes': `${attributes}\n` } : {}) });
    const [key, value] = setting;
    if (key && value) git(root, 'config', key, value);
    put(root, 'a.txt', text);
    expect(await stateOf(root)).toBe(expected);
    const seen = git(root, 'status', '--porcelain').trim() === '' || git(root, 'diff', '--stat').trim() === '';
    expect(seen ? 'clean' : 'dirty').toBe(expected);
  });

  it('names files that a filter converts, and does not take them for changed', async () => {
    const root = repository(files);
    put(root, '.gitattributes', '*.txt filter=x\nsrc/b.ts ident\nsrc/deep/* working-tree-encoding=UTF-16\n');
    git(root, 'add', '.gitattributes');
    git(root, 'commit', '-qm', 'attributes');
    put(root, 'a.txt', 'changed');
    put(root, 'src/b.ts', 'changed');
    expect(await readRevision(root)).toMatchObject({
      state: 'clean',
      notCompared: ['a.txt', 'src/b.ts', 'src/deep/c.ts'],
    });
    put(root, 'new.ts', '');
    expect(await stateOf(root)).toBe('dirty');
  });

  it('names submodules as not compared, and takes a missing one for a change', async () => {
    const inner = repository({ 'x.txt': 'x\n' });
    const root = repository(files);
    git(root, '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', inner, 'lib');
    git(root, 'commit', '-qm', 'submodule');
    expect(await readRevision(root)).toMatchObject({ state: 'clean', notCompared: ['lib'] });
    rmSync(join(root, 'lib'), { recursive: true });
    expect(await stateOf(root)).toBe('dirty');
  });

  it('is what git says of any tree', { timeout: 120_000 }, async () => {
    const name = fc.constantFrom('a', 'b.txt', 'd/e', 'd/f.log', 'g/h/i.txt', 'g/j', 'ü.txt', 'sp ace', '.gitignore');
    const text = fc.constantFrom('', 'x\n', 'y\r\n', '*.log\n', 'g/\n!g/j\n', '/d/*\n', '**/i.txt\nb.*\n');
    const tree = fc.dictionary(name, text, { maxKeys: 6 });
    const act = fc.tuple(fc.constantFrom('write', 'remove', 'stage'), name, text);
    await fc.assert(
      fc.asyncProperty(tree, fc.array(act, { maxLength: 5 }), async (before, acts) => {
        const root = repository(before);
        for (const [what, path, content] of acts) {
          if (what === 'write') put(root, path, content);
          else if (what === 'remove') rmSync(join(root, path), { force: true });
          else git(root, 'add', '-A');
        }
        expect(await stateOf(root)).toBe(git(root, 'status', '--porcelain') === '' ? 'clean' : 'dirty');
        rmSync(root, { recursive: true, force: true });
      }),
      { numRuns: 120 },
    );
  });
});

describe('the tracked files', () => {
  it('are those of the index, also where they are gone or ignored', () => {
    const root = repository({ ...files, '.gitignore': 'dist\n' });
    put(root, 'dist/x.js', '');
    put(root, 'new.ts', '');
    git(root, 'add', '-f', 'dist/x.js');
    expect(trackedFiles(root)).toEqual({
      by: 'index',
      files: ['.gitignore', 'a.txt', 'dist/x.js', 'src/b.ts', 'src/deep/c.ts'],
    });
    expect(trackedFiles(join(root, 'src')).files).toEqual(['b.ts', 'deep/c.ts']);
  });

  it('are what the ignore files leave where there is no git', () => {
    const root = join(top, 'plain');
    for (const [path, text] of Object.entries({
      ...files,
      '.gitignore': 'src/deep\n',
      'src/.gitignore': 'x*\n',
      'src/x.ts': '',
    }))
      put(root, path, text);
    expect(trackedFiles(root)).toEqual({
      by: 'ignore-files',
      files: ['.gitignore', 'a.txt', 'src/.gitignore', 'src/b.ts'],
    });
  });

  it('of an index that names files outside of the tree are none of them', () => {
    const root = repository({ 'aa/aaaaaa.txt': 'x' });
    const index = join(root, '.git/index');
    const bytes = execFileSync('cat', [index]).toString('latin1').replace('aa/aaaaaa.txt', '../aaaaaa.txt');
    writeFileSync(index, Buffer.from(bytes, 'latin1'));
    expect(trackedFiles(root)).toEqual({ by: 'ignore-files', files: ['aa/aaaaaa.txt'] });
  });
});
