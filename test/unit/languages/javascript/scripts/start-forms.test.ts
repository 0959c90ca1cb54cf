import { describe, expect, it } from 'vitest';
import { inspect } from '../../../../../src/inspect/inspect.ts';
import { makePlan } from '../../../../../src/plan/plan.ts';
import { memoryProject } from '../../../../../src/project/memory.ts';

const server = "require('node:http').createServer((q, r) => r.end('x')).listen(process.env.PORT || 4000);\n";

async function read(own: object, files: Readonly<Record<string, string>>) {
  const all: Record<string, string> = {
    'package.json': JSON.stringify({ name: 'pigeon', engines: { node: '24' }, ...own }),
    ...files,
  };
  const [facts] = (await inspect(memoryProject(all), { config: {} })).apps;
  if (!facts) throw new Error('an application was expected');
  const plan = await makePlan({ facts, specification: undefined, config: {}, read: (file) => all[file] });
  const steps = plan.images['app']?.stages.find(({ name }) => name === 'production')?.steps ?? [];
  const line = steps.flatMap((step) => (step.do === 'cmd' ? [step.argv.join(' ')] : []));
  const copied = steps.flatMap((step) => (step.do === 'copy' ? step.sources : []));
  return { line: line[0], copied, codes: facts.notes.map(({ code }) => code) };
}

describe('a watcher that is told in a file what it starts', () => {
  it.each([
    [
      'a command',
      { 'nodemon.json': '{ "watch": ["lib"], "exec": "node ./lib/server.js --quiet" }' },
      {},
      'node ./lib/server.js --quiet',
    ],
    ['a script', { 'nodemon.json': '{ "script": "lib/server.js", "delay": 10 }' }, {}, 'node lib/server.js'],
    ['a field of the manifest', {}, { nodemonConfig: { exec: 'node lib/server.js' } }, 'node lib/server.js'],
    ['the main file of the manifest', {}, { main: 'lib/server.js' }, 'node lib/server.js'],
  ])('is left out: %s', async (_, files, more, line) => {
    const own = { scripts: { start: 'nodemon' }, dependencies: { nodemon: '2.0.0' }, ...more };
    expect((await read(own, { 'lib/server.js': server, ...files })).line).toBe(line);
  });

  it('starts what its line names before what its file says', async () => {
    const files = { 'nodemon.json': '{ "exec": "node other.js" }', 'lib/server.js': server, 'other.js': '' };
    expect((await read({ scripts: { start: 'nodemon lib/server.js' } }, files)).line).toBe('node lib/server.js');
  });
});

describe('a file that starts itself', () => {
  it.each([
    ['of the runtime', './bin/www', '#!/usr/bin/env node\n', 'node ./bin/www'],
    ['made ready before', 'chmod +x bin/www && ./bin/www --all', '#!/usr/bin/env node\n', 'node ./bin/www --all'],
    ['by its place', 'bin/www', '#!/usr/local/bin/node\n', 'node bin/www'],
  ])('is started by the runtime that it names: %s', async (_, start, first, line) => {
    expect((await read({ scripts: { start } }, { 'bin/www': `${first}${server}` })).line).toBe(line);
  });

  it('stays what it is where another program runs it', async () => {
    const own = { scripts: { start: './run.sh' } };
    const files = { 'run.sh': '#!/bin/sh\nexec node lib/server.js\n', 'lib/server.js': server };
    expect((await read(own, files)).line).toContain('run.sh');
  });
});

describe('a start line in which a shell fills something in', () => {
  const own = (start: string) => ({ scripts: { start, build: 'bundler-of-ours --all' }, main: 'dist/main.js' });

  it.each([
    ['a default', 'node dist/main.js --port ${PORT:-4000}', 'src/main.js'],
    ['a variable', 'node dist/main.js $FLAGS', 'src/main.js'],
    ['what a command says', 'node dist/bin/main.js --host "$(hostname)"', 'bin/main.js'],
  ])('is run by its script on the build output: %s', async (_, start, source) => {
    const { line, copied, codes } = await read(own(start), { [source]: server });
    expect(line).toBe('npm run start');
    expect(copied).toContain('/app/dist');
    expect(codes).not.toContain('start-not-made');
  });

  it('runs the source where that is named', async () => {
    const { line, copied } = await read(own('node src/main.js --port ${PORT:-4000}'), { 'src/main.js': server });
    expect([line, copied.includes('/app/dist'), copied.includes('src')]).toEqual(['npm run start', false, true]);
  });
});

