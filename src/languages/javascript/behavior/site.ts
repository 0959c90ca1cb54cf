import { posix } from 'node:path';
import { hasPolicy, loadHtml, scriptsOf } from '../../../formats/html/index.ts';
import { memberPath, nodesOf, parseSource } from '../../../formats/source/index.ts';
import type { Dependency, Facts, Variable } from '../../../model/facts.ts';
import { detected, type Fact } from '../../../model/known.ts';
import { isSecretName } from '../../../model/secret-names.ts';
import { readData } from '../../../project/data.ts';
import { filesBelow } from '../../../project/paths.ts';
import { readPage, readSource } from '../../../project/source.ts';
import type { Detection, Site, SiteSource } from '../../../stacks/contract.ts';
import { loadSite, sites } from '../../../stacks/sites/registry.gen.ts';
import type { Example } from '../../contract.ts';
import { type App, present } from '../app.ts';
import { isSettable } from '../environment/variables.ts';
import type { Toolchain } from '../manifest/toolchain.ts';
import { existing, filesWithoutTests, isTest } from '../modules/graph.ts';
import type { ScriptCommand } from '../scripts/follow.ts';

/** What builds the files of a site, where the app's build script runs one of those tools. */
export type FoundSite = {
  readonly stack: Detection;
  readonly site: Site;
  readonly source: SiteSource;
  readonly fact: NonNullable<Facts['site']>;
  /** what the tool asks git for while it builds; undefined: nothing */
  readonly history: Fact<string> | undefined;
};

/** Dependencies that make more than a folder of files: they render on a server, or are a program of their own. */
const more =
  /^((next|nuxt3?|nuxt-edge|nuxt-nightly|solid-start|@sveltejs\/kit|@react-router\/(dev|node|serve)|@solidjs\/start|@tanstack\/((react|solid|vue)-)?start|@angular\/ssr|vike|vinxi|@astrojs\/(node|vercel|netlify|cloudflare)|electron|@tauri-apps\/cli)$|@remix-run\/|@nguniversal\/|solid-start-)/;

/** The dependency that makes more of an app than a site, where package.json has one. */
export const moreThanSite = (app: App): string | undefined =>
  ['dependencies', 'devDependencies']
    .flatMap((table) => Object.keys(app.manifest?.texts([table]) ?? {}))
    .find((name) => more.test(name));

/** The manifest of an extension of a browser, which is packed for its users, where there is one; that of a page that can be installed is none. */
export const extensionOf = (app: App): string | undefined =>
  ['manifest.json', 'public/manifest.json', 'src/manifest.json']
    .map((name) => app.path(name))
    .find((path) => {
      const version = readData(app.project, path)?.at(['manifest_version']);
      return typeof version === 'number';
    });

/**
 * Recognises a site by its build script: a tool that only tests or a library uses builds no site. `started` is the file of the project that its
 * start script runs: pages with a server of their own are given out by that one.
 */
export async function readSite(
  app: App,
  toolchain: Toolchain,
  dependencies: readonly Dependency[],
  started: string | undefined,
): Promise<FoundSite | undefined> {
  if (extensionOf(app) !== undefined && app.config.archetype !== 'web-app') return undefined;
  const rendering = dependencies.filter(({ name }) => more.test(name));
  if (started !== undefined && !started.startsWith('node_modules/') && app.config.archetype !== 'web-app')
    return undefined;
  const script = toolchain.buildScripts.find((name) => toolchain.followed(name));
  const followed = script === undefined ? undefined : toolchain.followed(script);
  if (!followed) return undefined;
  for (const { stack, command } of builtInOrder(followed.commands, dependencies)) {
    // what can render on a server makes files alone where its own settings say so
    if (rendering.some(({ name }) => !isOf(stack, name))) continue;
    const site = await loadSite(stack.name);
    if (!site) continue;
    const source: SiteSource = {
      project: app.project,
      root: app.root,
      argv: command.argv,
      env: command.env,
      depends: (name, of) =>
        dependencies.some((dependency) => dependency.name === name && (of === undefined || !dependency.dev)),
    };
    if (site.other?.(source) || site.unsupported?.(source) !== undefined) continue;
    await loadHtml();
    const assets = plainFolder(site.assets(source));
    const base = site.base(source);
    const isOne = site.pages(source) === 'one';
    const value = {
      tool: stack.name,
      output: site.output(source),
      ...(assets === undefined ? {} : { assets }),
      ...present('hashes', site.hashes),
      ...(base === undefined ? {} : { base }),
      ...(base !== undefined && isOne && site.everywhere?.(source) ? { everywhere: true as const } : {}),
      ...present('languages', languagesOf(site, source)),
      fallback: isOne,
      ...present('page', site.page?.(source)),
      ...(hasPolicy(pageOf(app, site, source)) ? { ownPolicy: true as const } : {}),
      port: site.port(source),
      dev: [...site.dev(site.port(source), source)],
      ...present('proxies', proxiesOf(site, source)),
      ...present('develops', developsOf(site, source)),
      ...present('varies', site.varies?.(source)),
      ...present('documents', site.documents && [...site.documents(source)]),
    };
    const asked = site.asksGit?.(source);
    return {
      stack,
      site,
      source,
      fact: detected(value, followed.from),
      history: asked === undefined ? undefined : detected(asked, followed.from),
    };
  }
  return undefined;
}

