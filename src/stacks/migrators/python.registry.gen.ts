// DO NOT EDIT: `npm run gen` writes this from the files of this folder.
import type { Detection } from '../contract.ts';
import type { PythonMigrator } from '../python.ts';

/** How each is recognised, by name. */
export const pythonMigrators: readonly Detection[] = [
  {
    "name": "alembic",
    "title": "Alembic",
    "role": "migrator",
    "language": "python",
    "dependencies": [
      "alembic"
    ],
    "files": [
      "alembic.ini"
    ]
  },
  {
    "name": "django-migrate",
    "title": "Django's migrations",
    "role": "migrator",
    "language": "python",
    "dependencies": [
      "django"
    ],
    "files": [
      "manage.py"
    ]
  },
  {
    "name": "flask-migrate",
    "title": "Flask-Migrate",
    "role": "migrator",
    "language": "python",
    "dependencies": [
      "flask-migrate"
    ]
  }
];

const loaders: Readonly<Record<string, () => Promise<PythonMigrator>>> = {
  'alembic': async () => (await import('./alembic.ts')).migrator,
  'django-migrate': async () => (await import('./django-migrate.ts')).migrator,
  'flask-migrate': async () => (await import('./flask-migrate.ts')).migrator,
};

/** Loads one by its name; undefined where there is none of that name. */
export const loadPythonMigrator = async (name: string): Promise<PythonMigrator | undefined> =>
  Object.hasOwn(loaders, name) ? loaders[name]?.() : undefined;