describe('a program that is no part of what is built', () => {
  const own = (start: string, more: object = {}) => ({ scripts: { start, build: 'bundler-of-ours' }, ...more });

  it.each([
    ['a folder', 'bin/tool', "#!/usr/bin/env node\nrequire('../dist').run();\n", '/app/dist'],
    ['a file of it', 'server.js', "require('./lib/main.js').run();\n", '/app/lib'],
    ['a file without its ending', 'server.js', "const { run } = require('./build/main');\nrun();\n", '/app/build'],
  ])('brings what it imports of that: %s', async (_, file, text, folder) => {
    const { copied, codes } = await read(own(`node ${file}`), { [file]: text + server });
    expect(copied).toContain(folder);
    expect(codes).not.toContain('missing-import');
  });

  it.each([
    [
      'a folder',
      "const path = require('path');\nconst app = require('express')();\napp.use(require('express').static(path.join(__dirname, '..', 'dist')));\n",
    ],
    [
      'one of its pages',
      "const path = require('node:path');\nconst answer = (q, r) => r.sendFile(path.resolve(__dirname, '../build/index.html'));\nanswer();\n",
    ],
    [
      'the root of a plugin',
      "const path = require('path');\nconst app = require('fastify')();\napp.register(require('@fastify/static'), { root: path.join(__dirname, '../dist') });\n",
    ],
  ])('brings what the server gives out of that, and its own sources: %s', async (_, text) => {
    const files = {
      'server/main.js': `require('../common/all');\n${text}${server}`,
      'common/all.js': 'exports.x = 1;\n',
    };
    const { line, copied } = await read(
      own('node server/main.js', { dependencies: { express: '4', fastify: '5' } }),
      files,
    );
    expect(line).toBe('node server/main.js');
    expect(copied).toContain(text.includes('build') ? '/app/build' : '/app/dist');
    expect(copied.join(' ')).toMatch(/\/app\/common.*\/app\/server/);
  });

  it('builds nothing for a folder of another kind', async () => {
    const text = "const app = require('express')();\napp.use(require('express').static('uploads'));\n";
    const { copied } = await read(own('node server/main.js', { dependencies: { express: '4' } }), {
      'server/main.js': text + server,
    });
    expect(copied.filter((one) => one.startsWith('/app/') && !one.includes('node_modules'))).toEqual([]);
  });

  it('brings nothing of a folder that is there', async () => {
    const files = { 'server.js': `require('./lib/gone');\n${server}`, 'lib/here.js': '' };
    const { copied, codes } = await read(own('node server.js'), files);
    expect(copied).not.toContain('/app/lib');
    expect(codes).toContain('missing-import');
  });

  it('is started as its author starts it, whatever a compiler makes of it besides', async () => {
    const files = {
      'app.js': "import './src/server.js';\n",
      'src/server.js': "import http from 'node:http';\nhttp.createServer((q, r) => r.end('x')).listen(4000);\n",
      'tsconfig.json': '{ "compilerOptions": { "allowJs": true, "outDir": "made" }, "include": ["src", "app.js"] }',
    };
    const manifest = {
      type: 'module',
      scripts: { start: 'node app', build: 'tsc' },
      devDependencies: { typescript: '5.6.0' },
    };
    const { line, copied } = await read(manifest, files);
    expect([line, copied.includes('/app/made')]).toEqual(['node app', false]);
  });
});

describe('an import of what is not there', () => {
  const own = { scripts: { start: 'node index.js' } };
  const noted = async (files: Readonly<Record<string, string>>) =>
    (await read(own, files)).codes.filter((code) => code === 'missing-import');

  it.each([
    [
      'what goes wrong is caught',
      { 'index.js': `let own = {};\ntry { own = require('./own.json'); } catch (error) { own = {}; }\n${server}` },
    ],
    [
      'it is the folder above',
      {
        'index.js': `exports.x = 1;\nrequire('./parts/one');\n${server}`,
        'parts/one.js': "const all = require('..');\n",
      },
    ],
    [
      'it is the folder above, with a slash',
      {
        'index.js': `exports.x = 1;\nrequire('./parts/one');\n${server}`,
        'parts/one.js': "const all = require('../');\n",
      },
    ],
  ])('is no matter where %s', async (_, files) => {
    expect(await noted(files)).toEqual([]);
  });

  it.each([
    ['nothing catches it', `const own = require('./own.json');\n${server}`],
    [
      'what is caught ends the program',
      `let own;\ntry { own = require('./own.json'); } catch { console.error('no settings'); process.exit(1); }\n${server}`,
    ],
  ])('is told where %s', async (_, text) => {
    expect(await noted({ 'index.js': text })).toHaveLength(1);
  });
});
