import type { Argument, Expression, Statement } from './types.ts';

/** The expressions of each body: every reader of facts asks for them. */
const inBodies = new WeakMap<readonly Statement[], readonly Expression[]>();

/** Every value in some statements, also in what stands below them, from the outside to the inside. */
export function expressionsOf(body: readonly Statement[]): readonly Expression[] {
  const known = inBodies.get(body);
  if (known) return known;
  const found: Expression[] = [];
  const add = (expression: Expression | undefined): void => {
    if (!expression) return;
    found.push(expression);
    for (const inner of insideOf(expression)) add(inner);
  };
  for (const statement of statementsOf(body)) for (const value of valuesOf(statement)) add(value);
  inBodies.set(body, found);
  return found;
}

/** A value with every value in it, from the outside to the inside. */
export const valuesIn = (expression: Expression): readonly Expression[] => [
  expression,
  ...insideOf(expression).flatMap(valuesIn),
];

/** Every statement, with those below it. */
export const statementsOf = (body: readonly Statement[]): readonly Statement[] =>
  body.flatMap((statement) => [statement, ...statementsOf(bodiesOf(statement))]);

/** The statements below a statement. */
function bodiesOf(statement: Statement): readonly Statement[] {
  if (statement.kind === 'if') return statement.branches.flatMap(({ body }) => body);
  return statement.kind === 'function' || statement.kind === 'class' || statement.kind === 'other'
    ? statement.body
    : [];
}

const argumentValues = (args: readonly Argument[]): readonly Expression[] => args.map(({ value }) => value);

/** The values that stand in a statement itself. */
function valuesOf(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case 'assign':
      return [
        ...statement.targets,
        ...(statement.type ? [statement.type] : []),
        ...(statement.value ? [statement.value] : []),
      ];
    case 'function':
      return [...statement.decorators, ...statement.parameters.flatMap(({ fallback }) => fallback ?? [])];
    case 'class':
      return [...statement.decorators, ...argumentValues(statement.bases)];
    case 'if':
      return statement.branches.flatMap(({ test }) => test ?? []);
    case 'return':
    case 'raise':
      return statement.value ? [statement.value] : [];
    case 'other':
      return statement.values;
    default:
      return [];
  }
}

/** The values directly inside a value. */
function insideOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'format':
      return expression.parts.filter((part) => typeof part !== 'string');
    case 'attribute':
      return [expression.object];
    case 'subscript':
      return [expression.object, ...expression.index];
    case 'call':
      return [expression.callee, ...argumentValues(expression.args)];
    case 'list':
      return expression.items;
    case 'dictionary':
      return expression.entries.flat();
    case 'binary':
      return [expression.left, expression.right];
    case 'choice':
      return [expression.test, expression.value, expression.otherwise];
    case 'other':
      return expression.inside;
    default:
      return [];
  }
}

/** `a.b.c` as it is written; undefined: something else than names stands there. */
export function pathOf(expression: Expression): string | undefined {
  if (expression.kind === 'name') return expression.name;
  if (expression.kind !== 'attribute') return undefined;
  const object = pathOf(expression.object);
  return object === undefined ? undefined : `${object}.${expression.name}`;
}