/** A tool for sites that was recognised, and why this version has no deployment for what it makes besides files. */
export async function refusedSite(
  app: App,
  toolchain: Toolchain,
  dependencies: readonly Dependency[],
): Promise<{ readonly stack: Detection; readonly unsupported: string } | undefined> {
  const followed = toolchain.buildScripts
    .map((name) => toolchain.followed(name))
    .find((followedScript) => followedScript !== undefined);
  for (const { stack, command } of followed ? builtInOrder(followed.commands, dependencies) : []) {
    const depends = (name: string) => dependencies.some((dependency) => dependency.name === name);
    const { argv, env } = command;
    const source: SiteSource = { project: app.project, root: app.root, argv, env, depends };
    const unsupported = (await loadSite(stack.name))?.unsupported?.(source);
    if (unsupported !== undefined) return { stack, unsupported };
  }
  return undefined;
}

/** What is answered while developing, and in production by an application of the repository alone. */
export const proxyNotes = (found: FoundSite | undefined): Facts['notes'] =>
  (found?.fact.value.proxies ?? []).map(({ path, target }) => ({
    code: 'dev-proxy',
    message: `the development server of ${found?.stack.title} proxies ${path} to ${target}: in production the web server does so if that is an application of this repository (\`--all\`); otherwise a proxy in front of both must do it`,
    from: [...(found?.fact.from ?? [])],
  }));

/** The folders of its languages; undefined: it is in one. */
function languagesOf(site: Site, source: SiteSource): string[] | undefined {
  const found = (site.languages?.(source) ?? []).filter((folder) => folder === '' || plainFolder(folder) !== undefined);
  return found.length > 0 ? found : undefined;
}

/** What the development server hands on; undefined: nothing. */
function proxiesOf(site: Site, source: SiteSource): NonNullable<Facts['site']>['value']['proxies'] {
  const found = site.proxies?.(source) ?? [];
  return found.length === 0 ? undefined : found.map((devProxy) => ({ ...devProxy }));
}

/** What is mounted while the site is developed; undefined: its folder. */
function developsOf(site: Site, { project, root }: SiteSource): NonNullable<Facts['site']>['value']['develops'] {
  const develops = site.develops?.(filesBelow(project.files(), root));
  return develops && { mounts: [...develops.mounts], writes: [...develops.writes] };
}

/** The tools whose programs a build runs, in that order: what comes behind the first may be no more than the pages about it. */
const builtInOrder = (
  commands: readonly ScriptCommand[],
  dependencies: readonly Dependency[],
): readonly { readonly stack: Detection; readonly command: ScriptCommand }[] => {
  const installed = sites.filter((stack) =>
    dependencies.some((dependency) => stack.dependencies?.includes(dependency.name)),
  );
  return commands.flatMap((command) =>
    installed.filter(({ programs }) => programs?.includes(command.argv[0] ?? '')).map((stack) => ({ stack, command })),
  );
};

/** Whether a dependency belongs to a tool: its own package, or one of the same scope. */
const isOf = ({ dependencies = [] }: Detection, name: string): boolean =>
  dependencies.some((own) => own === name || (own.startsWith('@') && name.startsWith(`${own.split('/')[0]}/`)));

/** A name that needs no quoting in the settings of a web server; anything else is given out like every other file. */
const plainFolder = (folder: string | undefined): string | undefined =>
  folder !== undefined && folder !== '.' && /^[\w./@-]+$/.test(folder) ? folder : undefined;

/** The page that visitors get first, where the project has it as a file. */
const pageOf = (app: App, site: Site, source: SiteSource) =>
  readPage(app.project, app.path(posix.join(site.home(source), 'index.html')));

