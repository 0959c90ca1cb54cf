import {
  type Binding,
  isGlobal,
  keyName,
  lookup,
  memberPath,
  type Node,
  nodesOf,
  property,
  propertyName,
  type Source,
  stringValue,
  unwrap,
  walk,
} from '../../../formats/source/index.ts';
import { isEnvironment } from '../environment/reads.ts';
import { fieldName, getterOf, methodOf, valueOfField } from './classes.ts';
import type { AnalysisContext } from './context.ts';
import { isFunction } from './functions.ts';
import type { FunctionNode, Traced } from './types.ts';

const deepest = 24;
/** Further down, an answer may have been cut short by the limit. */
const remembered = 4;

/** Follows an expression to what it comes to. What cannot be followed comes back as the node at which it ended. */
export function trace(context: AnalysisContext, source: Source, start: Node, depth = 0): Traced {
  if (!context.traced || depth > remembered) return follow(context, source, start, depth);
  const known = context.traced.get(start);
  if (known) return known;
  const found = follow(context, source, start, depth);
  context.traced.set(start, found);
  return found;
}

function follow(context: AnalysisContext, source: Source, start: Node, depth: number): Traced {
  const node = unwrap(start);
  const here: Traced = { kind: 'syntax', source, node };
  if (depth > deepest) return here;
  if (isEnvironment(context, source, node)) return { kind: 'environment' };
  switch (node.type) {
    case 'Identifier':
      return traceName(context, source, node.name, node.start, depth) ?? here;
    case 'AwaitExpression':
      return trace(context, source, node.argument, depth + 1);
    case 'ImportExpression': {
      const specifier = stringValue(source, node.source);
      const module = specifier === undefined ? undefined : moduleOf(context, source, specifier);
      return module ? { kind: 'syntax', source: module, node: module.program } : here;
    }
    case 'MemberExpression': {
      const name = propertyName(source, node) ?? fieldName(node);
      return name === undefined ? here : (traceMember(context, source, node.object, name, node, depth) ?? here);
    }
    case 'CallExpression':
      return traceCall(context, source, node, depth) ?? here;
    default:
      return here;
  }
}

function traceMember(
  context: AnalysisContext,
  source: Source,
  of: Node,
  name: string,
  node: Node,
  depth: number,
): Traced | undefined {
  return memberOf(context, trace(context, source, of, depth + 1), name, source, node, depth);
}

/** The member `name` of what an expression came to; `node` of `source` asks for it. */
function memberOf(
  context: AnalysisContext,
  object: Traced,
  name: string,
  source: Source,
  node: Node,
  depth: number,
): Traced | undefined {
  switch (object.kind) {
    case 'environment':
      return { kind: 'variable', name, source, node };
    case 'schema': {
      // safeParse gives the values as `data`, the check of Joi as `value`
      if (name === 'data') return object;
      const field = object.fields.find((field) => (field.key ?? field.name) === name);
      if (!field && name === 'value') return object;
      if (field?.fields) return { ...object, fields: field.fields };
      return field && { kind: 'variable', name: field.name, source, node, field };
    }
    case 'syntax': {
      // a module as a whole: `import * as config`, `const config = require('./config')` of single exports
      if (object.node.type === 'Program') return traceExport(context, object.source, name, depth + 1);
      const value = enumValue(object.node, name) ?? property(object.node, name);
      if (value) return trace(context, object.source, value, depth + 1);
      const filled = filledMember(object.source, object.node, name);
      if (filled) return trace(context, object.source, filled, depth + 1);
      const spread = spreads(object.node).map((spread) =>
        traceMember(context, object.source, spread, name, node, depth + 1),
      );
      return spread.find((traced) => traced !== undefined) ?? traceField(context, object, name, depth);
    }
    default:
      return undefined;
  }
}

