import { describe, expect, it } from 'vitest';
import { memoryProject } from '../../../src/project/memory.ts';
import { loadManager, managers } from '../../../src/stacks/managers/registry.gen.ts';
import { factsOf } from '../../support/facts.ts';

type Files = Readonly<Record<string, string>>;

/** What a manager finds wrong with its lockfile, by dependency; the names it has, where they count. */
async function read(name: string, lockfile: string, text: string, more: Files = {}, root = '.') {
  const manager = await loadManager(name);
  if (!manager) throw new Error(`no manager ${name}`);
  const found = manager.locked(memoryProject({ [lockfile]: text, ...more }), root, lockfile);
  return 'unknown' in found
    ? { unknown: found.unknown, names: undefined, wrong: () => found.unknown }
    : { unknown: undefined, ...found };
}

describe('a package manager', () => {
  it('is recognised by each of its lockfiles: without one of them it is not even loaded', async () => {
    for (const { name, files } of managers) {
      const lockfiles = (await loadManager(name))?.lockfiles.map((one) => one.path) ?? [];
      expect(lockfiles.length, name).toBeGreaterThan(0);
      expect(files, name).toEqual(expect.arrayContaining(lockfiles));
    }
  });
});

describe('package-lock.json', () => {
  const text = JSON.stringify({
    lockfileVersion: 3,
    packages: {
      '': { dependencies: { hono: '^4.0.0', fork: 'github:me/fork' }, devDependencies: { tsc: '5.0.0' } },
      'apps/api': { dependencies: { pg: '^8.0.0' } },
      'node_modules/hono': { version: '4.3.0' },
      'node_modules/fork': { version: '1.0.0' },
      'node_modules/tsc': { version: '5.0.0' },
      'apps/api/node_modules/pg': { version: '8.1.0' },
    },
  });

  it('holds what is written the same, and what the release lies in', async () => {
    const { wrong } = await read('npm', 'package-lock.json', text);
    expect([wrong('hono', '^4.0.0'), wrong('hono', '^4.2.0'), wrong('fork', 'me/fork'), wrong('tsc', '5.0.0')]).toEqual(
      [undefined, undefined, undefined, undefined],
    );
    expect(wrong('hono', '^5.0.0')).toBe('in there it is 4.3.0');
    expect(wrong('zod', '^4.0.0')).toBe('it is not in there');
  });

  it('is read for an app in a folder of the repository', async () => {
    const { wrong } = await read('npm', 'package-lock.json', text, {}, 'apps/api');
    expect([wrong('pg', '^8.0.0'), wrong('pg', '^9.0.0')]).toEqual([undefined, 'in there it is 8.1.0']);
    // a package of the root is found from there as well
    expect(wrong('hono', '^4.1.0')).toBeUndefined();
  });

  it('of the first version has only what is installed', async () => {
    const first = JSON.stringify({ lockfileVersion: 1, dependencies: { hono: { version: '4.3.0' } } });
    const { wrong } = await read('npm', 'package-lock.json', first);
    expect([wrong('hono', '^4.0.0'), wrong('hono', '^3.0.0'), wrong('zod', '1')]).toEqual([
      undefined,
      'in there it is 4.3.0',
      'it is not in there',
    ]);
  });

  it('that is none is not known', async () => {
    for (const broken of ['', '{', '[]', '{"packages": []}', '<<<<<<< HEAD\n{}'])
      expect((await read('npm', 'package-lock.json', broken)).unknown, broken).toContain('package-lock.json');
  });
});

describe('pnpm-lock.yaml', () => {
  const entry = (range: string) => `{ specifier: ${range}, version: 4.3.0 }`;
  const text = `lockfileVersion: '9.0'
overrides:
  nested>left-pad@1: 1.3.0
  '@scope/pad@2': 2.1.0
importers:
  .:
    dependencies:
      hono: ${entry('^4.0.0')}
      left-pad: ${entry('1.3.0')}
      '@scope/pad': ${entry('2.1.0')}
    devDependencies:
      tsc: ${entry("'catalog:'")}
  apps/api:
    dependencies:
      pg: ${entry('^8.0.0')}
packages:
  hono@4.3.0: [ this is not read
`;

  it('holds what is written the very same, and what an override replaced', async () => {
    const { wrong, names } = await read('pnpm', 'pnpm-lock.yaml', text);
    expect([
      wrong('hono', '^4.0.0'),
      wrong('tsc', 'catalog:'),
      wrong('left-pad', '^1'),
      wrong('@scope/pad', '^2'),
    ]).toEqual([undefined, undefined, undefined, undefined]);
    expect([wrong('hono', '^4.1.0'), wrong('pg', '^8.0.0')]).toEqual(['in there it is ^4.0.0', 'it is not in there']);
    expect(names).toEqual(['tsc', 'hono', 'left-pad', '@scope/pad']);
  });

  it('is read for an app in a folder, and behind the document that pnpm keeps for itself', async () => {
    const { wrong } = await read('pnpm', 'pnpm-lock.yaml', `---\nlockfileVersion: '9.0'\n---\n${text}`, {}, 'apps/api');
    expect([wrong('pg', '^8.0.0'), wrong('hono', '^4.0.0')]).toEqual([undefined, 'it is not in there']);
  });

  it('of one folder, and of the older forms, is read as well', async () => {
    const six = await read(
      'pnpm',
      'pnpm-lock.yaml',
      `lockfileVersion: '6.0'\ndependencies:\n  hono: ${entry('^4.0.0')}\n`,
    );
    const five = await read('pnpm', 'pnpm-lock.yaml', 'lockfileVersion: 5.4\nspecifiers:\n  hono: ^4.0.0\n');
    for (const { wrong } of [six, five])
      expect([wrong('hono', '^4.0.0'), wrong('hono', '^5')]).toEqual([undefined, 'in there it is ^4.0.0']);
  });

  it('that is none is not known', async () => {
    for (const broken of ['', 'a: [', '- 1', '<<<<<<< HEAD\nlockfileVersion: 9\n'])
      expect((await read('pnpm', 'pnpm-lock.yaml', broken)).unknown, broken).toContain('pnpm-lock.yaml');
  });
});

