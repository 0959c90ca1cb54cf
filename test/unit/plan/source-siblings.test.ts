import { describe, expect, it } from 'vitest';
import { inspect } from '../../../src/inspect/inspect.ts';
import { memoryProject } from '../../../src/project/memory.ts';
import { generatedFor } from '../../support/texts.ts';

type Files = Readonly<Record<string, string>>;

/** What builds and what starts the api of a workspace. */
async function lines(files: Files) {
  const { apps } = await inspect(memoryProject(files));
  const facts = apps.find(({ root }) => root === 'apps/api');
  if (!facts) throw new Error('no api');
  const text = (await generatedFor(files, facts))('apps/api/Dockerfile');
  const all = text.split('\n');
  return {
    start: all.findLast((line) => line.startsWith('CMD ')),
    build: all.find((line) => line.includes('buildSync')),
    installs: all.filter((line) => /--omit=dev|--prod\b/.test(line)).length,
    compiles: all.some((line) => line.includes('"tsc"')),
    notes: facts.notes.map(({ message }) => message),
  };
}

const api = (more: object = {}) =>
  JSON.stringify({
    name: '@shop/api',
    type: 'module',
    scripts: { dev: 'tsx src/index.ts' },
    dependencies: { '@shop/core': '*', ...more },
    devDependencies: { tsx: '^4.20.0' },
  });
const shop = (core: object, more: Files = {}): Files => ({
  'package.json': JSON.stringify({
    name: 'shop',
    private: true,
    workspaces: ['apps/*', 'packages/*'],
    devDependencies: { typescript: '^5.9.0' },
  }),
  '.nvmrc': '24\n',
  'tsconfig.json': '{ "compilerOptions": { "module": "nodenext" } }',
  'apps/api/package.json': api(),
  'apps/api/src/index.ts':
    "import { createServer } from 'node:http';\nimport { hello } from '@shop/core';\nimport './more.js';\ncreateServer((q, r) => r.end(hello())).listen(3000);\n",
  'apps/api/src/more.ts': 'export {};\n',
  'packages/core/package.json': JSON.stringify({
    name: '@shop/core',
    type: 'module',
    version: '1.0.0',
    dependencies: { zod: '^4.0.0' },
    ...core,
  }),
  'packages/core/src/index.ts': "export { hello } from './hello.js';\n",
  'packages/core/src/hello.ts':
    "import { z } from 'zod';\nexport const hello = (): string => z.string().parse('hi');\n",
  ...more,
});
const packageLock = JSON.stringify({
  lockfileVersion: 3,
  packages: {
    '': { workspaces: ['apps/*', 'packages/*'], devDependencies: { typescript: '^5.9.0' } },
    'apps/api': { name: '@shop/api', dependencies: { '@shop/core': '*' }, devDependencies: { tsx: '^4.20.0' } },
    'packages/core': { name: '@shop/core', version: '1.0.0', dependencies: { zod: '^4.0.0' } },
    'node_modules/@shop/api': { resolved: 'apps/api', link: true },
    'node_modules/@shop/core': { resolved: 'packages/core', link: true },
    'node_modules/tsx': { version: '4.20.0', dev: true },
    'node_modules/typescript': { version: '5.9.0', dev: true },
    'node_modules/zod': { version: '4.0.0' },
  },
});
const npm: Files = { 'package-lock.json': packageLock };
const pnpm: Files = {
  'pnpm-workspace.yaml': 'packages:\n  - apps/*\n  - packages/*\n',
  'pnpm-lock.yaml':
    "lockfileVersion: '9.0'\n\nimporters:\n\n  .: {}\n\n  apps/api: {}\n\n  packages/core: {}\n\npackages:\n\n  zod@4.0.0:\n    resolution: {integrity: sha512-a}\n",
};
const whole = { exports: { '.': { types: './src/index.ts', default: './src/index.ts' } } };

