import { describe, expect, it } from 'vitest';
import { builder as esbuild } from '../../../../../src/stacks/builders/esbuild.ts';
import { factsOf, manifest, said } from '../../../../support/facts.ts';

const scripts = (all: Record<string, string>, more: Record<string, string> = { 'src/index.ts': '' }) =>
  factsOf({ 'package.json': manifest({ scripts: all }), ...more });

describe('start', () => {
  it('is followed through scripts and wrappers to what runs', async () => {
    const facts = await scripts({
      start: 'bun run serve:prod',
      'serve:prod': 'cross-env NODE_ENV=production LOG=1 bun run src/index.ts --quiet',
    });
    expect(facts.commands.start).toMatchObject({
      value: { argv: ['bun', 'src/index.ts', '--quiet'], script: 'start', env: { NODE_ENV: 'production', LOG: '1' } },
      from: [
        { file: 'package.json', line: 4 },
        { file: 'package.json', line: 5 },
      ],
    });
    expect(said(facts.entry)).toBe('src/index.ts');
  });

  it.each([
    'dotenv -e .env.production -- bun run src/index.ts',
    'dotenv -e .env.production bun run src/index.ts',
    'dotenv -o -e .env -v LOG=1 bun src/index.ts',
    'dotenv bun src/index.ts',
  ])('is what a program starts that reads settings first: %s', async (start) => {
    const facts = await scripts({ start });
    expect(said(facts.commands.start)).toMatchObject({ argv: ['bun', 'src/index.ts'] });
    expect(said(facts.entry)).toBe('src/index.ts');
  });

  it('leaves out watching, and says so', async () => {
    const facts = await scripts({ start: 'bun --watch src/index.ts' });
    expect(said(facts.commands.start)).toMatchObject({ argv: ['bun', 'src/index.ts'] });
    expect(facts.notes).toMatchObject([{ code: 'start-for-development' }]);
  });

  it('is the last of several commands, and the others are a note', async () => {
    const facts = await scripts({ start: 'bun run migrate && bun src/index.ts', migrate: 'drizzle-kit migrate' });
    expect(said(facts.commands.start)).toMatchObject({ argv: ['bun', 'src/index.ts'] });
    expect(facts.notes.map((one) => one.message).join()).toContain('`drizzle-kit migrate`');
  });

  it('goes through the manager where it is no command of the runtime, or one that is worked out', async () => {
    expect(said((await scripts({ start: 'next start' })).commands.start)).toMatchObject({
      argv: ['bun', 'run', 'start'],
    });
    expect(said((await scripts({ start: 'bun "$ENTRY.ts"' })).commands.start)).toMatchObject({
      argv: ['bun', 'run', 'start'],
    });
  });

  it('sees programs that are named by their file', async () => {
    const started = async (start: string) => {
      const text = JSON.stringify({ name: 'shop', scripts: { start }, engines: { node: '26' } });
      return said((await factsOf({ 'package.json': text, 'src/index.js': '' })).commands.start);
    };
    const plain = { argv: ['node', 'src/index.js'] };
    expect(await started('./node_modules/nodemon/bin/nodemon.js src/index.js')).toMatchObject(plain);
    expect(await started('node node_modules/.bin/nodemon src/index.js')).toMatchObject(plain);
    expect(await started('node node_modules/tool/server.js')).toMatchObject({
      argv: ['node', 'node_modules/tool/server.js'],
    });
  });

  it('does not run in circles', async () => {
    const facts = await scripts({ start: 'bun run start' });
    expect(said(facts.commands.start)).toEqual({ argv: ['bun', 'src/index.ts'] });
  });

  it('prefers the script for production', async () => {
    const facts = await scripts({ start: 'bun --hot src/index.ts', 'start:prod': 'bun src/index.ts --prod' });
    expect(said(facts.commands.start)).toMatchObject({ argv: ['bun', 'src/index.ts', '--prod'] });
  });

  it('is overridden by configuration', async () => {
    const facts = await factsOf(
      { 'package.json': manifest(), 'src/index.ts': '', 'src/b.ts': '' },
      { start: ['bun', 'src/b.ts'] },
    );
    expect(facts.commands.start).toMatchObject({ by: 'config', value: { argv: ['bun', 'src/b.ts'] } });
    expect(said(facts.entry)).toBe('src/b.ts');
  });
});

