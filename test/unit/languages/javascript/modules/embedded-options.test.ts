import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../../support/facts.ts';

/** What the app writes, which services it uses, and whether it is unclear which. */
async function found(text: string, more: Readonly<Record<string, string>> = {}) {
  const facts = await factsOf({
    'package.json': JSON.stringify({ name: 'shop', type: 'module', scripts: { start: 'node index.js' } }),
    'index.js': `import { createServer } from 'node:http';\n${text}\ncreateServer(() => {}).listen(3000);\n`,
    ...more,
  });
  return {
    writes: facts.writes.map(({ value }) => value),
    services: facts.services.map(({ service }) => service),
    unclear: facts.notes.some(({ code }) => code === 'service-unclear'),
  };
}

describe('a mapper over a file', () => {
  it.each([
    [
      'Knex',
      "import knex from 'knex';\nknex({ client: 'better-sqlite3', connection: { filename: './store/app.db' } });",
    ],
    ['Knex, with the name alone', "import knex from 'knex';\nknex({ client: 'sqlite3', connection: 'store/app.db' });"],
    [
      'Knex, by variables with defaults',
      "import knex from 'knex';\nconst file = process.env.KIND === 'sqlite3';\nknex({ client: process.env.KIND || 'sqlite3', connection: { ...(file && { filename: process.env.PLACE || 'store/data' }), host: process.env.DB_HOST } });",
    ],
    [
      'Sequelize',
      "import { Sequelize } from 'sequelize';\nconst options = { dialect: 'sqlite', storage: 'store/app.db' };\nnew Sequelize(options);",
    ],
    [
      'TypeORM in Nest',
      "import { TypeOrmModule } from '@nestjs/typeorm';\nTypeOrmModule.forRoot({ type: 'sqlite', database: 'store/app.db', synchronize: true });",
    ],
  ])('has a database that is kept: %s', async (_, text) => {
    expect(await found(text)).toEqual({ writes: ['store'], services: ['sqlite'], unclear: false });
  });

  it('is none where that is for developing or for tests', async () => {
    const text = `import knex from 'knex';
const all = { development: { client: 'sqlite3', connection: { filename: './dev.db' } }, test: { client: 'sqlite3', connection: './t/t.db' }, production: { client: 'pg', connection: process.env.DATABASE_URL } };
knex(all.production);`;
    const { writes, services } = await found(text);
    expect(writes).toEqual([]);
    expect(services).not.toContain('sqlite');
  });

  it.each([
    "import { store } from 'some-store';\nstore({ storage: { type: 'file', database: 'store/app.db' } });",
    "import knex from 'knex';\nknex({ client: 'pg', connection: { filename: 'store/app.db', host: process.env.DB_HOST } });",
    "import { Sequelize } from 'sequelize';\nnew Sequelize({ dialect: process.env.DIALECT, storage: 'store/app.db' });",
  ])('is none where it speaks to something else: %s', async (text) => {
    const { writes, services } = await found(text);
    expect(writes).toEqual([]);
    expect(services).not.toContain('sqlite');
  });

  it('is none where the example of the project names another database', async () => {
    const text =
      "import knex from 'knex';\nknex({ client: process.env.DB_CLIENT || 'sqlite3', connection: { filename: 'store/app.db', host: process.env.DB_HOST } });";
    const { writes } = await found(text, { '.env.example': 'DB_CLIENT=pg\nDB_HOST=localhost\n' });
    expect(writes).toEqual([]);
  });

  it('writes nothing in memory', async () => {
    const text = "import { Sequelize } from 'sequelize';\nnew Sequelize({ dialect: 'sqlite', storage: ':memory:' });";
    expect((await found(text)).writes).toEqual([]);
  });
});
