/**
 * pip: `requirements.txt`, with the files that it names by `-r` and `-c`; where `requirements/` holds them, `production.txt`, `prod.txt` or `base.txt`.
 * Requirements for developing are those of `requirements-dev.txt` and its kind. (https://pip.pypa.io/en/stable/reference/requirements-file-format/)
 */
import type { RecipeStep } from '../../model/recipe.ts';
import { pathIn } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import type { Detection } from '../contract.ts';
import { type PythonManager, VIRTUAL_ENVIRONMENT } from '../python.ts';
import { readRequirements } from '../support/requirements.ts';

export const detection: Detection = {
  name: 'pip',
  title: 'pip',
  role: 'manager',
  language: 'python',
  files: ['requirements.txt', 'requirements/production.txt', 'requirements/prod.txt', 'requirements/base.txt'],
  isDefault: true,
};

const production = [
  'requirements.txt',
  'requirements/production.txt',
  'requirements/prod.txt',
  'requirements/base.txt',
];
const development = ['dev', 'development', 'test', 'tests', 'testing', 'local'].flatMap((word) => [
  `requirements-${word}.txt`,
  `requirements_${word}.txt`,
  `${word}-requirements.txt`,
  `requirements/${word}.txt`,
]);

const first = (project: Project, root: string, files: readonly string[]): string | undefined =>
  files.find((file) => project.has(pathIn(root, file)));

/** By its path: the one of the virtual environment comes first on the PATH, and has no pip. */
const interpreter = '/usr/local/bin/python';

const installing = (files: readonly string[], added: readonly string[]): RecipeStep => ({
  do: 'run',
  argv: [
    ...[interpreter, '-m', 'pip', '--python', `${VIRTUAL_ENVIRONMENT}/bin/python`, 'install', '--no-compile'],
    ...files.flatMap((file) => ['-r', file]),
    ...added,
  ],
  mounts: [{ type: 'cache', target: '/root/.cache/pip' }],
  env: { PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_ROOT_USER_ACTION: 'ignore' },
});

export const manager: PythonManager = {
  lockfiles: production,
  reads: (project, root) => {
    const readAll = (names: readonly string[]) => {
      const file = first(project, root, names);
      return file === undefined ? [] : readRequirements(project, root, file, false).files;
    };
    const own = readAll(production);
    return { production: own, development: [...new Set([...own, ...readAll(development)])] };
  },
  dependencies: (project, root) =>
    [production, development].flatMap((names, at) => {
      const file = first(project, root, names);
      return file === undefined ? [] : readRequirements(project, root, file, at === 1).dependencies;
    }),
  install: ({ files, lockfile, development: isWhole, added }) => {
    const further = isWhole ? development.filter((name) => files.includes(name)).slice(0, 1) : [];
    const all = [...(lockfile === undefined ? [] : [lockfile]), ...further];
    return [
      // pip itself stays out of what ships
      { do: 'run', argv: [interpreter, '-m', 'venv', '--without-pip', VIRTUAL_ENVIRONMENT] },
      ...(all.length + added.length > 0 ? [installing(all, added)] : []),
    ];
  },
};
