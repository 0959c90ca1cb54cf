import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { placeOf } from '../../../src/flows/place.ts';
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

  it('is a project of its own where it is a repository of its own', async () => {
    mkdirSync(join(root, 'apps/site/.git'));
    fill(join(root, 'apps/site/.git'), { HEAD: 'ref: refs/heads/main\n' });
    expect(await placeOf(join(root, 'apps/site'), undefined)).toEqual({ cwd: join(root, 'apps/site') });
  });
});
