/** Alembic (https://alembic.sqlalchemy.org/en/latest/tutorial.html): `alembic upgrade head` applies the migrations in the folder that `alembic.ini` sets. */
import type { Detection } from '../contract.ts';
import type { PythonMigrator } from '../python.ts';

export const detection: Detection = {
  name: 'alembic',
  title: 'Alembic',
  role: 'migrator',
  language: 'python',
  dependencies: ['alembic'],
  files: ['alembic.ini'],
};

export const migrator: PythonMigrator = {
  applies: [{ call: 'alembic.command.upgrade' }],
  command: (files) =>
    files.includes('alembic.ini') && files.some((file) => /(^|\/)versions\/[^/]+\.py$/.test(file))
      ? ['alembic', 'upgrade', 'head']
      : undefined,
};
