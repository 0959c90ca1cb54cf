/** What a function that looks up a variable comes to where that variable is missing: it ends the program, or something stands in. */
import {
  converted,
  keyName,
  literalValue,
  lookup,
  memberPath,
  type Node,
  nodesOf,
  property,
  propertyName,
  type Source,
  unwrap,
} from '../../../formats/source/index.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { exits } from '../evaluate/exits.ts';
import { functionOf } from '../evaluate/trace.ts';
import type { FunctionNode, SourceNode } from '../evaluate/types.ts';
import { isEnvironment } from './reads.ts';

type Call = Extract<Node, { type: 'CallExpression' }>;
type Member = Extract<Node, { type: 'MemberExpression' }>;

/** A value as far as it is known; `from` is where the caller, or a parameter's own default, wrote it. */
type Value =
  | { readonly kind: 'plain'; readonly value: string | number | boolean | null | undefined; readonly from?: Node }
  /** an object, a list or a function that is written out: it is there, whatever it holds */
  | { readonly kind: 'written'; readonly source: Source; readonly node: Node }
  | { readonly kind: 'unknown' }
  /** no value: the program ends by an error, or by `process.exit()`, which nothing catches */
  | { readonly kind: 'ends'; readonly exit: boolean };

/** What a function has come to after a statement; undefined: it goes on with the next one. */
type Flow = { readonly returned: Value } | undefined;

/** The run of one function: what its parameters and local names are. */
type CallFrame = {
  readonly context: AnalysisContext;
  readonly source: Source;
  readonly node: FunctionNode;
  /** the number of arguments */
  readonly given: number;
  readonly names: Map<string, Value>;
  readonly depth: number;
};

/** How a call ends where the variable is missing. */
export type MissingOutcome =
  | { readonly kind: 'ends' }
  /** it gives nothing, or what stands in: `value` where that is written out */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'value'; readonly value?: Node };

const unknown: Value = { kind: 'unknown' };
const plain = (value: string | number | boolean | null | undefined, from?: Node): Value => ({
  kind: 'plain',
  value,
  ...(from ? { from } : {}),
});
const nothing = plain(undefined);
const deepest = 4;

/** Runs an accessor with the arguments of a call, with no variable set but the one that says production. Undefined: something in it decides that is not known here. */
export function runMissing(
  context: AnalysisContext,
  target: SourceNode,
  source: Source,
  call: Call,
): MissingOutcome | undefined {
  const { node } = target;
  if (!/Function/.test(node.type)) return undefined;
  const caller: CallFrame = { context, source, node: node as FunctionNode, given: 0, names: new Map(), depth: 0 };
  const result = run({ ...caller, source: target.source }, argumentsOf(caller, call));
  if (result.kind === 'unknown') return undefined;
  if (result.kind === 'ends') return { kind: 'ends' };
  if (isNothing(result)) return { kind: 'nothing' };
  const value = result.kind === 'plain' ? result.from : undefined;
  // what the function itself has for all variables is a default of this one, unless it is no text at all
  const isDefault = value && (nodesOf(call, value.type).includes(value) || literalValue(target.source, value) !== '');
  return { kind: 'value', ...(isDefault ? { value } : {}) };
}

/** The values of the arguments; undefined: their number is not known. */
const argumentsOf = (caller: CallFrame, call: Call): readonly Value[] | undefined =>
  call.arguments.some((argument) => argument.type === 'SpreadElement')
    ? undefined
    : call.arguments.map((argument) => evaluated(caller, argument));

function run(frame: CallFrame, given: readonly Value[] | undefined): Value {
  const { body } = frame.node;
  if (!body || !given || frame.node.generator || frame.depth > deepest) return unknown;
  const own = { ...frame, given: given.length, names: new Map<string, Value>() };
  for (const [at, parameter] of frame.node.params.entries()) {
    const pattern = parameter.type === 'TSParameterProperty' ? parameter.parameter : parameter;
    if (pattern.type === 'RestElement') continue;
    bind(own, pattern, given[at] ?? nothing);
  }
  if (body.type !== 'BlockStatement') return evaluated(own, body);
  return (runAll(own, body.body) ?? { returned: nothing }).returned;
}

/** Gives a name, or the names of an object that is taken apart, their values; a default stands in for what is undefined. */
function bind(frame: CallFrame, pattern: Node, value: Value): void {
  if (pattern.type === 'AssignmentPattern') {
    const isGiven = value.kind !== 'plain' || value.value !== undefined;
    bind(frame, pattern.left, isGiven ? value : evaluated(frame, pattern.right));
  }
  if (pattern.type === 'Identifier') frame.names.set(pattern.name, value);
  if (pattern.type !== 'ObjectPattern') return;
  for (const item of pattern.properties) {
    if (item.type !== 'Property') continue;
    const key = keyName(item.key, item.computed);
    bind(frame, item.value, key === undefined ? unknown : memberOf(frame, value, key));
  }
}

