import { describe, expect, it } from 'vitest';
import { asOf } from '../../../src/catalog/bases.ts';
import type { Facts } from '../../../src/model/facts.ts';
import { memoryProject } from '../../../src/project/memory.ts';
import { builder, isBundle, ownFlags } from '../../../src/stacks/builders/bun-bundle.ts';
import { manager } from '../../../src/stacks/managers/bun.ts';
import { runtime } from '../../../src/stacks/runtimes/bun.ts';

const version = (files: Record<string, string>, root = '.') => runtime.version(memoryProject(files), root);
const chosen = (files: Record<string, string>, root = '.') => {
  const said = version(files, root);
  return 'value' in said ? said.value.version : undefined;
};
const manifest = (data: object) => ({ 'package.json': JSON.stringify(data, null, 2) });

describe('the version of Bun', () => {
  it('is the catalogue’s where nothing is said, and says so', () => {
    expect(version({})).toEqual({ value: { version: '1.4.5' }, by: 'default', from: [] });
  });

  it('is read in every place that can say it, with file and line', () => {
    expect(version({ '.bun-version': '1.3.2\n' })).toMatchObject({
      value: { version: '1.3.2' },
      from: [{ file: '.bun-version', line: 1 }],
    });
    expect(version({ '.tool-versions': '# tools\nnodejs 24.1.0\nbun 1.3.3 # pinned\n' })).toMatchObject({
      value: { version: '1.3.3' },
      from: [{ line: 3 }],
    });
    expect(version({ 'mise.toml': '[env]\nA = "b"\n\n[tools]\nnode = "24"\nbun = "1.3.4"\n' })).toMatchObject({
      value: { version: '1.3.4' },
      from: [{ file: 'mise.toml', line: 6 }],
    });
    expect(chosen({ '.mise.toml': '[tools]\nbun = { version = "1.3.5" }\n' })).toBe('1.3.5');
    expect(version(manifest({ packageManager: 'bun@1.3.6+sha224.aa' }))).toMatchObject({
      value: { version: '1.3.6' },
      from: [{ file: 'package.json', line: 2 }],
    });
    expect(chosen(manifest({ engines: { bun: '1.2.1' } }))).toBe('1.2.1');
  });

  it('follows the documented order among exact versions', () => {
    const files = {
      ...manifest({ packageManager: 'bun@1.3.6', engines: { bun: '1.3.7' } }),
      'mise.toml': '[tools]\nbun = "1.3.5"\n',
      '.tool-versions': 'bun 1.3.4\n',
      '.bun-version': '1.3.3\n',
    };
    const order: (keyof typeof files)[] = ['.bun-version', '.tool-versions', 'mise.toml'];
    expect(chosen(files)).toBe('1.3.3');
    const left: Record<string, string> = { ...files };
    for (const [index, name] of order.entries()) {
      delete left[name];
      expect(chosen(left)).toBe(['1.3.4', '1.3.5', '1.3.6'][index]);
    }
  });

  it('takes an exact version before a range that stands earlier in the order', () => {
    expect(chosen({ '.bun-version': '1.4', ...manifest({ packageManager: 'bun@1.2.3' }) })).toBe('1.2.3');
  });

  it('takes the newest known release inside a range or a line', () => {
    expect(version(manifest({ engines: { bun: '>=1.1 <1.3' } }))).toMatchObject({
      value: { version: '1.2.23', range: '>=1.1 <1.3' },
    });
    expect(chosen({ '.bun-version': '1.2' })).toBe('1.2.23');
    expect(chosen({ '.bun-version': 'latest' })).toBe('1.4.5');
    expect(chosen({ '.bun-version': 'bun-v1.3.9' })).toBe('1.3.9');
  });

  it('asks where nothing that is known is inside the range', () => {
    expect(version(manifest({ engines: { bun: '^9' } }))).toMatchObject({
      ask: 'runtime',
      from: [{ file: 'package.json' }],
    });
  });

  it('looks in the folder of the app first, then in the root', () => {
    const files = { '.bun-version': '1.3.1', 'apps/api/.bun-version': '1.3.2' };
    expect([chosen(files, 'apps/api'), chosen(files, 'apps/web')]).toEqual(['1.3.2', '1.3.1']);
  });

  it('notes what does not agree, and not what does', () => {
    const notes = (files: Record<string, string>) => runtime.notes?.(memoryProject(files), '.') ?? [];
    expect(notes({ '.bun-version': '1.3.2', ...manifest({ engines: { bun: '>=1.4' } }) })).toMatchObject([
      { code: 'runtime-version-conflict' },
    ]);
    expect(
      notes({ '.bun-version': '1.4.5', ...manifest({ engines: { bun: '>=1.2' }, packageManager: 'bun@1.4.5' }) }),
    ).toEqual([]);
  });

  it('judges a line by its date', () => {
    expect(runtime.supportNotes('1.4.2')).toEqual([]);
    expect(runtime.supportNotes('1')).toEqual([]);
    expect(runtime.supportNotes('0')[0]?.code).toBe('runtime-past');
    expect(runtime.supportNotes('1.2.4')[0]).toMatchObject({
      code: 'runtime-past',
      message: expect.stringContaining(asOf),
    });
    expect(runtime.supportNotes('1.5.0')[0]?.code).toBe('runtime-unknown');
  });
});

