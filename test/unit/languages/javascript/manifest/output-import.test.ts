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
