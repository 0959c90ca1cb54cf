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
    "name": "next-export",
    "title": "Next.js, exported",
    "role": "site",
    "dependencies": [
      "next"
    ],
    "programs": [
      "next"
    ]
  },
  {
    "name": "nuxt-generate",
    "title": "Nuxt, generated",
    "role": "site",
    "dependencies": [
      "nuxt",
      "nuxt-nightly"
    ],
    "programs": [
      "nuxt",
      "nuxi",
      "nuxi-ng",
      "nuxt-cli"
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
    "name": "react-router-spa",
    "title": "React Router without a server",
    "role": "site",
    "dependencies": [
      "@react-router/dev",
      "@react-router/node",
      "@react-router/serve"
    ],
    "programs": [
      "react-router"
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
    "name": "sveltekit-static",
    "title": "SvelteKit, static",
    "role": "site",
    "dependencies": [
      "@sveltejs/kit"
    ],
    "programs": [
      "vite",
      "svelte-kit"
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
  'next-export': async () => (await import('./next-export.ts')).site,
  'nuxt-generate': async () => (await import('./nuxt-generate.ts')).site,
  'parcel': async () => (await import('./parcel.ts')).site,
  'react-router-spa': async () => (await import('./react-router-spa.ts')).site,
  'react-scripts': async () => (await import('./react-scripts.ts')).site,
  'sveltekit-static': async () => (await import('./sveltekit-static.ts')).site,
  'vite': async () => (await import('./vite.ts')).site,
};

/** Loads one by its name; undefined where there is none of that name. */
export const loadSite = async (name: string): Promise<Site | undefined> =>
  Object.hasOwn(loaders, name) ? loaders[name]?.() : undefined;
