import { describe, expect, it } from 'vitest';
import { inspect } from '../../../../../src/inspect/inspect.ts';
import { Facts } from '../../../../../src/model/facts.ts';
import { memoryProject } from '../../../../../src/project/memory.ts';

type Files = Readonly<Record<string, string>>;

const json = (value: object) => JSON.stringify(value);

async function factsAt(files: Files, root: string): Promise<Facts> {
  const { apps } = await inspect(memoryProject(files));
  const found = apps.find((app) => app.root === root);
  if (!found) throw new Error(`${root} is none of ${apps.map((app) => app.root).join(', ')}`);
  return Facts.parse(found);
}

const api = {
  name: 'api',
  private: true,
  scripts: { start: 'node server.js' },
  dependencies: { prisma: '6.1.0', '@prisma/client': '6.1.0' },
};
const own: Files = {
  'apps/api/server.js': "require('node:http').createServer().listen(3000);",
  'apps/api/prisma/schema.prisma': 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n',
  'apps/api/prisma/migrations/1_init/migration.sql': 'select 1;',
};
const npmLock = (packages: object) =>
  json({ name: 'shop', lockfileVersion: 3, packages: { '': {}, 'apps/api': {}, ...packages } });

describe('the program that applies migrations', () => {
  const programOf = async (files: Files, root = 'apps/api') =>
    (await factsAt({ ...own, ...files }, root)).migration?.value.argv[0];
  const root = (more: object = {}) => json({ name: 'shop', private: true, workspaces: ['apps/*'], ...more });
  const member = { 'apps/api/package.json': json(api) };

  it('lies with the packages of the root where the manager puts them there', async () => {
    const hoisted = npmLock({ 'node_modules/prisma': { version: '6.1.0' } });
    expect(await programOf({ ...member, 'package.json': root(), 'package-lock.json': hoisted })).toBe(
      '../../node_modules/.bin/prisma',
    );
    const yarn = { 'package.json': root(), 'yarn.lock': '# yarn lockfile v1\n' };
    expect(await programOf({ ...member, ...yarn })).toBe('../../node_modules/.bin/prisma');
  });

  it('lies beside the member where the manager puts it there', async () => {
    const nested = npmLock({ 'apps/api/node_modules/prisma': { version: '6.1.0' } });
    expect(await programOf({ ...member, 'package.json': root(), 'package-lock.json': nested })).toBe(
      'node_modules/.bin/prisma',
    );
    const pnpm = {
      'package.json': json({ name: 'shop', private: true }),
      'pnpm-workspace.yaml': 'packages: ["apps/*"]\n',
      'pnpm-lock.yaml': "lockfileVersion: '9.0'\nimporters:\n  .: {}\n  apps/api: {}\n",
    };
    expect(await programOf({ ...member, ...pnpm })).toBe('node_modules/.bin/prisma');
  });

  it('lies in the root where the root alone names it', async () => {
    const { prisma: _prisma, ...dependencies } = api.dependencies;
    const files = {
      'package.json': json({ name: 'shop', private: true, devDependencies: { prisma: '6.1.0' } }),
      'pnpm-workspace.yaml': 'packages: ["apps/*"]\n',
      'pnpm-lock.yaml': "lockfileVersion: '9.0'\nimporters:\n  .: {}\n  apps/api: {}\n",
      'apps/api/package.json': json({ ...api, dependencies }),
    };
    // the client is beside the member, the program is not
    expect(await programOf(files)).toBe('../../node_modules/.bin/prisma');
  });

  it('lies beside an application that is alone', async () => {
    const alone = Object.fromEntries(Object.entries(own).map(([path, text]) => [path.replace('apps/api/', ''), text]));
    const facts = await factsAt({ ...alone, 'package.json': json(api) }, '.');
    expect(facts.migration?.value.argv).toEqual(['node_modules/.bin/prisma', 'migrate', 'deploy']);
  });
});

describe('the database that the settings of a mapper name', () => {
  const servicesOf = async (files: Files) => (await factsAt(files, 'apps/api')).services.map(({ service }) => service);
  const around = (dependencies: object, text: string): Files => ({
    'package.json': json({ name: 'shop', private: true, workspaces: ['apps/*', 'packages/*'] }),
    'apps/api/package.json': json({ name: 'api', private: true, scripts: { start: 'node server.mjs' }, dependencies }),
    'apps/api/server.mjs': `${text}\nimport { createServer } from 'node:http';\ncreateServer().listen(3000);`,
  });

  it('is that of the schema in the package that holds the client', async () => {
    const files = {
      ...around({ '@shop/db': '*' }, "import { db } from '@shop/db';"),
      'packages/db/package.json': json({ name: '@shop/db', main: 'index.js', dependencies: { '@prisma/client': '6' } }),
      'packages/db/index.js': "const { PrismaClient } = require('@prisma/client');\nexports.db = new PrismaClient();",
      'packages/db/prisma/schema.prisma': 'datasource db {\n  provider = "mysql"\n  url = env("STORE_URL")\n}\n',
    };
    const facts = await factsAt(files, 'apps/api');
    expect(facts.services.map(({ service }) => service)).toEqual(['mariadb']);
    expect(facts.variables.find(({ name }) => name === 'STORE_URL')).toMatchObject({ service: 'mariadb', part: 'url' });
  });

  it('is that of the configuration of Drizzle Kit two steps away', async () => {
    const files = {
      ...around({ '@shop/core': '*' }, "import { list } from '@shop/core';"),
      'packages/core/package.json': json({ name: '@shop/core', main: 'index.mjs', dependencies: { '@shop/db': '*' } }),
      'packages/core/index.mjs': "import { db } from '@shop/db';\nexport const list = () => db.select();",
      'packages/db/package.json': json({ name: '@shop/db', main: 'index.mjs', dependencies: { 'drizzle-orm': '1' } }),
      'packages/db/index.mjs':
        "import { drizzle } from 'drizzle-orm';\nexport const db = drizzle(process.env.DATABASE_URL);",
      'packages/db/drizzle.config.ts': "export default { dialect: 'postgresql', out: './drizzle' };",
    };
    expect(await servicesOf(files)).toEqual(['postgres']);
  });

  it('is not that of a package that the application does not need', async () => {
    const files = {
      ...around({ '@prisma/client': '6' }, "import { PrismaClient } from '@prisma/client';\nnew PrismaClient();"),
      'packages/other/package.json': json({ name: '@shop/other' }),
      'packages/other/prisma/schema.prisma': 'datasource db {\n  provider = "mysql"\n}\n',
    };
    expect(await servicesOf(files)).toEqual([]);
  });
});