/** What a field or a getter of an object of a class of the project gives: `this.host`, `new Config().host`, `Config.host`. */
function traceField(
  context: AnalysisContext,
  { source, node }: Extract<Traced, { kind: 'syntax' }>,
  name: string,
  depth: number,
): Traced | undefined {
  const own = context.resolvers.classOfObject(context, source, node, depth + 1);
  const getter = own && getterOf(own, name);
  const value = getter ? onlyResult(getter) : own && valueOfField(own, name);
  return own && value && trace(context, own.source, value, depth + 1);
}

const filled = new WeakMap<Source, ReadonlyMap<Node, ReadonlyMap<string, readonly Node[]>>>();

/** What an object is given under a name after it was made, in the one place of its module: `const settings = {}; settings.port = 80`. */
function filledMember(source: Source, object: Node, name: string): Node | undefined {
  if (object.type !== 'ObjectExpression') return undefined;
  const known = filled.get(source) ?? filledIn(source);
  filled.set(source, known);
  const given = known.get(object)?.get(name) ?? [];
  return given.length === 1 ? given[0] : undefined;
}

function filledIn(source: Source): ReadonlyMap<Node, ReadonlyMap<string, readonly Node[]>> {
  const found = new Map<Node, Map<string, Node[]>>();
  for (const { left, right, operator } of nodesOf(source.program, 'AssignmentExpression')) {
    if (operator !== '=' || left.type !== 'MemberExpression' || left.object.type !== 'Identifier') continue;
    const name = keyName(left.property, left.computed);
    const init = lookup(source, left.object.name, left.object.start)?.init;
    if (name === undefined || init?.type !== 'ObjectExpression') continue;
    const members = found.get(init) ?? new Map<string, Node[]>();
    found.set(init, members.set(name, [...(members.get(name) ?? []), right]));
  }
  return found;
}

/** The value of a member of an enumeration: `enum Key { Port = 'PORT' }`. */
function enumValue(node: Node, name: string): Node | undefined {
  if (node.type !== 'TSEnumDeclaration') return undefined;
  const member = node.body.members.find(({ id, computed }) => keyName(id, computed) === name);
  return member?.initializer ?? undefined;
}

const spreads = (node: Node): readonly Node[] =>
  node.type === 'ObjectExpression'
    ? node.properties.flatMap((item) => (item.type === 'SpreadElement' ? [item.argument] : []))
    : [];

function traceName(
  context: AnalysisContext,
  source: Source,
  name: string,
  offset: number,
  depth: number,
): Traced | undefined {
  const binding = lookup(source, name, offset);
  if (!binding) return undefined;
  if (binding.kind === 'import') return traceImport(context, source, name, depth);
  if (binding.kind === 'class' || binding.kind === 'enum') return { kind: 'syntax', source, node: binding.node };
  if (binding.kind !== 'const' && binding.kind !== 'variable' && binding.kind !== 'parameter') return undefined;
  const later = binding.kind === 'variable' ? filledLater(source, binding) : undefined;
  if (later) return trace(context, source, later, depth + 1);
  if (binding.init) return trace(context, source, binding.init, depth + 1);
  if (binding.node.type !== 'VariableDeclarator' || !binding.node.init) return undefined;
  return traceDestructured(context, source, binding.node, name, depth);
}

