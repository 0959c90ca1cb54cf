/** Vue CLI (https://cli.vuejs.org/config): `outputDir`, otherwise dist; VUE_APP_ variables are written into the code. */
import type { Detection, Site, SiteSource } from '../contract.ts';
import { devProxies } from '../support/dev-proxy.ts';
import { basePath, flagOf, inside, type Settings, settingsOf } from '../support/site.ts';

export const detection: Detection = {
  name: 'vue-cli',
  title: 'Vue CLI',
  role: 'site',
  dependencies: ['@vue/cli-service'],
  programs: ['vue-cli-service'],
};

const settings = (source: SiteSource): Settings =>
  settingsOf(
    source,
    ['js', 'cjs', 'mjs'].map((ending) => `vue.config.${ending}`),
  );

export const site: Site = {
  // a library, or a custom element
  other: ({ argv }) => argv.some((word) => /^--target(=|$)/.test(word)) && !/--target[= ]app\b/.test(argv.join(' ')),
  home: () => '.',
  output: (source) => flagOf(source.argv, '--dest') ?? inside(settings(source).path(['outputDir'])?.path) ?? 'dist',
  // without a folder of their own, they lie beside what is copied
  assets: (source) =>
    settings(source).text(['filenameHashing']) === 'false' ? undefined : inside(settings(source).text(['assetsDir'])),
  // scripts and styles lie in folders of their kinds
  hashes: true,
  base: (source) => basePath(settings(source).text(['publicPath'])),
  prefixes: () => ['VUE_APP_'],
  port: () => 8080,
  dev: (port) => ['vue-cli-service', 'serve', '--host', '0.0.0.0', '--port', String(port)],
  proxies: (source) => devProxies(settings(source), ['devServer', 'proxy']),
  writes: ['node_modules/.cache'],
  caches: ['node_modules/.cache'],
  pages: (source) => {
    const pages = settings(source).at(['pages']);
    return pages?.type === 'ObjectExpression' && pages.properties.length > 1 ? 'many' : 'one';
  },
};
