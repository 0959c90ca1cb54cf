/** Which fields of a schema are required: packages differ in what a field is that says nothing, and what is put around it may say it of all. */
import {
  literalValue,
  type Node,
  nodesOf,
  property,
  propertyName,
  type Source,
  unwrap,
} from '../../../formats/source/index.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { trace } from '../evaluate/trace.ts';
import type { SchemaField } from '../evaluate/types.ts';
import { describe } from './schema-field.ts';

/** Packages whose fields are optional unless they are required. */
const optionalUnlessRequired = new Set(['joi', '@hapi/joi', 'yup', 'celebrate']);

/** Whether a field is of a package whose fields are optional unless they are required: by the name that its chain begins with. */
export function isOptionalAtFirst(context: AnalysisContext, source: Source, field: Node, depth = 0): boolean {
  let at = unwrap(field);
  while (at.type === 'CallExpression' || at.type === 'MemberExpression')
    at = unwrap(at.type === 'CallExpression' ? at.callee : at.object);
  if (at.type !== 'Identifier' || depth > 8) return false;
  const { name } = at;
  const imported = source.imports.find((imported) => imported.names.some(({ local }) => local === name));
  if (imported && optionalUnlessRequired.has(imported.specifier)) return true;
  // a field that is kept under a name: `const text = Joi.string()`
  const target = trace(context, source, at, depth + 1);
  return (
    target.kind === 'syntax' &&
    target.node.type === 'CallExpression' &&
    isOptionalAtFirst(context, target.source, target.node, depth + 1)
  );
}

/** Fields where the options of a check or a schema demand all that say nothing else: `{ presence: 'required' }`. */
export function withPresence(
  context: AnalysisContext,
  fields: readonly SchemaField[],
  given: readonly { readonly source: Source; readonly node: Node }[],
  depth: number,
): readonly SchemaField[] {
  const isAll = given.some(({ source, node }) => {
    const target = trace(context, source, node, depth + 1);
    const presence = target.kind === 'syntax' ? property(target.node, 'presence') : undefined;
    return presence !== undefined && target.kind === 'syntax' && literalValue(target.source, presence) === 'required';
  });
  if (!isAll) return fields;
  return fields.map((field) => {
    if (field.node.type !== 'Property' || field.default !== undefined) return field;
    return describe(context, field.source, field.node.value, depth).optional ? field : { ...field, required: true };
  });
}

/** What a schema says afterwards of fields by their names: `.fork(['A'], (one) => one.required())`, `.requiredKeys('A', 'B')`. */
export function forked(
  context: AnalysisContext,
  source: Source,
  call: Extract<Node, { type: 'CallExpression' }>,
  name: string,
  depth: number,
): ReadonlyMap<string, boolean> {
  const [first, change] = call.arguments;
  const required = name === 'fork' ? demandOf(source, change) : name === 'requiredKeys';
  if (required === undefined || !first) return new Map();
  const listed = (name === 'fork' ? [first] : call.arguments).flatMap((argument) =>
    namesIn(context, source, argument, depth),
  );
  return new Map(listed.map((value) => [value, required]));
}

/** Whether a change makes a field required or optional; undefined: it does something else. */
function demandOf(source: Source, change: Node | undefined): boolean | undefined {
  const body = change && unwrap(change);
  if (body?.type !== 'ArrowFunctionExpression' && body?.type !== 'FunctionExpression') return undefined;
  const called = nodesOf(body, 'CallExpression').map((node) => propertyName(source, unwrap(node.callee)));
  return called.includes('required') || called.includes('exist')
    ? true
    : called.includes('optional')
      ? false
      : undefined;
}

function namesIn(context: AnalysisContext, source: Source, node: Node, depth: number): readonly string[] {
  const target = trace(context, source, node, depth + 1);
  if (target.kind !== 'syntax') return [];
  const items = target.node.type === 'ArrayExpression' ? target.node.elements : [target.node];
  return items.flatMap((item) => {
    const value = item === null || item.type === 'SpreadElement' ? undefined : literalValue(target.source, item);
    return typeof value === 'string' ? [value] : [];
  });
}
