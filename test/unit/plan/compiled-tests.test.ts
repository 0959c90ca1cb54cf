import { describe, expect, it } from 'vitest';
import { generatedFor } from '../../support/texts.ts';

type Files = Readonly<Record<string, string>>;

/** The line of the Dockerfile that takes compiled tests away; undefined: there is none. */
async function removal(files: Files): Promise<string | undefined> {
  const text = (await generatedFor(files))('Dockerfile');
  expect(text).toContain(' AS build');
  return text.split('\n').find((line) => line.includes('"find"'));
}

const server = "import express from 'express';\nexpress().listen(3000);\n";
const app = (scripts: object, more: Files, dev: object = {}): Files => ({
  'package.json': JSON.stringify({
    name: 'shop',
    engines: { node: '24' },
    scripts,
    dependencies: { express: '^4.0.0' },
    devDependencies: { typescript: '^5.0.0', ...dev },
  }),
  'src/index.ts': server,
  ...more,
});
const settings = (more: object = {}) =>
  JSON.stringify({ compilerOptions: { module: 'commonjs', outDir: 'dist', rootDir: '.' }, ...more });
const own = { build: 'tsc', start: 'node dist/src/index.js' };
const spec = { 'src/users.spec.ts': '', 'src/index.test.ts': '' };

describe('tests that the compiler makes files of', () => {
  it.each([
    [
      'the build script of the project',
      app(own, { 'tsconfig.json': settings(), ...spec }),
      '"(", "-name", "*.spec.*", "-o", "-name", "*.test.*", ")"',
    ],
    [
      'folders of tests',
      app(own, { 'tsconfig.json': settings(), 'src/__tests__/a.ts': '', 'test/b.ts': '' }),
      '"(", "-name", "__tests__", "-o", "-path", "dist/test", ")"',
    ],
    [
      'Nest, whose settings leave none out',
      app(
        { build: 'nest build', start: 'node dist/src/index.js' },
        { 'tsconfig.json': settings(), 'nest-cli.json': '{}', 'src/users.e2e-spec.ts': '' },
        { '@nestjs/cli': '^11.0.0' },
      ),
      '"-name", "*-spec.*"',
    ],
    [
      'the compiler, where only a loader started it',
      app({ dev: 'ts-node src/index.ts' }, { 'tsconfig.json': settings(), ...spec }, { 'ts-node': '^10.0.0' }),
      '"(", "-name", "*.spec.*", "-o", "-name", "*.test.*", ")"',
    ],
  ])('are taken out of the output: %s', async (_, files, names) => {
    expect(await removal(files)).toBe(`RUN ["find", "dist", ${names}, "-prune", "-exec", "rm", "-rf", "{}", "+"]`);
  });

  it.each([
    [
      'its settings leave them out',
      app(own, { 'tsconfig.json': settings({ exclude: ['**/*.spec.ts', '**/*.test.ts'] }), ...spec }),
    ],
    [
      'its settings name another folder',
      app(
        { ...own, start: 'node dist/index.js' },
        { 'tsconfig.json': settings({ include: ['src'] }), 'test/b.ts': '' },
      ),
    ],
    [
      'a source imports one',
      app(own, {
        'tsconfig.json': settings(),
        'src/index.ts': `import './data.test.js';\n${server}`,
        'src/data.test.ts': '',
      }),
    ],
    [
      'a bundler builds',
      app(
        { build: 'tsup src/index.ts', start: 'node dist/index.js' },
        { 'tsconfig.json': settings(), ...spec },
        { tsup: '^8.0.0' },
      ),
    ],
    ['there are none', app(own, { 'tsconfig.json': settings() })],
  ])('are nobody’s business where %s', async (_, files) => {
    expect(await removal(files)).toBeUndefined();
  });
});
