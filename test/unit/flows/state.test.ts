import { mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { generate, writeGeneration } from '../../../src/flows/generate.ts';
import { inspectProject } from '../../../src/flows/inspect.ts';
import { copyProject, repository } from '../../support/projects.ts';

let copy: ReturnType<typeof copyProject>;
let output: string;
beforeEach(() => {
  copy = copyProject(join(repository, 'fixtures/apps/bun-serve'));
  output = mkdtempSync(join(tmpdir(), 'dockwright-output-'));
});
afterEach(() => {
  copy.remove();
  rmSync(output, { recursive: true });
});

it('what was generated last is read through a link where nothing is written beside it, and only there', async () => {
  await writeGeneration(await generate({ cwd: copy.root }), { edits: true, env: true });
  const before = await inspectProject({ cwd: copy.root });
  renameSync(join(copy.root, '.dockwright/state.json'), join(copy.root, '.dockwright/kept.json'));
  symlinkSync('kept.json', join(copy.root, '.dockwright/state.json'));
  expect(await inspectProject({ cwd: copy.root })).toEqual(before);
  const { context, changes } = await generate({ cwd: copy.root, output });
  expect(context.last.has('Dockerfile')).toBe(true);
  expect(changes.map((change) => change.act)).toContain('create');
  await expect(generate({ cwd: copy.root })).rejects.toMatchObject({ code: 'path-is-link' });
});
