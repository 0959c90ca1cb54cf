/** Vite (https://vite.dev/config): `build.outDir` below `root`, otherwise dist; VITE_ variables are written into the code. */
import { posix } from 'node:path';
import type { Detection, Site, SiteSource } from '../contract.ts';
import { devProxies } from '../support/dev-proxy.ts';
import { basePath, inside, outputFolder, type Settings, settingsOf, textFlag } from '../support/site.ts';

export const detection: Detection = {
  name: 'vite',
  title: 'Vite',
  role: 'site',
  dependencies: ['vite', 'rolldown-vite'],
  // https://github.com/antfu-collective/vite-ssg: builds with Vite, and writes a file for each route
  programs: ['vite', 'vite-ssg'],
};

const configs = ['ts', 'mts', 'js', 'mjs', 'cjs', 'cts'].map((ending) => `vite.config.${ending}`);

const settings = (source: SiteSource): Settings => {
  const named = textFlag(source.argv, '--config') ?? textFlag(source.argv, '-c');
  return settingsOf(source, named === undefined ? configs : [named]);
};

const home = (source: SiteSource): string => inside(settings(source).path(['root'])?.path) ?? '.';

/** Pages that are named to the bundler, each of which becomes a file. */
const inputs = (found: Settings): number =>
  ['rollupOptions', 'rolldownOptions']
    .map((key) => found.at(['build', key, 'input']))
    .map((node) => (node?.type === 'ObjectExpression' ? node.properties.length : 0))
    .reduce((sum, value) => sum + value, 0);

export const site: Site = {
  other: (source) => {
    const found = settings(source);
    const server = found.at(['build', 'ssr']);
    return source.argv.includes('--ssr') || found.at(['build', 'lib']) !== undefined || isOn(server);
  },
  home,
  output: (source) => {
    const flag = textFlag(source.argv, '--outDir');
    const declared = flag === undefined ? settings(source).path(['build', 'outDir']) : { path: flag, fixed: false };
    // relative ones begin at `root`
    const isWhole = declared?.fixed || declared?.path.startsWith('/');
    const path = declared && isWhole ? declared.path : posix.join(home(source), declared?.path ?? 'dist');
    return outputFolder(path) ?? 'dist';
  },
  assets: (source) =>
    inside(textFlag(source.argv, '--assetsDir') ?? settings(source).text(['build', 'assetsDir'])) ?? 'assets',
  base: (source) => basePath(textFlag(source.argv, '--base') ?? settings(source).text(['base'])),
  prefixes: (source) => {
    const own = settings(source).at(['envPrefix']);
    const named = own?.type === 'ArrayExpression' ? own.elements : [own];
    const texts = named.flatMap((item) =>
      item?.type === 'Literal' && typeof item.value === 'string' ? [item.value] : [],
    );
    return texts.length > 0 ? texts : ['VITE_'];
  },
  port: (source) => Number(settings(source).text(['server', 'port']) ?? 5173),
  dev: (port) => ['vite', '--host', '0.0.0.0', '--port', String(port), '--strictPort'],
  proxies: (source) => devProxies(settings(source), ['server', 'proxy']),
  // its own folder of what it has prepared
  writes: ['node_modules/.vite', 'node_modules/.vite-temp'],
  pages: (source) => {
    const found = settings(source);
    return source.argv[0] === 'vite-ssg' || inputs(found) > 1 || found.text(['appType']) === 'mpa' ? 'many' : 'one';
  },
};

/** `ssr: true` or the name of a file, but not `ssr: false`. */
const isOn = (node: ReturnType<Settings['at']>): boolean =>
  node !== undefined && !(node.type === 'Literal' && node.value === false);
