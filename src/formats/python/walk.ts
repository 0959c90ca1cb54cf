import type { Argument, Expression, Statement } from './types.ts';

/** Every value in some statements, also in what stands below them, from the outside to the inside. */
export function expressionsOf(body: readonly Statement[]): readonly Expression[] {
  const found: Expression[] = [];
  const add = (one: Expression | undefined): void => {
    if (!one) return;
    found.push(one);
    for (const inner of insideOf(one)) add(inner);
  };
  for (const statement of statementsOf(body)) for (const one of valuesOf(statement)) add(one);
  return found;
}

/** A value with every value in it, from the outside to the inside. */
export const valuesIn = (one: Expression): readonly Expression[] => [one, ...insideOf(one).flatMap(valuesIn)];

/** Every statement, with those below it. */
export const statementsOf = (body: readonly Statement[]): readonly Statement[] =>
  body.flatMap((one) => [one, ...statementsOf(bodiesOf(one))]);

/** The statements below a statement. */
function bodiesOf(one: Statement): readonly Statement[] {
  if (one.kind === 'if') return one.branches.flatMap(({ body }) => body);
  return one.kind === 'function' || one.kind === 'class' || one.kind === 'other' ? one.body : [];
}

const argumentValues = (args: readonly Argument[]): readonly Expression[] => args.map(({ value }) => value);

/** The values that stand in a statement itself. */
function valuesOf(one: Statement): readonly Expression[] {
  switch (one.kind) {
    case 'assign':
      return [...one.targets, ...(one.type ? [one.type] : []), ...(one.value ? [one.value] : [])];
    case 'function':
      return [...one.decorators, ...one.parameters.flatMap(({ fallback }) => fallback ?? [])];
    case 'class':
      return [...one.decorators, ...argumentValues(one.bases)];
    case 'if':
      return one.branches.flatMap(({ test }) => test ?? []);
    case 'return':
    case 'raise':
      return one.value ? [one.value] : [];
    case 'other':
      return one.values;
    default:
      return [];
  }
}

/** The values directly inside a value. */
function insideOf(one: Expression): readonly Expression[] {
  switch (one.kind) {
    case 'format':
      return one.parts.filter((part) => typeof part !== 'string');
    case 'attribute':
      return [one.object];
    case 'subscript':
      return [one.object, ...one.index];
    case 'call':
      return [one.callee, ...argumentValues(one.args)];
    case 'list':
      return one.items;
    case 'dictionary':
      return one.entries.flat();
    case 'binary':
      return [one.left, one.right];
    case 'choice':
      return [one.test, one.value, one.otherwise];
    case 'other':
      return one.inside;
    default:
      return [];
  }
}

/** `a.b.c` as it is written; undefined: something else than names stands there. */
export function pathOf(one: Expression): string | undefined {
  if (one.kind === 'name') return one.name;
  if (one.kind !== 'attribute') return undefined;
  const object = pathOf(one.object);
  return object === undefined ? undefined : `${object}.${one.name}`;
}
