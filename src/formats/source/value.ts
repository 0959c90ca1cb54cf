import { lookup } from './scope.ts';
import type { Node, Source } from './types.ts';

/** The expression under types, non-null marks and optional chains: what is there at run time. */
export function unwrap(node: Node): Node {
  let at = node;
  for (;;) {
    switch (at.type) {
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSNonNullExpression':
      case 'TSTypeAssertion':
      case 'TSInstantiationExpression':
      case 'ParenthesizedExpression':
      case 'ChainExpression':
        at = at.expression;
        break;
      default:
        return at;
    }
  }
}

/** Follows a name to the constant that it stands for in the same file, as far as that goes; anything else comes back unwrapped. */
export function resolve(source: Source, node: Node): Node {
  let at = unwrap(node);
  for (let steps = 0; steps < 10 && at.type === 'Identifier'; steps += 1) {
    const binding = lookup(source, at.name, at.start);
    if (binding?.kind !== 'const' || !binding.init) return at;
    at = unwrap(binding.init);
  }
  return at;
}

/** The text of a string that stands in the file: a literal, a template or sum of such, a constant of the same file, a member of a constant object. */
export function stringValue(source: Source, node: Node): string | undefined {
  const value = literalValue(source, node);
  return typeof value === 'string' ? value : undefined;
}

/** The argument of `Number(x)`, `parseInt(x, 10)`, `Number.parseInt(x)`, `String(x)`, `Boolean(x)`, `+x`, and `${x}` alone; undefined: no such conversion. */
export function converted(node: Node): Node | undefined {
  const at = unwrap(node);
  if (at.type === 'UnaryExpression' && at.operator === '+') return at.argument;
  if (at.type === 'TemplateLiteral')
    return at.expressions.length === 1 && at.quasis.every(({ value }) => value.raw === '')
      ? at.expressions[0]
      : undefined;
  if (at.type !== 'CallExpression') return undefined;
  const name = memberPath(at.callee);
  return name && conversions.has(name) ? at.arguments[0] : undefined;
}
const conversions = new Set([
  'Number',
  'parseInt',
  'parseFloat',
  'Number.parseInt',
  'Number.parseFloat',
  'String',
  'Boolean',
]);

/** What was worked out of a node already. One that is being worked out stands for nothing: constants that need each other have no value. */
const known = new WeakMap<Node, { value: Literal }>();

/** Constants that are made of each other may come to any length; no setting is as long as this. UTF-16 units. */
const LONGEST = 65_536;

/** The string, number or boolean that a node stands for, where the file says it. */
export function literalValue(source: Source, node: Node): string | number | boolean | undefined {
  const at = resolve(source, node);
  const before = known.get(at);
  if (before) return before.value;
  const found: { value: Literal } = { value: undefined };
  known.set(at, found);
  const value = workedOut(source, at);
  found.value = typeof value === 'string' && value.length > LONGEST ? undefined : value;
  return found.value;
}

function workedOut(source: Source, at: Node): Literal {
  switch (at.type) {
    case 'Literal':
      return typeof at.value === 'string' || typeof at.value === 'number' || typeof at.value === 'boolean'
        ? at.value
        : undefined;
    case 'TemplateLiteral': {
      let text = at.quasis[0]?.value.cooked ?? '';
      for (const [index, expression] of at.expressions.entries()) {
        const value = literalValue(source, expression);
        if (value === undefined) return undefined;
        text += String(value) + (at.quasis[index + 1]?.value.cooked ?? '');
      }
      return text;
    }
    case 'UnaryExpression': {
      const value = at.operator === '-' ? literalValue(source, at.argument) : undefined;
      return typeof value === 'number' ? -value : undefined;
    }
    case 'BinaryExpression':
      return arithmetic(at.operator, literalValue(source, at.left), literalValue(source, at.right));
    case 'MemberExpression': {
      const name = propertyName(source, at);
      const object = resolve(source, at.object);
      const value = name === undefined || object.type !== 'ObjectExpression' ? undefined : property(object, name);
      return value ? literalValue(source, value) : undefined;
    }
    default:
      return undefined;
  }
}

type Literal = string | number | boolean | undefined;
function arithmetic(operator: string, left: Literal, right: Literal): string | number | undefined {
  if (left === undefined || right === undefined) return undefined;
  if (operator === '+' && (typeof left === 'string' || typeof right === 'string')) return String(left) + String(right);
  if (typeof left !== 'number' || typeof right !== 'number') return undefined;
  if (operator === '+') return left + right;
  if (operator === '-') return left - right;
  return operator === '*' ? left * right : undefined;
}

/** The value of a property written out in an object literal. */
export function property(object: Node, name: string): Node | undefined {
  if (object.type !== 'ObjectExpression') return undefined;
  for (const item of object.properties) {
    if (item.type === 'Property' && keyName(item.key, item.computed) === name) return item.value;
  }
  return undefined;
}

/** The name of a property key: `a`, `'a'`, `['a']`. */
export function keyName(key: Node, computed: boolean): string | undefined {
  if (key.type === 'Identifier' && !computed) return key.name;
  return key.type === 'Literal' && (typeof key.value === 'string' || typeof key.value === 'number')
    ? String(key.value)
    : undefined;
}

/** The name that a member expression asks for, also through a constant: `x.a`, `x['a']`, `x[KEY]`. */
export function propertyName(source: Source, node: Node): string | undefined {
  const at = unwrap(node);
  if (at.type !== 'MemberExpression') return undefined;
  if (!at.computed) return at.property.type === 'Identifier' ? at.property.name : undefined;
  return stringValue(source, at.property);
}

/** A plain chain of names as text, such as `process.env` or `import.meta.dir`; undefined where anything else is in it. */
export function memberPath(node: Node): string | undefined {
  const at = unwrap(node);
  if (at.type === 'Identifier') return at.name;
  if (at.type === 'ThisExpression') return 'this';
  if (at.type === 'MetaProperty') return `${at.meta.name}.${at.property.name}`;
  if (at.type !== 'MemberExpression') return undefined;
  const object = memberPath(at.object);
  const name = at.computed
    ? keyName(at.property, true)
    : at.property.type === 'Identifier'
      ? at.property.name
      : undefined;
  return object === undefined || name === undefined ? undefined : `${object}.${name}`;
}
