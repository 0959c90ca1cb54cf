import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../src/model/plan.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { factsOf } from '../../support/facts.ts';

type Files = Readonly<Record<string, string>>;

const planOf = async (files: Files) =>
  makePlan({ facts: await factsOf(files), specification: undefined, config: {}, read: (file) => files[file] });
/** What a stage starts: its entrypoint, its command. */
const startOf = (plan: Plan, stage: string): string =>
  (plan.images['app']?.stages.find(({ name }) => name === stage)?.steps ?? [])
    .flatMap((step) => (step.do === 'cmd' || step.do === 'entrypoint' ? [step.argv.join(' ')] : []))
    .at(-1) ?? '';
/** The file that production starts, whether the base has the runtime as its entrypoint or not. */
const production = (plan: Plan): string => startOf(plan, 'production').replace(/^node /, '');
const built = (plan: Plan): readonly string[] =>
  (plan.images['app']?.stages.find(({ name }) => name === 'build')?.steps ?? []).flatMap((step) =>
    step.do === 'run' ? [step.argv.join(' ')] : [],
  );

const server =
  "import { port } from './port';\nimport { createServer } from 'node:http';\ncreateServer().listen(port);\n";
const bot = "import { every } from './port';\nsetInterval(() => console.log('tick'), every);\n";
const port = 'export const port = 3000;\nexport const every = 1000;\n';
const tsconfig = (options: object) => JSON.stringify({ compilerOptions: { module: 'commonjs', ...options } });
const manifest = (scripts: object, packages: readonly string[], more: object = {}) =>
  JSON.stringify({
    name: 'shop',
    scripts,
    devDependencies: Object.fromEntries(packages.map((name) => [name, '*'])),
    engines: { node: '24' },
    ...more,
  });

describe('a source that Node.js does not run is compiled', () => {
  it('where only developing is a script, with a loader that brings no other compiler', async () => {
    const scripts = { dev: 'ts-node-dev --respawn src/app.ts' };
    const plan = await planOf({
      'package.json': manifest(scripts, ['ts-node-dev', 'typescript']),
      'tsconfig.json': tsconfig({ outDir: './dist' }),
      ...{ 'src/app.ts': server, 'src/port.ts': port },
    });
    expect(built(plan)).toEqual(['npx --no-install tsc --outDir dist --rootDir . --noEmit false']);
    expect(production(plan)).toBe('dist/src/app.js');
  });

  it('by its own build, where no script starts it', async () => {
    const files = { 'src/index.ts': server, 'src/port.ts': port };
    const scripts = { build: 'tsc && tsc-alias', dev: 'nodemon' };
    const plan = await planOf({
      'package.json': manifest(scripts, ['typescript', 'tsc-alias', 'nodemon']),
      'tsconfig.json': tsconfig({ outDir: './release' }),
      ...files,
    });
    expect(built(plan)).toEqual(['npm run build']);
    expect(production(plan)).toBe('release/index.js');
  });

  it('where its name is all that says that it starts', async () => {
    const plan = await planOf({
      'package.json': manifest({}, ['typescript']),
      'src/server.ts': server,
      'src/port.ts': port,
    });
    expect(production(plan)).toBe('dist/src/server.js');
  });

  it('and is left as it is where Node.js runs it, or its author says so', async () => {
    const native = { 'src/app.ts': server.replace('./port', './port.ts'), 'src/port.ts': port };
    const more = { type: 'module' };
    const dev = { dev: 'node --watch src/app.ts' };
    expect(production(await planOf({ 'package.json': manifest(dev, ['typescript'], more), ...native }))).toBe(
      'src/app.ts',
    );
    const start = { start: 'node src/app.ts' };
    const files = { 'src/app.ts': server, 'src/port.ts': port };
    expect(production(await planOf({ 'package.json': manifest(start, ['typescript']), ...files }))).toBe('src/app.ts');
  });

  it('and its compiler makes nothing where its settings say so', async () => {
    const plan = await planOf({
      'package.json': manifest({ build: 'tsc' }, ['typescript']),
      'tsconfig.json': tsconfig({ outDir: './release', noEmit: true }),
      ...{ 'src/index.ts': server, 'src/port.ts': port },
    });
    expect(production(plan)).toBe('dist/src/index.js');
  });
});

