/** Astro without an adapter (https://docs.astro.build): a folder of pages, with hashed files in `_astro`; PUBLIC_ variables are written into the code. */
import type { Detection, Site } from '../contract.ts';
import { astroAdapters, astroConfigs, makesFiles } from '../support/astro.ts';
import { basePath, flagOf, inside, settingsOf } from '../support/site.ts';

export const detection: Detection = {
  name: 'astro',
  title: 'Astro',
  role: 'site',
  dependencies: ['astro', ...astroAdapters],
  programs: ['astro'],
};

export const site: Site = {
  other: (source) => astroAdapters.some((name) => source.depends?.(name)) && !makesFiles(source),
  home: () => '.',
  output: (source) =>
    flagOf(source.argv, '--outDir') ?? inside(settingsOf(source, astroConfigs).path(['outDir'])?.path) ?? 'dist',
  assets: (source) => inside(settingsOf(source, astroConfigs).text(['build', 'assets'])) ?? '_astro',
  base: (source) => basePath(settingsOf(source, astroConfigs).text(['base'])),
  prefixes: () => ['PUBLIC_'],
  port: (source) => Number(settingsOf(source, astroConfigs).text(['server', 'port']) ?? 4321),
  dev: (port) => ['astro', 'dev', '--host', '0.0.0.0', '--port', String(port)],
  writes: ['node_modules/.astro', 'node_modules/.vite', '.astro'],
  env: { ASTRO_TELEMETRY_DISABLED: '1' },
  caches: ['node_modules/.astro'],
  pages: () => 'many',
};
