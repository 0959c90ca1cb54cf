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
