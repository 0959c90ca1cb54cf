/** Names of variables that are said as a list: `for (const name of ['A', 'B']) if (!process.env[name]) throw …`. */
import {
  keyName,
  literalValue,
  lookup,
  memberPath,
  type Node,
  type Source,
  unwrap,
  walk,
} from '../../../formats/source/index.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { ends } from '../evaluate/exits.ts';
import { trace } from '../evaluate/trace.ts';
import type { SourceNode } from '../evaluate/types.ts';
import { isMissingTest } from './requiredness.ts';

/** A name that stands in the source, and where. */
export type ListedName = SourceNode & { readonly name: string };

const visitors = new Set(['forEach', 'map', 'flatMap', 'filter', 'every', 'some', 'find']);

/** The list that a name goes through: `names` of `for (const one of names)` and of `names.forEach((one) => …)`; undefined: it goes through none. */
export function listOf(source: Source, key: Node, ancestors: readonly Node[]): Node | undefined {
  if (key.type !== 'Identifier') return undefined;
  const binding = lookup(source, key.name, key.start);
  if (!binding) return undefined;
  for (const [at, node] of ancestors.entries()) {
    if (node.type === 'ForOfStatement' && node.left.type === 'VariableDeclaration') {
      if (node.left.declarations.some((each) => each === binding.node)) return unwrap(node.right);
    }
    if (node !== binding.node || binding.kind !== 'parameter') continue;
    const call = ancestors[at - 1];
    const callee = call?.type === 'CallExpression' && call.arguments[0] === node ? unwrap(call.callee) : undefined;
    const first = 'params' in node && Array.isArray(node.params) ? (node.params[0] as Node | undefined) : undefined;
    const visits = callee?.type === 'MemberExpression' && visitors.has(keyName(callee.property, callee.computed) ?? '');
    if (visits && first?.type === 'Identifier' && first.name === key.name) return unwrap(callee.object);
  }
  return undefined;
}

/** The texts of a list that is written out: an array, `Object.keys({ … })`, `Object.values({ … })`, and lists put together of such. */
export function namesIn(context: AnalysisContext, start: Source, node: Node, depth = 0): readonly ListedName[] {
  const target = trace(context, start, node);
  if (target.kind !== 'syntax' || depth > 5) return [];
  const { source, node: list } = target;
  if (list.type === 'CallExpression') {
    const [first] = list.arguments;
    const path = memberPath(list.callee);
    const object =
      first && /^Object\.(keys|values|freeze)$/.test(path ?? '') ? trace(context, source, first) : undefined;
    return object?.kind === 'syntax' ? ofObject(object.source, object.node, path === 'Object.keys') : [];
  }
  if (list.type !== 'ArrayExpression') return [];
  return list.elements.flatMap((element) => {
    if (element === null) return [];
    if (element.type === 'SpreadElement') return namesIn(context, source, element.argument, depth + 1);
    const value = literalValue(source, element);
    return typeof value === 'string' ? [{ name: value, source, node: element }] : [];
  });
}

function ofObject(source: Source, object: Node, keys: boolean): readonly ListedName[] {
  if (object.type !== 'ObjectExpression') return [];
  return object.properties.flatMap((property) => {
    if (property.type !== 'Property') return [];
    const value = keys ? keyName(property.key, property.computed) : literalValue(source, property.value);
    return typeof value === 'string' ? [{ name: value, source, node: property }] : [];
  });
}

/**
 * Whether the app ends when a variable of a list is missing: the statement that goes through the list throws or exits, or a later one of
 * the same block does, on what the first one found (`if (missing.length > 0) throw …`). `read` is where one variable is looked up.
 */
export function endsWithout(source: Source, ancestors: readonly Node[], list: Node, read: Node): boolean {
  const around = ancestors.findLast(
    (ancestor) =>
      (ancestor.type === 'Program' || ancestor.type === 'BlockStatement') &&
      ancestor.start <= list.start &&
      ancestor.end >= list.end,
  );
  if (around?.type !== 'Program' && around?.type !== 'BlockStatement') return false;
  const body: readonly Node[] = around.body;
  const at = body.findIndex((node) => node.start <= list.start && node.end >= list.end);
  const statement = body[at];
  if (!statement) return false;
  const asked = askedIn(ancestors, read);
  if (ends(statement)) {
    const isTest = statement.type === 'IfStatement' && statement.test.end >= list.end;
    return asked === undefined || (isTest ? isOfMissing(asked, statement.test) : asked.for === 'nothing');
  }
  const own = locals(source, statement);
  return body
    .slice(at + 1)
    .some(
      (node) =>
        node.type === 'IfStatement' &&
        ends(node.consequent) &&
        shares(locals(source, node.test), own) &&
        (asked === undefined || isOfMissing(asked, node.test)),
    );
}

/** What a condition asks of one variable of a list, and which visitor of the list asks; without one an `if` inside of a loop does. */
type ListUse = { readonly for: 'value' | 'nothing'; readonly by?: string };

/** The condition that a variable of a list is looked up for: `!env[name]` asks for nothing, `Boolean(env[name])` for a value; undefined: for neither. */
function askedIn(ancestors: readonly Node[], read: Node): ListUse | undefined {
  let wants: ListUse['for'] = 'value';
  let inner = read;
  for (let at = ancestors.length - 1; at >= 0; at -= 1) {
    const outer = ancestors[at];
    if (!outer) return undefined;
    if (outer.type === 'IfStatement') return outer.test === inner ? { for: wants } : undefined;
    if (outer.type === 'ArrowFunctionExpression' || outer.type === 'FunctionExpression') {
      const call = ancestors[at - 1];
      const callee = call?.type === 'CallExpression' ? unwrap(call.callee) : undefined;
      const by = callee?.type === 'MemberExpression' ? keyName(callee.property, callee.computed) : undefined;
      return by === undefined || !conditions.has(by) ? undefined : { for: wants, by };
    }
    const isNegated =
      (outer.type === 'UnaryExpression' && outer.operator === '!') ||
      (outer.type === 'BinaryExpression' && isMissingTest(outer));
    if (isNegated) wants = wants === 'value' ? 'nothing' : 'value';
    else if (outer.type === 'LogicalExpression' || outer.type === 'ConditionalExpression') return undefined;
    inner = outer;
  }
  return undefined;
}

const conditions = new Set(['filter', 'every', 'some', 'find']);

/**
 * Whether a test holds as soon as one variable is missing, by what was asked of each. Those that are there must be as many as are named
 * (`found.length < names.length`); none at all (`found.length === 0`) or one too many (`found.length > 0`) says nothing of each.
 */
function isOfMissing({ for: wants, by }: ListUse, test: Node): boolean {
  if (wants === 'nothing') return by !== 'every';
  const at = unwrap(test);
  if (by === 'every') return at.type === 'UnaryExpression' || (at.type === 'BinaryExpression' && at.operator !== '!==');
  if (by !== 'filter' || at.type !== 'BinaryExpression') return false;
  return ['<', '!=', '!=='].includes(at.operator) && at.right.type !== 'Literal';
}

/** The local values that are named in a piece of source: the declarations behind the names. */
function locals(source: Source, node: Node): ReadonlySet<Node> {
  const found = new Set<Node>();
  walk(node, (item) => {
    const binding = item.type === 'Identifier' ? lookup(source, item.name, item.start) : undefined;
    if (binding?.kind === 'const' || binding?.kind === 'variable') found.add(binding.node);
  });
  return found;
}

const shares = (some: ReadonlySet<Node>, others: ReadonlySet<Node>): boolean =>
  [...some].some((node) => others.has(node));
