/** TypeORM (https://typeorm.io/docs/migrations/executing): `typeorm migration:run -d DATA_SOURCE`; only the project knows its data source. */
import type { Detection, Migrator } from '../contract.ts';

export const detection: Detection = {
  name: 'typeorm-migrate',
  title: 'TypeORM',
  role: 'migrator',
  dependencies: ['typeorm'],
  programs: ['typeorm', 'typeorm-ts-node-commonjs', 'typeorm-ts-node-esm'],
};

export const migrator: Migrator = {
  development: (argv) => argv.some((word) => /^migration:(generate|create|revert)$|^schema:/.test(word)),
  migrates: (argv) => argv.includes('migration:run'),
  usual: () => undefined,
  calls: [{ modules: /^typeorm$/, name: 'runMigrations' }],
};
