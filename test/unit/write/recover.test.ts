import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/model/errors.ts';
import { openFolder } from '../../../src/write/folder.ts';
import { sha256, writeFiles } from '../../../src/write/write.ts';
import { contentsOf, fill } from '../../support/folder.ts';
import { marker, recordOf, recoverWrites, token } from '../../support/record.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'dockwright-recover-'));
});
afterEach(() => {
  rmSync(recordOf(root), { recursive: true, force: true });
  rmSync(root, { recursive: true, force: true });
});

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
const record = (name: string, text: string) => {
  mkdirSync(recordOf(root), { recursive: true, mode: 0o700 });
  writeFileSync(recordOf(root, name), text);
};
/** A journal of this user for this folder, and its marker in the folder. */
const journal = (state: 'staging' | 'ready', more: object = {}) => {
  const folders = ['.dockwright', 'made'];
  record('journal.json', JSON.stringify({ version: 2, root, token, state, folders, files, ...more }));
  put(marker, '');
};

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
    record('journal.json.tmp', '{"version":1,"state":"rea');
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
    expect(error.next.join('\n')).toContain(recordOf(root, 'journal.json'));
    expect(contentsOf(root)).toEqual(before);
  });
});

describe('a journal of this user that says nothing that Dockwright writes', () => {
  const file = files[0];
  const text = (wrong: object) =>
    JSON.stringify({ version: 2, root: '/', token, state: 'ready', folders: [], files: [], ...wrong });
  it.each([
    ['empty', ''],
    ['cut off', '{"version":2,"state":"ready","files":[{"path":"a.t'],
    ['no object', '[]'],
    ['of another version', text({ version: 1 })],
    ['without a token', text({ token: '' })],
    ['one that leads out', text({ folders: ['../x'] })],
    ...[
      { path: '../a.txt', temporary: '../.dockwright-000000000001.new' },
      { path: '/a.txt' },
      { path: 'x/../../a.txt' },
      { temporary: 'mine.txt' },
      { backup: 'mine.txt' },
      { temporary: 'made/.dockwright-000000000001.new' },
    ].map((wrong): [string, string] => [
      `one that names what is not ours: ${JSON.stringify(wrong)}`,
      text({ files: [{ ...file, ...wrong }] }),
    ]),
  ])('is refused when files are written: %s', (_, content) => {
    fill(root, { 'a.txt': 'a old\n', 'mine.txt': 'mine\n' });
    record('journal.json', content);
    const before = contentsOf(root);
    const error = thrown(() => recoverWrites(root));
    expect(error).toMatchObject({ code: 'journal-broken', where: { file: recordOf(root, 'journal.json') } });
    expect(error.next).toHaveLength(2);
    expect(thrown(() => writeFiles(root, [{ path: 'n', content: 'n\n', mode: 0o644, base: null }])).code).toBe(
      'journal-broken',
    );
    expect(contentsOf(root)).toEqual(before);
    expect(openFolder(root).interrupted?.outcome).toBe('unclear');
  });

  it('is no link, and leads through none', () => {
    const outside = mkdtempSync(join(tmpdir(), 'dockwright-outside-'));
    try {
      fill(root, { 'a.txt': 'a old\n' });
      mkdirSync(recordOf(root), { recursive: true, mode: 0o700 });
      symlinkSync('/dev/zero', recordOf(root, 'journal.json'));
      expect(thrown(() => recoverWrites(root)).code).toBe('journal-broken');
      rmSync(recordOf(root, 'journal.json'));
      writeFileSync(join(outside, name(3, 'new')), 'theirs\n');
      symlinkSync(outside, at('made'));
      journal('staging');
      expect(thrown(() => recoverWrites(root)).code).toBe('path-outside');
      expect(existsSync(join(outside, name(3, 'new')))).toBe(true);
    } finally {
      rmSync(outside, { recursive: true });
    }
  });

  it('that is a folder is no crash', () => {
    mkdirSync(recordOf(root, 'journal.json'), { recursive: true, mode: 0o700 });
    expect(thrown(() => recoverWrites(root)).code).toBe('journal-broken');
  });

  // what each spelling is on the file systems of macOS and Windows
  it.each(['.git/HEAD', '.GIT/HEAD', 'sub/.git', 'git~1/HEAD', '.git./HEAD', '.git /HEAD', '.g\u200cit/HEAD'])(
    'acts on nothing in .git: %s',
    (path) => {
      const folder = join(path, '..');
      const temporary = join(folder, name(1, 'new'));
      fill(root, { [path]: 'ref: refs/heads/main\n', 'a.txt': 'a\n' });
      const hash = sha256('ref: refs/heads/main\n');
      journal('ready', {
        folders: [],
        files: [{ path, temporary, backup: null, sha256: hash, base: null, mode: 0o644 }, ...files.slice(0, 1)],
      });
      const before = contentsOf(root);
      expect(thrown(() => recoverWrites(root)).code).toBe('path-reserved');
      expect(contentsOf(root)).toEqual(before);
      expect(openFolder(root).interrupted).toMatchObject({ outcome: 'unclear' });
    },
  );
});

