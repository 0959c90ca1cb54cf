/** Functions of an application that read a variable by the name that they are given: `get_env("SECRET_KEY")`, `self.env_var(key="PORT")`. */
import { type Argument, type Expression, expressionsOf, pathOf, statementsOf } from '../../formats/python/index.ts';
import { type App, type Module, resolve } from './app.ts';

/** Such a function: which of its parameters is the name, and which one stands in where there is no variable. */
export type Accessor = {
  readonly name: Parameter;
  readonly fallback?: Parameter;
  /** what stands in whatever the call says */
  readonly value?: Expression;
  /** it raises where there is no variable */
  readonly required: boolean;
};

/** `at` counts what a call gives, without `self`. */
type Parameter = { readonly name: string; readonly at: number };

/** By `MODULE.FUNCTION`, and methods by `.METHOD`. */
export type Accessors = ReadonlyMap<string, Accessor>;

/** The argument of a call for a parameter. */
export const argumentFor = (args: readonly Argument[], { name, at }: Parameter): Expression | undefined =>
  args.find((argument) => argument.name === name)?.value ??
  args.filter((argument) => argument.name === undefined && !argument.spread)[at]?.value;

/** The accessor that a call calls; `path` is what it calls as it is written. */
export function accessorOf(accessors: Accessors, app: App, module: Module, path: string): Accessor | undefined {
  const whole = resolve(app, module, path);
  const method = path.includes('.') ? path.slice(path.lastIndexOf('.')) : undefined;
  return (
    accessors.get(whole) ?? accessors.get(`${module.name}.${path}`) ?? (method ? accessors.get(method) : undefined)
  );
}

/** What a function of an application is made around; others also change what is set. */
const plainGetters = new Set(['os.getenv', 'os.environ.get']);

type AccessorReading = { readonly key: Expression; readonly fallback?: Expression; readonly isDemanded: boolean };

/** How an expression reads a variable: `os.getenv(key, default)`, `os.environ[key]`; `getters` are the calls that do. */
export function readingOf(
  app: App,
  module: Module,
  expression: Expression,
  getters: ReadonlySet<string>,
): AccessorReading | undefined {
  if (expression.kind === 'subscript') {
    const path = pathOf(expression.object);
    const [key] = expression.index;
    return key && path !== undefined && resolve(app, module, path) === 'os.environ'
      ? { key, isDemanded: true }
      : undefined;
  }
  if (expression.kind !== 'call') return undefined;
  const path = pathOf(expression.callee);
  const whole = path === undefined ? '' : resolve(app, module, path);
  if (!getters.has(whole)) return undefined;
  const key = argumentFor(expression.args, { name: 'key', at: 0 });
  const fallback = argumentFor(expression.args, { name: 'default', at: 1 });
  return key && { key, ...(fallback ? { fallback } : {}), isDemanded: false };
}

/** The functions of an application that read the variable of a parameter. */
export function accessorsOf(app: App): Accessors {
  const found = new Map<string, Accessor>();
  for (const module of app.modules) {
    const statements = statementsOf(module.syntax.body);
    const methods = new Set(statements.flatMap((statement) => (statement.kind === 'class' ? statement.body : [])));
    for (const statement of statements) {
      if (statement.kind !== 'function') continue;
      const isMethod = methods.has(statement);
      const isBound = isMethod && ['self', 'cls'].includes(statement.parameters[0]?.name ?? '');
      const parameters = isBound ? statement.parameters.slice(1) : statement.parameters;
      const accessor = accessorIn(app, module, statement.body, parameters);
      if (accessor) found.set(isMethod ? `.${statement.name}` : `${module.name}.${statement.name}`, accessor);
    }
  }
  return found;
}

type Parameters = readonly { readonly name: string; readonly fallback?: Expression }[];
type Body = Module['syntax']['body'];

function accessorIn(app: App, module: Module, body: Body, parameters: Parameters): Accessor | undefined {
  const parameterOf = (value: Expression | undefined): Parameter | undefined => {
    const at = value?.kind === 'name' ? parameters.findIndex(({ name }) => name === value.name) : -1;
    return at === -1 ? undefined : { name: parameters[at]?.name ?? '', at };
  };
  for (const expression of expressionsOf(body)) {
    const reading = readingOf(app, module, expression, plainGetters);
    const name = parameterOf(reading?.key);
    if (!reading || !name) continue;
    const fallback = parameterOf(reading.fallback);
    const value = fallback ? parameters[fallback.at]?.fallback : reading.fallback;
    const raises = statementsOf(body).some(({ kind }) => kind === 'raise');
    return {
      name,
      ...(fallback ? { fallback } : {}),
      ...(value && value.kind !== 'none' ? { value } : {}),
      required: (reading.isDemanded || raises) && !reading.fallback,
    };
  }
  return undefined;
}
