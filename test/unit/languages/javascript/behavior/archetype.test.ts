import { describe, expect, it } from 'vitest';
import { UserError } from '../../../../../src/model/errors.ts';
import { makePlan } from '../../../../../src/plan/plan.ts';
import { factsOf, said } from '../../../../support/facts.ts';

type Files = Readonly<Record<string, string>>;

const node = (more: object = {}) =>
  JSON.stringify({ name: 'shop', scripts: { start: 'node index.js' }, engines: { node: '24' }, ...more });
const esm = (text: string, more: object = {}): Files => ({
  'package.json': node({ type: 'module', ...more }),
  'index.js': text,
});
const commonjs = (text: string, more: object = {}): Files => ({ 'package.json': node(more), 'index.js': text });
const bun = (text: string): Files => ({
  'package.json': JSON.stringify({ name: 'shop', scripts: { start: 'bun src/index.ts' }, engines: { bun: '1.4' } }),
  'src/index.ts': text,
});

const kindOf = async (files: Files) => said((await factsOf(files)).archetype);
const planOf = async (files: Files, config = {}) =>
  makePlan({ facts: await factsOf(files, config), specification: undefined, config, read: (file) => files[file] });
const refused = async (files: Files, config = {}): Promise<UserError> => {
  const error = await planOf(files, config).catch((one: unknown) => one);
  if (error instanceof UserError) return error;
  throw new Error('it was planned');
};

describe('a program that opens no port and ends by itself', () => {
  it.each<[string, Files]>([
    ['prints and ends', esm('console.log([1, 2, 3].reduce((a, b) => a + b))')],
    ['asks something once', bun("const all = await fetch('https://x.test/prices');\nconsole.log(await all.json());")],
    [
      'closes the connection that it opened',
      esm("import pg from 'pg';\nconst db = new pg.Client();\nawait db.connect();\nawait db.end();"),
    ],
    [
      'ends its process, and says how where it fails',
      commonjs(
        "const { run } = require('some-task');\nrun().then(() => process.exit(0)).catch(() => process.exit(1));",
      ),
    ],
    [
      'goes through pages until there are none',
      esm('for (;;) {\n  const page = await next();\n  if (!page) break;\n}'),
    ],
    [
      'shows a progress that it clears',
      bun('const dots = setInterval(() => process.stdout.write("."), 100);\nawait work();\nclearInterval(dots);'),
    ],
  ])('is a job: it %s', async (_, files) => {
    expect(await kindOf(files)).toBe('data-pipeline');
  });

  it('is deployed without a question, a port and a check of its health', async () => {
    const plan = await planOf(esm('console.log(6)'));
    expect(plan.questions).toEqual([]);
    expect(plan.workloads['app']).toMatchObject({ shape: 'job', ports: {}, probes: {} });
    expect(JSON.stringify(plan.images['app'])).not.toMatch(/"expose"|"healthcheck"/);
  });

  it('is one too where package.json names its file as main and nothing starts it', async () => {
    const text = 'const all = [1, 2, 3];\nconsole.log(`average ${all.length}`);';
    expect(await kindOf(commonjs(text, { scripts: {}, main: 'index.js' }))).toBe('data-pipeline');
  });
});

