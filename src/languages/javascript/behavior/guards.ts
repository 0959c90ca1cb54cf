/** Middleware of the author that stands before routes and turns requests away by what they bring: a key, a login, the name of the program, the host. */
import {
  type Node,
  nodesOf,
  propertyName,
  type Source,
  stringValue,
  unwrap,
  walk,
} from '../../../formats/source/index.ts';
import type { Facts, Route } from '../../../model/facts.ts';
import { inSource } from '../app.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { isFunction } from '../evaluate/functions.ts';
import { functionNamed, functionOf, resultsOf } from '../evaluate/trace.ts';
import type { FunctionNode, SourceNode } from '../evaluate/types.ts';
import { writtenName } from './guard-names.ts';
import { isExempt, type PathTest, pathTests } from './guard-paths.ts';
import { refusalOf } from './guard-tests.ts';

type Call = Extract<Node, { type: 'CallExpression' }>;

/** A call that puts middleware before routes. */
type Guard = {
  readonly source: Source;
  readonly call: Call;
  readonly name: string;
  /** what it looks at: a header, a login … */
  readonly asks: string;
  /** the path before which it stands; empty: every one */
  readonly prefix: string;
  /** it stands before each route, whichever was added first */
  readonly always: boolean;
  readonly tests: readonly PathTest[];
};

/** Packages whose middleware refuses whoever brings no login (their READMEs). */
const packages: ReadonlySet<string> = new Set(
  'express-basic-auth koa-basic-auth hono/basic-auth hono/bearer-auth express-jwt koa-jwt'.split(' '),
);

/** Hooks before the handler of a route, by the call that adds them: the name of the hook is its first argument, or that of the call. */
const hooks: ReadonlySet<string> = new Set([
  'onRequest',
  'preParsing',
  'preValidation',
  'preHandler',
  'onBeforeHandle',
]);
const holders: ReadonlySet<string> = new Set(['app', 'server']);

/** The routes, each with the middleware that may refuse whoever only asks whether the app is well. */
export function withRefusals(context: AnalysisContext, routes: readonly Route[]): Route[] {
  if (routes.length === 0) return [];
  const guards = context.modules.sources.flatMap((source) => guardsIn(context, source));
  return routes.map((route) => {
    const guard = guards.find((guard) => refuses(context, guard, route));
    if (!guard) return route;
    const { source, call, name, asks } = guard;
    const from = [inSource(source, call.start, `${name} checks the ${asks} of requests before the route`)];
    return { ...route, refused: { by: name, asks, from } };
  });
}

/** What its owner should know of routes that say whether the app is well, and refuse whoever asks. */
export function refusedNotes(routes: readonly Route[]): Facts['notes'] {
  const found = routes.flatMap(({ path, refused }) => (refused ? [{ path, ...refused }] : []));
  const [first] = found;
  const [place] = first?.from ?? [];
  if (!first || !place) return [];
  const paths = [...new Set(found.filter(({ by }) => by === first.by).map(({ path }) => path))];
  const where = place.line === undefined ? place.file : `${place.file}:${place.line}`;
  return [
    {
      code: 'health-refused',
      message: `${where}: ${first.by} checks the ${first.asks} of requests before ${paths.join(', ')}, so the health check only shows that the app is running. Let ${paths.length === 1 ? 'that path' : 'those paths'} pass in ${first.by}, or register ${paths.length === 1 ? 'its route' : 'their routes'} before it, and the health check uses the status of the route`,
      from: [...first.from],
    },
  ];
}

function refuses(context: AnalysisContext, guard: Guard, { path, from: [place] }: Route): boolean {
  const { prefix, tests, source, call } = guard;
  if (prefix !== '' && path !== prefix && !path.startsWith(`${prefix}/`)) return false;
  if (isExempt(tests, path, prefix)) return false;
  if (guard.always || !place?.file) return true;
  return place.file === source.file
    ? !isAddedBefore(source, call, place.line)
    : !isMountedBefore(context, source, call, place.file);
}

/** Whether a route of the same file comes first, on the same object, or on a router that is mounted first. */
function isAddedBefore(source: Source, guard: Call, line: number | undefined): boolean {
  const calls = nodesOf(source.program, 'CallExpression');
  const own = calls.find(({ callee }) => {
    const at = unwrap(callee);
    return at.type === 'MemberExpression' && source.line(at.property.start) === line;
  });
  if (!own) return false;
  const [holder, app] = [rootName(own), rootName(guard)];
  if (holder === undefined || holder === app) return own.start < guard.start;
  return calls.some(
    (call) =>
      call.end < guard.start &&
      rootName(call) === app &&
      call.arguments.some((each) => nodesOf(each, 'Identifier').some(({ name }) => name === holder)),
  );
}

/** The name at the beginning of a chain of calls: `app` of `app.route('/x').get(answer)`. */
function rootName(call: Call): string | undefined {
  let at: Node = call;
  for (;;) {
    if (at.type === 'CallExpression') at = unwrap(at.callee);
    else if (at.type === 'MemberExpression') at = unwrap(at.object);
    else return at.type === 'Identifier' ? at.name : undefined;
  }
}

