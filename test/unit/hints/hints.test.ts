import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hints, loadPlatformFile } from '../../../src/hints/registry.gen.ts';
import { UserError } from '../../../src/model/errors.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { factsOf, said } from '../../support/facts.ts';

type Files = Readonly<Record<string, string>>;

const manifest = (more: object = {}) =>
  JSON.stringify({ name: 'shop', type: 'module', engines: { node: '24' }, ...more });
const web = "import { createServer } from 'node:http';\ncreateServer().listen(process.env.PORT ?? 3000);\n";
const stays = 'setInterval(() => {}, 1000);\n';
const planOf = async (files: Files, config = {}) =>
  makePlan({ facts: await factsOf(files, config), specification: undefined, config, read: (file) => files[file] });

describe('a hint', () => {
  it('has its file and its line', async () => {
    const facts = await factsOf({
      'package.json': manifest({ scripts: { start: 'node web.js' } }),
      'web.js': web,
      'mail.js': stays,
      Procfile: '# what runs\nweb: npm start\n\nmail: node mail.js\n',
    });
    expect(facts.processes).toMatchObject([
      { name: 'mail', command: { argv: ['node', 'mail.js'] }, entry: 'mail.js', from: [{ file: 'Procfile', line: 4 }] },
    ]);
    expect(facts.hints?.map(({ name, from }) => [name, from[0]?.line])).toEqual([
      ['web', 2],
      ['mail', 4],
    ]);
  });

  it('is read in the folder of its application, or at the root for that folder', async () => {
    const files = {
      'render.yaml':
        'services:\n  - type: worker\n    name: jobs\n    rootDir: ./api/\n    startCommand: node jobs.js\n  - type: worker\n    name: others\n    startCommand: node others.js\n',
      'api/package.json': manifest({ scripts: { start: 'node web.js' } }),
      'api/web.js': web,
      'api/jobs.js': stays,
      Procfile: 'worker: node jobs.js\n',
    };
    const facts = await factsOf(files);
    expect(facts.processes?.map(({ name }) => name)).toEqual(['jobs']);
  });

  it.each<[string, Files]>([
    ['Procfile', { Procfile: '' }],
    ['fly.toml', { 'fly.toml': '[processes\napp = "node web.js"' }],
    ['render.yaml', { 'render.yaml': 'services: [\n' }],
    ['railway.json', { 'railway.json': '{"deploy": {' }],
    ['nixpacks.toml', { 'nixpacks.toml': 'x'.repeat(300_000) }],
  ])('that cannot be read is a note, and nothing else: %s', async (name, more) => {
    const files = { 'package.json': manifest({ scripts: { start: 'node web.js' } }), 'web.js': web };
    const [with_, without] = [await factsOf({ ...files, ...more }), await factsOf(files)];
    const { notes, existing: _, ...facts } = with_;
    const { notes: before, existing: __, ...same } = without;
    expect(facts).toEqual(same);
    const codes = notes.filter(({ code }) => !before.some((note) => note.code === code)).map(({ code }) => code);
    expect(codes).toEqual(name === 'Procfile' ? [] : ['hint-not-read']);
  });

  it('is read from any text, in linear time, or refused with its place', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.json(),
      fc
        .array(fc.constantFrom('web: ', 'services:\n', '- type: web\n', '[', ']', '{', '&a *a', '\u0000', '"', '= 1\n'))
        .map((all) => all.join('')),
    );
    for (const { name, files } of hints) {
      const loaded = await loadPlatformFile(name);
      fc.assert(
        fc.property(text, (written) => {
          try {
            const facts = loaded?.read({ file: files[0] ?? '', text: written, root: '.' }) ?? [];
            expect(facts.every(({ from }) => from[0]?.file === files[0])).toBe(true);
          } catch (error) {
            expect(error).toBeInstanceOf(UserError);
          }
        }),
        { numRuns: 200, seed: 20_261_128 },
      );
    }
  });

  it('with thousands of entries takes no longer than others', async () => {
    const many = (line: (index: number) => string) => Array.from({ length: 6000 }, (_, index) => line(index)).join('');
    const started = performance.now();
    for (const files of [
      { Procfile: many((index) => `p${index}: node p.js && echo "$A"\n`) },
      { 'render.yaml': `services:\n${many((index) => `  - {type: worker, name: w${index}}\n`)}` },
      { 'fly.toml': `[processes]\n${many((index) => `p${index} = "node p.js"\n`)}` },
    ])
      await factsOf({ 'package.json': manifest({ scripts: { start: 'node web.js' } }), 'web.js': web, ...files });
    expect(performance.now() - started).toBeLessThan(8000);
  });
});

