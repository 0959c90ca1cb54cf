/** Nuxt with static generation (https://nuxt.com/docs/getting-started/prerendering): `nuxt generate`, or a static preset; hashed files in `_nuxt`. */
import type { Detection, Site, SiteSource } from '../contract.ts';
import { isFiles, outputOf, presetOf } from '../support/nitro.ts';
import { basePath, inside, settingsOf } from '../support/site.ts';

export const detection: Detection = {
  name: 'nuxt-generate',
  title: 'Nuxt, generated',
  role: 'site',
  dependencies: ['nuxt', 'nuxt-nightly'],
  programs: ['nuxt', 'nuxi', 'nuxi-ng', 'nuxt-cli'],
};

const configs = ['ts', 'js', 'mjs', 'mts'].map((ending) => `nuxt.config.${ending}`);

const isGenerated = (source: SiteSource): boolean =>
  source.argv.includes('generate') ||
  source.argv.includes('--prerender') ||
  isFiles(presetOf(source, settingsOf(source, configs), ['nitro', 'preset']));

/** Without rendering on a server there is one page that shows every path. */
const isOnePage = (source: SiteSource): boolean => settingsOf(source, configs).text(['ssr']) === 'false';

export const site: Site = {
  other: (source) => !isGenerated(source),
  home: () => '.',
  output: (source) => `${outputOf(settingsOf(source, configs), ['nitro', 'output', 'dir']) ?? '.output'}/public`,
  assets: (source) =>
    inside(settingsOf(source, configs).text(['app', 'buildAssetsDir'])?.replace(/^\/+/, '')) ?? '_nuxt',
  base: (source) => basePath(settingsOf(source, configs).text(['app', 'baseURL'])),
  prefixes: () => ['NUXT_PUBLIC_', 'VITE_'],
  port: () => 3000,
  dev: (port) => ['nuxt', 'dev', '--host', '0.0.0.0', '--port', String(port)],
  writes: ['.nuxt', '.output', '.data', 'node_modules/.cache', 'node_modules/.vite', 'node_modules/.vite-temp'],
  env: { NUXT_TELEMETRY_DISABLED: '1' },
  pages: (source) => (isOnePage(source) ? 'one' : 'many'),
  page: (source) => (isOnePage(source) ? '200.html' : undefined),
};