describe('a journal that this user on this machine did not write for this folder', () => {
  /** Everything of the journal that a hostile repository can bring: what deletes `server.js` and `.git/HEAD` where it is obeyed. */
  function hostile(): void {
    fill(root, {
      'server.js': 'known\n',
      '.git/HEAD': 'ref: refs/heads/main\n',
      [name(1, 'new')]: 'x',
      [marker]: '',
    });
    const entry = (path: string, text: string) => ({
      path,
      temporary: join(path, '..', name(2, 'new')),
      backup: null,
      sha256: sha256(text),
      base: null,
      mode: 0o644,
    });
    const all = [entry('server.js', 'known\n'), entry('.git/HEAD', 'ref: refs/heads/main\n'), ...files.slice(0, 1)];
    for (const version of [1, 2])
      put(
        version === 1 ? '.dockwright/journal.json' : '.dockwright/journal.json.tmp',
        JSON.stringify({ version, root, token, state: 'ready', folders: [], files: all }),
      );
  }

  it('is data, whatever it says, and is named', () => {
    hostile();
    const before = contentsOf(root);
    expect(openFolder(root)).toMatchObject({
      interrupted: undefined,
      foreign: ['.dockwright/journal.json', '.dockwright/journal.json.tmp', marker],
    });
    expect(recoverWrites(root)).toBe('nothing');
    writeFiles(root, [{ path: 'n', content: 'n\n', mode: 0o644, base: null }]);
    expect(contentsOf(root)).toEqual({ ...before, n: '644 n\n' });
  });

  it('is not obeyed where the folder was copied, nor where another user or machine has it', () => {
    waiting();
    journal('ready');
    place(1);
    const before = contentsOf(root);
    const copy = mkdtempSync(join(tmpdir(), 'dockwright-copy-'));
    const home = process.env['XDG_STATE_HOME'];
    const other = mkdtempSync(join(tmpdir(), 'dockwright-other-home-'));
    try {
      cpSync(root, copy, { recursive: true });
      expect([recoverWrites(copy), openFolder(copy).foreign]).toEqual(['nothing', [marker]]);
      expect(contentsOf(copy)).toEqual(before);
      process.env['XDG_STATE_HOME'] = other;
      expect([recoverWrites(root), openFolder(root).foreign]).toEqual(['nothing', [marker]]);
      expect(contentsOf(root)).toEqual(before);
    } finally {
      process.env['XDG_STATE_HOME'] = home;
      rmSync(copy, { recursive: true });
      rmSync(other, { recursive: true });
    }
    expect(openFolder(root)).toMatchObject({ interrupted: { outcome: 'finished' }, foreign: [] });
    expect(recoverWrites(root)).toBe('finished');
  });

  it('is dropped where another folder has the path by now, and nothing there is touched', () => {
    waiting();
    journal('ready');
    place(1, 2, 3);
    fill(root, { 'a.txt': 'a.txt new\n', 'made/c.txt': 'made/c.txt new\n', [name(1, 'new')]: 'x' });
    put('.dockwright/writing-00000000000000000000000000000000', '');
    const before = contentsOf(root);
    expect(openFolder(root).interrupted).toBeUndefined();
    expect(recoverWrites(root)).toBe('nothing');
    expect(contentsOf(root)).toEqual(before);
    expect(existsSync(recordOf(root))).toBe(false);
  });
});

describe('whoever only reads', () => {
  /** All that a reader can see of the folder. */
  const seen = () => {
    const folder = openFolder(root);
    return Object.fromEntries(
      ['a.txt', 'b.sh', 'made/c.txt', 'mine.txt', name(1, 'new'), name(1, 'old'), marker].map((path) => [
        path,
        folder.isTaken(path) ? folder.read(path) : undefined,
      ]),
    );
  };

  it.each([
    ['finished', 'ready', [1]],
    ['finished', 'ready', [1, 2, 3]],
    ['undone', 'staging', []],
    ['undone', 'ready', [1, 3]],
  ] as const)(
    'sees an interrupted write %s, as the next write leaves it (%s, %j in place), and changes nothing',
    (outcome, state, placed) => {
      waiting();
      journal(state);
      place(...placed);
      if (outcome === 'undone' && state === 'ready') writeFileSync(at(name(2, 'new')), 'cut o');
      const before = contentsOf(root);
      expect(openFolder(root).interrupted).toMatchObject({ outcome, writer: undefined });
      const view = seen();
      expect(contentsOf(root)).toEqual(before);
      expect(recoverWrites(root)).toBe(outcome);
      expect(openFolder(root).interrupted).toBeUndefined();
      expect(seen()).toEqual(view);
    },
  );

  it('is told of a process that is still writing', () => {
    waiting();
    journal('ready');
    record('lock', JSON.stringify({ pid: process.pid, started: '', host: hostname(), token: 'x' }));
    expect(openFolder(root).interrupted?.writer).toBe(process.pid);
  });
});
