/** What a value is where nobody sets a variable, and the variable that changes it: numbers of ports, names of hosts. */
import { type Expression, expressionsOf, pathOf, type Statement, statementsOf } from '../../formats/python/index.ts';
import { type App, type Module, resolve } from './app.ts';
import type { VariableRead } from './variable-read.ts';

/** A part of a text: what stands there, or the variable that says it, with its default. */
export type Piece = { readonly text?: string; readonly variable?: string };

/** What is known of the variables: those that an expression reads, and those that settings read. */
export type Reading = {
  readonly variableOf: (module: Module, one: Expression) => Pick<VariableRead, 'name' | 'default'> | undefined;
  readonly settings: readonly Pick<VariableRead, 'name' | 'default'>[];
};

type Scope = { readonly app: App; readonly module: Module; readonly reading: Reading };

/** Names are followed so far. */
const MAX_DEPTH = 10;

/** The parts of a value, in their order; undefined: it cannot be worked out. */
export const piecesOf = (scope: Scope, one: Expression, depth = 0): readonly Piece[] | undefined => {
  if (depth > MAX_DEPTH) return undefined;
  const inner = (value: Expression | undefined) => value && piecesOf(scope, value, depth + 1);
  const read = scope.reading.variableOf(scope.module, one);
  if (read) return [{ variable: read.name, ...(read.default === undefined ? {} : { text: read.default }) }];
  switch (one.kind) {
    case 'text':
    case 'number':
      return [{ text: one.value }];
    case 'none':
      return [];
    case 'name':
    case 'attribute':
      return ofName(scope, one, depth);
    case 'format':
      return joined(one.parts.map((part) => (typeof part === 'string' ? [{ text: part }] : inner(part))));
    case 'binary':
      return ofBinary(one.operator, inner(one.left), inner(one.right));
    case 'choice':
      return withDefault(inner(one.value), inner(one.otherwise));
    case 'call': {
      const [first] = one.args;
      const isCast = /^(int|str|float)$/.test(pathOf(one.callee) ?? '');
      return isCast ? inner(first?.value) : undefined;
    }
    default:
      return undefined;
  }
};

function joined(parts: readonly (readonly Piece[] | undefined)[]): readonly Piece[] | undefined {
  const known = parts.flatMap((part) => (part ? [part] : []));
  return known.length === parts.length ? known.flat() : undefined;
}

function ofBinary(
  operator: string,
  left: readonly Piece[] | undefined,
  right: readonly Piece[] | undefined,
): readonly Piece[] | undefined {
  if (operator === 'or') return withDefault(left, right);
  if (operator === '+') return joined([left, right]);
  const [form] = left ?? [];
  if (operator !== '%' || !right || form?.text === undefined || form.variable !== undefined) return undefined;
  const [before = '', after, ...more] = form.text.split(/%[sd]/);
  return after === undefined || more.length > 0 ? undefined : [{ text: before }, ...right, { text: after }];
}

/** A variable that has no default of its own gets the one behind it. */
function withDefault(
  first: readonly Piece[] | undefined,
  second: readonly Piece[] | undefined,
): readonly Piece[] | undefined {
  const [only, ...more] = first ?? [];
  if (!only) return second;
  if (only.variable === undefined || only.text !== undefined || more.length > 0) return first;
  const text = textOf(second);
  return [{ ...only, ...(text === undefined ? {} : { text }) }];
}

/** The text of all parts; undefined: one of them has none. */
export const textOf = (pieces: readonly Piece[] | undefined): string | undefined =>
  pieces && pieces.length > 0 && pieces.every(({ text }) => text !== undefined)
    ? pieces.map(({ text }) => text).join('')
    : undefined;

/** A name of the function around it, of the module or of another one; an option of the command line; a field of settings. */
function ofName(
  scope: Scope,
  one: Expression & { kind: 'name' | 'attribute' },
  depth: number,
): readonly Piece[] | undefined {
  const { app, module } = scope;
  const follow = (value: Expression | undefined, other = module) =>
    value && piecesOf({ ...scope, module: other }, value, depth + 1);
  const local = one.kind === 'name' ? localValue(module, one) : undefined;
  if (local) return follow(local);
  const whole = resolve(app, module, pathOf(one) ?? '');
  const assigned = assignedTo(app, whole);
  if (assigned) return follow(assigned.value, assigned.module);
  const option = optionNamed(module, one.name);
  if (option) return option === 'none' ? [] : follow(option);
  if (one.kind !== 'attribute') return undefined;
  const name = one.name.toUpperCase();
  const [field, ...others] = scope.reading.settings.filter(
    (use) => use.name === name || use.name.toUpperCase().endsWith(`_${name}`),
  );
  if (!field || others.length > 0) return undefined;
  return [{ variable: field.name, ...(field.default === undefined ? {} : { text: field.default }) }];
}

/** What a name of the innermost function around a place is: the value that it is assigned, or the default of a parameter. */
function localValue(module: Module, one: Expression & { kind: 'name' }): Expression | undefined {
  const around = statementsOf(module.syntax.body)
    .filter((of) => of.kind === 'function' && of.start <= one.start && one.end <= of.end)
    .at(-1);
  if (around?.kind !== 'function') return undefined;
  const assigned = statementsOf(around.body)
    .filter((of) => of.start < one.start && assigns(of, one.name))
    .at(-1);
  if (assigned?.kind === 'assign') return assigned.value;
  return around.parameters.find(({ name }) => name === one.name)?.fallback;
}

const assigns = (one: Statement, name: string): boolean =>
  one.kind === 'assign' && one.targets.some((target) => target.kind === 'name' && target.name === name);

/** What a module, or a class of one, assigns to a name that stands by its whole path. */
export function assignedTo(
  app: App,
  whole: string,
): { readonly module: Module; readonly value: Expression } | undefined {
  const parts = whole.split('.');
  const name = parts.at(-1) ?? '';
  const path = parts.slice(0, -1).join('.');
  const own = app.byName.get(path);
  const holder = own ?? app.byName.get(parts.slice(0, -2).join('.'));
  const body = own
    ? own.syntax.body
    : holder?.syntax.body.flatMap((one) => (one.kind === 'class' && one.name === parts.at(-2) ? one.body : []));
  const found = body?.findLast((one) => assigns(one, name));
  return holder && found?.kind === 'assign' && found.value ? { module: holder, value: found.value } : undefined;
}

/** The default of an option of the command line: `add_argument('--port', default=8080)`, `@click.option('--port', default=8080)`, `define('port', default=8080)`. */
function optionNamed(module: Module, name: string): Expression | 'none' | undefined {
  for (const one of expressionsOf(module.syntax.body)) {
    if (one.kind !== 'call' || !/(^|\.)(add_argument|option|Option|define)$/.test(pathOf(one.callee) ?? '')) continue;
    const isIt = one.args.some(
      ({ value }) => value.kind === 'text' && value.value.replace(/^-+/, '').replaceAll('-', '_') === name,
    );
    if (isIt) return one.args.find((argument) => argument.name === 'default')?.value ?? 'none';
  }
  return undefined;
}
