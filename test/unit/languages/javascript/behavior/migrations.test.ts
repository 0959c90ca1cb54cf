import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../../support/facts.ts';

const noteOf = async (dependencies: Readonly<Record<string, string>>, text: string, more = {}) => {
  const manifest = {
    name: 'shop',
    scripts: { start: 'node index.js' },
    engines: { node: '24' },
    dependencies,
    ...more,
  };
  const facts = await factsOf({ 'package.json': JSON.stringify(manifest), 'index.js': text });
  return facts.notes.find((one) => one.code === 'migrates-itself')?.message;
};

describe('an application that migrates its database when it starts', () => {
  it.each([
    [
      'Knex',
      { knex: '3', pg: '8' },
      "import Knex from 'knex';\nconst db = Knex({ client: 'pg' });\nawait db.migrate.latest();",
      { type: 'module' },
    ],
    [
      'Drizzle',
      { 'drizzle-orm': '1', 'drizzle-kit': '1', pg: '8' },
      "import { migrate } from 'drizzle-orm/node-postgres/migrator';\nawait migrate(db, { migrationsFolder: 'drizzle' });",
      { type: 'module' },
    ],
    [
      'node-pg-migrate',
      { 'node-pg-migrate': '8', pg: '8' },
      "import { runner } from 'node-pg-migrate';\nawait runner({ dir: 'migrations' });",
      { type: 'module' },
    ],
  ])('is told what several replicas would do, and what does it once: %s', async (_, dependencies, text, more) => {
    const message = await noteOf(dependencies, text, more);
    expect(message).toMatch(/migrations.*several replicas.*at the same time/);
    expect(message).toContain('"migrate"');
  });

  it('is told nothing where it does not', async () => {
    expect(
      await noteOf({ knex: '3' }, "import Knex from 'knex';\nKnex({ client: 'pg' });", { type: 'module' }),
    ).toBeUndefined();
  });
});

describe('a script of another name that migrates', () => {
  const command = async (scripts: Record<string, string>, dependencies: object, files: Record<string, string> = {}) => {
    const manifest = {
      name: 'shop',
      scripts: { start: 'node index.js', ...scripts },
      engines: { node: '24' },
      dependencies,
    };
    const facts = await factsOf({ 'package.json': JSON.stringify(manifest), 'index.js': '', ...files });
    return facts.migration?.value.argv;
  };

  it('keeps the loader that its settings need: the tool alone could not read them', async () => {
    const through = ['npm', 'run', 'migration:up'];
    for (const loader of [
      './node_modules/.bin/ts-node ./node_modules/.bin/typeorm',
      'ts-node -r tsconfig-paths/register ./node_modules/typeorm/cli.js',
      'node --require ts-node/register ./node_modules/typeorm/cli.js',
    ]) {
      const scripts = { 'migration:up': `${loader} migration:run -d src/data-source.ts` };
      expect(await command(scripts, { typeorm: '0.3' })).toEqual(through);
      expect(await command({ revert: `${loader} migration:revert -d src/data-source.ts` }, { typeorm: '0.3' })).toBe(
        undefined,
      );
    }
    const plain = { 'migration:up': 'node ./node_modules/.bin/typeorm migration:run -d dist/data-source.js' };
    expect(await command(plain, { typeorm: '0.3' })).toEqual([
      'node_modules/.bin/typeorm',
      'migration:run',
      '-d',
      'dist/data-source.js',
    ]);
  });

  it("is Sequelize's too, by its script or by its settings where these are a program", async () => {
    const own = ['node_modules/.bin/sequelize-cli', 'db:migrate'];
    const files = { 'src/migrations/01-first.js': '', '.sequelizerc': '' };
    const tool = { 'sequelize-cli': '6', sequelize: '6' };
    expect(await command({ 'db:migrate': 'sequelize-cli db:migrate' }, tool)).toEqual(own);
    expect(await command({ up: 'npx sequelize db:migrate' }, tool)).toEqual([
      'node_modules/.bin/sequelize',
      'db:migrate',
    ]);
    expect(await command({ undo: 'sequelize-cli db:migrate:undo' }, tool)).toBeUndefined();
    expect(await command({}, tool, files)).toEqual(own);
    expect(await command({}, tool, { 'migrations/01.js': '', 'config/config.json': '{}' })).toBeUndefined();
    expect(await command({}, { sequelize: '6' }, files)).toBeUndefined();
  });
});

