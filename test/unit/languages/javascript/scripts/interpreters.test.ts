import { describe, expect, it } from 'vitest';
import { factsOf, said } from '../../../../support/facts.ts';

type Files = Readonly<Record<string, string>>;

const server = "import { createServer } from 'node:http';\ncreateServer((q, r) => r.end()).listen(3000);\n";

/** What runs an application that pm2 starts, and with which command. */
async function startedBy(start: string, more: Files, rest: object = {}) {
  const manifest = { name: 'shop', type: 'module', scripts: { start }, dependencies: { pm2: '7' }, ...rest };
  const facts = await factsOf({ 'package.json': JSON.stringify(manifest), 'src/index.ts': server, ...more });
  const { commands, runtime } = facts;
  return [
    'value' in runtime ? runtime.value.name : undefined,
    'value' in commands.start ? commands.start.value.argv : [],
  ];
}

const told = (interpreter: string) =>
  `module.exports = { apps: [{ name: 'web', script: 'src/index.ts'${interpreter} }] };\n`;

describe('the interpreter that pm2 is told', () => {
  it.each<[string, string, Files, object]>([
    ['by its name', 'pm2-runtime ecosystem.config.cjs', { 'ecosystem.config.cjs': told(", interpreter: 'bun'") }, {}],
    [
      'by its path, with a lockfile of Bun',
      'pm2 start pm2.config.cjs --no-daemon',
      { 'pm2.config.cjs': told(", interpreter: '~/.bun/bin/bun'"), 'bunfig.toml': '' },
      {},
    ],
    [
      'in a file of data, with the types of Bun',
      'pm2-runtime start process.json',
      { 'process.json': '{ "apps": [{ "script": "src/index.ts", "exec_interpreter": "bun" }] }' },
      { devDependencies: { '@types/bun': '1' } },
    ],
  ])('runs the application: %s', async (_, start, files, rest) => {
    expect(await startedBy(start, files, rest)).toEqual(['bun', ['bun', 'src/index.ts']]);
  });

  it('is Node.js where none is told', async () => {
    const files = { 'ecosystem.config.cjs': told('') };
    expect(await startedBy('pm2-runtime ecosystem.config.cjs', files)).toEqual(['node', ['node', 'src/index.ts']]);
  });
});

describe('what the command line of Nest builds', () => {
  const nest = (scripts: object) => ({
    'package.json': JSON.stringify({
      name: 'shop',
      scripts: { build: 'nest build', ...scripts },
      engines: { node: '24' },
      dependencies: { '@nestjs/core': '11' },
      devDependencies: { '@nestjs/cli': '11', typescript: '5' },
    }),
    'tsconfig.json': '{ "compilerOptions": { "outDir": "./dist" } }',
    'src/main.ts':
      "import { NestFactory } from '@nestjs/core';\nimport name from '../lib/name';\nNestFactory.create({}).then((app) => app.listen(3000));\n",
    'lib/name.ts': "export default 'shop';\n",
  });
  const startOf = async (files: Files) => said((await factsOf(files)).commands.start);

  it.each([
    ['webpack', '{ "compilerOptions": { "webpack": true } }'],
    ['webpack, as its builder', '{ "compilerOptions": { "builder": "webpack" } }'],
    ['SWC', '{ "compilerOptions": { "builder": { "type": "swc" } } }'],
  ])('lies in the root of its folder with %s', async (_, settings) => {
    const files = { ...nest({ start: 'nest start' }), 'nest-cli.json': settings };
    expect(await startOf(files)).toMatchObject({ argv: ['node', 'dist/main.js'] });
  });

  it('starts with the file that its settings name', async () => {
    const files = {
      ...nest({ start: 'nest start' }),
      'nest-cli.json': '{ "entryFile": "main", "compilerOptions": { "webpack": true } }',
    };
    expect(await startOf(files)).toMatchObject({ argv: ['node', 'dist/main.js'] });
  });

  it.each([
    ['nothing is said', {}],
    ['the compiler is named', { 'nest-cli.json': '{ "compilerOptions": { "builder": "tsc" } }' }],
    ['the settings cannot be read', { 'nest-cli.json': '{' }],
  ])('lies where the compiler puts it where %s', async (_, more) => {
    const files = { ...nest({ start: 'nest start' }), ...more };
    expect(await startOf(files)).toMatchObject({ argv: ['node', 'dist/src/main.js'] });
  });
});
