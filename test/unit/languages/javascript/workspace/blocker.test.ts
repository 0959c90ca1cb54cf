import { describe, expect, it } from 'vitest';
import { decide, readFrom } from '../../../../../src/flows/context.ts';
import { UserError } from '../../../../../src/model/errors.ts';
import { memoryProject } from '../../../../../src/project/memory.ts';

type Files = Readonly<Record<string, string>>;

const manifest = (name: string, more: object = {}) => JSON.stringify({ name, version: '1.0.0', ...more });

const api = (more: object = {}): Files => ({
  'apps/api/package.json': manifest('api', { scripts: { start: 'node index.js' }, ...more }),
  'apps/api/index.js': 'require("node:http").createServer().listen(3000)',
});

const lib: Files = { 'packages/lib/package.json': manifest('lib'), 'packages/lib/index.js': '' };

const root = (more: object = {}): Files => ({
  'package.json': manifest('all', { workspaces: ['apps/*', 'packages/*'], ...more }),
});

/** The code of the refusal of an application, with all that is said; undefined: it is planned. */
async function refusalOf(files: Files, app = 'api'): Promise<{ code: string; text: string } | undefined> {
  const options = { cwd: '(memory)', app };
  try {
    await decide(await readFrom(memoryProject(files), options), { app });
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    expect(error.next.length).toBeGreaterThan(0);
    return { code: error.code, text: [error.message, ...error.next].join('\n') };
  }
}

const npmLock = (...folders: readonly string[]) =>
  JSON.stringify({ lockfileVersion: 3, packages: Object.fromEntries(['', ...folders].map((folder) => [folder, {}])) });

const pnpmSettings = 'packages: ["apps/*", "packages/*"]\n';

const pnpmLock = (...folders: readonly string[]) =>
  `lockfileVersion: '9.0'\nimporters:\n${folders.map((folder) => `  ${folder}: {}\n`).join('')}`;

const yarnLock = (...folders: readonly string[]) =>
  `__metadata:\n  version: 8\n\n${folders
    .map((folder) => `"x@workspace:${folder}":\n  version: 0.0.0-use.local\n  resolution: "x@workspace:${folder}"\n`)
    .join('\n')}`;

const bunLock = (...folders: readonly string[]) =>
  JSON.stringify({ lockfileVersion: 1, workspaces: Object.fromEntries(['', ...folders].map((one) => [one, {}])) });

describe('a workspace of pnpm with a lockfile in each member', () => {
  const workspace = (settings: Files): Files => ({
    'package.json': manifest('all'),
    'pnpm-workspace.yaml': pnpmSettings,
    'pnpm-lock.yaml': pnpmLock(),
    'apps/api/pnpm-lock.yaml': pnpmLock(),
    ...api({ dependencies: { lib: '*' } }),
    ...lib,
    ...settings,
  });

  it.each<[string, Files]>([
    ['.npmrc', { '.npmrc': 'strict-peer-dependencies=false\nshared-workspace-lockfile = false\n' }],
    ['pnpm-workspace.yaml', { 'pnpm-workspace.yaml': `${pnpmSettings}sharedWorkspaceLockfile: false\n` }],
  ])('is refused for the setting in %s, and not for what its lockfile lacks', async (file, settings) => {
    const refused = await refusalOf(workspace(settings));
    expect(refused).toMatchObject({ code: 'lockfile-of-each' });
    expect(refused?.text).toContain(`${file} makes pnpm keep a lockfile per member`);
  });

  it('is none where the setting says what pnpm does anyway', async () => {
    expect(await refusalOf(workspace({ '.npmrc': 'shared-workspace-lockfile=true\n' }))).toMatchObject({
      code: 'lockfile-without-member',
    });
  });
});

