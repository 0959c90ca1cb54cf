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
  args.find((one) => one.name === name)?.value ??
  args.filter((one) => one.name === undefined && !one.spread)[at]?.value;

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
  one: Expression,
  getters: ReadonlySet<string>,
): AccessorReading | undefined {
  if (one.kind === 'subscript') {
    const path = pathOf(one.object);
    const [key] = one.index;
    return key && path !== undefined && resolve(app, module, path) === 'os.environ'
      ? { key, isDemanded: true }
      : undefined;
  }
  if (one.kind !== 'call') return undefined;
  const path = pathOf(one.callee);
  const whole = path === undefined ? '' : resolve(app, module, path);
  if (!getters.has(whole)) return undefined;
  const key = argumentFor(one.args, { name: 'key', at: 0 });
  const fallback = argumentFor(one.args, { name: 'default', at: 1 });
  return key && { key, ...(fallback ? { fallback } : {}), isDemanded: false };
}

/** The functions of an application that read the variable of a parameter. */
export function accessorsOf(app: App): Accessors {
  const found = new Map<string, Accessor>();
  for (const module of app.modules) {
    const statements = statementsOf(module.syntax.body);
    const methods = new Set(statements.flatMap((one) => (one.kind === 'class' ? one.body : [])));
    for (const one of statements) {
      if (one.kind !== 'function') continue;
      const isMethod = methods.has(one);
      const isBound = isMethod && ['self', 'cls'].includes(one.parameters[0]?.name ?? '');
      const parameters = isBound ? one.parameters.slice(1) : one.parameters;
      const accessor = accessorIn(app, module, one.body, parameters);
      if (accessor) found.set(isMethod ? `.${one.name}` : `${module.name}.${one.name}`, accessor);
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
  for (const one of expressionsOf(body)) {
    const reading = readingOf(app, module, one, plainGetters);
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
