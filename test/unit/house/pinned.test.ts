import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dockerfile } from '../../../src/artifacts/dockerfile.ts';
import { inspect } from '../../../src/inspect/inspect.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { memoryProject } from '../../../src/project/memory.ts';
import { loadManager, managers } from '../../../src/stacks/managers/registry.gen.ts';
import { unpinned } from '../../support/pinned.ts';
import { projects } from '../../support/projects.ts';

const expected = projects.flatMap(({ name, folder }) => {
  const below = join(folder, 'expected');
  if (!existsSync(below)) return [];
  return readdirSync(below, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'facts.json')
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ name: `${name}/${path.slice(below.length + 1)}`, text: readFileSync(path, 'utf8') }));
});

/** Projects that name no release of what installs their dependencies: a lockfile of each form, and none. */
const lockfiles: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  npm: { 'package-lock.json': '{"lockfileVersion":3,"packages":{}}' },
  'pnpm 9.0': { 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n" },
  'pnpm 5.4': { 'pnpm-lock.yaml': 'lockfileVersion: 5.4\n' },
  'pnpm of a form to come': { 'pnpm-lock.yaml': "lockfileVersion: '99.0'\n" },
  'yarn 1': { 'yarn.lock': '# yarn lockfile v1\n' },
  'yarn 6': { 'yarn.lock': '__metadata:\n  version: 6\n' },
  'yarn of a form to come': { 'yarn.lock': '__metadata:\n  version: 99\n' },
  bun: { 'bun.lock': '{ "lockfileVersion": 1, "workspaces": { "": {} }, "packages": {} }' },
  'pnpm without a lockfile': {},
};
const apps: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  server: { scripts: { start: 'node server.js' }, dependencies: { 'better-sqlite3': '12.0.0' } },
  compiled: {
    scripts: { start: 'tsx server.ts' },
    devDependencies: { tsx: '4.0.0', esbuild: '0.25.0', typescript: '5.9.0' },
  },
  site: { scripts: { build: 'vite build', dev: 'vite' }, devDependencies: { vite: '7.0.0' } },
  migrated: { scripts: { start: 'node server.js' }, dependencies: { '@prisma/client': '6.0.0', prisma: '6.0.0' } },
};

async function generated(lock: string, app: string): Promise<string> {
  const manager = lock === 'pnpm without a lockfile' ? { packageManager: 'pnpm@latest' } : {};
  const engines = lock === 'bun' ? {} : { engines: { node: '26' } };
  const project = memoryProject({
    'package.json': JSON.stringify({
      name: 'mini',
      version: '1.0.0',
      ...engines,
      ...manager,
      ...apps[app],
    }),
    ...lockfiles[lock],
    'server.js': "require('node:http').createServer((q, s) => s.end('ok')).listen(3000);",
    'server.ts': "import { createServer } from 'node:http';\ncreateServer((q, s) => s.end('ok')).listen(3000);",
    ...(app === 'site' ? { 'index.html': '<script type="module" src="/main.ts"></script>', 'main.ts': '' } : {}),
    ...(app === 'migrated' ? { 'prisma/schema.prisma': '', 'prisma/migrations/1/migration.sql': '' } : {}),
  });
  const [facts] = (await inspect(project, {})).apps;
  if (!facts) throw new Error('no app');
  const plan = await makePlan({ facts, specification: undefined, config: {}, read: project.read });
  const image = plan.images['app'];
  if (!image) throw new Error('no image');
  return dockerfile(plan, image).content;
}

