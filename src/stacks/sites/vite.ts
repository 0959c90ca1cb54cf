/** Vite (https://vite.dev/config): `build.outDir`, else dist; variables that begin with VITE_ are written into the code. */
import type { Recognise, Site } from '../contract.ts';
import { flagOf, settingOf } from '../support/site.ts';

export const recognise: Recognise = {
  name: 'vite',
  title: 'Vite',
  role: 'site',
  dependencies: ['vite', 'rolldown-vite'],
  programs: ['vite'],
};

const configs = ['ts', 'mts', 'js', 'mjs', 'cjs', 'cts'].map((ending) => `vite.config.${ending}`);

export const site: Site = {
  output: (project, root, argv) =>
    flagOf(argv, '--outDir') ?? settingOf(project, root, configs, ['build', 'outDir']) ?? 'dist',
  assets: (project, root) => settingOf(project, root, configs, ['build', 'assetsDir']) ?? 'assets',
  prefixes: ['VITE_'],
  port: (project, root) => Number(settingOf(project, root, configs, ['server', 'port']) ?? 5173),
  dev: (port) => ['vite', '--host', '0.0.0.0', '--port', String(port), '--strictPort'],
  // its own folder of what it has prepared
  writes: ['node_modules/.vite', 'node_modules/.vite-temp'],
  pages: 'one',
};
