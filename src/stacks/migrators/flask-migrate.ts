/** Flask-Migrate (https://flask-migrate.readthedocs.io/en/latest/): `flask db upgrade` applies the folder `migrations`, with the application that it loads. */
import type { Detection } from '../contract.ts';
import type { PythonMigrator } from '../python.ts';

export const detection: Detection = {
  name: 'flask-migrate',
  title: 'Flask-Migrate',
  role: 'migrator',
  language: 'python',
  dependencies: ['flask-migrate'],
};

export const migrator: PythonMigrator = {
  applies: [{ call: 'flask_migrate.upgrade' }],
  command: (files, object) =>
    object && files.some((file) => /^migrations\/versions\/[^/]+\.py$/.test(file))
      ? ['flask', '--app', `${object.module}:${object.name}`, 'db', 'upgrade']
      : undefined,
};
