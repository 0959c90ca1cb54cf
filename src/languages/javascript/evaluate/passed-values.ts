import { keyName, lookup, type Node, property, type Source, unwrap } from '../../../formats/source/index.ts';
import { givenFor } from './call-arguments.ts';
import { classAround, fieldName, fillersOf } from './classes.ts';
import type { AnalysisContext } from './context.ts';
import { trace } from './trace.ts';
import type { SourceNode } from './types.ts';

/** How many hands a value may go through. */
const deepest = 4;

/**
 * What an expression gets from elsewhere: a parameter from the callers, else from its own default; a field from what fills it; a key of either from the
 * objects that they come to. `fill` says which of the places that fill a field count: every one, or the only one. Empty: it is none of these, or nothing is known.
 */
export function passedValues(
  context: AnalysisContext,
  source: Source,
  start: Node,
  fill: typeof fillersOf = fillersOf,
  depth = 0,
): readonly SourceNode[] {
  const node = unwrap(start);
  if (depth > deepest) return [];
  // `options.dir ?? 'data'`: what is handed in comes before what stands in for it
  if (node.type === 'LogicalExpression' && node.operator !== '&&')
    return passedValues(context, source, node.left, fill, depth + 1);
  if (node.type === 'Identifier') {
    const preset = presetOf(source, node);
    return [...givenFor(context, source, node), ...(preset ? [{ source, node: preset }] : [])];
  }
  if (node.type !== 'MemberExpression') return [];
  const field = fieldName(node);
  const own = field === undefined ? undefined : classAround(source, node.start);
  if (field !== undefined && own) return fill(own, field).map((item) => ({ source, node: item }));
  const key = keyName(node.property, node.computed);
  if (key === undefined) return [];
  return objectsOf(context, source, node.object, fill, depth + 1).flatMap((object) => {
    const value = property(object.node, key);
    return value ? [{ source: object.source, node: value }] : [];
  });
}

/** The objects that an expression may come to, over as many hands as it takes. */
function objectsOf(
  context: AnalysisContext,
  source: Source,
  node: Node,
  fill: typeof fillersOf,
  depth: number,
): readonly SourceNode[] {
  return passedValues(context, source, node, fill, depth).flatMap((passedValue) => {
    const target = trace(context, passedValue.source, passedValue.node);
    if (target.kind === 'syntax' && target.node.type === 'ObjectExpression')
      return [{ source: target.source, node: target.node }];
    return depth > deepest ? [] : objectsOf(context, passedValue.source, passedValue.node, fill, depth + 1);
  });
}

/** The default of a parameter that is taken apart: `dir` of `({ dir = 'data' } = {}) => …`. */
function presetOf(source: Source, { name, start }: Extract<Node, { type: 'Identifier' }>): Node | undefined {
  const binding = lookup(source, name, start);
  if (binding?.kind !== 'parameter' || !('params' in binding.node) || !Array.isArray(binding.node.params))
    return undefined;
  for (const parameter of binding.node.params as readonly Node[]) {
    const pattern = parameter.type === 'AssignmentPattern' ? parameter.left : parameter;
    for (const item of pattern.type === 'ObjectPattern' ? pattern.properties : []) {
      const value = item.type === 'Property' ? item.value : undefined;
      if (value?.type === 'AssignmentPattern' && value.left.type === 'Identifier' && value.left.name === name)
        return value.right;
    }
  }
  return undefined;
}
