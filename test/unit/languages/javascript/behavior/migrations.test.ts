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
