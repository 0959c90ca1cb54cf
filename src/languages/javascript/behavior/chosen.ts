/** Clients among which a variable chooses: only the one that its default names is used where nobody sets it. */
import { type Node, type Source, stringValue, unwrap, walk } from '../../../formats/source/index.ts';
import type { Evidence } from '../../../model/evidence.ts';
import { inSource } from '../app.ts';
import { givenFor } from '../evaluate/call-arguments.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { readingOf } from '../evaluate/reading.ts';
import type { Modules } from '../modules/graph.ts';

type Package = Modules['packages'][number];

/** An import that only another value of a variable would reach. */
export type NotChosen = {
  readonly package: Package;
  readonly variable: string;
  readonly value: string;
  readonly from: Evidence;
};

/** Imports inside of a branch that the default of a variable does not take, by the place of the import. */
export function notChosen(context: AnalysisContext): readonly NotChosen[] {
  const found: NotChosen[] = [];
  for (const source of new Set(context.modules.packages.map((one) => one.source))) {
    const inside = context.modules.packages.filter((one) => one.source === source && one.at.dynamic);
    if (inside.length === 0) continue;
    walk(source.program, (node, ancestors) => {
      if (node.type !== 'ImportExpression' && node.type !== 'CallExpression') return;
      const one = inside.find(
        ({ at }) => at.span.start === node.start || (at.span.start <= node.start && node.end <= at.span.end),
      );
      if (!one || found.some((other) => other.package === one)) return;
      const excluded = [...ancestors, node].flatMap(
        (inner, at) => excludedBy(context, source, ancestors[at - 1], inner) ?? [],
      );
      const [reason] = excluded;
      if (reason) found.push({ package: one, ...reason });
    });
  }
  return found;
}

type Reason = Omit<NotChosen, 'package'>;

/** Why a branch is not taken where its variable is not set; undefined: it is, or nothing here shows it. */
function excludedBy(
  context: AnalysisContext,
  source: Source,
  parent: Node | undefined,
  node: Node,
): Reason | undefined {
  if (!parent) return undefined;
  if (parent.type === 'SwitchCase' && parent.test) return undefined;
  if (parent.type !== 'IfStatement' && parent.type !== 'ConditionalExpression') return undefined;
  if (node === parent.test) return undefined;
  const test = unwrap(parent.test);
  if (test.type !== 'BinaryExpression' || !/^[!=]==?$/.test(test.operator)) return undefined;
  const [left, right] = [stringValue(source, test.left), stringValue(source, test.right)];
  const text = left ?? right;
  if (text === undefined) return undefined;
  const choice = choiceOf(context, source, left === undefined ? test.left : test.right);
  if (!choice) return undefined;
  const holds = (choice.value === text) === test.operator.startsWith('=');
  const taken = holds ? parent.consequent : parent.alternate;
  if (node === taken) return undefined;
  const from = inSource(
    source,
    parent.start,
    `${choice.variable} is ${JSON.stringify(choice.value)} where nobody sets it`,
  );
  return { ...choice, from };
}

/** The variable that an expression is, with its default: also one that the callers of a function give it. */
function choiceOf(
  context: AnalysisContext,
  source: Source,
  node: Node,
): Pick<Reason, 'variable' | 'value'> | undefined {
  const given = givenFor(context, source, unwrap(node));
  const readings =
    given.length > 0
      ? given.map((one) => readingOf(context, one.source, one.node))
      : [readingOf(context, source, node)];
  const [first] = readings;
  if (!first?.variable || first.value === undefined) return undefined;
  const isSame = readings.every((one) => one.variable?.name === first.variable?.name && one.value === first.value);
  return isSame ? { variable: first.variable.name, value: first.value } : undefined;
}
