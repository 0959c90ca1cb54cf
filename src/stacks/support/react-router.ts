import { posix } from 'node:path';
import { type Node, nodesOf, type Source } from '../../formats/source/index.ts';
import { readSource } from '../../project/source.ts';
import type { FullStackBuild, HealthRoute, SiteSource } from '../contract.ts';
import { healthPaths } from './health-route.ts';
import { basePath, inside, type Settings, settingsOf } from './site.ts';

const endings = ['ts', 'js', 'mts', 'mjs'];

/** Settings of React Router (https://reactrouter.com/api/framework-conventions/react-router.config.ts); Remix has them in those of Vite. */
export const routerSettings = (source: SiteSource): Settings =>
  settingsOf(
    source,
    endings.map((ending) => `react-router.config.${ending}`),
  );

/** Whether the build makes files alone: one page that browsers render. */
export const isSpa = (settings: Settings): boolean => settings.text(['ssr']) === 'false';

/** The folder of the build; undefined: it is worked out, or leads out of the app. */
export const buildFolder = (settings: Settings): string | undefined =>
  settings.at(['buildDirectory']) ? inside(settings.text(['buildDirectory'])) : 'build';

/** The modules of the pages and the server, out of the files of the app. */
export const routerEntries = (files: readonly string[]): readonly string[] =>
  files.filter((file) => /^(app|src)\/.+\.[jt]sx?$/.test(file) && !/(^|\/)routes\.[jt]s$|\.d\.ts$/.test(file));

/** The folder of the routes. */
const appFolder = (settings: Settings): string | undefined =>
  settings.at(['appDirectory']) ? inside(settings.text(['appDirectory'])) : 'app';

/** Files are routes where a package says so; else a list names them, which a file that is added is not in. */
export function routeFile(source: SiteSource, settings: Settings): HealthRoute | undefined {
  const folder = appFolder(settings);
  const base = settings.at(['basename']) ? settings.text(['basename']) : '/';
  if (folder === undefined || base === undefined) return undefined;
  const list = endings.map((ending) => posix.join(source.root, folder, `routes.${ending}`));
  const file = list.find((one) => source.project.has(one));
  const read = file === undefined ? undefined : readSource(source.project, file);
  const byFiles =
    read?.imports.some(({ specifier }) => specifier === '@react-router/fs-routes') && read.imports.length < 3;
  return byFiles ? routeIn(folder, base) : undefined;
}

/** The file of a route by the usual names of files. */
export const routeIn = (folder: string, base: string): HealthRoute => ({
  path: posix.join(folder, 'routes/health.($probe).ts'),
  imports: [],
  code: 'export const loader = ({ params }: { params: { probe?: string } }) => answer(params.probe);',
  paths: healthPaths(base),
});

/**
 * Where the build puts the server: in `server/`, or, with the preset of Vercel, in one folder below it for each configuration that routes export; the name
 * of that folder is the runtime and the configuration in base64 (`vercelPreset` of @vercel/remix 2 and of @vercel/react-router 1.1, vite.js). Without such an
 * export there is one server for all routes, which any Node.js runs.
 */
export function serverFolder(
  source: SiteSource,
  presets: Node | undefined,
  app: string,
  separator: '-' | '_',
): string | { readonly unsupported: string } {
  const isPreset = (node: Node | null): boolean =>
    node?.type === 'CallExpression' && node.callee.type === 'Identifier' && node.callee.name === 'vercelPreset';
  if (presets?.type !== 'ArrayExpression' || !presets.elements.some(isPreset)) return 'server';
  const folder = `${posix.join(source.root, app)}/`;
  const apart = source.project
    .files()
    .filter((file) => file.startsWith(folder) && /\.[jt]sx?$/.test(file))
    .find((file) => exportsConfig(readSource(source.project, file)));
  if (apart !== undefined)
    return {
      unsupported: `the preset of Vercel builds a server of its own for what ${apart} exports as \`config\`, and only Vercel starts several: remove \`vercelPreset()\` from the settings, or that export`,
    };
  const config = Buffer.from(JSON.stringify({ runtime: 'nodejs' })).toString('base64url');
  return `server/nodejs${separator}${config}`;
}

/** Whether a route says by an export how it is to be run. */
const exportsConfig = (source: Source | undefined): boolean =>
  (source ? nodesOf(source.program, 'ExportNamedDeclaration') : []).some(
    ({ declaration }) =>
      declaration?.type === 'VariableDeclaration' &&
      declaration.declarations.some(({ id }) => id.type === 'Identifier' && id.name === 'config'),
  );

/** The build of a server that the package's own program starts. `server` is the folder that it lies in, below the output. */
export const servedBuild = (
  output: string,
  program: string,
  health: HealthRoute | undefined,
  why: string,
  server = 'server',
): FullStackBuild => ({
  output,
  inPlace: true,
  beside: [],
  taken: ['public'],
  start: ['node', program, `${output}/${server}/index.js`],
  selfContained: false,
  settings: [],
  writes: [],
  ...(health ? { health } : {}),
  why,
});

/** The path of a site below which its pages lie. */
export const routerBase = (settings: Settings): string | undefined => basePath(settings.text(['basename']));
