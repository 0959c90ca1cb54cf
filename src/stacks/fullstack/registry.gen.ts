// DO NOT EDIT: `npm run gen` writes this from the files of this folder.
import type { FullStack, Detection } from '../contract.ts';

/** How each is recognised, by name. */
export const fullStacks: readonly Detection[] = [
  {
    "name": "astro-node",
    "title": "Astro with a server",
    "role": "full-stack",
    "dependencies": [
      "@astrojs/node",
      "@astrojs/vercel",
      "@astrojs/netlify",
      "@astrojs/cloudflare"
    ],
    "programs": [
      "astro"
    ]
  },
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
  },
  {
    "name": "nitro",
    "title": "Nitro",
    "role": "full-stack",
    "dependencies": [
      "nitropack",
      "nitro",
      "nitro-nightly"
    ],
    "programs": [
      "nitro",
      "nitropack"
    ]
  },
  {
    "name": "nuxt",
    "title": "Nuxt",
    "role": "full-stack",
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
    "name": "react-router",
    "title": "React Router",
    "role": "full-stack",
    "dependencies": [
      "@react-router/dev"
    ],
    "programs": [
      "react-router"
    ]
  },
  {
    "name": "sveltekit",
    "title": "SvelteKit",
    "role": "full-stack",
    "dependencies": [
      "@sveltejs/kit"
    ],
    "programs": [
      "vite",
      "svelte-kit"
    ]
  }
];

const loaders: Readonly<Record<string, () => Promise<FullStack>>> = {
  'astro-node': async () => (await import('./astro-node.ts')).fullStack,
  'next': async () => (await import('./next.ts')).fullStack,
  'nitro': async () => (await import('./nitro.ts')).fullStack,
  'nuxt': async () => (await import('./nuxt.ts')).fullStack,
  'react-router': async () => (await import('./react-router.ts')).fullStack,
  'sveltekit': async () => (await import('./sveltekit.ts')).fullStack,
};

/** Loads one by its name; undefined where there is none of that name. */
export const loadFullStack = async (name: string): Promise<FullStack | undefined> =>
  Object.hasOwn(loaders, name) ? loaders[name]?.() : undefined;
