import {
  keyName,
  literalValue,
  lookup,
  memberPath,
  type Node,
  nodesOf,
  propertyName,
  type Source,
  unwrap,
  walk,
  writtenAs,
} from '../../../formats/source/index.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { ends, endsProgram } from '../evaluate/exits.ts';
import { resolveValue } from '../evaluate/resolve-value.ts';

/** What is around a read of a variable: whether the app can do without it, and what stands in. */
export type Context = {
  required: boolean;
  optional: boolean;
  assumed?: boolean;
  demanded?: boolean;
  settles?: boolean;
  default?: string;
};

/** What is around `process.env.X`: a default, a test, an end of the program when it is missing, or nothing. */
export function contextOf(context: AnalysisContext, source: Source, node: Node, ancestors: readonly Node[]): Context {
  // `as string` says that it must be there, unless what stands around it says otherwise: `(x as string) ?? 'y'`
  let neutral: Context = { required: false, optional: false };
  let mayBeMissing = false;
  let inner = node;
  for (let at = ancestors.length - 1; at >= 0; at -= 1) {
    const outer = ancestors[at];
    if (!outer) break;
    if (
      outer.type === 'TSNonNullExpression' ||
      (outer.type === 'TSAsExpression' && outer.typeAnnotation.type === 'TSStringKeyword')
    ) {
      if (!mayBeMissing) neutral = assumed;
    } else if (outer.type === 'MemberExpression' && outer.object === inner) {
      // `process.env.X.split(',')` throws where it is missing, `process.env.X?.split(',').map(f)` does not
      if (outer.optional) mayBeMissing = true;
      else if (!mayBeMissing) return assumed;
    } else if (needsText(outer, inner)) {
      return mayBeMissing ? neutral : assumed;
    } else if (!isTransparent(outer, inner)) {
      return judge(context, source, outer, inner, ancestors.slice(0, at + 1)) ?? neutral;
    }
    inner = outer;
  }
  return neutral;
}

/**
 * `JSON.parse(process.env.X)` and `Buffer.from(process.env.X)` throw where it is missing, and no default can stand behind them; so does what signs in with
 * it alone: `client.login(process.env.TOKEN)`.
 */
function needsText(outer: Node, inner: Node): boolean {
  if (outer.type !== 'CallExpression' || outer.arguments[0] !== inner) return false;
  const callee = unwrap(outer.callee);
  const isLogin = callee.type === 'MemberExpression' && keyName(callee.property, callee.computed) === 'login';
  const path = memberPath(callee) ?? '';
  return ['JSON.parse', 'Buffer.from'].includes(path) || (isLogin && outer.arguments.length === 1);
}

/** What only passes a value on: types, optional chains, conversions, calls of its own methods. */
function isTransparent(outer: Node, inner: Node): boolean {
  switch (outer.type) {
    case 'ChainExpression':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'AwaitExpression':
      return true;
    case 'UnaryExpression':
      return outer.operator === '+';
    case 'CallExpression':
      return outer.callee === inner || isConversion(outer);
    default:
      return false;
  }
}

/** What the first thing around a variable that is no mere passing on makes of it; undefined: nothing. */
function judge(
  context: AnalysisContext,
  source: Source,
  outer: Node,
  inner: Node,
  around: readonly Node[],
): Context | undefined {
  const required = { required: true, optional: false };
  const optional = { required: false, optional: true };
  switch (outer.type) {
    case 'LogicalExpression':
      if (outer.operator === '&&' || outer.right === inner) return optional;
      return ends(outer.right) ? required : defaulted(resolveValue(context, source, outer.right).value);
    case 'ConditionalExpression':
      return outer.test === inner ? ofChoice(context, source, outer) : optional;
    case 'AssignmentPattern':
      return defaulted(resolveValue(context, source, outer.right).value);
    case 'AssignmentExpression':
      // `process.env.X ??= 'y'`
      return outer.left === inner
        ? { ...defaulted(resolveValue(context, source, outer.right).value), settles: true }
        : undefined;
    case 'UnaryExpression':
      if (outer.operator !== '!') return optional;
      // `!!process.env.X` only asks whether it is set
      return isNegation(around.at(-2)) ? optional : guarded(source, outer, around);
    case 'BinaryExpression':
      if (isMissingTest(outer)) return guarded(source, outer, around);
      return /^[=!]==?$|^in$/.test(outer.operator) ? optional : undefined;
    case 'IfStatement':
      return outer.test === inner ? optional : undefined;
    case 'TemplateLiteral':
    case 'NewExpression':
      return assumed;
    case 'CallExpression':
      return isAssertion(source, outer) ? required : undefined;
    case 'VariableDeclarator':
      return outer.id.type === 'Identifier' && isDemanded(source, outer.id.name, outer.start) ? required : undefined;
    default:
      return undefined;
  }
}

const isNegation = (node: Node | undefined): boolean => node?.type === 'UnaryExpression' && node.operator === '!';

