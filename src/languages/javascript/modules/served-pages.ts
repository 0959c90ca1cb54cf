/** Pages that the server itself bundles while it runs: the settings of the runtime say how, and a bundle that is made before knows nothing of them. */
import { posix } from 'node:path';
import { loadHtml, scriptsOf } from '../../../formats/html/index.ts';
import { memberPath, nodesOf, type Source } from '../../../formats/source/index.ts';
import type { Facts, Variable } from '../../../model/facts.ts';
import { detected } from '../../../model/known.ts';
import { isSecretName } from '../../../model/secret-names.ts';
import { readPage } from '../../../project/source.ts';
import { detailsOf } from '../../../stacks/javascript.ts';
import { type App, inSource } from '../app.ts';
import { isSettable } from '../environment/variables.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { readModules } from './graph.ts';

type Page = { readonly file: string; readonly source: Source; readonly at: number };

/** What pages need that the server bundles: its plugins, and variables that they hold. */
export async function withServedPages(context: AnalysisContext, facts: Facts): Promise<Facts> {
  const { app, runtime } = context;
  const pages = importedPages(context);
  const [first] = pages;
  const settings = first && runtime?.pages?.((file) => app.project.read(app.path(file)));
  if (!first || !settings) return facts;
  await loadHtml();
  const from = [{ file: app.path(settings.file), why: 'it configures how the server bundles pages' }];
  const files = settings.plugins.filter((name) => name.startsWith('.')).map((name) => posix.normalize(name));
  const packages = settings.plugins.filter((name) => !name.startsWith('.'));
  const development = facts.dependencies.filter(({ dev, name }) => dev && packages.includes(name));
  const needed = development.map(({ name }) => detected(name, from));
  const why = `imports pages, which the server bundles as configured in ${settings.file}`;
  const { details } = facts;
  return {
    ...facts,
    details: needed.length > 0 ? { ...details, needed: [...(detailsOf(facts).needed ?? []), ...needed] } : details,
    reads: [
      ...facts.reads,
      ...[...new Set([...files, ...folders(app, pages), ...compilerFiles(app)])].map((path) => detected(path, from)),
    ],
    variables: joined(facts.variables, variablesIn(app, pages, settings.prefix)),
    notes: [
      ...facts.notes,
      { code: 'bundle-blocker', message: `${first.source.file} ${why}`, from: [inSource(first.source, first.at, why)] },
    ],
  };
}

const importedPages = ({ modules }: AnalysisContext): readonly Page[] =>
  modules.sources.flatMap((source) =>
    source.imports
      .filter(({ specifier, typeOnly }) => specifier.startsWith('.') && specifier.endsWith('.html') && !typeOnly)
      .map(({ specifier, span }) => ({
        file: posix.join(posix.dirname(source.file), specifier),
        source,
        at: span.start,
      })),
  );

/** Aliases of paths and the form of JSX. */
const compilerFiles = ({ project, path }: App): readonly string[] =>
  ['tsconfig.json', 'jsconfig.json'].filter((file) => project.has(path(file)));

/** What a page loads lies beside it, or below. */
const folders = (app: App, pages: readonly Page[]): readonly string[] =>
  pages.map(({ file }) => posix.dirname(app.own(file))).filter((folder) => folder !== '.');

/** The variables that the modules of pages read by their beginning: the server puts in what it has itself. */
function variablesIn(app: App, pages: readonly Page[], prefix: string | undefined): readonly Variable[] {
  if (prefix === undefined) return [];
  const entries = pages.flatMap(({ file }) =>
    scriptsOf(readPage(app.project, file)).map((path) =>
      posix.join(path.startsWith('/') ? app.path('.') : posix.dirname(file), path),
    ),
  );
  const found = new Map<string, Variable>();
  for (const source of readModules(app, entries).sources)
    for (const node of nodesOf(source.program, 'MemberExpression')) {
      const name = /^(?:process|import\.meta)\.env\.(\w+)$/.exec(memberPath(node) ?? '')?.[1];
      if (name === undefined || found.has(name) || !name.startsWith(prefix) || !isSettable(name)) continue;
      const from = [inSource(source, node.start, `${name} is read`)];
      found.set(name, { name, required: false, secret: isSecretName(name), from });
    }
  return [...found.values()];
}

const joined = (known: readonly Variable[], more: readonly Variable[]): Variable[] =>
  [...known, ...more.filter(({ name }) => !known.some((item) => item.name === name))].sort((a, b) =>
    a.name < b.name ? -1 : 1,
  );
