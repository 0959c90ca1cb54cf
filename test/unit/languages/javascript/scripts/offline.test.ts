import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../../../src/plan/plan.ts';
import { factsOf } from '../../../../support/facts.ts';

type Files = Readonly<Record<string, string>>;

const factsFor = (scripts: object, dependencies: object, more: Files = {}) =>
  factsOf({
    'package.json': JSON.stringify({ name: 'tickets', scripts, engines: { node: '24' }, dependencies }),
    'package-lock.json': '{ "lockfileVersion": 3, "packages": {} }',
    ...more,
  });

const prisma: Files = {
  'prisma/schema.prisma': 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n',
  'prisma/migrations/1_first/migration.sql': 'select 1;',
};
const next: Files = { ...prisma, 'app/page.tsx': 'export default () => <p>Tickets</p>;\n' };
const kit: Files = {
  ...prisma,
  'svelte.config.js':
    "import adapter from '@sveltejs/adapter-node';\nexport default { kit: { adapter: adapter() } };\n",
  'src/routes/+server.ts': "export const GET = () => new Response('ok');\n",
};
const client = { prisma: '6.1.0', '@prisma/client': '6.1.0' };

describe('a build script that changes the database', () => {
  it.each([
    [
      'before everything',
      { build: 'prisma generate && prisma migrate deploy && next build', start: 'next start' },
      { next: '16.0.0', react: '19.0.0', ...client },
      next,
      ['sh', '-c', 'npx --no-install prisma generate && npx --no-install next build'],
    ],
    [
      'behind everything',
      { build: 'vite build && npx prisma migrate deploy' },
      { '@sveltejs/kit': '2.0.0', '@sveltejs/adapter-node': '5.0.0', vite: '7.0.0', ...client },
      kit,
      ['npx', '--no-install', 'vite', 'build'],
    ],
    [
      'in a script that runs behind it by its name',
      {
        build: 'next build',
        postbuild: 'npm run deploy:db',
        'deploy:db': 'prisma migrate deploy',
        start: 'next start',
      },
      { next: '16.0.0', react: '19.0.0', ...client },
      next,
      ['npx', '--no-install', 'next', 'build'],
    ],
    [
      'of an API, for development',
      { build: 'prisma db push && tsc', start: 'node dist/index.js' },
      { typescript: '5.9.0', ...client },
      { ...prisma, 'src/index.ts': "import http from 'node:http';\nhttp.createServer().listen(3000);\n" },
      ['npx', '--no-install', 'tsc'],
    ],
  ])(
    'builds without that, and the job applies the migrations alone: %s',
    async (_, scripts, dependencies, files, argv) => {
      const facts = await factsFor(scripts, dependencies, files);
      expect(facts.commands.build?.value.argv).toEqual(argv);
      expect(facts.migration?.value.argv).toEqual(['node_modules/.bin/prisma', 'migrate', 'deploy']);
      const note = facts.notes.find(({ code }) => code === 'build-changes-database');
      expect(note?.message).toMatch(
        /^the script build runs `prisma (migrate deploy|db push)`, which needs the database/,
      );
    },
  );

  it.each([
    ['what makes the client', { build: 'prisma generate && next build', start: 'next start' }],
    ['what writes migrations', { build: 'drizzle-kit generate && next build', start: 'next start' }],
    [
      'commands that run beside each other',
      { build: 'prisma migrate deploy && tailwindcss -o a.css & next build', start: 'next start' },
    ],
  ])('runs as it is: %s', async (_, scripts) => {
    const facts = await factsFor(
      scripts,
      { next: '16.0.0', react: '19.0.0', 'drizzle-kit': '0.31.0', ...client },
      next,
    );
    expect(facts.commands.build?.value.argv).toEqual(['npm', 'run', 'build']);
    expect(facts.notes.map(({ code }) => code)).not.toContain('build-changes-database');
  });

  const react = { next: '16.0.0', react: '19.0.0' };
  it.each([
    [
      'calls what applies them',
      { build: 'tsx tools/db/apply && next build', start: 'next start' },
      { ...react, tsx: '4.21.0', 'drizzle-orm': '0.45.0', 'drizzle-kit': '0.31.0' },
      {
        'tools/db/apply.ts':
          "import { migrate } from 'drizzle-orm/postgres-js/migrator';\nimport { db } from './db';\nawait migrate(db, { migrationsFolder: 'drizzle' });\n",
      },
      ['npx', '--no-install', 'next', 'build'],
    ],
    [
      'starts the tool by its command',
      {
        build: 'npm-run-all check:db pages',
        'check:db': 'node tools/check.js',
        pages: 'next build',
        start: 'next start',
      },
      { ...react, ...client, 'npm-run-all': '4.1.5' },
      {
        'tools/check.js': "require('node:child_process').execSync('prisma migrate deploy');\n",
      },
      ['npx', '--no-install', 'next', 'build'],
    ],
    [
      'starts it through the package manager',
      { build: 'node tools/prepare.mjs && next build', start: 'next start' },
      { ...react, ...client },
      {
        'tools/prepare.mjs': "import { execSync } from 'node:child_process';\nexecSync('npx prisma migrate deploy');\n",
      },
      ['npx', '--no-install', 'next', 'build'],
    ],
  ])('leaves out a program of the project that %s', async (_, scripts, dependencies, files, argv) => {
    const facts = await factsFor(scripts, dependencies, { ...next, ...files });
    expect(facts.commands.build?.value.argv).toEqual(argv);
  });

  it('runs a program of the project that only speaks of it', async () => {
    const files = { 'tools/hint.js': "console.log('now run prisma migrate deploy');\n" };
    const scripts = { build: 'node tools/hint.js && next build', start: 'next start' };
    const facts = await factsFor(scripts, { ...react, ...client }, { ...next, ...files });
    expect(facts.commands.build?.value.argv).toEqual(['npm', 'run', 'build']);
  });
});