describe('what starts an application', () => {
  const files = { 'web.js': web, 'other.js': web };
  const started = async (scripts: object, more: Files, config = {}) =>
    said((await factsOf({ 'package.json': manifest({ scripts }), ...files, ...more }, config)).commands.start);

  it.each<[string, Files]>([
    ['Procfile', { Procfile: 'web: node other.js\n' }],
    ['fly.toml', { 'fly.toml': '[processes]\nweb = "node other.js"\n' }],
    ['render.yaml', { 'render.yaml': 'services:\n  - type: web\n    startCommand: node other.js\n' }],
    ['railway.toml', { 'railway.toml': '[deploy]\nstartCommand = "node other.js"\n' }],
    ['nixpacks.toml', { 'nixpacks.toml': '[start]\ncmd = "node other.js"\n' }],
  ])('is what %s says, where the manifest says nothing', async (_, more) => {
    expect(await started({}, more)).toMatchObject({ argv: ['node', 'other.js'] });
    expect(await started({ start: 'node web.js' }, more)).toMatchObject({ argv: ['node', 'web.js'] });
    expect(await started({}, more, { start: ['node', 'web.js'] })).toMatchObject({ argv: ['node', 'web.js'] });
  });

  it('is the script of the manifest that a platform names', async () => {
    const scripts = { start: 'node web.js', live: 'node other.js' };
    expect(await started(scripts, { Procfile: 'web: npm run live\n' })).toMatchObject({ argv: ['node', 'other.js'] });
    expect(await started(scripts, { Procfile: 'other: npm run live\n' })).toMatchObject({ argv: ['node', 'web.js'] });
  });

  it('is the line of a platform where the script is for development', async () => {
    expect(await started({ start: 'nodemon web.js' }, { Procfile: 'web: node other.js\n' })).toMatchObject({
      argv: ['node', 'other.js'],
    });
    expect(await started({ start: 'nodemon web.js' }, { Procfile: 'web: nodemon other.js\n' })).toMatchObject({
      argv: ['node', 'web.js'],
    });
  });

  it('is no line that is not understood', async () => {
    for (const line of ['cd app && node other.js', 'node "$ENTRY"', 'bin/start', 'if true; then node other.js; fi'])
      expect(await started({}, { Procfile: `web: ${line}\n`, 'web.js': '', 'index.js': web })).toMatchObject({
        argv: ['node', 'index.js'],
      });
  });

  it('is what the image of the author starts, whatever a platform says', async () => {
    const more = {
      Dockerfile: 'FROM node:24-slim\nWORKDIR /app\nCOPY . .\nCMD ["node", "web.js"]\n',
      Procfile: 'web: node other.js\n',
    };
    expect(await started({}, more)).toMatchObject({ argv: ['node', 'web.js'] });
  });
});