describe('packages of a workspace that give TypeScript as it is written', () => {
  it.each([
    ['exports with conditions', whole],
    ['exports that are a text', { exports: './src/index.ts' }],
    ['an entry', { main: 'src/index.ts' }],
  ])('are put into the one file of the app that needs them: %s', async (_, core) => {
    const { start, build, installs } = await lines(shop(core, npm));
    expect(start).toBe('CMD ["node", "dist/index.js"]');
    // what lies in node_modules stays there, the siblings do not
    expect(build).toContain('\\"external\\":');
    expect(build).toContain('\\"zod\\"');
    expect(build).not.toMatch(/external[^\]]*@shop\/core/);
    expect(installs).toBe(1);
  });

  it('run with the loader of the project where the app would not find their packages', async () => {
    const { start, build, compiles, notes } = await lines(shop(whole, pnpm));
    expect(start).toBe('CMD ["node", "--import", "tsx", "src/index.ts"]');
    expect(build).toBeUndefined();
    expect(compiles).toBe(false);
    expect(notes.join('\n')).toContain('@shop/core is a TypeScript package of this workspace');
  });

  it('are one file with the app where it names their packages itself', async () => {
    const files = shop(whole, { ...pnpm, 'apps/api/package.json': api({ zod: '^4.0.0' }) });
    expect((await lines(files)).start).toBe('CMD ["node", "dist/index.js"]');
  });

  it('run as they are where Node.js runs them', async () => {
    const files = shop(whole, {
      ...pnpm,
      'apps/api/package.json': api()
        .replace('tsx src/index.ts', 'node --watch src/index.ts')
        .replace('"tsx":"^4.20.0"', '"prettier":"^3.0.0"'),
      'apps/api/src/index.ts':
        "import { hello } from '@shop/core';\nimport './more.ts';\nconsole.log(hello());\nsetInterval(() => {}, 1000);\n",
      'packages/core/src/index.ts': "export { hello } from './hello.ts';\n",
    });
    const { start, compiles } = await lines(files);
    expect(start).toBe('CMD ["node", "src/index.ts"]');
    expect(compiles).toBe(false);
  });

  it.each([
    [
      'what is built is given',
      { exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } }, scripts: { build: 'tsc' } },
    ],
    ['only its types are TypeScript', { types: 'src/index.ts', main: 'dist/index.js', scripts: { build: 'tsc' } }],
  ])('are none where %s', async (_, core) => {
    const { start, build } = await lines(shop(core, pnpm));
    expect(start).toBe('CMD ["node", "dist/index.js"]');
    expect(build).toContain('\\"packages\\":\\"external\\"');
  });
});

describe('an app that nothing makes JavaScript of', () => {
  const alone = (files: Files): Files => ({
    'package.json': JSON.stringify({
      name: 'api',
      type: 'module',
      scripts: { dev: 'tsx src/index.ts' },
      engines: { node: '24' },
      devDependencies: { tsx: '^4.20.0' },
    }),
    'src/text.ts': 'export {};\n',
    'hello.txt': 'hi',
    ...files,
  });
  const start = async (files: Files) => {
    const { apps } = await inspect(memoryProject(files));
    if (!apps[0]) throw new Error('no app');
    const text = (await generatedFor(files, apps[0]))('Dockerfile');
    return text.split('\n').findLast((line) => line.startsWith('CMD '));
  };
  const read =
    "import { readFileSync } from 'node:fs';\nimport './text.js';\nreadFileSync(new URL('../hello.txt', import.meta.url));\nsetInterval(() => {}, 1000);\n";

  it('starts with the loader that it is developed with', async () => {
    expect(await start(alone({ 'src/index.ts': read }))).toBe('CMD ["node", "--import", "tsx", "src/index.ts"]');
  });

  it('starts as it is where the runtime runs its source', async () => {
    expect(await start(alone({ 'src/index.ts': read.replace('./text.js', './text.ts') }))).toBe(
      'CMD ["node", "src/index.ts"]',
    );
  });
});
