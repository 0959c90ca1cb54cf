/** Angular without a server (https://angular.dev/tools/cli/build): `outputPath` of angular.json, else dist/NAME, and in it `browser` by the builder of today. */
import type { Detection, Site, SiteSource } from '../contract.ts';
import { angularFolders, angularProject, angularServe, isServed } from '../support/angular.ts';
import { proxiesOfData } from '../support/dev-proxy.ts';
import { basePath, textFlag } from '../support/site.ts';

export const detection: Detection = {
  name: 'angular',
  title: 'Angular',
  role: 'site',
  dependencies: ['@angular/core'],
  programs: ['ng'],
};

/** Builders that make pages; others make libraries. */
const builders = ['application', 'browser', 'browser-esbuild'];

const optionText = (source: SiteSource, key: string): string | undefined => {
  const value = angularProject(source)?.option([key]);
  return typeof value === 'string' ? value : undefined;
};

export const site: Site = {
  other: (source) => {
    const project = angularProject(source);
    return !project || !builders.includes(project.builder) || isServed(project);
  },
  home: () => '.',
  output: (source) => {
    const project = angularProject(source);
    return (project && angularFolders(project, source)?.browser) ?? 'dist';
  },
  // its hashes stand in the names of files that lie beside what is copied
  assets: () => undefined,
  base: (source) => basePath(textFlag(source.argv, '--base-href') ?? optionText(source, 'baseHref')),
  prefixes: (source) => (source.depends?.('@ngx-env/builder') ? ['NG_APP_'] : []),
  port: (source) => Number(angularProject(source)?.served('port') ?? 4200),
  dev: angularServe,
  proxies: (source) => {
    const file = angularProject(source)?.served('proxyConfig');
    return typeof file === 'string' ? proxiesOfData(source, file) : [];
  },
  writes: ['.angular', 'node_modules/.cache'],
  env: { NG_CLI_ANALYTICS: 'false' },
  caches: ['.angular/cache'],
  pages: () => 'one',
  // with pages made before, index.html is that of the first page alone
  page: (source) => (optionText(source, 'outputMode') === 'static' ? 'index.csr.html' : undefined),
};