describe('entry', () => {
  const entry = async (files: Record<string, string>) => said((await factsOf(files)).entry);
  it('is the source of the built file that is started', async () => {
    const own = manifest({ scripts: { start: 'bun dist/server.js', build: 'bun build src/server.ts --outdir dist' } });
    expect(await entry({ 'package.json': own, 'src/server.ts': '', 'src/index.ts': '' })).toBe('src/server.ts');
    const compiled = manifest({ scripts: { start: 'bun dist/http/main.js', build: 'tsc -p .' } });
    expect(await entry({ 'package.json': compiled, 'src/http/main.ts': '', 'src/index.ts': '' })).toBe(
      'src/http/main.ts',
    );
  });
  it('is that of dev, then of package.json, then of its usual name', async () => {
    expect(
      await entry({
        'package.json': manifest({ scripts: { dev: 'bun --hot src/app.ts' }, module: 'index.ts' }),
        'src/app.ts': '',
        'index.ts': '',
      }),
    ).toBe('src/app.ts');
    expect(
      await entry({ 'package.json': manifest({ scripts: {}, module: 'lib/a.ts' }), 'lib/a.ts': '', 'index.ts': '' }),
    ).toBe('lib/a.ts');
    expect(await entry({ 'package.json': manifest({ scripts: {} }), 'server.ts': '' })).toBe('server.ts');
  });
  it('is asked where two could be meant or none is there', async () => {
    expect(await entry({ 'package.json': manifest({ scripts: {} }), 'server.ts': '', 'index.ts': '' })).toBe(
      'ask entry',
    );
    expect(await entry({ 'package.json': manifest({ scripts: {} }), 'lib/x.ts': '' })).toBe('ask entry');
  });
  it('starts the file that is there where the script names its output', async () => {
    const facts = await scripts({ start: 'bun src/index.js' });
    expect(said(facts.commands.start)).toMatchObject({ argv: ['bun', 'src/index.ts'] });
  });
});

describe('build, dev and test', () => {
  it('leave out what makes nothing, and keep what does', async () => {
    expect((await scripts({ start: 'bun src/index.ts', build: 'tsc --noEmit' })).commands.build).toBeUndefined();
    expect(
      (await scripts({ start: 'bun src/index.ts', build: "echo 'nothing to build'" })).commands.build,
    ).toBeUndefined();
    expect(said((await scripts({ start: 'bun src/index.ts', build: 'tsc' })).commands.build)).toMatchObject({
      argv: ['bun', 'run', 'build'],
    });
    expect(
      said((await scripts({ start: 'bun src/index.ts', build: 'bun build src/index.ts --outdir=out' })).commands.build),
    ).toMatchObject({ argv: ['bun', 'build', 'src/index.ts', '--outdir=out'] });
  });
  it('run a program of the project through the manager, which has the programs of its packages on the path', async () => {
    const { commands } = await scripts({ start: 'bun dist/index.js', build: 'bun ./tasks build' });
    expect(said(commands.build)).toMatchObject({ argv: ['bun', 'run', 'build'] });
  });
  it('take the test script, else the runtime’s own where test files are', async () => {
    const test = async (all: Record<string, string>, more: Record<string, string> = {}) =>
      said((await scripts(all, { 'src/index.ts': '', ...more })).commands.test);
    expect(await test({ test: 'vitest run' })).toMatchObject({ argv: ['bun', 'run', 'test'] });
    expect(await test({ test: 'bun test --coverage' })).toMatchObject({ argv: ['bun', 'test', '--coverage'] });
    expect(await test({ test: 'echo "Error: no test specified" && exit 1' })).toBeUndefined();
    expect(await test({}, { 'src/a.test.ts': '' })).toEqual({ argv: ['bun', 'test'] });
    expect(await test({}, { 'src/contest.ts': '' })).toBeUndefined();
  });
  it('keep watching in dev', async () => {
    expect(
      said((await scripts({ dev: 'docker compose up -d && bun --watch src/index.ts' })).commands.dev),
    ).toMatchObject({ argv: ['bun', '--watch', 'src/index.ts'] });
    expect(said((await scripts({ dev: 'concurrently "bun a" "bun b"' })).commands.dev)).toMatchObject({
      argv: ['bun', 'run', 'dev'],
    });
  });
  it.each([
    ['tsc && node dist/index.js', ['npm', 'run', 'dev']],
    ['npm run build && npm run start', ['npm', 'run', 'dev']],
    ['npm run clean && npm run build && node --inspect dist/index.js', ['npm', 'run', 'dev']],
    // what these start is there without what comes before
    ['npm run build && node src/tools.js', ['node', 'src/tools.js']],
    ['docker compose up -d && node dist/index.js', ['node', 'dist/index.js']],
  ])('start what building makes after building it: %s', async (dev, argv) => {
    const facts = await factsOf({
      'package.json': manifest({
        scripts: { clean: 'rimraf dist', build: 'tsc', start: 'node dist/index.js', dev },
        engines: { node: '26' },
        devDependencies: { typescript: '5.9.3' },
      }),
      'package-lock.json': JSON.stringify({ lockfileVersion: 3, packages: {} }),
      'tsconfig.json': '{"compilerOptions":{"outDir":"dist","rootDir":"src"}}',
      'src/index.ts': '',
      'src/tools.js': '',
    });
    expect(said(facts.commands.dev)).toMatchObject({ argv });
  });
});

