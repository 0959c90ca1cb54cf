/**
 * Nuxt 3 and 4 (https://nuxt.com/docs/getting-started/deployment): the build writes a server with the packages that it needs. The values of
 * `runtimeConfig` are read when the server starts, from variables named after their keys: NUXT_API_KEY is `apiKey`, NUXT_PUBLIC_API_BASE is
 * `public.apiBase`. `nuxt generate` only writes static files.
 */
import { posix } from 'node:path';
import { keyName, type Node, stringValue } from '../../formats/source/index.ts';
import { readSource } from '../../project/source.ts';
import type { Detection, FullStack, FullStackBuild, HealthRoute, OwnVariable, SiteSource } from '../contract.ts';
import {
  hasMiddleware,
  healthIn,
  nitroAnswers,
  nitroBuild,
  nitroTimes,
  outputOf,
  presetOf,
  serverOf,
  unsupportedPreset,
} from '../support/nitro.ts';
import { type Settings, settingsOf } from '../support/site.ts';

export const detection: Detection = {
  name: 'nuxt',
  title: 'Nuxt',
  role: 'full-stack',
  dependencies: ['nuxt', 'nuxt-nightly'],
  programs: ['nuxt', 'nuxi', 'nuxi-ng', 'nuxt-cli'],
};

const configs = ['ts', 'js', 'mjs', 'mts'].map((ending) => `nuxt.config.${ending}`);

/** A middleware of the server answers before a route does, and folders of other names hold other routes. */
function healthOf(source: SiteSource, settings: Settings): HealthRoute | undefined {
  const moved = ['srcDir', 'serverDir'].some((key) => settings.at([key]) !== undefined);
  const base = settings.at(['app', 'baseURL']) ? settings.text(['app', 'baseURL']) : '/';
  if (moved || base === undefined || hasMiddleware(source, 'server')) return undefined;
  return healthIn('server', base, settings.at(['imports', 'autoImport']) ? 'imported' : 'given');
}

/** https://nuxt.com/docs/api/nuxt-config#buildid */
const withBuildId = {
  what: `Nuxt generates a new build id in each build, which changes file names; ${nitroTimes.what}`,
  edit: 'Set `buildId` in the Nuxt settings to fix the id; there is no setting for the timestamps.',
};

function buildOf(source: SiteSource): FullStackBuild | { readonly unsupported: string } {
  const settings = settingsOf(source, configs);
  const preset = presetOf(source, settings, ['nitro', 'preset']);
  const why = unsupportedPreset(preset, source);
  if (why !== undefined) return { unsupported: why };
  const output = outputOf(settings, ['nitro', 'output', 'dir']);
  if (output === undefined)
    return { unsupported: 'the Nuxt setting `nitro.output.dir` is computed, or points outside the app' };
  const taken = ['app', 'app.vue', 'public', 'assets', 'content', 'i18n', 'layers'];
  return nitroBuild(
    output,
    taken,
    healthOf(source, settings),
    settings.at(['buildId']) ? nitroTimes : withBuildId,
    'the server built by Nuxt, with the packages that it needs',
    serverOf(preset, source),
  );
}

/** `apiBase` as a part of a variable's name: API_BASE (https://nuxt.com/docs/guide/going-further/runtime-config). */
const partOf = (key: string): string =>
  key
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .replace(/[^A-Za-z\d]+/g, '_')
    .toUpperCase();

/** What the settings give the server, each under the name of its variable. */
function variablesOf(source: SiteSource): readonly OwnVariable[] {
  const file = configs.map((config) => posix.join(source.root, config)).find((value) => source.project.has(value));
  const read = file === undefined ? undefined : readSource(source.project, file);
  const object = settingsOf(source, configs).at(['runtimeConfig']);
  if (!read || file === undefined || object?.type !== 'ObjectExpression') return [];
  const inside = (node: Node, names: readonly string[]): OwnVariable[] =>
    node.type !== 'ObjectExpression'
      ? []
      : node.properties.flatMap((property) => {
          const key = property.type === 'Property' ? keyName(property.key, property.computed) : undefined;
          if (property.type !== 'Property' || key === undefined) return [];
          const path = [...names, key];
          if (property.value.type === 'ObjectExpression') return inside(property.value, path);
          const text = stringValue(read, property.value);
          return [
            {
              name: ['NUXT', ...path.map(partOf)].join('_'),
              purpose: `${path[0] === 'public' ? 'public, ' : ''}\`runtimeConfig.${path.join('.')}\`, read when the server starts`,
              ...(text === undefined || text === '' ? {} : { default: text }),
              from: { file, line: read.line(property.start) },
            },
          ];
        });
  return inside(object, []);
}

export const fullStack: FullStack = {
  build: buildOf,
  entries: (files) =>
    files.filter(
      (file) =>
        /^((app|src)\/)?(server|plugins|middleware|composables|utils|pages|components|layouts|modules)\/.+\.[cm]?[jt]sx?$/.test(
          file,
        ) && !file.endsWith('.d.ts'),
    ),
  answers: (files) => nitroAnswers(files, 'server'),
  prefixes: ['VITE_'],
  builtObject: { path: 'import.meta.env' },
  // https://nuxt.com/docs/4.x/api/nuxt-config#alias: the folder of the sources is `app` in Nuxt 4, and that of the app before
  aliases: {
    '~~/*': ['*'],
    '@@/*': ['*'],
    '~/*': ['app/*', 'src/*', '*'],
    '@/*': ['app/*', 'src/*', '*'],
    '#shared/*': ['shared/*'],
  },
  variables: variablesOf,
  listens: { port: 3000, variable: 'PORT', address: 'HOST' },
  portFlags: [],
  signals: ['SIGINT', 'SIGTERM'],
  env: { NUXT_TELEMETRY_DISABLED: '1' },
  caches: [],
  dev: (port) => ['nuxt', 'dev', '--host', '0.0.0.0', '--port', String(port)],
  made: ['.nuxt', '.output', '.data', 'node_modules/.cache', 'node_modules/.vite', 'node_modules/.vite-temp'],
};