/** Whether a file of routes is brought in by a call that comes first: `app.use('/health', health); app.use(guard)`. */
function isMountedBefore({ modules }: AnalysisContext, source: Source, guard: Call, file: string): boolean {
  const reach = (from: string, depth: number): boolean => {
    if (from === file) return true;
    const next = depth > 2 ? [] : (modules.source(from)?.imports ?? []);
    return next.some((item) => {
      const target = item.typeOnly ? undefined : modules.resolve(from, item.specifier);
      return target !== undefined && reach(target, depth + 1);
    });
  };
  const earlier = nodesOf(source.program, 'CallExpression').filter((node) => node.end < guard.start);
  const named = new Set(
    earlier.flatMap((callExpression) => nodesOf(callExpression, 'Identifier').map(({ name }) => name)),
  );
  return source.imports.some((imported) => {
    const isNamed = !imported.dynamic && imported.names.some(({ local }) => named.has(local));
    const target = isNamed ? modules.resolve(source.file, imported.specifier) : undefined;
    return target !== undefined && reach(target, 0);
  });
}

function guardsIn(context: AnalysisContext, source: Source): readonly Guard[] {
  const found: Guard[] = [];
  walk(source.program, (call, ancestors) => {
    if (call.type !== 'CallExpression') return;
    const callee = unwrap(call.callee);
    if (callee.type !== 'MemberExpression') return;
    const method = propertyName(source, callee) ?? '';
    const [first] = call.arguments;
    const hook = method === 'addHook' && first ? stringValue(source, first) : method;
    const isHook = hooks.has(hook ?? '');
    if ((method !== 'use' && !isHook) || !isApp(context, source, callee.object, ancestors, isHook)) return;
    const prefix = isHook ? '' : prefixOf(source, first);
    if (prefix === undefined) return;
    for (const argument of call.arguments) {
      const guard = guardOf(context, source, argument);
      if (guard) found.push({ source, call, prefix, always: isHook, ...guard });
    }
  });
  return found;
}

/** Whether calls on an object are for the whole app: the server object, a name that it usually has, or a plugin that says that it is for all. */
function isApp(
  context: AnalysisContext,
  source: Source,
  node: Node,
  ancestors: readonly Node[],
  isHook: boolean,
): boolean {
  if (context.servers?.(source, node)) return true;
  const at = unwrap(node);
  if (!isHook) return at.type === 'Identifier' && holders.has(at.name) && context.servers !== undefined;
  // what a plugin is handed is for its own routes, but for one that is wrapped
  return ancestors.some((ancestor, index) => {
    const outer = ancestors[index - 1];
    if (!isFunction(ancestor) || outer?.type !== 'CallExpression' || outer.callee.type !== 'Identifier') return false;
    const { name } = outer.callee;
    return source.imports.some(
      ({ specifier, names }) => specifier.endsWith('-plugin') && names.some(({ local }) => local === name),
    );
  });
}

/** The path that middleware is mounted on; empty: every one; undefined: nobody knows it here. */
function prefixOf(source: Source, first: Node | undefined): string | undefined {
  if (!first) return '';
  const at = unwrap(first);
  const text = stringValue(source, at);
  if (text !== undefined) return (text.split('*')[0] ?? '').replace(/\/$/, '');
  const isPattern = at.type === 'Literal' || (at.type === 'ArrayExpression' && at.elements.some(isText));
  return isPattern ? undefined : '';
}

const isText = (node: Node | null): boolean => node?.type === 'Literal';

function guardOf(
  context: AnalysisContext,
  source: Source,
  node: Node,
): Pick<Guard, 'name' | 'asks' | 'tests'> | undefined {
  const known = ofPackage(source, node);
  if (known) return known;
  const handler = handlerOf(context, source, node);
  // with four parameters it is told of errors
  if (!handler || handler.node.params.length > 3) return undefined;
  const refusal = refusalOf(context, handler);
  if (!refusal) return undefined;
  return { name: writtenName(node), asks: refusal.asks, tests: pathTests(context, handler, refusal.node) };
}

/** `basicAuth({ users })`, also with paths that it leaves alone: `jwt({ secret }).unless({ path: ['/health'] })`. */
function ofPackage(source: Source, node: Node): Pick<Guard, 'name' | 'asks' | 'tests'> | undefined {
  const call = unwrap(node);
  if (call.type !== 'CallExpression') return undefined;
  const callee = unwrap(call.callee);
  const isUnless = callee.type === 'MemberExpression' && propertyName(source, callee) === 'unless';
  const inner = isUnless ? unwrap(callee.object) : call;
  const made = inner.type === 'CallExpression' ? unwrap(inner.callee) : inner;
  if (made.type !== 'Identifier') return undefined;
  const used = source.imports.find(
    ({ specifier, names }) => packages.has(specifier) && names.some(({ local }) => local === made.name),
  );
  if (!used) return undefined;
  const paths = isUnless ? nodesOf(call, 'Literal').flatMap((item) => stringValue(source, item) ?? []) : [];
  const tests = isUnless ? [{ paths, begins: false, patterns: [], inside: false, negated: false }] : [];
  return { name: used.specifier, asks: 'authorization', tests };
}

type Handler = { readonly source: Source; readonly node: FunctionNode };

/** The function that runs: written there, named, bound to its object, or made by another one: `requireKey()`. */
function handlerOf(context: AnalysisContext, source: Source, start: Node): Handler | undefined {
  const node = unwrap(start);
  const named = functionNamed(context, source, node);
  if (named) return named;
  if (node.type !== 'CallExpression') return undefined;
  const callee = unwrap(node.callee);
  if (callee.type === 'MemberExpression' && propertyName(source, callee) === 'bind')
    return functionNamed(context, source, callee.object);
  const made = functionOf(context, source, node) && resultsOf(context, source, node);
  const given: readonly SourceNode[] = made?.nodes.map((item) => ({ source: made.source, node: item })) ?? [];
  return given.map((item) => functionNamed(context, item.source, item.node)).find((item) => item !== undefined);
}