describe('further processes', () => {
  const base = { 'web.js': web, 'worker.js': stays };
  const processesOf = async (procfile: string, more: Files = {}, scripts: object = {}) => {
    const files = {
      'package.json': manifest({ scripts: { start: 'node web.js', ...scripts } }),
      ...base,
      Procfile: procfile,
      ...more,
    };
    return factsOf(files);
  };

  it.each([
    ['a command', 'worker: node worker.js', {}, ['node', 'worker.js']],
    ['a script', 'worker: npm run jobs', { jobs: 'node worker.js --all' }, ['node', 'worker.js', '--all']],
    ['a script that watches', 'worker: npm run jobs', { jobs: 'nodemon worker.js' }, ['node', 'worker.js']],
  ])('are started as their line says: %s', async (_, line, scripts, argv) => {
    const { processes } = await processesOf(`web: npm start\n${line}\n`, {}, scripts);
    expect(processes).toMatchObject([{ name: 'worker', command: { argv } }]);
  });

  it('are none where the application itself is named again', async () => {
    expect((await processesOf('worker: node web.js\n')).processes).toBeUndefined();
    expect((await processesOf('worker: npm start\n')).processes).toBeUndefined();
  });

  it('that are not understood are left out, with the reason', async () => {
    const { processes, leftOut = [] } = await processesOf(
      'web: npm start\nredis: redis-server\njobs: cd jobs && node worker.js\ngone: node gone.js\n',
    );
    expect(processes).toBeUndefined();
    expect(leftOut.map(({ what, from }) => [what, from[0]?.line])).toEqual([
      ['process redis', 2],
      ['process jobs', 3],
      ['process gone', 4],
    ]);
  });

  it('have names that a container can have, and that no other has', async () => {
    const { processes } = await processesOf(
      'App: node worker.js 1\napp: node worker.js 2\nBig_Jobs: node worker.js 3\n',
    );
    expect(processes?.map(({ name }) => name)).toEqual(['app-process', 'app-process-2', 'big-jobs']);
  });

  it('bring their variables, and leave the signals and the port of the application alone', async () => {
    const worker =
      "import { createServer } from 'node:http';\nprocess.on('SIGTERM', () => process.exit());\ncreateServer().listen(9100);\nconsole.log(process.env.QUEUE_KEY);\n";
    const facts = await processesOf('worker: node worker.js\n', { 'worker.js': worker });
    expect(facts.variables.map(({ name }) => name)).toContain('QUEUE_KEY');
    expect(facts.signals.value).toEqual([]);
    expect(said(facts.port)).toEqual({ number: 3000, variable: 'PORT' });
  });

  it('are containers of one image: only the application is asked, published and developed', async () => {
    const files = {
      'package.json': manifest({ scripts: { start: 'node web.js' } }),
      ...base,
      'clock.js': stays,
      Procfile: 'web: npm start\nworker: LEVEL=2 node worker.js\nclock: node clock.js\n',
    };
    const { workloads, images } = await planOf(files);
    expect(Object.keys(workloads)).toEqual(['app', 'worker', 'clock']);
    expect(workloads['worker']).toMatchObject({
      shape: 'worker',
      image: 'app',
      ports: {},
      probes: {},
      command: ['node', 'worker.js'],
    });
    expect(workloads['worker']?.env['LEVEL']).toMatchObject({ value: { from: 'literal', text: '2' } });
    expect(workloads['app']?.env['LEVEL']).toBeUndefined();
    expect(workloads['worker']?.replicas.max).toBeUndefined();
    expect(workloads['clock']?.replicas.max).toBe(1);
    expect(workloads['app']?.check).toBeDefined();
    const steps = images['app']?.stages.flatMap((stage) => stage.steps.map((step) => step.do));
    expect(steps).not.toContain('healthcheck');
  });

  it.each<[string, Files, readonly string[]]>([
    [
      'of a compiler, where it puts them',
      {
        'package.json': manifest({
          scripts: { start: 'node dist/web.js', build: 'tsc' },
          devDependencies: { typescript: '5.9.3' },
        }),
        'tsconfig.json': '{"compilerOptions":{"outDir":"dist","rootDir":"src"}}',
        'src/web.ts': web,
        'src/jobs/worker.ts': stays,
        Procfile: 'worker: node dist/jobs/worker.js\n',
      },
      ['node', 'dist/jobs/worker.js'],
    ],
    [
      'of a compiler, also where the line runs the source',
      {
        'package.json': manifest({
          scripts: { start: 'node dist/web.js', build: 'tsc', jobs: 'tsx src/worker.ts' },
          devDependencies: { typescript: '5.9.3', tsx: '4.20.0' },
        }),
        'tsconfig.json': '{"compilerOptions":{"outDir":"dist","rootDir":"src"}}',
        'src/web.ts': web,
        'src/worker.ts': stays,
        Procfile: 'worker: npm run jobs\n',
      },
      ['node', 'dist/worker.js'],
    ],
    [
      'of a compiler, below more folders where the app imports from beside its own',
      {
        'package.json': manifest({
          scripts: { start: 'node dist/src/web.js', build: 'tsc', jobs: 'tsx src/worker.ts' },
          devDependencies: { typescript: '5.9.3', tsx: '4.20.0' },
        }),
        'tsconfig.json': '{"compilerOptions":{"outDir":"dist"},"include":["src"]}',
        'src/web.ts': web,
        'src/worker.ts': `import '../tables/prices.ts';\n${stays}`,
        'tables/prices.ts': 'export {};\n',
        Procfile: 'worker: npm run jobs\n',
      },
      ['node', 'dist/src/worker.js'],
    ],
    [
      'of one loader, which is compiled instead',
      {
        'package.json': manifest({
          scripts: { start: 'ts-node src/web.ts', jobs: 'ts-node src/worker.ts' },
          devDependencies: { typescript: '5.9.3', 'ts-node': '10.9.2' },
        }),
        'src/web.ts': web,
        'src/worker.ts': stays,
        Procfile: 'worker: npm run jobs\n',
      },
      ['node', 'dist/src/worker.js'],
    ],
    [
      'of Bun, which then bundles nothing',
      {
        'package.json': JSON.stringify({ name: 'shop', packageManager: 'bun@1.3.3', scripts: { start: 'bun web.ts' } }),
        'web.ts': 'Bun.serve({ port: 3000, fetch: () => new Response() });\n',
        'worker.ts': stays,
        Procfile: 'worker: bun run worker.ts\n',
      },
      ['bun', 'worker.ts'],
    ],
  ])('are started from the build output: %s', async (_, files, argv) => {
    const plan = await planOf(files);
    const [last] = plan.workloads['worker']?.command?.slice(-1) ?? [];
    expect(last).toBe(argv.at(-1));
  });
});

