/**
 * pip: `requirements.txt`, with the files that it includes with `-r` and `-c`; in a folder `requirements/`, `production.txt`, `prod.txt` or `base.txt`.
 * Development requirements come from `requirements-dev.txt` and similar files. (https://pip.pypa.io/en/stable/reference/requirements-file-format/)
 */
import { pathIn } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import type { Detection } from '../contract.ts';
import type { PythonManager } from '../python.ts';
import { createVirtualEnvironment, installing } from '../support/python-install.ts';
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

export const manager: PythonManager = {
  takesPaths: true,
  lockfiles: production,
  reads: (project, root) => {
    const readAll = (names: readonly string[]) => {
      const file = first(project, root, names);
      return file === undefined ? undefined : readRequirements(project, root, file, false);
    };
    const own = readAll(production);
    const files = own?.files ?? [];
    return {
      production: files,
      development: [...new Set([...files, ...(readAll(development)?.files ?? [])])],
      ...(own?.isHashed ? { isHashed: true as const } : {}),
    };
  },
  dependencies: (project, root) =>
    [production, development].flatMap((names, at) => {
      const file = first(project, root, names);
      return file === undefined ? [] : readRequirements(project, root, file, at === 1).dependencies;
    }),
  indexes: (project, root) => {
    const file = first(project, root, production);
    return file === undefined ? [] : readRequirements(project, root, file, false).indexes;
  },
  install: ({ files, lockfile, development: isWhole, added, isHashed, logins }) => {
    const named = development.flatMap((name) => files.find((file) => file === name || file.endsWith(`/${name}`)) ?? []);
    const further = isWhole ? named.slice(0, 1) : [];
    const all = [...(lockfile === undefined ? [] : [lockfile]), ...further];
    return [
      createVirtualEnvironment,
      ...(isHashed && added.length > 0
        ? [installing(all, [], [], logins), installing([], added, [], logins)]
        : all.length + added.length > 0
          ? [installing(all, added, [], logins)]
          : []),
    ];
  },
};
