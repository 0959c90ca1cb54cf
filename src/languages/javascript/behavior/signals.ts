import { memberPath, stringValue, walk } from '../../../formats/source/index.ts';
import type { Evidence } from '../../../model/evidence.ts';
import type { Facts } from '../../../model/facts.ts';
import { detected, type Fact } from '../../../model/known.ts';
import { inSource } from '../app.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { trace } from '../evaluate/trace.ts';
import type { OpenedPort } from '../scripts/commands.ts';

/** The signals that the app, or what starts it, handles: `process.on('SIGTERM', …)`, also for a list of names. */
export function readSignals(context: AnalysisContext, opens: Fact<OpenedPort> | undefined): Facts['signals'] {
  if (opens) return { ...opens, value: [...opens.value.signals] };
  const found = new Map<string, Evidence>();
  for (const source of context.modules.sources) {
    walk(source.program, (node, ancestors) => {
      if (node.type !== 'CallExpression') return;
      const path = memberPath(node.callee);
      if (!path || !/^(globalThis\.)?process\.(on|once|addListener|prependListener)$/.test(path)) return;
      const [first] = node.arguments;
      if (!first) return;
      const name = stringValue(source, first);
      const listed = name === undefined ? loopedOver(ancestors) : undefined;
      const names = name === undefined ? (listed ? listOf(context, source, listed) : []) : [name];
      for (const value of names) {
        if (/^SIG[A-Z0-9]+$/.test(value) && !found.has(value))
          found.set(value, inSource(source, node.start, `${value} is handled`));
      }
    });
  }
  return detected([...found.keys()].sort(), [...found.values()]);
}

type Ancestors = Parameters<Parameters<typeof walk>[1]>[1];

/** The list that a loop around a call goes over: `for (const s of […])`, `[…].forEach((s) => …)`. */
function loopedOver(ancestors: Ancestors): Ancestors[number] | undefined {
  for (let at = ancestors.length - 1; at >= 0; at -= 1) {
    const ancestor = ancestors[at];
    if (ancestor?.type === 'ForOfStatement') return ancestor.right;
    if (
      ancestor?.type === 'CallExpression' &&
      ancestor.callee.type === 'MemberExpression' &&
      memberPath(ancestor.callee.property)?.match(/^(forEach|map)$/)
    )
      return ancestor.callee.object;
  }
  return undefined;
}

function listOf(
  context: AnalysisContext,
  source: Parameters<typeof trace>[1],
  node: Ancestors[number],
): readonly string[] {
  const target = trace(context, source, node);
  if (target.kind !== 'syntax' || target.node.type !== 'ArrayExpression') return [];
  return target.node.elements.flatMap((element) =>
    element === null || element.type === 'SpreadElement' ? [] : (stringValue(target.source, element) ?? []),
  );
}
