import { describe, expect, it } from 'vitest';
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
});
