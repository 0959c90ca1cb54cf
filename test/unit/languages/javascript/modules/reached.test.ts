import { describe, expect, it } from 'vitest';
import { factsOf, said } from '../../../../support/facts.ts';

const manifest = (start: string, more: object = {}): string =>
  JSON.stringify({ name: 'shop', scripts: { start }, engines: { node: '26' }, ...more });

const uses = (facts: Awaited<ReturnType<typeof factsOf>>) => facts.variables.map((one) => one.name);
const file = (name: string) => `exports.read = () => process.env.${name};\n`;

describe('modules that are found by a path while the app runs', () => {
  it.each([
    ['from where the process starts', "require(path.resolve('lib/routes'))"],
    ['from where the module lies', "require(path.join(__dirname, 'lib', 'routes.js'))"],
    ['in a process of its own', "fork('./lib/routes.js')"],
    ['as the argument of a process', "spawn('node', ['lib/routes.js'])"],
    ['as a thread', "new Worker('./lib/routes.js')"],
    ['every one of a folder', "for (const one of fs.readdirSync('lib')) require(path.join(__dirname, 'lib', one))"],
    ['by a name in a text', 'require(`./lib/${name}`)'],
  ])('are read: %s', async (_, call) => {
    const facts = await factsOf({
      'package.json': manifest('node index.js'),
      'index.js': `const fs = require('node:fs');\nconst path = require('node:path');\nconst { fork, spawn } = require('node:child_process');\n${call};\n`,
      'lib/routes.js': file('ROUTES'),
      'other/routes.js': file('OTHER'),
    });
    expect(uses(facts)).toEqual(['ROUTES']);
  });

  it('may load others', async () => {
    const facts = await factsOf({
      'package.json': manifest('node index.js'),
      'index.js': "require(process.cwd() + '/app/start');\n",
      'app/start.js': "const path = require('path');\nrequire(path.resolve('models'));\n",
      'models/index.js':
        "const path = require('path');\nfor (const one of ['user']) require(path.join(__dirname, one));\n",
      'models/user.js': file('USERS'),
      'models/user.test.js': file('TESTED'),
    });
    expect(uses(facts)).toEqual(['USERS']);
  });
});

describe('pm2, told in a file what to start', () => {
  it.each([
    ['ecosystem.json', '{ "apps": [{ "name": "shop", "script": "dist/main.js", "instances": 4 }] }'],
    ['ecosystem.config.js', "module.exports = { apps: [{ name: 'shop', script: './dist/main.js' }] };"],
    ['ecosystem.config.cjs', "// script: 'old.js'\nmodule.exports = { apps: [{ script: `dist/main.js` }] };"],
    [
      'ecosystem.config.mjs',
      "const script = 'dist/main.js';\nexport default { apps: [{ name: 'a: script', script }] };",
    ],
    ['process.json', '{ "note": "script: \\"old.js\\"", "apps": [{ "script": "dist/main.js" }] }\n'],
  ])('%s', async (name, text) => {
    const facts = await factsOf({
      'package.json': manifest(`pm2 start ${name} --no-daemon --env production`, { scripts: undefined }).replace(
        '"engines"',
        `"scripts":{"build":"tsc","start":"pm2 start ${name} --no-daemon --env production"},"engines"`,
      ),
      'tsconfig.json': '{ "compilerOptions": { "outDir": "dist", "rootDir": "src" } }',
      'src/main.ts': "import { createServer } from 'node:http';\ncreateServer().listen(3000);\n",
      [name]: text,
    });
    expect(said(facts.entry)).toBe('src/main.ts');
    expect(said(facts.commands.start)).toMatchObject({
      argv: ['node', expect.stringMatching(/^(\.\/)?dist\/main\.js$/)],
    });
  });

  it('that names none starts nothing', async () => {
    const facts = await factsOf({
      'package.json': manifest('pm2 start ecosystem.json'),
      'ecosystem.json': '{ "apps": [] }',
      'index.js': '',
    });
    expect(said(facts.commands.start)).not.toMatchObject({ argv: ['node', 'ecosystem.json'] });
  });
});

it('a folder with a manifest of its own is the module that its main names', async () => {
  const facts = await factsOf({
    'package.json': manifest('node index.js'),
    'index.js': "require('./lib');\n",
    'lib/package.json': '{ "main": "start.js" }',
    'lib/start.js': file('STARTED'),
    'lib/index.js': file('INDEX'),
  });
  expect(uses(facts)).toEqual(['STARTED']);
});

