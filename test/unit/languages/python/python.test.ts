import { beforeAll, describe, expect, it } from 'vitest';
import { loadPython } from '../../../../src/formats/python/index.ts';
import { language } from '../../../../src/languages/python/index.ts';
import { memoryProject } from '../../../../src/project/memory.ts';
import { pythonDetails } from '../../../../src/stacks/python.ts';
import { lineOf, linesInside } from '../../../../src/stacks/support/python-versions.ts';
import { factsOf, ownVariables, said } from '../../../support/facts.ts';
import { generatedFor } from '../../../support/texts.ts';

const installed = { 'requirements.txt': 'fastapi==0.121.0\nuvicorn==0.38.0\n' };
const app = 'from fastapi import FastAPI\napp = FastAPI()\n';
const objectOf = async (files: Readonly<Record<string, string>>) => {
  const { module, name, isFactory } = pythonDetails(await factsOf({ ...installed, ...files })).object?.value ?? {};
  return module === undefined ? undefined : `${module}:${name}${isFactory ? '()' : ''}`;
};

describe('the version of Python', () => {
  const lines = ['3.14', '3.13', '3.12', '3.11', '3.10'];
  it.each([
    ['>=3.11', ['3.14', '3.13', '3.12', '3.11']],
    ['>=3.11,<3.13', ['3.12', '3.11']],
    ['~=3.12', ['3.14', '3.13', '3.12']],
    ['~=3.12.1', ['3.12']],
    ['==3.11.*', ['3.11']],
    ['^3.12', ['3.14', '3.13', '3.12']],
    ['<4.0,>3.10.2', lines],
    ['3.10 || 3.12', ['3.12', '3.10']],
    ['!=3.13,>=3.12', ['3.14', '3.12']],
  ])('is inside a range: %s', (range, inside) => expect(linesInside(range, lines)).toEqual(inside));

  it.each([
    ['3.12', '3.12'],
    ['3.12.4', '3.12.4'],
    ['python-3.11.9', '3.11.9'],
    ['>=3.12', undefined],
    ['pypy3.10', undefined],
  ])('is exact or is none: %s', (text, version) => expect(lineOf(text)).toBe(version));

  it.each([
    [{ '.python-version': '3.12\n', 'runtime.txt': 'python-3.11.4\n' }, '3.12'],
    [{ 'runtime.txt': 'python-3.11.4\n' }, '3.11.4'],
    [{ '.tool-versions': 'python 3.14.0\n' }, '3.14.0'],
    [{ 'pyproject.toml': '[project]\nname = "a"\nrequires-python = ">=3.14"\n' }, '3.15'],
    [{ 'pyproject.toml': '[project]\nname = "a"\nrequires-python = ">=3.9"\n' }, '3.13'],
    [{}, '3.13'],
  ])('is the one that the project names: %j', async (files, version) => {
    expect(said((await factsOf({ ...installed, 'main.py': app, ...files })).runtime)).toMatchObject({
      name: 'python',
      version,
    });
  });
});

describe('the object that answers requests', () => {
  it.each([
    ['in the root', { 'main.py': app }, 'main:app'],
    ['in a package', { 'shop/__init__.py': '', 'shop/main.py': app }, 'shop.main:app'],
    ['in src', { 'src/shop/__init__.py': '', 'src/shop/api.py': app }, 'shop.api:app'],
    [
      'by a factory',
      { 'shop/app.py': 'import fastapi\ndef create_app():\n  it = fastapi.FastAPI()\n  return it\n' },
      'shop.app:create_app()',
    ],
    [
      'made by a factory of another module',
      {
        'shop/make.py': 'from fastapi import FastAPI\ndef build(debug):\n  return FastAPI()\n',
        'main.py': 'from shop.make import build\nserver = build(True)\n',
      },
      'main:server',
    ],
    ['handed to uvicorn by its name', { 'a.py': app, 'b.py': `${app}import uvicorn\nuvicorn.run("b:app")\n` }, 'b:app'],
    ['not one of tests', { 'main.py': app, 'tests/test_app.py': app }, 'main:app'],
  ])('%s', async (_, files, object) => expect(await objectOf(files)).toBe(object));

  it('is asked for where several are as likely', async () => {
    const facts = await factsOf({ ...installed, 'one.py': app, 'two.py': app });
    expect(facts.entry).toMatchObject({ ask: 'entry', choices: ['one.py', 'two.py'] });
  });

  it('is none of a function that demands something', async () => {
    expect(
      await objectOf({ 'main.py': 'from fastapi import FastAPI\ndef make(settings):\n  return FastAPI()\n' }),
    ).toBeUndefined();
  });
});

