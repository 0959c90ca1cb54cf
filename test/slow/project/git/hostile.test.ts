import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRevision } from '../../../../src/flows/revision.ts';
import { trackedFiles } from '../../../../src/project/git/index.ts';
import { git } from '../../../support/git.ts';

let top: string;
beforeAll(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'dockwright-git-hostile-')));
});
afterAll(() => rmSync(top, { recursive: true, force: true }));

let count = 0;
function folder(): string {
  count += 1;
  const root = join(top, `r${count}`);
  mkdirSync(root);
  return root;
}

/** Long ago, so that the index is younger than the file by far. */
const OLD = 1_600_000_000;

function repository(files: Readonly<Record<string, string>>): string {
  const root = folder();
  git(root, 'init', '-q');
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    utimesSync(join(root, path), OLD, OLD);
  }
  git(root, 'add', '-A');
  git(root, 'commit', '-qm', 'first');
  return root;
}

const headOf = (root: string) => git(root, 'rev-parse', 'HEAD').trim();

describe('a file that only looks as if nobody had touched it', () => {
  // whoever packs a tarball chooses its times, and the index in it; the commit would then stand on an image of other files
  it('is read: its size and its time are what the index says, its content is not', async () => {
    const root = repository({ 'server.js': 'good()\n' });
    await setTimeout(1100);
    writeFileSync(join(root, 'server.js'), 'evil()\n');
    utimesSync(join(root, 'server.js'), OLD, OLD);
    expect(await readRevision(root)).toMatchObject({ commit: headOf(root), state: 'dirty' });
  });

  it('is read too when all of it comes out of a tarball', async () => {
    const root = repository({ 'server.js': 'good()\n' });
    writeFileSync(join(root, 'server.js'), 'evil()\n');
    utimesSync(join(root, 'server.js'), OLD, OLD);
    const archive = join(folder(), 'x.tar');
    execFileSync('tar', ['-C', root, '-cf', archive, '.']);
    const unpacked = folder();
    await setTimeout(1100);
    execFileSync('tar', ['-C', unpacked, '-xf', archive]);
    expect(await readRevision(unpacked)).toMatchObject({ state: 'dirty' });
  });

  it('is clean where its content is that of the commit', async () => {
    const root = repository({ 'server.js': 'good()\n' });
    writeFileSync(join(root, 'server.js'), 'good()\n');
    expect(await readRevision(root)).toMatchObject({ commit: headOf(root), state: 'clean' });
  });
});

describe('a .git that leads into a repository of somebody else', () => {
  const ways: Readonly<Record<string, (evil: string, other: string) => void>> = {
    'by a commondir': (evil, other) => writeFileSync(join(evil, 'commondir'), `${other}\n`),
    'by links to the references and the objects': (evil, other) => link(evil, other, 'refs', 'objects'),
    'by links to the heads and the objects': (evil, other) => link(evil, other, 'refs/heads', 'objects'),
    'by links to the packed references and the objects': (evil, other) => link(evil, other, 'packed-refs', 'objects'),
  };
  function link(evil: string, other: string, ...names: string[]) {
    for (const name of names) {
      rmSync(join(evil, name), { recursive: true, force: true });
      symlinkSync(join(other, name), join(evil, name));
    }
  }
  for (const [way, make] of Object.entries(ways))
    it(`${way} tells nothing of it`, async () => {
      const other = repository({ 'a.txt': 'secret\n' });
      if (way.includes('packed')) git(other, 'pack-refs', '--all');
      const root = folder();
      git(root, 'init', '-q');
      make(join(root, '.git'), join(other, '.git'));
      expect(await readRevision(root)).toBeUndefined();
    });

  it('is found all the same where it is a worktree of its own repository', async () => {
    const root = repository({ 'a.txt': 'x\n' });
    const tree = join(top, 'linked');
    git(root, 'worktree', 'add', '-q', tree);
    expect(await readRevision(tree)).toMatchObject({ commit: headOf(root), state: 'clean' });
  });
});

/** An index of version 2, or of version 4 where each path begins with the one before. */
function indexOf(version: 2 | 4, paths: readonly string[], blob: string): Buffer {
  const head = Buffer.alloc(12);
  head.write('DIRC', 'latin1');
  head.writeUInt32BE(version, 4);
  head.writeUInt32BE(paths.length, 8);
  const entries = paths.map((path, index) => {
    const fixed = Buffer.alloc(62);
    fixed.writeUInt32BE(0o100644, 24);
    Buffer.from(blob, 'hex').copy(fixed, 40);
    fixed.writeUInt16BE(Math.min(path.length, 0xfff), 60);
    if (version === 4)
      return Buffer.concat([
        fixed,
        Buffer.from([0]),
        Buffer.from(path.slice(paths[index - 1]?.length ?? 0)),
        Buffer.from([0]),
      ]);
    return Buffer.concat([fixed, Buffer.from(path), Buffer.alloc(8 - ((62 + path.length) % 8))]);
  });
  const body = Buffer.concat([head, ...entries]);
  return Buffer.concat([body, createHash('sha1').update(body).digest()]);
}

describe('an index with paths that no disk holds', () => {
  it.each([
    ['one of 3000 folders', 2, ['a/'.repeat(3000) + 'x']],
    ['one of 200000 folders', 2, ['a/'.repeat(200_000) + 'x']],
    ['many that grow', 4, Array.from({ length: 8000 }, (_, index) => `a${'/a'.repeat(index)}`)],
  ] as const)('is not read: %s', async (_name, version, paths) => {
    const root = repository({ 'a.txt': 'x\n' });
    writeFileSync(join(root, '.git/index'), indexOf(version, paths, git(root, 'rev-parse', 'HEAD:a.txt').trim()));
    expect(await readRevision(root)).toMatchObject({ state: 'unknown' });
    expect(trackedFiles(root)).toEqual({ files: ['a.txt'], by: 'ignore-files' });
  });

  it('is read with a path that is as deep as a disk allows', async () => {
    const root = repository({ 'a.txt': 'x\n' });
    const deep = `${'a/'.repeat(2040)}x`;
    writeFileSync(join(root, '.git/index'), indexOf(2, [deep], git(root, 'rev-parse', 'HEAD:a.txt').trim()));
    expect(await readRevision(root)).toMatchObject({ state: 'dirty' });
  });
});