describe('yarn.lock', () => {
  const classic = `# THIS IS AN AUTOGENERATED FILE.
# yarn lockfile v1


"@types/node@*", "@types/node@^24.0.0":
  version "24.1.0"

hono@^4.0.0, "hono@^4.1.0 || ^5":
  version "4.3.0"
`;
  const berry = `__metadata:
  version: 8

"hono@npm:^4.0.0, hono@npm:^4.1.0":
  version: 4.3.0

"fork@https://example.com/fork.git#commit=1":
  version: 1.0.0
`;

  it('holds the ranges that its entries answer, in both forms', async () => {
    const one = await read('yarn', 'yarn.lock', classic);
    expect([
      one.wrong('hono', '^4.0.0'),
      one.wrong('hono', '^4.1.0 || ^5'),
      one.wrong('@types/node', '^24.0.0'),
    ]).toEqual([undefined, undefined, undefined]);
    const two = await read('yarn', 'yarn.lock', berry);
    expect([two.wrong('hono', '^4.1.0'), two.wrong('fork', 'git@example.com/fork.git')]).toEqual([
      undefined,
      undefined,
    ]);
    for (const { wrong } of [one, two])
      expect([wrong('hono', '^5.0.0'), wrong('zod', '^4.0.0')]).toEqual([
        'it is in there for other ranges',
        'it is not in there',
      ]);
  });

  it('needs no entry for folders, resolutions and packages of this very repository', async () => {
    const manifest = { resolutions: { '**/@a/b@npm:^1': '2', 'x/zod': '4', tsc: '5' }, workspaces: ['packages/*'] };
    const { wrong } = await read('yarn', 'yarn.lock', berry, {
      'package.json': JSON.stringify(manifest),
      'packages/own/package.json': '{"name":"own"}',
    });
    for (const [name, range] of [
      ['@a/b', '^1'],
      ['zod', '^1'],
      ['tsc', '^1'],
      ['own', '1.0.0'],
      ['beside', 'link:../beside'],
    ] as const)
      expect(wrong(name, range), name).toBeUndefined();
    expect(wrong('x', '^1')).toBe('it is not in there');
  });

  it('that is none is not known', async () => {
    for (const broken of ['', '{}', '<<<<<<< HEAD\n'])
      expect((await read('yarn', 'yarn.lock', broken)).unknown, broken).toContain('yarn.lock');
  });
});

