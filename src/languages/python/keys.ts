/** Keys without which a client is not made, whatever the code around it says of the variable. */
import { bots, keyedClients } from '../../catalog/python-packages.ts';
import { type Expression, expressionsOf, pathOf, statementsOf, valuesIn } from '../../formats/python/index.ts';
import { argumentFor } from './accessors.ts';
import { type App, inModule, type Module, resolve } from './app.ts';
import { importsOf, isBelow } from './import-roots.ts';
import { assignedTo } from './values.ts';
import type { VariableRead } from './variable-read.ts';

/** `given`: expressions that a client gets as its key, with its package; `readIn`: variables that clients of a module read by themselves, as nobody gives them one. */
export type Keys = {
  readonly given: ReadonlyMap<Expression, string>;
  readonly readIn: (module: Module) => readonly VariableRead[];
};

/** A client that needs a key: the value of the key where one is given, else the variable that it reads by itself. */
type Keyed = { readonly of: string; readonly value?: Expression; readonly variable?: string; readonly at: Expression };

/** The keys of the clients of an application. */
export function keysOf(app: App): Keys {
  const given = new Map<Expression, string>();
  const read = new Map<Module, VariableRead[]>();
  for (const module of app.modules)
    for (const { of, value, variable, at } of [...clientsIn(app, module), ...botsIn(app, module)]) {
      if (value) for (const inner of insideOf(app, module, value)) given.set(inner, of);
      else if (variable !== undefined) {
        const why = `${pathOf(at.kind === 'call' ? at.callee : at)} reads ${variable}, and raises without it`;
        const use = { name: variable, required: true, secret: true as const, external: of };
        read.set(module, [...(read.get(module) ?? []), { ...use, from: inModule(module, at.start, why) }]);
      }
    }
  return { given, readIn: (module) => read.get(module) ?? [] };
}

/** The clients that a module makes as soon as it is imported: one that a function or a branch makes may never be. */
function clientsIn(app: App, module: Module): readonly Keyed[] {
  const atOnce = module.syntax.body.filter(
    (one) => one.kind === 'assign' || (one.kind === 'other' && one.body.length === 0),
  );
  return expressionsOf(atOnce).flatMap((one): Keyed[] => {
    const path = one.kind === 'call' ? pathOf(one.callee) : undefined;
    const whole = path === undefined ? '' : resolve(app, module, path);
    if (one.kind !== 'call' || !Object.hasOwn(keyedClients, whole)) return [];
    const [of = ''] = whole.split('.');
    if (one.args.some(({ spread }) => spread)) return [];
    return (keyedClients[whole] ?? []).map(({ argument, variable }, at) => {
      const value = argumentFor(one.args, { name: argument, at });
      return { of, at: one, ...(value ? { value } : { variable }) };
    });
  });
}

/** The bots that a module makes or starts. */
function botsIn(app: App, module: Module): readonly Keyed[] {
  const imported = importsOf(module.syntax.body);
  const used = bots.filter(({ of }) => imported.some(({ path }) => isBelow(path, of)));
  if (used.length === 0) return [];
  return expressionsOf(module.syntax.body).flatMap((one) =>
    used.flatMap(({ of, call, argument }): Keyed[] => {
      if (one.kind !== 'call') return [];
      const isMethod = one.callee.kind === 'attribute' && `.${one.callee.name}` === call;
      if (!isMethod && resolve(app, module, pathOf(one.callee) ?? '') !== call) return [];
      const value = argumentFor(one.args, { name: argument, at: 0 });
      return value ? [{ of, value, at: one }] : [];
    }),
  );
}

/** A value with what is in it, also behind a name that it is given in the module or in another one. */
function insideOf(app: App, module: Module, value: Expression): readonly Expression[] {
  const local = statementsOf(module.syntax.body).flatMap((one) =>
    one.kind === 'assign' &&
    one.value &&
    value.kind === 'name' &&
    one.targets.some((target) => target.kind === 'name' && target.name === value.name)
      ? [one.value]
      : [],
  );
  const path = pathOf(value);
  const other = path === undefined || local.length > 0 ? undefined : assignedTo(app, resolve(app, module, path));
  return [value, ...local, ...(other ? [other.value] : [])].flatMap(valuesIn);
}