describe('a schema without migrations', () => {
  const facts = (provider: string, more: Record<string, string> = {}, config = {}) =>
    factsOf(
      {
        'package.json': JSON.stringify({
          name: 'shop',
          type: 'module',
          scripts: { start: 'node index.js' },
          engines: { node: '24' },
          dependencies: { prisma: '7.0.0', '@prisma/client': '7.0.0' },
        }),
        'index.js': "import { PrismaClient } from './database/client/index.js';\nnew PrismaClient();\n",
        'prisma/schema.prisma': `generator client {\n  output = "../database/client" // beside the code\n}\ndatasource db {\n  provider = "${provider}"\n}\n`,
        ...more,
      },
      config,
    );
  const codes = async (...of: Parameters<typeof facts>) => (await facts(...of)).notes.map(({ code }) => code);

  it.each(['postgresql', 'mysql', 'sqlite'])('leaves the database empty, which is said: %s', async (provider) => {
    const { notes } = await facts(provider);
    expect(notes.find(({ code }) => code === 'nothing-migrates')?.message).toMatch(/migrate dev.*"migrate"/);
  });

  it('is said of none that has migrations, has no tables, or has a command for them', async () => {
    expect(await codes('postgresql', { 'prisma/migrations/1/migration.sql': 'select 1;' })).not.toContain(
      'nothing-migrates',
    );
    expect(await codes('mongodb')).not.toContain('nothing-migrates');
    expect(await codes('postgresql', {}, { migrate: ['npx', 'prisma', 'db', 'push'] })).not.toContain(
      'nothing-migrates',
    );
  });

  it('makes its client where it says, so that nothing is missing there', async () => {
    expect(await codes('postgresql')).not.toContain('missing-import');
    const other = "import { PrismaClient } from './database/other.js';\nnew PrismaClient();\n";
    expect(await codes('postgresql', { 'index.js': other })).toContain('missing-import');
  });
});

describe('where the schema of Prisma is', () => {
  const schema =
    'generator client {\n  provider = "prisma-client-js"\n}\ndatasource db {\n  provider = "mysql"\n  url = env("DB")\n}\n';
  const facts = (files: Record<string, string>, more: object = {}) =>
    factsOf({
      'package.json': JSON.stringify({
        name: 'shelf',
        scripts: { start: 'node index.js' },
        engines: { node: '24' },
        dependencies: { prisma: '6.19.0', '@prisma/client': '6.19.0' },
        ...more,
      }),
      'index.js':
        "const { PrismaClient } = require('@prisma/client');\nnew PrismaClient();\nsetInterval(() => {}, 1000);\n",
      ...files,
    });
  const of = (path: string) => ({
    [path]: schema,
    [`${path.replace(/[^/]*$/, '')}migrations/1_init/migration.sql`]: 'select 1;',
  });
  const migrate = ['node_modules/.bin/prisma', 'migrate', 'deploy'];

  it.each([
    ['by itself', of('prisma/schema.prisma'), {}, []],
    ['by the manifest', of('src/db/schema.prisma'), { prisma: { schema: 'src/db/schema.prisma' } }, []],
    ['by a folder of the manifest', of('data/models/book.prisma'), { prisma: { schema: './data/models' } }, []],
    [
      'by its settings',
      {
        'prisma.config.ts':
          "import path from 'node:path';\nexport default { schema: path.join('src', 'db', 'main.prisma') };\n",
        ...of('src/db/main.prisma'),
      },
      {},
      [],
    ],
    ['by a flag, where there is only one', of('database/main.prisma'), {}, ['--schema', 'database/main.prisma']],
  ])('is found %s', async (_, files, more, flag) => {
    const found = await facts(files, more);
    expect(found.generators.map(({ value }) => value.argv)).toEqual([['prisma', 'generate', ...flag]]);
    expect(found.migration).toMatchObject({ value: { argv: [...migrate, ...flag] } });
    expect(found.services.map(({ service }) => service)).toEqual(['mariadb']);
  });

  it('lies with its settings, whose migrations are elsewhere', async () => {
    const settings = "export default { schema: 'db/a.prisma', migrations: { path: 'sql' } };\n";
    const files = { 'prisma.config.ts': settings, 'db/a.prisma': schema, 'sql/1/migration.sql': 'select 1;' };
    expect((await facts(files)).migration).toMatchObject({ value: { argv: migrate } });
  });

  it('is not known of two that are nowhere named', async () => {
    const found = await facts({ 'one/a.prisma': schema, 'two/b.prisma': schema });
    expect(found.generators).toEqual([]);
    expect(found.migration).toBeUndefined();
  });
});
