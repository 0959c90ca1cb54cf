/** Reads of variables that a deployment does without: those of what is switched off, and of scripts that nothing of it runs. */
import { posix } from 'node:path';
import {
  type Expression,
  expressionsOf,
  pathOf,
  type Statement,
  statementsOf,
  valuesIn,
} from '../../formats/python/index.ts';
import { type App, type Module, resolve } from './app.ts';
import { importsOf } from './import-roots.ts';
import { isGuard } from './programs.ts';

/** What is known of the settings that a test asks for: the default of a variable by its name. */
export type Defaults = ReadonlyMap<string, string | undefined>;

type Plain = string | boolean | undefined;
type Value = { readonly is: Plain };

/** Every expression that only runs where something is switched on that is off unless somebody asks for it. */
export function optionalIn(app: App, module: Module, defaults: Defaults): ReadonlySet<Expression> {
  const found = new Set<Expression>();
  const add = (body: readonly Statement[]) => {
    for (const one of expressionsOf(body)) found.add(one);
  };
  for (const one of statementsOf(module.syntax.body))
    if (one.kind === 'if')
      for (const { test, body } of one.branches) if (test && isOption(app, module, test, defaults)) add(body);
  for (const one of expressionsOf(module.syntax.body))
    if (one.kind === 'choice' && isOption(app, module, one.test, defaults))
      for (const inner of valuesIn(one.value)) found.add(inner);
  return found;
}

/** The words of what a test asks for: names of variables and settings, and the texts that they are compared with. */
function wordsOf(one: Expression): readonly string[] {
  switch (one.kind) {
    case 'name':
    case 'attribute':
      return splitName(one.name);
    case 'text':
      return splitName(one.value);
    case 'subscript':
      return one.index.flatMap(wordsOf);
    case 'call': {
      const [first] = one.args;
      if (first?.value.kind === 'text') return wordsOf(first.value);
      const of = one.callee.kind === 'attribute' ? wordsOf(one.callee.object) : [];
      return [...of, ...one.args.flatMap(({ value }) => wordsOf(value))];
    }
    case 'binary':
      return [...wordsOf(one.left), ...wordsOf(one.right)];
    case 'list':
      return one.items.flatMap(wordsOf);
    case 'other':
      return one.inside.flatMap(wordsOf);
    default:
      return [];
  }
}

const splitName = (text: string): readonly string[] => text.toLowerCase().split(/[^a-z0-9]+/);

const ofProduction = new Set(['prod', 'production', 'live', 'staging', 'release', 'name', 'main']);
const ofDevelopment = new Set(['debug', 'dev', 'develop', 'development', 'local', 'test', 'testing']);
const ofPlaces = new Set(['env', 'environment', 'stage', 'deployment']);

/** Whether what stands below a test is an option of the deployment: only somebody who wants it sets its variables. */
function isOption(app: App, module: Module, test: Expression, defaults: Defaults): boolean {
  const words = wordsOf(test);
  const has = (some: ReadonlySet<string>) => words.some((word) => some.has(word));
  // where a test asks for the place that it runs in, a deployment is production
  if (has(ofProduction)) return false;
  const isPlain = ['name', 'attribute', 'call'].includes(test.kind);
  if (has(ofDevelopment)) return isPlain || (test.kind === 'binary' && test.operator === '==');
  if (has(ofPlaces)) return false;
  const value = worthOf(app, module, test, defaults, 0);
  return value ? !value.is : isSwitch(test);
}

/** Whether a test that cannot be worked out is a switch by its name, or chooses one of several kinds. */
function isSwitch(test: Expression): boolean {
  if (test.kind === 'binary')
    return test.operator === '==' && [test.left, test.right].some(({ kind }) => kind === 'text');
  const name = test.kind === 'name' || test.kind === 'attribute' ? test.name : undefined;
  return name !== undefined && /^(use|enable|with|has)_|_enabled$|^enabled$/i.test(name);
}

const getters = new Set(['os.getenv', 'os.environ.get']);

/** What a value is where nobody sets a variable; undefined: it cannot be worked out. */
function worthOf(app: App, module: Module, one: Expression, defaults: Defaults, depth: number): Value | undefined {
  if (depth > 8) return undefined;
  const inner = (other: Expression) => worthOf(app, module, other, defaults, depth + 1);
  switch (one.kind) {
    case 'text':
      return { is: one.value };
    case 'number':
      return { is: one.value === '0' ? '' : one.value };
    case 'boolean':
      return { is: one.value };
    case 'none':
      return { is: undefined };
    case 'name':
    case 'attribute':
      return namedValue(app, module, one, defaults, depth);
    case 'call':
      return calledValue(app, module, one, inner);
    case 'binary':
      return comparedValue(one, inner);
    default:
      return undefined;
  }
}

type Inner = (one: Expression) => Value | undefined;

