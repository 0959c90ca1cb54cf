import { posix } from 'node:path';
import {
  isGlobal,
  memberPath,
  type Node,
  nodesOf,
  property,
  type Source,
  unwrap,
} from '../../../formats/source/index.ts';
import type { Runtime } from '../../../stacks/contract.ts';
import { plainContext } from '../analysis.ts';
import type { App } from '../app.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { isWritten } from './bundle-blockers.ts';
import { type Aliases, existing, isTest, type Modules, ofPath, readModules } from './graph.ts';
import { pathOf } from './paths.ts';

/** Packages that load every module of a folder: `app.register(autoLoad, { dir: join(import.meta.dirname, 'plugins') })`. */
const loaders = new Set(['@fastify/autoload', 'fastify-autoload', 'elysia-autoload']);

/** How often what was loaded may load more: routes that load a folder of models, which load nothing. */
const deepest = 3;

/** The modules that are reached from some files, and those that the app finds by a path while it runs. */
export function readReached(
  app: App,
  entries: readonly string[],
  runtime: Runtime | undefined,
  aliases?: Aliases,
): Modules {
  let all = [...entries];
  let modules = readModules(app, all, aliases);
  for (let depth = 0; depth < deepest; depth += 1) {
    const more = foundByPath(plainContext({ app, modules, runtime })).filter((file) => !modules.source(file));
    if (more.length === 0) break;
    all = [...all, ...more];
    modules = readModules(app, all, aliases);
  }
  return modules;
}

/** The modules behind paths: of folders that a package loads, of imports whose name is put together, of processes that are started. */
function foundByPath(context: AnalysisContext): readonly string[] {
  return context.modules.sources.flatMap((source) => {
    const loads = source.imports.some((imported) => loaders.has(imported.specifier));
    const found: string[] = [];
    for (const node of nodesOf(source.program, 'ObjectExpression', ...naming)) {
      const folder = loads && node.type === 'ObjectExpression' ? property(node, 'dir') : undefined;
      if (folder) found.push(...foldersOf(context, source, folder).flatMap((value) => inFolder(context, value, true)));
      for (const name of namesOfModules(source, node)) found.push(...behind(context, source, name));
    }
    return found;
  });
}

/** The folder that a path means; where its name comes from elsewhere (`for (const one of ['plugins', 'routes'])`), those that the module names. */
function foldersOf(context: AnalysisContext, source: Source, node: Node): readonly string[] {
  const place = placeOf(context, source, node);
  if (place !== undefined && place !== context.app.root) return [place];
  const words = nodesOf(source.program, 'Literal').flatMap((item) =>
    typeof item.value === 'string' ? [item.value] : [],
  );
  return words.map((word) => posix.join(posix.dirname(source.file), word));
}

/** What starts processes of a file: a bot in several, each with a part of what it is for. */
const managers = new Set(['ShardingManager', 'ClusterManager']);

/** What can name a module. */
const naming = ['ImportExpression', 'CallExpression', 'NewExpression'] as const;

/** The expressions of a call that name a module: `require(join(root, 'routes'))`, `fork('./worker.js')`, `spawn('node', ['app.js'])`. */
function namesOfModules(source: Source, node: Node): readonly Node[] {
  if (node.type === 'ImportExpression') return isWritten(node.source) ? [] : [node.source];
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return [];
  const [first, second] = node.arguments;
  const name = memberPath(node.callee)?.split('.').at(-1);
  if (!first || name === undefined) return [];
  if (name === 'require' && isGlobal(source, 'require', node.start)) return isWritten(first) ? [] : [first];
  if (
    name === 'Worker' ||
    (node.type === 'NewExpression' && managers.has(name)) ||
    (name === 'fork' && startsProcesses(source))
  )
    return [first];
  const list = name === 'spawn' && startsProcesses(source) ? second : undefined;
  return list?.type === 'ArrayExpression' ? list.elements.filter((element) => element !== null) : [];
}

const startsProcesses = (source: Source): boolean =>
  source.imports.some((imported) => /^(node:)?child_process$/.test(imported.specifier));

/** The module that a path means; of a path that is known up to a folder, the modules that lie in it. */
function behind(context: AnalysisContext, source: Source, node: Node): readonly string[] {
  const at = unwrap(node);
  const place = placeOf(context, source, at);
  if (place === undefined) return [];
  const file = existing(context.app.project, place);
  // the index of a folder that loads what lies beside it is that folder's own name, too
  return file === undefined || file === source.file ? inFolder(context, place, false) : [file];
}

/** The place in the repository of a path: from the app where the process starts, or else from the module. */
function placeOf(context: AnalysisContext, source: Source, node: Node): string | undefined {
  const found = pathOf(context, source, node);
  if (!found || found.path.startsWith('/')) return undefined;
  const places = [context.app.path(found.path), posix.join(posix.dirname(source.file), found.path)];
  const there = places.map((place) => posix.normalize(place)).find((value) => isPlace(context.app, value));
  // `./dist/bot.js` is made of a source
  return (
    there ?? (/\.[cm]?js$/.test(found.path) ? ofPath(context.app.project, context.app.path(found.path)) : undefined)
  );
}

const isPlace = (app: App, place: string): boolean =>
  existing(app.project, place) !== undefined || app.project.files().some((file) => file.startsWith(`${place}/`));

function inFolder({ app }: AnalysisContext, folder: string | undefined, deep: boolean): readonly string[] {
  if (folder === undefined || folder === app.root) return [];
  return app.project
    .files()
    .filter((file) => file.startsWith(`${folder}/`) && (deep || !file.slice(folder.length + 1).includes('/')))
    .filter((file) => /\.[cm]?[jt]s$/.test(file) && !file.endsWith('.d.ts') && !isTest(file));
}