describe('how it is served', () => {
  it.each([
    ['fastapi\nuvicorn[standard]\n', app, ['uvicorn', 'main:app'], 'UVICORN_PORT'],
    ['fastapi[standard]\n', app, ['uvicorn', 'main:app'], 'UVICORN_PORT'],
    ['fastapi\ngranian\n', app, ['granian', '--interface', 'asgi', 'main:app'], 'GRANIAN_PORT'],
    [
      'flask\ngunicorn\n',
      'from flask import Flask\napp = Flask(__name__)\n',
      ['gunicorn', '--worker-tmp-dir', '/dev/shm', '--threads', '4', 'main:app'],
      'PORT',
    ],
  ])('by what the project has: %j', async (requirements, code, argv, variable) => {
    const facts = await factsOf({ 'requirements.txt': requirements, 'main.py': code });
    expect(said(facts.commands.start)).toMatchObject({ argv });
    expect(said(facts.port)).toEqual({ number: 8000, variable });
    expect(facts.notes.map(({ code: one }) => one)).not.toContain('server-added');
  });

  it('by the usual one, which is said and installed in a fixed version, where it has none', async () => {
    const facts = await factsOf({
      'requirements.txt': 'flask\n',
      'main.py': 'import flask\napp = flask.Flask(__name__)\n',
    });
    expect(facts.notes.map(({ code }) => code)).toContain('server-added');
    expect(pythonDetails(facts).added?.[0]?.requirement).toMatch(/^gunicorn==\d/);
  });
});

describe('variables', () => {
  it.each([
    ["import os\na = os.environ['A_KEY']", { name: 'A_KEY', required: true, secret: true }],
    ["from os import getenv\na = getenv('PLACE', 'here')", { name: 'PLACE', required: false, default: 'here' }],
    ["import os as o\na = o.environ.get('LIMIT', 20)", { name: 'LIMIT', default: '20' }],
    ["import os\nif 'X' in os.environ:\n  a = os.environ['X']", { name: 'X', required: false }],
    [
      "from decouple import config\na = config('DEBUG', default=False, cast=bool)",
      { name: 'DEBUG', kind: 'boolean', default: 'False' },
    ],
    ["import environ\nenv = environ.Env()\na = env.int('COUNT')", { name: 'COUNT', required: true, kind: 'number' }],
    [
      "from starlette.config import Config\nconfig = Config('.env')\na = config('MODE')",
      { name: 'MODE', required: true },
    ],
    [
      "from pydantic_settings import BaseSettings, SettingsConfigDict\nclass S(BaseSettings):\n  model_config = SettingsConfigDict(env_prefix='SHOP_')\n  size: int = 3\n",
      { name: 'SHOP_SIZE', kind: 'number', default: '3' },
    ],
    [
      "from pydantic_settings import BaseSettings\nfrom pydantic import SecretStr, Field\nclass S(BaseSettings):\n  code: SecretStr = Field(validation_alias='PIN')\n",
      { name: 'PIN', required: true, secret: true },
    ],
    [
      "from pydantic_settings import BaseSettings\nfrom pydantic import BaseModel\nclass D(BaseModel):\n  host: str\nclass S(BaseSettings):\n  model_config = {'env_nested_delimiter': '__'}\n  mail: D\n",
      { name: 'MAIL__HOST', required: true },
    ],
  ])('are read: %s', async (code, variable) => {
    const variables = ownVariables(await factsOf({ ...installed, 'main.py': app, 'settings.py': `${code}\n` }));
    expect(variables).toEqual([expect.objectContaining(variable)]);
  });

  it.each([
    "import os\nos.environ['A'] = 'b'",
    "a = environ['B']",
    'import os\nos.environ.get(name)',
    "import os\nos.getenv('PATH')",
  ])('are none of other words: %s', async (code) => {
    const variables = ownVariables(await factsOf({ ...installed, 'main.py': app, 'other.py': `${code}\n` }));
    expect(variables.map(({ name }) => name)).toEqual(code.includes("['A']") ? ['A'] : []);
  });
});

