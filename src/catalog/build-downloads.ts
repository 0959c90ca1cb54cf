/** What a build takes from elsewhere than the registry of packages: it fails where that cannot be reached, and may differ from day to day. */

export type BuildDownload = {
  /** the module whose import does it, or the dependency that does it by itself */
  readonly imports?: string;
  readonly dependency?: string;
  readonly what: string;
  /** how a build does without */
  readonly instead: string;
  /** where it was looked up */
  readonly source: string;
};

export const buildDownloads: readonly BuildDownload[] = [
  {
    imports: 'next/font/google',
    what: 'fonts from fonts.googleapis.com',
    instead: 'use `next/font/local` to load them from files of the project',
    source: 'https://nextjs.org/docs/app/getting-started/fonts',
  },
  {
    dependency: '@nuxt/fonts',
    what: 'the fonts of the pages from their providers',
    instead: 'set `fonts: { provider: "local" }` to load them from `public`',
    source: 'https://fonts.nuxt.com/get-started/providers',
  },
  {
    dependency: 'prisma',
    what: 'engines from binaries.prisma.sh',
    instead: 'set PRISMA_ENGINES_MIRROR in the build environment to another host that has them',
    source: 'https://www.prisma.io/docs/orm/reference/environment-variables-reference',
  },
];