describe('bun.lock', () => {
  const text = `{
    "lockfileVersion": 1,
    "workspaces": {
      "": { "name": "root", "dependencies": { "hono": "^4.0.0", "zod": "latest", }, },
      "apps/api": { "name": "api", "devDependencies": { "pg": "^8.0.0" } },
    },
    "packages": { "zod": ["zod@4.3.6"], "hono": ["hono@4.3.0"], "api/pg": ["pg@8.1.0"], "pg": ["pg@7.0.0"] },
  }`;

  it('holds what is written the same, and what the release lies in', async () => {
    const { wrong, names } = await read('bun', 'bun.lock', text);
    expect([wrong('hono', '^4.0.0'), wrong('zod', '^4.3.0'), wrong('zod', 'latest')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect([wrong('hono', '^5.0.0'), wrong('pg', '^7.0.0')]).toEqual(['in there it is ^4.0.0', 'it is not in there']);
    expect(names).toEqual(['hono', 'zod']);
  });

  it('is read for an app in a folder, with the packages of its own', async () => {
    const { wrong } = await read('bun', 'bun.lock', text, {}, 'apps/api');
    expect([wrong('pg', '^8.1.0'), wrong('pg', '^7.0.0')]).toEqual([undefined, 'in there it is ^8.0.0']);
  });

  it('that is binary, or none, is not known', async () => {
    expect((await read('bun', 'bun.lockb', 'x')).unknown).toContain('binary');
    for (const broken of ['', '{', '{"workspaces": []}'])
      expect((await read('bun', 'bun.lock', broken)).unknown, broken).toContain('bun.lock');
  });
});

describe('what the packages of a lockfile take of the runtime', () => {
  const constraints = async (name: string, lockfile: string, files: Files) => {
    const manager = await loadManager(name);
    const found = manager?.engineConstraints?.(memoryProject(files), '.', lockfile) ?? [];
    return found.map((one) => `${one.of} ${one.runtime} ${one.range} ${one.from.file}:${one.from.line}`);
  };
  const npmLock = JSON.stringify(
    {
      lockfileVersion: 3,
      packages: {
        '': { engines: { node: '>=99' } },
        'node_modules/a': { version: '1.0.0', engines: { node: '>8  <=18', npm: '>=6' } },
        'node_modules/a/node_modules/@b/c': { version: '2.0.0', dev: true, engines: { node: '<21' } },
        'node_modules/d': { version: '3.0.0', optional: true, engines: { node: '<8' } },
        'node_modules/e': { version: '4.0.0', engines: ['node >= 0.4'] },
      },
    },
    null,
    1,
  );
  const pnpmLock = `lockfileVersion: '9.0'

packages:

  a@1.0.0:
    resolution: {integrity: x}
    engines: {node: '>8  <=18', npm: '>=6'}

  '@b/c@2.0.0':
    resolution: {integrity: x}
    engines: {node: <21}

  d@3.0.0:
    resolution: {integrity: x}
    engines: {node: <8}

snapshots:

  a@1.0.0(x@1.0.0): {}

  d@3.0.0:
    optional: true
`;

  it.each([
    ['.npmrc', 'engine-strict=true\n'],
    ['.npmrc', '# strict\nengine-strict\n'],
  ])('counts where npm is told to refuse: %s', async (file, text) => {
    expect(await constraints('npm', 'package-lock.json', { 'package-lock.json': npmLock, [file]: text })).toEqual([
      'a@1.0.0 node >8  <=18 package-lock.json:11',
      'a@1.0.0 npm >=6 package-lock.json:11',
      '@b/c@2.0.0 node <21 package-lock.json:19',
    ]);
  });

  it.each([
    ['.npmrc', 'engine-strict = true\n'],
    ['pnpm-workspace.yaml', 'engineStrict: true\n'],
  ])('counts where pnpm is told to refuse: %s', async (file, text) => {
    expect(await constraints('pnpm', 'pnpm-lock.yaml', { 'pnpm-lock.yaml': pnpmLock, [file]: text })).toEqual([
      'a@1.0.0 node >8  <=18 pnpm-lock.yaml:7',
      'a@1.0.0 npm >=6 pnpm-lock.yaml:7',
      '@b/c@2.0.0 node <21 pnpm-lock.yaml:11',
    ]);
  });

  it('counts nowhere else: they only warn, or know no such thing', async () => {
    expect(await constraints('npm', 'package-lock.json', { 'package-lock.json': npmLock })).toEqual([]);
    const off = { 'package-lock.json': npmLock, '.npmrc': 'engine-strict=false\n' };
    expect(await constraints('npm', 'package-lock.json', off)).toEqual([]);
    expect(await constraints('pnpm', 'pnpm-lock.yaml', { 'pnpm-lock.yaml': pnpmLock })).toEqual([]);
    expect(await constraints('yarn', 'yarn.lock', { 'yarn.lock': '# yarn lockfile v1\n' })).toEqual([]);
  });

  it('narrows the version of an app, and is a note where that is pinned', async () => {
    const app = (more: Files) =>
      factsOf({
        'package.json': JSON.stringify({ name: 'shop', scripts: { start: 'node index.js' } }),
        'index.js': '',
        'package-lock.json': npmLock,
        ...more,
      });
    const said = async (more: Files) => {
      const { runtime, notes } = await app(more);
      const refused = notes.filter((one) => one.code === 'runtime-refused').map((one) => one.message);
      return 'value' in runtime ? { version: runtime.value.version, by: runtime.by, refused } : undefined;
    };
    expect(await said({})).toEqual({ version: '26', by: 'default', refused: [] });
    expect(await said({ '.npmrc': 'engine-strict=true\n' })).toEqual({ version: '18', by: 'detected', refused: [] });
    expect(await said({ '.npmrc': 'engine-strict=true\n', '.nvmrc': '20' })).toEqual({
      version: '20',
      by: 'detected',
      refused: [
        'a@1.0.0 only supports node >8 <=18, so the install fails on 20; set the key "runtime" to another version',
      ],
    });
    const { runtime } = await app({ '.npmrc': 'engine-strict=true\n' });
    expect(runtime.from).toMatchObject([{ file: 'package-lock.json', line: 11 }]);
  });
});
