import { describe, expect, it } from 'vitest';
import { detailsOf } from '../../../../../src/stacks/javascript.ts';
import { factsOf } from '../../../../support/facts.ts';

const server =
  "import { createServer } from 'node:http';\ncreateServer((_, res) => res.end('hi')).listen(Number(process.env.PORT ?? 3000));\n";
const manifest = (start: string, more: object = {}) =>
  JSON.stringify({ name: 'tick', type: 'module', engines: { node: '24' }, scripts: { start, build: 'tsc' }, ...more });
const settings = (module: string) => JSON.stringify({ compilerOptions: { outDir: 'dist', rootDir: 'src', module } });
const typescript = { devDependencies: { typescript: '5.9.3' } };
const ending = async (files: Record<string, string>) => detailsOf(await factsOf(files)).importEnding;

describe('how a module beside the sources is imported, where they import none', () => {
  it.each([
    ['run by Node.js as it is', { 'package.json': manifest('node src/index.ts'), 'src/index.ts': server }, '.ts'],
    [
      'compiled, with modules of Node.js',
      {
        'package.json': manifest('node dist/index.js', typescript),
        'src/index.ts': server,
        'tsconfig.json': settings('nodenext'),
      },
      '.js',
    ],
    [
      'compiled, with imports kept as they are',
      {
        'package.json': manifest('node dist/index.js', typescript),
        'src/index.ts': server,
        'tsconfig.json': settings('es2022'),
      },
      '.js',
    ],
    [
      'loaded by tsx, with modules of Node.js',
      {
        'package.json': manifest('tsx src/index.ts', { dependencies: { tsx: '4.20.0' }, ...typescript }),
        'src/index.ts': server,
        'tsconfig.json': settings('node16'),
      },
      '.js',
    ],
    ['JavaScript', { 'package.json': manifest('node index.js'), 'index.js': server }, '.js'],
    [
      'run by Bun',
      {
        'package.json': JSON.stringify({ name: 'tick', type: 'module', scripts: { start: 'bun src/index.ts' } }),
        'bun.lock': '{ "lockfileVersion": 1, "workspaces": { "": { "name": "tick" } }, "packages": {} }',
        'src/index.ts': server,
      },
      '',
    ],
    [
      'compiled to CommonJS',
      {
        'package.json': manifest('node dist/index.js', { ...typescript, type: 'commonjs' }),
        'src/index.ts': server,
        'tsconfig.json': settings('commonjs'),
      },
      '',
    ],
  ])('%s', async (_, files, wanted) => {
    expect(await ending(files)).toBe(wanted);
  });

  it('is how they import each other', async () => {
    const files = { 'package.json': manifest('node dist/index.js', typescript), 'tsconfig.json': settings('es2022') };
    const importing = `import './more';\n${server}`;
    expect(await ending({ ...files, 'src/index.ts': importing, 'src/more.ts': 'export {};\n' })).toBe('');
  });
});