describe('a client of Prisma that is generated into a folder of the project', () => {
  it.each([
    ['@prisma/adapter-pg', 'PrismaPg', 'connectionString', 'postgres'],
    ['@prisma/adapter-mariadb', 'PrismaMariaDb', 'host', 'mariadb'],
    ['@prisma/adapter-better-sqlite3', 'PrismaBetterSqlite3', 'url', 'sqlite'],
  ])('is of the database of its driver %s', async (driver, name, option, service) => {
    const files = {
      'package.json': json({
        name: 'shop',
        scripts: { start: 'node server.mjs' },
        dependencies: { [driver]: '7', '@prisma/client': '7' },
      }),
      'server.mjs': `import { createServer } from 'node:http';
import { ${name} } from '${driver}';
import { PrismaClient } from './generated/prisma/client.js';
export const db = new PrismaClient({ adapter: new ${name}({ ${option}: process.env.PLACE }) });
createServer().listen(3000);`,
    };
    const facts = await factsAt(files, '.');
    expect(facts.services.map((one) => one.service)).toEqual([service]);
  });
});

describe('migrations that a package of the repository holds', () => {
  const shop = (db: object, more: Files = {}): Files => ({
    'package.json': json({ name: 'shop', private: true, workspaces: ['apps/*', 'packages/*'] }),
    'package-lock.json': npmLock({}),
    ...Object.fromEntries(
      ['api', 'worker'].flatMap((name) => [
        [
          `apps/${name}/package.json`,
          json({ name, private: true, scripts: { start: 'node server.mjs' }, dependencies: { '@shop/db': '*' } }),
        ],
        [
          `apps/${name}/server.mjs`,
          "import { db } from '@shop/db';\nimport { createServer } from 'node:http';\ncreateServer(db).listen(3000);",
        ],
      ]),
    ),
    'packages/db/package.json': json({ name: '@shop/db', main: 'index.mjs', ...db }),
    'packages/db/index.mjs':
      "import pg from 'pg';\nexport const db = new pg.Pool({ connectionString: process.env.DATABASE_URL });",
    ...more,
  });
  const jobOf = async (files: Files, root = 'apps/api') => {
    const { migration } = await factsAt(files, root);
    return migration && [migration.value.folder, migration.value.argv.join(' ')];
  };
  const prisma = { dependencies: { pg: '8', prisma: '6' } };
  const written = { 'packages/db/prisma/migrations/1_init/migration.sql': 'select 1;' };

  it('are applied in its folder, by what its own scripts or files say', async () => {
    expect(await jobOf(shop(prisma, written))).toEqual([
      'packages/db',
      '../../node_modules/.bin/prisma migrate deploy',
    ]);
    const drizzle = { scripts: { 'db:migrate': 'drizzle-kit migrate' }, devDependencies: { 'drizzle-kit': '1' } };
    const journal = { 'packages/db/drizzle/meta/_journal.json': '{}' };
    expect(await jobOf(shop(drizzle, journal))).toEqual(['packages/db', '../../node_modules/.bin/drizzle-kit migrate']);
    const script = { scripts: { migrate: 'node migrate.mjs' }, devDependencies: { knex: '3' } };
    expect(await jobOf(shop(script))).toEqual(['packages/db', 'npm run migrate']);
  });

  it('are applied by one of the applications that use it, and the others say by which', async () => {
    const facts = await factsAt(shop(prisma, written), 'apps/worker');
    expect(facts.migration).toBeUndefined();
    expect(facts.notes.find(({ code }) => code === 'migrates-elsewhere')?.message).toContain('apps/api');
  });

  it('are none where there is nothing to apply, and where the application does not need the package', async () => {
    const drizzle = { scripts: { 'db:migrate': 'drizzle-kit migrate' }, devDependencies: { 'drizzle-kit': '1' } };
    expect(await jobOf(shop(drizzle))).toBeUndefined();
    const apart = {
      'apps/api/package.json': json({ name: 'api', private: true, scripts: { start: 'node server.mjs' } }),
    };
    const files = shop(prisma, { ...written, ...apart, 'apps/api/server.mjs': "import 'node:http';" });
    expect(await jobOf(files)).toBeUndefined();
  });
});