/** The modules that the pages of a site load: what its `index.html` names, else the usual files. */
export function siteEntries(app: App, { site, source }: FoundSite): readonly string[] {
  const entries = site.entries?.(filesWithoutTests(app)) ?? [];
  if (entries.length > 0) return [...entries].sort().map(app.path);
  const home = site.home(source);
  const page = pageOf(app, site, source);
  const named = scriptsOf(page).map((path) => path.replace(/^\//, ''));
  const usual = ['src/main', 'src/index', 'src/pages/index'];
  return [...named, ...usual]
    .map((path) => existing(app.project, app.path(posix.join(home, path))))
    .filter((file) => file !== undefined)
    .slice(0, Math.max(1, named.length));
}

/** Components are written in languages of their own, which hold the code of modules and for which there is no parser here. */
const components = /\.(vue|svelte|astro|mdx)$/;

type Place = { readonly name: string; readonly line: number };

/** The names between percent signs in a page, and those that its own scripts read. */
function namesOfPage(app: App, file: string): readonly Place[] {
  const page = readPage(app.project, file);
  const written = (page?.words ?? []).flatMap(({ value, line }) =>
    [...value.matchAll(/%([A-Za-z_]\w*)%/g)].map((match) => ({
      name: match[1] ?? '',
      line: line + breaks(value, match.index),
    })),
  );
  const read = (page?.elements ?? []).flatMap((element) => {
    if (element.name !== 'script' || element.text === '') return [];
    const script = parseSource(`${file}:${element.line}.tsx`, element.text);
    return nodesOf(script.program, 'MemberExpression').flatMap((node) => {
      const name = /^import\.meta\.env\.(\w+)$/.exec(memberPath(node) ?? '')?.[1];
      return name === undefined ? [] : [{ name, line: element.textLine + script.line(node.start) - 1 }];
    });
  });
  return [...read, ...written];
}

/** The names that a module reads which nothing imports by its name: a bundler takes whole folders in, or by names of its own. */
function namesOfModule(app: App, file: string): readonly Place[] {
  const source = readSource(app.project, file);
  if (!source) return [];
  return nodesOf(source.program, 'MemberExpression').flatMap((node) => {
    const name = /^(?:process|import\.meta)\.env\.(\w+)$/.exec(memberPath(node) ?? '')?.[1];
    return name === undefined ? [] : [{ name, line: source.line(node.start) }];
  });
}

/**
 * The names that a component reads, `import.meta.env.NAME`. Its text is searched: a name that only a comment has makes an argument that
 * nothing reads, which does no harm.
 */
function namesOfComponent(app: App, file: string): readonly Place[] {
  const text = app.project.read(file) ?? '';
  return [...text.matchAll(/\b(?:import\.meta|process)\.env\.([A-Za-z_]\w*)|%([A-Za-z_]\w*)%/g)].map((match) => ({
    name: match[1] ?? match[2] ?? '',
    line: 1 + breaks(text, match.index),
  }));
}

/** How many line breaks stand before an offset. */
const breaks = (text: string, offset: number): number => text.slice(0, offset).split('\n').length - 1;

/** What may read a variable, by what it is: a page, a component, and where asked for a module; undefined: it reads none. */
function readerOf(file: string, modules: string | undefined) {
  if (file.endsWith('.html')) return namesOfPage;
  if (components.test(file)) return namesOfComponent;
  const isBelow = modules === '.' || (modules !== undefined && file.startsWith(`${modules}/`));
  return isBelow && /\.[cm]?[jt]sx?$/.test(file) ? namesOfModule : undefined;
}

/**
 * Variables that the build writes into components and pages: `import.meta.env.NAME`, and `%NAME%` in HTML. `modules`: and into any module below this folder,
 * of which nothing but pages comes.
 */
export function componentVariables(
  app: App,
  {
    prefixes,
    output,
    modules,
  }: { readonly prefixes: readonly string[]; readonly output: string; readonly modules?: string },
): readonly Variable[] {
  if (prefixes.length === 0) return [];
  const examples = app.examples;
  const found = new Map<string, Variable>();
  const own = app.root === '.' ? '' : `${app.root}/`;
  const leftOut = `${app.path(output)}/`;
  for (const file of app.project.files()) {
    const read = readerOf(file, modules && app.path(modules));
    if (!read || !file.startsWith(own) || file.startsWith(leftOut) || isTest(file)) continue;
    for (const { name, line } of read(app, file)) {
      if (found.has(name) || !isSettable(name) || !prefixes.some((prefix) => name.startsWith(prefix))) continue;
      found.set(name, variable(name, { file, line, why: `reads ${name}` }, examples.get(name)));
    }
  }
  return [...found.values()];
}

function variable(name: string, from: Variable['from'][number], example: Example | undefined): Variable {
  const secret = isSecretName(name);
  return {
    name,
    required: false,
    secret,
    ...(example?.purpose === undefined ? {} : { purpose: example.purpose }),
    ...(example && example.value !== '' && !secret ? { example: example.value } : {}),
    from: [from],
  };
}