/** What a name that starts with nothing is given in its one assignment: `let cached: Env | null = null; … cached = read()`. */
function filledLater(source: Source, { name, node, init, start, end }: Binding): Node | undefined {
  const empty =
    init === undefined || (init.type === 'Literal' && init.value === null) || memberPath(init) === 'undefined';
  if (!empty || node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier') return undefined;
  const given: Node[] = [];
  for (const assignmentExpression of nodesOf(source.program, 'AssignmentExpression')) {
    if (assignmentExpression.start < start || assignmentExpression.end > end) continue;
    if (assignmentExpression.left.type === 'Identifier' && assignmentExpression.left.name === name)
      given.push(assignmentExpression.right);
  }
  return given.length === 1 ? given[0] : undefined;
}

function traceDestructured(
  context: AnalysisContext,
  source: Source,
  declarator: Extract<Node, { type: 'VariableDeclarator' }>,
  local: string,
  depth: number,
): Traced | undefined {
  if (declarator.id.type !== 'ObjectPattern' || !declarator.init) return undefined;
  for (const item of declarator.id.properties) {
    if (item.type !== 'Property') continue;
    const target = item.value.type === 'AssignmentPattern' ? item.value.left : item.value;
    if (target.type !== 'Identifier' || target.name !== local) continue;
    const key = keyName(item.key, item.computed);
    const found = key === undefined ? undefined : traceMember(context, source, declarator.init, key, item, depth + 1);
    if (item.value.type !== 'AssignmentPattern') return found;
    if (found?.kind === 'variable') return { ...found, fallback: item.value.right };
    return found ?? trace(context, source, item.value.right, depth + 1);
  }
  return undefined;
}

/** The value that another module exports. */
function traceImport(context: AnalysisContext, source: Source, local: string, depth: number): Traced | undefined {
  for (const imported of source.imports) {
    const name = imported.names.find((candidate) => candidate.local === local);
    if (!name) continue;
    const file = context.modules.resolve(source.file, imported.specifier);
    const module = file === undefined ? undefined : context.modules.source(file);
    if (!module) return undefined;
    if (name.imported === '*') return { kind: 'syntax', source: module, node: module.program };
    return traceExport(context, module, name.imported, depth + 1);
  }
  return undefined;
}

/** What a module exports under a name, also through `export … from`. */
function traceExport(context: AnalysisContext, module: Source, name: string, depth = 0): Traced | undefined {
  if (depth > deepest) return undefined;
  for (const statement of module.program.body) {
    if (statement.type === 'ExportDefaultDeclaration' && name === 'default') {
      return trace(context, module, statement.declaration, depth + 1);
    }
    if (statement.type === 'ExportAllDeclaration' && statement.exported === null) {
      const next = moduleOf(context, module, statement.source.value);
      const found = next && traceExport(context, next, name, depth + 1);
      if (found) return found;
    }
    if (statement.type !== 'ExportNamedDeclaration') continue;
    for (const specifier of statement.specifiers) {
      if (nameOf(specifier.exported) !== name) continue;
      const local = nameOf(specifier.local);
      const next = statement.source ? moduleOf(context, module, statement.source.value) : undefined;
      return next
        ? traceExport(context, next, local, depth + 1)
        : traceName(context, module, local, specifier.start, depth + 1);
    }
    const { declaration } = statement;
    if (!declaration) continue;
    const whole = declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration';
    if (declaration.type === 'TSEnumDeclaration' && declaration.id.name === name)
      return { kind: 'syntax', source: module, node: declaration };
    if (whole && declaration.id?.name === name) {
      return { kind: 'syntax', source: module, node: declaration };
    }
    if (declaration.type === 'VariableDeclaration') {
      const found = traceName(context, module, name, declaration.start, depth + 1);
      const declares = lookup(module, name, declaration.start)?.node;
      if (found && declares && declares.start >= declaration.start && declares.end <= declaration.end) return found;
    }
  }
  return traceAssigned(context, module, name, depth + 1);
}

/** What a CommonJS module gives under a name: `module.exports = { port }`, `exports.port = 3000`; all of it as `default`. */
function traceAssigned(context: AnalysisContext, module: Source, name: string, depth: number): Traced | undefined {
  const given = assignedIn(module);
  const single = given.get(`exports.${name}`) ?? given.get(`module.exports.${name}`);
  if (single) return trace(context, module, single, depth + 1);
  const whole = given.get('module.exports');
  if (!whole) return undefined;
  const found = trace(context, module, whole, depth + 1);
  return name === 'default' ? found : memberOf(context, found, name, module, whole, depth + 1);
}

const assignments = new WeakMap<Source, ReadonlyMap<string, Node>>();

/** What the statements of a module assign, by what they assign it to. */
function assignedIn(module: Source): ReadonlyMap<string, Node> {
  const before = assignments.get(module);
  if (before) return before;
  const given = new Map<string, Node>();
  assignments.set(module, given);
  for (const statement of module.program.body) {
    if (statement.type !== 'ExpressionStatement') continue;
    for (let at: Node = unwrap(statement.expression); at.type === 'AssignmentExpression'; at = unwrap(at.right))
      given.set(memberPath(at.left) ?? '', lastRight(at));
  }
  return given;
}

/** What is assigned in the end: `module.exports = exports = config`. */
function lastRight(node: Extract<Node, { type: 'AssignmentExpression' }>): Node {
  const right = unwrap(node.right);
  return right.type === 'AssignmentExpression' ? lastRight(right) : right;
}

/** The exports of a module of the project that a call of `require` loads. Undefined: the call is another one. */
function traceRequired(context: AnalysisContext, source: Source, call: Call, depth: number): Traced | undefined {
  const [first] = call.arguments;
  const callee = unwrap(call.callee);
  if (callee.type !== 'Identifier' || callee.name !== 'require' || !first || !isGlobal(source, 'require', call.start))
    return undefined;
  const specifier = stringValue(source, first);
  const module = specifier === undefined ? undefined : moduleOf(context, source, specifier);
  if (!module) return undefined;
  // with single exports beside it the whole is more than what is assigned to it
  const single = [...assignedIn(module).keys()].some((name) => /^(module\.)?exports\.(?!default$)/.test(name));
  return (
    (single ? undefined : traceAssigned(context, module, 'default', depth)) ?? {
      kind: 'syntax',
      source: module,
      node: module.program,
    }
  );
}

const nameOf = (node: Node): string =>
  node.type === 'Identifier' ? node.name : node.type === 'Literal' ? String(node.value) : '';

function moduleOf(context: AnalysisContext, from: Source, specifier: string): Source | undefined {
  const file = context.modules.resolve(from.file, specifier);
  return file === undefined ? undefined : context.modules.source(file);
}

type Call = Extract<Node, { type: 'CallExpression' }>;

/** A schema that reads the variables, a frozen object, or a plain function of the project that gives one value. */
function traceCall(context: AnalysisContext, source: Source, call: Call, depth: number): Traced | undefined {
  const held = traceHeld(context, source, call, depth);
  if (held) return held;
  const helper = context.accessorCall?.(source, call);
  if (helper) {
    return {
      kind: 'variable',
      name: helper.name,
      source,
      node: call,
      ...(helper.fallback ? { fallback: helper.fallback } : {}),
    };
  }
  const required = traceRequired(context, source, call, depth + 1);
  if (required) return required;
  const fields = context.resolvers.schema(context, source, call, depth + 1);
  if (fields) return { kind: 'schema', fields, source, node: call };
  const callee = unwrap(call.callee);
  const first = call.arguments[0];
  if (callee.type === 'MemberExpression' && propertyName(source, callee) === 'freeze' && first)
    return trace(context, source, first, depth + 1);
  const target = functionOf(context, source, call, depth + 1);
  const result = target && onlyResult(target.node);
  return result && trace(context, target.source, result, depth + 1);
}

/** What an object of settings gives that was made by a schema: all of it, or one by its path: `settings.get('server.port')`. */
function traceHeld(context: AnalysisContext, source: Source, call: Call, depth: number): Traced | undefined {
  const callee = unwrap(call.callee);
  const method = callee.type === 'MemberExpression' ? propertyName(source, callee) : undefined;
  if (callee.type !== 'MemberExpression' || (method !== 'get' && method !== 'getProperties')) return undefined;
  const object = trace(context, source, callee.object, depth + 1);
  if (object.kind !== 'schema') return undefined;
  if (method === 'getProperties') return object;
  const [first, fallback] = call.arguments;
  const path = first && stringValue(source, first);
  return path === undefined || fallback ? undefined : memberOf(context, object, path, source, call, depth + 1);
}

/** Every value that a call of a function of the project may give. */
export function resultsOf(
  context: AnalysisContext,
  source: Source,
  call: Call,
): { source: Source; nodes: readonly Node[] } | undefined {
  const target = functionOf(context, source, call);
  return target && { source: target.source, nodes: returned(target.node) };
}

/** The function of the project that a call runs. */
export const functionOf = (
  context: AnalysisContext,
  source: Source,
  call: Call,
  depth = 0,
): { source: Source; node: FunctionNode } | undefined => functionNamed(context, source, call.callee, depth);

/** The function of the project that an expression is or names. */
export function functionNamed(
  context: AnalysisContext,
  source: Source,
  node: Node,
  depth = 0,
): { source: Source; node: FunctionNode } | undefined {
  const callee = unwrap(node);
  if (isFunction(callee)) return { source, node: callee };
  if (callee.type === 'Identifier') {
    const binding = lookup(source, callee.name, callee.start);
    if (binding && isFunction(binding.node) && binding.kind === 'function') return { source, node: binding.node };
  }
  if (callee.type === 'MemberExpression') return methodCalled(context, source, callee, depth);
  // `require('./settings')()`
  const isLoaded = callee.type === 'CallExpression' && memberPath(callee.callee) === 'require';
  if (callee.type !== 'Identifier' && !isLoaded) return undefined;
  const target = trace(context, source, callee, depth + 1);
  if (isLoaded && target.kind === 'syntax' && target.node.type === 'Identifier' && depth < deepest)
    return functionNamed(context, target.source, target.node, depth + 1);
  return asFunction(target);
}

const asFunction = (target: Traced | undefined): { source: Source; node: FunctionNode } | undefined =>
  target?.kind === 'syntax' && isFunction(target.node) ? { source: target.source, node: target.node } : undefined;

/** A function in an object of the project, or a method of a class of it. */
function methodCalled(
  context: AnalysisContext,
  source: Source,
  callee: Extract<Node, { type: 'MemberExpression' }>,
  depth: number,
): { source: Source; node: FunctionNode } | undefined {
  const name = propertyName(source, callee) ?? fieldName(callee);
  if (name === undefined || depth > deepest) return undefined;
  const object = trace(context, source, callee.object, depth + 1);
  const held = asFunction(memberOf(context, object, name, source, callee, depth));
  if (held || object.kind !== 'syntax') return held;
  const own = context.resolvers.classOfObject(context, object.source, object.node, depth + 1);
  const method = own && methodOf(own, name);
  return method && { source: own.source, node: method };
}

/** What stands behind every `return` of a function, or its body where that is the value. */
function returned(node: FunctionNode): readonly Node[] {
  if (!node.body) return [];
  if (node.body.type !== 'BlockStatement') return [node.body];
  const results: Node[] = [];
  walk(node.body, (item) => {
    if (isFunction(item)) return false;
    if (item.type === 'ReturnStatement' && item.argument) results.push(item.argument);
    return undefined;
  });
  return results;
}

/** The one value that a function gives; undefined where it has several ends that are not the same. */
function onlyResult(node: FunctionNode): Node | undefined {
  const results = returned(node);
  const [first] = results;
  const same = results.every(
    (result) => memberPath(result) !== undefined && memberPath(result) === (first && memberPath(first)),
  );
  return results.length === 1 || same ? first : undefined;
}

/** The text that an expression comes to, also through constants and enumerations of other modules. */
export function textOf(context: AnalysisContext, source: Source, node: Node): string | undefined {
  const plain = stringValue(source, node);
  if (plain !== undefined) return plain;
  const target = trace(context, source, node);
  return target.kind === 'syntax' ? stringValue(target.source, target.node) : undefined;
}
