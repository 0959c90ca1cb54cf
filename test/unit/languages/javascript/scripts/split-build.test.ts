import { describe, expect, it } from 'vitest';
import { inspect } from '../../../../../src/inspect/inspect.ts';
import { memoryProject } from '../../../../../src/project/memory.ts';

const json = (value: object) => JSON.stringify(value);

/** The build of the API beside a site, and whether it is said that the script builds the site, too. */
async function buildOf(scripts: object, more: Readonly<Record<string, string>> = {}) {
  const files = {
    'api/package.json': json({
      name: 'api',
      scripts: { start: 'node dist/index.js', ...scripts },
      devDependencies: { typescript: '5' },
    }),
    'api/tsconfig.json': json({ compilerOptions: { outDir: 'dist', rootDir: 'src' } }),
    'api/package-lock.json': json({ lockfileVersion: 3, packages: {} }),
    'api/src/index.ts': "import { createServer } from 'node:http';\ncreateServer().listen(3000);",
    'web/package.json': json({ name: 'web', scripts: { start: 'vite', build: 'vite build' } }),
    'web/index.html': '',
    ...more,
  };
  const { apps } = await inspect(memoryProject(files));
  const api = apps.find(({ root }) => root === 'api');
  return [api?.commands.build?.value.argv.join(' '), api?.notes.some(({ code }) => code === 'builds-others')];
}

describe('a build script that builds another application of the repository', () => {
  it('is cut down to what it makes of its own', async () => {
    const own = ['npx --no-install tsc', true];
    expect(
      await buildOf({ build: 'npm install && cd ../web && npm install && npm run build && cd ../api && tsc' }),
    ).toEqual(own);
    expect(
      await buildOf({ build: 'npm run build:web && tsc', 'build:web': 'cd ../web && npm ci && npm run build' }),
    ).toEqual(own);
    expect(await buildOf({ build: 'tsc && npm run build --prefix ../web' })).toEqual(own);
  });

  it('is none where nothing is left', async () => {
    const files = { 'api/tsconfig.json': '{}', 'api/index.js': 'require("node:http").createServer().listen(3000);' };
    const scripts = { start: 'node index.js', build: 'npm install --prefix ../web && npm run build --prefix ../web' };
    expect(await buildOf(scripts, files)).toEqual([undefined, true]);
  });

  it('stays whole where it stays in its folder, and where what it builds is no application', async () => {
    expect(await buildOf({ build: 'cd src && cd .. && tsc' })).toEqual(['npm run build', false]);
    const shared = { 'shared/package.json': json({ name: 'shared', main: 'index.js', scripts: { build: 'tsc' } }) };
    expect(await buildOf({ build: 'cd ../shared && npm run build && cd ../api && tsc' }, shared)).toEqual([
      'npm run build',
      false,
    ]);
  });
});
