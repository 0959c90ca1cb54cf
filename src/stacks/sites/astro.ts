/** Astro without an adapter (https://docs.astro.build): a folder of pages, files with a hash in `_astro`; PUBLIC_ variables are written into the code. */
import type { Detection, Site } from '../contract.ts';
import { basePath, flagOf, inside, settingsOf } from '../support/site.ts';

export const detection: Detection = {
  name: 'astro',
  title: 'Astro',
  role: 'site',
  dependencies: ['astro'],
  programs: ['astro'],
};

const configs = ['mjs', 'ts', 'js', 'mts'].map((ending) => `astro.config.${ending}`);

export const site: Site = {
  home: () => '.',
  output: (source) =>
    flagOf(source.argv, '--outDir') ?? inside(settingsOf(source, configs).path(['outDir'])?.path) ?? 'dist',
  assets: (source) => inside(settingsOf(source, configs).text(['build', 'assets'])) ?? '_astro',
  base: (source) => basePath(settingsOf(source, configs).text(['base'])),
  prefixes: () => ['PUBLIC_'],
  port: (source) => Number(settingsOf(source, configs).text(['server', 'port']) ?? 4321),
  dev: (port) => ['astro', 'dev', '--host', '0.0.0.0', '--port', String(port)],
  writes: ['node_modules/.astro', 'node_modules/.vite', '.astro'],
  env: { ASTRO_TELEMETRY_DISABLED: '1' },
  caches: ['node_modules/.astro'],
  pages: () => 'many',
};
