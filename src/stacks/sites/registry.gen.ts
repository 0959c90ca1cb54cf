// DO NOT EDIT: `npm run gen` writes this from the files of this folder.
import type { Site, Detection } from '../contract.ts';

/** How each is recognised, by name. */
export const sites: readonly Detection[] = [
  {
    "name": "astro",
    "title": "Astro",
    "role": "site",
    "dependencies": [
      "astro"
    ],
    "programs": [
      "astro"
    ]
  },
  {
    "name": "eleventy",
    "title": "Eleventy",
    "role": "site",
    "dependencies": [
      "@11ty/eleventy"
    ],
    "programs": [
      "eleventy",
      "@11ty/eleventy"
    ]
  },
  {
    "name": "parcel",
    "title": "Parcel",
    "role": "site",
    "dependencies": [
      "parcel",
      "parcel-bundler"
    ],
    "programs": [
      "parcel"
    ]
  },
  {
    "name": "react-scripts",
    "title": "Create React App",
    "role": "site",
    "dependencies": [
      "react-scripts"
    ],
    "programs": [
      "react-scripts"
    ]
  },
  {
    "name": "vite",
    "title": "Vite",
    "role": "site",
    "dependencies": [
      "vite",
      "rolldown-vite"
    ],
    "programs": [
      "vite"
    ]
  }
];

const loaders: Readonly<Record<string, () => Promise<Site>>> = {
  'astro': async () => (await import('./astro.ts')).site,
  'eleventy': async () => (await import('./eleventy.ts')).site,
  'parcel': async () => (await import('./parcel.ts')).site,
  'react-scripts': async () => (await import('./react-scripts.ts')).site,
  'vite': async () => (await import('./vite.ts')).site,
};

/** Loads one by its name; undefined where there is none of that name. */
export const loadSite = async (name: string): Promise<Site | undefined> =>
  Object.hasOwn(loaders, name) ? loaders[name]?.() : undefined;
