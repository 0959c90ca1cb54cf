/** VuePress 2 (https://vuepress.vuejs.org/reference/cli.html): the folder of the pages is an argument of the command; `dest`, otherwise `.vuepress/dist` in it. */
import { posix } from 'node:path';
import type { Detection, Site, SiteSource } from '../contract.ts';
import { basePath, folderArgument, inside, type Settings, settingsOf, textFlag } from '../support/site.ts';

export const detection: Detection = {
  name: 'vuepress',
  title: 'VuePress',
  role: 'site',
  dependencies: ['vuepress'],
  programs: ['vuepress', 'vuepress-vite', 'vuepress-webpack'],
};

/** The folder of the pages. */
const home = (source: SiteSource): string => folderArgument(source, 'build') ?? '.';

const settings = (source: SiteSource): Settings => {
  const named = textFlag(source.argv, '--config') ?? textFlag(source.argv, '-c');
  const usual = ['ts', 'js', 'cjs', 'mjs'].map((end) => posix.join(home(source), `.vuepress/config.${end}`));
  return settingsOf(source, named === undefined ? usual : [named]);
};

/** The folder that it builds: what the settings work out begins at their own one. */
function output(source: SiteSource): string {
  const flag = textFlag(source.argv, '--dest') ?? textFlag(source.argv, '-d');
  const declared = settings(source).path(['dest']);
  const own = flag ?? (declared?.fixed ? posix.join(home(source), '.vuepress', declared.path) : declared?.path);
  return inside(own) ?? posix.join(home(source), '.vuepress/dist');
}

export const site: Site = {
  home,
  output,
  assets: () => 'assets',
  base: (source) => basePath(settings(source).text(['base'])),
  prefixes: () => [],
  port: () => 8080,
  dev: (port, source) => [
    source.argv[0] ?? 'vuepress',
    'dev',
    home(source),
    '--host',
    '0.0.0.0',
    '--port',
    String(port),
  ],
  writes: ['node_modules/.vite', 'node_modules/.vite-temp'],
  documents: (source) => [home(source)],
  pages: () => 'many',
};
