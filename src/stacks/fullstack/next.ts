/**
 * Next.js (https://nextjs.org/docs/app/api-reference/config/next-config-js/output): with `output: 'standalone'` the build writes a server with the
 * packages that it needs, and the static files are copied beside it; without it, the server of the package is used, and that output is suggested as an
 * edit to the settings (`--accept next.config.ts=edited`). So is `experimental.isrFlushToDisk: false` if pages are rendered again at run time, because
 * they would be written beside the code, which is read-only. The key for server actions is a build secret and a variable at run time, and is removed
 * from the build output. NEXT_PUBLIC_ variables are written into the code. The server binds to `HOSTNAME`, which a container sets to its own name.
 */
import { posix } from 'node:path';
import { filesBelow } from '../../project/paths.ts';
import type { Detection, FullStack, HealthRoute, SiteSource } from '../contract.ts';
import { healthPaths } from '../support/health-route.ts';
import {
  nextCaches,
  nextConfigs,
  nextDevelops,
  nextEntries,
  nextEnv,
  nextKey,
  nextLoads,
  nextVaries,
} from '../support/next.ts';
import { nextOffers } from '../support/next-offers.ts';
import { nextOfSettings } from '../support/next-sources.ts';
import { withoutGroups } from '../support/route-files.ts';
import { inside, type Settings, settingsOf } from '../support/site.ts';

export const detection: Detection = {
  name: 'next',
  title: 'Next.js',
  role: 'full-stack',
  dependencies: ['next'],
  programs: ['next'],
};

const isThere = (all: readonly string[], folder: string): boolean => all.some((file) => file.startsWith(`${folder}/`));

/** A setting that is worked out, or names a folder outside, decides where everything lies. */
function unsupported(source: SiteSource, settings: Settings): string | undefined {
  const output = settings.text(['output']);
  if (settings.at(['output']) && output === undefined) return 'the Next.js setting `output` is computed at build time';
  if (output === 'export') return 'with `output: "export"` Next.js builds static files: a site without a server';
  const folder = settings.at(['distDir']);
  if (folder && inside(settings.text(['distDir'])) === undefined)
    return 'the Next.js setting `distDir` is computed, or points outside the app';
  if (output !== 'standalone') return undefined;
  const traced = settings.at(tracingRoot) ?? settings.at(['experimental', ...tracingRoot]);
  return traced && tracedAt(source, settings) === undefined
    ? 'the Next.js setting `outputFileTracingRoot` is computed, or is neither the application folder nor the workspace folder'
    : undefined;
}

const tracingRoot = ['outputFileTracingRoot'];

/**
 * The folder of the repository whose files go into the server: the author's, else that of the lockfile (https://nextjs.org/docs/app/api-reference/config/next-config-js/output#caveats).
 * The folder of the application lies below it. Undefined: it is another one than that of the application or of its workspace.
 */
function tracedAt({ root, top = root }: SiteSource, settings: Settings): string | undefined {
  const written = settings.path(tracingRoot) ?? settings.path(['experimental', ...tracingRoot]);
  if (!settings.at(tracingRoot) && !settings.at(['experimental', ...tracingRoot])) return top;
  const folder = written && (posix.join(root, written.path).replace(/\/$/, '') || '.');
  return folder === root || folder === top ? folder : undefined;
}

/** Folders of routes of either router, of which `src/` counts where the other is not there (https://nextjs.org/docs/app/api-reference/file-conventions/src-folder). */
const folderOf = (all: readonly string[], name: 'app' | 'pages'): string | undefined =>
  [name, `src/${name}`].find((folder) => isThere(all, folder));

/** A file that every request goes through may answer before a route does. */
const goesThrough = /^(src\/)?(middleware|proxy)\.[jt]s$/;

/**
 * Whether such a file may see requests for a path: where its `matcher` names none, or a pattern that may fit. One that begins with other words never does
 * (https://nextjs.org/docs/app/api-reference/file-conventions/proxy#matcher).
 */
