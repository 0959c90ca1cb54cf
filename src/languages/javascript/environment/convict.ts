/** Tables of settings that convict reads the variables by. */
import {
  keyName,
  literalValue,
  type Node,
  nodesOf,
  property,
  type Source,
  unwrap,
} from '../../../formats/source/index.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { trace } from '../evaluate/trace.ts';
import type { SchemaField } from '../evaluate/types.ts';
import { calledName, folded, isOfPackage, options, valuesOf, withText } from './schema-field.ts';

type Call = Extract<Node, { type: 'CallExpression' }>;

/** `convict({ port: { format: 'port', default: 80, env: 'PORT' } })`, also of tables in tables: a field has the variable that its `env` names. */
export function ofTable(
  context: AnalysisContext,
  source: Source,
  call: Call,
  depth: number,
): readonly SchemaField[] | undefined {
  const [first] = call.arguments;
  const callee = unwrap(call.callee);
  if (!first || callee.type !== 'Identifier' || !isOfPackage(context, source, callee.name)) return undefined;
  const table = trace(context, source, first, depth + 1);
  if (table.kind !== 'syntax' || table.node.type !== 'ObjectExpression') return undefined;
  const checks = nodesOf(source.program, 'CallExpression').some((node) => calledName(source, node) === 'validate');
  return rowsOf(context, table.source, table.node, [], checks);
}

function rowsOf(
  context: AnalysisContext,
  source: Source,
  table: Extract<Node, { type: 'ObjectExpression' }>,
  path: readonly string[],
  checks: boolean,
): readonly SchemaField[] {
  return table.properties.flatMap((item) => {
    const name = item.type === 'Property' ? keyName(item.key, item.computed) : undefined;
    const row = item.type === 'Property' ? trace(context, source, item.value) : undefined;
    if (name === undefined || row?.kind !== 'syntax' || row.node.type !== 'ObjectExpression' || path.length > 6)
      return [];
    const variable = property(row.node, 'env');
    const standsIn = property(row.node, 'default');
    // a table of more rows has neither
    if (!variable && !standsIn) return rowsOf(context, row.source, row.node, [...path, name], checks);
    const of = variable && literalValue(row.source, variable);
    if (typeof of !== 'string') return [];
    const { optional: _optional, needed: _needed, values, ...said } = options(row.source, row.node);
    const format = property(row.node, 'format');
    const isEmpty = standsIn?.type === 'Literal' && standsIn.value === null;
    const takesNothing = !format || literalValue(row.source, format) === '*' || property(row.node, 'nullable');
    const choices = format && valuesOf(context, row.source, format, 0).values;
    return [
      {
        ...said,
        ...(format?.type === 'ArrayExpression' && choices ? { values: choices } : values ? { values } : {}),
        ...withText('purpose', said.purpose ?? textOf(row.source, property(row.node, 'doc'))),
        name: of,
        key: [...path, name].join('.'),
        source: row.source,
        node: item,
        required: checks && isEmpty && !takesNothing,
      },
    ];
  });
}

const textOf = (source: Source, node: Node | undefined): string | undefined => {
  const value = node && literalValue(source, node);
  return typeof value === 'string' ? folded(value) : undefined;
};