function runAll(frame: CallFrame, statements: readonly Node[]): Flow {
  for (const statement of statements) {
    const flow = runOne(frame, statement);
    if (flow) return flow;
  }
  return undefined;
}

const stops = (value: Value): Flow => (value.kind === 'ends' ? { returned: value } : undefined);

function runOne(frame: CallFrame, node: Node): Flow {
  switch (node.type) {
    case 'BlockStatement':
      return runAll(frame, node.body);
    case 'ThrowStatement':
      return { returned: { kind: 'ends', exit: false } };
    case 'ReturnStatement':
      return { returned: node.argument ? evaluated(frame, node.argument) : nothing };
    case 'ExpressionStatement':
      return stops(evaluated(frame, node.expression));
    case 'IfStatement': {
      const test = truthOf(evaluated(frame, node.test));
      if (typeof test !== 'boolean') return { returned: test };
      if (test) return runOne(frame, node.consequent);
      return node.alternate ? runOne(frame, node.alternate) : undefined;
    }
    case 'TryStatement': {
      const flow = runOne(frame, node.block);
      const caught = flow?.returned.kind === 'ends' && !flow.returned.exit && node.handler;
      return caught ? runOne(frame, caught.body) : flow;
    }
    case 'VariableDeclaration':
      for (const declaration of node.declarations) {
        const value = declaration.init ? evaluated(frame, declaration.init) : nothing;
        if (value.kind === 'ends') return { returned: value };
        bind(frame, declaration.id, value);
      }
      return undefined;
    case 'EmptyStatement':
    case 'FunctionDeclaration':
      return undefined;
    default:
      return { returned: unknown };
  }
}

/** Whether a value counts as true; a value that says nothing of it, or none, comes back. */
function truthOf(value: Value): boolean | Value {
  if (value.kind === 'written') return true;
  return value.kind === 'plain' ? Boolean(value.value) : value;
}

function evaluated(frame: CallFrame, start: Node): Value {
  const node = unwrap(start);
  const { context, source } = frame;
  const inner = converted(node);
  if (inner) return ofConversion(frame, node, inner);
  switch (node.type) {
    case 'Identifier':
      return ofName(frame, node);
    case 'Literal':
      return node.value === null ? plain(null) : plain(literalValue(source, node), node);
    case 'MemberExpression':
      return ofMember(frame, node);
    case 'LogicalExpression':
      return ofLogical(frame, node);
    case 'ConditionalExpression': {
      const test = truthOf(evaluated(frame, node.test));
      return typeof test === 'boolean' ? evaluated(frame, test ? node.consequent : node.alternate) : test;
    }
    case 'UnaryExpression':
      return ofUnary(node.operator, evaluated(frame, node.argument));
    case 'BinaryExpression':
      if (node.operator === 'in' && isEnvironment(context, source, unwrap(node.right))) return plain(false);
      return compared(node.operator, evaluated(frame, node.left), evaluated(frame, node.right));
    case 'AssignmentExpression':
      return ofAssignment(frame, node);
    case 'AwaitExpression':
      return evaluated(frame, node.argument);
    case 'CallExpression':
      return ofCall(frame, node);
    case 'ObjectExpression':
    case 'ArrayExpression':
    case 'NewExpression':
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
      return { kind: 'written', source, node };
    default:
      return unknown;
  }
}

function ofName({ source, names, node: own }: CallFrame, node: Extract<Node, { type: 'Identifier' }>): Value {
  const binding = lookup(source, node.name, node.start);
  if (!binding) return node.name === 'undefined' ? nothing : unknown;
  const isOwn = binding.node === own || (own.start <= binding.node.start && binding.node.end <= own.end);
  const local = isOwn && names.get(node.name);
  if (local) return local;
  const value = isOwn ? undefined : literalValue(source, node);
  return value === undefined ? unknown : plain(value, node);
}

function ofMember(frame: CallFrame, node: Member): Value {
  const { context, source } = frame;
  if (memberPath(node) === 'arguments.length') return plain(frame.given);
  if (isEnvironment(context, source, unwrap(node.object)))
    return propertyName(source, node) === 'NODE_ENV' ? plain('production') : nothing;
  const object = evaluated(frame, node.object);
  if (object.kind === 'ends') return object;
  if (isNothing(object)) return isOptional(node) ? nothing : { kind: 'ends', exit: false };
  const name = propertyName(source, node);
  return name === undefined ? unknown : memberOf(frame, object, name);
}

const isNothing = (value: Value): boolean => value.kind === 'plain' && (value.value ?? undefined) === undefined;

/** Whether a chain goes on where what it begins with is missing: `a?.b.c`. */
function isOptional(start: Node): boolean {
  const node = unwrap(start);
  if (node.type === 'MemberExpression') return node.optional || isOptional(node.object);
  return node.type === 'CallExpression' && (node.optional || isOptional(node.callee));
}

