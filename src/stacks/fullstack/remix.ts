/**
 * Remix 2 (https://remix.run/docs/en/main/start/quickstart): the build makes a request handler, which `remix-serve` starts with the dependencies beside it.
 * Variables that begin with VITE_ are written into the code.
 */
import type { Detection, FullStack, FullStackBuild, SiteSource } from '../contract.ts';
import { vitePlugin } from '../support/plugin.ts';
import { routeIn, servedBuild } from '../support/react-router.ts';

export const detection: Detection = {
  name: 'remix',
  title: 'Remix',
  role: 'full-stack',
  dependencies: ['@remix-run/dev'],
  programs: ['remix', 'vite'],
};

/** Options of the plugin that move what is built, or the routes. */
const moving = ['buildDirectory', 'serverBuildFile', 'serverBundles', 'appDirectory', 'basename', 'routes'];

function buildOf(source: SiteSource): FullStackBuild | { readonly unsupported: string } {
  const plugin = vitePlugin(source, ['@remix-run/dev']);
  if (!plugin)
    return {
      unsupported:
        'the compiler of Remix before Vite has no deployment in this version: with `vitePlugin` of `@remix-run/dev` in the settings of Vite `remix vite:build` makes a server',
    };
  const moved = moving.filter((key) => plugin.at([key]) !== undefined);
  if (moved.some((key) => key.startsWith('build') || key.startsWith('server')))
    return {
      unsupported: `the option \`${moved.join('`, `')}\` of Remix names other files of the server than build/server/index.js`,
    };
  if (plugin.text(['ssr']) === 'false')
    return {
      unsupported:
        'Remix with `ssr: false` makes files alone, which this version does not give out: React Router 7, into which Remix has gone, can be',
    };
  if (!source.ownServer && !source.depends?.('@remix-run/serve', 'production'))
    return {
      unsupported:
        'nothing starts the request handler that Remix makes: `@remix-run/serve` among the dependencies does, or a server of your own that the start script runs',
    };
  return servedBuild(
    'build',
    `${source.modules?.('@remix-run/serve') ?? 'node_modules'}/@remix-run/serve/dist/cli.js`,
    // files are routes by their names
    moved.length === 0 ? routeIn('app', '/') : undefined,
    'the request handler that Remix makes, started by its own server, with the production dependencies beside it',
  );
}

export const fullStack: FullStack = {
  build: buildOf,
  entries: (files) => files.filter((file) => /^app\/.+\.[jt]sx?$/.test(file) && !file.endsWith('.d.ts')),
  prefixes: ['VITE_'],
  builtObject: { path: 'import.meta.env' },
  listens: { port: 3000, variable: 'PORT', address: 'HOST' },
  portFlags: [],
  signals: ['SIGINT', 'SIGTERM'],
  env: {},
  caches: [],
  dev: (port) => ['remix', 'vite:dev', '--host', '0.0.0.0', '--port', String(port), '--strictPort'],
  made: ['build', 'node_modules/.vite', 'node_modules/.vite-temp'],
};
