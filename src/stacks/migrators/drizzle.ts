/** Drizzle Kit (https://orm.drizzle.team/docs/drizzle-kit-migrate): `drizzle-kit migrate` applies the folder that its configuration names. */
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

export const migrator: Migrator = {
  development: (argv) => ['push', 'generate', 'studio', 'drop'].some((word) => argv[1]?.startsWith(word)),
  migrates: (argv) => argv[1]?.startsWith('migrate') === true,
  usual: (files) =>
    files.some((file) => /^drizzle\.config\.[cm]?[jt]s$/.test(file)) && files.some(isMigration)
      ? ['drizzle-kit', 'migrate']
      : undefined,
  lacks: (files) => !files.some(isMigration),
  calls: [{ modules: /^drizzle-orm\/.+\/migrator$/, name: 'migrate', folder: 'migrationsFolder' }],
};