function isSeen(source: SiteSource, file: string, path: string): boolean {
  const matcher = settingsOf(source, [file]).at(['matcher']);
  const named = matcher?.type === 'ArrayExpression' ? matcher.elements : [matcher];
  return named.some((item) => {
    if (item?.type !== 'Literal' || typeof item.value !== 'string') return true;
    const [words = ''] = item.value.split(/[:(*]/, 1);
    return path.startsWith(words) || words.startsWith(`${path}/`);
  });
}

/** A route for the health, in the router that the app has: a file, no edit. */
function healthOf(source: SiteSource, settings: Settings, all: readonly string[]): HealthRoute | undefined {
  const base = settings.at(['basePath']) ? settings.text(['basePath']) : '/';
  const moved = settings.at(['pageExtensions']) ?? settings.at(['trailingSlash']) ?? settings.at(['rewrites']);
  const isOpen = (path: string) => !all.some((file) => goesThrough.test(file) && isSeen(source, file, path));
  if (base === undefined || moved) return undefined;
  // a file of TypeScript in a project without it makes the build install the compiler
  const isTyped = all.includes('tsconfig.json');
  const ending = isTyped ? 'ts' : 'js';
  const app = folderOf(all, 'app');
  if (app !== undefined)
    return isThere(all, `${app}/health`) || !isOpen('/health')
      ? undefined
      : {
          path: `${app}/health/[...probe]/route.${ending}`,
          imports: [],
          code: `export const GET = (request: Request) => answer(new URL(request.url).pathname.split('/').pop());`,
          paths: healthPaths(base, 'all'),
        };
  const pages = folderOf(all, 'pages');
  return pages === undefined || isThere(all, `${pages}/api/health`) || !isOpen('/api/health')
    ? undefined
    : {
        path: `${pages}/api/health/[...probe].${ending}`,
        imports: isTyped ? ["import type { NextApiRequest, NextApiResponse } from 'next';"] : [],
        code: `export default async function handler(request: NextApiRequest, response: NextApiResponse) {
  const answered = await answer(String(request.query['probe']));
  response.status(answered.status).setHeader('cache-control', 'no-store').json(await answered.json());
}`,
        paths: healthPaths(posix.join(base, 'api'), 'all'),
      };
}

/** What answers as a program does, by where its file lies: route handlers of the one router, the folder `api` of the other. */
const answersOf: FullStack['answers'] = (files) =>
  files.flatMap((file) => {
    const path =
      /^(?:src\/)?app\/(.+)\/route\.[jt]sx?$/.exec(file)?.[1] ??
      /^(?:src\/)?pages\/(api\/.+?)(?:\/index)?\.[jt]sx?$/.exec(file)?.[1];
    if (path === undefined) return [];
    return [{ file, path: posix.join('/', ...withoutGroups(path)) }];
  });

export const fullStack: FullStack = {
  build: (source) => {
    const settings = settingsOf(source, nextConfigs);
    const why = unsupported(source, settings);
    if (why !== undefined) return { unsupported: why };
    const folder = inside(settings.text(['distDir'])) ?? '.next';
    const all = filesBelow(source.project.files(), source.root);
    const pages = isThere(all, 'public') ? ['public'] : [];
    const health = healthOf(source, settings, all);
    const develops = nextDevelops(all);
    const offers = nextOffers(source, settings);
    const key = nextKey(source, folder);
    const common = {
      writes: [`${folder}/cache`],
      settings: [],
      varies: nextVaries(source, settings, key),
      ...(key ? { key } : {}),
      ...(health ? { health } : {}),
      ...(develops ? { develops } : {}),
      ...(offers.length > 0 ? { offers } : {}),
    };
    // a server of the author is none of the files that are traced
    if (settings.text(['output']) === 'standalone' && !source.ownServer)
      return {
        ...common,
        output: `${folder}/standalone`,
        ...(tracedAt(source, settings) === source.root ? {} : { nested: true }),
        beside: [`${folder}/static`, ...pages],
        start: ['node', 'server.js'],
        selfContained: true,
        why: 'the server built by Next.js, with the packages that it needs',
      };
    return {
      ...common,
      output: folder,
      inPlace: true,
      beside: pages,
      start: ['node', `${source.modules?.('next') ?? 'node_modules'}/next/dist/bin/next`, 'start'],
      selfContained: false,
      ...nextLoads(source),
      why: 'the Next.js server, with its production dependencies',
    };
  },
  // https://nextjs.org/docs/app/guides/custom-server
  handler: 'next',
  entries: nextEntries,
  answers: answersOf,
  loadsServer: true,
  // the phase of a build, and which of its runtimes a module is loaded in (https://nextjs.org/docs/app/guides/instrumentation)
  sets: ['NEXT_PHASE', 'NEXT_RUNTIME'],
  ofSettings: (source) => nextOfSettings(source, nextConfigs),
  prefixes: ['NEXT_PUBLIC_'],
  listens: { port: 3000, variable: 'PORT', address: 'HOSTNAME' },
  portFlags: ['-p', '--port'],
  signals: ['SIGINT', 'SIGTERM'],
  env: nextEnv,
  caches: nextCaches,
  dev: (port) => ['next', 'dev', '--hostname', '0.0.0.0', '--port', String(port)],
  made: ['.next'],
};
