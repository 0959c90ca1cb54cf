/** Eleventy (https://www.11ty.dev/docs/config): `--output` or `dir.output`, otherwise _site; a page for each source file. */
import type { Detection, Site, SiteSource } from '../contract.ts';
import { basePath, flagOf, inside, type Settings, settingsOf, textFlag } from '../support/site.ts';

export const detection: Detection = {
  name: 'eleventy',
  title: 'Eleventy',
  role: 'site',
  dependencies: ['@11ty/eleventy'],
  programs: ['eleventy', '@11ty/eleventy'],
};

const configs = [
  '.eleventy.js',
  'eleventy.config.js',
  'eleventy.config.mjs',
  'eleventy.config.cjs',
  'eleventy.config.ts',
];

const settings = (source: SiteSource): Settings => {
  const named = textFlag(source.argv, '--config');
  return settingsOf(source, named === undefined ? configs : [named]);
};

export const site: Site = {
  home: () => '.',
  output: (source) => flagOf(source.argv, '--output') ?? inside(settings(source).text(['dir', 'output'])) ?? '_site',
  assets: () => undefined,
  base: (source) => basePath(textFlag(source.argv, '--pathprefix') ?? settings(source).text(['pathPrefix'])),
  prefixes: () => [],
  port: () => 8080,
  dev: (port) => ['eleventy', '--serve', '--port', String(port)],
  writes: ['_site', '.cache'],
  documents: (source) => [flagOf(source.argv, '--input') ?? inside(settings(source).text(['dir', 'input'])) ?? '.'],
  pages: () => 'many',
};
