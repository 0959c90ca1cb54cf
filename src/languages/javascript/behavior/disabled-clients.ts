/** Clients among which a variable selects: only the one that its default names is used. */
import { memberPath, type Node, type Source, stringValue, unwrap, walk } from '../../../formats/source/index.ts';
import type { Evidence } from '../../../model/evidence.ts';
import { services } from '../../../services/registry.gen.ts';
import { inSource } from '../app.ts';
import { givenFor } from '../evaluate/call-arguments.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { resolveValue } from '../evaluate/resolve-value.ts';
import type { Modules } from '../modules/graph.ts';

type Package = Modules['packages'][number];

/** An import that only another value of a variable would reach. */
export type DisabledClient = {
  readonly package: Package;
  readonly variable: string;
  readonly value: string;
  readonly from: Evidence;
};

/** Imports inside of a branch that the default of a variable does not take, by the place of the import. */
export function disabledClients(context: AnalysisContext): readonly DisabledClient[] {
  const found: DisabledClient[] = [...notMade(context)];
  for (const source of new Set(context.modules.packages.map((item) => item.source))) {
    // a require stands in a branch like any other expression
    const inside = context.modules.packages.filter(
      ({ source: own, at }) => own === source && (at.dynamic || at.form === 'require'),
    );
    if (inside.length === 0) continue;
    walk(source.program, (node, ancestors) => {
      if (node.type !== 'ImportExpression' && node.type !== 'CallExpression') return;
      const item = inside.find(
        ({ at }) => at.span.start === node.start || (at.span.start <= node.start && node.end <= at.span.end),
      );
      if (!item || found.some((other) => other.package === item)) return;
      const excluded = [...ancestors, node].flatMap(
        (inner, at) => excludedBy(context, source, ancestors[at - 1], inner) ?? [],
      );
      const [reason] = excluded;
      if (reason) found.push({ package: item, ...reason });
    });
  }
  return found;
}

/** Imports beside every branch whose objects are all made in one that a flag does not take: `if (env.CACHE_ENABLED) client = new Redis()`. */
function notMade(context: AnalysisContext): readonly DisabledClient[] {
  return context.modules.packages.flatMap((item): DisabledClient[] => {
    if (!clients.has(item.name) || item.at.dynamic || item.at.typeOnly || item.at.names.length === 0) return [];
    const { source } = item;
    const locals = new Set(item.at.names.map(({ local }) => local));
    const reasons: (Reason | undefined)[] = [];
    walk(source.program, (node, ancestors) => {
      if (node.type !== 'NewExpression' && node.type !== 'CallExpression') return;
      if (!locals.has(memberPath(node.callee)?.split('.')[0] ?? '')) return;
      const excluded = [...ancestors, node].map((inner, at) => flagOff(context, source, ancestors[at - 1], inner));
      reasons.push(excluded.find((each) => each !== undefined));
    });
    const [reason] = reasons;
    return reason && reasons.every((each) => each !== undefined) ? [{ package: item, ...reason }] : [];
  });
}

/** Packages that reach a service of the deployment. */
const clients = new Set(services.flatMap((service) => service.clients));

/** Values of a flag that turn something on. */
const on = /^(true|1|yes|on|enabled?)$/i;

/** Why a branch is not taken: its flag is off by default, or asked for by a value, and no example of the project turns it on. */
function flagOff(context: AnalysisContext, source: Source, parent: Node | undefined, node: Node): Reason | undefined {
  if (parent?.type !== 'IfStatement' && parent?.type !== 'ConditionalExpression') return undefined;
  if (node !== parent.consequent) return undefined;
  const test = unwrap(parent.test);
  const asks = test.type === 'BinaryExpression' && /^===?$/.test(test.operator);
  const asked = asks ? stringValue(source, test.right) : undefined;
  if (asks && (asked === undefined || !on.test(asked))) return undefined;
  const { variable, value } = resolveValue(context, source, asks ? test.left : test);
  if (!variable) return undefined;
  const example = context.app.examples.get(variable.name)?.value ?? '';
  const setTo = value ?? variable.field?.default ?? (asks ? '' : undefined);
  if (setTo === undefined || on.test(setTo) || on.test(example) || !(asks || /^(false|0)$/.test(setTo)))
    return undefined;
  const from = inSource(source, parent.start, `${variable.name} enables it, and is not set`);
  return { variable: variable.name, value: setTo, from };
}

type Reason = Omit<DisabledClient, 'package'>;

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
  const from = inSource(source, parent.start, `${choice.variable} is ${JSON.stringify(choice.value)} by default`);
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
      ? given.map((item) => resolveValue(context, item.source, item.node))
      : [resolveValue(context, source, node)];
  const [first] = readings;
  if (!first?.variable || first.value === undefined) return undefined;
  const isSame = readings.every(
    (reading) => reading.variable?.name === first.variable?.name && reading.value === first.value,
  );
  return isSame ? { variable: first.variable.name, value: first.value } : undefined;
}
