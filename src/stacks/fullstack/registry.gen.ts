// DO NOT EDIT: `npm run gen` writes this from the files of this folder.
import type { FullStack, Detection } from '../contract.ts';

/** How each is recognised, by name. */
export const fullStacks: readonly Detection[] = [
  {
    "name": "adonis",
    "title": "AdonisJS",
    "role": "full-stack",
    "dependencies": [
      "@adonisjs/core"
    ],
    "programs": [
      "ace"
    ]
  },
  {
    "name": "angular-ssr",
    "title": "Angular with a server",
    "role": "full-stack",
    "dependencies": [
      "@angular/ssr",
      "@nguniversal/express-engine"
    ],
    "programs": [
      "ng"
    ]
  },
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
    "name": "remix",
    "title": "Remix",
    "role": "full-stack",
    "dependencies": [
      "@remix-run/dev"
    ],
    "programs": [
      "remix",
      "vite"
    ]
  },
  {
    "name": "solid-start",
    "title": "SolidStart",
    "role": "full-stack",
    "dependencies": [
      "@solidjs/start",
      "solid-start"
    ],
    "programs": [
      "vinxi",
      "vite",
      "solid-start"
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
  },
  {
    "name": "tanstack-start",
    "title": "TanStack Start",
    "role": "full-stack",
    "dependencies": [
      "@tanstack/react-start",
      "@tanstack/solid-start",
      "@tanstack/vue-start"
    ],
    "programs": [
      "vite"
    ]
  }
];

const loaders: Readonly<Record<string, () => Promise<FullStack>>> = {
  'adonis': async () => (await import('./adonis.ts')).fullStack,
  'angular-ssr': async () => (await import('./angular-ssr.ts')).fullStack,
  'astro-node': async () => (await import('./astro-node.ts')).fullStack,
  'next': async () => (await import('./next.ts')).fullStack,
  'nitro': async () => (await import('./nitro.ts')).fullStack,
  'nuxt': async () => (await import('./nuxt.ts')).fullStack,
  'react-router': async () => (await import('./react-router.ts')).fullStack,
  'remix': async () => (await import('./remix.ts')).fullStack,
  'solid-start': async () => (await import('./solid-start.ts')).fullStack,
  'sveltekit': async () => (await import('./sveltekit.ts')).fullStack,
  'tanstack-start': async () => (await import('./tanstack-start.ts')).fullStack,
};

/** Loads one by its name; undefined where there is none of that name. */
export const loadFullStack = async (name: string): Promise<FullStack | undefined> =>
  Object.hasOwn(loaders, name) ? loaders[name]?.() : undefined;