describe('command lines of Bun', () => {
  const starts = (line: string) => runtime.starts?.(line.split(' '));
  it('knows the file that is started, and leaves out what only serves development', () => {
    expect(starts('bun run src/index.ts')).toEqual({
      file: 'src/index.ts',
      argv: ['bun', 'src/index.ts'],
      dropped: [],
    });
    expect(starts('bun --hot run src/index.ts --port 3')).toMatchObject({
      argv: ['bun', 'src/index.ts', '--port', '3'],
      dropped: ['--hot'],
    });
    expect(starts('bun --preload ./otel.ts index.ts')).toMatchObject({
      file: 'index.ts',
      argv: ['bun', '--preload', './otel.ts', 'index.ts'],
    });
    expect(starts('bun --env-file .env.production index.ts')).toMatchObject({
      argv: ['bun', 'index.ts'],
      dropped: ['--env-file', '.env.production'],
    });
  });
  it('starts no file where it builds, tests, runs a script or is another program', () => {
    for (const line of [
      'bun build src/index.ts',
      'bun test src/a.ts',
      'bun run start',
      'bunx vite',
      'node index.js',
      'bun',
    ])
      expect(starts(line), line).toBeUndefined();
  });

  const runs = (line: string) => manager.runs?.(line.split(' '), ['start', 'test', 'build', 'db']);
  it('knows the script that is run', () => {
    expect(runs('bun run start')).toEqual({ script: 'start', args: [] });
    expect(runs('bun start -x')).toEqual({ script: 'start', args: ['-x'] });
    expect(runs('bun run test -- --a')).toEqual({ script: 'test', args: ['--a'] });
  });
  it('takes its own commands before scripts of that name', () => {
    expect([runs('bun test'), runs('bun build x'), runs('bun run x'), runs('node start')]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('installs what the lockfile says, with the cache and tokens as mounts and never as arguments', () => {
    const install = manager.install({ lockfile: 'bun.lock', production: true, tokens: ['NPM_TOKEN'] });
    expect(install.argv).toEqual(['bun', 'install', '--frozen-lockfile', '--production']);
    expect(install.mounts).toEqual([
      { type: 'cache', target: '/root/.bun/install/cache' },
      { type: 'secret', id: 'NPM_TOKEN', env: 'NPM_TOKEN' },
    ]);
    expect(manager.install({ lockfile: undefined, production: false, tokens: [] }).argv).toEqual(['bun', 'install']);
  });
  it('reads settings and patches that are there', () => {
    const project = memoryProject({
      ...manifest({ patchedDependencies: { 'a@1': 'patches/a.patch', 'b@1': 'patches/gone.patch' } }),
      'patches/a.patch': '',
      '.npmrc': '',
    });
    expect(manager.reads(project, '.')).toEqual(['.npmrc', 'patches/a.patch']);
  });
});

describe('probes', () => {
  it('hold no dollar, which Compose would take for a variable of its own', () => {
    for (const argv of [
      runtime.probe(3000, 'PORT', '/ready'),
      runtime.probe(8080, undefined, '/live'),
      runtime.probePort(3000, 'PORT'),
    ]) {
      expect(argv.slice(0, 2)).toEqual(['bun', '-e']);
      expect(argv.join(' ')).not.toContain('$');
    }
    expect(runtime.probe(3000, 'PORT', '/ready')[2]).toContain('process.env.PORT||3000');
  });
});

const noStart: Facts['commands']['start'] = { why: 'no script starts it', ask: 'start', from: [] };
const facts = (more: Partial<Facts>): Facts =>
  ({
    archetype: { value: 'web-service', by: 'detected', from: [] },
    runtime: { value: { name: 'bun', version: '1.4.5' }, by: 'detected', from: [] },
    notes: [],
    native: [],
    dependencies: [],
    entry: { value: 'src/index.ts', by: 'detected', from: [] },
    commands: { start: noStart },
    ...more,
  }) as unknown as Facts;
const built = (...argv: string[]) =>
  facts({ commands: { start: noStart, build: { value: { argv }, by: 'detected', from: [] } } });
const dependency = (name: string, dev = false) => ({ name, range: '1', dev, from: { why: 'x' } });

describe('bun build', () => {
  it('makes one file by default', () => {
    expect(builder.build(facts({}))).toMatchObject({
      argv: ['bun', 'build', 'src/index.ts', '--target=bun', '--minify-whitespace', '--minify-syntax', '--outdir=dist'],
      output: 'dist',
      entry: 'index.js',
      selfContained: true,
    });
  });

  it('keeps the flags of the project’s own build of the same entry', () => {
    expect(
      builder.build(built('bun', 'build', './src/index.ts', '--outdir', './out', '--external', 'pg')),
    ).toMatchObject({
      argv: ['bun', 'build', './src/index.ts', '--outdir', './out', '--external', 'pg', '--target=bun'],
      output: 'out',
      entry: 'index.js',
      selfContained: false,
    });
    expect(
      builder.build(built('bun', 'build', 'src/index.ts', '--outfile=build/app.js', '--target=bun')),
    ).toMatchObject({ output: 'build', entry: 'app.js', selfContained: true });
  });

  it('builds the file that starts, not another that the build script names', () => {
    expect(builder.build(built('bun', 'build', 'src/other.ts', '--outdir=dist')).argv).toContain('src/index.ts');
  });

  it('does not fit where one file would not work, and says why', () => {
    expect(
      builder.fits(facts({ runtime: { value: { name: 'node', version: '26' }, by: 'detected', from: [] } })).ok,
    ).toBe(false);
    expect(builder.fits(facts({})).ok).toBe(true);
    expect(builder.fits(facts({ dependencies: [dependency('hono'), dependency('pg')] })).ok).toBe(true);
    expect(builder.fits(facts({ native: [{ value: 'sharp', by: 'detected', from: [] }] }))).toMatchObject({
      ok: false,
      why: expect.stringContaining('sharp'),
    });
    expect(builder.fits(facts({ dependencies: [dependency('knex')] })).ok).toBe(false);
    expect(builder.fits(facts({ dependencies: [dependency('knex', true)] })).ok).toBe(true);
    expect(builder.fits(facts({ notes: [{ code: 'bundle-blocker', message: 'a worker', from: [] }] }))).toMatchObject({
      ok: false,
      why: 'a worker',
    });
    expect(builder.fits(built('tsc'))).toMatchObject({ ok: false });
    expect(builder.fits(built('bun', 'build', 'src/index.ts', '--compile', '--outfile=app'))).toMatchObject({
      ok: false,
    });
  });

  it('reads flags with and without a joined value', () => {
    expect(
      ownFlags({
        argv: ['bun', 'build', 'a.ts', '--sourcemap', '--minify', '--outdir=o', 'b.ts', '--packages', 'external'],
      }),
    ).toEqual({ entries: ['a.ts', 'b.ts'], outdir: 'o', external: true, compile: false });
    expect(ownFlags({ argv: ['bun', 'build', '--sourcemap', 'external', 'a.ts'] })).toEqual({
      entries: ['a.ts'],
      external: false,
      compile: false,
    });
    expect(isBundle({ argv: ['bun', 'run', 'build'] })).toBe(false);
  });
});
