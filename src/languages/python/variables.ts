import { isLoaderVariable } from '../../catalog/loader-variables.ts';
import {
  type Argument,
  type Expression,
  expressionsOf,
  pathOf,
  type Statement,
  statementsOf,
} from '../../formats/python/index.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { ValueKind } from '../../model/facts.ts';
import { isSecretName } from '../../model/secret-names.ts';
import { type Accessors, accessorOf, accessorsOf, argumentFor, readingOf } from './accessors.ts';
import { type App, inModule, type Module, present, resolve } from './app.ts';
import { keysOf } from './keys.ts';
import { optionalIn, scriptsOf } from './options.ts';
import { isSettings, settingsUses } from './settings.ts';
import type { Reading } from './values.ts';
import { plainText, type VariableRead } from './variable-read.ts';

/** Variables of the machine and of Python itself: nobody sets them for this application. */
const ofTheMachine =
  /^(HOME|PATH|PWD|USER|SHELL|TERM|TMPDIR|TMP|TEMP|LANG|LC_ALL|CI|HOSTNAME|VIRTUAL_ENV|DJANGO_SETTINGS_MODULE|PYTEST_.*|PYTHON[A-Z]+)$/;

/** Whether a deployment gives a variable of that name a value of its user. */
const isSettable = (name: string): boolean =>
  /^[A-Za-z_]\w*$/.test(name) && !ofTheMachine.test(name) && !isLoaderVariable(name);

const named = (args: readonly Argument[], ...names: string[]): Expression | undefined =>
  args.find(({ name }) => name !== undefined && names.includes(name))?.value;

const plain = (args: readonly Argument[], at: number): Expression | undefined =>
  args.filter(({ name, spread }) => name === undefined && !spread)[at]?.value;

/** Functions that give a variable or what is the default for it. */
const getters = new Set(['os.getenv', 'os.environ.get', 'os.environ.pop', 'os.environ.setdefault']);

/** Objects whose calls read variables, by what makes them: `config('X')` of decouple and Starlette, `env.str('X')` of environs and django-environ. */
const readers =
  /^(decouple\.(config|AutoConfig|Config)|starlette\.config\.Config|environs\.Env|environ\.(Env|FileAwareEnv))$/;

const kinds: Readonly<Record<string, ValueKind>> = {
  int: 'number',
  float: 'number',
  bool: 'boolean',
  url: 'url',
  dj_db_url: 'url',
  db: 'url',
  cache: 'url',
};

/** What several places say of one variable. */
export type ReadVariable = Omit<VariableRead, 'from' | 'secret'> & {
  readonly isSecret?: true;
  readonly from: Evidence[];
};

/** Every variable that the modules of an application read, those of settings classes too; `starting`: the files that start in the deployment. */
export const readVariables = (app: App, starting: readonly string[]): readonly ReadVariable[] =>
  mergeUses(usesOf(app, starting));

/** What each expression reads, and what the settings do, whatever runs in the deployment. */
export function readingOfApp(app: App): Reading {
  const made = readersOf(app);
  const accessors = accessorsOf(app);
  return {
    variableOf: (module, one) => useOf(app, module, one, made, new Set()) ?? ofAccessor(app, module, one, accessors),
    settings: app.modules.flatMap((module) => fieldsOf(app, module)),
  };
}

function usesOf(app: App, starting: readonly string[]): readonly VariableRead[] {
  const made = readersOf(app);
  const accessors = accessorsOf(app);
  const scripts = scriptsOf(app, starting);
  const keys = keysOf(app);
  const fields = app.modules.map((module) => ({ module, uses: fieldsOf(app, module) }));
  const defaults = new Map(fields.flatMap(({ uses }) => uses.map((one) => [one.name, one.default] as const)));
  return fields.flatMap(({ module, uses }) => {
    const guarded = guardedNames(module.syntax.body);
    const optional = optionalIn(app, module, defaults);
    const read = expressionsOf(module.syntax.body).flatMap((one) => {
      const found = useOf(app, module, one, made, guarded) ?? ofAccessor(app, module, one, accessors);
      if (!found) return [];
      if (optional.has(one)) return [{ ...found, required: false }];
      const external = keys.given.get(one);
      const isKey = external !== undefined && found.default === undefined;
      return [isKey ? { ...found, required: true, secret: true as const, external } : found];
    });
    const all = [...read, ...uses, ...keys.readIn(module)];
    return scripts.has(module) ? all.map((one) => ({ ...one, required: false })) : all;
  });
}

/** What the classes of settings of a module read. */
const fieldsOf = (app: App, module: Module): readonly VariableRead[] =>
  statementsOf(module.syntax.body)
    .filter((one) => isSettings(app, module, one))
    .flatMap((one) => settingsUses(app, module, one));

