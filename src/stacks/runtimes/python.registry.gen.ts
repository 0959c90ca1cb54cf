// DO NOT EDIT: `npm run gen` writes this from the files of this folder.
import type { Detection } from '../contract.ts';
import type { PythonRuntime } from '../python.ts';

/** How each is recognised, by name. */
export const pythonRuntimes: readonly Detection[] = [
  {
    "name": "python",
    "title": "Python",
    "role": "runtime",
    "language": "python",
    "files": [
      ".python-version",
      "runtime.txt"
    ]
  }
];

const loaders: Readonly<Record<string, () => Promise<PythonRuntime>>> = {
  'python': async () => (await import('./python.ts')).runtime,
};

/** Loads one by its name; undefined where there is none of that name. */
export const loadPythonRuntime = async (name: string): Promise<PythonRuntime | undefined> =>
  Object.hasOwn(loaders, name) ? loaders[name]?.() : undefined;
