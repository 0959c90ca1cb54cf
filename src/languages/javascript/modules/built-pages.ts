/** Pages that a server gives out and a build makes: no commit has them, and without them the server answers every page with an error. */
import { posix } from 'node:path';
import {
  memberPath,
  type Node,
  nodesOf,
  property,
  propertyName,
  type Source,
  unwrap,
} from '../../../formats/source/index.ts';
import type { Evidence } from '../../../model/evidence.ts';
import type { Facts } from '../../../model/facts.ts';
import { readData } from '../../../project/data.ts';
import { type BuiltPages, detailsOf } from '../../../stacks/javascript.ts';
import { sites } from '../../../stacks/sites/registry.gen.ts';
import type { ApplicationInput } from '../../contract.ts';
import { inSource, isInside } from '../app.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { trace } from '../evaluate/trace.ts';
import type { Outline } from '../outline.ts';
import { packageFolders } from '../workspace/members.ts';
import { pathExists, pathOf } from './paths.ts';

type PagesSource = { readonly path: string; readonly from: Evidence };
type Inspect = (input: ApplicationInput) => Promise<Facts>;

/** The facts with the pages that the server gives out: a package below that builds them, or the build script of the app itself. */
export async function withBuiltPages(
  { app, site, fullStack, commands, toolchain }: Outline,
  context: AnalysisContext,
  facts: Facts,
  input: ApplicationInput,
  inspect: Inspect,
): Promise<Facts> {
  const isServer = 'value' in facts.archetype && facts.archetype.value === 'web-service';
  if (!isServer || site || (fullStack && 'fact' in fullStack) || input.config.archetype === 'web-app') return facts;
  const given = givenOut(context);
  if (given.length === 0) return facts;
  const pages: BuiltPages[] = [];
  for (const root of [...below(context), app.root]) {
    const { project, examples } = input;
    const config = { archetype: 'web-app' as const };
    const built = await inspect({ project, root, config, archetype: undefined, existing: [], examples, hints: [] });
    const output = built.site && app.own(posix.join(root, built.site.value.output));
    const unmatched = given.filter(({ path }) => !pages.some((page) => isOf(page.output, path)));
    const found = output === undefined ? undefined : unmatched.find(({ path }) => isOf(output, path));
    if (found && output !== undefined) pages.push({ output, facts: built, from: [found.from] });
    else if (root === app.root && commands.build && unmatched[0] && runsSiteTool(toolchain, unmatched[0].path))
      pages.push({ output: unmatched[0].path, from: [unmatched[0].from] });
  }
  if (pages.length === 0) return facts;
  const modeFiles = pages.flatMap(({ facts: built }) =>
    (built?.modeFiles ?? []).map((modeFile) => ({
      ...modeFile,
      value: app.own(posix.join(built?.root ?? '.', modeFile.value)),
    })),
  );
  const all = [...(facts.modeFiles ?? []), ...modeFiles];
  // what lies beside the server is in the folder of both
  const isBeside = pages.some(({ output }) => output.startsWith('../'));
  const folder = facts.context ?? (isBeside ? '.' : undefined);
  const whole = { ...facts, ...(folder === undefined ? {} : { context: folder }) };
  const parts = pages.map((page) => (page.facts ? { ...page, facts: asPart(whole, page.facts) } : page));
  const { importsMade, ...details } = detailsOf(facts);
  // what is made as pages is made once
  const unmatched =
    importsMade === undefined || parts.some(({ output }) => isOf(output, importsMade)) ? {} : { importsMade };
  return {
    ...whole,
    ...(all.length > 0 ? { modeFiles: all } : {}),
    details: { ...details, ...unmatched, pages: parts },
  };
}

/** The package as a part of the server: built in the same context, by the runtime of the server where it asks for none of its own. */
const asPart = (server: Facts, built: Facts): Facts => ({
  ...built,
  context: server.context ?? server.root,
  runtime: 'value' in built.runtime && built.runtime.by !== 'default' ? built.runtime : server.runtime,
});

/** Packages below the app, and beside it, that can be built and belong to no workspace: that one builds its members itself. */
function below({ app }: AnalysisContext): readonly string[] {
  const members = new Set(app.members?.folders.keys() ?? []);
  return packageFolders(app.project).filter(
    (folder) =>
      folder !== app.root &&
      (isInside(app, folder) ? app.own(folder).split('/').length <= 2 : isNextTo(app.root, folder)) &&
      !members.has(folder) &&
      readData(app.project, `${folder}/package.json`)?.at(['scripts', 'build']) !== undefined,
  );
}

