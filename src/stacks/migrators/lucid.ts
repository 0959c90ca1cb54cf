/**
 * Lucid of AdonisJS (https://lucid.adonisjs.com/docs/migrations): `node ace migration:run` applies the migrations in `database/migrations`; in
 * production it asks for confirmation unless it is forced.
 */
import type { Detection, Migrator } from '../contract.ts';

export const detection: Detection = {
  name: 'lucid',
  title: 'Lucid',
  role: 'migrator',
  dependencies: ['@adonisjs/lucid'],
  programs: ['ace'],
};

export const migrator: Migrator = {
  development: (argv) =>
    argv.some((word) => /^(make:|db:(wipe|truncate|seed)|migration:(rollback|refresh|reset|fresh))/.test(word)),
  migrates: (argv) => argv.includes('migration:run'),
  usual: (files) =>
    files.some((file) => /^database\/migrations\/[^/]+\.[jt]s$/.test(file))
      ? ['node', 'ace', 'migration:run', '--force']
      : undefined,
  sure: '--force',
  calls: [],
};
