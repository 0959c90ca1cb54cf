import { type Expression, pathOf, statementsOf } from '../../formats/python/index.ts';
import type { Known } from '../../model/evidence.ts';
import type { Facts, Variable } from '../../model/facts.ts';
import { detected } from '../../model/known.ts';
import { services } from '../../services/registry.gen.ts';
import type { PythonDetails, PythonObject } from '../../stacks/python.ts';
import { type App, inModule } from './app.ts';

type Collecting = NonNullable<PythonDetails['collects']>;

/** The files that pages name are put into one folder while the image is built, where the settings name that folder. */
export function collecting(
  app: App,
  object: PythonObject | undefined,
  variables: readonly Variable[],
): Collecting | undefined {
  if (object?.framework !== 'django' || !app.files.includes('manage.py')) return undefined;
  for (const module of app.modules) {
    for (const one of statementsOf(module.syntax.body)) {
      if (
        one.kind !== 'assign' ||
        !one.targets.some((target) => target.kind === 'name' && target.name === 'STATIC_ROOT')
      )
        continue;
      const output = one.value && lastText(one.value);
      if (output === undefined) continue;
      const argv = ['python', 'manage.py', 'collectstatic', '--noinput'];
      const value = { argv, env: throwaway(variables), output };
      return detected(value, [
        inModule(module, one.start, 'STATIC_ROOT names the folder of the files that pages ask for'),
      ]);
    }
  }
  return undefined;
}

/** The folder below the one of the project: `BASE_DIR / 'static'`, `os.path.join(BASE_DIR, 'static')`; undefined: it lies elsewhere or is computed. */
function lastText(one: Expression): string | undefined {
  const parts = partsOf(one);
  const path = parts?.join('/');
  return path !== undefined && /^[\w.-]+(\/[\w.-]+)*$/.test(path) && !path.split('/').includes('..') ? path : undefined;
}

function partsOf(one: Expression): readonly string[] | undefined {
  if (one.kind === 'text') return one.value.startsWith('/') ? undefined : [one.value.replace(/\/$/, '')];
  if (one.kind === 'binary' && one.operator === '/') {
    const right = partsOf(one.right);
    if (right === undefined) return undefined;
    return pathOf(one.left) === undefined ? joined(partsOf(one.left), right) : right;
  }
  if (one.kind !== 'call') return undefined;
  const name = pathOf(one.callee)?.split('.').at(-1);
  if (name === 'str' && one.args[0]) return partsOf(one.args[0].value);
  if (name === 'root' || name === 'path' || name === 'BASE_DIR') return textsOf(one.args.map(({ value }) => value));
  return name === 'join' || name === 'joinpath'
    ? textsOf(one.args.slice(name === 'join' ? 1 : 0).map(({ value }) => value))
    : undefined;
}

const joined = (left: readonly string[] | undefined, right: readonly string[]): readonly string[] | undefined =>
  left === undefined ? undefined : [...left, ...right];

const textsOf = (values: readonly Expression[]): readonly string[] | undefined => {
  const texts = values.flatMap((one) => (one.kind === 'text' ? [one.value.replace(/\/$/, '')] : []));
  return texts.length === values.length ? texts : undefined;
};

/** Values for what the settings demand, for this one instruction alone: nothing is asked and nothing is signed. */
const throwaway = (variables: readonly Variable[]): Readonly<Record<string, string>> =>
  Object.fromEntries(variables.filter(({ required }) => required).map((one) => [one.name, standIn(one)]));

function standIn({ kind, service, part, scheme, example }: Variable): string {
  const detection = services.find(({ name }) => name === service);
  if (detection?.embedded) return `${detection.schemes.at(-1)}://:memory:`;
  if (detection && part === 'url') return `${scheme ?? detection.schemes[0]}://build:build@127.0.0.1/build`;
  if (kind === 'boolean') return 'False';
  if (kind === 'number' || part === 'port') return '1';
  if (kind === 'url') return 'http://127.0.0.1';
  return example ?? 'only-for-the-build';
}

/** What an owner should know of settings that would answer nobody. */
export function djangoNotes(app: App, object: Known<PythonObject> | undefined): Facts['notes'] {
  if (object?.value.framework !== 'django') return [];
  return app.modules.flatMap((module) =>
    module.syntax.body.flatMap((one) => {
      if (
        one.kind !== 'assign' ||
        !one.targets.some((target) => target.kind === 'name' && target.name === 'ALLOWED_HOSTS')
      )
        return [];
      if (one.value?.kind !== 'list' || one.value.items.length > 0) return [];
      const from = [inModule(module, one.start, 'ALLOWED_HOSTS is empty')];
      const message = `${module.file} leaves ALLOWED_HOSTS empty: with DEBUG off every request is refused with 400. Read it from a variable.`;
      return [{ code: 'allowed-hosts', message, from }];
    }),
  );
}
