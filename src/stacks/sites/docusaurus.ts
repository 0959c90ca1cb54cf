/** Docusaurus (https://docusaurus.io/docs/deployment): a file for each path and a 404 page; all files in `assets` have a hash in their names. */
import type { Detection, Site, SiteSource } from '../contract.ts';
import { basePath, flagOf, type Settings, settingsOf, textFlag } from '../support/site.ts';

export const detection: Detection = {
  name: 'docusaurus',
  title: 'Docusaurus',
  role: 'site',
  dependencies: ['@docusaurus/core'],
  programs: ['docusaurus'],
};

const configs = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs'].map((ending) => `docusaurus.config.${ending}`);

const settings = (source: SiteSource): Settings => {
  const named = textFlag(source.argv, '--config');
  return settingsOf(source, named === undefined ? configs : [named]);
};

export const site: Site = {
  home: () => '.',
  output: ({ argv }) => flagOf(argv, '--out-dir') ?? 'build',
  assets: () => 'assets',
  base: (source) => basePath(settings(source).text(['baseUrl'])),
  prefixes: () => [],
  port: () => 3000,
  dev: (port) => ['docusaurus', 'start', '--host', '0.0.0.0', '--port', String(port), '--no-open'],
  writes: ['.docusaurus', 'node_modules/.cache'],
  documents: () => ['docs'],
  caches: ['node_modules/.cache'],
  pages: () => 'many',
};
