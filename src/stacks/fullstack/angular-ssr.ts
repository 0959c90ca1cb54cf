/**
 * Angular with a server (https://angular.dev/guide/ssr): the build bundles the server with its dependencies, and writes the files for browsers beside
 * it. It listens on `PORT` on all interfaces, does not handle signals, and only renders pages for the hosts in `NG_ALLOWED_HOSTS`.
 */
import type { Detection, FullStack, FullStackBuild, SiteSource } from '../contract.ts';
import { angularDownloads, angularFolders, angularProject, angularServe, isServed } from '../support/angular.ts';

export const detection: Detection = {
  name: 'angular-ssr',
  title: 'Angular with a server',
  role: 'full-stack',
  dependencies: ['@angular/ssr', '@nguniversal/express-engine'],
  programs: ['ng'],
};

/** Packages that the settings leave out of the bundle of the server have to lie beside it. */
const isBundled = (external: unknown): boolean => !Array.isArray(external) || external.length === 0;

/** Whether its settings say which hosts it renders pages for. */
const namesHosts = (source: SiteSource): boolean => {
  const hosts = angularProject(source)?.option(['security', 'allowedHosts']);
  return Array.isArray(hosts) && hosts.length > 0;
};

function buildOf(source: SiteSource): FullStackBuild | { readonly unsupported: string } {
  const project = angularProject(source);
  if (!project || !isServed(project))
    return {
      unsupported:
        'the Angular server is built separately from its pages, as before version 17: use the builder `application` and `"outputMode": "server"` in angular.json to build both at once',
    };
  const entry = project.option(['ssr', 'entry']);
  if (typeof entry !== 'string')
    return {
      unsupported:
        'the option `ssr` in angular.json does not name a file that starts a server: set `"ssr": { "entry": "src/server.ts" }`, or `"outputMode": "static"` for static files only',
    };
  const folders = angularFolders(project, source);
  if (!folders) return { unsupported: 'the option `outputPath` in angular.json points outside the app' };
  const downloads = angularDownloads(source);
  return {
    ...(downloads ? { downloads } : {}),
    output: folders.all,
    inPlace: true,
    beside: [],
    taken: ['public', 'src/assets'],
    start: ['node', `${folders.server}/server.mjs`],
    selfContained: isBundled(project.option(['externalDependencies'])),
    settings: [],
    writes: [],
    why: 'the bundled Angular server, with the files for browsers',
  };
}

export const fullStack: FullStack = {
  build: buildOf,
  entries: (files) =>
    files.filter((file) => /^(src\/)?server\.ts$/.test(file) || /^src\/main(\.server)?\.ts$/.test(file)),
  prefixes: [],
  // https://angular.dev/best-practices/security#preventing-server-side-request-forgery-ssrf
  variables: (source) => [
    {
      name: 'NG_ALLOWED_HOSTS',
      ...(namesHosts(source) ? {} : { required: true as const }),
      purpose: 'the host names that browsers use, such as shop.example; pages are not rendered for other hosts',
    },
  ],
  listens: { port: 4000, variable: 'PORT' },
  portFlags: [],
  signals: [],
  env: { NG_CLI_ANALYTICS: 'false' },
  caches: ['.angular/cache'],
  dev: (port) => angularServe(port, { argv: [] }),
  made: ['.angular', 'node_modules/.cache'],
};
