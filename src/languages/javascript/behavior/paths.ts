import { posix } from 'node:path';
import { type Node, nodesOf, type Source, stringValue } from '../../../formats/source/index.ts';
import type { AnsweredPath, Facts, Route } from '../../../model/facts.ts';
import { wordsOfName } from '../../../model/name-words.ts';
import { readSource } from '../../../project/source.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { isFunction } from '../evaluate/functions.ts';
import type { FunctionNode } from '../evaluate/types.ts';
import type { FoundFullStack } from './full-stack.ts';
import { asksForNothing, functionIn } from './handlers.ts';

/** More are not asked by anybody. */
const MOST = 200;

/** A line with more calls than this is of no author: which of them is meant is not looked for. */
const CROWDED = 100;

/** The function that answers a path, and its file; it is not written out there where there is none. */
type Place = { readonly source: Source; readonly handler: FunctionNode | undefined };

/** What a path has that stands for other texts: `:id`, `*`, `[id]`, `{id}`, optional parts. */
const parameter = /[:*?+()[\]{}|$\\]/;

/** The paths that routes of frameworks answer to GET; `makers` are the files that start, and make the server. */
export function readPaths(
  context: AnalysisContext,
  routes: readonly Route[],
  makers: readonly string[],
): Facts['paths'] {
  const guarded = guardedFiles(context, makers);
  const places = placesOf(context);
  return listed(
    routes.filter(({ method, any }) => !any && (method === 'GET' || method === 'ALL')),
    (route) => {
      const place = places(route);
      if (place === 'other') return 'other';
      return (
        place?.handler !== undefined && !guarded.has(place.source.file) && asksForNothing(place.source, place.handler)
      );
    },
  );
}

/** The paths that files of a full-stack framework answer to GET; `routes` are those of a server of the author in front of it. */
export function readFilePaths(context: AnalysisContext, found: FoundFullStack): Facts['paths'] {
  const { app } = context;
  const first = found.entries.filter((file) => isFirst(file) || file === found.fact.value.server);
  const guards = [...first].some((file) => {
    const source = readSource(app.project, app.path(file));
    return source === undefined || saysGuard(source);
  });
  return listed(
    found.answers.map(({ file, path }) => ({
      path,
      from: [{ file: app.path(file), why: 'its route follows from its path' }],
    })),
    ({ from: [place] }) => {
      const source = place?.file === undefined ? undefined : readSource(app.project, place.file);
      if (!source) return false;
      const handler = exportedHandler(source);
      if (handler === 'other') return 'other';
      return handler !== undefined && !guards && !saysGuard(source) && asksForNothing(source, handler);
    },
  );
}

/** Each path once, with what `judge` says of the first that has it: open or not, or `other`, which is no path of GET. */
function listed<T extends Pick<Route, 'path' | 'from'>>(
  all: readonly T[],
  judge: (item: T) => boolean | 'other',
): Facts['paths'] {
  const found = new Map<string, AnsweredPath>();
  for (const item of all) {
    if (found.size === MOST) break;
    if (found.has(item.path)) continue;
    const verdict = judge(item);
    if (verdict === 'other') continue;
    const open = verdict && !parameter.test(item.path);
    found.set(item.path, { path: item.path, ...(open ? { open } : {}), from: item.from });
  }
  return found.size > 0 ? [...found.values()] : undefined;
}

/** Files that answer before a file of a path does, by their names. */
const isFirst = (file: string): boolean =>
  /(^|\/)(middleware|plugins)\//.test(file) ||
  ['middleware', '_middleware', 'proxy', 'hooks', 'hooks.server', 'server'].includes(
    posix.basename(file).replace(/\.[cm]?[jt]sx?$/, ''),
  );

const guards = new Set(
  'auth authn authz authed authenticate authenticated authenticator authentication authorize authorized authorise authorised authorization unauthorized oauth guard guards jwt session sessions passport protect protected logged'.split(
    ' ',
  ),
);

/** Whether a name says that a login is required: `authGuard`, `requireUser`, `verifyToken`. */
function isGuard(name: string): boolean {
  const words = wordsOfName(name);
  return words.some((word, at) => {
    const next = words[at + 1];
    return guards.has(word) || (word === 'require' && next !== undefined) || (word === 'verify' && next === 'token');
  });
}

/** Whether names of a file, or of what it imports, say that a login is required. */
const saysGuard = (source: Source): boolean =>
  nodesOf(source.program, 'Identifier').some(({ name }) => isGuard(name)) ||
  source.imports.some(({ specifier }) => isGuard(specifier));

/** The files whose routes may be behind a guard: one stands in them, in a file that makes the server, or in a file that brings them in. */
function guardedFiles({ modules }: AnalysisContext, makers: readonly string[]): ReadonlySet<string> {
  if (modules.sources.some((source) => makers.includes(source.file) && saysGuard(source)))
    return new Set(modules.sources.map(({ file }) => file));
  const queue = modules.sources.filter(saysGuard);
  const found = new Set(queue.map(({ file }) => file));
  for (let source = queue.pop(); source !== undefined; source = queue.pop()) {
    for (const { specifier, typeOnly } of source.imports) {
      const file = typeOnly ? undefined : modules.resolve(source.file, specifier);
      if (file === undefined || found.has(file)) continue;
      found.add(file);
      const next = modules.source(file);
      if (next) queue.push(next);
    }
  }
  return found;
}

