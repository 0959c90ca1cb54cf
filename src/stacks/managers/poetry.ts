/**
 * Poetry (https://python-poetry.org/docs/, https://github.com/python-poetry/poetry-plugin-export): `poetry.lock` of Poetry 1 and 2. Poetry exports it as
 * a requirements file in a separate stage, and pip installs from that with hashes: Poetry is not in the final image, and may run on a different version
 * of Python than the application.
 */
import { exporters } from '../../catalog/python.ts';
import type { Dependency } from '../../model/facts.ts';
import { type Data, isTable, readData } from '../../project/data.ts';
import { pathIn } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import type { Detection } from '../contract.ts';
import type { PythonManager } from '../python.ts';
import { inVariable, listedIndexes } from '../support/indexes.ts';
import { installExported } from '../support/python-install.ts';
import { isForProduction, listedDependencies, namesIn, tableDependencies } from '../support/requirements.ts';

export const detection: Detection = {
  name: 'poetry',
  title: 'Poetry',
  role: 'manager',
  language: 'python',
  files: ['poetry.lock'],
};

const lockfile = 'poetry.lock';

const manifestOf = (project: Project, root: string) => readData(project, pathIn(root, 'pyproject.toml'));

/** The version of Python, and what only extras install, are no dependencies of the application. */
const counts = (name: string, item: unknown): boolean =>
  name.toLowerCase() !== 'python' && !(isTable(item) && item['optional'] === true);

const tabled = (data: Data, path: readonly string[], dev: boolean) => tableDependencies(data, path, dev, counts);

/** Groups of Poetry's own and of the standard. */
const groupsOf = (data: Data): readonly string[] => [
  ...new Set([...namesIn(data, ['tool', 'poetry', 'group']), ...namesIn(data, ['dependency-groups'])]),
];

function dependencies(project: Project, root: string): readonly Dependency[] {
  const data = manifestOf(project, root);
  if (!data) return [];
  return [
    ...listedDependencies(data, ['project', 'dependencies'], false),
    ...tabled(data, ['tool', 'poetry', 'dependencies'], false),
    ...tabled(data, ['tool', 'poetry', 'dev-dependencies'], true),
    ...groupsOf(data).flatMap((name) => [
      ...tabled(data, ['tool', 'poetry', 'group', name, 'dependencies'], !isForProduction(name)),
      ...listedDependencies(data, ['dependency-groups', name], !isForProduction(name)),
    ]),
  ];
}

/** Packages from a folder or a repository have no hash in the lockfile. */
function isUnhashed(project: Project, root: string): boolean {
  const packages = readData(project, pathIn(root, lockfile), 'toml')?.at(['package']);
  return (
    Array.isArray(packages) &&
    packages.some(
      (item) => isTable(item) && isTable(item['source']) && ['git', 'directory'].includes(`${item['source']['type']}`),
    )
  );
}

export const manager: PythonManager = {
  lockfiles: [lockfile],
  reads: (project, root) => {
    const files = ['pyproject.toml', lockfile, 'poetry.toml'].filter((file) => project.has(pathIn(root, file)));
    const data = manifestOf(project, root);
    const groups = (data ? groupsOf(data) : []).filter(isForProduction);
    return {
      production: files,
      development: files,
      ...(groups.length > 0 ? { groups } : {}),
      ...(isUnhashed(project, root) ? { isUnhashed: true as const } : {}),
    };
  },
  dependencies,
  exports: {
    tool: exporters.poetry,
    steps: ({ groups = [], isUnhashed: isOpen, development, file }) => [
      {
        do: 'run',
        argv: [
          ...['poetry', 'export', '--output', file],
          ...(development ? ['--all-groups'] : groups.flatMap((name) => ['--with', name])),
          ...(isOpen ? ['--without-hashes'] : []),
        ],
        env: { POETRY_NO_INTERACTION: '1', POETRY_VIRTUALENVS_CREATE: 'false' },
      },
    ],
  },
  indexes: (project, root) => listedIndexes(manifestOf(project, root), ['tool', 'poetry', 'source']),
  // https://python-poetry.org/docs/repositories/#configuring-credentials
  loginOf: (name) => [
    `POETRY_HTTP_BASIC_${inVariable(name)}_USERNAME`,
    `POETRY_HTTP_BASIC_${inVariable(name)}_PASSWORD`,
  ],
  install: installExported,
};