describe('a release', () => {
  const base = { 'web.js': web, 'tables.js': '', 'seed.js': '' };
  const migrated = async (line: string, more: object = {}, config = {}) =>
    factsOf(
      {
        'package.json': manifest({ scripts: { start: 'node web.js' }, ...more }),
        ...base,
        Procfile: `release: ${line}\n`,
      },
      config,
    );

  it.each([
    ['node tables.js', ['node', 'tables.js']],
    ['npx knex migrate:latest --env production', ['node_modules/.bin/knex', 'migrate:latest', '--env', 'production']],
    ['npx prisma generate && npx prisma migrate deploy', ['node_modules/.bin/prisma', 'migrate', 'deploy']],
    [
      'npx prisma migrate deploy && node seed.js',
      ['sh', '-c', 'node_modules/.bin/prisma migrate deploy && node seed.js'],
    ],
    ['./release.sh', ['./release.sh']],
  ])('is the job that the application waits for: %s', async (line, argv) => {
    const dependencies = { prisma: '6.19.0', knex: '3.1.0' };
    expect((await migrated(line, { dependencies })).migration).toMatchObject({
      value: { argv },
      from: [{ file: 'Procfile', line: 1 }],
    });
  });

  it.each([
    ['the build alone', 'npm run build', { build: 'node make.js' }, undefined],
    [
      'the build of a bundler, with a script of its own before',
      'npm run build',
      { build: 'npm run css && esbuild a.js', css: 'sass a b' },
      undefined,
    ],
    ['tables behind the build', 'npm run build && node tables.js', { build: 'node make.js' }, ['node', 'tables.js']],
    [
      'a build that brings the tables up to date',
      'npm run build',
      { build: 'npx prisma migrate deploy' },
      ['node_modules/.bin/prisma', 'migrate', 'deploy'],
    ],
    [
      'a script of another name',
      'npm run tables',
      { build: 'node make.js', tables: 'node tables.js' },
      ['node', 'tables.js'],
    ],
  ])('is no job where it only builds: %s', async (_, line, scripts, argv) => {
    const more = { scripts: { start: 'node web.js', ...scripts }, dependencies: { prisma: '6.19.0' } };
    const { migration } = await migrated(line, more);
    expect(migration && 'value' in migration ? migration.value.argv : undefined).toEqual(argv);
  });

  it('is left out with the reason where a shell would have to work it out, and gives way to the configuration', async () => {
    const facts = await migrated('node tables.js || node seed.js "$A"');
    expect(facts.migration).toBeUndefined();
    expect(facts.leftOut).toMatchObject([{ what: 'release node tables.js || node seed.js "$A"' }]);
    expect((await migrated('node tables.js', {}, { migrate: false })).migration).toBeUndefined();
    expect((await migrated('echo done')).migration).toBeUndefined();
  });
});