describe('several scripts at once', () => {
  const build = {
    'build:clean': 'rm -rf dist',
    'build:compile': 'tsc',
    'watch:ts': 'tsc -w',
    'watch:run': 'nodemon dist/index.js',
  };
  it.each([
    ['run-p watch:*', ['node', 'dist/index.js']],
    ['npm-run-all build:** -p watch:ts watch:run', ['node', 'dist/index.js']],
    ['concurrently -n ts,run "npm:watch:ts" "nodemon dist/index.js"', ['node', 'dist/index.js']],
    ['npx concurrently --kill-others "tsc -w" "npm run watch:run"', ['node', 'dist/index.js']],
  ])('start what starts a file alone: %s', async (start, argv) => {
    const facts = await factsOf({
      'package.json': manifest({
        scripts: { ...build, start },
        engines: { node: '26' },
        devDependencies: { typescript: '5.9.3' },
      }),
      'src/index.ts': '',
    });
    expect(said(facts.commands.start)).toMatchObject({ argv });
    const notes = facts.notes.map((one) => one.message).join('\n');
    expect(notes).toContain('starts with nodemon, which is left out in production');
    expect(notes).toMatch(/runs .*`tsc -w` as well; the image only starts `node dist\/index.js`/);
  });

  it.each(['concurrently dev:server if', 'run-p', 'concurrently -n', 'run-s "start {1}" start'])(
    'are no riddle where they are odd: %s',
    async (start) => {
      expect(said((await scripts({ start })).commands.start)).toBeDefined();
    },
  );

  it('build one after the other', async () => {
    const facts = await factsOf({
      'package.json': manifest({
        scripts: { ...build, build: 'run-s build:*', start: 'node dist/index.js' },
        engines: { node: '26' },
        devDependencies: { typescript: '5.9.3' },
      }),
      'tsconfig.json': JSON.stringify({ compilerOptions: { outDir: 'dist', rootDir: '.' } }),
      'src/index.ts': '',
    });
    expect(said(facts.commands.build)).toMatchObject({ argv: ['npm', 'run', 'build'] });
    expect(said(facts.commands.start)).toMatchObject({ argv: ['node', 'dist/src/index.js'] });
  });
});

