import { isGlobal, lookup, memberPath, type Node, type Source } from '../formats/source/index.ts';
import type { Reader } from './reader.ts';

/** Whether an expression is the table of variables: `process.env`, what a runtime calls it, or such a table under an imported name. */
export function isEnvironment(reader: Reader, source: Source, node: Node): boolean {
  if (node.type === 'Identifier') return isImported(reader, source, node.name, node.start);
  if (node.type !== 'MemberExpression') return false;
  const path = memberPath(node);
  if (path === undefined) return false;
  const [first = ''] = path.split('.');
  if (path === `${first}.env` && importedFrom(source, first, ['process', 'node:process'])) return true;
  if (path === 'process.env') return isGlobal(source, first, node.start);
  if (path === 'globalThis.process.env') return true;
  const globals = reader.runtime?.environment?.globals ?? [];
  return (
    globals.includes(path) &&
    (first === 'import' || isGlobal(source, first, node.start) || lookup(source, first, node.start)?.kind === 'import')
  );
}

function isImported(reader: Reader, source: Source, local: string, offset: number): boolean {
  if (lookup(source, local, offset)?.kind !== 'import') return false;
  const named = [
    { module: 'process', name: 'env' },
    { module: 'node:process', name: 'env' },
    ...(reader.runtime?.environment?.imports ?? []),
  ];
  return source.imports.some((one) =>
    one.names.some(
      (name) => name.local === local && named.some((env) => env.module === one.specifier && env.name === name.imported),
    ),
  );
}

const importedFrom = (source: Source, local: string, modules: readonly string[]): boolean =>
  source.imports.some((one) => modules.includes(one.specifier) && one.names.some((name) => name.local === local));
