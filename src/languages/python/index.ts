/** Python: ASGI and WSGI applications and programs, read from the syntax trees of their modules. */
import { loadPython } from '../../formats/python/index.ts';
import { item } from '../../model/check-item.ts';
import type { Language, LanguageDetection } from '../contract.ts';
import { listUntransferred } from '../support/container/untransferred.ts';
import { applicationRoots } from './applications.ts';
import { inspectApplication } from './inspect.ts';
import { nameIn, pyproject } from './manifest.ts';
import { loadRecipes } from './recipe.ts';

export const detection: LanguageDetection = {
  name: 'python',
  title: 'Python',
  manifests: ['pyproject.toml', 'requirements.txt', 'Pipfile', 'setup.py', 'manage.py', 'environment.yml'],
  endings: ['.py'],
  testsHint: 'add pytest to the development dependencies',
};

export const language: Language = {
  prepare: loadPython,
  applications: applicationRoots,
  packages: (project) => applicationRoots(project).map((root) => ({ root, name: nameIn(project, root) })),
  inspect: async (input) => listUntransferred(input, await inspectApplication(input)),
  manifestItem: (project, { root, manifest = 'pyproject.toml' }) => {
    const broken = pyproject(project, root)?.problem;
    return item(
      'manifest',
      `${manifest} is valid`,
      broken
        ? { status: 'fail', detail: broken.message, next: 'fix the line', file: manifest }
        : { status: 'pass', detail: manifest, file: manifest },
    );
  },
  lockfileItem: async (_project, { lockfile }) =>
    item(
      'lockfile',
      'Installed versions are locked',
      lockfile
        ? { status: 'pass', detail: lockfile.value.path, file: lockfile.value.path }
        : {
            status: 'fail',
            detail: 'there is no lockfile with the versions to install',
            next: 'run `uv lock` and commit uv.lock',
          },
    ),
  recipes: loadRecipes,
};