describe('a program that opens no port and stays alive', () => {
  it.each<[string, Files]>([
    [
      'a consumer of a queue',
      esm(
        "import { Worker } from 'bullmq';\nconst jobs = new Worker('mail', async () => {});\nawait jobs.waitUntilReady();",
      ),
    ],
    [
      'a consumer whose client another module makes',
      {
        ...esm("import { channel } from './broker.js';\nawait channel.consume('orders', () => {});"),
        'broker.js':
          "import amqp from 'amqplib';\nexport const channel = await (await amqp.connect('amqp://x')).createChannel();",
      },
    ],
    ['a bot', commonjs("const { Client } = require('discord.js');\nnew Client().login(process.env.TOKEN);")],
    [
      'a bot whose processes a manager starts',
      commonjs("const { ShardingManager } = require('discord.js');\nnew ShardingManager('./bot.js').spawn();"),
    ],
    [
      'a bot that gives up where its settings are missing',
      commonjs(
        "const { Client } = require('some-bot');\nif (!process.env.TOKEN) {\n  console.error('No token');\n  process.exit();\n}\nnew Client().login(process.env.TOKEN);",
      ),
    ],
    ['a timer', bun('setInterval(() => console.log("tick"), 1000);')],
    ['a clock', esm("import cron from 'node-cron';\ncron.schedule('* * * * *', () => {});")],
    ['a loop', commonjs('(async () => { while (true) { await poll(); } })();')],
    [
      'a connection that only a signal ends',
      esm(
        "import Redis from 'ioredis';\nconst redis = new Redis();\nprocess.on('SIGTERM', async () => { await redis.quit(); process.exit(0); });",
      ),
    ],
  ])('is a worker: %s', async (_, files) => {
    expect(await kindOf(files)).toBe('worker');
  });

  it('is a guess where a package that nobody knows gets the control', async () => {
    const { archetype } = await factsOf(esm("import hub from 'some-hub';\nhub.subscribe('news', () => {});"));
    expect(archetype).toMatchObject({ value: 'worker', by: 'default' });
  });

  it('is restarted, and nothing asks it over HTTP', async () => {
    const plan = await planOf(bun('setInterval(() => console.log("tick"), 1000);'));
    expect(plan.questions).toEqual([]);
    expect(plan.workloads['app']).toMatchObject({ shape: 'worker', ports: {}, probes: {} });
  });
});

describe('a module for browsers that no script starts', () => {
  it.each<[string, Files]>([
    ['uses the document', commonjs("document.body.append('x');", { scripts: { build: 'some-bundler' } })],
    [
      'uses the window',
      { 'package.json': node({ scripts: { dev: 'some-server' } }), 'src/main.ts': 'window.alert(1);' },
    ],
    [
      'lies beside a page',
      { ...esm("import './a.js';", { scripts: {} }), 'a.js': '', 'index.html': '<script src="index.js">' },
    ],
  ])('is no job: it %s', async (_, files) => {
    expect(await kindOf(files)).toBe('ask archetype');
  });

  it('is one where a script starts it, whatever it prints', async () => {
    expect(await kindOf({ ...esm('const document = read();\ndocument.print();'), 'index.html': '' })).toBe(
      'data-pipeline',
    );
  });
});

describe('a program that listens', () => {
  it.each<[string, Files, unknown]>([
    [
      'by a framework that nobody here knows',
      esm("import { createApp } from 'new-framework';\ncreateApp().start({ at: process.env.PORT });"),
      { number: 3000, variable: 'PORT' },
    ],
    [
      'with hapi, whose port is an option',
      commonjs("const Hapi = require('@hapi/hapi');\nconst server = Hapi.server({ port: 4100 });\nserver.start();"),
      { number: 4100 },
    ],
    [
      'for WebSockets alone',
      esm("import { WebSocketServer } from 'ws';\nnew WebSocketServer({ port: Number(process.env.WS_PORT ?? 9001) });"),
      { number: 9001, variable: 'WS_PORT' },
    ],
    [
      'for gRPC, at an address',
      commonjs(
        "const grpc = require('@grpc/grpc-js');\nconst server = new grpc.Server();\nserver.bindAsync('0.0.0.0:50051', grpc.ServerCredentials.createInsecure(), () => {});",
      ),
      { number: 50051 },
    ],
    [
      'with Apollo, at its usual port',
      esm(
        "import { startStandaloneServer } from '@apollo/server/standalone';\nawait startStandaloneServer(server, { context });",
      ),
      { number: 4000 },
    ],
    [
      'with Apollo, at a port of its own',
      esm(
        "import { startStandaloneServer } from '@apollo/server/standalone';\nawait startStandaloneServer(server, { listen: { port: 4001 } });",
      ),
      { number: 4001 },
    ],
    [
      'as a whole package',
      esm("import { Ignitor } from '@adonisjs/core';\nnew Ignitor();"),
      { number: 3333, variable: 'PORT' },
    ],
  ])('is a service: %s', async (_, files, port) => {
    const facts = await factsOf(files);
    expect(said(facts.archetype)).toBe('web-service');
    expect(said(facts.port)).toEqual(port);
  });

  it('stays one where it consumes a queue as well', async () => {
    const text =
      "import http from 'node:http';\nimport { Worker } from 'bullmq';\nnew Worker('mail', async () => {});\nhttp.createServer().listen(3000);";
    expect(await kindOf(esm(text))).toBe('web-service');
  });

  it('is asked for its port where the owner says that it is a service, and never checked without one', async () => {
    const error = await refused(esm('console.log(1)'), { archetype: 'web-service' as const });
    expect(error.next.join()).toContain('--set port=');
  });
});

