/**
 * SolidStart 1 (https://docs.solidjs.com/solid-start/reference/config/define-config): Vinxi builds a server with the packages that it needs. VITE_
 * variables are written into the code.
 */
import { posix } from 'node:path';
import type { Detection, FullStack, FullStackBuild, HealthRoute, SiteSource } from '../contract.ts';
import { healthPaths } from '../support/health-route.ts';
import { isFiles, nitroBuild, nitroTimes, presetOf, serverOf, unsupportedPreset } from '../support/nitro.ts';
import { type Settings, settingsOf } from '../support/site.ts';

export const detection: Detection = {
  name: 'solid-start',
  title: 'SolidStart',
  role: 'full-stack',
  dependencies: ['@solidjs/start', 'solid-start'],
  programs: ['vinxi', 'vite', 'solid-start'],
};

const configs = ['ts', 'js', 'mjs', 'mts'].map((ending) => `app.config.${ending}`);

/** A middleware answers before a route does, and folders of other names hold other routes. */
function healthOf({ project, root }: SiteSource, settings: Settings): HealthRoute | undefined {
  const moved = ['middleware', 'appRoot', 'routeDir'].some((key) => settings.at([key]) !== undefined);
  const base = settings.at(['server', 'baseURL']) ? settings.text(['server', 'baseURL']) : '/';
  const hasRoutes = project.files().some((file) => file.startsWith(`${posix.join(root, 'src/routes')}/`));
  if (moved || !hasRoutes || base === undefined) return undefined;
  return {
    path: 'src/routes/health/[...probe].ts',
    imports: [],
    code: 'export const GET = ({ params }: { params: { probe?: string } }) => answer(params.probe);',
    paths: healthPaths(base),
  };
}

function buildOf(source: SiteSource): FullStackBuild | { readonly unsupported: string } {
  if (source.argv[0] !== 'vinxi')
    return {
      unsupported:
        'SolidStart without Vinxi is not supported in this version: use SolidStart 1 with `vinxi build` to build a server for containers',
    };
  const settings = settingsOf(source, configs);
  const preset = presetOf(source, settings, ['server', 'preset']);
  if (isFiles(preset))
    return {
      unsupported: `the preset \`${preset}\` of SolidStart builds static files only: remove it to build a server`,
    };
  const why = unsupportedPreset(preset, source);
  if (why !== undefined) return { unsupported: why };
  if (settings.at(['server', 'output']))
    return { unsupported: 'the SolidStart setting `server.output` moves the build output' };
  return nitroBuild(
    '.output',
    ['public'],
    healthOf(source, settings),
    nitroTimes,
    'the server built by SolidStart, with the packages that it needs',
    serverOf(preset, source),
  );
}

export const fullStack: FullStack = {
  build: buildOf,
  entries: (files) => files.filter((file) => /^src\/.+\.[jt]sx?$/.test(file) && !file.endsWith('.d.ts')),
  prefixes: ['VITE_'],
  builtObject: { path: 'import.meta.env' },
  listens: { port: 3000, variable: 'PORT', address: 'HOST' },
  portFlags: ['--port'],
  signals: ['SIGINT', 'SIGTERM'],
  env: {},
  caches: [],
  dev: (port) => ['vinxi', 'dev', '--host', '0.0.0.0', '--port', String(port)],
  made: ['.output', '.vinxi', 'node_modules/.vinxi', 'node_modules/.vite'],
};
