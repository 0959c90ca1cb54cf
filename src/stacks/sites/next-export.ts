/** Next.js with static export (https://nextjs.org/docs/app/guides/static-exports): `output: 'export'`; hashed files in `_next/static`. */
import type { Detection, Site, SiteSource } from '../contract.ts';
import { nextCaches, nextConfigs, nextDevelops, nextEntries, nextEnv, nextExportVaries } from '../support/next.ts';
import { basePath, inside, type Settings, settingsOf } from '../support/site.ts';

export const detection: Detection = {
  name: 'next-export',
  title: 'Next.js, exported',
  role: 'site',
  dependencies: ['next'],
  programs: ['next'],
};

const settingsIn = (source: SiteSource): Settings => settingsOf(source, nextConfigs);

export const site: Site = {
  other: (source) => settingsIn(source).text(['output']) !== 'export',
  home: () => '.',
  entries: nextEntries,
  // with `distDir` the files lie there, and what building takes stays in .next
  output: (source) => inside(settingsIn(source).text(['distDir'])) ?? 'out',
  assets: () => '_next/static',
  base: (source) => basePath(settingsIn(source).text(['basePath'])),
  prefixes: () => ['NEXT_PUBLIC_'],
  port: () => 3000,
  dev: (port) => ['next', 'dev', '--hostname', '0.0.0.0', '--port', String(port)],
  writes: ['.', '.next'],
  develops: nextDevelops,
  env: nextEnv,
  caches: nextCaches,
  varies: (source) => nextExportVaries(settingsIn(source)),
  pages: () => 'many',
};
