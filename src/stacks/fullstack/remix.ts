/**
 * Remix 2 (https://remix.run/docs/en/main/start/quickstart): the build writes a request handler, which `remix-serve` runs with the dependencies beside
 * it. VITE_ variables are written into the code.
 */
import type { Detection, FullStack, FullStackBuild, SiteSource } from '../contract.ts';
import { vitePlugin } from '../support/plugin.ts';
import { routeIn, servedBuild, serverFolder } from '../support/react-router.ts';

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
        'the classic Remix compiler is not supported in this version: add `vitePlugin` of `@remix-run/dev` to the Vite settings, so that `remix vite:build` builds a server',
    };
  const moved = moving.filter((key) => plugin.at([key]) !== undefined);
  if (moved.some((key) => key.startsWith('build') || key.startsWith('server')))
    return {
      unsupported: `the option \`${moved.join('`, `')}\` of Remix uses a server file other than build/server/index.js`,
    };
  if (plugin.text(['ssr']) === 'false')
    return {
      unsupported:
        'Remix with `ssr: false` builds static files, which this version does not support: migrate to React Router 7, its successor, which is supported',
    };
  if (!source.ownServer && !source.depends?.('@remix-run/serve', 'production'))
    return {
      unsupported:
        'nothing starts the request handler built by Remix: add `@remix-run/serve` to the dependencies, or your own server to the start script',
    };
  const server = serverFolder(source, plugin.at(['presets']), 'app', '-');
  if (typeof server !== 'string') return server;
  return servedBuild(
    'build',
    `${source.modules?.('@remix-run/serve') ?? 'node_modules'}/@remix-run/serve/dist/cli.js`,
    // files are routes by their names
    moved.length === 0 ? routeIn('app', '/') : undefined,
    'the request handler built by Remix, run by its own server, with its production dependencies',
    server,
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
