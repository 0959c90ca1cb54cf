// DO NOT EDIT: `npm run gen` writes this from the files of this folder.
import type { Detection } from '../contract.ts';
import type { PythonManager } from '../python.ts';

/** How each is recognised, by name. */
export const pythonManagers: readonly Detection[] = [
  {
    "name": "pdm",
    "title": "PDM",
    "role": "manager",
    "language": "python",
    "files": [
      "pdm.lock"
    ]
  },
  {
    "name": "pip",
    "title": "pip",
    "role": "manager",
    "language": "python",
    "files": [
      "requirements.txt",
      "requirements/production.txt",
      "requirements/prod.txt",
      "requirements/base.txt"
    ],
    "isDefault": true
  },
  {
    "name": "pipenv",
    "title": "Pipenv",
    "role": "manager",
    "language": "python",
    "files": [
      "Pipfile.lock"
    ]
  },
  {
    "name": "poetry",
    "title": "Poetry",
    "role": "manager",
    "language": "python",
    "files": [
      "poetry.lock"
    ]
  },
  {
    "name": "uv",
    "title": "uv",
    "role": "manager",
    "language": "python",
    "files": [
      "uv.lock",
      "pyproject.toml"
    ]
  }
];

const loaders: Readonly<Record<string, () => Promise<PythonManager>>> = {
  'pdm': async () => (await import('./pdm.ts')).manager,
  'pip': async () => (await import('./pip.ts')).manager,
  'pipenv': async () => (await import('./pipenv.ts')).manager,
  'poetry': async () => (await import('./poetry.ts')).manager,
  'uv': async () => (await import('./uv.ts')).manager,
};

/** Loads one by its name; undefined where there is none of that name. */
export const loadPythonManager = async (name: string): Promise<PythonManager | undefined> =>
  Object.hasOwn(loaders, name) ? loaders[name]?.() : undefined;
