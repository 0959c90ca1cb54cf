import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/model/errors.ts';
import { recoverWrites, sha256, writeFiles } from '../../../src/write/write.ts';
import { contentsOf, fill } from '../../support/folder.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'dockwright-recover-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const at = (path: string) => join(root, path);
const put = (path: string, text: string) => {
  mkdirSync(join(at(path), '..'), { recursive: true });
  writeFileSync(at(path), text);
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

const name = (number: number, end: 'new' | 'old') => `.dockwright-00000000000${number}.${end}`;
/** A write of two files that were there and one new one in a new folder, as the disk has it when all three wait. */
const files = [
  { path: 'a.txt', temporary: name(1, 'new'), backup: name(1, 'old'), base: sha256('a old\n'), mode: 0o644 },
  { path: 'b.sh', temporary: name(2, 'new'), backup: name(2, 'old'), base: sha256('b old\n'), mode: 0o755 },
  { path: 'made/c.txt', temporary: `made/${name(3, 'new')}`, backup: null, base: null, mode: 0o644 },
].map((file) => ({ ...file, sha256: sha256(`${file.path} new\n`) }));
const journal = (state: 'staging' | 'ready', more: object = {}) =>
  put('.dockwright/journal.json', JSON.stringify({ version: 1, state, folders: ['made'], files, ...more }));

function waiting(): { before: object; after: object } {
  const own = { 'mine.txt': 'mine\n' };
  const shape = (all: Record<string, string>) => {
    fill(root, all);
    chmodSync(at('b.sh'), 0o755);
    return contentsOf(root);
  };
  const after = shape({ ...own, 'a.txt': 'a.txt new\n', 'b.sh': 'b.sh new\n', 'made/c.txt': 'made/c.txt new\n' });
  const before = shape({ ...own, 'a.txt': 'a old\n', 'b.sh': 'b old\n' });
  for (const file of files) {
    put(file.temporary, `${file.path} new\n`);
    chmodSync(at(file.temporary), file.mode);
    if (!file.backup) continue;
    put(file.backup, readFileSync(at(file.path), 'utf8'));
    chmodSync(at(file.backup), file.mode);
  }
  return { before, after };
}
const place = (...numbers: number[]) => {
  for (const file of numbers.map((number) => files[number - 1]))
    if (file) renameSync(at(file.temporary), at(file.path));
};

describe('what a killed write left', () => {
  it('is nothing in most folders, and then nothing is made', () => {
    expect(recoverWrites(root)).toBe('nothing');
    expect(contentsOf(root)).toEqual({});
    put('.dockwright/state.json', '{}\n');
    expect(recoverWrites(root)).toBe('nothing');
    expect(Object.keys(contentsOf(root))).toEqual(['.dockwright/', '.dockwright/state.json']);
  });

  it.each([[[]], [[1]], [[1, 2]], [[1, 2, 3]], [[2]], [[3]]])(
    'is finished where all wait or are placed: %j',
    (placed) => {
      const { after } = waiting();
      place(...placed);
      journal('ready');
      expect(recoverWrites(root)).toBe('finished');
      expect(contentsOf(root)).toEqual(after);
    },
  );

  it('is finished too by the next write, which comes after it', () => {
    const { after } = waiting();
    journal('ready');
    writeFiles(root, [{ path: 'a.txt', content: 'third\n', mode: 0o644, base: sha256('a.txt new\n') }]);
    expect(contentsOf(root)).toEqual({ ...after, 'a.txt': '644 third\n' });
  });

  it.each([0, 1, 2, 3])('is undone where it was still being prepared: %i files wait', (count) => {
    const { before } = waiting();
    for (const file of files.slice(count)) {
      rmSync(at(file.temporary));
      if (file.backup) rmSync(at(file.backup));
    }
    if (count < 3) rmSync(at('made'), { recursive: true });
    journal('staging');
    put('.dockwright/journal.json.tmp', '{"version":1,"state":"rea');
    expect(recoverWrites(root)).toBe('undone');
    expect(contentsOf(root)).toEqual(before);
  });

  it.each([[[]], [[1]], [[1, 3]]])('is undone where a text that waited is gone or cut off: %j are placed', (placed) => {
    const { before } = waiting();
    journal('ready');
    place(...placed);
    writeFileSync(at(name(2, 'new')), 'b.sh n');
    expect(recoverWrites(root)).toBe('undone');
    expect(contentsOf(root)).toEqual(before);
    waiting();
    journal('ready');
    place(...placed);
    rmSync(at(name(2, 'new')));
    expect(recoverWrites(root)).toBe('undone');
    expect(contentsOf(root)).toEqual(before);
  });

  it.each([[[]], [[1]], [[1, 3]]])('goes back around a file that the user changed since: %j are placed', (placed) => {
    const { before } = waiting();
    journal('ready');
    place(...placed);
    writeFileSync(at('b.sh'), 'b mine\n');
    expect(recoverWrites(root)).toBe('undone');
    expect(contentsOf(root)).toEqual({ ...before, 'b.sh': '755 b mine\n' });
  });

  it('leaves alone what the user put in the place of a new file, be it a link or a folder', () => {
    for (const mine of [
      () => writeFileSync(at('made/c.txt'), 'mine\n'),
      () => symlinkSync('../mine.txt', at('made/c.txt')),
      () => mkdirSync(at('made/c.txt')),
    ]) {
      const { before } = waiting();
      journal('ready');
      place(1);
      mine();
      const { 'made/c.txt': text, 'made/c.txt/': folder } = contentsOf(root);
      expect(recoverWrites(root)).toBe('undone');
      const kept = text === undefined ? { 'made/c.txt/': folder } : { 'made/c.txt': text };
      expect(contentsOf(root)).toEqual({ ...before, 'made/': '', ...kept });
    }
  });

  it('keeps what the user edited after all was in place', () => {
    const { after } = waiting();
    journal('ready');
    place(1, 2, 3);
    writeFileSync(at('a.txt'), 'a.txt new\nand mine\n');
    expect(recoverWrites(root)).toBe('finished');
    expect(contentsOf(root)).toEqual({ ...after, 'a.txt': '644 a.txt new\nand mine\n' });
  });

  it('changes nothing and says what to do where there is no way forward and none back', () => {
    waiting();
    journal('ready');
    place(1);
    rmSync(at(name(1, 'old')));
    writeFileSync(at('b.sh'), 'b mine\n');
    const before = contentsOf(root);
    const error = thrown(() => recoverWrites(root));
    expect(error).toMatchObject({ code: 'write-interrupted', where: { file: 'a.txt' }, exit: 3 });
    expect(error.next.join('\n')).toContain('.dockwright/journal.json');
    expect(contentsOf(root)).toEqual(before);
  });
});

describe('a journal that is none', () => {
  const file = files[0];
  it.each([
    ['empty', ''],
    ['cut off', '{"version":1,"state":"ready","files":[{"path":"a.t'],
    ['no object', '[]'],
    ['of another version', JSON.stringify({ version: 2, state: 'ready', folders: [], files: [] })],
    ['one that leads out', JSON.stringify({ version: 1, state: 'staging', folders: ['../x'], files: [] })],
    ...[
      { path: '../a.txt', temporary: '../.dockwright-000000000001.new' },
      { path: '/a.txt' },
      { path: 'x/../../a.txt' },
      { temporary: 'mine.txt' },
      { backup: 'mine.txt' },
      { temporary: 'made/.dockwright-000000000001.new' },
    ].map((wrong): [string, string] => [
      `one that names what is not ours: ${JSON.stringify(wrong)}`,
      JSON.stringify({ version: 1, state: 'staging', folders: [], files: [{ ...file, ...wrong }] }),
    ]),
  ])('is refused: %s', (_, text) => {
    fill(root, { 'a.txt': 'a old\n', 'mine.txt': 'mine\n', '.dockwright/journal.json': text });
    const before = contentsOf(root);
    const error = thrown(() => recoverWrites(root));
    expect(error).toMatchObject({ code: 'journal-broken', where: { file: '.dockwright/journal.json' } });
    expect(error.next).toHaveLength(2);
    expect(thrown(() => writeFiles(root, [{ path: 'n', content: 'n\n', mode: 0o644, base: null }])).code).toBe(
      'journal-broken',
    );
    expect(contentsOf(root)).toEqual(before);
  });

  it('is no link, and leads through none', () => {
    const outside = mkdtempSync(join(tmpdir(), 'dockwright-outside-'));
    try {
      fill(root, { 'a.txt': 'a old\n' });
      mkdirSync(at('.dockwright'));
      symlinkSync('/dev/zero', at('.dockwright/journal.json'));
      expect(thrown(() => recoverWrites(root)).code).toBe('journal-broken');
      rmSync(at('.dockwright'), { recursive: true });
      writeFileSync(join(outside, name(3, 'new')), 'theirs\n');
      symlinkSync(outside, at('made'));
      journal('staging');
      expect(thrown(() => recoverWrites(root)).code).toBe('path-outside');
      rmSync(at('.dockwright'), { recursive: true });
      writeFileSync(join(outside, 'journal.json'), 'theirs\n');
      symlinkSync(outside, at('.dockwright'));
      expect(recoverWrites(root)).toBe('nothing');
      expect(existsSync(join(outside, name(3, 'new')))).toBe(true);
    } finally {
      rmSync(outside, { recursive: true });
    }
  });

  it('that is a folder is no crash', () => {
    mkdirSync(at('.dockwright/journal.json'), { recursive: true });
    expect(thrown(() => recoverWrites(root)).code).toBe('journal-broken');
  });
});
