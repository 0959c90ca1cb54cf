// DO NOT EDIT: `npm run gen` writes this from the files of this folder.
import type { Builder, Detection } from '../contract.ts';

/** How each is recognised, by name. */
export const builders: readonly Detection[] = [
  {
    "name": "bun-bundle",
    "title": "bun build",
    "role": "builder",
    "files": [
      "bun.lock",
      "bun.lockb",
      "bunfig.toml",
      ".bun-version"
    ],
    "fields": [
      "engines.bun",
      "packageManager=bun@"
    ],
    "programs": [
      "bun"
    ]
  },
  {
    "name": "bun-compile",
    "title": "bun build --compile",
    "role": "builder",
    "programs": [
      "bun"
    ]
  },
  {
    "name": "esbuild",
    "title": "esbuild",
    "role": "builder",
    "dependencies": [
      "esbuild",
      "tsx"
    ]
  },
  {
    "name": "own-script",
    "title": "the build script of the project",
    "role": "builder",
    "fields": [
      "scripts.build"
    ],
    "programs": [
      "tsc",
      "tspc",
      "ttsc",
      "tsup",
      "tsdown",
      "esbuild",
      "swc",
      "babel",
      "rollup",
      "rolldown",
      "webpack",
      "nest",
      "vite",
      "ncc",
      "bunchee",
      "unbuild"
    ]
  },
  {
    "name": "ts-compiler",
    "title": "the TypeScript compiler",
    "role": "builder",
    "dependencies": [
      "typescript"
    ]
  }
];

const loaders: Readonly<Record<string, () => Promise<Builder>>> = {
  'bun-bundle': async () => (await import('./bun-bundle.ts')).builder,
  'bun-compile': async () => (await import('./bun-compile.ts')).builder,
  'esbuild': async () => (await import('./esbuild.ts')).builder,
  'own-script': async () => (await import('./own-script.ts')).builder,
  'ts-compiler': async () => (await import('./ts-compiler.ts')).builder,
};

/** Loads one by its name; undefined where there is none of that name. */
export const loadBuilder = async (name: string): Promise<Builder | undefined> =>
  Object.hasOwn(loaders, name) ? loaders[name]?.() : undefined;
