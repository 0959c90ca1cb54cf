import { describe, expect, it } from 'vitest';
import { inspect } from '../../../../../src/inspect/inspect.ts';
import { memoryProject } from '../../../../../src/project/memory.ts';
import { detailsOf } from '../../../../../src/stacks/javascript.ts';

type Files = Readonly<Record<string, string>>;

const manifest = (name: string, more: object = {}) => JSON.stringify({ name, version: '1.0.0', ...more });

const api = (dependencies: Readonly<Record<string, string>>): Files => ({
  'apps/api/package.json': manifest('api', { scripts: { start: 'node index.js' }, dependencies }),
  'apps/api/index.js': 'require("express")().listen(3000)',
});

async function apiOf(files: Files) {
  const { apps } = await inspect(memoryProject(files));
  const found = apps.find(({ root }) => root === 'apps/api');
  if (!found) throw new Error('there is no api');
  return found;
}

const rangesOf = async (files: Files) =>
  Object.fromEntries((await apiOf(files)).dependencies.map(({ name, range }) => [name, range]));

const asked = { express: 'catalog:', zod: 'catalog:next', ms: '^2.0.0' };
const expected = { express: '^5.1.0', zod: '^4.0.0', ms: '^2.0.0' };

const pnpm: Files = {
  'package.json': '{"name":"all","private":true}',
  'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
  'pnpm-workspace.yaml':
    'packages: ["apps/*", "packages/*"]\ncatalog:\n  express: ^5.1.0\n  zod: ^3.0.0\ncatalogs:\n  next:\n    zod: ^4.0.0\n',
};

describe('a catalog of the workspace', () => {
  it.each<[string, Files]>([
    ['pnpm', pnpm],
    [
      'Bun, below workspaces',
      {
        'package.json': manifest('all', {
          workspaces: {
            packages: ['apps/*'],
            catalog: { express: '^5.1.0', zod: '^3.0.0' },
            catalogs: { next: { zod: '^4.0.0' } },
          },
        }),
        'bun.lock': '{ "lockfileVersion": 1, "workspaces": {} }',
      },
    ],
    [
      'Bun, at the top',
      {
        'package.json': manifest('all', {
          workspaces: ['apps/*'],
          catalog: { express: '^5.1.0' },
          catalogs: { next: { zod: '^4.0.0' } },
        }),
        'bun.lock': '{ "lockfileVersion": 1, "workspaces": {} }',
      },
    ],
    [
      'Yarn',
      {
        'package.json': manifest('all', { workspaces: ['apps/*'] }),
        '.yarnrc.yml': 'catalog:\n  express: ^5.1.0\ncatalogs:\n  next:\n    zod: ^4.0.0\n',
        'yarn.lock': '__metadata:\n  version: 8\n',
      },
    ],
  ])('of %s gives the range that a dependency names by it', async (_manager, files) => {
    expect(await rangesOf({ ...files, ...api(asked) })).toEqual(expected);
  });

  it('is shown in the evidence, with its file', async () => {
    const { dependencies } = await apiOf({ ...pnpm, ...api(asked) });
    expect(dependencies[0]?.from).toMatchObject({
      file: 'apps/api/package.json',
      why: 'dependencies has express catalog: (^5.1.0 in pnpm-workspace.yaml)',
    });
  });

  it('gives nothing that it does not have, and nothing of what every table has', async () => {
    const unknown = { express: 'catalog:next', constructor: 'catalog:', ms: 'catalog:toString' };
    expect(await rangesOf({ ...pnpm, ...api(unknown) })).toEqual(unknown);
    const broken = { ...pnpm, 'pnpm-workspace.yaml': 'packages: ["apps/*"]\ncatalog: [1, {]\n' };
    expect(
      await rangesOf({ ...broken, 'package.json': manifest('all', { workspaces: ['apps/*'] }), ...api(asked) }),
    ).toEqual(asked);
  });

  it('names a sibling only where the range is for it', async () => {
    const lib = { 'packages/lib/package.json': manifest('lib'), 'packages/lib/index.js': '' };
    const siblings = async (range: string) => {
      const settings = `packages: ["apps/*", "packages/*"]\ncatalog:\n  lib: "${range}"\n`;
      const files = { ...pnpm, 'pnpm-workspace.yaml': settings, ...api({ lib: 'catalog:' }), ...lib };
      return detailsOf(await apiOf(files)).workspace?.siblings.map(({ folder }) => folder);
    };
    expect(await siblings('workspace:*')).toEqual(['packages/lib']);
    expect(await siblings('^1.0.0')).toEqual(['packages/lib']);
    expect(await siblings('^2.0.0')).toEqual([]);
  });
});

describe('what installing reads of a workspace', () => {
  it.each<[string, Files, readonly string[]]>([
    [
      'pnpm',
      {
        ...pnpm,
        '.npmrc': 'node-linker=hoisted\n',
        'pnpm-workspace.yaml':
          'packages: ["apps/*"]\npnpmfile: tools/hooks.cjs\npatchedDependencies:\n  ms@2.1.3: fixes/ms.patch\n  gone: fixes/gone.patch\n  out: ../out.patch\n',
        'fixes/ms.patch': '',
        'fixes/unused.patch': '',
        'tools/hooks.cjs': '',
      },
      ['.npmrc', 'fixes/ms.patch', 'pnpm-workspace.yaml', 'tools/hooks.cjs'],
    ],
    [
      'pnpm, in the manifest',
      {
        ...pnpm,
        'package.json': manifest('all', { pnpm: { patchedDependencies: { 'ms@2.1.3': 'patches/ms.patch' } } }),
        'patches/ms.patch': '',
      },
      ['patches', 'pnpm-workspace.yaml'],
    ],
    [
      'Yarn',
      {
        'package.json': manifest('all', {
          workspaces: ['apps/*'],
          resolutions: {
            'ms@npm:^2': 'patch:ms@npm%3A2.1.3#~/fixes/ms.patch',
            zod: 'patch:zod@npm%3A4.0.0#./fixes/zod.patch::version=4.0.0&hash=abc',
            out: 'patch:out@npm%3A1.0.0#../out.patch',
          },
        }),
        'fixes/ms.patch': '',
        'fixes/zod.patch': '',
        'yarn.lock': '__metadata:\n  version: 8\n',
        '.yarnrc.yml': 'nodeLinker: node-modules\n',
      },
      ['.yarnrc.yml', 'fixes/ms.patch', 'fixes/zod.patch'],
    ],
  ])('of %s are its settings and the patches that they name', async (_manager, files, wanted) => {
    const { installs } = await apiOf({ ...files, ...api({ ms: '^2' }) });
    expect([...installs].sort()).toEqual(wanted.map((file) => `../../${file}`));
  });
});
