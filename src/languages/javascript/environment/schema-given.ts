/** Objects that a schema checks, whose values are variables: `schema.parse({ port: process.env.APP_PORT })`. */
import {
  literalValue,
  memberPath,
  type Node,
  nodesOf,
  property,
  type Source,
  unwrap,
} from '../../../formats/source/index.ts';
import { givenFor } from '../evaluate/call-arguments.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { trace } from '../evaluate/trace.ts';
import type { SchemaField } from '../evaluate/types.ts';
import { isProduction } from './requiredness.ts';

/** The fields by the variables that an object gives them: `{ port: process.env.APP_PORT }`; what it gives otherwise is no variable. */
export function asGiven(
  context: AnalysisContext,
  source: Source,
  fields: readonly SchemaField[],
  given: Node,
  depth: number,
): readonly SchemaField[] {
  const target = trace(context, source, given, depth + 1);
  if (target.kind !== 'syntax' || target.node.type !== 'ObjectExpression') return fields;
  const { node } = target;
  // `{ ...defaults, retries: process.env.RETRIES }` takes the rest from elsewhere
  const whole = node.properties.some(
    (item) => item.type === 'SpreadElement' && givesEnvironment(context, target.source, item.argument, depth + 1),
  );
  return fields.flatMap((field) => {
    const value = property(node, field.name);
    if (!value) return whole ? [field] : [];
    const arms = armsOf(target.source, value);
    const ways = arms.map((arm) => ofArm(context, target.source, field, arm, depth));
    // what only one way of several takes is not needed on the other
    return arms.length === 1 ? ways.flat() : ways.flat().map(asOptional);
  });
}

const asOptional = ({ fields, ...field }: SchemaField): SchemaField => ({
  ...field,
  required: false,
  ...(fields ? { fields: fields.map(asOptional) } : {}),
});

function ofArm(
  context: AnalysisContext,
  source: Source,
  field: SchemaField,
  arm: Node,
  depth: number,
): readonly SchemaField[] {
  const { fields, ...alone } = field;
  const table = fields && trace(context, source, arm, depth + 1);
  if (fields && table?.kind === 'syntax' && table.node.type === 'ObjectExpression') {
    const inside = asGiven(context, table.source, fields, table.node, depth + 1);
    return inside.length > 0 ? [{ ...field, key: field.name, fields: inside }] : [];
  }
  const from = variableIn(context, source, arm, depth);
  return from ? [{ ...alone, ...from, key: field.name, required: field.required && from.required }] : [];
}

/**
 * The expressions that a value comes to where the application is deployed: of `NODE_ENV === 'test' ? a : b` the one that is no test's, of any other choice
 * both.
 */
function armsOf(source: Source, value: Node): readonly Node[] {
  const node = unwrap(value);
  if (node.type !== 'ConditionalExpression') return [node];
  const holds = holdsInProduction(source, node.test);
  if (holds !== undefined) return armsOf(source, holds ? node.consequent : node.alternate);
  return [...armsOf(source, node.consequent), ...armsOf(source, node.alternate)];
}

/** Whether a test holds in production; undefined: it asks for something else than the mode. */
function holdsInProduction(source: Source, test: Node): boolean | undefined {
  const at = unwrap(test);
  if (at.type === 'UnaryExpression' && at.operator === '!') {
    const inner = holdsInProduction(source, at.argument);
    return inner === undefined ? undefined : !inner;
  }
  if (at.type !== 'BinaryExpression') return isProduction(source, at) ? true : undefined;
  const sides = [at.left, at.right].map(unwrap);
  const isMode = sides.some((side) => memberPath(side)?.split('.').at(-1) === 'NODE_ENV');
  const mode = sides.map((side) => literalValue(source, side)).find((value) => typeof value === 'string');
  if (!isMode || mode === undefined || !/^[=!]==?$/.test(at.operator)) return undefined;
  return (mode === 'production') !== at.operator.startsWith('!');
}

/** The variable that a value is, or is made of: `Number(process.env.PORT ?? 80)`, which has a default. */
export function variableIn(
  context: AnalysisContext,
  source: Source,
  value: Node,
  depth: number,
): { name: string; required: boolean } | undefined {
  const whole = trace(context, source, value, depth + 1);
  if (whole.kind === 'variable') return { name: whole.name, required: whole.fallback === undefined };
  const parts = nodesOf(unwrap(value), 'MemberExpression').map((node) => trace(context, source, node, depth + 1));
  const found = parts.find((part) => part.kind === 'variable');
  return found?.kind === 'variable'
    ? { name: found.name, required: nodesOf(unwrap(value), 'LogicalExpression').length === 0 }
    : undefined;
}

/** `process.env`, or an object that spreads it or lists variables of it. */
export function givesEnvironment(context: AnalysisContext, source: Source, node: Node, depth: number): boolean {
  const target = trace(context, source, node, depth + 1);
  if (target.kind === 'environment') return true;
  // a parameter that gets it from a caller: `readEnv(process.env)`
  if (target.kind === 'syntax' && target.node.type === 'Identifier' && depth < 20) {
    const given = givenFor(context, target.source, target.node);
    return given.some((item) => trace(context, item.source, item.node, depth + 1).kind === 'environment');
  }
  if (target.kind !== 'syntax' || target.node.type !== 'ObjectExpression') return false;
  return target.node.properties.some((item) =>
    item.type === 'SpreadElement'
      ? trace(context, target.source, item.argument, depth + 1).kind === 'environment'
      : variableIn(context, target.source, item.value, depth) !== undefined ||
        (depth < deepestTable && givesTable(context, target.source, item.value, depth + 1)),
  );
}

/** How far down tables inside of tables are followed for a variable. */
const deepestTable = 4;

/** Whether a value is a table that lists variables, kept under a name: `{ db: settings.db }`. */
const givesTable = (context: AnalysisContext, source: Source, value: Node, depth: number): boolean =>
  armsOf(source, value).some((arm) => {
    const target = trace(context, source, arm, depth + 1);
    const isTable = target.kind === 'syntax' && target.node.type === 'ObjectExpression';
    return isTable && target.node !== arm && givesEnvironment(context, source, arm, depth + 1);
  });