const isNextTo = (root: string, folder: string): boolean =>
  root !== '.' && folder !== '.' && posix.dirname(root) === posix.dirname(folder);

/** Whether one of two folders lies in the other, or both are one. */
const isOf = (output: string, path: string): boolean =>
  output === path || path.startsWith(`${output}/`) || output.startsWith(`${path}/`);

/** Names of folders that tools make, where their settings do not say more. */
const made = new Set(['build', 'dist', 'out']);

/** Whether the app's own build script runs a tool that makes pages, in a folder of a usual name. */
const runsSiteTool = ({ buildScripts, followed }: Outline['toolchain'], path: string): boolean =>
  made.has(path.split('/')[0] ?? '') &&
  buildScripts.some((name) =>
    followed(name)?.commands.some(({ argv: [program = ''] }) =>
      sites.some(({ programs }) => programs?.includes(program)),
    ),
  );

/** Folders that the server gives out and that are not in the repository. */
function givenOut(context: AnalysisContext): readonly PagesSource[] {
  const found = new Map<string, PagesSource>();
  for (const source of context.modules.sources) {
    for (const node of nodesOf(source.program, 'CallExpression')) {
      const folder = folderOf(context, source, node);
      const path = folder === undefined ? undefined : posix.normalize(folder).replace(/\/$/, '');
      if (path === undefined || !isPlace(context, path) || pathExists(context, path) || found.has(path)) continue;
      found.set(path, { path, from: inSource(source, node.start, `${path} is served`) });
    }
  }
  return [...found.values()];
}

/** Whether a path may be a folder that a build makes: below the app, or in a folder beside that of the app. */
const isPlace = ({ app }: AnalysisContext, path: string): boolean =>
  path.startsWith('../')
    ? app.root !== '.' && !app.members && !app.path(path).startsWith('..') && path.split('/').length > 2
    : !/^(\.|\/)/.test(path);

/** Packages whose function gives out a folder. */
const givers = new Set(['koa-static', 'sirv', 'serve-static', '@fastify/static', 'fastify-static', 'serve-handler']);

type Call = Extract<Node, { type: 'CallExpression' }>;

/** The folder that a call gives out: `express.static(folder)`, `sirv(folder)`, `register(plugin, { root })`, `response.sendFile(file)`. */
function folderOf(context: AnalysisContext, source: Source, node: Call): string | undefined {
  const callee = unwrap(node.callee);
  const path = memberPath(callee);
  const name = callee.type === 'MemberExpression' ? (propertyName(source, callee) ?? '') : (path ?? '');
  const [first, second] = node.arguments;
  if (!first) return undefined;
  if (name === 'sendFile') return fileFolder(context, source, first, second);
  if (name === 'register' && second && isGiver(source, memberPath(first))) return rootOf(context, source, second);
  if (!/^(serveStatic|staticPlugin|static)$/.test(name) && !isGiver(source, path)) return undefined;
  return rootOf(context, source, first) ?? pathOf(context, source, first)?.path;
}

const isGiver = (source: Source, local: string | undefined): boolean =>
  local !== undefined &&
  source.imports.some(({ specifier, names }) => givers.has(specifier) && names.some((name) => name.local === local));

/** The folder that options name. */
function rootOf(context: AnalysisContext, source: Source, options: Node): string | undefined {
  const at = trace(context, source, options);
  if (at.kind !== 'syntax' || at.node.type !== 'ObjectExpression') return undefined;
  const root = ['root', 'assets', 'rootPath'].map((name) => property(at.node, name)).find((node) => node !== undefined);
  return root && pathOf(context, at.source, root)?.path;
}

/** The folder of a file that answers: from the folder that the options name, where they do. */
function fileFolder(
  context: AnalysisContext,
  source: Source,
  file: Node,
  options: Node | undefined,
): string | undefined {
  const root = options && rootOf(context, source, options);
  if (root !== undefined) return root;
  const path = pathOf(context, source, file)?.path;
  return path?.endsWith('.html') ? posix.dirname(path) : undefined;
}
