import { describe, expect, it } from 'vitest';
import { inspect } from '../../../../../src/inspect/inspect.ts';
import { memoryProject } from '../../../../../src/project/memory.ts';

const base = {
  'package.json': JSON.stringify({
    name: 'x',
    scripts: { build: 'tsc', start: 'node dist/server.js' },
    dependencies: { express: '4.21.2' },
    devDependencies: { typescript: '5.9.3' },
  }),
  'src/server.ts': "import express from 'express';\nexpress().listen(3000);\n",
};
const startOf = async (files: Record<string, string>) => {
  const [facts] = (await inspect(memoryProject({ ...base, ...files }))).apps;
  const start = facts?.commands.start;
  return {
    argv: start && 'value' in start ? start.value.argv.join(' ') : undefined,
    notes: facts?.notes.map((one) => one.code).filter((code) => code === 'start-elsewhere'),
  };
};
const config = (compilerOptions: object, rest: object = {}) => JSON.stringify({ compilerOptions, ...rest });

describe('where the compiler puts what it makes', () => {
  it.each([
    ['by a flag', 'tsc --emitDeclarationOnly && babel src --out-dir dist', { outDir: 'dist' }],
    ['by its settings', 'tsc && babel src --out-dir dist', { outDir: 'dist', emitDeclarationOnly: true }],
    ['where it only checks', 'tsc --noEmit && babel src --out-dir dist', { outDir: 'dist' }],
  ])('is nothing where another tool makes the code: %s', async (_, build, options) => {
    const files = {
      'package.json': JSON.stringify({
        ...JSON.parse(base['package.json']),
        scripts: { build, start: 'node dist/server.js' },
      }),
      'tsconfig.json': config(options, { include: ['src/**/*'] }),
      'src/server.ts': `import '../database/config';\n${base['src/server.ts']}`,
      'database/config.ts': 'export const a = 1;\n',
    };
    expect(await startOf(files)).toEqual({ argv: 'node dist/server.js', notes: [] });
    const declared = {
      ...files,
      'tsconfig.json': config({ ...options, emitDeclarationOnly: false }, { include: ['src/**/*'] }),
    };
    const plain = declared['package.json'].replace(build, 'tsc');
    expect((await startOf({ ...declared, 'package.json': plain })).argv).toBe('node dist/src/server.js');
  });

  it('counts what a compiled file imports from beside the folder that is named', async () => {
    const files = {
      'package.json': base['package.json'].replace('dist/server.js', 'dist/src/server.js'),
      'tsconfig.json': config({ outDir: 'dist' }, { include: ['src/**/*'] }),
      'src/server.ts': `import '../database/config';\n${base['src/server.ts']}`,
      'database/config.ts': 'export const a = 1;\n',
    };
    expect(await startOf(files)).toEqual({ argv: 'node dist/src/server.js', notes: [] });
  });

  it.each([
    [
      'is loaded before the app',
      'node -r ./paths.js dist/server.js',
      "require('./tsconfig.json');\n",
      'node -r ./paths.js dist/server.js',
    ],
    [
      'reads the manifest',
      'node --require ./paths.js dist/server.js',
      "module.exports = require('./package.json').name;\n",
      'node --require ./paths.js dist/server.js',
    ],
  ])('does not count what a file of JavaScript imports that %s', async (_name, start, text, argv) => {
    const files = {
      'package.json': base['package.json'].replace('node dist/server.js', start),
      'tsconfig.json': config({ outDir: 'dist', resolveJsonModule: true }, { include: ['src/**/*'] }),
      'paths.js': text,
    };
    expect(await startOf(files)).toEqual({ argv, notes: [] });
  });

  const inFolder = (settings: string, more: Record<string, string> = {}) => ({
    'package.json': base['package.json'].replace('"build":"tsc"', '"build":"tsc -p src/tsconfig.json"'),
    'src/tsconfig.json': settings,
    'test/server.test.ts': 'export {};\n',
    ...more,
  });
  const whole = { 'tsconfig.json': config({ outDir: 'dist' }) };
  it.each([
    ['what they extend lies above', inFolder('{ "extends": "../tsconfig.json" }', whole), 'node dist/server.js', []],
    [
      'they extend several',
      inFolder('{ "extends": ["../a.json", "../tsconfig.json"] }', { ...whole, 'a.json': config({ outDir: 'a' }) }),
      'node dist/server.js',
      [],
    ],
    ['they extend nothing', inFolder(config({ outDir: '../dist' })), 'node dist/server.js', []],
    [
      'what they extend names more',
      inFolder('{ "extends": "../tsconfig.json" }', {
        'tsconfig.json': config({ outDir: 'dist' }, { include: ['src', 'test'] }),
      }),
      'node dist/src/server.js',
      ['start-elsewhere'],
    ],
  ])('takes settings in a folder for that folder alone: %s', async (_, files, argv, notes) => {
    expect(await startOf(files)).toEqual({ argv, notes });
  });

  const dist = { 'tsconfig.json': config({ outDir: 'dist', rootDir: 'src' }) };
  const pm2 = {
    Dockerfile:
      'FROM node:24\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD ["pm2-runtime", "ecosystem.config.js"]\n',
    'ecosystem.config.js': "module.exports = { apps: [{ name: 'x', script: 'dist/src/main.js' }] };\n",
  };
  it.each([
    ['of pm2', { ...dist, ...pm2 }, 'node dist/server.js', ['start-elsewhere']],
    [
      'of a Dockerfile',
      { ...dist, Dockerfile: 'FROM node:24\nWORKDIR /app\nCOPY . .\nCMD ["node", "dist/app/index.js"]\n' },
      'node dist/server.js',
      ['start-elsewhere'],
    ],
    [
      'that a source becomes',
      { ...dist, ...pm2, 'src/main.ts': "import './server';\n" },
      'node dist/main.js',
      ['start-elsewhere'],
    ],
    [
      'of another folder',
      { ...dist, Dockerfile: 'FROM node:24\nWORKDIR /app\nCOPY . .\nCMD ["node", "out/index.js"]\n' },
      'node out/index.js',
      [],
    ],
  ])('starts what is compiled instead of a file that no source becomes: %s', async (_, files, argv, notes) => {
    expect(await startOf(files)).toEqual({ argv, notes });
  });

  it('counts data that a compiled file imports', async () => {
    const files = {
      'tsconfig.json': config({ outDir: 'dist', resolveJsonModule: true }, { include: ['src/**/*'] }),
      'src/server.ts': `import { name } from '../package.json';\n${base['src/server.ts']}`,
    };
    expect(await startOf(files)).toEqual({ argv: 'node dist/src/server.js', notes: ['start-elsewhere'] });
  });

  it.each([
    ['rootDir says it', config({ outDir: 'dist', rootDir: 'src' }), 'node dist/server.js'],
    ['one folder is compiled', config({ outDir: './dist' }, { include: ['src'] }), 'node dist/server.js'],
    ['the tests are compiled too', config({ outDir: 'dist' }, { include: ['src', 'test'] }), 'node dist/src/server.js'],
    ['a pattern names a folder', config({ outDir: 'dist' }, { include: ['src/**/*'] }), 'node dist/server.js'],
    ['the tests are left out', config({ outDir: 'dist' }, { exclude: ['test'] }), 'node dist/server.js'],
    ['the root is the root', config({ outDir: 'dist', rootDir: '.' }), 'node dist/src/server.js'],
  ])('%s', async (_, text, argv) => {
    const found = await startOf({ 'tsconfig.json': text, 'test/server.test.ts': '' });
    expect(found).toEqual({ argv, notes: argv.includes('src') ? ['start-elsewhere'] : [] });
  });

  it.each([
    ['a module beside the compiled folder', "import '../config/log';", {}, 'node dist/src/server.js'],
    [
      'data beside it, as a module',
      "import data from '../package.json';",
      { resolveJsonModule: true },
      'node dist/src/server.js',
    ],
    ['data that is no module', "import data from '../package.json';", {}, 'node dist/server.js'],
    ['a module inside', "import './config/log';", {}, 'node dist/server.js'],
    [
      'a module beside it, where rootDir says more',
      "import '../config/log';",
      { rootDir: 'src' },
      'node dist/server.js',
    ],
  ])('counts what is imported: %s', async (_, text, options, argv) => {
    const found = await startOf({
      'src/server.ts': `import express from 'express';\n${text}\nexpress().listen(3000);\n`,
      'config/log.ts': 'export const log = 1;\n',
      'src/config/log.ts': 'export const log = 1;\n',
      'tsconfig.json': config({ outDir: 'dist', ...options }, { include: ['src'] }),
    });
    expect(found.argv).toBe(argv);
  });

  it.each([
    ['by a pattern inside the folder', { include: ['src'], exclude: ['src/**/*.test.ts'] }],
    ['by a pattern without a folder', { exclude: ['**/*.spec.ts', '**/*.test.ts', 'test'] }],
    [
      'by the folders of tests wherever they lie',
      { include: ['src/**/*', 'test'], exclude: ['**/__tests__', '**/test'] },
    ],
    ['by a pattern that takes one file', { include: ['./src'], exclude: ['./src/price.?est.ts'] }],
  ])('leaves out the tests that are named %s, and not all of their folder', async (_, rest) => {
    const files = { 'src/price.test.ts': '', 'src/__tests__/more.ts': '', 'test/server.test.ts': '' };
    const found = await startOf({ ...files, 'tsconfig.json': config({ outDir: 'dist' }, rest) });
    expect(found).toEqual({ argv: 'node dist/server.js', notes: [] });
  });

  it('follows patterns from the folder of the settings that say them', async () => {
    const found = await startOf({
      'tsconfig.json': '{ "extends": "./config/base.json", "compilerOptions": { "outDir": "dist" } }',
      'config/base.json': '{ "include": ["../src"], "exclude": ["../src/**/*.test.ts"] }',
      'src/price.test.ts': '',
      'scripts/seed.ts': '',
    });
    expect(found.argv).toBe('node dist/server.js');
  });

  it('is told by a program that runs the compiler, too', async () => {
    const scripts = { build: 'nest build', start: 'node dist/server' };
    const files = {
      'package.json': JSON.stringify({ ...JSON.parse(base['package.json']), scripts }),
      'tsconfig.json': config({ outDir: './dist' }),
      'tsconfig.build.json': '{ "extends": "./tsconfig.json", "exclude": ["test"] }',
    };
    expect((await startOf(files)).argv).toBe('node dist/server');
    expect((await startOf({ ...files, 'scripts/seed.ts': '' })).argv).toBe('node dist/src/server.js');
  });

  it.each([
    'npx nest build',
    'npm exec nest build',
    'npx tsc -p tsconfig.build.json',
    'yarn tsc -p tsconfig.build.json',
  ])('is told behind what starts the compiler: %s', async (build) => {
    const scripts = { build, start: 'node dist/server' };
    const files = {
      'package.json': JSON.stringify({ ...JSON.parse(base['package.json']), scripts }),
      'tsconfig.json': config({ outDir: './dist' }),
      'tsconfig.build.json': '{ "extends": "./tsconfig.json", "exclude": ["test"] }',
      'scripts/seed.ts': '',
      ...(build.startsWith('yarn') ? { 'yarn.lock': '# yarn lockfile v1\n' } : {}),
    };
    expect((await startOf(files)).argv).toBe('node dist/src/server.js');
  });
});