describe('builder', () => {
  it('is the bundler where everything fits, and a note says why not', async () => {
    expect(said((await scripts({ start: 'bun src/index.ts' })).builder)).toBe('bun-bundle');
    const worker = await scripts(
      { start: 'bun src/index.ts' },
      { 'src/index.ts': `new Worker(new URL('./w.ts', import.meta.url))` },
    );
    expect(worker.builder).toBeUndefined();
    expect(worker.notes).toMatchObject([
      { code: 'not-built', message: expect.stringContaining('worker'), from: [{ file: 'src/index.ts', line: 1 }] },
    ]);
  });
  it.each([
    ['const m = await import(`./plugins/${name}.ts`)', 'computed at run time'],
    ['const m = require(name)', 'computed at run time'],
    [`import pino from 'pino'; pino({ transport: { target: 'pino-pretty' } })`, 'transport'],
    ['new Bun.FileSystemRouter({ dir: "./routes", style: "nextjs" })', 'routes from files'],
  ])('is none with %s', async (text, why) => {
    const facts = await scripts({ start: 'bun src/index.ts' }, { 'src/index.ts': text });
    expect(facts.builder).toBeUndefined();
    expect(facts.notes).toMatchObject([{ code: 'not-built', message: expect.stringContaining(why) }]);
  });

  it.each([
    [`await import('./b')`],
    [`import pino from 'pino'; pino({ level: 'info' })`],
    ['jobs.require(name); new Worker()'],
    [`import { Worker } from 'bullmq'; new Worker('mail', send)`],
  ])('is the bundler with %s', async (text) => {
    const facts = await scripts({ start: 'bun src/index.ts' }, { 'src/index.ts': text, 'src/b.ts': '' });
    expect(said(facts.builder)).toBe('bun-bundle');
  });

  it('is the project’s own script where that makes what starts', async () => {
    const facts = await scripts({ start: 'bun dist/index.js', build: 'tsc' });
    expect(said(facts.builder)).toBe('own-script');
  });

  it('leaves the threads of packages to node_modules', async () => {
    const builder = async (target: string) => {
      const facts = await factsOf({
        'package.json': JSON.stringify({
          name: 'shop',
          scripts: { start: 'tsx src/main.ts' },
          engines: { node: '26' },
          devDependencies: { tsx: '4' },
        }),
        'src/main.ts': `import pino from 'pino'; pino({ transport: { target: '${target}' } })`,
      });
      return said(facts.builder);
    };
    expect(await builder('pino-pretty')).toBe('esbuild');
    expect(await builder('./own-transport.js')).toBeUndefined();
  });

  it.each([
    'node --enable-source-maps dist/main.js',
    'node --max-old-space-size=300 dist/main.js',
    'node -r ./paths.js dist/main.js',
  ])('runs what is built, whatever flags come first: %s', async (start) => {
    const text = JSON.stringify({
      name: 'shop',
      scripts: { start, build: 'tsc' },
      engines: { node: '26' },
      devDependencies: { typescript: '5' },
    });
    const facts = await factsOf({
      'package.json': text,
      'tsconfig.json': '{"compilerOptions":{"outDir":"dist"}}',
      'src/main.ts': '',
      'paths.js': '',
    });
    expect(said(facts.builder)).toBe('own-script');
  });
});

it('a script that reads a file of settings runs without it: a container is given the variables', async () => {
  const facts = await factsOf({
    'package.json': JSON.stringify({
      name: 'shop',
      scripts: { start: 'node index.js', 'db:migrate': 'set -a; . ./.env.production; set +a; drizzle-kit migrate' },
      engines: { node: '26' },
      dependencies: { 'drizzle-orm': '1' },
      devDependencies: { 'drizzle-kit': '1' },
    }),
    'index.js': '',
    'drizzle/meta/_journal.json': '{}',
  });
  expect(said(facts.migration)).toMatchObject({ argv: ['node_modules/.bin/drizzle-kit', 'migrate'] });
});

it.each([
  ['tsx', '^3.12.1', /"external":\["pg","tsx"\]/],
  ['tsx', '^4.20.0', /"packages":"external"/],
  ['esbuild', '^0.15.0', /--external:pg --external:esbuild /],
  ['esbuild', '^0.25.0', /--packages=external /],
])('packages stay in node_modules, whatever release of the bundler there is: %s %s', async (name, range, told) => {
  const facts = await factsOf({
    'package.json': JSON.stringify({
      name: 'shop',
      scripts: { start: 'tsx src/main.ts' },
      engines: { node: '26' },
      dependencies: { pg: '8' },
      devDependencies: { [name]: range },
    }),
    'src/main.ts': '',
  });
  expect(esbuild.build(facts).argv.join(' ')).toMatch(told);
});

