/**
 * uv (https://docs.astral.sh/uv/guides/integration/docker/): `uv sync --frozen` installs exactly the versions in `uv.lock`. A `pyproject.toml` without
 * any lockfile is installed with uv too: then each build resolves the versions again.
 */
import { uvImage } from '../../catalog/python.ts';
import type { Dependency } from '../../model/facts.ts';
import type { Mount } from '../../model/plan.ts';
import type { RecipeStep } from '../../model/recipe.ts';
import { isTable, readData } from '../../project/data.ts';
import { pathIn } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import type { Detection } from '../contract.ts';
import { type PythonManager, VIRTUAL_ENVIRONMENT } from '../python.ts';
import { inVariable, listedIndexes } from '../support/indexes.ts';
import { loginMounts } from '../support/python-install.ts';
import { listedDependencies } from '../support/requirements.ts';

export const detection: Detection = {
  name: 'uv',
  title: 'uv',
  role: 'manager',
  language: 'python',
  files: ['uv.lock', 'pyproject.toml'],
};

const lockfile = 'uv.lock';

function dependencies(project: Project, root: string): readonly Dependency[] {
  const data = readData(project, pathIn(root, 'pyproject.toml'));
  if (!data) return [];
  const groups = data.at(['dependency-groups']);
  const names = isTable(groups) ? Object.keys(groups) : [];
  return [
    ...listedDependencies(data, ['project', 'dependencies'], false),
    ...names.flatMap((name) => listedDependencies(data, ['dependency-groups', name], true)),
    ...listedDependencies(data, ['tool', 'uv', 'dev-dependencies'], true),
  ];
}

const settings = {
  UV_PROJECT_ENVIRONMENT: VIRTUAL_ENVIRONMENT,
  UV_LINK_MODE: 'copy',
  UV_PYTHON_DOWNLOADS: 'never',
  UV_PYTHON: '/usr/local/bin/python',
};
const mounts = [{ type: 'cache' as const, target: '/root/.cache/uv' }];

const adding = (added: readonly string[], logins: readonly Mount[]): RecipeStep => ({
  do: 'run',
  argv: ['uv', 'pip', 'install', '--python', `${VIRTUAL_ENVIRONMENT}/bin/python`, ...added],
  mounts: [...mounts, ...logins],
  env: { UV_LINK_MODE: 'copy' },
});

export const manager: PythonManager = {
  lockfiles: [lockfile],
  takesManifest: true,
  reads: (project, root) => {
    const files = ['pyproject.toml', lockfile, 'uv.toml'].filter((file) => project.has(pathIn(root, file)));
    return { production: files, development: files };
  },
  dependencies,
  installInto: { image: uvImage, source: '/uv', to: '/usr/local/bin/uv' },
  indexes: (project, root) => [
    ...listedIndexes(readData(project, pathIn(root, 'pyproject.toml')), ['tool', 'uv', 'index']),
    ...listedIndexes(readData(project, pathIn(root, 'uv.toml')), ['index']),
  ],
  // https://docs.astral.sh/uv/concepts/indexes/#providing-credentials-directly
  loginOf: (name) => [`UV_INDEX_${inVariable(name)}_USERNAME`, `UV_INDEX_${inVariable(name)}_PASSWORD`],
  logsIn: true,
  install: ({ lockfile: locked, development, added, logins }) => [
    {
      do: 'run',
      argv: [
        ...['uv', 'sync', ...(locked === undefined ? [] : ['--frozen'])],
        ...[...(development ? [] : ['--no-dev']), '--no-install-project'],
      ],
      mounts: [...mounts, ...(logins ? loginMounts(logins) : [])],
      env: settings,
    },
    ...(added.length > 0 ? [adding(added, logins ? loginMounts(logins) : [])] : []),
  ],
};
