/**
 * Next.js (https://nextjs.org/docs/app/api-reference/config/next-config-js/output): with `output: 'standalone'` the build makes a server with the
 * packages that it needs, beside which the static files have to be put; without it the server is that of the package. NEXT_PUBLIC_ variables are
 * written into the code. Its server binds to `HOSTNAME`, which a container sets to its own name.
 */
import { posix } from 'node:path';
import type { Detection, FullStack, SiteSource } from '../contract.ts';
import { inside, type Settings, settingsOf } from '../support/site.ts';

export const detection: Detection = {
  name: 'next',
  title: 'Next.js',
  role: 'full-stack',
  dependencies: ['next'],
  programs: ['next'],
};

const configs = ['js', 'mjs', 'ts', 'mts', 'cjs'].map((ending) => `next.config.${ending}`);

const isThere = ({ project, root }: SiteSource, path: string): boolean =>
  project.files().some((file) => file.startsWith(`${posix.join(root, path)}/`));

/** A setting that is worked out, or names a folder outside, decides where everything lies. */
function unsupported(source: SiteSource, settings: Settings): string | undefined {
  const output = settings.text(['output']);
  if (settings.at(['output']) && output === undefined)
    return 'the setting `output` of Next.js is worked out when it builds';
  if (output === 'export')
    return '`output: "export"` of Next.js makes files alone, which this version does not give out';
  const folder = settings.at(['distDir']);
  if (folder && inside(settings.text(['distDir'])) === undefined)
    return 'the setting `distDir` of Next.js is worked out, or leads out of the app';
  if (output !== 'standalone') return undefined;
  const traced = settings.at(tracingRoot) ?? settings.at(['experimental', ...tracingRoot]);
  return traced && tracedAt(source, settings) === undefined
    ? 'the setting `outputFileTracingRoot` of Next.js is worked out, or names neither the folder of the application nor that of its workspace'
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

export const fullStack: FullStack = {
  build: (source) => {
    const settings = settingsOf(source, configs);
    const why = unsupported(source, settings);
    if (why !== undefined) return { unsupported: why };
    const folder = inside(settings.text(['distDir'])) ?? '.next';
    const pages = isThere(source, 'public') ? ['public'] : [];
    const common = { writes: [`${folder}/cache`], settings: [] };
    if (settings.text(['output']) === 'standalone')
      return {
        ...common,
        output: `${folder}/standalone`,
        ...(tracedAt(source, settings) === source.root ? {} : { nested: true }),
        beside: [`${folder}/static`, ...pages],
        start: ['node', 'server.js'],
        selfContained: true,
        why: 'the server that Next.js makes, with the packages that it needs',
      };
    return {
      ...common,
      output: folder,
      inPlace: true,
      beside: pages,
      settings: configs.filter((file) => source.project.has(posix.join(source.root, file))).slice(0, 1),
      start: ['node', `${source.modules?.('next') ?? 'node_modules'}/next/dist/bin/next`, 'start'],
      selfContained: false,
      why: 'the server of Next.js, with the production dependencies beside it',
    };
  },
  entries: (files) =>
    files.filter(
      (file) =>
        /^(src\/)?app\/(.+\/)?(page|layout|route|template|default|error|loading|not-found|global-error)\.[jt]sx?$/.test(
          file,
        ) ||
        /^(src\/)?pages\/.+\.[jt]sx?$/.test(file) ||
        /^(src\/)?(middleware|proxy|instrumentation)\.[jt]s$/.test(file),
    ),
  prefixes: ['NEXT_PUBLIC_'],
  listens: { port: 3000, variable: 'PORT', address: 'HOSTNAME' },
  portFlags: ['-p', '--port'],
  signals: ['SIGINT', 'SIGTERM'],
  env: { NEXT_TELEMETRY_DISABLED: '1' },
  caches: ['.next/cache'],
  dev: (port) => ['next', 'dev', '--hostname', '0.0.0.0', '--port', String(port)],
  made: ['.next'],
};
