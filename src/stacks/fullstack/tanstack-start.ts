/**
 * TanStack Start (https://tanstack.com/start/latest/docs/framework/react/guide/hosting): with the Nitro plugin the build writes a server with the
 * packages that it needs; without it, srvx or your own server runs the build output. VITE_ variables are written into the code.
 */
import { posix } from 'node:path';
import { satisfies } from 'semver';
import { leastOf } from '../../model/range.ts';
import { readData } from '../../project/data.ts';
import type { Detection, FullStack, FullStackBuild, HealthRoute, SiteSource } from '../contract.ts';
import { healthPaths } from '../support/health-route.ts';
import { nitroBuild, nitroTimes, presetOf, serverOf, unsupportedPreset } from '../support/nitro.ts';
import { vitePlugin } from '../support/plugin.ts';
import { inside, settingsOf } from '../support/site.ts';

const kinds = ['react', 'solid', 'vue'];

export const detection: Detection = {
  name: 'tanstack-start',
  title: 'TanStack Start',
  role: 'full-stack',
  dependencies: kinds.map((kind) => `@tanstack/${kind}-start`),
  programs: ['vite'],
};

const nitroPlugins = ['nitro/vite', '@tanstack/nitro-v2-vite-plugin'];

/** Since this release a route has handlers of the server (https://tanstack.com/start/latest/docs/framework/react/guide/server-routes). */
const withHandlers = '>=1.132.0';

/** What runs around every request may answer first. */
function healthOf(source: SiteSource): HealthRoute | undefined {
  const { project, root, depends } = source;
  const manifest = readData(project, posix.join(root, 'package.json'));
  const kind = kinds.find((kind) => depends?.(`@tanstack/${kind}-start`));
  const range = manifest?.text(['dependencies', `@tanstack/${kind}-start`]);
  const least = leastOf(range);
  const plugin = vitePlugin(
    source,
    kinds.map((value) => `@tanstack/${value}-start/plugin/vite`),
  );
  const has = (file: string) => ['ts', 'tsx'].some((end) => project.has(posix.join(root, `${file}.${end}`)));
  const isMoved = ['srcDirectory', 'router', 'vite'].some((key) => plugin?.at([key]));
  if (!has('src/routes/__root') || has('src/start') || isMoved || !least || !satisfies(least, withHandlers))
    return undefined;
  return {
    path: 'src/routes/health.{-$probe}.ts',
    imports: [`import { createFileRoute } from '@tanstack/${kind}-router';`],
    code: `export const Route = createFileRoute('/health/{-$probe}')({
  server: { handlers: { GET: ({ params }: { params: { probe?: string } }) => answer(params.probe) } },
});`,
    paths: healthPaths('/'),
  };
}

/** Plugins by which the build makes something for a platform of its own. */
const platforms = ['@cloudflare/vite-plugin', '@netlify/vite-plugin-tanstack-start', '@netlify/vite-plugin'];

/** Since this release srvx has a program of its own. */
const withProgram = '>=0.8.7';

/** The program of srvx, which is a dependency, or comes with the packages of TanStack Start itself; undefined: it is not there. */
function programOf({ depends, modules, brings }: SiteSource): string | undefined {
  const program = 'bin/srvx.mjs';
  if (depends?.('srvx', 'production')) return `${modules?.('srvx') ?? 'node_modules'}/srvx/${program}`;
  const isInstalled = kinds.some((kind) => depends?.(`@tanstack/${kind}-start`, 'production'));
  const found = isInstalled ? brings?.('srvx') : undefined;
  return found && satisfies(found.release, withProgram) ? `${found.path}/${program}` : undefined;
}

/**
 * Without Nitro the build makes a request handler and the files of browsers, which `srvx` gives out as the examples of TanStack start it
 * (https://github.com/TanStack/router/tree/main/examples/react/start-basic), or a server of the author.
 */
function handlerOf(source: SiteSource): FullStackBuild | { readonly unsupported: string } {
  const { ownServer, depends } = source;
  if (platforms.some((platform) => depends?.(platform)))
    return {
      unsupported:
        'the Vite plugins build TanStack Start for another platform: use `nitro()` of `nitro/vite` instead to build a server for containers',
    };
  const program = programOf(source);
  if (!ownServer && program === undefined)
    return {
      unsupported:
        'nothing starts the request handler built by TanStack Start: add `srvx` to the dependencies, the plugin `nitro()` of `nitro/vite` to the Vite settings, or your own server to the start script',
    };
  const settings = settingsOf(
    source,
    ['ts', 'js', 'mjs', 'mts'].map((ending) => `vite.config.${ending}`),
  );
  const output = settings.at(['build', 'outDir']) ? inside(settings.text(['build', 'outDir'])) : 'dist';
  if (output === undefined)
    return { unsupported: 'the TanStack Start setting `build.outDir` is computed, or points outside the app' };
  const health = healthOf(source);
  return {
    output,
    inPlace: true,
    beside: [],
    taken: ['public'],
    start:
      program === undefined ? [] : ['node', program, '--prod', '--static', '../client', `${output}/server/server.js`],
    selfContained: false,
    settings: [],
    writes: [],
    ...(health ? { health } : {}),
    why: 'the request handler built by TanStack Start, run by srvx, with its production dependencies',
  };
}

function buildOf(source: SiteSource): FullStackBuild | { readonly unsupported: string } {
  const nitro = vitePlugin(source, nitroPlugins);
  if (!nitro) return handlerOf(source);
  const own = settingsOf(
    source,
    ['ts', 'js', 'mjs', 'mts'].map((ending) => `nitro.config.${ending}`),
  );
  const preset = nitro.at(['preset']) ? (nitro.text(['preset']) ?? '') : presetOf(source, own, ['preset']);
  const why = unsupportedPreset(preset, source);
  if (why !== undefined) return { unsupported: why };
  if (nitro.at(['output']) || own.at(['output']))
    return { unsupported: 'the Nitro setting `output` moves the output of TanStack Start' };
  return nitroBuild(
    '.output',
    ['public'],
    healthOf(source),
    nitroTimes,
    'the server built by TanStack Start, with the packages that it needs',
    serverOf(preset, source),
  );
}

export const fullStack: FullStack = {
  build: buildOf,
  entries: (files) => files.filter((file) => /^(src|app)\/.+\.[jt]sx?$/.test(file) && !/\.(d|gen)\.ts$/.test(file)),
  prefixes: ['VITE_'],
  builtObject: { path: 'import.meta.env' },
  listens: { port: 3000, variable: 'PORT', address: 'HOST' },
  portFlags: [],
  signals: ['SIGINT', 'SIGTERM'],
  env: {},
  caches: [],
  dev: (port) => ['vite', 'dev', '--host', '0.0.0.0', '--port', String(port), '--strictPort'],
  made: [
    '.output',
    'dist',
    '.nitro',
    '.tanstack',
    'node_modules/.nitro',
    'node_modules/.vite',
    'node_modules/.vite-temp',
  ],
};
