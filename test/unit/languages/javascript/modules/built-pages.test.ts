import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../../../src/plan/plan.ts';
import { detailsOf } from '../../../../../src/stacks/javascript.ts';
import { factsOf } from '../../../../support/facts.ts';

type Files = Readonly<Record<string, string>>;

const manifest = (scripts: object, dependencies: object, more: object = {}): string =>
  JSON.stringify({ name: 'club', scripts, dependencies, engines: { node: '24' }, ...more });
const lock = '{ "lockfileVersion": 3, "packages": {} }';
const page = '<!doctype html><div id="root"></div><script type="module" src="/src/main.js"></script>';

const express = `import express from 'express';\nimport path from 'node:path';\nconst app = express();\n`;
const listens = 'app.listen(process.env.PORT || 5000);\n';

/** Pages of Vite in a folder, and of Create React App. */
const vite = (folder: string, more: Files = {}): Files => ({
  [`${folder}/package.json`]: manifest(
    { dev: 'vite', build: 'vite build' },
    {},
    { devDependencies: { vite: '7.2.0' } },
  ),
  [`${folder}/package-lock.json`]: lock,
  [`${folder}/index.html`]: page,
  [`${folder}/src/main.js`]: 'console.log(import.meta.env.VITE_CLUB);\n',
  ...more,
});
const react = (folder: string): Files => ({
  [`${folder}/package.json`]: manifest(
    { start: 'react-scripts start', build: 'react-scripts build' },
    { react: '17.0.2', 'react-scripts': '4.0.3' },
  ),
  [`${folder}/public/index.html`]: '<div id="root"></div>',
  [`${folder}/src/index.js`]: 'console.log(process.env.REACT_APP_CLUB);\n',
});
const server = (source: string, more: Files = {}): Files => ({
  'package.json': manifest({ start: 'node server.js' }, { express: '5.1.0' }, { type: 'module' }),
  'package-lock.json': lock,
  'server.js': source,
  ...more,
});

const planOf = async (files: Files) =>
  makePlan({ facts: await factsOf(files), specification: undefined, config: {}, read: (file) => files[file] });

async function shipped(files: Files) {
  const plan = await planOf(files);
  const stages = plan.images['app']?.stages ?? [];
  const production = stages.find(({ name }) => name === 'production')?.steps ?? [];
  return {
    plan,
    stages,
    copied: production.flatMap((step) =>
      step.do === 'copy' && step.from !== undefined ? step.sources.map((path) => `${step.from} ${path}`) : [],
    ),
  };
}

