import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeOldFolders, tempFolder } from '../../../src/engine/temp.ts';

const before = process.env['TMPDIR'];
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dockwright-temp-'));
  process.env['TMPDIR'] = folder;
});
afterEach(() => {
  if (before === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = before;
  rmSync(folder, { recursive: true, force: true });
});

const dead = () => false;
const old = new Date(Date.now() - 7_200_000);

describe('the temporary folder', () => {
  it('that does not exist is named, with what to do', () => {
    process.env['TMPDIR'] = join(folder, 'missing');
    expect(() => removeOldFolders(dead)).not.toThrow();
    expect(() => tempFolder()).toThrow(expect.objectContaining({ code: 'no-temporary-folder', exit: 4 }));
  });

  it('loses the old folders of dead processes, and nothing that others put there', () => {
    const name = (suffix: string) => join(folder, `dockwright-999999-${suffix}`);
    mkdirSync(name('aaaaaa'));
    mkdirSync(name('bbbbbb'));
    utimesSync(name('aaaaaa'), old, old);
    symlinkSync('dockwright-999999-cccccc', name('cccccc'));
    mkdirSync(join(folder, 'theirs'));
    utimesSync(join(folder, 'theirs'), old, old);
    symlinkSync(join(folder, 'theirs'), name('dddddd'));
    writeFileSync(name('eeeeee'), '');
    utimesSync(name('eeeeee'), old, old);
    removeOldFolders(dead);
    expect(existsSync(name('aaaaaa'))).toBe(false);
    for (const kept of [name('bbbbbb'), name('dddddd'), name('eeeeee'), join(folder, 'theirs')])
      expect(existsSync(kept), kept).toBe(true);
  });

  it('loses those of a process of this host at once: the archive of an image may be in one', () => {
    const made = tempFolder();
    const there = made.path.replace(`-${process.pid}-`, '-999999-');
    renameSync(made.path, there);
    const elsewhere = there.replace(/-[0-9a-f]{8}-/, '-00000000-');
    mkdirSync(elsewhere);
    const alive = tempFolder();
    removeOldFolders((pid) => pid === process.pid);
    expect([there, elsewhere, alive.path].map((path) => existsSync(path))).toEqual([false, true, true]);
    alive.remove();
  });
});
