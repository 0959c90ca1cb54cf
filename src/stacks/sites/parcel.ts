/** Parcel (https://parceljs.org): `--dist-dir`, else dist; its files carry a hash in their names and lie beside index.html. */
import type { Recognise, Site } from '../contract.ts';
import { flagOf } from '../support/site.ts';

export const recognise: Recognise = {
  name: 'parcel',
  title: 'Parcel',
  role: 'site',
  dependencies: ['parcel', 'parcel-bundler'],
  programs: ['parcel'],
};

export const site: Site = {
  output: (_project, _root, argv) => flagOf(argv, '--dist-dir') ?? flagOf(argv, '-d') ?? 'dist',
  assets: () => undefined,
  prefixes: [],
  port: () => 1234,
  dev: (port) => ['parcel', 'serve', 'index.html', '--host', '0.0.0.0', '--port', String(port)],
  writes: ['.parcel-cache', 'dist'],
  pages: 'one',
};
