/** node-pg-migrate (https://salsita.github.io/node-pg-migrate): `node-pg-migrate up` applies `migrations/`; its variable is DATABASE_URL. */
import type { Detection, Migrator } from '../contract.ts';

export const detection: Detection = {
  name: 'node-pg-migrate',
  title: 'node-pg-migrate',
  role: 'migrator',
  dependencies: ['node-pg-migrate'],
  programs: ['node-pg-migrate'],
};

export const migrator: Migrator = {
  development: (argv) => ['create', 'down', 'redo'].some((word) => argv.includes(word)),
  migrates: (argv) => argv.includes('up'),
  usual: (files) =>
    files.some((file) => /^migrations\/.+\.(sql|[cm]?[jt]s)$/.test(file)) ? ['node-pg-migrate', 'up'] : undefined,
  calls: [
    { modules: /^node-pg-migrate$/, name: 'runner' },
    { modules: /^node-pg-migrate$/, name: 'default' },
  ],
};
