import { describe, expect, it } from 'vitest';
import { inspect } from '../../../../../src/inspect/inspect.ts';
import { lockfileItem } from '../../../../../src/languages/javascript/readiness/lockfile.ts';
import { memoryProject } from '../../../../../src/project/memory.ts';

const manifest = (more: object = {}) =>
  JSON.stringify({ name: 'x', dependencies: { hono: '^4.0.0' }, devDependencies: { tsc: '5.0.0' }, ...more });
const lock = (dependencies: object = { hono: '^4.0.0' }) =>
  JSON.stringify({ workspaces: { '': { dependencies, devDependencies: { tsc: '5.0.0' } } } });

async function itemFor(files: Readonly<Record<string, string>>) {
  const project = memoryProject({ 'src/index.ts': 'Bun.serve({ fetch: () => new Response("x") })', ...files });
  const [facts] = (await inspect(project)).apps;
  if (!facts) throw new Error('no app');
  return lockfileItem(project, facts);
}

describe('the lockfile', () => {
  it('passes where it is one and in step', async () => {
    const item = await itemFor({ 'package.json': manifest(), 'bun.lock': lock() });
    expect(item).toMatchObject({ status: 'pass', ok: true, detail: 'bun.lock' });
    expect(item).not.toHaveProperty('next');
  });

  it('fails where it is behind, for each dependency, with the command that fixes it', async () => {
    expect(
      await itemFor({ 'package.json': manifest(), 'bun.lock': lock({ hono: '^3.0.0', left: '1' }) }),
    ).toMatchObject({
      status: 'fail',
      ok: false,
      detail: 'bun.lock is out of date: hono ^4.0.0: in there it is ^3.0.0; left: no longer in package.json',
      next: 'run `bun install` and commit bun.lock',
      file: 'bun.lock',
    });
  });

  it('may hold peers that were installed on their own', async () => {
    const peers = { peerDependencies: { left: '1' } };
    expect(
      await itemFor({ 'package.json': manifest(peers), 'bun.lock': lock({ hono: '^4.0.0', left: '1' }) }),
    ).toMatchObject({ status: 'pass' });
  });

  it('fails where there is none, unless there is nothing to lock', async () => {
    expect(await itemFor({ 'package.json': manifest({ packageManager: 'bun@1.4.5' }) })).toMatchObject({
      status: 'fail',
      detail: 'there is no lockfile',
      next: 'run `bun install` and commit the lockfile',
    });
    expect(await itemFor({ 'package.json': '{"name":"x"}' })).toMatchObject({ status: 'pass' });
  });

  it('fails where version control leaves it out', async () => {
    expect(await itemFor({ 'package.json': manifest(), 'bun.lock': lock(), '.gitignore': 'bun.lock\n' })).toMatchObject(
      { status: 'fail', detail: 'bun.lock exists, but .gitignore ignores it', file: '.gitignore' },
    );
  });

  it('fails where there are several, and says which one is used where something tells', async () => {
    const two = { 'bun.lock': lock(), 'package-lock.json': '{}' };
    expect(await itemFor({ 'package.json': manifest({ packageManager: 'bun@1.4.5' }), ...two })).toMatchObject({
      status: 'fail',
      detail: 'bun.lock and package-lock.json exist, and may disagree',
      next: 'bun.lock is used; delete package-lock.json',
      file: 'package-lock.json',
    });
    expect(await itemFor({ 'package.json': manifest(), ...two })).toMatchObject({
      status: 'fail',
      next: 'delete those that your package manager does not use',
    });
  });

  it('is not known where it cannot be read, and does not fail', async () => {
    const item = await itemFor({ 'package.json': manifest(), 'bun.lockb': 'binary' });
    expect(item).toMatchObject({ status: 'not-known', ok: true, detail: expect.stringContaining('is binary') });
  });

  it('in the root of the repository is that of an app in a folder', async () => {
    const workspaces = { workspaces: { 'apps/api': { dependencies: { hono: '^4.0.0' } } } };
    const project = memoryProject({
      'package.json': '{"workspaces":["apps/*"]}',
      'apps/api/package.json': '{"name":"api","dependencies":{"hono":"^5.0.0"},"scripts":{"start":"bun index.ts"}}',
      'apps/api/index.ts': '',
      'bun.lock': JSON.stringify(workspaces),
    });
    const facts = (await inspect(project)).apps.find((app) => app.root === 'apps/api');
    if (!facts) throw new Error('no app');
    expect(await lockfileItem(project, facts)).toMatchObject({
      status: 'fail',
      detail: 'bun.lock is out of date: hono ^5.0.0: in there it is ^4.0.0',
    });
  });
});
