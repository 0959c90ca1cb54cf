import { describe, expect, it } from 'vitest';
import { readFrom } from '../../../../../src/flows/context.ts';
import { memoryProject } from '../../../../../src/project/memory.ts';

type Files = Readonly<Record<string, string>>;

const api: Files = {
  'apps/api/package.json': '{"name":"api","scripts":{"start":"node index.js"},"dependencies":{"ms":"^2"}}',
  'apps/api/index.js': 'require("node:http").createServer().listen(3000)',
};

const pnpm: Files = {
  ...api,
  'package.json': '{"name":"all"}',
  'pnpm-workspace.yaml': 'packages: ["apps/*"]\n',
  'pnpm-lock.yaml':
    "lockfileVersion: '9.0'\nimporters:\n  apps/api:\n    dependencies:\n      ms:\n        specifier: ^2\n        version: 2.1.3\n",
};

async function lockfileOf(files: Files) {
  const { repository } = await readFrom(memoryProject(files), { cwd: '(memory)', app: 'api' });
  const { manager, lockfile } = repository.apps[0] ?? {};
  return [manager && 'value' in manager ? manager.value.name : undefined, lockfile?.value.path];
}

describe('the package manager of a member', () => {
  it.each<[string, Files]>([
    [
      'a Dockerfile of the author that installs it by another one',
      {
        'apps/api/Dockerfile':
          'FROM node:24-slim\nRUN npm i -g pnpm\nWORKDIR /app\nCOPY . .\nRUN pnpm i\nCMD ["node","index.js"]\n',
      },
    ],
    ['a lockfile of another one beside it', { 'apps/api/yarn.lock': '# yarn lockfile v1\n' }],
    [
      'a field of another one beside it',
      { 'apps/api/package.json': `${api['apps/api/package.json']?.slice(0, -1)},"packageManager":"yarn@4.9.0"}` },
    ],
    [
      'a field in the root',
      { 'package.json': '{"name":"all","packageManager":"pnpm@10.0.0"}', 'apps/api/package-lock.json': '{}' },
    ],
  ])('is that of the root, whatever else is there: %s', async (_what, more) => {
    expect(await lockfileOf({ ...pnpm, ...more })).toEqual(['pnpm', '../../pnpm-lock.yaml']);
  });

  it('is the one whose file names the members, where nothing else names one', async () => {
    const { 'pnpm-lock.yaml': _lock, ...rest } = pnpm;
    expect(await lockfileOf(rest)).toEqual(['pnpm', undefined]);
    const { 'pnpm-workspace.yaml': _settings, ...none } = rest;
    expect(await lockfileOf({ ...none, 'package.json': '{"workspaces":["apps/*"]}' })).toEqual(['npm', undefined]);
  });

  it('is its own where the root has no lockfile', async () => {
    const { 'pnpm-lock.yaml': _lock, ...rest } = pnpm;
    const own = { ...rest, 'apps/api/pnpm-lock.yaml': "lockfileVersion: '9.0'\nimporters:\n  .: {}\n" };
    expect(await lockfileOf(own)).toEqual(['pnpm', 'pnpm-lock.yaml']);
  });
});
