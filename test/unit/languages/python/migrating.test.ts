import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../support/facts.ts';

const api = 'from fastapi import FastAPI\napp = FastAPI()\n';
const notes = async (files: Readonly<Record<string, string>>) =>
  (await factsOf(files)).notes.filter(({ code }) => code === 'migrates-itself').map(({ from }) => from[0]);

describe('migrations that an application applies when it starts', () => {
  it.each([
    [
      'by Alembic in its lifespan',
      'fastapi\nuvicorn\nalembic\n',
      {
        'main.py': `from alembic import command\nfrom alembic.config import Config\n${api}\n@app.on_event("startup")\ndef up():\n    command.upgrade(Config("alembic.ini"), "head")\n`,
      },
      ['main.py', 8],
    ],
    [
      'by Flask-Migrate',
      'flask\nflask-migrate\n',
      {
        'app.py':
          'from flask import Flask\nfrom flask_migrate import upgrade\napp = Flask(__name__)\nwith app.app_context():\n    upgrade()\n',
      },
      ['app.py', 5],
    ],
    [
      'by Django when it is ready',
      'django\ngunicorn\n',
      {
        'manage.py': 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n',
        'shop/__init__.py': '',
        'shop/settings.py': 'SECRET_KEY = "x"\n',
        'shop/wsgi.py': 'from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n',
        'shop/apps.py':
          'from django.apps import AppConfig\nfrom django.core.management import call_command\n\nclass Shop(AppConfig):\n    def ready(self):\n        call_command("migrate")\n',
      },
      ['shop/apps.py', 6],
    ],
  ])('are named: %s', async (_, requirements, files, [file, line]) => {
    expect(await notes({ 'requirements.txt': requirements, ...files })).toMatchObject([{ file, line }]);
  });

  it.each([
    [
      'another call of it',
      'alembic\n',
      { 'main.py': `from alembic import command\n${api}\ndef new():\n    command.revision("x")\n` },
    ],
    [
      'a command that somebody starts',
      'alembic\n',
      { 'main.py': api, 'cli.py': 'from alembic import command\ncommand.upgrade(None, "head")\n' },
    ],
    ['one of that name elsewhere', 'alembic\n', { 'main.py': `from .tools import upgrade\n${api}\nupgrade()\n` }],
  ])('are not %s', async (_, requirements, files) => {
    expect(await notes({ 'requirements.txt': `fastapi\nuvicorn\n${requirements}`, ...files })).toEqual([]);
  });
});
