/**
 * Angular without a server (https://angular.dev/tools/cli/build): `outputPath` in angular.json, otherwise dist/NAME, with a subfolder `browser` in
 * current versions.
 */
import type { Detection, Site, SiteSource } from '../contract.ts';
import { angularDownloads, angularFolders, angularProject, angularServe, isServed } from '../support/angular.ts';
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

/**
 * The folders of the languages that a build is told to make, that of the sources first (https://angular.dev/guide/i18n/merge#deploy-multiple-locales).
 * That of one whose `subPath` is empty is the top, where the usual page is.
 */
function languagesOf(source: SiteSource): readonly string[] {
  const project = angularProject(source);
  const localize = source.argv.includes('--localize') || project?.option(['localize']);
  if (!project || !localize) return [];
  const first = project.translated(['sourceLocale']);
  const all = new Map([
    [codeOf(first) ?? 'en-US', folderOf(first, codeOf(first) ?? 'en-US')] as const,
    ...project.locales().map((code) => [code, folderOf(project.translated(['locales', code]), code)] as const),
  ]);
  const built = Array.isArray(localize) ? localize.filter((item) => typeof item === 'string') : [...all.keys()];
  return [...all].flatMap(([code, folder]) => (built.includes(code) ? [folder] : []));
}

const codeOf = (said: unknown): string | undefined => textOf(said) ?? textAt(said, 'code');

/** The folder of a language: its code where nothing else is said; `baseHref` moved it before there was `subPath`. */
const folderOf = (said: unknown, code: string): string => textAt(said, 'subPath') ?? code;

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const textAt = (value: unknown, key: string): string | undefined =>
  typeof value === 'object' && value !== null ? textOf(Reflect.get(value, key)) : undefined;

export const site: Site = {
  other: (source) => {
    const project = angularProject(source);
    return !project || !builders.includes(project.builder) || isServed(project);
  },
  home: () => '.',
  downloads: angularDownloads,
  output: (source) => {
    const project = angularProject(source);
    return (project && angularFolders(project, source)?.browser) ?? 'dist';
  },
  // its hashes stand in the names of files that lie beside what is copied
  assets: () => undefined,
  hashes: true,
  base: (source) => basePath(textFlag(source.argv, '--base-href') ?? optionText(source, 'baseHref')),
  languages: languagesOf,
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
