/**
 * React Router 7 as a framework (https://reactrouter.com/start/framework/deploying): the build makes a request handler, which `react-router-serve`
 * starts with the dependencies beside it. Variables that begin with VITE_ are written into the code. With `ssr: false` it makes files alone.
 */
import type { Detection, FullStack } from '../contract.ts';
import { buildFolder, routeFile, routerEntries, routerSettings, servedBuild } from '../support/react-router.ts';

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
      return { unsupported: 'the setting `buildDirectory` of React Router is worked out, or leads out of the app' };
    if (settings.at(['serverBundles']) || settings.at(['serverBuildFile']))
      return { unsupported: 'the settings of React Router name other files of the server than `index.js`' };
    if (!source.ownServer && !source.depends?.('@react-router/serve', 'production'))
      return {
        unsupported:
          'nothing starts the request handler that React Router makes: `@react-router/serve` among the dependencies does, or a server of your own that the start script runs',
      };
    return servedBuild(
      output,
      `${source.modules?.('@react-router/serve') ?? 'node_modules'}/@react-router/serve/bin.js`,
      routeFile(source, settings),
      'the request handler that React Router makes, started by its own server, with the production dependencies beside it',
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
