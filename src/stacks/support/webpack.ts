import { posix } from 'node:path';
import { memberPath, type Node, nodesOf, type Source } from '../../formats/source/index.ts';
import { readData } from '../../project/data.ts';
import { readSource } from '../../project/source.ts';
import type { Site, SiteSource } from '../contract.ts';
import { devProxies } from './dev-proxy.ts';
import { basePath, inside, type Settings, settingsOf, textAt, textFlag } from './site.ts';

/** What differs between webpack and what reads the same settings. */
export type Bundler = {
  readonly program: string;
  /** the files of its settings, the one that it looks for first at the front */
  readonly configs: readonly string[];
  /** plugins that write a page */
  readonly pages: readonly string[];
  /** the package of its development server */
  readonly server: string;
};

const endings = ['', '.js', '.cjs', '.mjs', '.ts', '/index.js', '/index.ts'];

const configFlag = (argv: readonly string[]): string | undefined =>
  textFlag(argv, '--config') ?? textFlag(argv, '-c') ?? argv.find((word) => word.startsWith('--config='))?.slice(9);

/** The file of the settings, and those beside it that it is merged from, relative to the app. */
function settingsFiles({ project, root }: SiteSource, named: string | undefined, configs: readonly string[]): string[] {
  const has = (file: string) => project.has(posix.join(root, file));
  const first = (named === undefined ? configs : [inside(named) ?? named]).find(has);
  const found = new Set(first === undefined ? [] : [first]);
  // what is added while it is gone through is gone through, too
  for (const file of found) {
    if (found.size > 8) break;
    for (const { specifier } of readSource(project, posix.join(root, file))?.imports ?? []) {
      const path = specifier.startsWith('.') ? inside(posix.join(posix.dirname(file), specifier)) : undefined;
      const other = path === undefined ? undefined : endings.map((end) => path + end).find(has);
      if (other !== undefined && /\.[cm]?[jt]s$/.test(other)) found.add(other);
    }
  }
  return [...found];
}

/** The settings of a build: what the file itself says, else what those say that it is merged from. */
function settingsIn(
  source: SiteSource,
  files: readonly string[],
): Settings & { readonly dirOf: (path: string[]) => string } {
  const each = files.map((file) => ({ file, settings: settingsOf(source, [file]) }));
  const holding = (path: readonly string[]) => each.find(({ settings }) => settings.at(path) !== undefined);
  return {
    at: (path) => holding(path)?.settings.at(path),
    text: (path) => holding(path)?.settings.text(path),
    path: (path) => holding(path)?.settings.path(path),
    dirOf: (path) => posix.dirname(holding(path)?.file ?? '.'),
  };
}

const sourcesOf = ({ project, root }: SiteSource, files: readonly string[]): readonly Source[] =>
  files.flatMap((file) => readSource(project, posix.join(root, file)) ?? []);

/** The plugins of some names that the settings make, with what they are given. */
const made = (sources: readonly Source[], names: readonly string[]) =>
  sources.flatMap((source) =>
    nodesOf(source.program, 'NewExpression')
      .filter(({ callee }) => names.includes(memberPath(callee)?.split('.').at(-1) ?? ''))
      .map((node): { source: Source; options: Node | undefined } => ({ source, options: node.arguments[0] })),
  );

/** The options with which a script of the app starts the development server; undefined: none does. */
function servedBy({ project, root }: SiteSource, program: string): readonly string[] | undefined {
  const scripts = Object.values(readData(project, posix.join(root, 'package.json'))?.texts(['scripts']) ?? {});
  const words = scripts.map((script) => script.split(/\s+/));
  return words.find(
    (line) => line.includes(`${program}-dev-server`) || (line.includes(program) && line.some(isServing)),
  );
}

const isServing = (word: string): boolean => ['serve', 's', 'dev', 'server'].includes(word);

/** A site that is built by webpack, or by what reads its settings: there has to be a page, as it makes libraries and programs, too. */
export function bundledSite({ program, configs, pages, server }: Bundler): Site {
  const filesOf = (source: SiteSource) => settingsFiles(source, configFlag(source.argv), configs);
  const settings = (source: SiteSource) => settingsIn(source, filesOf(source));
  const output = (source: SiteSource): string => {
    const flag = textFlag(source.argv, '--output-path') ?? textFlag(source.argv, '-o');
    const found = settings(source);
    const declared = found.path(['output', 'path']);
    // what is worked out from the folder of its file begins there
    const own = declared?.fixed ? posix.join(found.dirOf(['output', 'path']), declared.path) : declared?.path;
    return inside(flag ?? own) ?? 'dist';
  };
  const pagesOf = (source: SiteSource) => made(sourcesOf(source, filesOf(source)), pages);
  const pagesIn = (source: SiteSource) => pagesOf(source).length;
  // a plugin may say for its page where the files are
  const ofPage = (source: SiteSource) =>
    pagesOf(source)
      .map(({ source: file, options }) => options && textAt(file, options, ['publicPath']))
      .find((path) => path !== undefined && path !== 'auto');
  const baseOf = (source: SiteSource) => ofPage(source) ?? settings(source).text(['output', 'publicPath']);
  const hasPage = (source: SiteSource): boolean => {
    const { project, root } = source;
    const copied = made(sourcesOf(source, filesOf(source)), ['CopyPlugin', 'CopyWebpackPlugin', 'CopyRspackPlugin']);
    const places = [output(source), ...(copied.length > 0 ? ['public', 'static', 'src', '.'] : [])];
    return pagesIn(source) > 0 || places.some((place) => project.has(posix.join(root, place, 'index.html')));
  };
  return {
    other: (source) => {
      const found = settings(source);
      const target = found.text(['target']) ?? 'web';
      const isLibrary =
        found.at(['output', 'library']) !== undefined || found.at(['output', 'libraryTarget']) !== undefined;
      return /^(async-)?node|electron/.test(target) || isLibrary || !hasPage(source);
    },
    home: () => '.',
    output,
    // names have a hash where the settings say so, and lie beside others
    assets: () => undefined,
    // where its settings say so: names without a hash are none
    hashes: true,
    base: (source) => basePath(baseOf(source)),
    // the word by which servers name folders of files; what is no path of pages is for files alone
    everywhere: (source) =>
      ofPage(source) !== undefined ||
      (basePath(baseOf(source)) ?? '').split('/').some((part) => /^(static|assets|dist|build|bundles?)$/.test(part)),
    prefixes: () => [],
    port: (source) => Number(settings(source).text(['devServer', 'port']) ?? 8080),
    dev: (port, source) => {
      const named = configFlag(servedBy(source, program) ?? source.argv);
      const config = named === undefined ? [] : ['--config', named];
      if (!source.depends?.(server)) return [program, 'build', '--watch', ...config];
      return [program, 'serve', ...config, '--host', '0.0.0.0', '--port', String(port)];
    },
    proxies: (source) => devProxies(settings(source), ['devServer', 'proxy']),
    writes: ['node_modules/.cache'],
    pages: (source) => (pagesIn(source) > 1 ? 'many' : 'one'),
  };
}
