/**
 * Angular with a server (https://angular.dev/guide/ssr): the build bundles the server with all that it needs, and puts the files for browsers beside it.
 * It listens where `PORT` says, on every interface, has no handler for signals, and renders pages for the hosts that `NG_ALLOWED_HOSTS` names.
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
        'the server of Angular is built apart from its pages, as before version 17: with the builder `application` and `"outputMode": "server"` in angular.json one build makes both',
    };
  const entry = project.option(['ssr', 'entry']);
  if (typeof entry !== 'string')
    return {
      unsupported:
        'the option `ssr` of angular.json names no file that starts a server: `"ssr": { "entry": "src/server.ts" }` does, `"outputMode": "static"` makes files alone',
    };
  const folders = angularFolders(project, source);
  if (!folders) return { unsupported: 'the option `outputPath` of angular.json leads out of the app' };
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
    why: 'the server that Angular bundles, with the files for browsers beside it',
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
      purpose: 'the hosts that browsers ask for, such as shop.example: for any other one no page is rendered',
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
