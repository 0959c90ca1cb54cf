import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { placeOf } from '../../../src/flows/project-folder.ts';
import { fill } from '../../support/folder.ts';
import { workspaceOf } from '../../support/workspaces.ts';

describe('the folder that a command is given', () => {
  let root = '';
  beforeAll(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'dockwright-place-')));
    fill(root, {
      ...workspaceOf('npm'),
      'tools/other/package.json': '{"name":"other"}',
      'apps/api/nested/package.json': '{"name":"nested"}',
    });
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('is the workspace with the member chosen, where it is one', async () => {
    expect(await placeOf(join(root, 'apps/api'), undefined)).toEqual({ cwd: root, app: 'apps/api' });
    expect(await placeOf(join(root, 'packages/unused'), undefined)).toEqual({ cwd: root, app: 'packages/unused' });
    expect(await placeOf(join(root, 'apps/api'), 'site')).toEqual({ cwd: root, app: 'site' });
  });

  it('is a project of its own where no workspace has it', async () => {
    for (const folder of ['.', 'tools/other', 'apps/api/nested', 'apps'])
      expect(await placeOf(join(root, folder), undefined)).toEqual({ cwd: join(root, folder) });
  });

  it('is a project of its own below a folder of another user', async () => {
    const [folder, above] = [join(root, 'apps/api'), root];
    // only root may give a folder away
    if (process.getuid?.() !== 0) return;
    chownSync(above, 12_345, 12_345);
    expect(await placeOf(folder, undefined)).toEqual({ cwd: folder });
    chownSync(above, 0, 0);
    expect(await placeOf(folder, undefined)).toEqual({ cwd: root, app: 'apps/api' });
  });

  it('is a project of its own where it is a repository of its own', async () => {
    mkdirSync(join(root, 'apps/site/.git'));
    fill(join(root, 'apps/site/.git'), { HEAD: 'ref: refs/heads/main\n' });
    expect(await placeOf(join(root, 'apps/site'), undefined)).toEqual({ cwd: join(root, 'apps/site') });
  });
});

describe('a folder above that is in no repository', () => {
  const workspaces = '"workspaces":["apps/*"]';
  const text = (content: string) => (path: string) => writeFileSync(path, content);
  const link = (target: string) => (path: string) => symlinkSync(target, path);

  it.each<[string, string, (path: string) => void]>([
    ['a manifest of 40 MB', 'package.json', text(`{${workspaces},"x":"${'x'.repeat(40_000_000)}"}`)],
    ['a manifest of 5 MB in small parts', 'package.json', text(`{${workspaces},"x":[${'{"a":1},'.repeat(600_000)}1]}`)],
    ['a manifest that is deep', 'package.json', text(`{${workspaces},"x":${'['.repeat(200_000)}`)],
    ['a broken manifest that speaks to the terminal', 'package.json', text(`{${workspaces}, \u001b]0;title\u0007 }`)],
    ['a manifest that is a link out of the folder', 'package.json', link('/etc/passwd')],
    ['a manifest that is a circular link', 'package.json', link('package.json')],
    ['a manifest that never ends', 'package.json', link('/dev/zero')],
    ['a manifest that nobody writes to', 'package.json', (path) => execFileSync('mkfifo', [path])],
    ['a manifest that is a folder', 'package.json', (path) => mkdirSync(path)],
    [
      'patterns that match slowly',
      'package.json',
      text(`{"workspaces":["${'*a'.repeat(5_000)}b","{${'a,'.repeat(5_000)}"]}`),
    ],
    ['settings of 5 MB', 'pnpm-workspace.yaml', text(`packages:\n${'  - x/*\n'.repeat(600_000)}`)],
    ['settings that grow as they are read', 'pnpm-workspace.yaml', text(aliases())],
    ['settings that nobody writes to', 'pnpm-workspace.yaml', (path) => execFileSync('mkfifo', [path])],
    ['broken settings', 'pnpm-workspace.yaml', text('packages: ["apps/*", {\n\u001b[2J')],
  ])('may have %s: the folder stands for itself', async (_what, file, make) => {
    const above = realpathSync(mkdtempSync(join(tmpdir(), 'dockwright-above-')));
    try {
      fill(above, { 'apps/api/package.json': '{"name":"api"}' });
      make(join(above, file));
      const folder = join(above, 'apps/api');
      const start = performance.now();
      expect(await placeOf(folder, undefined)).toEqual({ cwd: folder });
      expect(performance.now() - start).toBeLessThan(2_000);
    } finally {
      rmSync(above, { recursive: true, force: true });
    }
  });
});

/** Nine lists of nine of the one before: a billion entries in a few lines. */
function aliases(): string {
  const lines = Array.from({ length: 9 }, (_, at) => `a${at + 1}: &a${at + 1} [${`*a${at}, `.repeat(9)}]`);
  return `a0: &a0 [apps/x]\n${lines.join('\n')}\npackages: *a9\n`;
}