describe('what answers no requests is developed', () => {
  const files = { 'src/index.ts': bot, 'src/port.ts': port };
  const build = 'tsc --outDir dist';

  it.each([
    [
      'by its own script',
      manifest({ build, start: 'node dist/index.js', dev: 'tsx watch src/index.ts' }, ['tsx', 'typescript']),
      'npm run dev',
    ],
    [
      'by the loader that starts it',
      manifest({ start: 'tsx src/index.ts' }, ['tsx']),
      'node --import tsx src/index.ts',
    ],
    [
      'by a loader among its packages',
      manifest({ build, start: 'node dist/index.js' }, ['ts-node', 'typescript']),
      'node --require ts-node/register src/index.ts',
    ],
    [
      'as it is built',
      manifest({ build, start: 'node dist/index.js' }, ['typescript']),
      'sh -c npm run build && exec node dist/index.js',
    ],
  ])('%s', async (_, text, command) => {
    const plan = await planOf({
      'package.json': text,
      'tsconfig.json': tsconfig({ rootDir: 'src', outDir: 'dist' }),
      ...files,
    });
    expect(plan.workloads['app']?.shape).toBe('worker');
    expect(startOf(plan, 'development')).toBe(command);
  });

  it('as a command with its arguments', async () => {
    const text = manifest({ build }, ['typescript'], { bin: { shop: './dist/index.js' } });
    const cli = {
      'src/index.ts': "import { port } from './port';\nconsole.log(port, process.argv[2]);\n",
      'src/port.ts': port,
    };
    const plan = await planOf({
      'package.json': text,
      'tsconfig.json': tsconfig({ rootDir: 'src', outDir: 'dist' }),
      ...cli,
    });
    expect(plan.workloads['app']?.shape).toBe('command');
    expect(startOf(plan, 'development')).toBe('sh -c npm run build && exec node dist/index.js "$@" sh');
  });

  it('from its source where the runtime runs that', async () => {
    const source = { 'src/index.js': "setInterval(() => console.log('tick'), 1000);\n" };
    const text = manifest({ start: 'node src/index.js', dev: 'nodemon src/index.js' }, ['nodemon']);
    expect(startOf(await planOf({ 'package.json': text, ...source }), 'development')).toBe('node src/index.js');
  });
});

describe('imports that the compiler leaves as they are', () => {
  // a thread from a file keeps the app out of one file
  const threaded = `import { Worker } from 'node:worker_threads';\n${server}new Worker('./thread.js');\n`;
  const filesOf = (module: string, more: object = {}) => ({
    'package.json': manifest({ start: 'tsx src/app.ts' }, ['tsx', 'typescript'], more),
    'tsconfig.json': tsconfig({ module, moduleResolution: 'bundler' }),
    'src/app.ts': threaded,
    'src/port.ts': port,
  });

  it.each([
    ['ESNext', {}],
    ['preserve', {}],
    ['NodeNext', { type: 'module' }],
  ])('are followed by the loader where they have no endings: %s', async (module, more) => {
    const plan = await planOf(filesOf(module, more));
    expect(built(plan)).toEqual([]);
    expect(production(plan)).toBe('--import tsx src/app.ts');
  });

  it.each([
    ['they become calls of require', filesOf('commonjs')],
    [
      'they have endings',
      { ...filesOf('ESNext', { type: 'module' }), 'src/app.ts': threaded.replace("'./port'", "'./port.js'") },
    ],
  ])('are none to look after where %s', async (_, files) => {
    const plan = await planOf(files);
    expect(built(plan)).toEqual(['npx --no-install tsc --outDir dist --rootDir . --noEmit false']);
    expect(production(plan)).toBe('dist/src/app.js');
  });
});
