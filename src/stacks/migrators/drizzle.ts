/** Drizzle Kit (https://orm.drizzle.team/docs/drizzle-kit-migrate): `drizzle-kit migrate` applies the migrations in the folder that its configuration sets. */
import { intersects, validRange } from 'semver';
import type { Detection, Migrator } from '../contract.ts';

export const detection: Detection = {
  name: 'drizzle',
  title: 'Drizzle Kit',
  role: 'migrator',
  dependencies: ['drizzle-kit'],
  programs: ['drizzle-kit'],
};

/** The list of migrations, or one of those that version 1 keeps in a folder each. */
const isMigration = (file: string): boolean => file.endsWith('/meta/_journal.json') || file.endsWith('/migration.sql');

/** Its command came with 0.21 (https://orm.drizzle.team/docs/upgrade-21). A range that is none, such as `latest`, is a new one. */
const hasMigrate = (range: string): boolean => validRange(range) === null || intersects(range, '>=0.21.0');

export const migrator: Migrator = {
  development: (argv) => ['push', 'generate', 'studio', 'drop'].some((word) => argv[1]?.startsWith(word)),
  migrates: (argv) => argv[1]?.startsWith('migrate') === true,
  usual: (files, range) =>
    hasMigrate(range) && files.some((file) => /^drizzle\.config\.[cm]?[jt]s$/.test(file)) && files.some(isMigration)
      ? ['drizzle-kit', 'migrate']
      : undefined,
  lacks: (files) => !files.some(isMigration),
  calls: [{ modules: /^drizzle-orm\/.+\/migrator$/, name: 'migrate', folder: 'migrationsFolder' }],
};
