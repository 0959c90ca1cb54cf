import {
  keyName,
  lookup,
  memberPath,
  type Node,
  nodesOf,
  type Source,
  unwrap,
  walk,
} from '../../../formats/source/index.ts';
import type { Known } from '../../../model/evidence.ts';
import type { Dependency } from '../../../model/facts.ts';
import { detected } from '../../../model/known.ts';
import { readData } from '../../../project/data.ts';
import { type App, inData, inSource } from '../app.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import type { Toolchain } from '../manifest/toolchain.ts';
import { packageOf } from './graph.ts';

/** Plugins of Babel that write an import into what they compile, by the package that it is of. */
const inserted: Readonly<Record<string, string>> = {
  'source-map-support': 'source-map-support',
  'babel-plugin-source-map-support': 'source-map-support',
  '@babel/transform-runtime': '@babel/runtime',
  '@babel/plugin-transform-runtime': '@babel/runtime',
};

/** Programs that put what is imported into the files that they make. */
const bundlers = new Set(
  'tsup tsdown esbuild rollup rolldown webpack rspack vite ncc bunchee unbuild parcel bun'.split(' '),
);

/** Whether the project's own build brings the packages that it imports into what it makes. */
export const bundlesItself = (toolchain: Toolchain): boolean =>
  toolchain.buildScripts.some((name) =>
    toolchain.followed(name)?.commands.some((one) => bundlers.has(one.argv[0] ?? '')),
  );

/** Development dependencies that the app imports while it runs: an install for production would leave them out. */
export function neededWhenRunning(
  context: AnalysisContext,
  dependencies: readonly Dependency[],
  toolchain: Toolchain,
): readonly Known<string>[] {
  const { app } = context;
  const development = new Set(dependencies.filter((one) => one.dev).map((one) => one.name));
  const found = new Map<string, Known<string>>();
  for (const source of context.modules.sources) {
    for (const one of source.imports) {
      const name = packageOf(one.specifier);
      if (!development.has(name) || found.has(name) || one.typeOnly || one.dynamic) continue;
      // of a path alias the name stands for files of the app; a package of the workspace has to be installed
      const isMember = app.members?.names.has(name) ?? false;
      if ((!isMember && context.modules.resolve(source.file, one.specifier) !== undefined) || !isUsed(source, one))
        continue;
      const why = `${one.specifier} is imported, and is a development dependency`;
      found.set(name, detected(name, [inSource(source, one.span.start, why)]));
    }
  }
  for (const one of [...ofBabel(app), ...ofTransports(context)])
    if (development.has(one.value) && !found.has(one.value)) found.set(one.value, one);
  if (found.size === 0) return [];
  // those that production has all the same, as a package of its own asks for them
  const shared = new Set(toolchain.loadedManager?.shared?.(app.project, app.root));
  return [...found.values()].filter((one) => !shared.has(one.value));
}

/** Whether something of an import is there at run time: compilers leave out imports that name types alone. */
export function isUsed(source: Source, one: Source['imports'][number]): boolean {
  if (one.form === 'export') return false;
  if (one.form === 'require' || one.names.length === 0 || /\.[cm]?jsx?$/.test(source.file)) return true;
  const locals = new Set(one.names.map((name) => name.local));
  const isOne = (node: Node): boolean => {
    const at = unwrap(node);
    if (at.type === 'MemberExpression') return isOne(at.object);
    return at.type === 'Identifier' && locals.has(at.name) && lookup(source, at.name, at.start)?.kind === 'import';
  };
  return nodesOf(source.program, 'CallExpression', 'NewExpression').some((call) => isOne(call.callee));
}

/** Below these something is there in some cases only. */
const conditional: ReadonlySet<string> = new Set([
  'ConditionalExpression',
  'LogicalExpression',
  'IfStatement',
  'SwitchStatement',
]);

/** Keys of a table of settings by mode, as in `{ development: { transport: … }, production: true }`. */
const otherMode = /^(dev|test|local|stag)/i;

const nameOf = (node: Node): string | undefined =>
  node.type === 'Property' ? keyName(node.key, node.computed) : undefined;

const isTransport = (node: Node): boolean =>
  nameOf(node) === 'transport' ||
  (node.type === 'CallExpression' && /\.transport$/.test(memberPath(node.callee) ?? ''));

const isSometimes = (node: Node): boolean => conditional.has(node.type) || otherMode.test(nameOf(node) ?? '');

/** Packages that a logger loads by their names in every mode, as in `{ transport: { target: 'pino-pretty' } }`. */
function ofTransports({ modules }: AnalysisContext): readonly Known<string>[] {
  const found: Known<string>[] = [];
  for (const source of modules.sources) {
    walk(source.program, (node, ancestors) => {
      const text = node.type === 'Property' && node.value.type === 'Literal' ? node.value.value : undefined;
      if (nameOf(node) !== 'target' || typeof text !== 'string') return;
      if (!ancestors.some(isTransport) || ancestors.some(isSometimes)) return;
      const name = packageOf(text);
      found.push(detected(name, [inSource(source, node.start, `${name} is loaded as a transport of the log`)]));
    });
  }
  return found;
}

function ofBabel(app: App): readonly Known<string>[] {
  return ['.babelrc', '.babelrc.json', 'babel.config.json'].flatMap((file) => {
    const data = readData(app.project, app.path(file));
    const plugins = data?.at(['plugins']);
    if (!data || !Array.isArray(plugins)) return [];
    return plugins.flatMap((plugin) => {
      const name = String(Array.isArray(plugin) ? plugin[0] : plugin);
      const value = Object.hasOwn(inserted, name) ? inserted[name] : undefined;
      return value === undefined
        ? []
        : [detected(value, [inData(data, ['plugins'], `${name} writes an import of ${value} into the build output`)])];
    });
  });
}
