// DO NOT EDIT: `npm run gen` writes this from the files of this folder.
import type { Manager, Detection } from '../contract.ts';

/** How each is recognised, by name. */
export const managers: readonly Detection[] = [
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
  },
  {
    "name": "npm",
    "title": "npm",
    "role": "manager",
    "files": [
      "package-lock.json",
      "npm-shrinkwrap.json"
    ],
    "fields": [
      "packageManager=npm@"
    ],
    "isDefault": true
  },
  {
    "name": "pnpm",
    "title": "pnpm",
    "role": "manager",
    "files": [
      "pnpm-lock.yaml"
    ],
    "fields": [
      "packageManager=pnpm@"
    ]
  },
  {
    "name": "yarn",
    "title": "Yarn",
    "role": "manager",
    "files": [
      "yarn.lock"
    ],
    "fields": [
      "packageManager=yarn@"
    ]
  }
];

const loaders: Readonly<Record<string, () => Promise<Manager>>> = {
  'bun': async () => (await import('./bun.ts')).manager,
  'npm': async () => (await import('./npm.ts')).manager,
  'pnpm': async () => (await import('./pnpm.ts')).manager,
  'yarn': async () => (await import('./yarn.ts')).manager,
};

/** Loads one by its name; undefined where there is none of that name. */
export const loadManager = async (name: string): Promise<Manager | undefined> =>
  Object.hasOwn(loaders, name) ? loaders[name]?.() : undefined;