describe('every tool that a generated file fetches', () => {
  it('has a release, in what the fixtures and the examples are expected to give', () => {
    expect(expected.length).toBeGreaterThan(80);
    expect(expected.flatMap(({ name, text }) => unpinned(name, text).map((line) => `${name}: ${line}`))).toEqual([]);
  });

  it.each(Object.keys(lockfiles).flatMap((lock) => Object.keys(apps).map((app) => [lock, app])))(
    'has a release where the project names none: %s, %s',
    async (lock = '', app = '') => {
      const text = await generated(lock, app);
      expect(text).toContain('FROM ');
      expect(unpinned('Dockerfile', text)).toEqual([]);
    },
  );

  it.each(managers.map((one) => one.name))('has a release in the commands of %s', async (name) => {
    const manager = await loadManager(name);
    const publish = manager?.publish({ access: 'public', registry: undefined });
    const brought = ['22', '26'].map((runtimeVersion) =>
      manager?.installInto?.({ runtime: 'node', runtimeVersion, version: undefined }),
    );
    const commands = [manager?.exec(['vite', 'build']), publish, brought];
    expect(unpinned('commands.json', JSON.stringify(commands))).toEqual([]);
  });

  it.each([
    'FROM node',
    'FROM node:latest',
    'FROM node:lts-slim AS base',
    'FROM ghcr.io/astral-sh/uv',
    'FROM node:26\nCOPY --from=oven/bun /bun /bun',
    'FROM node:26\nRUN --mount=from=ghcr.io/astral-sh/uv,target=/uv /uv sync',
    '# syntax=docker/dockerfile\nFROM node:26',
    'FROM node:26\nADD https://example.com/tool.tgz /tool.tgz',
    ...[
      '["npm", "install", "--global", "pnpm"]',
      '["npm", "install", "-g", "pnpm@latest"]',
      'npm i -g yarn@1 && yarn install',
      'npm install --global pnpm@^10.0.0',
      'FOO=1 npx tsc',
      '["bun", "x", "vite"]',
      'bunx --bun vite build',
      'pnpm dlx prisma generate',
      'corepack enable && pnpm install',
      'corepack prepare pnpm@latest --activate',
      'pip install --no-cache-dir uv',
      'python3 -m pip install poetry>=2',
      'go install github.com/pressly/goose/v3/cmd/goose@latest',
      'curl -fsSL https://bun.sh/install | bash',
      'apt-get update && apt-get install -y nodejs',
      '["sh", "-c", "npx tsc"]',
    ].map((command) => `FROM node:26\nRUN ${command}`),
    'FROM node:26\nCMD ["npx", "vite"]',
  ])('is seen where it has none: %j', (text) => expect(unpinned('Dockerfile', text)).toHaveLength(1));

  it.each([
    'FROM scratch',
    'FROM gcr.io/distroless/cc-debian13:nonroot',
    'FROM node@sha256:0000',
    'FROM node:26 AS base\nFROM base\nCOPY --from=base /a /a',
    '# syntax=docker/dockerfile:1\nFROM node:26',
    ...[
      '["npm", "install", "--global", "pnpm@10.34.8"]',
      '["npm", "install", "--global", "--force", "@yarnpkg/cli-dist@4.18.1"]',
      'npm ci && npm run build',
      'npx --no-install tsc',
      'npx typescript@5.9.3 --version',
      '["bun", "x", "--no-install", "vite"]',
      'corepack prepare pnpm@10.34.8 --activate',
      'pip install --no-cache-dir uv==0.9.0',
      'pip install -r requirements.txt',
      'go install github.com/pressly/goose/v3/cmd/goose@v3.24.1',
      'apt-get update && apt-get install -y --no-install-recommends tini',
      'curl -f http://127.0.0.1/ | grep ok',
    ].map((command) => `FROM node:26\nRUN ${command}`),
  ])('is not seen where it has one: %j', (text) => expect(unpinned('Dockerfile', text)).toEqual([]));

  it.each([
    ['docker-compose.yml', 'services:\n  db:\n    image: postgres\n'],
    ['docker-compose.yml', 'services:\n  app:\n    command: ["npx", "vite"]\n'],
    ['plan.json', '{"argv":["npm","install","-g","pnpm"]}'],
    ['README.md', '$ npx vite\n'],
  ])('is seen in other files, too: %s %j', (path, text) => expect(unpinned(path, text)).toHaveLength(1));
});
