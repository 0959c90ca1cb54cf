// DO NOT EDIT: `npm run gen` writes this from the files of this folder.
import type { Site, Detection } from '../contract.ts';

/** How each is recognised, by name. */
export const sites: readonly Detection[] = [
  {
    "name": "angular",
    "title": "Angular",
    "role": "site",
    "dependencies": [
      "@angular/core"
    ],
    "programs": [
      "ng"
    ]
  },
  {
    "name": "astro",
    "title": "Astro",
    "role": "site",
    "dependencies": [
      "astro",
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
    "name": "docusaurus",
    "title": "Docusaurus",
    "role": "site",
    "dependencies": [
      "@docusaurus/core"
    ],
    "programs": [
      "docusaurus"
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
    "name": "gatsby",
    "title": "Gatsby",
    "role": "site",
    "dependencies": [
      "gatsby"
    ],
    "programs": [
      "gatsby"
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
    "name": "rsbuild",
    "title": "Rsbuild",
    "role": "site",
    "dependencies": [
      "@rsbuild/core"
    ],
    "programs": [
      "rsbuild"
    ]
  },
  {
    "name": "rspack",
    "title": "Rspack",
    "role": "site",
    "dependencies": [
      "@rspack/cli"
    ],
    "programs": [
      "rspack"
    ]
  },
  {
    "name": "storybook",
    "title": "Storybook",
    "role": "site",
    "dependencies": [
      "storybook"
    ],
    "programs": [
      "storybook",
      "sb",
      "build-storybook"
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
      "vite",
      "vite-ssg"
    ]
  },
  {
    "name": "vitepress",
    "title": "VitePress",
    "role": "site",
    "dependencies": [
      "vitepress"
    ],
    "programs": [
      "vitepress"
    ]
  },
  {
    "name": "vue-cli",
    "title": "Vue CLI",
    "role": "site",
    "dependencies": [
      "@vue/cli-service"
    ],
    "programs": [
      "vue-cli-service"
    ]
  },
  {
    "name": "vuepress",
    "title": "VuePress",
    "role": "site",
    "dependencies": [
      "vuepress"
    ],
    "programs": [
      "vuepress",
      "vuepress-vite",
      "vuepress-webpack"
    ]
  },
  {
    "name": "webpack",
    "title": "webpack",
    "role": "site",
    "dependencies": [
      "webpack"
    ],
    "programs": [
      "webpack"
    ]
  }
];

const loaders: Readonly<Record<string, () => Promise<Site>>> = {
  'angular': async () => (await import('./angular.ts')).site,
  'astro': async () => (await import('./astro.ts')).site,
  'docusaurus': async () => (await import('./docusaurus.ts')).site,
  'eleventy': async () => (await import('./eleventy.ts')).site,
  'gatsby': async () => (await import('./gatsby.ts')).site,
  'next-export': async () => (await import('./next-export.ts')).site,
  'nuxt-generate': async () => (await import('./nuxt-generate.ts')).site,
  'parcel': async () => (await import('./parcel.ts')).site,
  'react-router-spa': async () => (await import('./react-router-spa.ts')).site,
  'react-scripts': async () => (await import('./react-scripts.ts')).site,
  'rsbuild': async () => (await import('./rsbuild.ts')).site,
  'rspack': async () => (await import('./rspack.ts')).site,
  'storybook': async () => (await import('./storybook.ts')).site,
  'sveltekit-static': async () => (await import('./sveltekit-static.ts')).site,
  'vite': async () => (await import('./vite.ts')).site,
  'vitepress': async () => (await import('./vitepress.ts')).site,
  'vue-cli': async () => (await import('./vue-cli.ts')).site,
  'vuepress': async () => (await import('./vuepress.ts')).site,
  'webpack': async () => (await import('./webpack.ts')).site,
};

/** Loads one by its name; undefined where there is none of that name. */
export const loadSite = async (name: string): Promise<Site | undefined> =>
  Object.hasOwn(loaders, name) ? loaders[name]?.() : undefined;