function memberOf(frame: CallFrame, object: Value, name: string): Value {
  if (object.kind === 'plain' && typeof object.value === 'string' && name === 'length')
    return plain(object.value.length);
  if (object.kind !== 'written' || object.node.type !== 'ObjectExpression') return unknown;
  if (object.node.properties.some((item) => item.type === 'SpreadElement')) return unknown;
  const value = property(object.node, name);
  return value ? evaluated({ ...frame, source: object.source, names: new Map() }, value) : nothing;
}

function ofLogical(frame: CallFrame, node: Extract<Node, { type: 'LogicalExpression' }>): Value {
  const left = evaluated(frame, node.left);
  if (node.operator === '??') {
    if (left.kind === 'unknown') return left;
    return isNothing(left) ? evaluated(frame, node.right) : left;
  }
  const truth = truthOf(left);
  if (typeof truth !== 'boolean') return truth;
  return truth === (node.operator === '&&') ? evaluated(frame, node.right) : left;
}

function ofUnary(operator: string, value: Value): Value {
  if (operator === 'typeof') return value.kind === 'plain' ? plain(typeof value.value) : unknown;
  if (operator === 'void') return nothing;
  if (operator !== '!') return value.kind === 'ends' ? value : unknown;
  const truth = truthOf(value);
  return typeof truth === 'boolean' ? plain(!truth) : truth;
}

function compared(operator: string, left: Value, right: Value): Value {
  if (left.kind === 'ends') return left;
  if (right.kind === 'ends') return right;
  const isEqual = /^[!=]==?$/.test(operator);
  if (left.kind === 'written' || right.kind === 'written') {
    // what is there is neither undefined nor null
    const other = left.kind === 'written' ? right : left;
    return isEqual && isNothing(other) ? plain(operator.startsWith('!')) : unknown;
  }
  if (left.kind !== 'plain' || right.kind !== 'plain') return unknown;
  if (isEqual) {
    const same =
      operator.length === 3 ? left.value === right.value : (left.value ?? undefined) === (right.value ?? undefined);
    return plain(same === operator.startsWith('='));
  }
  if (typeof left.value !== 'number' || typeof right.value !== 'number') return unknown;
  const results: Readonly<Record<string, boolean>> = {
    '<': left.value < right.value,
    '<=': left.value <= right.value,
    '>': left.value > right.value,
    '>=': left.value >= right.value,
  };
  return operator in results ? plain(results[operator]) : unknown;
}

function ofAssignment(frame: CallFrame, node: Extract<Node, { type: 'AssignmentExpression' }>): Value {
  const { left, operator, right } = node;
  const before = left.type === 'Identifier' ? ofName(frame, left) : unknown;
  const isMissing = operator === '??=' ? isNothing(before) : truthOf(before) === false;
  const keeps = (operator === '??=' || operator === '||=') && before.kind !== 'unknown' && !isMissing;
  const value = operator === '=' || isMissing ? evaluated(frame, right) : keeps ? before : unknown;
  if (left.type === 'Identifier' && value.kind !== 'ends') frame.names.set(left.name, value);
  return value;
}

function ofConversion(frame: CallFrame, node: Node, inner: Node): Value {
  const value = evaluated(frame, inner);
  if (value.kind !== 'plain') return value.kind === 'ends' ? value : unknown;
  const name = node.type === 'CallExpression' ? (memberPath(node.callee) ?? '') : '';
  const { value: given, from } = value;
  if (node.type === 'TemplateLiteral' || name === 'String') return plain(String(given), from);
  if (name === 'Boolean') return plain(Boolean(given), from);
  return plain(given === undefined ? Number.NaN : Number(given), from);
}

function ofCall(frame: CallFrame, call: Call): Value {
  if (exits(call)) return { kind: 'ends', exit: true };
  const { context, source, depth } = frame;
  const path = memberPath(call.callee);
  const [first] = call.arguments;
  if (first && (path === 'isNaN' || path === 'Number.isNaN')) {
    const value = evaluated(frame, first);
    return value.kind === 'plain' ? plain(Number.isNaN(Number(value.value))) : unknown;
  }
  const target = functionOf(context, source, call);
  if (target) return run({ ...frame, ...target, depth: depth + 1 }, argumentsOf(frame, call));
  const callee = unwrap(call.callee);
  if (callee.type !== 'MemberExpression') return unknown;
  const object = evaluated(frame, callee.object);
  if (object.kind === 'ends') return object;
  if (isNothing(object)) return isOptional(call) ? nothing : { kind: 'ends', exit: false };
  const isText = object.kind === 'plain' && typeof object.value === 'string';
  return isText && propertyName(source, callee) === 'trim' ? plain(object.value.trim(), object.from) : unknown;
}
