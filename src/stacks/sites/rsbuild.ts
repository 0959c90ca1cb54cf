/** Rsbuild (https://rsbuild.rs/config): `output.distPath`, otherwise dist, with hashed files in `static`; PUBLIC_ variables are written into the code. */
import type { Detection, Site, SiteSource } from '../contract.ts';
import { devProxies } from '../support/dev-proxy.ts';
import { basePath, inside, type Settings, settingsOf, textFlag } from '../support/site.ts';

export const detection: Detection = {
  name: 'rsbuild',
  title: 'Rsbuild',
  role: 'site',
  dependencies: ['@rsbuild/core'],
  programs: ['rsbuild'],
};

const configs = ['mjs', 'ts', 'js', 'cjs', 'mts', 'cts'].map((ending) => `rsbuild.config.${ending}`);

const settings = (source: SiteSource): Settings => {
  const named = textFlag(source.argv, '--config') ?? textFlag(source.argv, '-c');
  return settingsOf(source, named === undefined ? configs : [named]);
};

export const site: Site = {
  other: (source) => ['node', 'web-worker'].includes(settings(source).text(['output', 'target']) ?? 'web'),
  home: () => '.',
  output: (source) => {
    const found = settings(source);
    return inside(found.text(['output', 'distPath', 'root']) ?? found.text(['output', 'distPath'])) ?? 'dist';
  },
  assets: (source) => (settings(source).text(['output', 'filenameHash']) === 'false' ? undefined : 'static'),
  base: (source) => basePath(textFlag(source.argv, '--base') ?? settings(source).text(['server', 'base'])),
  prefixes: () => ['PUBLIC_'],
  port: (source) => Number(settings(source).text(['server', 'port']) ?? 3000),
  dev: (port) => ['rsbuild', 'dev', '--host', '0.0.0.0', '--port', String(port)],
  proxies: (source) => devProxies(settings(source), ['server', 'proxy']),
  writes: ['node_modules/.cache'],
  pages: (source) => {
    const entry = settings(source).at(['source', 'entry']);
    return entry?.type === 'ObjectExpression' && entry.properties.length > 1 ? 'many' : 'one';
  },
};
