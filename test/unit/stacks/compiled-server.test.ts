import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../src/plan/plan.ts';
import { detailsOf } from '../../../src/stacks/javascript.ts';
import { factsOf } from '../../support/facts.ts';

type Files = Readonly<Record<string, string>>;

const manifest = (scripts: object, dependencies: object) =>
  JSON.stringify({ name: 'harbour', scripts, dependencies, engines: { node: '24' } });
const lock = '{ "lockfileVersion": 3, "packages": {} }';
const express = "import express from 'express';\nconst app = express();\n";

const next: Files = {
  'package.json': manifest(
    {
      dev: 'tsx server/index.ts',
      build: 'next build && tsc -p server',
      start: 'NODE_ENV=production node dist/index.js',
    },
    { next: '15.5.0', react: '19.2.0', express: '5.1.0', typescript: '5.9.0' },
  ),
  'package-lock.json': lock,
  'next.config.js': 'module.exports = {};\n',
  'src/pages/index.tsx': 'export default () => <b>ships</b>;\n',
  'server/tsconfig.json':
    '{ "compilerOptions": { "outDir": "../dist", "module": "commonjs", "resolveJsonModule": true } }',
  'server/index.ts': `import next from 'next';\nimport { version } from './version';\n${express}const pages = next({ dev: false });\npages.prepare().then(() => { app.use(pages.getRequestHandler()); app.listen(process.env.PORT || 3000, () => console.log(version)); });\n`,
  'server/version.ts': "export const { version } = require('../package.json');\n",
};

const copied = async (files: Files) => {
  const facts = await factsOf(files);
  const plan = await makePlan({ facts, specification: undefined, config: {}, read: (file) => files[file] });
  const steps = plan.images['app']?.stages.find(({ name }) => name === 'production')?.steps ?? [];
  return {
    facts,
    plan,
    paths: steps.flatMap((step) => (step.do === 'copy' ? step.sources : [])),
    start: steps.findLast((step) => step.do === 'cmd'),
  };
};

describe('a server of the author that the build compiles, in front of a framework', () => {
  it.each([
    ['Next.js', next, ['/app/.next', '/app/dist'], ['node', 'dist/index.js']],
    [
      'Next.js, compiled into another folder',
      {
        ...next,
        'package.json': manifest(
          { build: 'next build && tsc -p server', start: 'node out/server' },
          { next: '15.5.0', react: '19.2.0', express: '5.1.0', typescript: '5.9.0' },
        ),
        'server/tsconfig.json': '{ "compilerOptions": { "outDir": "../out", "module": "commonjs" } }',
        'server/server.ts': next['server/index.ts'] ?? '',
      },
      ['/app/.next', '/app/out'],
      ['node', 'out/server'],
    ],
    [
      'React Router',
      {
        'package.json': manifest(
          { build: 'react-router build && tsc -p server', start: 'node made/main.js' },
          {
            '@react-router/dev': '7.9.0',
            '@react-router/express': '7.9.0',
            'react-router': '7.9.0',
            express: '5.1.0',
            typescript: '5.9.0',
          },
        ),
        'package-lock.json': lock,
        'react-router.config.ts': 'export default { ssr: true };\n',
        'app/root.tsx': 'export default () => <b>ships</b>;\n',
        'app/routes.ts': 'export default [];\n',
        'server/tsconfig.json': '{ "compilerOptions": { "outDir": "../made", "module": "commonjs" } }',
        'server/main.ts': `${express}const made = await import('../build/server/index.js');\napp.use(made.handler);\napp.listen(3000);\n`,
      },
      ['/app/build', '/app/made'],
      ['node', 'made/main.js'],
    ],
  ])('ships with what that makes, and starts as its author says: %s', async (_, files, expected, argv) => {
    const { facts, paths, start } = await copied(files);
    expect(paths).toEqual(expect.arrayContaining(expected));
    expect(start).toMatchObject({ argv });
    expect(facts.notes.map(({ code }) => code)).not.toContain('start-elsewhere');
  });

  it('is no such server where it hands nothing on', async () => {
    const { facts } = await copied({
      ...next,
      'server/index.ts': `${express}app.listen(process.env.PORT || 3000);\n`,
    });
    expect(detailsOf(facts).fullStack).toBeUndefined();
  });
});

