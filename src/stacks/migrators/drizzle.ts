/** Drizzle Kit (https://orm.drizzle.team/docs/drizzle-kit-migrate): `drizzle-kit migrate` applies the folder that its configuration names. */
import type { Detection, Migrator } from '../contract.ts';

export const detection: Detection = {
  name: 'drizzle',
  title: 'Drizzle Kit',
  role: 'migrator',
  dependencies: ['drizzle-kit'],
  programs: ['drizzle-kit'],
};

export const migrator: Migrator = {
  development: (argv) => ['push', 'generate', 'studio', 'drop'].some((word) => argv[1]?.startsWith(word)),
  migrates: (argv) => argv[1]?.startsWith('migrate') === true,
  usual: (files) =>
    files.some((file) => /^drizzle\.config\.[cm]?[jt]s$/.test(file)) &&
    files.some((file) => file.endsWith('/meta/_journal.json'))
      ? ['drizzle-kit', 'migrate']
      : undefined,
  calls: [{ modules: /^drizzle-orm\/.+\/migrator$/, name: 'migrate', folder: 'migrationsFolder' }],
};
