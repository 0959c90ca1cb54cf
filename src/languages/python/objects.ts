import { type Expression, expressionsOf, pathOf, type Statement, statementsOf } from '../../formats/python/index.ts';
import type { Evidence, Known, Unknown } from '../../model/evidence.ts';
import { detected } from '../../model/known.ts';
import type { PythonFramework, PythonObject } from '../../stacks/python.ts';
import { loadPythonFramework, pythonFrameworks } from '../../stacks/servers/python.registry.gen.ts';
import { type App, inModule, type Module, resolve } from './app.ts';
import { importsOf, isBelow } from './import-roots.ts';
import { names, type ServerCommand } from './platform.ts';
import { isGuard } from './programs.ts';

/** A framework that the sources use. */
export type UsedFramework = { readonly name: string; readonly title: string; readonly framework: PythonFramework };

/** The frameworks that the modules of an application import. */
export async function frameworksOf(app: App): Promise<readonly UsedFramework[]> {
  const paths = new Set(app.modules.flatMap(({ syntax }) => importsOf(syntax.body).map(({ path }) => path)));
  const found: UsedFramework[] = [];
  for (const { name, title, dependencies = [], uses = [] } of pythonFrameworks) {
    const imported = [...dependencies, ...uses];
    if (![...paths].some((path) => imported.some((one) => isBelow(path, one)))) continue;
    const framework = await loadPythonFramework(name);
    if (framework) found.push({ name, title, framework });
  }
  return found;
}

/** An object that answers requests, with where it is made and how likely it is the one that is meant. */
export type AppObject = {
  readonly object: PythonObject;
  readonly module: Module;
  readonly from: Evidence;
  readonly rank: number;
};

type AppFactory = { readonly name: string; readonly of: PythonFramework['makes'][string] };

/** What a value makes, where it is the call of a framework. */
function makingOf(
  app: App,
  module: Module,
  value: Expression | undefined,
  used: readonly UsedFramework[],
): AppFactory | undefined {
  for (const { name, framework } of used) {
    const call = framework.attribute === undefined ? value : objectOf(module, value, framework.attribute);
    const path = call?.kind === 'call' ? pathOf(call.callee) : undefined;
    const of = path === undefined ? undefined : framework.makes[resolve(app, module, path)];
    if (of) return { name, of };
  }
  return undefined;
}

/** The value whose attribute answers requests: what `app` is in `server = app.server`. */
function objectOf(module: Module, value: Expression | undefined, attribute: string): Expression | undefined {
  if (value?.kind !== 'attribute' || value.name !== attribute || value.object.kind !== 'name') return undefined;
  const { name } = value.object;
  const made = module.syntax.body.findLast(
    (one) => one.kind === 'assign' && one.targets.some((target) => target.kind === 'name' && target.name === name),
  );
  return made?.kind === 'assign' ? made.value : undefined;
}

/** Every object that a module makes by itself or by a function without demands, the likeliest first. */
export function appObjects(app: App, used: readonly UsedFramework[]): readonly AppObject[] {
  const found = app.modules.flatMap((module) =>
    importedIn(module.syntax.body).flatMap((statement) => [
      ...assigned(app, module, statement, used),
      ...factory(app, module, statement, used),
    ]),
  );
  return found.sort((a, b) => a.rank - b.rank || a.module.file.split('/').length - b.module.file.split('/').length);
}

/** What runs when a module is imported: what stands behind the main guard, too, for those who do not run it. */
const importedIn = (body: readonly Statement[]): readonly Statement[] =>
  body.flatMap((one) =>
    one.kind === 'if' && isGuard(one) ? one.branches.flatMap((branch) => (branch.test ? [] : branch.body)) : [one],
  );

/** Names of objects that servers look for by themselves come first, and those that a function makes last. */
const rankOf = (name: string, module: Module, isFactory: boolean): number =>
  (isFactory ? 20 : 0) +
  (['app', 'application'].includes(name) ? 0 : 4) +
  (/(^|\.)(main|app|wsgi|asgi|server|api)$/.test(module.name) ? 0 : 2);

function assigned(
  app: App,
  module: Module,
  statement: Statement,
  used: readonly UsedFramework[],
): readonly AppObject[] {
  if (statement.kind !== 'assign') return [];
  const [target] = statement.targets;
  if (target?.kind !== 'name') return [];
  const made =
    makingOf(app, module, statement.value, used) ??
    byFunction(app, module, statement.value, used) ??
    startedAs(app, module, target.name, used);
  if (!made) return [];
  const rank = rankOf(target.name, module, false);
  const why = `${target.name} is created by ${titleOf(made.name)}`;
  return [madeIn(module, target.name, statement.start, why, made, false, rank)];
}

const titleOf = (name: string): string => pythonFrameworks.find((one) => one.name === name)?.title ?? name;

function madeIn(
  module: Module,
  name: string,
  offset: number,
  why: string,
  { name: framework, of }: AppFactory,
  isFactory: boolean,
  rank: number,
): AppObject {
  const object = { module: module.name, name, isFactory, interface: of, framework };
  return { object, module, from: inModule(module, offset, why), rank };
}

