import { type Node, nodesOf, property, type Source, walk } from '../../../formats/source/index.ts';
import type { Facts } from '../../../model/facts.ts';
import { detected } from '../../../model/known.ts';
import { inSource } from '../app.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { resolveValue } from '../evaluate/resolve-value.ts';
import { trace } from '../evaluate/trace.ts';
import { functionName, handlersOf } from './lifetime.ts';

/** Packages that end a server gracefully: which argument or option of their call says how long it may take, in milliseconds. */
const packages: Readonly<Record<string, { readonly argument: number; readonly option?: string }>> = {
  '@godaddy/terminus': { argument: 1, option: 'timeout' },
  'http-graceful-shutdown': { argument: 1, option: 'timeout' },
  'http-terminator': { argument: 0, option: 'gracefulTerminationTimeout' },
  lightship: { argument: 0, option: 'gracefulShutdownTimeout' },
  'close-with-grace': { argument: 0, option: 'delay' },
  stoppable: { argument: 1 },
};

type Found = { readonly seconds: number; readonly source: Source; readonly node: Node };

/** How long the app gives its requests to end once it is told to stop, in seconds: the longest time that is found. */
export function readDrain(context: AnalysisContext): Facts['drain'] {
  const names = new Set(context.modules.sources.flatMap((source) => [...handlersOf(source).names]));
  const found = context.modules.sources.flatMap((source) => [
    ...inHandlers(context, source, names),
    ...byPackages(context, source),
  ]);
  const [longest] = [...found].sort((a, b) => b.seconds - a.seconds);
  if (!longest) return undefined;
  const why = `requests get ${longest.seconds} s to finish`;
  return detected(longest.seconds, [inSource(longest.source, longest.node.start, why)]);
}

/** Timers in what handles a signal: the time after which it ends whatever is open. */
function inHandlers(context: AnalysisContext, source: Source, names: ReadonlySet<string>): Found[] {
  const { nodes } = handlersOf(source);
  const found: Found[] = [];
  walk(source.program, (node, ancestors) => {
    if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier' || node.callee.name !== 'setTimeout')
      return;
    const inside = ancestors.some((ancestor, at) => {
      const name = functionName(ancestor, ancestors[at - 1]);
      return nodes.has(ancestor) || (name !== undefined && names.has(name));
    });
    if (inside) found.push(...secondsOf(context, source, node.arguments[1]));
  });
  return found;
}

function byPackages(context: AnalysisContext, source: Source): Found[] {
  const local = new Map(
    source.imports.flatMap((imported) => {
      const known = Object.hasOwn(packages, imported.specifier) ? packages[imported.specifier] : undefined;
      return known && !imported.typeOnly ? imported.names.map((name) => [name.local, known] as const) : [];
    }),
  );
  return nodesOf(source.program, 'CallExpression').flatMap((node) => {
    const known = node.callee.type === 'Identifier' ? local.get(node.callee.name) : undefined;
    const given = known && node.arguments[known.argument];
    if (!known || !given) return [];
    const target = trace(context, source, given);
    if (known.option === undefined || target.kind !== 'syntax') return secondsOf(context, source, given);
    return secondsOf(context, target.source, property(target.node, known.option));
  });
}

function secondsOf(context: AnalysisContext, source: Source, node: Node | undefined): Found[] {
  const value = node && Number(resolveValue(context, source, node).value);
  return node && value !== undefined && value >= 1000 && value <= 3_600_000
    ? [{ seconds: Math.ceil(value / 1000), source, node }]
    : [];
}
