/** Knex (https://knexjs.org/guide/migrations.html): `knex migrate:latest` applies the migrations in the folder that its knexfile sets. */
import type { Detection, Migrator } from '../contract.ts';

export const detection: Detection = {
  name: 'knex-migrate',
  title: 'Knex',
  role: 'migrator',
  dependencies: ['knex'],
  programs: ['knex'],
};

export const migrator: Migrator = {
  development: (argv) => argv.some((word) => /^migrate:(make|down|rollback)$|^seed:/.test(word)),
  migrates: (argv) => argv.some((word) => /^migrate:(latest|up)$/.test(word)),
  usual: (files) => {
    const knexfile = files.find((file) => /^knexfile\.[cm]?js$/.test(file));
    const has = files.some((file) => /(^|\/)migrations\/[^/]+\.[cm]?js$/.test(file));
    return knexfile !== undefined && has ? ['knex', 'migrate:latest', '--knexfile', knexfile] : undefined;
  },
  calls: [{ modules: /^knex$/, name: 'migrate.latest' }],
};
