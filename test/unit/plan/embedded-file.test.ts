import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../src/plan/plan.ts';
import { factsOf } from '../../support/facts.ts';

type Files = Readonly<Record<string, string>>;

const serve = "import { createServer } from 'node:http';\ncreateServer().listen(3000);\n";

async function planOf(dependencies: Readonly<Record<string, string>>, files: Files) {
  const manifest = { name: 'shelf', type: 'module', scripts: { start: 'node index.js' }, engines: { node: '24' } };
  const all = { 'package.json': JSON.stringify({ ...manifest, dependencies }), ...files };
  const plan = await makePlan({
    facts: await factsOf(all),
    specification: undefined,
    config: {},
    read: (file) => all[file as keyof typeof all],
  });
  const of = (name: string) => ({
    env: plan.workloads[name]?.env,
    volumes: plan.workloads[name]?.writable.flatMap(({ path, kind }) => (kind === 'volume' ? [path] : [])),
  });
  return { app: of('app'), migrate: of('migrate') };
}

const schema = (provider: string) =>
  `datasource db {\n  provider = "${provider}"\n  url      = env("DATABASE_URL")\n}\n\nmodel Note {\n  id Int @id\n}\n`;
const prisma = { '@prisma/client': '6.19.0', prisma: '6.19.0' };
const client = "import { PrismaClient } from '@prisma/client';\nexport const db = new PrismaClient();\n";

describe('a database that is a file of the app', () => {
  it('lies in a volume, where the settings of Prisma alone name its variable, for the app and for its migrations', async () => {
    const plan = await planOf(prisma, {
      'index.js': `${client}${serve}`,
      'prisma/schema.prisma': schema('sqlite'),
      'prisma/migrations/1_init/migration.sql': 'create table note (id integer);\n',
    });
    for (const { env, volumes } of [plan.app, plan.migrate]) {
      expect(env?.['DATABASE_URL']?.value).toEqual({ from: 'literal', text: 'file:/app/data/app.db' });
      expect(volumes).toEqual(['/app/data']);
    }
  });

  it.each([
    [
      'a path',
      { 'better-sqlite3': '12.0.0' },
      "import Database from 'better-sqlite3';\nif (!process.env.DB_PATH) throw new Error('no DB_PATH');\nexport const db = new Database(process.env.DB_PATH);\n",
      {},
      'DB_PATH',
      '/app/data/app.db',
    ],
    [
      'an address',
      { '@libsql/client': '0.15.0' },
      "import { createClient } from '@libsql/client';\nexport const db = createClient({ url: process.env.DATABASE_URL });\nif (!process.env.DATABASE_URL) throw new Error('no address');\n",
      { '.env.example': 'DATABASE_URL=file:dev.db\n' },
      'DATABASE_URL',
      'file:/app/data/dev.db',
    ],
  ])('is given in the form of %s', async (_, dependencies, source, more, name, text) => {
    const { app } = await planOf(dependencies, { 'index.js': `${source}${serve}`, ...more });
    expect(app.env?.[name]?.value).toEqual({ from: 'literal', text });
    expect(app.volumes).toEqual(['/app/data']);
  });

  it.each([
    [
      'is left to the app, which has a place of its own',
      { 'better-sqlite3': '12.0.0' },
      "import Database from 'better-sqlite3';\nexport const db = new Database(process.env.DB_PATH ?? 'store/shelf.db');\n",
      '',
      'DB_PATH',
    ],
    [
      'is left to its owner where it may be a server',
      { '@libsql/client': '0.15.0' },
      "import { createClient } from '@libsql/client';\nif (!process.env.DATABASE_URL) throw new Error('no address');\nexport const db = createClient({ url: process.env.DATABASE_URL });\n",
      'DATABASE_URL=libsql://shelf.example.com\n',
      'DATABASE_URL',
    ],
  ])('%s', async (_, dependencies, source, example, name) => {
    const { app } = await planOf(dependencies, { 'index.js': `${source}${serve}`, '.env.example': example });
    expect(app.env?.[name]?.value).toMatchObject({ from: 'user' });
  });

  it('is none where Prisma has another database', async () => {
    const { app } = await planOf(prisma, {
      'index.js': `${client}${serve}`,
      'prisma/schema.prisma': schema('postgresql'),
    });
    expect(app.env?.['DATABASE_URL']?.value).not.toMatchObject({ from: 'literal' });
    expect(app.volumes).toEqual([]);
  });
});
