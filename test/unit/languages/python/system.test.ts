import { describe, expect, it } from 'vitest';
import { factsOf, said } from '../../../support/facts.ts';
import { generatedFor } from '../../../support/texts.ts';

const app = { 'app.py': 'from flask import Flask\n\napp = Flask(__name__)\n' };
const facts = (requirements: string, more: Readonly<Record<string, string>> = {}) =>
  factsOf({ ...app, 'requirements.txt': requirements, ...more });
const values = (known: readonly { value: string }[] | undefined) => known?.map(({ value }) => value) ?? [];

describe('packages of the distribution', () => {
  it.each([
    ['a driver that is compiled', 'psycopg2==2.9.10\n', ['libpq5'], ['gcc', 'libc6-dev', 'libpq-dev']],
    ['another', 'mysqlclient\n', ['libmariadb3'], ['gcc', 'libc6-dev', 'pkg-config', 'default-libmysqlclient-dev']],
    ['a program that a wheel starts', 'pdf2image\n', ['poppler-utils'], []],
    ['a package from a repository', 'lib @ git+https://example.com/lib.git\n', [], ['ca-certificates', 'git']],
    ['a wheel that brings its own', 'psycopg2-binary\npsycopg[binary]\n', [], []],
  ])('are those of %s', async (_, requirements, system, building) => {
    const found = await facts(requirements);
    expect([values(found.system), values(found.buildPackages)]).toEqual([system, building]);
  });

  it('for compiling stay out of what runs', async () => {
    const texts = await generatedFor({ ...app, 'requirements.txt': 'psycopg2\ngunicorn\n' });
    const [build = '', run = ''] = texts('Dockerfile').split('AS production');
    expect(build).toContain('gcc libc6-dev libpq-dev libpq5');
    expect(run).toContain('--no-install-recommends libpq5');
    expect(run).not.toContain('gcc');
  });
});

describe('the version of Python', () => {
  it.each([
    ['of what is pinned', 'Django==4.1.2\nPillow==9.2.0\n', {}, '3.10'],
    ['of the oldest of them', 'numpy==1.26.4\npydantic==2.4.2\n', {}, '3.11'],
    [
      'that a range leaves',
      'numpy==1.26.4\n',
      { 'pyproject.toml': '[project]\nname = "x"\nrequires-python = ">=3.9"\n' },
      '3.12',
    ],
    ['that is usual, where pins are new', 'Django==5.2.1\nnumpy==2.3.0\n', {}, '3.13'],
    ['that is usual, where nothing is pinned', 'Django>=4.1\nnumpy\n', {}, '3.13'],
    ['that is named, whatever is pinned', 'numpy==1.26.4\n', { '.python-version': '3.11\n' }, '3.11'],
  ])('is the one %s', async (_, requirements, more, version) => {
    expect(said((await facts(requirements, more)).runtime)).toMatchObject({ version });
  });
});