describe('services', () => {
  const withPackages = (packages: string, code: string) =>
    factsOf({ 'requirements.txt': `fastapi\nuvicorn\n${packages}`, 'main.py': app, 'db.py': `import os\n${code}\n` });
  it.each([
    [
      'sqlalchemy\nasyncpg\n',
      "from sqlalchemy.ext.asyncio import create_async_engine\ne = create_async_engine(os.environ['DATABASE_URL'])",
      'postgres',
      'postgresql+asyncpg',
    ],
    [
      'sqlalchemy\npsycopg[binary]\n',
      "from sqlalchemy import create_engine\ne = create_engine(os.environ['DATABASE_URL'])",
      'postgres',
      'postgresql+psycopg',
    ],
    ['asyncpg\n', "import asyncpg\np = asyncpg.create_pool(os.environ['DATABASE_URL'])", 'postgres', undefined],
    [
      'sqlmodel\npymysql\n',
      "from sqlmodel import create_engine\ne = create_engine(os.environ['DATABASE_URL'])",
      'mariadb',
      'mysql+pymysql',
    ],
    ['redis\n', "import redis\nr = redis.from_url(os.environ['REDIS_URL'])", 'redis', undefined],
    ['pymongo\n', "import pymongo\nc = pymongo.MongoClient(os.environ['MONGO_URL'])", 'mongodb', undefined],
    ['pika\n', "import pika\nc = pika.URLParameters(os.environ['RABBITMQ_URL'])", 'rabbitmq', undefined],
  ])('are what the clients reach, in the spelling that the code reads: %j', async (packages, code, service, scheme) => {
    const facts = await withPackages(packages, code);
    expect(facts.services.map((one) => one.service)).toEqual([service]);
    expect(ownVariables(facts)).toEqual([
      expect.objectContaining({ service, part: 'url', ...(scheme ? { scheme } : {}) }),
    ]);
    if (!scheme) expect(ownVariables(facts)[0]).not.toHaveProperty('scheme');
  });

  it('are none where a client has nothing that says where it is', async () => {
    expect((await withPackages('redis\n', 'import redis\nr = redis.Redis()')).services).toEqual([]);
  });
});

describe('routes', () => {
  it('have the prefixes of what they are mounted below, and those of a computed one are left out', async () => {
    const { routes, paths } = await factsOf({
      ...installed,
      'main.py':
        "from fastapi import FastAPI\nimport one, two\napp = FastAPI()\napp.include_router(one.router, prefix='/v1')\napp.include_router(two.router, prefix=two.base)\n@app.get('/items/{item}')\ndef a(item): ...\n",
      'one.py':
        "from fastapi import APIRouter\nrouter = APIRouter(prefix='/inner')\n@router.get('/health')\ndef h(): ...\n",
      'two.py':
        "from fastapi import APIRouter\nbase = '/x' + '/y'\nrouter = APIRouter()\n@router.get('/ready')\ndef h(): ...\n",
    });
    expect(routes.map(({ path }) => path)).toEqual(['/v1/inner/health']);
    expect(paths?.map(({ path }) => path)).toEqual(['/items/:item', '/v1/inner/health']);
  });
});

describe('what cannot be installed', () => {
  it.each([
    ['environment.yml', '', 'conda'],
    ['setup.py', '', 'setuptools'],
    ['setup.py', '[tool.ruff]\n', 'setuptools'],
  ])('is refused by name, with the way out: %s', async (file, manifest, title) => {
    const facts = await factsOf({ [file]: 'x', ...(manifest ? { 'pyproject.toml': manifest } : {}), 'main.py': app });
    expect(facts.blocker?.message).toContain(title);
    expect(facts.blocker?.next.join()).toContain('requirements.txt');
  });
});