it('migrations that the app applies itself are shipped with it', async () => {
  const facts = await factsOf({
    'package.json': JSON.stringify({
      name: 'shop',
      scripts: { start: 'node index.js' },
      engines: { node: '26' },
      dependencies: { 'drizzle-orm': '1' },
      devDependencies: { 'drizzle-kit': '1' },
    }),
    'index.js':
      "import { migrate } from 'drizzle-orm/node-postgres/migrator'; await migrate(db, { migrationsFolder: './sql' });",
    'sql/meta/_journal.json': '{}',
  });
  expect(facts.migration).toBeUndefined();
  expect(facts.reads.map((one) => one.value)).toEqual(['sql']);
});

it.each([
  ['^0.31.0', true],
  ['>=0.20.0', true],
  ['latest', true],
  ['^0.20.14', false],
  ['0.19.0', false],
])('Drizzle Kit %s applies migrations by a command: %s', async (range, has) => {
  const facts = await factsOf({
    'package.json': JSON.stringify({
      name: 'shop',
      scripts: { start: 'node index.js' },
      engines: { node: '26' },
      devDependencies: { 'drizzle-kit': range },
    }),
    'index.js': "require('node:http').createServer().listen(3000);",
    'drizzle.config.ts': '',
    'drizzle/meta/_journal.json': '{}',
  });
  expect(facts.migration !== undefined).toBe(has);
});

describe('a build under another name', () => {
  const node = (scripts: Record<string, string>, files: Record<string, string>, more: object = {}) =>
    factsOf({ 'package.json': JSON.stringify({ name: 'shop', scripts, engines: { node: '26' }, ...more }), ...files });
  const built = async (scripts: Record<string, string>, files: Record<string, string> = { 'src/main.ts': '' }) =>
    said((await node({ start: 'node dist/main', ...scripts }, files)).commands.build);

  it('is found by what it runs: the compiler of a framework, a bundler, a compiler of JavaScript', async () => {
    expect(await built({ 'api:build': 'nest build' })).toMatchObject({ argv: ['npm', 'run', 'api:build'] });
    expect(await built({ compile: 'rimraf dist && tsc' })).toMatchObject({ argv: ['npm', 'run', 'compile'] });
    expect(await built({ 'heroku-postbuild': 'babel src -d dist' }, { 'src/main.js': '' })).toMatchObject({
      argv: ['npm', 'run', 'heroku-postbuild'],
    });
    expect(await built({ 'build:client': 'vite build', 'build:server': 'tsup src/main.ts' })).toMatchObject({
      argv: ['npm', 'run', 'build:server'],
    });
  });

  it('is none that watches, checks types or makes something else, and none beside a script of the usual name', async () => {
    for (const other of ['build:watch', 'build:docs', 'docker:build', 'build:types'])
      expect(await built({ [other]: 'tsc' })).toBeUndefined();
    expect(await built({ compile: 'tsc --watch' })).toBeUndefined();
    expect(await built({ compile: 'tsc --noEmit' })).toBeUndefined();
    expect(await built({ 'api:build': 'nest build', build: 'tsc' })).toMatchObject({ argv: ['npm', 'run', 'build'] });
  });

  it('is the compiler of TypeScript itself where its settings name the folder that starts', async () => {
    const files = { 'src/main.ts': '', 'tsconfig.json': '{ "compilerOptions": { "outDir": "./dist" } }' };
    const typescript = { devDependencies: { typescript: '6' } };
    const facts = await node({ start: 'node dist/main.js' }, files, typescript);
    expect(said(facts.commands.build)).toMatchObject({ argv: ['npx', '--no-install', 'tsc'] });
    expect(facts.notes.map(({ code }) => code)).not.toContain('start-not-made');
    expect((await node({ start: 'node lib/main.js' }, files, typescript)).commands.build).toBeUndefined();
  });

  it('is missed aloud where the start command names what nothing makes', async () => {
    const codes = async (start: string, files: Record<string, string>, more = {}) =>
      (await node({ start, ...more }, files)).notes.map(({ code }) => code);
    expect(await codes('node dist/main.js', { 'src/main.js': '' })).toContain('start-not-made');
    expect(await codes('node out/server', { 'server.ts': '' })).toContain('start-not-made');
    expect(await codes('node src/main', { 'src/main.js': '' })).not.toContain('start-not-made');
    expect(await codes('node .', { 'index.js': '' })).not.toContain('start-not-made');
    expect(await codes('node dist/main.js', { 'src/main.ts': '' }, { build: 'make' })).not.toContain('start-not-made');
  });
});

