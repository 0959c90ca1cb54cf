import {
  literalValue,
  memberPath,
  type Node,
  resolve,
  type Source,
  unwrap,
  walk,
} from '../../../formats/source/index.ts';

/**
 * The fields that a refinement of a schema demands in production, though each alone is optional: `if (!env.APP_URL) ctx.addIssue({ path: ['APP_URL'] })`, also
 * in a loop over a list of names (https://zod.dev/api#superrefine). What depends on another field is not demanded.
 */
export function demandedBy(source: Source, callback: Node): readonly string[] {
  const call = resolve(source, callback);
  if (call.type !== 'ArrowFunctionExpression' && call.type !== 'FunctionExpression') return [];
  const [first] = call.params;
  const object = first?.type === 'Identifier' ? first.name : undefined;
  if (object === undefined || !call.body || endsEarly(source, call.body)) return [];
  const found = new Set<string>();
  walk(call.body, (node, ancestors) => {
    if (node.type !== 'CallExpression' || memberPath(node.callee)?.split('.').at(-1) !== 'addIssue') return;
    const [nearest, ...outer] = ancestors.filter((ancestor) => ancestor.type === 'IfStatement').reverse();
    if (
      nearest?.type !== 'IfStatement' ||
      !outer.every((ifStatement) => ifStatement.type === 'IfStatement' && inProduction(source, ifStatement.test))
    )
      return;
    const key = missingInProduction(source, nearest.test, object);
    const loop = ancestors.findLast((ancestor) => ancestor.type === 'ForOfStatement');
    const names = key === undefined ? [] : 'name' in key ? [key.name] : loop ? looped(source, loop, key.variable) : [];
    for (const name of names) found.add(name);
  });
  return [...found];
}

/** Whether a test is of the kind of run alone, and holds in production; undefined: it is about something else. */
function inProduction(source: Source, node: Node): boolean | undefined {
  const test = unwrap(node);
  if (test.type !== 'BinaryExpression' || !/^[!=]==?$/.test(test.operator)) return undefined;
  const sides = [test.left, test.right];
  const value = sides.map((side) => literalValue(source, side)).find((value) => typeof value === 'string');
  const isKind = sides.some((side) => memberPath(unwrap(side))?.split('.').at(-1) === 'NODE_ENV');
  return isKind && value !== undefined ? (value === 'production') === test.operator.startsWith('=') : undefined;
}

/** Whether it ends in production before it comes to its end, or may by another field. */
const endsEarly = (source: Source, body: Node): boolean =>
  body.type === 'BlockStatement' &&
  body.body.some((item) => {
    if (item.type !== 'IfStatement') return false;
    const { consequent } = item;
    const last = consequent.type === 'BlockStatement' ? consequent.body.at(-1) : consequent;
    return last?.type === 'ReturnStatement' && inProduction(source, item.test) !== false;
  });

/** The field that a test finds missing, by itself or where it is production: `!env.A`, `env.NODE_ENV === 'production' && !env.A`. */
function missingInProduction(source: Source, node: Node, object: string): ReturnType<typeof missingKey> {
  const test = unwrap(node);
  if (test.type !== 'LogicalExpression' || test.operator !== '&&') return missingKey(test, object);
  if (inProduction(source, test.left)) return missingInProduction(source, test.right, object);
  return inProduction(source, test.right) ? missingInProduction(source, test.left, object) : undefined;
}

/** The field that a test finds missing: `!env.A`, `!env[key]`, `env.A === undefined`. */
function missingKey(node: Node, object: string): { name: string } | { variable: string } | undefined {
  const test = unwrap(node);
  const isUndefined =
    test.type === 'BinaryExpression' && /^==/.test(test.operator) && memberPath(test.right) === 'undefined';
  const asked =
    test.type === 'UnaryExpression' && test.operator === '!' ? test.argument : isUndefined ? test.left : undefined;
  const at = asked && unwrap(asked);
  if (at?.type !== 'MemberExpression' || memberPath(at.object) !== object) return undefined;
  if (!at.computed) return at.property.type === 'Identifier' ? { name: at.property.name } : undefined;
  if (at.property.type === 'Identifier') return { variable: at.property.name };
  return at.property.type === 'Literal' && typeof at.property.value === 'string'
    ? { name: at.property.value }
    : undefined;
}

/** The names that a loop goes through, where it goes through a list of them. */
function looped(source: Source, loop: Node, variable: string): readonly string[] {
  if (loop.type !== 'ForOfStatement' || loop.left.type !== 'VariableDeclaration') return [];
  const id = loop.left.declarations[0]?.id;
  const list = resolve(source, loop.right);
  if (id?.type !== 'Identifier' || id.name !== variable || list.type !== 'ArrayExpression') return [];
  return list.elements.flatMap((element) => {
    const value = element && literalValue(source, element);
    return typeof value === 'string' ? [value] : [];
  });
}
