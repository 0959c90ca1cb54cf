// DO NOT EDIT: `npm run gen` writes this from the files of this folder.
import type { PlatformFile, HintDetection } from './contract.ts';

/** How each is recognised, by name. */
export const hints: readonly HintDetection[] = [
  {
    "name": "fly",
    "title": "fly.toml",
    "files": [
      "fly.toml",
      "fly.json",
      "fly.yaml"
    ],
    "place": "application",
    "page": "https://fly.io/docs/reference/configuration/"
  },
  {
    "name": "nixpacks",
    "title": "nixpacks.toml",
    "files": [
      "nixpacks.toml",
      "nixpacks.json"
    ],
    "place": "application",
    "page": "https://nixpacks.com/docs/configuration/file"
  },
  {
    "name": "procfile",
    "title": "Procfile",
    "files": [
      "Procfile"
    ],
    "place": "application",
    "page": "https://devcenter.heroku.com/articles/procfile"
  },
  {
    "name": "railway",
    "title": "railway.json",
    "files": [
      "railway.json",
      "railway.toml"
    ],
    "place": "application",
    "page": "https://docs.railway.com/reference/config-as-code"
  },
  {
    "name": "render",
    "title": "render.yaml",
    "files": [
      "render.yaml",
      "render.yml"
    ],
    "place": "repository",
    "page": "https://render.com/docs/blueprint-spec"
  }
];

const loaders: Readonly<Record<string, () => Promise<PlatformFile>>> = {
  'fly': async () => (await import('./fly.ts')).hint,
  'nixpacks': async () => (await import('./nixpacks.ts')).hint,
  'procfile': async () => (await import('./procfile.ts')).hint,
  'railway': async () => (await import('./railway.ts')).hint,
  'render': async () => (await import('./render.ts')).hint,
};

/** Loads one by its name; undefined where there is none of that name. */
export const loadPlatformFile = async (name: string): Promise<PlatformFile | undefined> =>
  Object.hasOwn(loaders, name) ? loaders[name]?.() : undefined;
