/**
 * PDM (https://pdm-project.org/latest/usage/lock-targets/): `pdm.lock`. PDM exports it as a requirements file in a separate stage, and pip installs from
 * that with hashes: PDM is not in the final image.
 */
import { exporters } from '../../catalog/python.ts';
import type { Dependency } from '../../model/facts.ts';
import { isTable, readData } from '../../project/data.ts';
import { pathIn } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import type { Detection } from '../contract.ts';
import type { PythonManager } from '../python.ts';
import { listedIndexes } from '../support/indexes.ts';
import { installExported } from '../support/python-install.ts';
import { isForProduction, listedDependencies, namesIn } from '../support/requirements.ts';

export const detection: Detection = {
  name: 'pdm',
  title: 'PDM',
  role: 'manager',
  language: 'python',
  files: ['pdm.lock'],
};

const lockfile = 'pdm.lock';

const groupTables = [['dependency-groups'], ['tool', 'pdm', 'dev-dependencies']] as const;

const manifestOf = (project: Project, root: string) => readData(project, pathIn(root, 'pyproject.toml'));

function dependencies(project: Project, root: string): readonly Dependency[] {
  const data = manifestOf(project, root);
  if (!data) return [];
  return [
    ...listedDependencies(data, ['project', 'dependencies'], false),
    ...groupTables.flatMap((path) =>
      namesIn(data, path).flatMap((name) => listedDependencies(data, [...path, name], !isForProduction(name))),
    ),
  ];
}

/** Packages from a folder or a repository have no hash in the lockfile. */
function isUnhashed(project: Project, root: string): boolean {
  const packages = readData(project, pathIn(root, lockfile), 'toml')?.at(['package']);
  return Array.isArray(packages) && packages.some((item) => isTable(item) && ('git' in item || 'path' in item));
}

export const manager: PythonManager = {
  lockfiles: [lockfile],
  reads: (project, root) => {
    const files = ['pyproject.toml', lockfile, 'pdm.toml'].filter((file) => project.has(pathIn(root, file)));
    const data = manifestOf(project, root);
    const groups = (data ? groupTables.flatMap((path) => namesIn(data, path)) : []).filter(isForProduction);
    return {
      production: files,
      development: files,
      ...(groups.length > 0 ? { groups: [...new Set(groups)] } : {}),
      ...(isUnhashed(project, root) ? { isUnhashed: true as const } : {}),
    };
  },
  dependencies,
  exports: {
    tool: exporters.pdm,
    steps: ({ groups = [], isUnhashed: isOpen, development, file }) => [
      {
        do: 'run',
        argv: [
          ...['pdm', 'export', '--format', 'requirements', '--output', file],
          ...(development ? [] : ['--production']),
          ...(development ? [] : groups.flatMap((name) => ['--with', name])),
          ...(isOpen ? ['--without-hashes'] : []),
        ],
        env: { PDM_CHECK_UPDATE: 'false' },
      },
    ],
  },
  indexes: (project, root) => listedIndexes(manifestOf(project, root), ['tool', 'pdm', 'source']),
  install: installExported,
};
