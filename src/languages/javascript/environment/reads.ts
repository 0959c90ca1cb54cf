import {
  isGlobal,
  lookup,
  memberPath,
  type Node,
  nodesOf,
  type Source,
  unwrap,
} from '../../../formats/source/index.ts';
import type { AnalysisContext } from '../evaluate/context.ts';

/** Whether an expression is the table of variables: `process.env`, what a runtime calls it, such a table under an imported name, handed on whole, or a choice of these. */
export function isEnvironment(context: AnalysisContext, source: Source, node: Node): boolean {
  const either = (...nodes: readonly Node[]) => nodes.some((item) => isEnvironment(context, source, unwrap(item)));
  if (node.type === 'Identifier') {
    const binding = lookup(source, node.name, node.start);
    if (binding?.kind === 'const' && binding.init && binding.init.start < node.start && either(binding.init))
      return true;
    if (binding?.kind === 'import') return isImported(context, source, node.name);
    if (binding?.kind === 'const' || binding?.kind === 'variable')
      return copies(source).some(
        (copy) => lookup(source, node.name, copy.start)?.node === binding.node && copy.name === node.name,
      );
    return binding?.kind === 'parameter' && context.isAlias?.(source, node) === true;
  }
  // `Object.assign({}, process.env)`
  if (node.type === 'CallExpression') return memberPath(node.callee) === 'Object.assign' && either(...node.arguments);
  // `typeof Bun === 'undefined' ? process.env : Bun.env`, `Bun.env ?? process.env`, `{ ...process.env }`
  if (node.type === 'ConditionalExpression') return either(node.consequent, node.alternate);
  if (node.type === 'LogicalExpression') return either(node.left, node.right);
  if (node.type === 'ObjectExpression')
    return either(
      ...node.properties.flatMap((property) => (property.type === 'SpreadElement' ? [property.argument] : [])),
    );
  if (node.type !== 'MemberExpression') return false;
  if (node.object.type === 'ThisExpression') return context.isAlias?.(source, node) === true;
  const path = memberPath(node);
  if (path === undefined) return false;
  const [first = ''] = path.split('.');
  if (path === `${first}.env` && importedFrom(source, first, ['process', 'node:process'])) return true;
  if (path === 'process.env') return isGlobal(source, first, node.start);
  if (path === 'globalThis.process.env') return true;
  const globals = context.runtime?.environment?.globals ?? [];
  return (
    globals.includes(path) &&
    (first === 'import' || isGlobal(source, first, node.start) || lookup(source, first, node.start)?.kind === 'import')
  );
}

type Name = Extract<Node, { type: 'Identifier' }>;
const copied = new WeakMap<Source, readonly Name[]>();

/** Names of a module that are filled with every variable, one after the other: `for (const key in process.env) own[key.trim()] = process.env[key]`. */
function copies(source: Source): readonly Name[] {
  const known = copied.get(source);
  if (known) return known;
  const found: Name[] = [];
  copied.set(source, found);
  for (const { left, right } of nodesOf(source.program, 'AssignmentExpression')) {
    if (left.type !== 'MemberExpression' || !left.computed || left.object.type !== 'Identifier') continue;
    const keys = namesIn(left.property);
    const isCopied = nodesOf(right, 'MemberExpression').some(
      (node) =>
        node.computed &&
        node.property.type === 'Identifier' &&
        keys.has(node.property.name) &&
        memberPath(node.object) === 'process.env',
    );
    if (isCopied) found.push(left.object);
  }
  return found;
}

/** The names in a key: `key`, `key.trim()`, `trim(key)`. */
const namesIn = (key: Node): ReadonlySet<string> => new Set(nodesOf(key, 'Identifier').map(({ name }) => name));

function isImported(context: AnalysisContext, source: Source, local: string): boolean {
  const named = [
    { module: 'process', name: 'env' },
    { module: 'node:process', name: 'env' },
    ...(context.runtime?.environment?.imports ?? []),
  ];
  return source.imports.some((imported) =>
    imported.names.some(
      (name) =>
        name.local === local && named.some((env) => env.module === imported.specifier && env.name === name.imported),
    ),
  );
}

const importedFrom = (source: Source, local: string, modules: readonly string[]): boolean =>
  source.imports.some(
    (imported) => modules.includes(imported.specifier) && imported.names.some((name) => name.local === local),
  );