describe('pages that a server gives out', () => {
  it.each([
    [
      'of a package below, in production alone',
      server(
        `${express}const root = path.resolve();\nif (process.env.NODE_ENV === 'production') {\n  app.use(express.static(path.join(root, '/client/build')));\n  app.get('/*splat', (_, response) => response.sendFile(path.resolve(root, 'client', 'build', 'index.html')));\n}\n${listens}`,
        react('client'),
      ),
      'pages-client /app/client/build',
      'REACT_APP_CLUB',
    ],
    [
      'of a package that puts them elsewhere',
      server(
        `${express}app.use(express.static('public/app'));\n${listens}`,
        vite('site', { 'site/vite.config.js': "export default { build: { outDir: '../public/app' } };\n" }),
      ),
      'pages-site /app/public/app',
      'VITE_CLUB',
    ],
    [
      'of the package itself',
      {
        ...server(`${express}app.use(express.static(path.join(import.meta.dirname, 'dist')));\n${listens}`),
        'package.json': manifest(
          { dev: 'vite', build: 'vite build', start: 'node server.js' },
          { express: '5.1.0' },
          { type: 'module', devDependencies: { vite: '7.2.0' } },
        ),
        'index.html': page,
        'src/main.js': 'console.log(import.meta.env.VITE_CLUB);\n',
      },
      'pages /app/dist',
      'VITE_CLUB',
    ],
    [
      'by a plugin that is told the folder',
      {
        'package.json': manifest(
          { start: 'node server.js' },
          { fastify: '5.6.0', '@fastify/static': '8.2.0' },
          { type: 'module' },
        ),
        'package-lock.json': lock,
        'server.js':
          "import Fastify from 'fastify';\nimport pages from '@fastify/static';\nimport { join } from 'node:path';\nconst app = Fastify();\napp.register(pages, { root: join(import.meta.dirname, 'frontend/dist') });\napp.listen({ port: 3000, host: '0.0.0.0' });\n",
        ...vite('frontend'),
      },
      'pages-frontend /app/frontend/dist',
      'VITE_CLUB',
    ],
  ])('are built and ship: %s', async (_, files, expected, variable) => {
    const { plan, copied } = await shipped(files);
    expect(copied).toContain(expected);
    expect(Object.keys(plan.images['app']?.args ?? {})).toEqual([variable]);
    expect(plan.workloads['app']?.shape).toBe('service');
  });

  it('come of the build that makes the server where one script makes both', async () => {
    const files: Files = {
      'package.json': manifest(
        { build: 'tsc -p server && vite build', start: 'node build/index.js' },
        { express: '5.1.0' },
        { type: 'module', devDependencies: { vite: '7.2.0', typescript: '5.9.0' } },
      ),
      'package-lock.json': lock,
      'index.html': page,
      'src/main.js': 'console.log(import.meta.env.VITE_CLUB);\n',
      'server/tsconfig.json': '{ "compilerOptions": { "outDir": "../build", "rootDir": ".", "module": "nodenext" } }',
      'server/index.ts': `${express}app.use(express.static('dist'));\n${listens}`,
    };
    const { plan, stages, copied } = await shipped(files);
    expect(copied).toEqual(expect.arrayContaining(['build /app/build', 'build /app/dist']));
    expect(stages.map(({ name }) => name)).not.toContain('pages');
    expect(Object.keys(plan.images['app']?.args ?? {})).toEqual(['VITE_CLUB']);
  });

  const beside = (source: string, folder: string): Files => ({
    'package.json': JSON.stringify({
      name: 'club',
      scripts: {
        build: `npm install --prefix api && npm run build --prefix ${folder}`,
        start: 'npm run start --prefix api',
      },
    }),
    'api/package.json': manifest({ start: 'node src/index.js' }, { express: '5.1.0' }, { type: 'module' }),
    'api/package-lock.json': lock,
    'api/src/index.js': source,
    ...vite(folder),
  });

  it.each([
    [
      'from the working folder',
      beside(
        `${express}const root = path.resolve();\napp.use(express.static(path.join(root, '../web/dist')));\n${listens}`,
        'web',
      ),
      'web',
    ],
    [
      'from the module',
      beside(
        `${express}app.use(express.static(path.join(import.meta.dirname, '../../client/dist')));\n${listens}`,
        'client',
      ),
      'client',
    ],
    [
      'as one page',
      beside(
        `${express}app.get('/*splat', (_, response) => response.sendFile(path.resolve('../ui/dist/index.html')));\n${listens}`,
        'ui',
      ),
      'ui',
    ],
  ])('lie beside the server, whose image holds both: %s', async (_, files, folder) => {
    const { plan, copied } = await shipped(files);
    expect(copied).toContain(`pages-${folder} /app/${folder}/dist`);
    expect(plan.images['app']?.context.root).toBe('.');
    expect(plan.images['app']?.dockerfile).toBe('api/Dockerfile');
  });

  it('are an application of their own where the server beside them gives out none', async () => {
    const files = beside(`${express}app.get('/', (_, response) => response.send('../web'));\n${listens}`, 'web');
    await expect(factsOf(files)).rejects.toThrow('one app was expected, not 2');
  });

  it('bring their own packages, files of variables, and what an old bundler needs', async () => {
    const old = {
      ...react('client'),
      'client/package-lock.json':
        '{ "lockfileVersion": 3, "packages": { "node_modules/webpack": { "version": "4.44.2" } } }',
      'client/.env.production': 'REACT_APP_CLUB=chess\n',
    };
    const { plan, stages } = await shipped(
      server(`${express}app.use(express.static('client/build'));\n${listens}`, old),
    );
    const names = stages.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['pages-client-deps', 'pages-client']));
    expect(names.indexOf('pages-client-deps')).toBeLessThan(names.indexOf('pages-client'));
    const built = stages.find(({ name }) => name === 'pages-client')?.steps ?? [];
    expect(built).toContainEqual(
      expect.objectContaining({ do: 'env', values: { NODE_OPTIONS: '--openssl-legacy-provider' } }),
    );
    expect(plan.images['app']?.context.leavesOut.flatMap(({ patterns }) => patterns)).toContain(
      '!client/.env.production',
    );
  });

  it.each([
    [
      'they are in the repository',
      server(`${express}app.use(express.static('client/build'));\n${listens}`, {
        ...react('client'),
        'client/build/index.html': '<p>made</p>',
      }),
    ],
    ['nothing makes such a folder', server(`${express}app.use(express.static('uploads'));\n${listens}`, react('site'))],
    [
      'the build script makes no pages',
      {
        ...server(`${express}app.use(express.static('dist'));\n${listens}`),
        'package.json': manifest(
          { build: 'prettier --check .', start: 'node server.js' },
          { express: '5.1.0' },
          { type: 'module' },
        ),
      },
    ],
  ])('are left as they are where %s', async (_, files) => {
    const facts = await factsOf(files);
    expect(detailsOf(facts).pages).toBeUndefined();
  });
});
