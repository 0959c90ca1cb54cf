/**
 * Pipenv (https://pipenv.pypa.io/en/latest/commands.html#requirements): `Pipfile.lock`. Pipenv exports it as a requirements file in a separate stage,
 * and pip installs from that with hashes: Pipenv is not in the final image.
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
import { tableDependencies } from '../support/requirements.ts';

export const detection: Detection = {
  name: 'pipenv',
  title: 'Pipenv',
  role: 'manager',
  language: 'python',
  files: ['Pipfile.lock'],
};

const lockfile = 'Pipfile.lock';

function dependencies(project: Project, root: string): readonly Dependency[] {
  const data = readData(project, pathIn(root, 'Pipfile'), 'toml');
  return data
    ? [...tableDependencies(data, ['packages'], false), ...tableDependencies(data, ['dev-packages'], true)]
    : [];
}

/** Packages from a folder or a repository have no hash in the lockfile. */
function isUnhashed(project: Project, root: string): boolean {
  const data = readData(project, pathIn(root, lockfile));
  return ['default', 'develop'].some((table) => {
    const found = data?.at([table]);
    return isTable(found) && Object.values(found).some((item) => isTable(item) && !Array.isArray(item['hashes']));
  });
}

export const manager: PythonManager = {
  lockfiles: [lockfile],
  reads: (project, root) => {
    const files = ['Pipfile', lockfile].filter((file) => project.has(pathIn(root, file)));
    return {
      production: files,
      development: files,
      ...(isUnhashed(project, root) ? { isUnhashed: true as const } : {}),
    };
  },
  dependencies,
  exports: {
    tool: exporters.pipenv,
    // it prints them, and takes no name of a file
    steps: ({ isUnhashed: isOpen, development, file }) => [
      {
        do: 'shell',
        script: [`pipenv requirements${development ? ' --dev' : ''}${isOpen ? '' : ' --hash'} > ${file}`],
      },
    ],
  },
  indexes: (project, root) => listedIndexes(readData(project, pathIn(root, 'Pipfile'), 'toml'), ['source']),
  install: installExported,
};
