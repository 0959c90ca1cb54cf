import { describe, expect, it } from 'vitest';
import { detailsOf } from '../../../src/stacks/javascript.ts';
import { factsOf, factsOfSource, manifest, said } from './support.ts';

const node = (more: object = {}) =>
  JSON.stringify({ name: 'shop', scripts: { start: 'node server.js' }, engines: { node: '26' }, ...more });
const listens = "require('node:http').createServer().listen(process.env.PORT ?? 3000);\n";

describe('several lockfiles', () => {
  const npm = (version: string) =>
    JSON.stringify({
      lockfileVersion: 3,
      packages: { '': { dependencies: { ms: '^2.1.0' } }, 'node_modules/ms': { version } },
    });
  const yarn = (version: string) => `# yarn lockfile v1\n\n\nms@^2.1.0:\n  version "${version}"\n`;
  const pnpm = (range: string) =>
    `lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      ms:\n        specifier: ${range}\n        version: 2.1.3\n`;
  const manager = async (files: Record<string, string>, more: object = {}) => {
    const facts = await factsOf({
      'package.json': node({ dependencies: { ms: '^2.1.0' }, ...more }),
      'server.js': listens,
      ...files,
    });
    return {
      name: 'value' in facts.manager ? facts.manager.value.name : undefined,
      notes: facts.notes.map(({ code }) => code),
    };
  };

  it.each<[string, Record<string, string>, string]>([
    ['npm and an old one of pnpm', { 'package-lock.json': npm('2.1.3'), 'pnpm-lock.yaml': pnpm('^1.0.0') }, 'npm'],
    [
      'pnpm and one of npm that lacks a package',
      { 'package-lock.json': '{"lockfileVersion":3,"packages":{"":{}}}', 'pnpm-lock.yaml': pnpm('^2.1.0') },
      'pnpm',
    ],
    [
      'Yarn and an old one of npm',
      { 'package-lock.json': npm('1.0.0').replace('^2.1.0', '^1.0.0'), 'yarn.lock': yarn('2.1.3') },
      'yarn',
    ],
  ])('are no question: the one that fits is taken, as a guess: %s', async (_, files, expected) => {
    const found = await manager(files);
    expect(found.name).toBe(expected);
    expect(found.notes).toContain('two-managers');
  });

  it('give way to what the scripts start, and to packageManager', async () => {
    const files = { 'package-lock.json': npm('2.1.3'), 'yarn.lock': yarn('2.1.3') };
    expect((await manager(files, { packageManager: 'yarn@1.22.22' })).name).toBe('yarn');
    expect((await manager(files, { packageManager: 'yarn@1.22.22' })).notes).not.toContain('two-managers');
  });
});

describe('variables of npm', () => {
  const read = async (text: string, more: object = {}) =>
    detailsOf(await factsOf({ 'package.json': node(more), 'server.js': `${text}\n${listens}` })).packageVariables;
  it.each<[string, object, Record<string, string> | undefined]>([
    ['console.log(process.env.npm_package_version);', { version: '1.2.3' }, { npm_package_version: '1.2.3' }],
    [
      "console.log(process.env['npm_package_config_max_size']);",
      { config: { max_size: 5 } },
      { npm_package_config_max_size: '5' },
    ],
    ['const env = process.env; console.log(env.npm_package_name);', {}, { npm_package_name: 'shop' }],
    ['console.log(process.env.npm_package_homepage, process.env.npm_lifecycle_event);', {}, undefined],
  ])('are what package.json says: %s', async (text, more, expected) => {
    expect(await read(text, more)).toEqual(expected);
  });
});

describe('dependencies of the project itself', () => {
  it('are read by installing, folders and archives; what is not there, or outside, is not', async () => {
    const dependencies = {
      a: 'file:vendor/a',
      b: 'file:./vendor/b-1.0.0.tgz',
      c: 'link:shared',
      d: 'file:../d',
      e: 'file:none',
      f: '^1.0.0',
    };
    const { installs } = await factsOf({
      'package.json': node({ dependencies }),
      'server.js': listens,
      'vendor/a/package.json': '{}',
      'vendor/b-1.0.0.tgz': '',
      'shared/index.js': '',
    });
    expect(installs).toEqual(['vendor/a', 'vendor/b-1.0.0.tgz', 'shared']);
  });
});

