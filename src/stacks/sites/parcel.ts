/** Parcel (https://parceljs.org): `--dist-dir`, a target in the manifest, otherwise dist; its files have a hash in their names and are beside index.html. */
import { posix } from 'node:path';
import { readData } from '../../project/data.ts';
import type { Detection, Site, SiteSource } from '../contract.ts';
import { basePath, flagOf, inside, textFlag } from '../support/site.ts';

export const detection: Detection = {
  name: 'parcel',
  title: 'Parcel',
  role: 'site',
  dependencies: ['parcel', 'parcel-bundler'],
  programs: ['parcel'],
};

const manifestOf = ({ project, root }: SiteSource) => readData(project, posix.join(root, 'package.json'));

/** The pages that it begins with: those that the command names, else those of `source` in the manifest, which a command without any takes by itself. */
function entriesOf(source: SiteSource): { readonly named: readonly string[]; readonly all: readonly string[] } {
  const named = source.argv.filter((word) => word.endsWith('.html')).flatMap((word) => inside(word) ?? []);
  const manifest = manifestOf(source);
  const own = manifest?.at(['source']);
  const texts = (Array.isArray(own) ? own : [own]).flatMap((item: unknown) =>
    typeof item === 'string' ? (inside(item) ?? []) : [],
  );
  if (named.length > 0) return { named, all: named };
  return texts.length > 0 ? { named: [], all: texts } : { named: ['index.html'], all: ['index.html'] };
}

export const site: Site = {
  home: (source) => {
    const [first = 'index.html'] = entriesOf(source).all.filter((value) => value.endsWith('.html'));
    return posix.dirname(first);
  },
  output: (source) =>
    flagOf(source.argv, '--dist-dir') ??
    flagOf(source.argv, '-d') ??
    inside(manifestOf(source)?.text(['targets', 'default', 'distDir'])) ??
    'dist',
  assets: () => undefined,
  hashes: true,
  base: (source) =>
    basePath(textFlag(source.argv, '--public-url') ?? manifestOf(source)?.text(['targets', 'default', 'publicUrl'])),
  // whatever the modules of a page read of the environment is written into them (parceljs.org/features/node-emulation)
  prefixes: () => [''],
  port: () => 1234,
  dev: (port, source) => ['parcel', 'serve', ...entriesOf(source).named, '--host', '0.0.0.0', '--port', String(port)],
  writes: ['.parcel-cache', 'dist'],
  // each page becomes a file
  pages: (source) => (entriesOf(source).all.filter((value) => value.endsWith('.html')).length > 1 ? 'many' : 'one'),
};
