import { describe, expect, it } from 'vitest';
import { memoryProject } from '../../../../src/project/memory.ts';
import { factsOf } from '../../../support/facts.ts';

const flask = 'from flask import Flask\n\napp = Flask(__name__)\n';

async function written(files: Readonly<Record<string, string>>, requirements = 'flask\n'): Promise<readonly string[]> {
  const { writes } = await factsOf({ 'requirements.txt': requirements, ...files });
  return writes.map(({ value }) => value);
}

const settings = (text: string) => ({
  'manage.py': '',
  'shop/__init__.py': '',
  'shop/wsgi.py': 'from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n',
  'shop/settings.py': text,
});

describe('what an application writes', () => {
  it.each([
    ['an address', { 'app.py': `${flask}URL = "sqlite:///./shop.db"\n` }, ['shop.db']],
    [
      'an address that is put together',
      {
        'app.py': `import os\n${flask}here = os.path.abspath(os.path.dirname(__file__))\nURL = "sqlite:///" + os.path.join(here, "shop.db")\n`,
      },
      ['shop.db'],
    ],
    [
      'an address of a module below',
      {
        'shop/config.py':
          'from pathlib import Path\nBASE = Path(__file__).resolve().parents[1]\nURL = f"sqlite+aiosqlite:///{BASE}/kept/shop.db"\n',
        'app.py': `import shop.config\n${flask}`,
      },
      ['kept/shop.db'],
    ],
    [
      'an extension, which keeps it in the instance folder',
      { 'app.py': `from flask_sqlalchemy import SQLAlchemy\n${flask}app.config["X"] = "sqlite:///shop.db"\n` },
      ['instance/shop.db'],
    ],
    [
      'settings',
      settings(
        "from pathlib import Path\nBASE_DIR = Path(__file__).resolve().parent.parent\nDATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': BASE_DIR / 'db.sqlite3'}}\nMEDIA_ROOT = BASE_DIR / 'media'\n",
      ),
      ['media', 'db.sqlite3'],
    ],
    ['uploads', { 'app.py': `${flask}app.config['UPLOAD_FOLDER'] = 'static/uploads'\n` }, ['static/uploads']],
    [
      'a log',
      { 'app.py': `from logging.handlers import RotatingFileHandler\n${flask}RotatingFileHandler('logs/x.log')\n` },
      ['logs/x.log'],
    ],
    [
      'a folder that is made',
      { 'app.py': `from pathlib import Path\n${flask}Path("kept").mkdir(exist_ok=True)\n` },
      ['kept'],
    ],
  ])('is read from %s', async (_, files, paths) => {
    expect(await written(files as Readonly<Record<string, string>>)).toEqual(paths);
  });

  it.each([
    ['memory', { 'app.py': `${flask}URL = "sqlite://"\nOTHER = "sqlite:///:memory:"\n` }],
    ['a computed path', { 'app.py': `import tempfile\n${flask}URL = "sqlite:///" + tempfile.mktemp()\n` }],
    ['a file that is read', { 'app.py': `${flask}open("notes.txt")\n` }],
  ])('is not %s', async (_, files) => {
    expect(await written(files as Readonly<Record<string, string>>)).toEqual([]);
  });

  it('is no file that stands in for a server while developing', async () => {
    const text = `import os\n${flask}URL = os.environ.get("DATABASE_URL") or "sqlite:///shop.db"\n`;
    expect(await written({ 'app.py': text }, 'flask\npsycopg\nsqlalchemy\n')).toEqual([]);
    expect(await written({ 'app.py': text }, 'flask\nsqlalchemy\n')).toEqual(['shop.db']);
  });
});

describe('a database in a file', () => {
  it.each([
    ['settings', settings("DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': 'db.sqlite3'}}\n")],
    ['an address', { 'app.py': `${flask}URL = "sqlite:///shop.db"\n` }],
  ])('is written by migrations, too: %s', async (_, files) => {
    const { services } = await factsOf({ 'requirements.txt': 'django\nflask\n', ...files } as Record<string, string>);
    expect(services).toMatchObject([{ service: 'sqlite', required: true }]);
  });
});

describe('a text of Windows', () => {
  const words = (order: 'le' | 'be') => {
    const bytes = Buffer.from('\ufeffflask==3.0.0\r\n', 'utf16le');
    return order === 'le' ? bytes : bytes.swap16();
  };

  it.each(['le', 'be'] as const)('in UTF-16 (%s) is read as it is', (order) => {
    expect(memoryProject({ 'requirements.txt': words(order) }).read('requirements.txt')).toBe('flask==3.0.0\r\n');
  });

  it('in UTF-8 stays', () => {
    expect(memoryProject({ a: '\ufeffäß' }).read('a')).toBe('äß');
  });
});
