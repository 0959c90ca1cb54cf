/** Gatsby (https://www.gatsbyjs.com/docs/how-to/previews-deploys-hosting): a file for each path in `public`; GATSBY_ variables are written into the code. */
import type { Detection, Site, SiteSource } from '../contract.ts';
import { basePath, type Settings, settingsOf } from '../support/site.ts';

export const detection: Detection = {
  name: 'gatsby',
  title: 'Gatsby',
  role: 'site',
  dependencies: ['gatsby'],
  programs: ['gatsby'],
};

const settings = (source: SiteSource): Settings =>
  settingsOf(
    source,
    ['js', 'mjs', 'ts'].map((ending) => `gatsby-config.${ending}`),
  );

export const site: Site = {
  home: () => '.',
  output: () => 'public',
  assets: () => 'static',
  // what is bundled lies in the top
  hashes: true,
  // the setting counts where the command says so
  base: (source) =>
    source.argv.includes('--prefix-paths') ? basePath(settings(source).text(['pathPrefix'])) : undefined,
  prefixes: () => ['GATSBY_'],
  port: () => 8000,
  dev: (port) => ['gatsby', 'develop', '--host', '0.0.0.0', '--port', String(port)],
  writes: ['.cache', 'public', 'node_modules/.cache'],
  env: { GATSBY_TELEMETRY_DISABLED: '1' },
  documents: () => ['docs'],
  pages: () => 'many',
};
