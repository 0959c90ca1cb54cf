import { type Expression, expressionsOf, pathOf, statementsOf } from '../../formats/python/index.ts';
import type { AnsweredPath, Route } from '../../model/facts.ts';
import type { PythonObject } from '../../stacks/python.ts';
import { type App, inModule, type Module, resolve } from './app.ts';
import type { UsedFramework } from './objects.ts';

const methods = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'];

/** A route as it is written: `on` is the object that it is registered with, `shop.items.router`. */
type WrittenRoute = {
  readonly on: string;
  readonly method: string;
  readonly path: string;
  readonly module: Module;
  readonly offset: number;
};

const textOf = (expression: Expression | undefined): string | undefined =>
  expression?.kind === 'text' ? expression.value : undefined;

const argument = (call: Expression, at: number, ...names: string[]): Expression | undefined => {
  if (call.kind !== 'call') return undefined;
  const plain = call.args.filter(({ name, spread }) => name === undefined && !spread);
  return (
    call.args.find(({ name }) => name !== undefined && names.includes(name))?.value ??
    (at < 0 ? undefined : plain[at]?.value)
  );
};

/** What the decorators of a module register. */
function writtenIn(app: App, module: Module, used: readonly UsedFramework[]): readonly WrittenRoute[] {
  const others = used.flatMap(({ framework }) => framework.decorator ?? []);
  return statementsOf(module.syntax.body).flatMap((statement) => {
    if (statement.kind !== 'function') return [];
    return statement.decorators.flatMap((call): WrittenRoute[] => {
      if (call.kind !== 'call' || call.callee.kind !== 'attribute') return [];
      const { name, object } = call.callee;
      const on = pathOf(object);
      const path = textOf(argument(call, 0, 'path', 'rule'));
      if (on === undefined || path === undefined) return [];
      const named = methods.includes(name) ? [name] : others.includes(name) ? methodsOf(call) : [];
      const whole = resolve(app, module, on);
      return named.map((method) => ({
        on: whole,
        method: method.toUpperCase(),
        path,
        module,
        offset: statement.start,
      }));
    });
  });
}

const methodsOf = (call: Expression): readonly string[] => {
  const list = argument(call, -1, 'methods');
  if (list?.kind !== 'list') return ['get'];
  return list.items.flatMap((item) => textOf(item)?.toLowerCase() ?? []);
};

/** Where routers are mounted: the prefix that a router has of its own, and those that including it adds. */
function prefixesOf(
  app: App,
): ReadonlyMap<string, readonly { readonly to: string; readonly prefix: string | undefined }[]> {
  const found = new Map<string, { to: string; prefix: string | undefined }[]>();
  for (const module of app.modules) {
    for (const call of expressionsOf(module.syntax.body)) {
      if (call.kind !== 'call' || call.callee.kind !== 'attribute') continue;
      if (!['include_router', 'register_blueprint', 'mount'].includes(call.callee.name)) continue;
      const isMount = call.callee.name === 'mount';
      const child = argument(call, isMount ? 1 : 0, 'router', 'blueprint', 'app');
      const path = child && pathOf(child);
      const on = pathOf(call.callee.object);
      if (path === undefined || on === undefined) continue;
      const given = isMount ? argument(call, 0, 'path') : argument(call, -1, 'prefix', 'url_prefix');
      const prefix = given === undefined ? '' : textOf(given);
      const key = resolve(app, module, path);
      found.set(key, [...(found.get(key) ?? []), { to: resolve(app, module, on), prefix }]);
    }
  }
  return found;
}

/** The prefix that a router is made with. */
function ownPrefixes(app: App): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const module of app.modules) {
    for (const statement of statementsOf(module.syntax.body)) {
      if (statement.kind !== 'assign' || statement.value?.kind !== 'call') continue;
      const prefix = textOf(argument(statement.value, -1, 'prefix', 'url_prefix'));
      for (const target of statement.targets)
        if (target.kind === 'name' && prefix !== undefined) found.set(`${module.name}.${target.name}`, prefix);
    }
  }
  return found;
}

/** The paths of the application, as far as prefixes are plain texts: one below a computed prefix is left out. */
export function readRoutes(
  app: App,
  object: PythonObject | undefined,
  used: readonly UsedFramework[],
): { routes: Route[]; paths?: AnsweredPath[] } {
  const mounts = prefixesOf(app);
  const own = ownPrefixes(app);
  const wholePaths = (on: string, path: string, depth: number): readonly string[] => {
    const here = `${own.get(on) ?? ''}${path}`;
    const around = mounts.get(on) ?? [];
    if (depth > 6 || around.length === 0) return isServed(on, object) ? [here] : [];
    return around.flatMap(({ to, prefix }) =>
      prefix === undefined ? [] : wholePaths(to, `${prefix}${here}`, depth + 1),
    );
  };
  const all = app.modules.flatMap((module) => writtenIn(app, module, used));
  const found = all.flatMap((writtenRoute) =>
    wholePaths(writtenRoute.on, writtenRoute.path, 0).map((path) => ({
      method: writtenRoute.method,
      path: path.startsWith('/') ? path : `/${path}`,
      from: [inModule(writtenRoute.module, writtenRoute.offset, `${writtenRoute.method} ${path} is answered`)],
    })),
  );
  const gets = found.filter(({ method }) => method === 'GET').slice(0, 200);
  const paths = gets.map(({ path, from }) => ({ path: withParameters(path), from }));
  return {
    routes: found.filter(({ path }) => /^[\w\-.~/]*$/.test(path) && isHealthLike(path)),
    ...(paths.length > 0 ? { paths } : {}),
  };
}

/** `{id}` and `<int:id>` as `:id`. */
const withParameters = (path: string): string =>
  path.replace(/\{(\w+)(?::\w+)?\}/g, ':$1').replace(/<(?:\w+:)?(\w+)>/g, ':$1');

/** Routes of the application itself, and of the local name that a function gives to it. */
const isServed = (on: string, object: PythonObject | undefined): boolean =>
  object === undefined ||
  on === `${object.module}.${object.name}` ||
  !on.includes('.') ||
  on.startsWith(`${object.module}.`);

const isHealthLike = (path: string): boolean =>
  path
    .split('/')
    .some((part) =>
      /^_?(health|healthz|ready|readyz|live|livez|alive|ping|status|up|heartbeat|liveness|readiness|health[-_]?check)$/i.test(
        part,
      ),
    );