describe('a port, a path, a version and packages', () => {
  const express = (listen: string) =>
    `import express from 'express';\nconst app = express();\napp.get('/v1/pulse', (_, res) => res.send(''));\napp.get('/health', (_, res) => res.send(''));\napp.listen(${listen});\n`;
  const factsWith = (listen: string, more: Files, config = {}) =>
    factsOf(
      {
        'package.json': manifest({
          scripts: { start: 'node web.js' },
          dependencies: { express: '5.1.0' },
          engines: {},
        }),
        'web.js': express(listen),
        ...more,
      },
      config,
    );
  const fly = { 'fly.toml': '[http_service]\ninternal_port = 8080\n[[http_service.checks]]\npath = "/v1/pulse"\n' };

  it('come from a platform where the project says none', async () => {
    expect(said((await factsWith('process.env.PORT', fly)).port)).toEqual({ number: 8080, variable: 'PORT' });
    expect(said((await factsWith('process.env.PORT ?? 4000', fly)).port)).toEqual({ number: 4000, variable: 'PORT' });
    expect(said((await factsWith('process.env.PORT', fly, { port: 9000 })).port)).toMatchObject({ number: 9000 });
    const conflict = await factsWith('4000', fly);
    expect(said(conflict.port)).toEqual({ number: 4000 });
    expect(conflict.notes.map(({ code }) => code)).toContain('port-conflict');
  });

  it('is asked where the sources answer it', async () => {
    const files = {
      'package.json': manifest({ scripts: { start: 'node web.js' }, dependencies: { express: '5.1.0' } }),
      'web.js': express('3000'),
    };
    const path = async (more: Files) => (await planOf({ ...files, ...more })).workloads['app']?.probes.ready?.path;
    expect(await path({})).toBe('/health');
    expect(await path(fly)).toBe('/v1/pulse');
    expect(await path({ 'railway.json': '{"deploy":{"healthcheckPath":"/gone"}}' })).toBe('/health');
    expect(await path({ 'railway.json': '{"deploy":{"healthcheckPath":"/"}}' })).toBe('/health');
  });

  it('are never more than a plain name or number', async () => {
    const nixpacks = (version: string, name: string) => ({
      'nixpacks.toml': `[variables]\nNODE_VERSION = '${version}'\n[phases.setup]\naptPkgs = ['${name}']\n`,
    });
    const read = await factsWith('3000', nixpacks('22', 'ffmpeg'));
    expect(said(read.runtime)).toMatchObject({ name: 'node', version: '22' });
    expect(read.system.map(({ value }) => value)).toEqual(['ffmpeg']);
    const hostile = await factsWith('3000', nixpacks('22; rm -rf /', '--force-yes'));
    expect(said(hostile.runtime)).not.toMatchObject({ version: '22; rm -rf /' });
    expect(hostile.system).toEqual([]);
    const pinned = await factsWith('3000', { ...nixpacks('22', 'curl'), '.nvmrc': '24\n' });
    expect(said(pinned.runtime)).toMatchObject({ version: '24' });
  });
});
