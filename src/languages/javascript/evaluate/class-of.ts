import type { Node, Source } from '../../../formats/source/index.ts';
import { classAround, isClass, typeOfField, typeOfParameter } from './classes.ts';
import type { AnalysisContext } from './context.ts';
import { trace } from './trace.ts';
import type { FoundClass } from './types.ts';

/** The class that `new` makes an object of. */
export function classMade(context: AnalysisContext, source: Source, node: Node, depth = 0): FoundClass | undefined {
  if (node.type !== 'NewExpression') return undefined;
  const target = trace(context, source, node.callee, depth + 1);
  return target.kind === 'syntax' && isClass(target.node) ? { source: target.source, node: target.node } : undefined;
}

/** The class of an object that was followed as far as it goes: what made it, the class around `this`, or the type that it is declared with. */
export function classOfObject(
  context: AnalysisContext,
  source: Source,
  node: Node,
  depth: number,
): FoundClass | undefined {
  if (node.type === 'ThisExpression') return classAround(source, node.start);
  if (isClass(node)) return { source, node };
  if (node.type === 'NewExpression') return classMade(context, source, node, depth);
  const typed = node.type === 'Identifier' ? typeOfParameter(source, node) : typeOfField(source, node);
  if (!typed) return undefined;
  const target = trace(context, source, typed, depth + 1);
  return target.kind === 'syntax' && isClass(target.node) ? { source: target.source, node: target.node } : undefined;
}