/** Finds where a route is answered: what stands at the line that it was read from. */
function placesOf({ app, modules }: AnalysisContext): (route: Route) => Place | 'other' | undefined {
  const lines = new Map<string, ReadonlyMap<number, readonly Registering[]>>();
  return ({ method, path, from: [place] }) => {
    const { file, line } = place ?? {};
    const source = file === undefined ? undefined : (modules.source(file) ?? readSource(app.project, file));
    if (!source || line === undefined) return undefined;
    const known = lines.get(source.file) ?? registeringIn(source);
    lines.set(source.file, known);
    const there = known.get(line) ?? [];
    const fitting = (there.length > CROWDED ? [] : there).filter((item) => fits(source, item, method, path));
    const [only, ...others] = fitting;
    if (!only || others.length > 0) return undefined;
    const handler = handlerOf(source, only);
    return handler === 'other' ? 'other' : { source, handler };
  };
}

/** The types of nodes that register; the last is the other half of the type of a method, and has no body. */
const registering = ['CallExpression', 'Property', 'MethodDefinition', 'TSAbstractMethodDefinition'] as const;
type Registering = Extract<Node, { type: (typeof registering)[number] }>;

/** What may register a route, by the line at which readers of routes name it. */
function registeringIn(source: Source): ReadonlyMap<number, readonly Registering[]> {
  const found = new Map<number, Registering[]>();
  for (const node of nodesOf(source.program, ...registering)) {
    if (node.type === 'CallExpression' && node.callee.type !== 'MemberExpression') continue;
    const line = source.line(node.type === 'CallExpression' ? nameStart(node.callee) : node.start);
    const same = found.get(line);
    if (same) same.push(node);
    else found.set(line, [node]);
  }
  return found;
}

type Method = Extract<Registering, { kind: unknown; value: { params: unknown } }>;
const isMethod = (node: Registering): node is Method =>
  node.type === 'MethodDefinition' || node.type === 'TSAbstractMethodDefinition';

const nameStart = (callee: Node): number => (callee.type === 'MemberExpression' ? callee.property.start : callee.start);

/** Whether what stands there is about a route: its method, and the end of its path. */
function fits(source: Source, node: Registering, method: string, path: string): boolean {
  if (isMethod(node)) return true;
  const ends = (text: string | undefined) => text !== undefined && path.endsWith(text.replace(/\/$/, ''));
  if (node.type === 'Property') return node.key.type === 'Literal' && node.key.value === path;
  const { callee } = node;
  const name = callee.type === 'MemberExpression' && callee.property.type === 'Identifier' ? callee.property.name : '';
  return (
    name.toUpperCase() === method && node.arguments.slice(0, 2).some((argument) => ends(stringValue(source, argument)))
  );
}

/** Options beside a handler that keep nobody out. */
const plainOptions = new Set(['schema', 'config', 'logLevel', 'detail', 'response']);

function handlerOf(source: Source, node: Registering): FunctionNode | 'other' | undefined {
  if (isMethod(node)) return isFunction(node.value) ? node.value : undefined;
  if (node.type === 'Property') return tableHandler(source, node.value);
  const rest = node.arguments.filter((argument) => stringValue(source, argument) === undefined);
  const handlers = rest.filter((argument) => argument.type !== 'ObjectExpression');
  const isPlain = rest.every(
    (argument) =>
      argument.type !== 'ObjectExpression' ||
      argument.properties.every(
        (each) => each.type === 'Property' && each.key.type === 'Identifier' && plainOptions.has(each.key.name),
      ),
  );
  return handlers.length === 1 && handlers[0] && isPlain ? functionIn(source, handlers[0]) : undefined;
}

/** A function of a table of routes, or that of one method: `{ GET: () => …, POST: … }`. */
function tableHandler(source: Source, value: Node): FunctionNode | 'other' | undefined {
  if (value.type !== 'ObjectExpression') return functionIn(source, value);
  for (const property of value.properties)
    if (property.type === 'Property' && property.key.type === 'Identifier' && property.key.name === 'GET')
      return functionIn(source, property.value);
  return 'other';
}

const otherMethods = new Set(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const ownMethods = new Set(['GET', 'ALL', 'all', 'get']);

/** The function that a file exports to answer GET: under the name of the method, or as its default. */
function exportedHandler(source: Source): FunctionNode | 'other' | undefined {
  let other = false;
  for (const statement of source.program.body) {
    if (statement.type === 'ExportDefaultDeclaration') return functionIn(source, statement.declaration);
    if (statement.type !== 'ExportNamedDeclaration') continue;
    for (const { name, value } of exportedIn(statement)) {
      if (ownMethods.has(name)) return functionIn(source, value);
      other ||= otherMethods.has(name);
    }
  }
  return other ? 'other' : undefined;
}

type Exporting = Extract<Node, { type: 'ExportNamedDeclaration' }>;

function exportedIn({ declaration, specifiers }: Exporting): readonly { name: string; value: Node }[] {
  const named = specifiers.flatMap(({ exported, local }) =>
    exported.type === 'Identifier' ? [{ name: exported.name, value: local as Node }] : [],
  );
  if (declaration?.type === 'FunctionDeclaration' && declaration.id)
    return [...named, { name: declaration.id.name, value: declaration }];
  if (declaration?.type !== 'VariableDeclaration') return named;
  const made = declaration.declarations.flatMap(({ id, init }) =>
    id.type === 'Identifier' && init ? [{ name: id.name, value: init as Node }] : [],
  );
  return [...named, ...made];
}
