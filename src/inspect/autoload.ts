import { posix } from 'node:path';
import { type Node, property, type Source, stringValue, unwrap, walk } from '../formats/source/index.ts';
import type { App } from './app.ts';
import { isTest, type Modules } from './modules.ts';

/** Packages that load every module of a folder: `app.register(autoLoad, { dir: join(import.meta.dirname, 'plugins') })`. */
const loaders = new Set(['@fastify/autoload', 'fastify-autoload', 'elysia-autoload']);

/** The modules of the folders that an app loads as a whole. */
export function autoloaded(app: App, modules: Modules): readonly string[] {
  const folders = modules.sources
    .filter((source) => source.imports.some((one) => loaders.has(one.specifier)))
    .flatMap((source) => foldersIn(source));
  return app.project
    .files()
    .filter((file) => /\.[cm]?[jt]s$/.test(file) && !file.endsWith('.d.ts') && !isTest(file))
    .filter((file) => folders.some((folder) => file.startsWith(`${folder}/`)));
}

/** The last text of what makes the path, from where the module lies. */
function foldersIn(source: Source): readonly string[] {
  const found: string[] = [];
  walk(source.program, (node) => {
    const value = node.type === 'ObjectExpression' ? property(node, 'dir') : undefined;
    const name = value && lastText(source, unwrap(value));
    if (name !== undefined) found.push(posix.normalize(posix.join(posix.dirname(source.file), name)));
  });
  return found;
}

function lastText(source: Source, node: Node): string | undefined {
  if (node.type === 'CallExpression') {
    const texts = node.arguments.map((one) => stringValue(source, unwrap(one)));
    return texts.findLast((one) => one !== undefined);
  }
  if (node.type === 'TemplateLiteral') return node.quasis.at(-1)?.value.cooked?.replace(/^\//, '') ?? undefined;
  return stringValue(source, node);
}
