// DO NOT EDIT: `npm run gen` writes this from the files of this folder.
import type { Detection } from '../contract.ts';
import type { PythonFramework } from '../python.ts';

/** How each is recognised, by name. */
export const pythonFrameworks: readonly Detection[] = [
  {
    "name": "django",
    "title": "Django",
    "role": "server",
    "language": "python",
    "dependencies": [
      "django"
    ]
  },
  {
    "name": "fastapi",
    "title": "FastAPI",
    "role": "server",
    "language": "python",
    "dependencies": [
      "fastapi"
    ],
    "includes": [
      "starlette"
    ]
  },
  {
    "name": "flask",
    "title": "Flask",
    "role": "server",
    "language": "python",
    "dependencies": [
      "flask"
    ]
  },
  {
    "name": "litestar",
    "title": "Litestar",
    "role": "server",
    "language": "python",
    "dependencies": [
      "litestar"
    ]
  },
  {
    "name": "quart",
    "title": "Quart",
    "role": "server",
    "language": "python",
    "dependencies": [
      "quart"
    ]
  },
  {
    "name": "starlette",
    "title": "Starlette",
    "role": "server",
    "language": "python",
    "dependencies": [
      "starlette"
    ]
  }
];

const loaders: Readonly<Record<string, () => Promise<PythonFramework>>> = {
  'django': async () => (await import('./django.ts')).framework,
  'fastapi': async () => (await import('./fastapi.ts')).framework,
  'flask': async () => (await import('./flask.ts')).framework,
  'litestar': async () => (await import('./litestar.ts')).framework,
  'quart': async () => (await import('./quart.ts')).framework,
  'starlette': async () => (await import('./starlette.ts')).framework,
};

/** Loads one by its name; undefined where there is none of that name. */
export const loadPythonFramework = async (name: string): Promise<PythonFramework | undefined> =>
  Object.hasOwn(loaders, name) ? loaders[name]?.() : undefined;