/** A name of a module is what it is assigned once; a setting has the default of its variable. */
function namedValue(
  app: App,
  module: Module,
  one: Expression & { kind: 'name' | 'attribute' },
  defaults: Defaults,
  depth: number,
): Value | undefined {
  const path = pathOf(one);
  const whole = path === undefined ? '' : resolve(app, module, path);
  const cut = whole.lastIndexOf('.');
  const other = app.byName.get(whole.slice(0, cut));
  const assigned = (other?.syntax.body ?? []).filter(
    (statement) =>
      statement.kind === 'assign' &&
      statement.targets.some((target) => target.kind === 'name' && target.name === whole.slice(cut + 1)),
  );
  const [only] = assigned;
  if (other && assigned.length === 1 && only?.kind === 'assign' && only.value)
    return worthOf(app, other, only.value, defaults, depth + 1);
  const name = one.name.toUpperCase();
  if (one.kind !== 'attribute' || !defaults.has(name)) return undefined;
  const text = defaults.get(name);
  return text === undefined ? undefined : { is: isFalse(text) ? false : text };
}

const isFalse = (text: string): boolean => /^(|false|none|0)$/i.test(text);

function calledValue(app: App, module: Module, one: Expression & { kind: 'call' }, inner: Inner): Value | undefined {
  const path = pathOf(one.callee);
  const whole = path === undefined ? '' : resolve(app, module, path);
  const [first, second] = one.args;
  const fallback = one.args.find(({ name }) => name === 'default') ?? second;
  if (getters.has(whole)) return fallback ? inner(fallback.value) : { is: undefined };
  if (whole === 'bool' && first) return inner(first.value);
  if (one.callee.kind !== 'attribute' || first) {
    // `config('USE_X', default=False, cast=bool)`, `env.bool('USE_X', False)`
    const given = first?.value.kind === 'text' && fallback ? inner(fallback.value) : undefined;
    return given && typeof given.is === 'string' && isFalse(given.is) ? { is: false } : given;
  }
  const of = inner(one.callee.object);
  if (typeof of?.is !== 'string') return undefined;
  if (one.callee.name === 'lower') return { is: of.is.toLowerCase() };
  if (one.callee.name === 'upper') return { is: of.is.toUpperCase() };
  return one.callee.name === 'strip' ? { is: of.is.trim() } : undefined;
}

function comparedValue(one: Expression & { kind: 'binary' }, inner: Inner): Value | undefined {
  const left = inner(one.left);
  if (one.operator === 'in' && one.right.kind === 'list') {
    const items = one.right.items.map(inner);
    return left && items.every((item) => item) ? { is: items.some((item) => item?.is === left.is) } : undefined;
  }
  const right = inner(one.right);
  if (one.operator === 'and') {
    // one that is off is enough
    if ((left && !left.is) || (right && !right.is)) return { is: false };
    return left && right && { is: true };
  }
  if (!left || !right) return undefined;
  if (one.operator === 'or') return { is: Boolean(left.is || right.is) };
  if (one.operator === '==' || one.operator === 'is') return { is: left.is === right.is };
  return one.operator === '!=' || one.operator === 'is not' ? { is: left.is !== right.is } : undefined;
}

/** Modules that something finds by their names alone. */
const byTheirNames = /^(manage|wsgi|asgi|apps|models|admin|urls|env|__init__|__main__)\.py$/;
const isFoundByName = (name: string): boolean => byTheirNames.test(name) || /conf|settings/.test(name);

/**
 * Scripts that somebody runs by hand: modules in the root, with a main guard, or commands of the framework, that nothing imports or names, and
 * that do not start in the deployment. `starting`: the files that do; without any nothing is known of the others.
 */
export function scriptsOf(app: App, starting: readonly string[]): ReadonlySet<Module> {
  if (starting.length === 0) return new Set();
  const words = app.config.start ?? [];
  const isMentioned = mentions(app.modules);
  return new Set(
    app.modules.filter((module) => {
      const { file, name } = module;
      if (starting.includes(file) || words.some((word) => word === file || word.split(':')[0] === name)) return false;
      if (isFoundByName(posix.basename(file))) return false;
      const isRun = !file.includes('/') || file.includes('management/commands/') || module.syntax.body.some(isGuard);
      return isRun && !isMentioned(module, name) && !isMentioned(module, file);
    }),
  );
}

/** Whether another module than one mentions a path, or what is below it. */
function mentions(modules: readonly Module[]): (module: Module, path: string) => boolean {
  const found = new Map<string, Set<Module>>();
  for (const module of modules)
    for (const path of mentionedBy(module))
      for (const one of pathsAbove(path)) {
        const by = found.get(one) ?? new Set<Module>();
        found.set(one, by);
        // two tell that another one than the asking does
        if (by.size < 2) by.add(module);
      }
  return (module, path) => [...(found.get(path) ?? [])].some((other) => other !== module);
}

/** Most texts are no paths, and none is as long as this. */
const MAX_PATH = 1_000;

/** A dotted path, and those that it is below. */
function pathsAbove(path: string): readonly string[] {
  const found = [path];
  if (path.length > MAX_PATH) return found;
  for (let at = path.lastIndexOf('.'); at > 0; at = path.lastIndexOf('.', at - 1)) found.push(path.slice(0, at));
  return found;
}

/** The dotted paths that a module imports, and those that stand in its texts, with names of files. */
const mentionedBy = ({ names, syntax }: Module): readonly string[] => [
  ...names.values(),
  ...importsOf(syntax.body).flatMap(({ level, path }) => (level === 0 ? [path] : [])),
  ...expressionsOf(syntax.body).flatMap((one) => (one.kind === 'text' ? [one.value, one.value.replace(':', '.')] : [])),
];
