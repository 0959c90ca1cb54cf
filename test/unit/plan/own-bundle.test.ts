import { describe, expect, it } from 'vitest';
import { generatedFor } from '../../support/texts.ts';

/** What builds and what starts a server whose start script loads its source. */
async function lines(manifest: object, more: Readonly<Record<string, string>> = {}) {
  const files: Readonly<Record<string, string>> = {
    'package.json': JSON.stringify({ name: 'shop', type: 'module', engines: { node: '24' }, ...manifest }),
    'src/index.ts':
      "import { createServer } from 'node:http';\nimport './more.js';\ncreateServer((q, r) => r.end('x')).listen(3000);\n",
    'src/more.ts': '',
    ...more,
  };
  const text = (await generatedFor(files))('Dockerfile');
  const all = text.split('\n');
  return {
    start: all.findLast((line) => line.startsWith('CMD ')),
    build: all.find((line) => line.startsWith('RUN') && /"run", "build"|buildSync/.test(line)),
  };
}

const tools = { devDependencies: { tsx: '^4.20.0', tsup: '^8.0.0' } };

describe('a project whose own bundler makes what its start script loads as source', () => {
  it.each([
    ['main', { main: 'dist/index.js', scripts: { start: 'tsx src/index.ts', build: 'tsup src/index.ts' }, ...tools }],
    [
      'bin',
      { bin: { shop: './dist/index.js' }, scripts: { start: 'tsx src/index.ts start', build: 'tsup' }, ...tools },
    ],
    [
      'main, by rollup',
      {
        main: './build/index.js',
        scripts: { start: 'node --import tsx src/index.ts', build: 'rollup -c' },
        devDependencies: { tsx: '^4.20.0', rollup: '^4.0.0' },
      },
    ],
  ])('is built by it: %s names the file', async (_, manifest) => {
    const { start, build } = await lines(manifest);
    expect(build).toBe('RUN ["npm", "run", "build"]');
    expect(start).toMatch(/"(dist|build)\/index\.js"/);
  });

  it.each([
    ['names no file', { scripts: { start: 'tsx src/index.ts', build: 'tsup src/index.ts' }, ...tools }],
    [
      'names another file',
      { main: 'dist/cli.js', scripts: { start: 'tsx src/index.ts', build: 'tsup src/cli.ts' }, ...tools },
    ],
    [
      'has no bundler',
      { main: 'dist/index.js', scripts: { start: 'tsx src/index.ts', build: 'eslint src' }, ...tools },
    ],
  ])('is made JavaScript as it is where it %s', async (_, manifest) => {
    expect((await lines(manifest)).build).toContain('buildSync');
  });
});