describe('a workspace whose lockfile has no entry of a member', () => {
  const locks: readonly [string, string, (...folders: readonly string[]) => string, Files][] = [
    ['npm', 'package-lock.json', npmLock, root()],
    ['pnpm', 'pnpm-lock.yaml', pnpmLock, { 'package.json': manifest('all'), 'pnpm-workspace.yaml': pnpmSettings }],
    ['Yarn', 'yarn.lock', yarnLock, root({ packageManager: 'yarn@4.9.0' })],
    ['Bun', 'bun.lock', bunLock, root()],
  ];

  it.each(locks)('of %s is refused, for the application and for what it needs', async (_name, file, lock, top) => {
    const files = { ...top, ...api({ dependencies: { lib: '*' } }), ...lib };
    expect(await refusalOf({ ...files, [file]: lock('apps/api', 'packages/lib') })).toBeUndefined();
    expect(await refusalOf({ ...files, [file]: lock('packages/lib') })).toMatchObject({
      code: 'lockfile-without-member',
    });
    const refused = await refusalOf({ ...files, [file]: lock('apps/api') });
    expect(refused?.text).toContain(`${file} has no entry for packages/lib`);
  });

  it.each(locks)(
    'of %s is none of the business of a member that does not need that one',
    async (_name, file, lock, top) => {
      const files = { ...top, ...api(), ...lib, [file]: lock('apps/api') };
      expect(await refusalOf(files)).toBeUndefined();
    },
  );
});

describe('a lockfile of another package manager', () => {
  it('is refused where the root names one, and only another one has written a lockfile', async () => {
    const files = { ...root({ packageManager: 'pnpm@10.0.0' }), 'pnpm-workspace.yaml': pnpmSettings, ...api() };
    const refused = await refusalOf({ ...files, 'package-lock.json': npmLock('apps/api') });
    expect(refused?.code).toBe('lockfile-foreign');
    expect(refused?.text).toContain('package-lock.json is a lockfile of npm');
    expect(refused?.text).toContain('Run `pnpm install`');
  });

  it('is refused where the members stand in a file that its manager does not read', async () => {
    const files = { 'package.json': manifest('all'), 'pnpm-workspace.yaml': pnpmSettings, ...api() };
    expect(await refusalOf({ ...files, 'yarn.lock': yarnLock('apps/api') })).toMatchObject({
      code: 'workspace-foreign',
    });
    expect(await refusalOf({ ...files, 'package-lock.json': npmLock('apps/api') })).toMatchObject({
      code: 'workspace-foreign',
    });
    expect(await refusalOf({ ...root(), ...api(), 'pnpm-lock.yaml': pnpmLock('apps/api') })).toMatchObject({
      code: 'workspace-foreign',
    });
  });

  it('is left over where it lies beside a member, and the root has one that holds the member', async () => {
    const files = {
      'package.json': manifest('all'),
      'pnpm-workspace.yaml': pnpmSettings,
      'pnpm-lock.yaml': pnpmLock('apps/api'),
      ...api(),
      'apps/api/package-lock.json': npmLock(),
    };
    const { repository } = await readFrom(memoryProject(files), { cwd: '(memory)' });
    expect(repository.apps[0]).toMatchObject({
      manager: { value: { name: 'pnpm' } },
      lockfile: { value: { path: '../../pnpm-lock.yaml' } },
    });
    expect(await refusalOf(files)).toBeUndefined();
  });

  it('counts where both ways of naming members are there', async () => {
    const files = { ...root(), 'pnpm-workspace.yaml': pnpmSettings, ...api(), 'yarn.lock': yarnLock('apps/api') };
    expect(await refusalOf(files)).toBeUndefined();
  });
});

describe('a sibling that is not there', () => {
  it.each(['workspace:*', 'workspace:^', 'workspace:1.0.0'])(
    'is refused where it is asked for by %s',
    async (range) => {
      const files = { ...root(), ...api({ dependencies: { gone: range } }), 'package-lock.json': npmLock('apps/api') };
      expect(await refusalOf(files)).toMatchObject({ code: 'sibling-missing' });
    },
  );

  it('is a package of a registry where it is asked for by a range', async () => {
    const files = {
      ...root(),
      ...api({ dependencies: { gone: '^1.0.0', lib: 'workspace:../../packages/lib' } }),
      ...lib,
    };
    expect(await refusalOf({ ...files, 'package-lock.json': npmLock('apps/api', 'packages/lib') })).toBeUndefined();
  });
});