/** The names under which modules have a reader: `env = environ.Env()` is `shop.settings.env`. */
function readersOf(app: App): ReadonlySet<string> {
  const found = new Set(['decouple.config']);
  for (const module of app.modules) {
    for (const statement of statementsOf(module.syntax.body)) {
      if (statement.kind !== 'assign' || statement.value?.kind !== 'call') continue;
      const path = pathOf(statement.value.callee);
      const whole = path && resolve(app, module, path);
      if (whole === undefined || !readers.test(whole)) continue;
      for (const target of statement.targets) if (target.kind === 'name') found.add(`${module.name}.${target.name}`);
    }
  }
  return found;
}

/** Names that are asked for before they are read: `if 'X' in os.environ`. */
function guardedNames(body: readonly Statement[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const one of expressionsOf(body))
    if (one.kind === 'binary' && /^(not )?in$/.test(one.operator) && one.left.kind === 'text')
      found.add(one.left.value);
  return found;
}

function useOf(
  app: App,
  module: Module,
  one: Expression,
  made: ReadonlySet<string>,
  guarded: ReadonlySet<string>,
): VariableRead | undefined {
  const reading = readingOf(app, module, one, getters);
  if (reading) {
    const { key, fallback, isDemanded } = reading;
    if (key.kind !== 'text') return undefined;
    if (isDemanded) return use(module, one, key.value, { required: !guarded.has(key.value) });
    return use(module, one, key.value, { required: false, ...present('default', plainText(fallback)) });
  }
  if (one.kind !== 'call') return undefined;
  const path = pathOf(one.callee);
  const name = plain(one.args, 0) ?? named(one.args, 'key');
  if (path === undefined || name?.kind !== 'text') return undefined;
  const whole = resolve(app, module, path);
  const cut = whole.lastIndexOf('.');
  const method = made.has(whole) ? undefined : made.has(whole.slice(0, cut)) ? whole.slice(cut + 1) : undefined;
  if (!made.has(whole) && (method === undefined || /^(read_env|prefixed|list_)/.test(method))) return undefined;
  return ofReader(module, one, name.value, method);
}

/** A call of a function of the application that reads the variable of that name. */
function ofAccessor(app: App, module: Module, one: Expression, accessors: Accessors): VariableRead | undefined {
  const path = one.kind === 'call' ? pathOf(one.callee) : undefined;
  const accessor = path === undefined ? undefined : accessorOf(accessors, app, module, path);
  const name = accessor && one.kind === 'call' ? argumentFor(one.args, accessor.name) : undefined;
  if (!accessor || one.kind !== 'call' || name?.kind !== 'text') return undefined;
  const given = accessor.fallback && argumentFor(one.args, accessor.fallback);
  const value = plainText(given ?? accessor.value);
  return use(module, one, name.value, { required: accessor.required && !given, ...present('default', value) });
}

/** A reader demands what has no default. */
function ofReader(
  module: Module,
  call: Expression & { kind: 'call' },
  name: string,
  method: string | undefined,
): VariableRead {
  const given = named(call.args, 'default') ?? plain(call.args, 1);
  const cast = named(call.args, 'cast', 'var', 'subcast');
  const kind = kinds[method ?? ''] ?? (cast?.kind === 'name' ? kinds[cast.name] : undefined);
  return use(module, call, name, {
    required: given === undefined,
    ...present('default', plainText(given)),
    ...present('kind', kind),
  });
}

function use(
  module: Module,
  one: Expression,
  name: string,
  rest: Pick<VariableRead, 'required' | 'default' | 'kind'>,
): VariableRead {
  const purpose = module.syntax.comment(one.start);
  const standsIn = rest.default === undefined ? '' : `, ${JSON.stringify(rest.default)} is the default`;
  return {
    name,
    ...rest,
    ...present('purpose', purpose),
    from: inModule(module, one.start, `${name} is read${standsIn}`),
  };
}

function mergeUses(uses: readonly VariableRead[]): readonly ReadVariable[] {
  const byName = new Map<string, VariableRead[]>();
  for (const one of uses) if (isSettable(one.name)) byName.set(one.name, [...(byName.get(one.name) ?? []), one]);
  return [...byName].map(([name, all]) => {
    const value = all.find((one) => one.default !== undefined)?.default;
    const places = new Map(all.map(({ from }) => [`${from.file}:${from.line}`, from]));
    return {
      name,
      required: value === undefined && all.some(({ required }) => required),
      // a default that is there for developing is none of a secret
      ...(value === undefined || value === '' ? {} : { default: value }),
      ...present('kind', all.find((one) => one.kind)?.kind),
      ...present('purpose', all.find((one) => one.purpose !== undefined)?.purpose),
      ...(all.some(({ secret }) => secret) || isSecretName(name) ? { isSecret: true as const } : {}),
      ...present('external', all.find((one) => one.external !== undefined)?.external),
      from: [...places.values()],
    };
  });
}
