import { type Expression, expressionsOf, pathOf, type Statement, statementsOf } from '../../formats/python/index.ts';
import type { Known } from '../../model/evidence.ts';
import type { Dependency, Facts, Variable } from '../../model/facts.ts';
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
    for (const statement of statementsOf(module.syntax.body)) {
      if (
        statement.kind !== 'assign' ||
        !statement.targets.some((target) => target.kind === 'name' && target.name === 'STATIC_ROOT')
      )
        continue;
      const output = statement.value && lastText(statement.value);
      if (output === undefined) continue;
      const argv = ['python', 'manage.py', 'collectstatic', '--noinput'];
      const value = { argv, env: throwaway(variables), output };
      return detected(value, [inModule(module, statement.start, 'STATIC_ROOT is the folder of the static files')]);
    }
  }
  return undefined;
}

/** The folder below the one of the project: `BASE_DIR / 'static'`, `os.path.join(BASE_DIR, 'static')`; undefined: it lies elsewhere or is computed. */
function lastText(expression: Expression): string | undefined {
  const parts = partsOf(expression);
  const path = parts?.join('/');
  return path !== undefined && /^[\w.-]+(\/[\w.-]+)*$/.test(path) && !path.split('/').includes('..') ? path : undefined;
}

function partsOf(expression: Expression): readonly string[] | undefined {
  if (expression.kind === 'text')
    return expression.value.startsWith('/') ? undefined : [expression.value.replace(/\/$/, '')];
  if (expression.kind === 'binary' && expression.operator === '/') {
    const right = partsOf(expression.right);
    if (right === undefined) return undefined;
    return pathOf(expression.left) === undefined ? joined(partsOf(expression.left), right) : right;
  }
  if (expression.kind !== 'call') return undefined;
  const name = pathOf(expression.callee)?.split('.').at(-1);
  if (name === 'str' && expression.args[0]) return partsOf(expression.args[0].value);
  if (name === 'root' || name === 'path' || name === 'BASE_DIR')
    return textsOf(expression.args.map(({ value }) => value));
  return name === 'join' || name === 'joinpath'
    ? textsOf(expression.args.slice(name === 'join' ? 1 : 0).map(({ value }) => value))
    : undefined;
}

const joined = (left: readonly string[] | undefined, right: readonly string[]): readonly string[] | undefined =>
  left === undefined ? undefined : [...left, ...right];

const textsOf = (values: readonly Expression[]): readonly string[] | undefined => {
  const texts = values.flatMap((value) => (value.kind === 'text' ? [value.value.replace(/\/$/, '')] : []));
  return texts.length === values.length ? texts : undefined;
};

/** Values for what the settings demand, for this one instruction alone: nothing is asked and nothing is signed. */
const throwaway = (variables: readonly Variable[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    variables.filter(({ required }) => required).map((variable) => [variable.name, standIn(variable)]),
  );

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
export function djangoNotes(
  app: App,
  object: Known<PythonObject> | undefined,
  dependencies: readonly Dependency[],
): Facts['notes'] {
  if (object?.value.framework !== 'django') return [];
  return [...hostNotes(app), ...staticNotes(app, dependencies)];
}

function hostNotes(app: App): Facts['notes'] {
  return app.modules.flatMap((module) =>
    module.syntax.body.flatMap((statement) => {
      if (
        statement.kind !== 'assign' ||
        !statement.targets.some((target) => target.kind === 'name' && target.name === 'ALLOWED_HOSTS')
      )
        return [];
      if (statement.value?.kind !== 'list' || statement.value.items.length > 0) return [];
      const from = [inModule(module, statement.start, 'ALLOWED_HOSTS is empty')];
      const message = `${module.file} leaves ALLOWED_HOSTS empty: with DEBUG off, every request gets status 400. Read it from a variable.`;
      return [{ code: 'allowed-hosts', message, from }];
    }),
  );
}

/** Packages that give out static files, or keep them elsewhere. */
const servers = [
  'whitenoise',
  'dj-static',
  'servestatic',
  'django-storages',
  'cloudinary',
  'django-cloudinary-storage',
];

/** Files with which a web server before the application may give out its files. */
const webServer = /(^|\/)(Caddyfile|nginx[^/]*|[^/]*\.nginx)(\/|$)/i;

/** Where the application has static files that nobody would give out: `staticfiles` does so for `runserver` alone. */
function staticNotes(app: App, dependencies: readonly Dependency[]): Facts['notes'] {
  if (dependencies.some(({ name }) => servers.includes(name)) || app.files.some((file) => webServer.test(file)))
    return [];
  const texts = app.modules.flatMap((module) =>
    expressionsOf(module.syntax.body).flatMap((expression) =>
      expression.kind === 'text' ? [{ module, start: expression.start, text: expression.value }] : [],
    ),
  );
  const own = texts.find(({ text }) => text === 'django.contrib.staticfiles');
  const isServed =
    texts.some(({ text }) => /^(whitenoise|servestatic|storages)\./.test(text)) ||
    app.modules.some(({ names }) => [...names.values()].some((path) => path.startsWith('django.views.static'))) ||
    assignsIn(app, 'STATIC_URL').some(({ value }) => value?.kind === 'text' && /^(https?:)?\/\//.test(value.value));
  if (!own || isServed) return [];
  const root =
    assignsIn(app, 'STATIC_ROOT').length > 0 ? '' : ', and set STATIC_ROOT, the folder that they are collected in';
  const message = `With DEBUG off, nothing serves the static files, including those of the admin, so pages have no styles and scripts. Add whitenoise to the dependencies and "whitenoise.middleware.WhiteNoiseMiddleware" to MIDDLEWARE, right after SecurityMiddleware${root}.`;
  return [
    { code: 'static-not-served', message, from: [inModule(own.module, own.start, 'the application has static files')] },
  ];
}

/** Every assignment of a setting. */
const assignsIn = (app: App, name: string): readonly (Statement & { kind: 'assign' })[] =>
  app.modules.flatMap(({ syntax }) =>
    statementsOf(syntax.body).flatMap((statement) =>
      statement.kind === 'assign' && statement.targets.some((target) => target.kind === 'name' && target.name === name)
        ? [statement]
        : [],
    ),
  );
