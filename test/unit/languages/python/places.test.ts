import { describe, expect, it } from 'vitest';
import { factsOf, ownVariables } from '../../../support/facts.ts';
import { generatedFor } from '../../../support/texts.ts';

const pointing = async (files: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    ownVariables(await factsOf(files)).flatMap(({ name, service, part }) =>
      service ? [[name, `${service} ${part}`]] : [],
    ),
  );
const flask = 'import os\nfrom flask import Flask\napp = Flask(__name__)\n';

describe('a variable whose name says nothing', () => {
  it.each([
    [
      'of the databases of Django',
      {
        'requirements.txt': 'django\ngunicorn\npsycopg2-binary\npython-decouple\n',
        'manage.py': 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n',
        'shop/__init__.py': '',
        'shop/wsgi.py': 'from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n',
        'shop/settings.py':
          'from decouple import config\nSECRET_KEY = config("SECRET_KEY")\nDATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "HOST": config("PRIMARY"), "USER": config("WHO"), "PASSWORD": config("SHOP_PHRASE"), "NAME": config("SHELF"), "PORT": config("GATE", default="5432")}}\n',
      },
      {
        PRIMARY: 'postgres host',
        WHO: 'postgres user',
        SHOP_PHRASE: 'postgres password',
        SHELF: 'postgres name',
        GATE: 'postgres port',
      },
    ],
    [
      'of a call that connects',
      {
        'requirements.txt': 'flask\ngunicorn\npsycopg2-binary\n',
        'app.py': `${flask}import psycopg2\n\ndef connect():\n    return psycopg2.connect(host=os.environ["BOX"], user=os.environ["WHO"], password=os.environ["PHRASE"], dbname=os.environ["SHELF"])\n`,
      },
      { BOX: 'postgres host', WHO: 'postgres user', PHRASE: 'postgres password', SHELF: 'postgres name' },
    ],
    [
      'of a name that is given it before',
      {
        'requirements.txt': 'flask\ngunicorn\nredis\n',
        'app.py': `${flask}import redis\nBOX = os.getenv("MEMORY", "localhost")\nclient = redis.Redis(host=BOX, port=int(os.getenv("GATE", "6379")), db=int(os.getenv("SHELF", "0")))\n`,
      },
      { MEMORY: 'redis host', GATE: 'redis port' },
    ],
  ])('is the part %s', async (_, files, expected) => {
    expect(await pointing(files)).toEqual(expected);
  });

  it.each([
    [
      'of a server of mail',
      {
        'requirements.txt': 'flask\ngunicorn\n',
        'app.py': `${flask}import smtplib\n\ndef send():\n    return smtplib.SMTP(host=os.environ["BOX"])\n`,
      },
    ],
    [
      'of a dictionary without an engine',
      {
        'requirements.txt': 'flask\ngunicorn\n',
        'app.py': `${flask}options = {"HOST": os.environ["BOX"]}\n`,
      },
    ],
  ])('is none %s', async (_, files) => {
    expect(await pointing(files)).toEqual({});
  });
});

it('files of settings are in no image, whatever they are called', async () => {
  const texts = await generatedFor({
    'requirements.txt': 'flask\ngunicorn\n',
    'app.py': flask,
    'web-variables.env': 'SECRET=1\n',
    'prices.json': '{}',
  });
  expect(texts('Dockerfile')).toContain('prices.json');
  expect(texts('Dockerfile')).not.toContain('web-variables.env');
});

describe('the address of a database without the driver of a server', () => {
  const address = async (requirements: string, name: string, imported = 'from flask_sqlalchemy import SQLAlchemy') => {
    const texts = await generatedFor({
      'requirements.txt': `flask\ngunicorn\n${requirements}`,
      'app.py': `${flask}${imported}\napp.config["URI"] = os.environ["${name}"]\n`,
    });
    return texts('docker-compose.yml');
  };

  it.each([
    ['of Flask-SQLAlchemy', 'flask-sqlalchemy\n', 'SQLALCHEMY_DATABASE_URI', 'sqlite:////app/data/app.db'],
    ['of SQLAlchemy', 'sqlalchemy\n', 'DATABASE_URL', 'sqlite:////app/data/app.db'],
    [
      'with a driver that waits for nobody',
      'sqlalchemy\naiosqlite\n',
      'DATABASE_URL',
      'sqlite+aiosqlite:////app/data/app.db',
    ],
  ])('is that of a file in a volume: %s', async (_, requirements, name, value) => {
    const text = await address(requirements, name);
    expect(text).toContain(`${name}: ${value}`);
    expect(text).toContain('data:/app/data');
  });

  it.each([
    ['with the driver of a server', 'flask-sqlalchemy\npsycopg2-binary\n', 'SQLALCHEMY_DATABASE_URI', 'postgresql'],
    ['of something else', 'flask-sqlalchemy\n', 'CALLBACK_URL', 'CALLBACK_URL:'],
  ])('is not %s', async (_, requirements, name, value) => {
    const text = await address(requirements, name);
    expect(text).toContain(value);
    expect(text).not.toContain('/app/data');
  });
});