describe('applications', () => {
  beforeAll(loadPython);

  it.each([
    [{ 'requirements.txt': '', 'main.py': app }, ['.']],
    [
      { 'backend/requirements.txt': 'fastapi\n', 'backend/app/main.py': app, 'frontend/package.json': '{}' },
      ['backend'],
    ],
    [{ 'a/pyproject.toml': '', 'a/main.py': app, 'b/pyproject.toml': '', 'b/main.py': app }, ['a', 'b']],
    [{ 'pyproject.toml': '', 'src/shop/main.py': app, 'docs/requirements.txt': '', 'docs/conf.py': '' }, ['.']],
    [{ 'requirements.txt': '' }, []],
    [{ 'package.json': '{}', 'server.js': '', 'tools/requirements.txt': 'pandas\n', 'tools/report.py': 'a = 1' }, []],
  ])('lie where a manifest and sources do: %j', (files, roots) => {
    expect(language.applications(memoryProject(files))).toEqual(roots);
  });
});

describe('the check of an application without a health route', () => {
  const dockerfile = async (files: Readonly<Record<string, string>>) => (await generatedFor(files))('Dockerfile');

  it.each([
    [
      'of WSGI',
      { 'requirements.txt': 'flask\ngunicorn\n', 'app.py': 'from flask import Flask\napp = Flask(__name__)\n' },
    ],
    [
      'of ASGI',
      { 'requirements.txt': 'fastapi\nuvicorn\n', 'main.py': 'from fastapi import FastAPI\napp = FastAPI()\n' },
    ],
    [
      'of Django',
      {
        'requirements.txt': 'django\ngunicorn\n',
        'manage.py': 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n',
        'shop/__init__.py': '',
        'shop/settings.py': 'SECRET_KEY = "x"\n',
        'shop/wsgi.py': 'from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n',
      },
    ],
  ])('wants an answer over HTTP, as a port takes connections before any worker runs: %s', async (_, files) => {
    expect(await dockerfile(files)).toContain("c.request('HEAD','/');c.getresponse()");
  });

  it('is its route where it has one', async () => {
    const text = await dockerfile({
      'requirements.txt': 'flask\ngunicorn\n',
      'app.py': 'from flask import Flask\napp = Flask(__name__)\n@app.get("/health")\ndef health():\n    return "ok"\n',
    });
    expect(text).toContain("c.request('GET','/health')");
    expect(text).not.toContain('HEAD');
  });
});

it('an application of Channels is the one that tells protocols apart', async () => {
  const object = await objectOf({
    'requirements.txt': 'django\nchannels\nuvicorn\n',
    'manage.py': 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n',
    'shop/__init__.py': '',
    'shop/settings.py': 'SECRET_KEY = "x"\n',
    'shop/asgi.py':
      'from channels.routing import ProtocolTypeRouter\nfrom django.core.asgi import get_asgi_application\ninner = get_asgi_application()\napplication = ProtocolTypeRouter({"http": inner})\n',
    'shop/wsgi.py': 'from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n',
  });
  expect(object).toBe('shop.asgi:application');
});

describe('an object that the main guard starts', () => {
  const factory = {
    'api/__init__.py': 'from api.factory import Factory\nfactory = Factory()\n',
    'api/factory.py':
      'from flask import Flask\n\nclass Factory:\n    def __init__(self):\n        self.flask = Flask(__name__)\n',
  };
  const guard = "\nif __name__ == '__main__':\n";

  it.each([
    ['an attribute', `from api import factory\napp = factory.flask\n${guard}    app.run()\n`, 'run:app'],
    [
      'of another name',
      `from api import factory\nserver = factory.make()\n${guard}    server.run(port=5000)\n`,
      'run:server',
    ],
  ])('is the application: %s', async (_, run, expected) => {
    expect(await objectOf({ 'requirements.txt': 'flask\ngunicorn\n', ...factory, 'run.py': run })).toBe(expected);
  });

  it('is none where it is something else that runs', async () => {
    const run = `from api import factory\nimport subprocess\n${guard}    subprocess.run(['x'])\n`;
    expect(await objectOf({ 'requirements.txt': 'flask\ngunicorn\n', ...factory, 'run.py': run })).toBeUndefined();
  });
});
