/** VitePress (https://vitepress.dev/reference/site-config): the folder of the pages is an argument of the command; `outDir`, otherwise `.vitepress/dist` in it. */
import { posix } from 'node:path';
import type { Detection, Site, SiteSource } from '../contract.ts';
import { basePath, folderArgument, inside, type Settings, settingsOf, textFlag } from '../support/site.ts';

export const detection: Detection = {
  name: 'vitepress',
  title: 'VitePress',
  role: 'site',
  dependencies: ['vitepress'],
  programs: ['vitepress'],
};

const files = ['config', 'config/index'].flatMap((name) => ['ts', 'mts', 'js', 'mjs'].map((end) => `${name}.${end}`));

/** The folder of the pages. */
const home = (source: SiteSource): string => folderArgument(source, 'build') ?? '.';

const settings = (source: SiteSource): Settings =>
  settingsOf(
    source,
    files.map((file) => posix.join(home(source), '.vitepress', file)),
  );

export const site: Site = {
  home,
  output: (source) => {
    const own = textFlag(source.argv, '--outDir') ?? settings(source).path(['outDir'])?.path;
    // relative ones begin at the folder of the pages
    return inside(posix.join(home(source), own ?? '.vitepress/dist')) ?? 'dist';
  },
  assets: (source) => inside(settings(source).text(['assetsDir'])) ?? 'assets',
  base: (source) => basePath(textFlag(source.argv, '--base') ?? settings(source).text(['base'])),
  prefixes: () => ['VITE_'],
  port: () => 5173,
  dev: (port, source) => [
    'vitepress',
    'dev',
    home(source),
    '--host',
    '0.0.0.0',
    '--port',
    String(port),
    '--strictPort',
  ],
  writes: ['node_modules/.vite', 'node_modules/.vite-temp', '.vitepress/cache'],
  // https://vitepress.dev/reference/default-theme-last-updated
  asksGit: (source) =>
    settings(source).at(['lastUpdated']) && settings(source).text(['lastUpdated']) !== 'false'
      ? 'VitePress asks Git when each page was last edited (`lastUpdated`)'
      : undefined,
  documents: (source) => [home(source)],
  pages: () => 'many',
};
