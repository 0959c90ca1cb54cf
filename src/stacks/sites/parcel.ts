/** Parcel (https://parceljs.org): `--dist-dir`, else dist; its files carry a hash in their names and lie beside index.html. */
import type { Detection, Site } from '../contract.ts';
import { basePath, flagOf, textFlag } from '../support/site.ts';

export const detection: Detection = {
  name: 'parcel',
  title: 'Parcel',
  role: 'site',
  dependencies: ['parcel', 'parcel-bundler'],
  programs: ['parcel'],
};

export const site: Site = {
  home: () => '.',
  output: ({ argv }) => flagOf(argv, '--dist-dir') ?? flagOf(argv, '-d') ?? 'dist',
  assets: () => undefined,
  hashes: true,
  base: ({ argv }) => basePath(textFlag(argv, '--public-url')),
  prefixes: () => [],
  port: () => 1234,
  dev: (port) => ['parcel', 'serve', 'index.html', '--host', '0.0.0.0', '--port', String(port)],
  writes: ['.parcel-cache', 'dist'],
  // each page that the command names becomes a file
  pages: ({ argv }) => (argv.filter((word) => word.endsWith('.html')).length > 1 ? 'many' : 'one'),
};