describe('a repository of a runner', () => {
  const rush = { 'rush.json': '// projects\n{ "projects": [{ "packageName": "api", "projectFolder": "apps/api" }] }' };

  it('of Rush is refused, with the way out', async () => {
    const refused = await refusalOf({ ...rush, ...api() });
    expect(refused?.code).toBe('workspace-rush');
    expect(refused?.text).toContain('rush deploy --project api');
  });

  it('of moon is refused', async () => {
    const files = {
      '.moon/workspace.yml': 'projects: ["apps/*"]\n',
      ...root(),
      ...api(),
      'bun.lock': bunLock('apps/api'),
    };
    expect(await refusalOf(files)).toMatchObject({ code: 'workspace-moon' });
  });

  const nx = { 'nx.json': '{}', 'package.json': manifest('all', { scripts: { start: 'nx serve' } }) };
  const project = (type: string, name = 'shop') => JSON.stringify({ name, projectType: type, targets: { build: {} } });

  it('of Nx is refused where a project has no manifest, by its folder', async () => {
    const files = {
      ...nx,
      'apps/shop/project.json': project('application'),
      'apps/shop/src/main.ts': '',
      'apps/shop-e2e/project.json': project('application', 'shop-e2e'),
      'libs/money/project.json': project('library', 'money'),
    };
    const refused = await refusalOf(files, 'apps/shop');
    expect(refused?.code).toBe('workspace-nx');
    expect(refused?.text).toContain('Add apps/shop/package.json');
    const { repository } = await readFrom(memoryProject(files), { cwd: '(memory)' });
    expect(repository.apps.map(({ root: folder }) => folder)).toEqual(['apps/shop']);
  });

  it('of Nx is refused where what a member needs is built by a target alone', async () => {
    const files = {
      ...nx,
      ...root(),
      ...api({ dependencies: { lib: '*' } }),
      ...lib,
      'package-lock.json': npmLock('apps/api', 'packages/lib'),
    };
    expect(await refusalOf(files)).toBeUndefined();
    const target = { 'packages/lib/project.json': project('library', 'lib') };
    expect((await refusalOf({ ...files, ...target }))?.text).toContain('builds packages/lib with targets');
    const built = { 'packages/lib/package.json': manifest('lib', { scripts: { build: 'tsc' } }) };
    expect(await refusalOf({ ...files, ...target, ...built })).toBeUndefined();
  });

  const lerna = { 'lerna.json': '{ "version": "independent" }', 'package.json': manifest('all') };
  const old = (dependencies: object): Files => ({
    ...lerna,
    'packages/api/package.json': manifest('api', { scripts: { start: 'node index.js' }, dependencies }),
    'packages/api/index.js': 'require("node:http").createServer().listen(3000)',
    ...lib,
  });

  it('of Lerna is refused where it alone links an application with others', async () => {
    const refused = await refusalOf(old({ lib: '^1.0.0' }));
    expect(refused?.code).toBe('workspace-lerna');
    expect(refused?.text).toContain('"workspaces": ["packages/*"]');
  });

  it('of Lerna is several projects where nothing links them, and a workspace where the manager has one', async () => {
    expect(await refusalOf(old({ ms: '^2.0.0' }))).toBeUndefined();
    const workspace = {
      ...old({ lib: '^1.0.0' }),
      ...root(),
      'package-lock.json': npmLock('packages/api', 'packages/lib'),
    };
    expect(await refusalOf(workspace)).toBeUndefined();
  });

  it('of Turborepo is a workspace', async () => {
    const files = {
      ...root(),
      ...api(),
      'turbo.json': '{ "tasks": { "build": {} } }',
      'bun.lock': bunLock('apps/api'),
    };
    expect(await refusalOf(files)).toBeUndefined();
  });

  it('is no reason where a Dockerfile of the author builds the application', async () => {
    const dockerfile =
      'FROM node:24-slim\nWORKDIR /app\nCOPY . .\nRUN node common/scripts/install-run-rush.js install\nCMD ["node", "index.js"]\n';
    expect(await refusalOf({ ...rush, ...api(), 'apps/api/Dockerfile': dockerfile })).toBeUndefined();
  });
});