describe('names of variables that are constants', () => {
  const service = "import { ConfigService } from '@nestjs/config';\n";
  const names = async (text: string, keys: string) =>
    (
      await factsOfSource(`${service}${text}\nBun.serve({ fetch: () => new Response('') });\n`, { 'src/keys.ts': keys })
    ).variables
      .map(({ name }) => name)
      .filter((name) => name !== 'PORT');
  it.each([
    [
      "import { TOKEN } from './keys';\nexport const f = (config: ConfigService) => config.get(TOKEN);",
      "export const TOKEN = 'MAIL_HOST';\n",
    ],
    [
      "import Key from './keys';\nexport const f = (config: ConfigService) => config.get(Key.HOST);",
      "enum Key { HOST = 'MAIL_HOST' }\nexport default Key;\n",
    ],
    [
      "import { Key } from './keys';\nconst env = (name: string) => process.env[name];\nconsole.log(env(Key.HOST));",
      "export enum Key { HOST = 'MAIL_HOST' }\n",
    ],
  ])('are followed: %s', async (text, keys) => {
    expect(await names(text, keys)).toEqual(['MAIL_HOST']);
  });

  it('are left alone where they are no text', async () => {
    expect(
      await names(
        "import { Key } from './keys';\nexport const f = (config: ConfigService) => config.get(Key.HOST);",
        'export enum Key { HOST }\n',
      ),
    ).toEqual([]);
  });
});

describe('a path of an example', () => {
  const writes = async (example: string) => {
    const source =
      "import { Database } from 'bun:sqlite';\nconst db = new Database(process.env.DB_FILE);\nBun.serve({ fetch: () => new Response(String(db)) });\n";
    const facts = await factsOf({
      'package.json': manifest(),
      'src/index.ts': source,
      '.env.example': `DB_FILE=${example}\n`,
    });
    return {
      writes: facts.writes.map(({ value }) => value),
      default: facts.variables.find(({ name }) => name === 'DB_FILE')?.default,
    };
  };
  it.each([
    ['./data/notes.db', './data/notes.db', ['data']],
    ['/data/notes.sqlite', '/data/notes.sqlite', ['/data']],
    ['store/notes.db', 'store/notes.db', ['store']],
  ])('is set where there is no default: %s', async (example, value, folders) => {
    expect(await writes(example)).toEqual({ default: value, writes: folders });
  });
  it.each(['/Users/me/notes.db', 'your-file', 'postgres://a/b', ''])(
    'is not where it is no path: %s',
    async (example) => {
      expect((await writes(example)).default).toBeUndefined();
    },
  );
});

describe('a program that imports what the build makes', () => {
  const tool = (program: string, source: string) =>
    factsOf({
      'package.json': JSON.stringify({
        name: 'greet',
        type: 'module',
        bin: { greet: program },
        scripts: { build: 'tsc' },
        engines: { node: '26' },
      }),
      'tsconfig.json': '{"compilerOptions":{"outDir":"dist","rootDir":"src"}}',
      'src/cli.ts': 'export const main = () => console.log(1);\n',
      [program]: source,
    });
  it.each([
    ['bin/greet.mjs', "import { main } from '../dist/cli.js';\nmain();\n"],
    ['bin/greet.js', "import('../dist/cli.js').then(({ main }) => main());\n"],
    ['greet.js', "import { main } from './dist/cli.js';\nmain();\n"],
  ])('is built first: %s', async (program, source) => {
    const facts = await tool(program, source);
    expect(said(facts.builder)).toBe('own-script');
    expect(detailsOf(facts).importsOutput).toBe('dist/cli.js');
  });
  it('is not built where it imports the source', async () => {
    expect((await tool('bin/greet.mjs', "import { main } from '../lib.js';\nmain();\n")).builder).toBeUndefined();
  });
});
