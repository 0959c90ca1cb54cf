import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../support/facts.ts';
import { generatedFor } from '../../../support/texts.ts';

type Files = Readonly<Record<string, string>>;

const source = { 'main.py': 'from fastapi import FastAPI\napp = FastAPI()\n' };
const manifest = (more: string, dependencies = '"fastapi", "acme-probe"') =>
  `[project]\nname = "mini"\nversion = "1.0.0"\nrequires-python = ">=3.13"\ndependencies = [${dependencies}]\n\n${more}`;

const uv = (index: string, more: Files = {}): Files => ({
  ...source,
  'pyproject.toml': manifest(index),
  'uv.lock': 'version = 1\n',
  ...more,
});
const requirements = (text: string, more: Files = {}): Files => ({
  ...source,
  'requirements.txt': `${text}\nfastapi\n`,
  ...more,
});

const tokens = async (files: Files) => (await factsOf(files)).tokens.map(({ variable }) => variable);
const installs = async (files: Files) =>
  (await generatedFor(files))('Dockerfile')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.startsWith('RUN') && /uv sync|uv pip|-m pip/.test(line));

describe('indexes that ask for a login', () => {
  it.each<[string, Files, string[]]>([
    [
      'uv, by what it is told',
      uv('[[tool.uv.index]]\nname = "acme-py"\nurl = "https://pip.example.com/simple"\nauthenticate = "always"\n'),
      ['UV_INDEX_ACME_PY_USERNAME', 'UV_INDEX_ACME_PY_PASSWORD'],
    ],
    [
      'uv, by the user in its address',
      uv('[[tool.uv.index]]\nname = "acme"\nurl = "https://bob@pip.example.com/simple"\n'),
      ['UV_INDEX_ACME_USERNAME', 'UV_INDEX_ACME_PASSWORD'],
    ],
    [
      'uv, by a workflow that names its variable',
      uv('[[tool.uv.index]]\nname = "acme"\nurl = "https://pip.example.com/simple"\n', {
        '.github/workflows/ci.yml':
          'on: push\njobs:\n  t:\n    runs-on: x\n    env:\n      UV_INDEX_ACME_PASSWORD: x\n    steps: []\n',
      }),
      ['UV_INDEX_ACME_USERNAME', 'UV_INDEX_ACME_PASSWORD'],
    ],
    [
      'uv, in a file of its own',
      uv('', { 'uv.toml': '[[index]]\nname = "acme"\nurl = "https://nexus.example.com/repository/py/simple"\n' }),
      ['UV_INDEX_ACME_USERNAME', 'UV_INDEX_ACME_PASSWORD'],
    ],
    [
      'uv, of no name',
      uv('[[tool.uv.index]]\nurl = "https://gitlab.example.com/api/v4/projects/1/packages/pypi/simple"\n'),
      ['NETRC_CONTENT'],
    ],
    [
      'Poetry',
      {
        ...source,
        'pyproject.toml': manifest(
          '[[tool.poetry.source]]\nname = "acme"\nurl = "https://acme.jfrog.io/artifactory/api/pypi/py/simple"\n',
        ),
        'poetry.lock': '',
      },
      ['POETRY_HTTP_BASIC_ACME_USERNAME', 'POETRY_HTTP_BASIC_ACME_PASSWORD'],
    ],
    [
      'PDM, by the variables of its address',
      {
        ...source,
        'pyproject.toml': manifest(
          '[[tool.pdm.source]]\nname = "acme"\nurl = "https://${PY_USER}:${PY_TOKEN}@pip.example.com/simple"\n',
        ),
        'pdm.lock': '',
      },
      ['PY_USER', 'PY_TOKEN'],
    ],
    [
      'Pipenv, by the variables of its address',
      {
        ...source,
        Pipfile:
          '[[source]]\nname = "acme"\nurl = "https://${PY_USER}:${PY_TOKEN}@pip.example.com/simple"\nverify_ssl = true\n\n[packages]\nfastapi = "*"\n',
        'Pipfile.lock': '{"_meta":{},"default":{},"develop":{}}',
      },
      ['PY_USER', 'PY_TOKEN'],
    ],
    [
      'pip, by the variables of its address',
      requirements('--extra-index-url https://${PY_USER}:${PY_TOKEN}@pip.example.com/simple'),
      ['PY_USER', 'PY_TOKEN'],
    ],
    [
      'pip, of a server of one’s own',
      requirements('-r base.txt', { 'base.txt': '--index-url=https://devpi.example.com/root/simple\n' }),
      ['NETRC_CONTENT'],
    ],
  ])('give what installs a build secret: %s', async (_, files, names) => {
    expect(await tokens(files)).toEqual(names);
    const lines = await installs(files);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) for (const name of names) expect(line).toContain(`--mount=type=secret,id=${name},`);
    const text = await generatedFor(files);
    expect(text('.env.example')).toContain(names[0]);
    // of no other instruction
    const all = text('Dockerfile')
      .replace(/\\\n\s*/g, '')
      .split('\n')
      .filter((line) => line.includes(names[0] ?? ''));
    expect(all).toEqual(lines);
  });

  it('give pip the login of Poetry as a file in memory', async () => {
    const [line = ''] = await installs({
      ...source,
      'pyproject.toml': manifest('[[tool.poetry.source]]\nname = "acme"\nurl = "https://nexus.example.com/simple"\n'),
      'poetry.lock': '',
    });
    expect(line).toContain(
      `printf 'machine nexus.example.com login %s password %s\\n' "$POETRY_HTTP_BASIC_ACME_USERNAME" "$POETRY_HTTP_BASIC_ACME_PASSWORD" > /dev/shm/netrc && `,
    );
    expect(line).toContain('NETRC=/dev/shm/netrc /usr/local/bin/python -m pip');
  });

  it.each<[string, Files]>([
    [
      'one that gives to anybody',
      uv('[[tool.uv.index]]\nname = "torch"\nurl = "https://download.pytorch.org/whl/cpu"\n'),
    ],
    ['none', uv('')],
    ['a host that no .netrc can hold', requirements('--index-url https://a$(id)b/simple')],
  ])('are none: %s', async (_, files) => {
    expect(await tokens(files)).toEqual([]);
    expect((await factsOf(files)).notes.map(({ code }) => code)).not.toContain('index-without-login');
  });

  it('are said to be told of where nothing shows whether they ask', async () => {
    const files = uv('[[tool.uv.index]]\nname = "acme"\nurl = "https://pip.example.com/simple"\n');
    expect(await tokens(files)).toEqual([]);
    expect((await factsOf(files)).notes.find(({ code }) => code === 'index-without-login')?.message).toContain(
      'UV_INDEX_ACME_PASSWORD',
    );
    expect(await tokens({ ...files, '.env.example': 'UV_INDEX_ACME_PASSWORD=\n' })).toHaveLength(2);
  });
});
