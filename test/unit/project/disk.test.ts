import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openProject } from '../../../src/project/disk.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'dockwright-disk-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const write = (path: string, content: string | Uint8Array = 'x') => {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), content);
};

describe('a project on disk', () => {
  it('lists its files sorted, without what nobody wrote', () => {
    for (const path of [
      'b.ts',
      'a.ts',
      'src/Z.ts',
      'src/a.ts',
      'node_modules/x/index.js',
      '.git/config',
      'packages/p/node_modules/y.js',
    ])
      write(path);
    expect(openProject(root).files()).toEqual(['a.ts', 'b.ts', 'src/Z.ts', 'src/a.ts']);
  });

  it('leaves out a folder with too many files, says so, and sees what lies beside it', () => {
    write('src/deep/er/index.ts');
    for (let at = 0; at < 5001; at += 1) write(`data/${at}.json`, '');
    const project = openProject(root);
    expect(project.files()).toEqual(['src/deep/er/index.ts']);
    expect(project.crowded?.()).toEqual(['data']);
    expect(project.has('data/7.json')).toBe(true);
  });

  it('takes any name for a file', () => {
    const names = ['-rf', 'a b.ts', "it's", 'line\nbreak', '"q".ts', '$(touch x)'];
    for (const name of names) write(name);
    expect(openProject(root).files()).toEqual([...names].sort());
    expect(openProject(root).read('line\nbreak')).toBe('x');
    expect(openProject(root).read('nul\0byte')).toBeUndefined();
  });

  it('follows no link out of its folder, and none in circles', () => {
    const outside = mkdtempSync(join(tmpdir(), 'dockwright-outside-'));
    writeFileSync(join(outside, 'secret'), 'theirs');
    symlinkSync(join(outside, 'secret'), join(root, 'file'));
    symlinkSync(outside, join(root, 'folder'));
    symlinkSync(root, join(root, 'circle'));
    symlinkSync('loop', join(root, 'loop'));
    write('inside.ts', 'ours');
    symlinkSync('inside.ts', join(root, 'alias.ts'));
    const project = openProject(root);
    expect(project.files()).toEqual(['alias.ts', 'inside.ts']);
    for (const path of ['file', 'folder/secret', '../' + outside.split('/').pop() + '/secret', 'loop']) {
      expect(project.read(path), path).toBeUndefined();
      expect(project.has(path), path).toBe(false);
    }
    expect(project.read('alias.ts')).toBe('ours');
    rmSync(outside, { recursive: true });
  });

  it('reads texts without a byte order mark, and bytes that are no text without a crash', () => {
    write('bom.json', '\uFEFF{}');
    write('latin', new Uint8Array([0xe9, 0x28, 0xff]));
    const project = openProject(root);
    expect(project.read('bom.json')).toBe('{}');
    expect(project.read('latin')).toContain('(');
    expect(project.bytes('latin')).toHaveLength(3);
    expect(project.read('src')).toBeUndefined();
  });

  it('is refused with what to do where there is none', () => {
    write('file');
    for (const [path, what] of [
      ['nowhere', 'does not exist'],
      ['file', 'is a file'],
    ] as const) {
      expect(() => openProject(join(root, path))).toThrow(what);
    }
    symlinkSync('around', join(root, 'around'));
    expect(() => openProject(join(root, 'around'))).toThrow('circular link');
  });

  it.skipIf(process.getuid?.() === 0)('leaves out folders that cannot be read: permission denied', () => {
    write('closed/x.ts');
    write('open.ts');
    chmodSync(join(root, 'closed'), 0);
    expect(openProject(root).files()).toEqual(['open.ts']);
    chmodSync(join(root, 'closed'), 0o755);
  });
});
