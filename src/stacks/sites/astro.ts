/** Astro without an adapter (https://docs.astro.build): a folder of pages, files with a hash in `_astro`; PUBLIC_ variables are written into the code. */
import type { Recognise, Site } from '../contract.ts';
import { flagOf, settingOf } from '../support/site.ts';

export const recognise: Recognise = {
  name: 'astro',
  title: 'Astro',
  role: 'site',
  dependencies: ['astro'],
  programs: ['astro'],
};

const configs = ['mjs', 'ts', 'js', 'mts'].map((ending) => `astro.config.${ending}`);

export const site: Site = {
  output: (project, root, argv) => flagOf(argv, '--outDir') ?? settingOf(project, root, configs, ['outDir']) ?? 'dist',
  assets: () => '_astro',
  prefixes: ['PUBLIC_'],
  port: () => 4321,
  dev: (port) => ['astro', 'dev', '--host', '0.0.0.0', '--port', String(port)],
  writes: ['node_modules/.astro', 'node_modules/.vite', '.astro'],
  pages: 'many',
};
