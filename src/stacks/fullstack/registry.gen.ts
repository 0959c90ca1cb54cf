// DO NOT EDIT: `npm run gen` writes this from the files of this folder.
import type { FullStack, Detection } from '../contract.ts';

/** How each is recognised, by name. */
export const fullStacks: readonly Detection[] = [
  {
    "name": "next",
    "title": "Next.js",
    "role": "full-stack",
    "dependencies": [
      "next"
    ],
    "programs": [
      "next"
    ]
  }
];

const loaders: Readonly<Record<string, () => Promise<FullStack>>> = {
  'next': async () => (await import('./next.ts')).fullStack,
};

/** Loads one by its name; undefined where there is none of that name. */
export const loadFullStack = async (name: string): Promise<FullStack | undefined> =>
  Object.hasOwn(loaders, name) ? loaders[name]?.() : undefined;