describe('a start script that starts several programs, which go on by themselves', () => {
  const of = async (start: string, more: Record<string, string> = {}) => {
    const files = {
      'web.js': "require('node:http').createServer().listen(3000);",
      'jobs/index.js': 'setInterval(() => 1, 9);',
    };
    const text = JSON.stringify({ name: 'shop', scripts: { start }, engines: { node: '26' } });
    const facts = await factsOf({ 'package.json': text, ...files, ...more });
    return {
      start: said(facts.commands.start),
      further: facts.processes?.map(({ name, command }) => [name, command.argv.join(' ')]),
    };
  };

  it('has the first as the app, and each of the others as a process', async () => {
    const both = { start: { argv: ['node', 'web.js'], script: 'start' }, further: [['jobs', 'node jobs/index.js']] };
    expect(await of('pm2 start web.js && pm2 start jobs/index.js && pm2 monit')).toMatchObject(both);
    expect(await of('pm2 delete all; pm2 start web.js --name web && pm2 start jobs/index.js -i 2 && pm2 logs')).toEqual(
      both,
    );
    expect(await of('forever start web.js && forever start jobs/index.js')).toMatchObject(both);
  });

  it('has one where only one is started', async () => {
    const one = { start: { argv: ['node', 'web.js'], script: 'start' }, further: undefined };
    for (const start of [
      'pm2 start web.js && pm2 save',
      'pm2-runtime web.js',
      'pm2 start web.js --no-daemon',
      'nodemon web.js',
    ])
      expect(await of(start)).toMatchObject(one);
  });
});

describe('the file that starts, where no script has a usual name', () => {
  const entry = async (all: Record<string, string>, more: Record<string, string>) =>
    said((await scripts(all, more)).entry);

  it.each([
    [{ local: 'bun app/cli.ts' }, 'app/cli.ts'],
    [{ test: 'bun test/run.ts', bot: 'bun app/cli.ts', 'bot:again': 'bun --watch app/cli.ts' }, 'app/cli.ts'],
    [{ build: 'bun build app/cli.ts --outdir dist', run: 'NODE_ENV=production bun ./app/cli.ts' }, 'app/cli.ts'],
  ])('is the one that they start: %j', async (all, file) => {
    expect(await entry(all, { 'app/cli.ts': '', 'test/run.ts': '' })).toBe(file);
  });

  it('is asked for where they start several, or only check and make', async () => {
    const files = { 'app/a.ts': '', 'app/b.ts': '' };
    expect(await entry({ one: 'bun app/a.ts', two: 'bun app/b.ts' }, files)).toBe('ask entry');
    expect(await entry({ 'db:seed': 'bun app/a.ts', codegen: 'bun app/b.ts' }, files)).toBe('ask entry');
  });

  it('is the usual one beside them', async () => {
    expect(await entry({ local: 'bun app/a.ts' }, { 'app/a.ts': '', 'src/index.ts': '' })).toBe('src/index.ts');
  });
});

describe('files of tests without a script', () => {
  const testOf = async (name: string, text: string) =>
    (
      await factsOf({
        'package.json': JSON.stringify({ name: 'shop', scripts: { start: 'node index.js' }, engines: { node: '24' } }),
        'index.js': "require('node:http').createServer().listen(3000);\n",
        [name]: text,
      })
    ).commands.test?.value.argv;

  it.each([
    ['a.test.js', "const { test } = require('node:test');\ntest('a', () => {});\n"],
    ['test/b.test.mjs', "import test from 'node:test';\ntest('b', () => {});\n"],
    ['c.test.ts', "import { describe } from 'node:test';\ndescribe('c', () => {});\n"],
  ])('are run by the runtime where they are its own: %s', async (name, text) => {
    expect(await testOf(name, text)).toEqual(['node', '--test']);
  });

  it.each([
    ['d.test.ts', "import { it } from 'vitest';\nit('d', () => {});\n"],
    ['e.spec.ts', "describe('e', () => {});\n"],
    ['f.test.ts', "import { test } from '@playwright/test';\ntest('f', () => {});\n"],
  ])('are left alone where they are of another tool: %s', async (name, text) => {
    expect(await testOf(name, text)).toBeUndefined();
  });
});
