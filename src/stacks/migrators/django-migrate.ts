/** Django (https://docs.djangoproject.com/en/stable/ref/django-admin/#migrate): `manage.py migrate`, which also creates the tables of Django's own applications. */
import type { Detection } from '../contract.ts';
import type { PythonMigrator } from '../python.ts';

export const detection: Detection = {
  name: 'django-migrate',
  title: "Django's migrations",
  role: 'migrator',
  language: 'python',
  dependencies: ['django'],
  files: ['manage.py'],
};

export const migrator: PythonMigrator = {
  applies: [{ call: 'django.core.management.call_command', argument: 'migrate' }],
  command: (files) => (files.includes('manage.py') ? ['python', 'manage.py', 'migrate', '--noinput'] : undefined),
};
