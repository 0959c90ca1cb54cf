import { converted, literalValue, type Node, type Source, unwrap } from '../../../formats/source/index.ts';
import type { AnalysisContext } from './context.ts';
import { resultsOf, trace } from './trace.ts';
import type { Traced } from './types.ts';

/** What an expression is made of: a variable, what stands in when it is not set, or a plain value. */
export type ResolvedValue = {
  readonly variable?: Extract<Traced, { kind: 'variable' }>;
  /** as text */
  readonly value?: string;
};

/** Reads `Number(process.env.PORT ?? 3000)`, `PORT || '3000'`, `PORT ? +PORT : 3000`, `config.port`, and plain values. */
export function resolveValue(context: AnalysisContext, source: Source, start: Node, depth = 0): ResolvedValue {
  if (depth > 20) return {};
  const target = trace(context, source, start);
  if (target.kind === 'variable') return { variable: target, ...ownDefault(context, target, depth) };
  if (target.kind !== 'syntax') return {};
  const { node, source: at } = target;
  const plain = literalValue(at, node);
  if (plain !== undefined) return { value: String(plain) };
  const inner = converted(node);
  if (inner) return resolveValue(context, at, inner, depth + 1);
  if (node.type === 'LogicalExpression' && node.operator !== '&&') {
    return joined(resolveValue(context, at, node.left, depth + 1), resolveValue(context, at, node.right, depth + 1));
  }
  if (node.type === 'ConditionalExpression') {
    return joined(
      resolveValue(context, at, node.consequent, depth + 1),
      resolveValue(context, at, node.alternate, depth + 1),
    );
  }
  if (node.type === 'CallExpression') return ofHelper(context, at, node, depth);
  return {};
}

/** The first that is a variable, with what the other gives as its value. */
function joined(first: ResolvedValue, second: ResolvedValue): ResolvedValue {
  const variable = first.variable ?? second.variable;
  const value = first.value ?? second.value;
  return { ...(variable ? { variable } : {}), ...(value === undefined ? {} : { value }) };
}

function ownDefault(
  context: AnalysisContext,
  target: Extract<Traced, { kind: 'variable' }>,
  depth: number,
): { value?: string } {
  if (target.field?.default !== undefined) return { value: target.field.default };
  const value = target.fallback && resolveValue(context, target.source, target.fallback, depth + 1).value;
  return value === undefined ? {} : { value };
}

/** A method on what is read (`process.env.X?.trim()`), or a function that gets it (`toPort(process.env.PORT, 3000)`). */
function ofHelper(
  context: AnalysisContext,
  source: Source,
  call: Extract<Node, { type: 'CallExpression' }>,
  depth: number,
): ResolvedValue {
  const callee = unwrap(call.callee);
  if (callee.type === 'MemberExpression') {
    const object = resolveValue(context, source, callee.object, depth + 1);
    if (object.variable) return object;
  }
  const readings = call.arguments.map((argument) => resolveValue(context, source, argument, depth + 1));
  const variable = readings.find((reading) => reading.variable);
  if (!variable) return ofResults(context, source, call, depth);
  return joined(variable, readings.find((reading) => !reading.variable && reading.value !== undefined) ?? {});
}

/** A function of several ends, one of which gives a variable: `if (!process.env.PORT) return 3000; … return Number(process.env.PORT)`. */
function ofResults(
  context: AnalysisContext,
  source: Source,
  call: Extract<Node, { type: 'CallExpression' }>,
  depth: number,
): ResolvedValue {
  const found = resultsOf(context, source, call);
  if (!found) return {};
  const readings = found.nodes.map((node) => resolveValue(context, found.source, node, depth + 1));
  const variable = readings.find((reading) => reading.variable)?.variable;
  const values = [...new Set(readings.flatMap((reading) => reading.value ?? []))];
  if (!variable) return {};
  return { variable, ...(values.length === 1 && values[0] !== undefined ? { value: values[0] } : {}) };
}
