import { beforeAll, describe, expect, it } from 'vitest';
import { loadPython } from '../../../../src/formats/python/index.ts';
import { language } from '../../../../src/languages/python/index.ts';
import { memoryProject } from '../../../../src/project/memory.ts';
import { factsOf, said } from '../../../support/facts.ts';
import { generatedFor } from '../../../support/texts.ts';

type Files = Readonly<Record<string, string>>;
const requirements = 'fastapi==0.121.0\nuvicorn==0.38.0\n';
const app = 'from fastapi import FastAPI\napp = FastAPI()\n';
const rootsOf = (files: Files) => language.applications(memoryProject(files));

beforeAll(loadPython);

describe('requirements in the folder of a package', () => {
  const worker = 'from celery import Celery\nqueue = Celery("x")\n';
  it.each([
    [
      'that a module beside it imports from',
      {
        'app/requirements.txt': requirements,
        'app/routes.py': 'a = 1\n',
        'main.py': `from app.routes import a\n${app}`,
      },
      'main:app',
    ],
    [
      'whose modules name it, with a worker in it',
      {
        'api/requirements.txt': requirements,
        'api/main.py': `from api.db import a\n${app}`,
        'api/db.py': 'a = 1\n',
        'api/work.py': worker,
      },
      'api.main:app',
    ],
    [
      'whose modules go up to it by dots',
      { 'shop/requirements.txt': requirements, 'shop/main.py': `from .db import a\n${app}`, 'shop/db.py': 'a = 1\n' },
      'shop.main:app',
    ],
    [
      'that lies deeper',
      {
        'lib/app/requirements.txt': requirements,
        'lib/app/main.py': `from lib.app import db\n${app}`,
        'lib/app/db.py': '',
      },
      'lib.app.main:app',
    ],
  ])('belong to the application that imports it: %s', async (_, files: Files, object) => {
    expect(rootsOf(files)).toEqual(['.']);
    const facts = await factsOf(files);
    const [path = ''] = Object.keys(files);
    expect(facts.lockfile?.value.path).toBe(path);
    expect(facts.manifest).toBe(path);
    expect(said(facts.commands.start)).toEqual({ argv: ['uvicorn', object] });
    expect(facts.blocker).toBeUndefined();
    const dockerfile = (await generatedFor(files))('Dockerfile');
    expect(dockerfile).toContain(`-r ${path}`);
  });

  it('are taken by those for developing, too, which lie beside them', async () => {
    const files = {
      'app/requirements.txt': requirements,
      'app/requirements-dev.txt': '-r requirements.txt\npytest==8.0.0\n',
      'app/main.py': `from app import db\n${app}`,
      'app/db.py': '',
    };
    expect((await generatedFor(files))('Dockerfile')).toContain('-r app/requirements-dev.txt');
  });

  it.each([
    [
      'modules without its name',
      { 'api/requirements.txt': '', 'api/main.py': 'import db\n', 'api/db.py': '' },
      ['api'],
    ],
    [
      'a package of the same name inside',
      { 'app/requirements.txt': '', 'app/main.py': 'from app.db import a\n', 'app/app/db.py': '' },
      ['app'],
    ],
    [
      'two of them, each on its own',
      { 'a/requirements.txt': '', 'a/main.py': app, 'b/requirements.txt': '', 'b/main.py': 'import json\n' },
      ['a', 'b'],
    ],
    [
      'an application of another language around it',
      {
        'package.json': '{}',
        'api/requirements.txt': 'fastapi\n',
        'api/main.py': 'from . import db\n',
        'api/db.py': '',
      },
      ['api'],
    ],
    [
      'tests that import it',
      { 'app/requirements.txt': '', 'app/main.py': app, 'tests/test_app.py': 'from app.main import app\n' },
      ['app'],
    ],
  ])('are those of the folder where nothing says that it is a package: %s', (_, files: Files, roots) =>
    expect(rootsOf(files)).toEqual(roots),
  );
});

describe('a folder that the author starts the application in', () => {
  const started = async (files: Files) => {
    const text = await generatedFor({ 'requirements.txt': requirements, ...files });
    const { commands } = await factsOf({ 'requirements.txt': requirements, ...files });
    const dockerfile = text('Dockerfile');
    return [said(commands.start), /PYTHONPATH="?([^\s"]+)/.exec(dockerfile)?.[1]];
  };

  it.each([
    [{ 'app/main.py': `from routers import a\n${app}`, 'app/routers/a.py': '' }, 'main:app', '/app/app'],
    [{ 'backend/main.py': `import db\n${app}`, 'backend/db.py': '' }, 'main:app', '/app/backend'],
    // an empty `__init__.py` is often there by habit: `db` is found in the folder alone
    [{ 'app/__init__.py': '', 'app/main.py': `import db\n${app}`, 'app/db.py': '' }, 'main:app', '/app/app'],
    [
      { 'backend/shop/main.py': `from shop.db import a\n${app}`, 'backend/shop/db.py': '' },
      'shop.main:app',
      '/app/backend',
    ],
  ])('is one that modules are imported from: %j', async (files: Files, object, path) =>
    expect(await started(files)).toEqual([{ argv: ['uvicorn', object] }, path]),
  );

  it.each([
    [
      'a package by its mark and its name',
      {
        'app/__init__.py': '',
        'app/main.py': `import db\n${app}`,
        'app/db.py': '',
        'app/jobs.py': 'from app import db\n',
      },
      'app.main:app',
    ],
    ['a package by its name', { 'app/main.py': `from app import db\n${app}`, 'app/db.py': '' }, 'app.main:app'],
    ['a package by dots', { 'app/main.py': `from . import db\n${app}`, 'app/db.py': '' }, 'app.main:app'],
    ['modules in the root', { 'app/main.py': `import db\n${app}`, 'app/db.py': '', 'db.py': '' }, 'app.main:app'],
    ['scripts beside it', { 'main.py': app, 'etl/run.py': 'import load\n', 'etl/load.py': '' }, 'main:app'],
  ])('is none with %s', async (_, files: Files, object) =>
    expect(await started(files)).toEqual([{ argv: ['uvicorn', object] }, undefined]),
  );
});
