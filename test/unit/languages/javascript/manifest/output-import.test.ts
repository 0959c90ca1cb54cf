import { describe, expect, it } from 'vitest';
import { detailsOf } from '../../../../../src/stacks/javascript.ts';
import { factsOf, said } from '../../../../support/facts.ts';

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
  it.each([
    ['bin/greet.js', 'src/cli.ts', "require('../dist/cli').main();\n", 'dist/cli.js'],
    ['bin/greet.cjs', 'src/cli/index.ts', "const { main } = require('./../dist/cli');\nmain();\n", 'dist/cli/index.js'],
    ['greet.js', 'src/index.ts', "require('./dist/index').main();\n", 'dist/index.js'],
  ])('is built first where it leaves the ending out: %s', async (program, made, source, output) => {
    const facts = await factsOf({
      'package.json': JSON.stringify({
        name: 'greet',
        bin: { greet: program },
        scripts: { build: 'node node_modules/typescript/bin/tsc' },
        engines: { node: '26' },
      }),
      'tsconfig.json': '{"compilerOptions":{"outDir":"dist","rootDir":"src"}}',
      [made]: 'export const main = () => console.log(1);\n',
      [program]: source,
    });
    expect(detailsOf(facts).importsOutput).toBe(output);
    expect(said(facts.builder)).toBe('own-script');
  });
  it.each(["require('../lib/cli').main();\n", "require('../lib').main();\n"])(
    'is not built where what it requires is there: %s',
    async (source) => {
      const facts = await factsOf({
        'package.json': JSON.stringify({
          name: 'greet',
          bin: { greet: 'bin/greet.js' },
          scripts: { build: 'tsc' },
          engines: { node: '26' },
        }),
        'lib/cli.js': 'exports.main = () => console.log(1);\n',
        'lib/index.js': 'exports.main = () => console.log(1);\n',
        'bin/greet.js': source,
      });
      expect(detailsOf(facts).importsOutput).toBeUndefined();
      expect(facts.builder).toBeUndefined();
    },
  );
  it('is not built where it imports the source', async () => {
    expect((await tool('bin/greet.mjs', "import { main } from '../lib.js';\nmain();\n")).builder).toBeUndefined();
  });
});

describe('a start script through the package manager', () => {
  const server = "import { createServer } from 'node:http';\ncreateServer().listen(3000);\n";
  it.each(['rewired start', 'some-server --quiet', 'PORT=3000 launcher'])(
    'names no file that building makes: %s',
    async (start) => {
      const facts = await factsOf({
        'package.json': JSON.stringify({
          name: 'pages',
          type: 'module',
          scripts: { build: 'tsc --build ./src', start },
          engines: { node: '26' },
        }),
        'src/index.ts': server,
      });
      expect(said(facts.builder)).not.toBe('own-script');
    },
  );
  it('but does where it ends at a file', async () => {
    const facts = await factsOf({
      'package.json': JSON.stringify({
        name: 'pages',
        type: 'module',
        scripts: { build: 'tsc --build ./src', start: 'npm run serve', serve: 'node dist/index.js' },
        engines: { node: '26' },
      }),
      'src/index.ts': server,
    });
    expect(said(facts.builder)).toBe('own-script');
  });
});
