import { describe, expect, it } from 'vitest';
import { factsOf, said } from '../../../support/facts.ts';
import { generatedFor } from '../../../support/texts.ts';

type Files = Readonly<Record<string, string>>;

const app = { 'main.py': 'from fastapi import FastAPI\n\napp = FastAPI()\n' };
const poetry = '[tool.poetry]\nname = "shop"\n\n[tool.poetry.dependencies]\npython = "^3.12"\n';
const locked = '[[package]]\nname = "fastapi"\nversion = "1.0.0"\n';

const textsOf = async (files: Files): Promise<string> => (await generatedFor(files))('Dockerfile');

describe('the manager of a project', () => {
  it.each([
    ['one lockfile', { 'pyproject.toml': poetry, 'poetry.lock': locked }, 'poetry'],
    [
      'requirements that were written besides',
      { 'pyproject.toml': poetry, 'poetry.lock': locked, 'requirements.txt': 'fastapi\n' },
      'poetry',
    ],
    [
      'a Pipfile with its lockfile',
      { Pipfile: '[packages]\nfastapi = "*"\n', 'Pipfile.lock': '{}', 'requirements.txt': 'fastapi\n' },
      'pipenv',
    ],
    [
      'a project that moved to uv',
      {
        'pyproject.toml': '[project]\nname = "shop"\ndependencies = ["fastapi"]\n',
        'poetry.lock': locked,
        'uv.lock': 'version = 1\n',
      },
      'uv',
    ],
    ['requirements alone', { 'requirements.txt': 'fastapi\n' }, 'pip'],
  ])('is read from %s', async (_, files, name) => {
    expect(said((await factsOf({ ...files, ...app } as Files)).manager)).toEqual({ name });
  });

  it.each([
    ['poetry lock', { 'pyproject.toml': poetry }],
    ['pipenv lock', { Pipfile: '[packages]\nfastapi = "*"\n' }],
  ])('without a lockfile is told to run %s', async (command, files) => {
    const { blocker } = await factsOf({ ...files, ...app } as Files);
    expect(blocker?.next.join(' ')).toContain(`\`${command}\``);
  });
});

describe('dependencies of a manager', () => {
  it.each([
    [
      'tables of Poetry',
      {
        'pyproject.toml': `${poetry}fastapi = "^1"\nold = { version = "*", optional = true }\n\n[tool.poetry.group.test.dependencies]\npytest = "*"\n`,
        'poetry.lock': locked,
      },
    ],
    [
      'the standard, locked by Poetry',
      {
        'pyproject.toml':
          '[project]\nname = "shop"\ndependencies = ["fastapi"]\n\n[dependency-groups]\ntest = ["pytest"]\n',
        'poetry.lock': locked,
      },
    ],
    ['a Pipfile', { Pipfile: '[packages]\nfastapi = "*"\n\n[dev-packages]\npytest = "*"\n', 'Pipfile.lock': '{}' }],
    [
      'PDM',
      {
        'pyproject.toml':
          '[project]\nname = "shop"\ndependencies = ["fastapi"]\n\n[tool.pdm.dev-dependencies]\ntest = ["pytest"]\n',
        'pdm.lock': locked,
      },
    ],
  ])('are read from %s', async (_, files) => {
    const { dependencies } = await factsOf({ ...files, ...app } as Files);
    expect(dependencies.map(({ name, dev }) => `${name}${dev ? ' dev' : ''}`)).toEqual(['fastapi', 'pytest dev']);
  });
});

describe('hashes', () => {
  it.each([
    ['a repository', '[package.source]\ntype = "git"\nurl = "https://example.com/x.git"\n'],
    ['a folder', '[package.source]\ntype = "directory"\nurl = "lib"\n'],
  ])('are left out where a package is from %s, of which none is known', async (_, source) => {
    const texts = await textsOf({
      ...app,
      'pyproject.toml': `${poetry}fastapi = "*"\n`,
      'poetry.lock': locked + source,
    });
    expect(texts).toContain('--all-groups --without-hashes\n');
  });

  it('are checked where all are known', async () => {
    const texts = await textsOf({ ...app, 'pyproject.toml': `${poetry}fastapi = "*"\n`, 'poetry.lock': locked });
    expect(texts).not.toContain('--without-hashes');
  });

  it('of requirements leave a server that is added to a step of its own', async () => {
    const texts = await textsOf({ ...app, 'requirements.txt': 'fastapi==1.0.0 --hash=sha256:00\n' });
    expect(texts).toContain('-r requirements.txt\n');
    expect(texts).toContain('install --no-compile uvicorn==');
  });

  it('that are not there need one step alone', async () => {
    expect(await textsOf({ ...app, 'requirements.txt': 'fastapi==1.0.0\n' })).toContain(
      '-r requirements.txt uvicorn==',
    );
  });
});