describe('settings of a migrator that ask for a variable', () => {
  const settings = (call: string) =>
    `import { defineConfig, env } from 'prisma/config';\nexport default defineConfig({ schema: 'prisma/schema.prisma', datasource: { url: ${call} } });\n`;
  const api: Files = {
    ...prisma,
    'src/index.ts': "import http from 'node:http';\nhttp.createServer().listen(3000);\n",
  };
  const stagesOf = async (files: Files, scripts: object, dependencies: object) => {
    const facts = await factsFor(scripts, dependencies, files);
    const plan = await makePlan({ facts, specification: undefined, config: {}, read: (file) => files[file] });
    const stages = plan.images['app']?.stages ?? [];
    return stages.flatMap(({ name, steps }) =>
      steps.flatMap((step) =>
        step.do === 'run' && step.argv ? [{ name, line: step.argv.join(' '), env: step.env }] : [],
      ),
    );
  };
  const standIn = { DATABASE_URL: 'postgresql://build:build@127.0.0.1:1/build' };

  it('get what stands for it wherever the client is made', async () => {
    const files = { ...api, 'prisma.config.ts': settings("env('DATABASE_URL')") };
    const runs = await stagesOf(
      files,
      { build: 'tsc', start: 'node dist/index.js' },
      { typescript: '5.9.0', ...client },
    );
    const made = runs.filter(({ line }) => line.includes('prisma generate'));
    expect(made.map(({ name }) => name)).toEqual(expect.arrayContaining(['development', 'build']));
    for (const { env } of made) expect(env).toEqual(standIn);
  });

  it('get it in a build that makes the client itself, and in a script of installing', async () => {
    const files = { ...next, 'prisma.config.ts': settings("env('DATABASE_URL')") };
    const built = await stagesOf(
      files,
      { build: 'prisma generate && next build', start: 'next start' },
      { next: '16.0.0', react: '19.0.0', ...client },
    );
    expect(built.find(({ name, line }) => name === 'build' && line === 'npm run build')?.env).toMatchObject(standIn);
    const installed = await stagesOf(
      files,
      { postinstall: 'prisma generate', build: 'next build', start: 'next start' },
      { next: '16.0.0', react: '19.0.0', ...client },
    );
    expect(installed.find(({ name, line }) => name === 'build' && line.includes('postinstall'))?.env).toEqual(standIn);
  });

  it('get nothing where they take what is there', async () => {
    const files = { ...api, 'prisma.config.ts': settings('process.env.DATABASE_URL') };
    const runs = await stagesOf(
      files,
      { build: 'tsc', start: 'node dist/index.js' },
      { typescript: '5.9.0', ...client },
    );
    for (const { env } of runs.filter(({ line }) => line.includes('prisma generate'))) expect(env).toBeUndefined();
  });
});
