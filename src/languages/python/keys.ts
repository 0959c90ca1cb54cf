/** Keys without which a client is not made, whatever the code around it says of the variable. */
import { keyedClients } from '../../catalog/python-packages.ts';
import { type Expression, expressionsOf, pathOf, statementsOf, valuesIn } from '../../formats/python/index.ts';
import { argumentFor } from './accessors.ts';
import { type App, inModule, type Module, resolve } from './app.ts';
import type { Use } from './use.ts';

/** `given`: expressions that a client gets as its key, with its package; `read`: variables that clients read by themselves, as nobody gives them one. */
export type Keys = { readonly given: ReadonlyMap<Expression, string>; readonly read: readonly Use[] };

/** The keys of the clients that a module makes as soon as it is imported: one that a function or a branch makes may never be. */
export function keysOf(app: App, module: Module): Keys {
  const given = new Map<Expression, string>();
  const read: Use[] = [];
  const atOnce = module.syntax.body.filter(
    (one) => one.kind === 'assign' || (one.kind === 'other' && one.body.length === 0),
  );
  for (const one of expressionsOf(atOnce)) {
    const path = one.kind === 'call' ? pathOf(one.callee) : undefined;
    const whole = path === undefined ? '' : resolve(app, module, path);
    if (one.kind !== 'call' || !Object.hasOwn(keyedClients, whole)) continue;
    const [party = ''] = whole.split('.');
    if (one.args.some(({ spread }) => spread)) continue;
    for (const [at, { argument, variable }] of (keyedClients[whole] ?? []).entries()) {
      const value = argumentFor(one.args, { name: argument, at });
      const from = inModule(module, one.start, `${whole} reads ${variable}, and raises without it`);
      if (!value) read.push({ name: variable, required: true, secret: true, external: party, from });
      else for (const inner of insideOf(module, value)) given.set(inner, party);
    }
  }
  return { given, read };
}

/** A value with what is in it, also behind a name that it is given in the module. */
function insideOf(module: Module, value: Expression): readonly Expression[] {
  const named = statementsOf(module.syntax.body).flatMap((one) =>
    one.kind === 'assign' &&
    one.value &&
    value.kind === 'name' &&
    one.targets.some((target) => target.kind === 'name' && target.name === value.name)
      ? [one.value]
      : [],
  );
  return [value, ...named].flatMap(valuesIn);
}