/** `app = create_app()`, where a module of the application has that function. */
function byFunction(
  app: App,
  module: Module,
  value: Expression | undefined,
  used: readonly UsedFramework[],
): AppFactory | undefined {
  const path = value?.kind === 'call' ? pathOf(value.callee) : undefined;
  if (path === undefined) return undefined;
  const whole = resolve(app, module, path);
  const cut = whole.lastIndexOf('.');
  const other = app.byName.get(whole.slice(0, cut));
  const body = other?.syntax.body.find((one) => one.kind === 'function' && one.name === whole.slice(cut + 1));
  return other && body ? makingIn(app, other, body, used) : undefined;
}

/** What the main guard of a module starts by `app.run()`, wherever the object comes from: an application of the one framework whose objects have such a method. */
function startedAs(app: App, module: Module, name: string, used: readonly UsedFramework[]): AppFactory | undefined {
  const [only, ...others] = used.flatMap(({ name: of, framework }) => (framework.runs ? [{ of, framework }] : []));
  const [made] = Object.values(only?.framework.makes ?? {});
  if (!only || !made || others.length > 0) return undefined;
  const guards = module.syntax.body.filter(isGuard);
  const isStarted = expressionsOf(guards).some(
    (one) => one.kind === 'call' && resolve(app, module, pathOf(one.callee) ?? '') === `${module.name}.${name}.run`,
  );
  return isStarted ? { name: only.of, of: made } : undefined;
}

/** What a function makes and gives back. */
function makingIn(
  app: App,
  module: Module,
  statement: Statement,
  used: readonly UsedFramework[],
): AppFactory | undefined {
  if (statement.kind !== 'function') return undefined;
  const inner = statementsOf(statement.body);
  const given = inner.flatMap((one) => (one.kind === 'return' && one.value ? [one.value] : []));
  for (const value of given) {
    const direct = makingOf(app, module, value, used);
    if (direct) return direct;
    if (value.kind !== 'name') continue;
    for (const one of inner) {
      const [target] = one.kind === 'assign' ? one.targets : [];
      const isIt = one.kind === 'assign' && target?.kind === 'name' && target.name === value.name;
      const made = isIt ? makingOf(app, module, one.value, used) : undefined;
      if (made) return made;
    }
  }
  return undefined;
}

function factory(app: App, module: Module, statement: Statement, used: readonly UsedFramework[]): readonly AppObject[] {
  if (statement.kind !== 'function' || statement.isAsync) return [];
  // servers call it without arguments
  if (statement.parameters.some(({ fallback }) => fallback === undefined)) return [];
  const making = makingIn(app, module, statement, used);
  if (!making) return [];
  const rank =
    rankOf(statement.name, module, true) -
    (/^(create_app|make_app|get_app|create_application)$/.test(statement.name) ? 5 : 0);
  return [
    madeIn(
      module,
      statement.name,
      statement.start,
      `${statement.name} creates an application of ${titleOf(making.name)}`,
      making,
      true,
      rank,
    ),
  ];
}

/** The objects that the sources hand to a server by name: `uvicorn.run('shop.main:app')`, or by value in the module that makes it. */
function handedOver(app: App, made: readonly AppObject[]): readonly AppObject[] {
  return app.modules.flatMap((module) =>
    expressionsOf(module.syntax.body).flatMap((one) => {
      if (one.kind !== 'call') return [];
      const path = pathOf(one.callee);
      if (path === undefined || !/^(uvicorn|hypercorn|granian)\b.*\brun$/.test(resolve(app, module, path))) return [];
      const [first] = one.args;
      const value = first?.value;
      const text = value?.kind === 'text' ? value.value : undefined;
      const whole = text?.replace(':', '.') ?? (value && pathOf(value) && resolve(app, module, pathOf(value) ?? ''));
      return made.filter(({ object }) => `${object.module}.${object.name}` === whole);
    }),
  );
}

/** The object that is started, where it is certain; with several that are as likely it is asked. */
export function chooseObject(
  app: App,
  made: readonly AppObject[],
  written?: ServerCommand,
): Known<PythonObject> | Unknown | undefined {
  const named = written && made.find(({ object }) => names(written, object));
  if (named) return detected(named.object, [...written.from, named.from]);
  const [handed] = handedOver(app, made);
  if (handed) return detected(handed.object, [handed.from]);
  const wsgi = made.filter(({ object }) => object.framework === 'django');
  const [first] = wsgi.length > 0 ? sortedDjango(app, wsgi) : made;
  if (!first) return undefined;
  const equal = made.filter((one) => one.rank === first.rank && depth(one) === depth(first));
  if (equal.length > 1 && wsgi.length === 0) {
    const choices = equal.map(({ object }) => `${object.module}:${object.name}`);
    return {
      why: `several objects could be the application: ${choices.join(', ')}`,
      ask: 'entry',
      choices: equal.map(({ module }) => module.file),
      from: equal.map(({ from }) => from),
    };
  }
  return detected(first.object, [first.from]);
}

const depth = ({ module }: AppObject): number => module.name.split('.').length;

/** A project of Django has both files: ASGI is taken where it has something that only that can do. */
function sortedDjango(app: App, made: readonly AppObject[]): readonly AppObject[] {
  const isAsync = app.modules.some(({ names }) =>
    [...names.values()].some((one) => /^(channels|daphne)(\.|$)/.test(one)),
  );
  const wanted = isAsync ? 'asgi' : 'wsgi';
  // what the settings and every server call it: others in the file are parts of it
  const isPart = ({ object }: AppObject) => Number(object.name !== 'application');
  const isOther = ({ object }: AppObject) => Number(object.interface !== wanted);
  return [...made].sort((a, b) => isOther(a) - isOther(b) || isPart(a) - isPart(b));
}
