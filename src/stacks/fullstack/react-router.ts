/**
 * React Router 7 as a framework (https://reactrouter.com/start/framework/deploying): the build writes a request handler, which `react-router-serve` runs
 * with the dependencies beside it. VITE_ variables are written into the code. With `ssr: false` it only writes static files.
 */
import type { Detection, FullStack } from '../contract.ts';
import {
  buildFolder,
  routeFile,
  routerEntries,
  routerSettings,
  servedBuild,
  serverFolder,
} from '../support/react-router.ts';

export const detection: Detection = {
  name: 'react-router',
  title: 'React Router',
  role: 'full-stack',
  dependencies: ['@react-router/dev'],
  programs: ['react-router'],
};

export const fullStack: FullStack = {
  build: (source) => {
    const settings = routerSettings(source);
    const output = buildFolder(settings);
    if (output === undefined)
      return { unsupported: 'the React Router setting `buildDirectory` is computed, or points outside the app' };
    if (settings.at(['serverBundles']) || settings.at(['serverBuildFile']))
      return { unsupported: 'the React Router settings use a server file other than `index.js`' };
    if (!source.ownServer && !source.depends?.('@react-router/serve', 'production'))
      return {
        unsupported:
          'nothing starts the request handler built by React Router: add `@react-router/serve` to the dependencies, or your own server to the start script',
      };
    const server = serverFolder(source, settings.at(['presets']), settings.text(['appDirectory']) ?? 'app', '_');
    if (typeof server !== 'string') return server;
    return servedBuild(
      output,
      `${source.modules?.('@react-router/serve') ?? 'node_modules'}/@react-router/serve/bin.js`,
      routeFile(source, settings),
      'the request handler built by React Router, run by its own server, with its production dependencies',
      server,
    );
  },
  entries: routerEntries,
  prefixes: ['VITE_'],
  builtObject: { path: 'import.meta.env' },
  listens: { port: 3000, variable: 'PORT', address: 'HOST' },
  portFlags: [],
  signals: ['SIGINT', 'SIGTERM'],
  env: {},
  caches: [],
  dev: (port) => ['react-router', 'dev', '--host', '0.0.0.0', '--port', String(port), '--strictPort'],
  made: ['.react-router', 'build', 'node_modules/.vite', 'node_modules/.vite-temp'],
};