describe('packages that need their install scripts', () => {
  const runs = async (lockfile: string, text: string, scripts: object, dependencies: object) => {
    const files: Files = {
      'package.json': JSON.stringify({
        name: 'harbour',
        scripts: { build: 'gatsby build', ...scripts },
        engines: { node: '22' },
        dependencies: { gatsby: '5.15.0', ...dependencies },
        devDependencies: { husky: '8.0.0' },
      }),
      [lockfile]: text,
      'src/pages/index.js': 'export default () => null;\n',
    };
    const { plan } = await copied(files);
    const stages = plan.images['app']?.stages ?? [];
    const of = (stage: string) =>
      stages
        .filter(({ name }) => name === stage)
        .flatMap(({ steps }) => steps.flatMap((step) => (step.do === 'run' && step.argv ? [step.argv.join(' ')] : [])));
    return { deps: of('deps'), build: of('build') };
  };
  const yarn = (name: string, version: string) =>
    `# yarn lockfile v1\n\n${name}@^${version}:\n  version "${version}"\n`;
  const npm = (name: string, version: string) =>
    JSON.stringify({ lockfileVersion: 3, packages: { [`node_modules/a/node_modules/${name}`]: { version } } });

  it.each([
    ['brought by another, Yarn', 'yarn.lock', yarn('sharp', '0.28.1'), 'npm rebuild'],
    ['brought by another, npm', 'package-lock.json', npm('node-sass', '4.14.1'), 'npm rebuild'],
    ['compiled', 'package-lock.json', npm('better-sqlite3', '12.4.0'), 'npm rebuild'],
  ])('get them beside a script for hooks of git: %s', async (_, lockfile, text, expected) => {
    const { deps } = await runs(lockfile, text, { prepare: 'husky install' }, {});
    expect(deps.at(-2)).toContain('--ignore-scripts');
    expect(deps.at(-1)).toBe(expected);
  });

  it.each([
    ['yarn.lock', yarn('sharp', '0.34.1')],
    ['package-lock.json', npm('esbuild', '0.25.0')],
    ['package-lock.json', npm('left-pad', '1.0.0')],
  ])('are no others: %s %s', async (lockfile, text) => {
    const { deps } = await runs(lockfile, text, { prepare: 'husky install' }, {});
    expect(deps.at(-1)).toContain('--ignore-scripts');
  });

  it('have scripts of the project beside them, which run before a site is built', async () => {
    const { build } = await runs(
      'package-lock.json',
      npm('left-pad', '1.0.0'),
      { postinstall: 'node tools/icons.js' },
      {},
    );
    expect(build).toEqual(['npm run postinstall', 'npm run build']);
  });
});

describe('packages of development that the app loads', () => {
  it('ship with what generators have made among them', async () => {
    const { plan } = await copied({
      'package.json': JSON.stringify({
        name: 'harbour',
        scripts: { start: 'node index.js' },
        engines: { node: '24' },
        dependencies: { '@prisma/client': '6.1.0' },
        devDependencies: { prisma: '6.1.0', ms: '2.1.3' },
      }),
      'package-lock.json': lock,
      'prisma/schema.prisma': 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n',
      'index.js':
        "const ms = require('ms');\nconst { PrismaClient } = require('@prisma/client');\nconst db = new PrismaClient();\nrequire('node:http').createServer((_, r) => r.end(ms(1))).listen(3000);\nmodule.exports = db;\n",
    });
    const modules = plan.images['app']?.stages.find(({ name }) => name === 'modules');
    expect(modules?.from).toEqual({ stage: 'build' });
  });
});
