/** React Router 7 with `ssr: false` (https://reactrouter.com/how-to/spa): a single page for all paths, plus prerendered pages, if any. */
import type { Detection, Site } from '../contract.ts';
import { buildFolder, isSpa, routerBase, routerEntries, routerSettings } from '../support/react-router.ts';

export const detection: Detection = {
  name: 'react-router-spa',
  title: 'React Router without a server',
  role: 'site',
  dependencies: ['@react-router/dev', '@react-router/node', '@react-router/serve'],
  programs: ['react-router'],
};

export const site: Site = {
  other: (source) => !isSpa(routerSettings(source)),
  home: () => 'app',
  entries: routerEntries,
  output: (source) => `${buildFolder(routerSettings(source)) ?? 'build'}/client`,
  assets: () => 'assets',
  base: (source) => routerBase(routerSettings(source)),
  prefixes: () => ['VITE_'],
  port: () => 5173,
  dev: (port) => ['react-router', 'dev', '--host', '0.0.0.0', '--port', String(port), '--strictPort'],
  writes: ['.react-router', 'build', 'node_modules/.vite', 'node_modules/.vite-temp'],
  pages: () => 'one',
  // with pages made before, index.html is that of the first page alone
  page: (source) => (routerSettings(source).at(['prerender']) ? '__spa-fallback.html' : undefined),
};
