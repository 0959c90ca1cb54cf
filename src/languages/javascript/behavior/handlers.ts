import { isGlobal, lookup, type Node, type Source, unwrap, walk } from '../../../formats/source/index.ts';
import { wordsOfName } from '../../../model/name-words.ts';
import { isFunction } from '../evaluate/functions.ts';
import type { FunctionNode } from '../evaluate/types.ts';

/** The function that an expression is in the same file: written in place, by its name, or handed to what makes a handler of it. */
export function functionIn(source: Source, start: Node): FunctionNode | undefined {
  let at = unwrap(start);
  for (let steps = 0; steps < 5; steps += 1) {
    if (isFunction(at)) return at;
    if (at.type === 'Identifier') {
      const bound = lookup(source, at.name, at.start);
      const next = bound?.kind === 'function' ? bound.node : bound?.kind === 'const' ? bound.init : undefined;
      if (!next) return undefined;
      at = unwrap(next);
    } else if (at.type === 'CallExpression' && makesHandler(source, at.callee) && at.arguments.length === 1) {
      at = unwrap(at.arguments[0] as Node);
    } else return undefined;
  }
  return undefined;
}

/** What a framework brings to make a handler of a function: it says so by its name, and is none of the file's own. */
function makesHandler(source: Source, callee: Node): boolean {
  if (callee.type !== 'Identifier' || !wordsOfName(callee.name).includes('handler')) return false;
  return isGlobal(source, callee.name, callee.start) || lookup(source, callee.name, callee.start)?.kind === 'import';
}

/** What is asked of a request, or of a context that is both request and answer, without taking anything from who asks. */
const harmless = new Set(
  'json text html status type set log logger redirect newResponse render notFound res response error method statusCode'.split(
    ' ',
  ),
);

/** Names that bring in who asks, or what others know of the request, without a parameter. */
const aroundRequest = new Set(['headers', 'cookies', 'getStore', 'arguments', 'fetch']);

/**
 * Whether it is certain that a function answers whoever asks, and with nothing but what is its own: it takes nothing from the request, asks no server
 * outside, hands on to no other, and makes no error on purpose.
 */
export function asksForNothing(source: Source, handler: FunctionNode): boolean {
  const [request, ...others] = handler.params;
  const { body } = handler;
  if (!body) return false;
  const taken = request === undefined ? new Set<string>() : namesTaken(request);
  if (!taken) return false;
  const next = others.flatMap((other) => (other.type === 'Identifier' && other.name === 'next' ? [other.name] : []));
  let sure = true;
  walk(body, (node, ancestors) => {
    if (sure) sure = isSure(source, node, ancestors, { request: taken, next });
    return sure;
  });
  return sure;
}

/** The names of the first parameter that stand for the whole request; undefined: it takes something out of it. */
function namesTaken(request: Node): ReadonlySet<string> | undefined {
  if (request.type === 'Identifier') return new Set([request.name]);
  if (request.type !== 'ObjectPattern') return undefined;
  const plain = request.properties.every(
    (property) => property.type === 'Property' && property.key.type === 'Identifier' && harmless.has(property.key.name),
  );
  return plain ? new Set() : undefined;
}

type Names = { readonly request: ReadonlySet<string>; readonly next: readonly string[] };

function isSure(source: Source, node: Node, ancestors: readonly Node[], { request, next }: Names): boolean {
  const inCatch = () => ancestors.some(({ type }) => type === 'CatchClause');
  if (node.type === 'ThrowStatement') return inCatch();
  if (node.type === 'Literal') {
    if (typeof node.value === 'number' && node.value >= 500 && node.value < 600) return inCatch();
    return !(typeof node.value === 'string' && /^https?:\/\//.test(node.value));
  }
  if (node.type === 'TemplateElement') return !/^https?:\/\//.test(node.value.raw);
  if (node.type !== 'Identifier' || isName(node, ancestors.at(-1))) return true;
  if (request.has(node.name)) return isHarmless(node, ancestors);
  if (next.includes(node.name)) return inCatch();
  if (aroundRequest.has(node.name)) return lookup(source, node.name, node.start)?.kind === 'variable';
  return !wordsOfName(node.name).some((word) => word === 'user' || word === 'session' || word === 'cookie');
}

/** Whether an identifier is the name of a member or a key, and no value of its own. */
const isName = (node: Node, parent: Node | undefined): boolean =>
  (parent?.type === 'MemberExpression' && parent.property === node && !parent.computed) ||
  (parent?.type === 'Property' && parent.key === node && !parent.computed && !parent.shorthand);

/** Whether the request is used for its answer alone: `c.json(…)`, `ctx.body = …`, and never handed on. */
function isHarmless(node: Node, ancestors: readonly Node[]): boolean {
  const [parent, above] = [ancestors.at(-1), ancestors.at(-2)];
  if (parent?.type !== 'MemberExpression' || parent.object !== node || parent.property.type !== 'Identifier')
    return false;
  const { name } = parent.property;
  if (parent.computed) return false;
  if (name !== 'body') return harmless.has(name);
  return (
    (above?.type === 'AssignmentExpression' && above.left === parent) ||
    (above?.type === 'CallExpression' && above.callee === parent)
  );
}
