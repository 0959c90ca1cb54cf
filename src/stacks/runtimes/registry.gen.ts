// DO NOT EDIT: `npm run gen` writes this from the files of this folder.
import type { Runtime, Detection } from '../contract.ts';

/** How each is recognised, by name. */
export const runtimes: readonly Detection[] = [
  {
    "name": "bun",
    "title": "Bun",
    "role": "runtime",
    "dependencies": [
      "@types/bun",
      "bun-types"
    ],
    "files": [
      "bun.lock",
      "bun.lockb",
      "bunfig.toml",
      ".bun-version"
    ],
    "fields": [
      "engines.bun",
      "packageManager=bun@",
      "devEngines.runtime.name=bun"
    ],
    "programs": [
      "bun",
      "bunx"
    ],
    "uses": [
      "Bun",
      "bun",
      "bun:*"
    ]
  },
  {
    "name": "golang",
    "title": "Go",
    "role": "runtime"
  },
  {
    "name": "node",
    "title": "Node.js",
    "role": "runtime",
    "files": [
      ".nvmrc",
      ".node-version",
      "package-lock.json",
      "npm-shrinkwrap.json",
      "pnpm-lock.yaml",
      "yarn.lock"
    ],
    "fields": [
      "volta.node",
      "devEngines.runtime.name=node",
      "engines.node"
    ],
    "programs": [
      "node",
      "tsx",
      "ts-node",
      "ts-node-dev",
      "tsnd",
      "nodemon",
      "nest",
      "pm2",
      "pm2-runtime",
      "npm",
      "npx"
    ],
    "isDefault": true
  }
];

const loaders: Readonly<Record<string, () => Promise<Runtime>>> = {
  'bun': async () => (await import('./bun.ts')).runtime,
  'golang': async () => (await import('./golang.ts')).runtime,
  'node': async () => (await import('./node.ts')).runtime,
};

/** Loads one by its name; undefined where there is none of that name. */
export const loadRuntime = async (name: string): Promise<Runtime | undefined> =>
  Object.hasOwn(loaders, name) ? loaders[name]?.() : undefined;