/** `X ? Number(X) : 3000` has a default; `X ? 'on' : 'off'` only asks whether it is set. */
function ofChoice(
  context: AnalysisContext,
  source: Source,
  choice: Extract<Node, { type: 'ConditionalExpression' }>,
): Context {
  const test = writtenAs(source, choice.test);
  const used =
    nodesOf(choice.consequent, choice.test.type).some((node) => writtenAs(source, node) === test) &&
    isPlain(source, choice.alternate);
  return defaulted(used ? resolveValue(context, source, choice.alternate).value : undefined);
}

const assumed: Context = { required: true, optional: false, assumed: true };
const defaulted = (value: string | undefined): Context => ({
  required: false,
  optional: true,
  ...(value === undefined ? {} : { default: value }),
});
const isPlain = (source: Source, node: Node): boolean => literalValue(source, node) !== undefined;

const isConversion = (node: Extract<Node, { type: 'CallExpression' | 'NewExpression' }>): boolean =>
  node.type === 'CallExpression' &&
  ((node.callee.type === 'Identifier' &&
    ['Number', 'parseInt', 'parseFloat', 'String', 'Boolean'].includes(node.callee.name)) ||
    node.callee.type === 'MemberExpression');

function isAssertion(source: Source, call: Extract<Node, { type: 'CallExpression' }>): boolean {
  const callee = unwrap(call.callee);
  const name = callee.type === 'Identifier' ? callee.name : (propertyName(source, callee) ?? '');
  return /^(assert|invariant|ok)$/i.test(name);
}

/** `x === undefined`, `x == null`, `x === ''`. */
export const isMissingTest = (node: Extract<Node, { type: 'BinaryExpression' }>): boolean =>
  /^===?$/.test(node.operator) &&
  [node.left, node.right].some(
    (item) =>
      (item.type === 'Identifier' && item.name === 'undefined') ||
      (item.type === 'Literal' && (item.value === null || item.value === '')),
  );

/** Whether what follows a test ends the program: the innermost `if` around it throws or exits. */
function guards(ancestors: readonly Node[]): boolean {
  const at = ancestors.findLastIndex((ancestor) => ancestor.type === 'IfStatement' || /Function/.test(ancestor.type));
  const around = ancestors[at];
  return around?.type === 'IfStatement' && endsProgram(around, ancestors.slice(0, at));
}

/** What a test whether it is missing makes of it. One beside every function runs whenever the program starts, and is the last word where it is for production. */
function guarded(source: Source, test: Node, around: readonly Node[]): Context {
  const required = guards(around);
  const statement = around.findLast((node) => node.type === 'IfStatement');
  const isOfStart = !around.some((node) => /Function/.test(node.type));
  const demanded = required && isOfStart && statement !== undefined && isOfProduction(source, statement.test, test);
  return { required, optional: !required && goesOnSilently(statement), ...(demanded ? { demanded } : {}) };
}

/** Whether what follows a test does nothing but leave the function: what would have come needs the variable, and is left out without a word. */
function goesOnSilently(statement: Node | undefined): boolean {
  if (statement?.type !== 'IfStatement' || statement.alternate) return false;
  const { consequent } = statement;
  const body = consequent.type === 'BlockStatement' ? consequent.body : [consequent];
  return body.length === 1 && body[0]?.type === 'ReturnStatement';
}

/** Whether a condition is the test alone, or that and production: `!X && PROD`, `process.env.NODE_ENV === 'production' && !X`. */
function isOfProduction(source: Source, condition: Node, test: Node): boolean {
  const at = unwrap(condition);
  if (at === test) return true;
  if (at.type !== 'LogicalExpression' || at.operator !== '&&') return false;
  const [left, right] = [unwrap(at.left), unwrap(at.right)];
  const other = left === test ? right : right === test ? left : undefined;
  return other !== undefined && isProduction(source, other);
}

/** Whether a condition asks for production: `process.env.NODE_ENV === 'production'`, `isProd`. */
export function isProduction(source: Source, condition: Node): boolean {
  const at = unwrap(condition);
  if (at.type === 'BinaryExpression')
    return /^===?$/.test(at.operator) && literalValue(source, at.right) === 'production';
  const name = memberPath(at)?.split('.').at(-1) ?? '';
  return /^(is_?)?prod(uction)?$/i.test(name);
}

/** Whether the file ends the program when a local name is not set: `if (!x) throw …`, `assert(x)`, `x!`. */
export function isDemanded(source: Source, local: string, offset: number): boolean {
  const own = lookup(source, local, offset)?.node;
  let found = false;
  walk(source.program, (node, ancestors) => {
    if (found || node.type !== 'Identifier' || node.name !== local || node.start === offset) return;
    if (lookup(source, local, node.start)?.node !== own) return;
    const parent = ancestors.at(-1);
    if (parent?.type === 'TSNonNullExpression') found = true;
    else if (parent?.type === 'UnaryExpression' && parent.operator === '!') found = guards(ancestors);
    else if (parent?.type === 'BinaryExpression' && isMissingTest(parent)) found = guards(ancestors);
    else if (parent?.type === 'CallExpression' && parent.callee !== node) found = isAssertion(source, parent);
  });
  return found;
}
