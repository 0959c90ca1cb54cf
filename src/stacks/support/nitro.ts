import { posix } from 'node:path';
import { lt, valid } from 'semver';
import { pathIn } from '../../project/paths.ts';
import type { FullStackBuild, HealthRoute, SiteSource, Variation } from '../contract.ts';
import { healthPaths } from './health-route.ts';
import { withoutGroups } from './route-files.ts';
import { inside, type Settings } from './site.ts';

/** Presets of Nitro that make a server for Node.js (https://nitro.build/deploy/runtimes/node). */
const servers = ['node-server', 'node_server', 'nodeServer'];

/** Presets that make files alone. */
const files = ['static', 'github-pages', 'github_pages', 'gitlab-pages', 'gitlab_pages'];

/** The preset that decides what is built: of the build command, else of the settings; `''`: it is worked out, undefined: none is named. */
export function presetOf(
  { argv }: Pick<SiteSource, 'argv'>,
  settings: Settings,
  path: readonly string[],
): string | undefined {
  const at = argv.findIndex((word) => word === '--preset' || word.startsWith('--preset='));
  if (at !== -1) return argv[at]?.split('=')[1] ?? argv[at + 1] ?? '';
  return settings.at(path) ? (settings.text(path) ?? '') : undefined;
}

/** Whether a preset makes files alone. */
export const isFiles = (preset: string | undefined): boolean => preset !== undefined && files.includes(preset);

/** The preset that makes a server for Bun, which needs it where it runs (https://nitro.build/deploy/runtimes/bun). */
const isForBun = (preset: string | undefined, { project, root, top = root }: PresetSource): boolean =>
  preset === 'bun' &&
  ['bun.lock', 'bun.lockb'].some((file) => [root, top].some((folder) => project.has(pathIn(folder, file))));

type PresetSource = Pick<SiteSource, 'project' | 'root' | 'top' | 'brings'>;

/** The program that runs the server of a preset, and the signals on which that stops gracefully. */
export const serverOf = (
  preset: string | undefined,
  source: PresetSource,
): Pick<FullStackBuild, 'signals'> & { readonly program: string } =>
  isForBun(preset, source)
    ? { program: 'bun', signals: [] }
    : { program: 'node', ...(isDeaf(source) ? { signals: [] } : {}) };

/** Its server stops gracefully since 2.5, and before that handles no signal (nitrojs/nitro, "support graceful shutdown and restart", #1227, behind 2.4.0). */
function isDeaf({ brings }: PresetSource): boolean {
  const release = brings?.('nitropack')?.release;
  return release !== undefined && valid(release) !== null && lt(release, '2.5.0');
}

/** Why a preset is built for another place than a container; undefined: it makes a server for Node.js, or for the Bun that the project installs with. */
export const unsupportedPreset = (preset: string | undefined, source: PresetSource): string | undefined =>
  preset === undefined || servers.includes(preset) || isForBun(preset, source)
    ? undefined
    : preset === ''
      ? 'the Nitro preset is computed at build time'
      : `the preset \`${preset}\` of Nitro builds for another platform: remove it, or use \`node-server\`, to build a server for containers`;

/** Nitro writes times into its server, and has no setting for that. */
export const nitroTimes: Variation = {
  what: 'Nitro writes the modification time of each public file into the server',
  edit: 'Nothing in the project can fix it: Nitro has no setting for these timestamps.',
};

/** What Nitro makes for Node.js: the server with the packages that it needs, and the public files beside it; a file with the time of the build stays behind. */
export const nitroBuild = (
  output: string,
  taken: readonly string[],
  health: HealthRoute | undefined,
  varies: Variation,
  why: string,
  { program, signals }: ReturnType<typeof serverOf>,
): FullStackBuild => ({
  output: `${output}/server`,
  inPlace: true,
  beside: [`${output}/public`],
  taken,
  start: [program, `${output}/server/index.mjs`],
  ...(signals ? { signals } : {}),
  selfContained: true,
  settings: [],
  writes: [],
  ...(health ? { health } : {}),
  varies,
  why,
});

/** The folder that Nitro builds into; undefined: it is worked out, or leads out of the app. */
export const outputOf = (settings: Settings, path: readonly string[]): string | undefined =>
  settings.at(path) ? inside(settings.text(path)) : '.output';

/** What of the routes answers for the health, in the folder of the server. `imports`: what the release does not bring in by itself. */
export const healthIn = (folder: string, base: string, style: 'plain' | 'given' | 'imported'): HealthRoute => {
  const call = `(event${style === 'given' ? '' : ': any'}) => answer(event.context.params?.probe)`;
  return {
    path: posix.join(folder, 'routes/health/[...probe].ts'),
    imports: style === 'imported' ? ["import { defineEventHandler } from 'h3';"] : [],
    code: style === 'plain' ? `export default ${call};` : `export default defineEventHandler(${call});`,
    paths: healthPaths(base, 'all'),
  };
};

/** Whether files of a folder answer every request before the routes do. */
export const hasMiddleware = ({ project, root }: SiteSource, folder: string): boolean =>
  project.files().some((file) => file.startsWith(`${posix.join(root, folder, 'middleware')}/`));

/** The paths that files of a server's folder answer: `routes` at the top, `api` below it. */
export function nitroAnswers(all: readonly string[], folder: string): { file: string; path: string }[] {
  const top = folder === '.' ? '' : `${folder}/`;
  return all.flatMap((file) => {
    const [, kind, path = ''] =
      (file.startsWith(top) && /^(routes|api)\/(.+?)(\.get)?\.[cm]?[jt]s$/.exec(file.slice(top.length))) || [];
    if (kind === undefined || /\.(post|put|patch|delete|options|head|d)$/.test(path)) return [];
    const plain = withoutGroups(path.replace(/(^|\/)index$/, ''));
    return [{ file, path: posix.join('/', kind === 'api' ? 'api' : '', ...plain) }];
  });
}
