import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../support/facts.ts';

type Files = Readonly<Record<string, string>>;
const settings = `INSTALLED_APPS = ["django.contrib.admin", "django.contrib.staticfiles"]\nSTATIC_URL = "static/"\n`;
const files: Files = {
  'requirements.txt': 'django==5.2\ngunicorn==23.0.0\n',
  'manage.py': '',
  'shop/wsgi.py': 'from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n',
  'shop/settings.py': settings,
};
const noteOf = async (more: Files) =>
  (await factsOf({ ...files, ...more })).notes.find(({ code }) => code === 'static-not-served')?.message;

describe('static files of Django that nobody gives out', () => {
  it.each([
    ['without a folder for them', {}, 'set STATIC_ROOT'],
    ['with one', { 'shop/settings.py': `${settings}STATIC_ROOT = "assets"\n` }, 'whitenoise.middleware'],
    [
      'in settings that are divided',
      { 'shop/settings.py': 'from .base import *\n', 'shop/base.py': `${settings}DEBUG = False\n` },
      'Add whitenoise',
    ],
  ])('are said, with the way: %s', async (_, more: Files, words) => expect(await noteOf(more)).toContain(words));

  it.each([
    ['a package gives them out', { 'requirements.txt': 'django\nwhitenoise\n' }],
    ['its middleware is there', { 'shop/settings.py': `${settings}MIDDLEWARE = ["whitenoise.middleware.X"]\n` }],
    ['a web server is there', { 'deploy/nginx.conf': '' }],
    ['they lie elsewhere', { 'shop/settings.py': settings.replace('static/', 'https://cdn.example/') }],
    ['a view gives them out', { 'shop/urls.py': 'from django.views.static import serve\n' }],
    ['there are none', { 'shop/settings.py': 'INSTALLED_APPS = []\n' }],
  ])('are not spoken of where %s', async (_, more: Files) => expect(await noteOf(more)).toBeUndefined());
});