describe('a program of a package that the start script runs', () => {
  it('is asked for by what leads on: the command, or the kind where the file that starts is known', async () => {
    const facts = await factsOf({ 'package.json': node({ scripts: { start: 'some-server --watch' } }) });
    expect(facts.archetype).toMatchObject({ ask: 'start', why: expect.stringContaining('npm run start') });
    const known = await factsOf(esm('console.log(1)', { scripts: { start: 'some-server index.js' } }));
    expect(known.archetype).toMatchObject({ ask: 'archetype', choices: ['web-service', 'worker', 'data-pipeline'] });
  });

  it('is named, with no hint that leads nowhere, where this version has no deployment of it', async () => {
    const error = await refused({
      'package.json': node({ scripts: { start: 'next start' }, dependencies: { next: '16.0.0' } }),
    });
    expect(error.message).toContain('next');
    expect(error.next.join()).not.toContain('--set');
  });
});

describe('an extension of a browser', () => {
  const built = (path: string, manifest: object): Files => ({
    'package.json': node({ scripts: { dev: 'vite', build: 'vite build' }, devDependencies: { vite: '8.3.8' } }),
    'index.html': '<script type="module" src="/main.js"></script>',
    'main.js': 'document.title = "x";',
    [path]: JSON.stringify(manifest),
  });

  it.each([
    ['manifest.json', 3],
    ['public/manifest.json', 3],
    ['src/manifest.json', 2],
  ])('is no site, and it is said why: %s', async (path, version) => {
    const facts = await factsOf(built(path, { manifest_version: version, name: 'x' }));
    expect(facts.archetype).toMatchObject({ why: expect.stringContaining('browser extension') });
  });

  it('is none where the manifest is that of a page', async () => {
    expect(await kindOf(built('public/manifest.json', { name: 'x', start_url: '/' }))).toBe('web-app');
  });
});

