import { isGlobal, lookup, memberPath, type Node, type Source, unwrap } from '../../../formats/source/index.ts';
import type { AnalysisContext } from '../evaluate/context.ts';

/** Whether an expression is the table of variables: `process.env`, what a runtime calls it, such a table under an imported name, handed on whole, or a choice of these. */
export function isEnvironment(context: AnalysisContext, source: Source, node: Node): boolean {
  const either = (...nodes: readonly Node[]) => nodes.some((one) => isEnvironment(context, source, unwrap(one)));
  if (node.type === 'Identifier') {
    const binding = lookup(source, node.name, node.start);
    if (binding?.kind === 'const' && binding.init && binding.init.start < node.start) return either(binding.init);
    if (binding?.kind === 'import') return isImported(context, source, node.name);
    return binding?.kind === 'parameter' && context.isAlias?.(source, node) === true;
  }
  // `typeof Bun === 'undefined' ? process.env : Bun.env`, `Bun.env ?? process.env`, `{ ...process.env }`
  if (node.type === 'ConditionalExpression') return either(node.consequent, node.alternate);
  if (node.type === 'LogicalExpression') return either(node.left, node.right);
  if (node.type === 'ObjectExpression')
    return either(...node.properties.flatMap((one) => (one.type === 'SpreadElement' ? [one.argument] : [])));
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

function isImported(context: AnalysisContext, source: Source, local: string): boolean {
  const named = [
    { module: 'process', name: 'env' },
    { module: 'node:process', name: 'env' },
    ...(context.runtime?.environment?.imports ?? []),
  ];
  return source.imports.some((one) =>
    one.names.some(
      (name) => name.local === local && named.some((env) => env.module === one.specifier && env.name === name.imported),
    ),
  );
}

const importedFrom = (source: Source, local: string, modules: readonly string[]): boolean =>
  source.imports.some((one) => modules.includes(one.specifier) && one.names.some((name) => name.local === local));
