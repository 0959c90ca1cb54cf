import { describe, expect, it } from 'vitest';
import { packageLines } from '../../../../../src/cli/report/facts.ts';
import { decide, readFrom } from '../../../../../src/flows/context.ts';
import { inspect } from '../../../../../src/inspect/inspect.ts';
import { memoryProject } from '../../../../../src/project/memory.ts';
import type { Project } from '../../../../../src/project/project.ts';
import { workspaceOf } from '../../../../support/workspaces.ts';

type Files = Readonly<Record<string, string>>;

const manifest = (name: string, more: object = {}) => JSON.stringify({ name, version: '1.0.0', ...more });
const server = 'require("node:http").createServer().listen(3000)';

const member = (folder: string, scripts: object, more: object = {}): Files => ({
  [`${folder}/package.json`]: manifest(folder.split('/').at(-1) ?? '', { scripts, ...more }),
  [`${folder}/index.js`]: server,
});

const all = (scripts: object, more: object = {}): Files => ({
  'package.json': manifest('all', { workspaces: ['apps/*', 'packages/*'], scripts, ...more }),
});

const rootsOf = async (files: Files) => (await inspect(memoryProject(files))).apps.map(({ root }) => root);

describe('the applications of a workspace', () => {
  const apps = {
    ...member('apps/api', { 'start:prod': 'node index.js' }),
    ...member('apps/web', { dev: 'node index.js' }),
  };

  it.each([
    'turbo start',
    'nx run-many -t serve',
    'pnpm --filter api start',
    'npm run start --workspace=apps/api',
    'yarn workspace api start',
    'bun run --filter=api start',
    'concurrently "npm:dev:*"',
    'run-p dev:api dev:web',
    'node apps/api/index.js',
    'node ./apps/api/dist/main.js --port 3000',
    'docker compose up',
  ])('do not have the root among them that only starts them by `%s`', async (start) => {
    expect(await rootsOf({ ...apps, ...all({ start, build: 'turbo build' }) })).toEqual(['apps/api', 'apps/web']);
  });

  it.each([['node server.js'], ['node index.js --api apps/api'], ['next start']])(
    'have the root among them that is started by `%s`',
    async (start) => {
      expect(await rootsOf({ ...apps, ...all({ start }), 'server.js': server })).toEqual(['.', 'apps/api', 'apps/web']);
    },
  );

  const libs: Files = { 'packages/lib/package.json': manifest('lib', { main: 'index.js' }) };
  const exported = { exports: { '.': './src/index.ts' }, types: 'src/index.ts', main: 'build/index.js' };

  it.each([
    'node --watch src/index.ts',
    'tsx watch --env-file=.env ./src/server.ts',
    'bun run --watch src/index.ts',
    'tsc && nodemon src/main.js',
  ])('are also those that others import types of, and that `%s` starts', async (dev) => {
    const files = { ...libs, ...all({}), ...member('apps/api', { dev, build: 'vite build' }, exported) };
    expect(await rootsOf(files)).toEqual(['apps/api']);
  });

  it.each([
    'tsc --watch',
    'tsup src/index.ts --watch',
    'bun build src/index.ts --watch',
    'node scripts/dev.mjs',
    'vite build --watch',
    'bun test --watch src/index.ts',
  ])('are none that others import, and that `%s` builds', async (dev) => {
    const files = { ...libs, ...apps, ...all({}), ...member('packages/ui', { dev }, exported) };
    expect(await rootsOf(files)).toEqual(['apps/api', 'apps/web']);
  });

  it('are the root alone, beside its libraries', async () => {
    const lib = { 'packages/lib/package.json': manifest('lib', { main: 'index.js' }), 'packages/lib/index.js': '' };
    const files = { ...lib, ...all({ start: 'node server.js' }, { dependencies: { lib: '*' } }), 'server.js': server };
    const { apps: found, others } = await inspect(memoryProject(files));
    expect(found.map(({ root, details }) => [root, details['workspace']])).toMatchObject([
      ['.', { folder: '.', siblings: [{ folder: 'packages/lib', runs: true }] }],
    ]);
    expect(others).toEqual([{ root: 'packages/lib', name: 'lib', application: false }]);
  });
});

describe('the packages of a repository', () => {
  it('are listed by what they are', async () => {
    const { apps, others } = await inspect(memoryProject(workspaceOf('npm')));
    const lines = packageLines({ apps, ...(others ? { others } : {}) }).map((line) =>
      line.trim().replace(/ {2,}/g, ' | '),
    );
    expect(lines.slice(1, -1)).toEqual([
      'services | admin | apps/admin',
      'api | apps/api',
      'sites | site | apps/site',
      'jobs | report | apps/report',
      'libraries | money | packages/money',
      'prices | packages/prices',
      'tsconfig | packages/tsconfig',
      'unused | packages/unused',
    ]);
  });

  it('are no list where there is one alone', async () => {
    const { apps, others } = await inspect(memoryProject({ 'package.json': manifest('one'), 'index.js': server }));
    expect(others).toBeUndefined();
    expect(packageLines({ apps })).toEqual([]);
  });
});

/** A project that notes which of its files are read. */
function watched(files: Files): { readonly project: Project; readonly read: ReadonlySet<string> } {
  const project = memoryProject(files);
  const read = new Set<string>();
  const noted = (path: string) => {
    read.add(path);
    return path;
  };
  const { bytes, read: text } = project;
  return { project: { ...project, bytes: (path) => bytes(noted(path)), read: (path) => text(noted(path)) }, read };
}

describe('an application that is named', () => {
  it.each([
    ['apps/api', ['apps/api', 'packages/money', 'packages/prices', 'packages/tsconfig']],
    ['report', ['apps/report', 'packages/money', 'packages/prices', 'packages/tsconfig']],
    ['site', ['apps/site', 'packages/money', 'packages/tsconfig']],
  ])('has its own sources read (%s), and those of its siblings, and no others', async (app, folders) => {
    const { project, read } = watched(workspaceOf('npm'));
    const { repository } = await decide(await readFrom(project, { cwd: '(memory)', app }), { app });
    expect(repository.apps).toHaveLength(1);
    const sources = [...read].filter((file) => /\.(ts|js|json|html)$/.test(file) && /^(apps|packages)\//.test(file));
    const elsewhere = sources.filter(
      (file) =>
        !folders.some((folder) => file.startsWith(`${folder}/`)) &&
        !file.endsWith('/package.json') &&
        project.has(file),
    );
    expect(elsewhere).toEqual([]);
    expect(sources.filter((file) => file.startsWith(`${repository.apps[0]?.root}/`)).length).toBeGreaterThan(1);
  });

  it('gives the same facts as among all', async () => {
    const files = workspaceOf('pnpm');
    const whole = await inspect(memoryProject(files));
    for (const app of whole.apps) {
      const alone = await inspect(memoryProject(files), { app: app.root });
      expect(alone.apps).toEqual([app]);
      expect(alone.others).toHaveLength(7);
    }
    const several = await inspect(memoryProject(files), { app: 'api, apps/site' });
    expect(several.apps.map(({ root }) => root)).toEqual(['apps/api', 'apps/site']);
    expect(await inspect(memoryProject(files), { app: 'unused' })).toEqual(whole);
  });
});
