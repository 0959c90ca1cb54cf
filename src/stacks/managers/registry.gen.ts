// DO NOT EDIT: `npm run gen` writes this from the files of this folder.
import type { Manager, Recognise } from '../contract.ts';

/** How each is recognised, by name. */
export const managers: readonly Recognise[] = [
  {
    "name": "bun",
    "title": "Bun",
    "role": "manager",
    "files": [
      "bun.lock",
      "bun.lockb"
    ],
    "fields": [
      "packageManager=bun@"
    ]
  }
];

const loaders: Readonly<Record<string, () => Promise<Manager>>> = {
  'bun': async () => (await import('./bun.ts')).manager,
};

/** Loads one by its name; undefined where there is none of that name. */
export const loadManager = async (name: string): Promise<Manager | undefined> =>
  Object.hasOwn(loaders, name) ? loaders[name]?.() : undefined;
