/**
 * Nitro without a framework (https://nitro.build/deploy/runtimes/node): the build writes a server with the packages that it needs. The values of
 * `runtimeConfig` are read when the server starts, from variables with the prefix NITRO_.
 */
import type { Detection, FullStack, HealthRoute, SiteSource } from '../contract.ts';
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
import { inside, type Settings, settingsOf } from '../support/site.ts';

export const detection: Detection = {
  name: 'nitro',
  title: 'Nitro',
  role: 'full-stack',
  dependencies: ['nitropack', 'nitro', 'nitro-nightly'],
  programs: ['nitro', 'nitropack'],
};

const configs = ['ts', 'js', 'mjs', 'mts'].map((ending) => `nitro.config.${ending}`);

/** The folder of the routes: its setting has one name up to version 2 and another from 3 on, where none is the usual one. */
function folderOf({ project, root }: SiteSource, settings: Settings): string | undefined {
  const key = ['serverDir', 'srcDir'].find((name) => settings.at([name]));
  if (key !== undefined) return inside(settings.text([key]));
  const top = root === '.' ? '' : `${root}/`;
  return project.files().some((file) => file.startsWith(`${top}routes/`)) ? '.' : undefined;
}

function healthOf(source: SiteSource, settings: Settings): HealthRoute | undefined {
  const folder = folderOf(source, settings);
  const base = settings.at(['baseURL']) ? settings.text(['baseURL']) : '/';
  if (folder === undefined || base === undefined || hasMiddleware(source, folder)) return undefined;
  // up to version 2 a handler is marked as one
  const isMarked = source.depends?.('nitropack') ?? false;
  return healthIn(folder, base, isMarked ? 'imported' : 'plain');
}

export const fullStack: FullStack = {
  build: (source) => {
    const settings = settingsOf(source, configs);
    const preset = presetOf(source, settings, ['preset']);
    const why = unsupportedPreset(preset, source);
    if (why !== undefined) return { unsupported: why };
    const output = outputOf(settings, ['output', 'dir']);
    if (output === undefined)
      return { unsupported: 'the Nitro setting `output.dir` is computed, or points outside the app' };
    return nitroBuild(
      output,
      ['public', 'assets'],
      healthOf(source, settings),
      nitroTimes,
      'the server built by Nitro, with the packages that it needs',
      serverOf(preset, source),
    );
  },
  entries: (files) =>
    files.filter(
      (file) =>
        /^((server|src)\/)?(routes|api|plugins|middleware|utils|tasks)\/.+\.[cm]?[jt]s$/.test(file) &&
        !file.endsWith('.d.ts'),
    ),
  answers: (files) => ['.', 'server', 'src'].flatMap((folder) => nitroAnswers(files, folder)),
  prefixes: [],
  listens: { port: 3000, variable: 'PORT', address: 'HOST' },
  portFlags: [],
  signals: ['SIGINT', 'SIGTERM'],
  env: {},
  caches: [],
  dev: (port) => ['nitro', 'dev', '--host', '0.0.0.0', '--port', String(port)],
  made: ['.nitro', '.output', '.data', 'node_modules/.cache', 'node_modules/.nitro'],
};
