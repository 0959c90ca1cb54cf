import { type Node, propertyName, type Source, stringValue, unwrap, walk } from '../formats/source/index.ts';
import { isEnvironment } from './environment.ts';
import type { HelperCall, Reader } from './reader.ts';
import { type FunctionNode, functionOf } from './trace.ts';

type Call = Extract<Node, { type: 'CallExpression' }>;

/** What a function of the project does with the name of a variable that it is given. */
type Shape = { readonly name: number; readonly fallback?: number; readonly required: boolean };

/**
 * Adds to a reader the knowledge of functions such as `const env = (name, fallback) => process.env[name] ?? fallback`: found by what
 * their bodies do, whatever they are called.
 */
export function withHelpers(reader: Reader): Reader {
  const shapes = new WeakMap<FunctionNode, Shape | false>();
  const shapeOf = (source: Source, node: FunctionNode): Shape | undefined => {
    const known = shapes.get(node);
    if (known !== undefined) return known || undefined;
    const made = readShape(reader, source, node) ?? false;
    shapes.set(node, made);
    return made || undefined;
  };
  return {
    ...reader,
    helpers: (source, call) => {
      const chained = ofChain(source, call) ?? ofService(source, call);
      if (chained) return chained;
      const target = functionOf(reader, source, call);
      const shape = target && shapeOf(target.source, target.node);
      return shape && toCall(source, call, shape);
    },
  };
}

/** The library env-var: `env.get('PORT').default('3000').asPortNumber()`, `env.get('TOKEN').required().asString()`. */
function ofChain(source: Source, call: Call): HelperCall | undefined {
  let required = false;
  let fallback: Node | undefined;
  for (let at: Node = call; at.type === 'CallExpression'; ) {
    const callee = unwrap(at.callee);
    if (callee.type !== 'MemberExpression') return undefined;
    const method = propertyName(source, callee);
    const [first] = at.arguments;
    const object = unwrap(callee.object);
    if (method === 'get' && object.type === 'Identifier') {
      const { name: local } = object;
      const fromLibrary = source.imports.some(
        (one) => one.specifier === 'env-var' && one.names.some((name) => name.local === local),
      );
      const name = fromLibrary && first ? stringValue(source, first) : undefined;
      return name === undefined
        ? undefined
        : { name, required: required && !fallback, ...(fallback ? { fallback } : {}) };
    }
    if (method === 'required') required = true;
    if (method === 'default') fallback = first;
    at = object;
  }
  return undefined;
}

/** A service of configuration by dependency injection: `this.configService.get<string>('PORT', '3000')`, `config.getOrThrow('TOKEN')`. */
function ofService(source: Source, call: Call): HelperCall | undefined {
  if (!source.imports.some((one) => one.specifier === '@nestjs/config') && !/onfigService/.test(source.text))
    return undefined;
  const callee = unwrap(call.callee);
  if (callee.type !== 'MemberExpression') return undefined;
  const method = propertyName(source, callee);
  if (method !== 'get' && method !== 'getOrThrow') return undefined;
  const object = unwrap(callee.object);
  const holder =
    object.type === 'MemberExpression'
      ? propertyName(source, object)
      : object.type === 'Identifier'
        ? object.name
        : isServiceCall(object)
          ? 'config'
          : undefined;
  const [first, second] = call.arguments;
  const name = first && stringValue(source, first);
  // a key of a namespace, such as `database.host`, is no variable
  if (!/^config/i.test(holder ?? '') || name === undefined || !/^[A-Z][A-Z0-9_]*$/.test(name)) return undefined;
  const fallback = second && second.type !== 'ObjectExpression' ? second : undefined;
  return { name, required: method === 'getOrThrow', ...(fallback ? { fallback } : {}) };
}

/** `app.get(ConfigService)`. */
const isServiceCall = (node: Node): boolean =>
  node.type === 'CallExpression' &&
  node.arguments.some((one) => one.type === 'Identifier' && one.name === 'ConfigService');

function toCall(source: Source, call: Call, shape: Shape): HelperCall | undefined {
  const first = call.arguments[shape.name];
  const name = first && stringValue(source, first);
  if (name === undefined) return undefined;
  const fallback = shape.fallback === undefined ? undefined : call.arguments[shape.fallback];
  return { name, required: shape.required && !fallback, ...(fallback ? { fallback } : {}) };
}

function readShape(reader: Reader, source: Source, node: FunctionNode): Shape | undefined {
  if (!node.body) return undefined;
  const names = node.params.map((one) => {
    const pattern = one.type === 'TSParameterProperty' ? one.parameter : one;
    const target = pattern.type === 'AssignmentPattern' ? pattern.left : pattern;
    return target.type === 'Identifier' ? target.name : undefined;
  });
  let name = -1;
  let throws = false;
  const returned = new Set<string>();
  walk(node.body, (one) => {
    if (one.type === 'ThrowStatement' || exits(one)) throws = true;
    if (one.type === 'MemberExpression' && one.computed && one.property.type === 'Identifier') {
      const at = names.indexOf(one.property.name);
      if (at !== -1 && isEnvironment(reader, source, unwrap(one.object))) name = at;
    }
    if (one.type === 'Identifier') returned.add(one.name);
  });
  if (name === -1) return undefined;
  const fallback = names.findIndex((one, index) => index !== name && one !== undefined && returned.has(one));
  const preset = fallback !== -1 && node.params[fallback]?.type === 'AssignmentPattern';
  return { name, required: throws && !preset, ...(fallback === -1 ? {} : { fallback }) };
}

/** `process.exit(1)` ends the program as surely as an error does. */
export const exits = (node: Node): boolean =>
  node.type === 'CallExpression' &&
  node.callee.type === 'MemberExpression' &&
  node.callee.property.type === 'Identifier' &&
  node.callee.property.name === 'exit';