describe('a package', () => {
  it.each<[string, Files]>([
    ['a module of ECMAScript', esm('export const add = (a, b) => a + b;', { scripts: {}, main: './index.js' })],
    ['a module of CommonJS', commonjs('exports.add = (a, b) => a + b;', { scripts: {}, main: 'index.js' })],
    [
      'what building makes of its source',
      {
        'package.json': node({ scripts: { build: 'tsc' }, exports: './dist/index.js', main: './dist/index.js' }),
        'src/index.ts': 'export { add } from "./add.ts";',
        'src/add.ts': 'export const add = 1;',
      },
    ],
  ])('is a library where it exports something and nothing starts it: %s', async (_, files) => {
    expect(await kindOf(files)).toBe('library');
  });

  const exporting = 'export const start = () => setInterval(() => undefined, 1000);\nstart();';
  it.each<[string, Files]>([
    ['node', esm(exporting, { scripts: { dev: 'node --watch ./index.js' }, private: true })],
    [
      'tsx',
      {
        'package.json': node({ scripts: { dev: 'tsx watch src/main.ts' }, main: './src/main.ts', private: true }),
        'src/main.ts': exporting,
      },
    ],
    [
      'bun',
      {
        'package.json': node({ scripts: { dev: 'bun --watch src/main.ts' }, module: 'src/main.ts', private: true }),
        'src/main.ts': exporting,
      },
    ],
  ])('is none where developing starts its entry, with %s', async (_, files) => {
    expect(await kindOf(files)).toBe('worker');
  });

  it('is one where developing starts something else, and the package is published', async () => {
    const files = {
      ...esm('export const add = (a, b) => a + b;', { scripts: { dev: 'node play/index.js' }, exports: './index.js' }),
      'play/index.js': "import { add } from '../index.js';\nconsole.log(add(1, 2));",
    };
    expect(await kindOf(files)).toBe('library');
  });

  it('is none where the file that main names is not there', async () => {
    const files = {
      'package.json': node({ scripts: {}, main: 'lib/main.js' }),
      'server.js': "require('node:http').createServer().listen(80);",
    };
    expect(await kindOf(files)).toBe('web-service');
    expect(await kindOf({ 'package.json': node({ scripts: {}, main: 'lib/main.js' }) })).toBe('ask entry');
  });
});

describe('a program that is a command and listens', () => {
  const text = "#!/usr/bin/env node\nimport http from 'node:http';\nhttp.createServer().listen(8080);";
  it('is asked about once where no script starts it', async () => {
    const tool = await planOf(esm(text, { scripts: {}, bin: { shop: 'index.js' } }));
    expect(tool.archetype).toBe('cli-tool');
    expect(tool.questions).toMatchObject([
      { key: 'archetype', default: 'cli-tool', choices: [{}, { value: 'web-service' }] },
    ]);
    const server = await planOf(esm(text, { bin: { shop: 'index.js' } }));
    expect(server.archetype).toBe('web-service');
    expect(server.questions).toEqual([]);
  });

  it('is asked nothing where it only listens, only is a command, or the owner has said it', async () => {
    expect((await planOf(esm(text))).questions).toEqual([]);
    expect((await planOf(esm('console.log(1)', { scripts: {}, bin: 'index.js' }))).questions).toEqual([]);
    const said = { archetype: 'cli-tool' as const };
    expect((await planOf(esm(text, { scripts: {}, bin: { shop: 'index.js' } }), said)).questions).toEqual([]);
  });
});

describe('a program that hands something out and that only developing starts', () => {
  const bot =
    "import { App } from '@slack/bolt';\nexport const app = new App({ socketMode: true });\nawait app.start();\n";
  const told = (more: object) =>
    JSON.stringify({ name: 'shop', type: 'module', engines: { node: '24' }, main: 'index.js', ...more });

  it.each([
    ['by what is built of it', { build: 'tsc', dev: 'tsc && node ./dist/index.js' }],
    ['by a loader', { dev: 'tsx watch src/index.ts' }],
    ['by a program that starts it again', { dev: 'nodemon --exec tsx src/index.ts' }],
  ])('is no package for others: %s', async (_, scripts) => {
    const files = { 'package.json': told({ scripts }), 'src/index.ts': bot };
    expect(await kindOf(files)).toBe('worker');
  });

  it('is one where its manifest speaks to those who install it, or nothing starts it', async () => {
    const files = { 'src/index.ts': 'export const shop = 1;\n' };
    const scripts = { build: 'tsc', dev: 'tsx watch src/index.ts' };
    expect(
      await kindOf({ 'package.json': told({ scripts, types: 'dist/index.d.ts', main: 'src/index.ts' }), ...files }),
    ).toBe('library');
    expect(await kindOf({ 'package.json': told({ scripts: { build: 'tsc' }, main: 'src/index.ts' }), ...files })).toBe(
      'library',
    );
  });
});
