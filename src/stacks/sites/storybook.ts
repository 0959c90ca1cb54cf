/** Storybook (https://storybook.js.org/docs/sharing/publish-storybook): if it is what the app builds, `--output-dir`, otherwise storybook-static. */
import type { Detection, Site } from '../contract.ts';
import { flagOf } from '../support/site.ts';

export const detection: Detection = {
  name: 'storybook',
  title: 'Storybook',
  role: 'site',
  dependencies: ['storybook'],
  programs: ['storybook', 'sb', 'build-storybook'],
};

export const site: Site = {
  home: () => '.',
  output: ({ argv }) => flagOf(argv, '--output-dir') ?? flagOf(argv, '-o') ?? 'storybook-static',
  assets: () => 'assets',
  base: () => undefined,
  prefixes: () => ['STORYBOOK_', 'VITE_'],
  port: () => 6006,
  dev: (port) => ['storybook', 'dev', '--host', '0.0.0.0', '--port', String(port), '--ci'],
  writes: ['node_modules/.cache', 'node_modules/.vite', 'node_modules/.vite-temp'],
  env: { STORYBOOK_DISABLE_TELEMETRY: '1' },
  varies: () => ({
    what: 'Storybook writes the build time into project.json',
    edit: 'Set `core: { disableTelemetry: true }` in .storybook/main, so that the file is not written.',
  }),
  // it shows its paths behind a question mark
  pages: () => 'many',
};
