import { converted, type Node, type Source, unwrap } from '../../../formats/source/index.ts';
import { givenFor } from './call-arguments.ts';
import { filledBy, type fillersOf } from './classes.ts';
import { optionDefault } from './command-options.ts';
import type { AnalysisContext } from './context.ts';
import { passedValues } from './passed-values.ts';
import { type ResolvedValue, resolveValue } from './resolve-value.ts';
import { trace } from './trace.ts';
import type { SourceNode } from './types.ts';

/** Callers, and callers of those, that a value is looked for at. */
const callersAbove = 4;

/** What an expression comes to; for a parameter and a field what the callers give, for an option of the command line what stands in for it. */
export function readThrough(context: AnalysisContext, source: Source, node: Node, depth = 0): ResolvedValue {
  const isSaid = ({ variable, value }: ResolvedValue) => variable !== undefined || value !== undefined;
  const through = (all: readonly SourceNode[]) =>
    depth > callersAbove
      ? undefined
      : all.map((item) => readThrough(context, item.source, item.node, depth + 1)).find(isSaid);
  // the default of a parameter is for callers that give nothing
  const called = through(givenFor(context, source, unwrap(node)));
  if (called) return called;
  const reading = resolveValue(context, source, node);
  const target = isSaid(reading) ? undefined : trace(context, source, node);
  if (target?.kind !== 'syntax') return reading;
  const usual = optionDefault(context, target.source, target.node);
  const inner = converted(target.node) ?? target.node;
  return through([...passedValues(context, target.source, inner, onlyFiller), ...(usual ? [usual] : [])]) ?? reading;
}

/** A field that several places fill has no value that is known. */
const onlyFiller: typeof fillersOf = (own, name) => {
  const value = filledBy(own, name);
  return value ? [value] : [];
};
