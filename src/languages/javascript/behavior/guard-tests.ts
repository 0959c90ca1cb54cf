/** Whether a function that gets requests answers some of them with a refusal, by what they bring, and what that is. */
import {
  keyName,
  lookup,
  type Node,
  nodesOf,
  propertyName,
  type Source,
  stringValue,
  unwrap,
  walk,
} from '../../../formats/source/index.ts';
import { isMissingTest } from '../environment/requiredness.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { functionOf } from '../evaluate/trace.ts';
import type { FunctionNode } from '../evaluate/types.ts';

type GuardPlace = { readonly source: Source; readonly node: FunctionNode };
/** What an expression asks of a request; `plain`: that alone, with nothing worked out of it. */
type RequestRead = { readonly name: string; readonly plain: boolean };

/** What decides, and the node that refuses. */
export type Refusal = { readonly asks: string; readonly node: Node };

/** What every client sends: only what is in it can be refused. */
const always: ReadonlySet<string> = new Set(['user-agent', 'host', 'address']);
/** Members of a request that say who sends it, with what they are. */
const members: Readonly<Record<string, string>> = {
  hostname: 'host',
  host: 'host',
  ip: 'address',
  remoteAddress: 'address',
  session: 'login',
  user: 'login',
  cookies: 'login',
  isAuthenticated: 'login',
};

const isTelling = (header: string): boolean =>
  always.has(header) ||
  /(^|[-_])(authorization|auth|key|apikey|token|secret|signature|cookie|password)([-_]|$)/.test(header);

/** The first refusal of a function: in the branch of a test, behind one that lets pass, or where checking fails. */
export function refusalOf(context: AnalysisContext, place: GuardPlace): Refusal | undefined {
  const { source, node } = place;
  let found: Refusal | undefined;
  walk(node, (item, ancestors) => {
    if (found) return false;
    if (item.type === 'IfStatement' || item.type === 'ConditionalExpression') {
      if (ofMethod(item.test) || ancestors.some((outer) => outer.type === 'IfStatement' && ofMethod(outer.test)))
        return;
      const refused = asksNegative(context, source, item.test);
      const passed = refused ? undefined : askedIn(context, source, item.test);
      if (refused && refusing(item.consequent)) found = { asks: refused, node: item.consequent };
      else if (passed && item.alternate && refusing(item.alternate))
        found = { asks: passed.name, node: item.alternate };
      else if (passed && item.type === 'IfStatement' && !refusing(item.consequent)) {
        const behind = following(ancestors, item).find(refusing);
        if (behind && goesOn(item.consequent)) found = { asks: passed.name, node: behind };
      }
    }
    if (item.type === 'TryStatement' && item.handler && refusing(item.handler.body)) {
      const asked = askedIn(context, source, item.block);
      if (asked) found = { asks: asked.name, node: item.handler.body };
    }
    return undefined;
  });
  return found;
}

/** The statements behind one, in the same block. */
function following(ancestors: readonly Node[], statement: Node): readonly Node[] {
  const around = ancestors.findLast((ancestor) => ancestor.type === 'BlockStatement');
  const body: readonly Node[] = around?.type === 'BlockStatement' ? around.body : [];
  return body.slice(body.indexOf(statement) + 1);
}

/** Whether a branch lets the request pass: `return next()`, `return`. */
const goesOn = (node: Node): boolean =>
  nodesOf(node, 'ReturnStatement').length > 0 ||
  nodesOf(node, 'CallExpression').some(({ callee }) => callee.type === 'Identifier' && callee.name === 'next');

const ofMethod = (node: Node): boolean =>
  nodesOf(node, 'MemberExpression').some(({ property }) => named(property) === 'method');

/** Whether a piece of source answers that the request is not allowed: by a status, by an error of that name. */
function refusing(node: Node): boolean {
  const isStatus = nodesOf(node, 'Literal').some(({ value }) => value === 400 || value === 401 || value === 403);
  const isNamed =
    nodesOf(node, 'Identifier').some(({ name }) => denying.test(name)) ||
    nodesOf(node, 'Literal').some(({ value }) => typeof value === 'string' && denying.test(value));
  if (!isStatus && !isNamed) return false;
  const answers = nodesOf(node, 'CallExpression', 'NewExpression', 'ThrowStatement', 'AssignmentExpression');
  return answers.some((answer) => {
    if (answer.type === 'ThrowStatement') return true;
    if (answer.type === 'AssignmentExpression') return isSetting(answer.left);
    const callee = unwrap(answer.callee);
    if (callee.type === 'Identifier')
      return callee.name === 'Response' || (callee.name === 'next' && answer.arguments.length > 0);
    return callee.type === 'MemberExpression' && answering.has(named(callee.property));
  });
}

const denying = /unauthori[sz]ed|forbidden|access.?denied/i;
const answering: ReadonlySet<string> = new Set(
  'status sendStatus code json send end writeHead throw text redirect body'.split(' '),
);
const isSetting = (node: Node): boolean =>
  node.type === 'MemberExpression' && ['status', 'statusCode'].includes(named(node.property));