it('a package that is called like a folder of the app is no module of that folder', async () => {
  const facts = await factsOf({
    'package.json': manifest('node index.js', { dependencies: { config: '4.0.0' } }),
    'index.js': "require('config');\nimport('config');\n",
    'config/index.js': file('OWN'),
  });
  expect(uses(facts)).toEqual([]);
});

it('a program without an ending is read by its first line', async () => {
  const facts = await factsOf({
    'package.json': manifest('node ./bin/tool', { bin: { tool: 'bin/tool' } }),
    'bin/tool': "#!/usr/bin/env node\nrequire('../lib/tool');\n",
    'lib/tool.js': file('TOOL'),
    'bin/deploy': '#!/bin/sh\n',
  });
  expect(said(facts.entry)).toBe('bin/tool');
  expect(uses(facts)).toEqual(['TOOL']);
});

describe('files that a package looks for', () => {
  it.each([
    ['typeorm', 'ormconfig.js'],
    ['config', 'config/default.js'],
    ['config', 'config/custom-environment-variables.js'],
  ])('are read and shipped: %s, %s', async (dependency, name) => {
    const found = async (dependencies: object) => {
      const facts = await factsOf({
        'package.json': manifest('node index.js', { dependencies }),
        'index.js': '',
        [name]: file('FOUND'),
      });
      return { uses: uses(facts), reads: facts.reads.map((one) => one.value) };
    };
    expect(await found({ [dependency]: '1' })).toEqual({ uses: ['FOUND'], reads: [name] });
    expect(await found({ other: '1' })).toEqual({ uses: [], reads: [] });
  });
});

describe('settings of a compiler that runs the source', () => {
  const shipped = async (start: string, more: object, files: Record<string, string>) =>
    (await factsOf({ 'package.json': manifest(start, more), ...files })).reads.map((one) => one.value);

  it.each([
    ['babel-node index.js', '@babel/node', '.babelrc', '{}'],
    ['node -r @babel/register index.js', '@babel/register', 'babel.config.js', 'module.exports = {};'],
    ['node -r @swc-node/register index.ts', '@swc-node/register', '.swcrc', '{}'],
    ['ts-node index.ts', 'ts-node', 'tsconfig.json', '{}'],
  ])('ship with it: %s', async (start, dependency, name, text) => {
    const files = { 'index.js': '', 'index.ts': '', [name]: text };
    expect(await shipped(start, { dependencies: { [dependency]: '1' } }, files)).toEqual([name]);
    expect(await shipped('node index.js', { devDependencies: { [dependency]: '1' } }, files)).toEqual([]);
    expect(await shipped(start, { dependencies: { other: '1' } }, files)).toEqual([]);
    // what is built has been through it
    const built = { dependencies: { [dependency]: '1' }, scripts: { start: 'node dist/index.js', build: 'make' } };
    expect(await shipped('node dist/index.js', built, files)).toEqual([]);
  });
});

describe('what only a comment or a text says', () => {
  const sources = async (tsconfig: string) =>
    (await factsOf({ 'package.json': manifest('node index.js'), 'index.js': '', 'tsconfig.json': tsconfig })).sources;

  it('is no setting of the compiler', async () => {
    expect(await sources('{\n  // "paths": the old ones\n  "compilerOptions": { "types": ["paths"] }\n}')).toEqual([
      'index.js',
    ]);
    expect(await sources('{ "compilerOptions": { "paths": {} } }')).toEqual(['index.js', 'tsconfig.json']);
  });

  it('calls no method, and makes no service of configuration', async () => {
    const variables = async (text: string) =>
      (await factsOf({ 'package.json': manifest('node index.js'), 'index.js': text })).variables;
    const required = async (text: string) => (await variables(text)).map((one) => one.required);
    const old = "const configService = make();\nclass Old { unused() { return configService.getOrThrow('OLD'); } }\n";
    expect(await required(`// unused is never called\n${old}module.exports = new Old();\n`)).toEqual([false]);
    expect(await required(`${old}module.exports = new Old()['unused']();\n`)).toEqual([true]);
    expect(await variables("// like a ConfigService\nconfig.get('TOKEN');\n")).toEqual([]);
    expect(await variables("const configService = make();\nconfigService.get('TOKEN');\n")).toMatchObject([
      { name: 'TOKEN' },
    ]);
  });
});
