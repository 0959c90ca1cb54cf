import { describe, expect, it } from 'vitest';
import { factsOf, said } from '../../../support/facts.ts';
import { generatedFor } from '../../../support/texts.ts';

type Files = Readonly<Record<string, string>>;
const manifest = (more: string, requires = 'hatchling') =>
  `[project]\nname = "My_Shop"\nversion = "1.0.0"\nreadme = "README.md"\ndependencies = ["click"]\n${more}\n[build-system]\nrequires = ["${requires}"]\nbuild-backend = "hatchling.build"\n`;
const command = '[project.scripts]\nshop = "shop.cli:main"\n';
const cli = {
  'README.md': '# Shop\n',
  'src/shop/__init__.py': '',
  'src/shop/cli.py': 'import click\ndef main():\n    click.echo("x")\n',
};
const built = async (files: Files) => (await generatedFor(files))('Dockerfile');
const installs = 'install --no-deps --no-compile --target /opt/project .';

describe('a project that is a package', () => {
  it('is installed where its command starts it', async () => {
    const files = { ...cli, 'pyproject.toml': manifest(command) };
    const facts = await factsOf(files);
    expect([said(facts.archetype), said(facts.commands.start)]).toEqual(['cli-tool', { argv: ['shop'] }]);
    expect(facts.commands.start).toMatchObject({ from: [{ file: 'pyproject.toml', line: 7 }] });
    const text = await built(files);
    expect(text).toContain(installs);
    expect(text).toContain('COPY pyproject.toml README.md ./');
    expect(text).toContain('COPY --link --from=project /opt/project /opt/project');
    expect(text).toContain('PYTHONPATH=/app/src:/app:/opt/project');
    expect((await generatedFor(files))('.dockerignore')).not.toMatch(/^README\.md$/m);
  });

  it('is one of Poetry, or a server that a command starts', async () => {
    const poetry =
      '[tool.poetry]\nname = "shop"\nversion = "1"\n[tool.poetry.scripts]\nshop = "shop.cli:main"\n[build-system]\nrequires = ["poetry-core"]\n';
    const facts = await factsOf({ ...cli, 'pyproject.toml': poetry, 'requirements.txt': 'click\n' });
    expect(said(facts.commands.start)).toEqual({ argv: ['shop'] });
    const server = {
      'src/shop/cli.py': 'from aiohttp import web\ndef main():\n    web.run_app(web.Application(), port=9001)\n',
    };
    const served = await factsOf({ ...cli, ...server, 'pyproject.toml': manifest(command) });
    expect([said(served.archetype), said(served.port)]).toEqual(['web-service', { number: 9001 }]);
  });

  it.each([
    'from importlib.metadata import version\nVERSION = version("my-shop")\n',
    'import importlib.metadata\nVERSION = importlib.metadata.version(__package__)\n',
    'import pkg_resources\nVERSION = pkg_resources.get_distribution("my.shop").version\n',
  ])('is installed where its metadata is read: %s', async (code) => {
    const files = {
      'pyproject.toml': manifest('', 'setuptools-scm'),
      'README.md': '',
      'main.py': `from fastapi import FastAPI\n${code}app = FastAPI()\n`,
    };
    const text = await built(files);
    expect(text).toContain(installs);
    expect(text).toContain('SETUPTOOLS_SCM_PRETEND_VERSION=0.0.0');
  });

  it.each([
    [
      'nothing asks for it',
      { 'pyproject.toml': manifest(command), 'main.py': 'from fastapi import FastAPI\napp = FastAPI()\n' },
    ],
    [
      'the metadata is that of another package',
      {
        'pyproject.toml': manifest(''),
        'main.py':
          'from fastapi import FastAPI\nfrom importlib.metadata import version\nV = version("fastapi")\napp = FastAPI()\n',
      },
    ],
    [
      'a module starts by itself',
      {
        'pyproject.toml': manifest(command),
        'src/shop/cli.py': 'import click\ndef main():\n    pass\nif __name__ == "__main__":\n    main()\n',
      },
    ],
  ])('runs from its sources where %s', async (_, files: Files) => {
    expect(await built({ ...cli, ...files })).not.toContain('/opt/project');
  });
});

it('a library whose modules show what they do starts none of them', async () => {
  const shown = { 'src/shop/core/batch.py': 'def work():\n    pass\nif __name__ == "__main__":\n    work()\n' };
  const library = await factsOf({ ...cli, 'src/shop/cli.py': '', 'pyproject.toml': manifest(''), ...shown });
  expect(said(library.archetype)).toBe('ask archetype');
  const scripts = await factsOf({ 'requirements.txt': 'click\n', ...shown });
  expect(said(scripts.archetype)).toBe('data-pipeline');
  const told = await factsOf(
    { ...cli, 'src/shop/cli.py': '', 'pyproject.toml': manifest(''), ...shown },
    { archetype: 'data-pipeline', start: ['python', '-m', 'shop.core.batch'] },
  );
  expect([said(told.archetype), said(told.entry)]).toEqual(['data-pipeline', 'src/shop/core/batch.py']);
});
