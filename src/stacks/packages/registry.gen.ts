// DO NOT EDIT: `npm run gen` writes this from the files of this folder.
import type { PackageKind, Detection } from '../contract.ts';

/** How each is recognised, by name. */
export const packageKinds: readonly Detection[] = [
  {
    "name": "node-package",
    "title": "npm package",
    "role": "package",
    "files": [
      "package.json"
    ]
  }
];

const loaders: Readonly<Record<string, () => Promise<PackageKind>>> = {
  'node-package': async () => (await import('./node-package.ts')).packageKind,
};

/** Loads one by its name; undefined where there is none of that name. */
export const loadPackageKind = async (name: string): Promise<PackageKind | undefined> =>
  Object.hasOwn(loaders, name) ? loaders[name]?.() : undefined;