/** What a test asks that whoever only asks whether the app is well does not bring: `!key`, `key !== own`, `!parse(agent)`. */
function asksNegative(context: AnalysisContext, source: Source, start: Node): string | undefined {
  const test = unwrap(start);
  if (test.type === 'LogicalExpression') {
    const sides = [test.left, test.right];
    const found = sides.map((side) => asksNegative(context, source, side)).find((value) => value !== undefined);
    if (test.operator !== '&&' || found === undefined) return found;
    // what is only refused where it is there lets pass whoever does not bring it
    const isThere = sides.some((side) => {
      const asked = askedIn(context, source, side);
      return asked?.plain && !always.has(asked.name) && asksNegative(context, source, side) === undefined;
    });
    return isThere ? undefined : found;
  }
  const inner =
    test.type === 'UnaryExpression' && test.operator === '!'
      ? test.argument
      : test.type === 'BinaryExpression' && (test.operator.startsWith('!') || isMissingTest(test))
        ? test
        : undefined;
  const asked = inner && askedIn(context, source, inner);
  if (!asked) return undefined;
  const isMissing = inner === test ? isMissingTest(test as Extract<Node, { type: 'BinaryExpression' }>) : true;
  return asked.plain && isMissing && always.has(asked.name) ? undefined : asked.name;
}

/** What a piece of source asks of a request: also through names, and functions of the project that get the request. */
function askedIn(context: AnalysisContext, source: Source, start: Node, depth = 0): RequestRead | undefined {
  if (depth > 4) return undefined;
  const node = unwrap(start);
  const direct = askedBy(source, node);
  if (direct !== undefined) return { name: direct, plain: true };
  if (node.type === 'Identifier') {
    const binding = lookup(source, node.name, node.start);
    if (binding?.node.type !== 'VariableDeclarator' || !binding.node.init) return undefined;
    const taken = takenFrom(binding.node, node.name);
    if (taken !== undefined) return isTelling(taken) ? { name: taken, plain: true } : undefined;
    return askedIn(context, source, binding.node.init, depth + 1);
  }
  for (const item of nodesOf(node, 'MemberExpression', 'CallExpression', 'Identifier')) {
    if (item === node) continue;
    const name = item.type === 'Identifier' ? askedIn(context, source, item, depth + 1)?.name : askedBy(source, item);
    if (name !== undefined) return { name, plain: node.type === 'BinaryExpression' };
  }
  const called = node.type === 'CallExpression' ? functionOf(context, source, node) : undefined;
  const inside = called?.node.body && askedIn(context, called.source, called.node.body, depth + 2);
  return inside && { name: inside.name, plain: false };
}

/** `{ authorization } = req.headers`: the header of that name. */
function takenFrom(declarator: Extract<Node, { type: 'VariableDeclarator' }>, local: string): string | undefined {
  const { id, init } = declarator;
  if (id.type !== 'ObjectPattern' || !init || !ofHeaders(unwrap(init))) return undefined;
  for (const property of id.properties) {
    if (property.type !== 'Property') continue;
    const target = property.value.type === 'AssignmentPattern' ? property.value.left : property.value;
    if (target.type === 'Identifier' && target.name === local)
      return keyName(property.key, property.computed)?.toLowerCase();
  }
  return undefined;
}

const ofHeaders = (node: Node): boolean => node.type === 'MemberExpression' && named(node.property) === 'headers';

/** A header or a member of a request that says who sends it: `req.headers['x-api-key']`, `req.get('User-Agent')`, `req.hostname`. */
function askedBy(source: Source, node: Node): string | undefined {
  if (node.type === 'MemberExpression') {
    const name = propertyName(source, node);
    if (name === undefined) return undefined;
    const object = unwrap(node.object);
    const header = name.toLowerCase();
    const isQuery = object.type === 'MemberExpression' && named(object.property) === 'query';
    if (ofHeaders(object) || isQuery) return isTelling(header) ? header : undefined;
    return isRequest(object) && Object.hasOwn(members, name) ? members[name] : undefined;
  }
  if (node.type !== 'CallExpression') return undefined;
  const callee = unwrap(node.callee);
  const [first] = node.arguments;
  if (callee.type !== 'MemberExpression' || !['get', 'header'].includes(propertyName(source, callee) ?? ''))
    return undefined;
  const header = first && stringValue(source, first)?.toLowerCase();
  return header !== undefined && isTelling(header) ? header : undefined;
}

/** A name, or a member of that name, that a request usually has. */
const isRequest = (node: Node): boolean =>
  requests.has(node.type === 'MemberExpression' ? named(node.property) : named(node));
const requests: ReadonlySet<string> = new Set('req request ctx context c socket connection'.split(' '));

const named = (node: Node): string => (node.type === 'Identifier' ? node.name : '');
