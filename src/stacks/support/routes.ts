import { posix } from 'node:path';
import {
  lookup,
  type Node,
  parseSource,
  property,
  type Source,
  stringValue,
  unwrap,
  walk,
} from '../../formats/source/index.ts';
import type { Route } from '../../model/facts.ts';
import type { Project } from '../../project/project.ts';
import { type Maker, madeIn, rootOf } from './made.ts';

/** How a framework registers routes. */
export type RouteStyle = {
  /** what makes a server object or a router */
  readonly makers: readonly Maker[];
  /** method names of a call `x.get('/path', …)` and the HTTP method of each */
  readonly methods: Readonly<Record<string, string>>;
  /** names of calls that mount another router: the prefix and the router are arguments, or the prefix is an option */
  readonly mounts: readonly string[];
  /** names that a parameter holding the server object usually has */
  readonly parameters: readonly string[];
};

/** The usual methods. */
export const httpMethods = {
  get: 'GET',
  post: 'POST',
  put: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
  head: 'HEAD',
  all: 'ALL',
} as const;

export const readSources = (project: Project, files: readonly string[]): readonly Source[] =>
  files.flatMap((file) => {
    const text = project.read(file);
    return text === undefined ? [] : [parseSource(file, text)];
  });

/** The routes that files register, under the prefixes that they are mounted at. */
export function routesOf(project: Project, files: readonly string[], style: RouteStyle): readonly Route[] {
  const sources = readSources(project, files);
  const prefixes = sources.flatMap((source) => mountsIn(source, style));
  return sources.flatMap((source) =>
    registered(source, style).map(({ method, path, offset, holder }) => {
      const mount = prefixes.find((one) => one.matches(source.file, holder));
      const whole = posix.join('/', mount?.prefix ?? '', path);
      const clean = whole.length > 1 ? whole.replace(/\/$/, '') : whole;
      return {
        method,
        path: clean,
        from: [{ file: source.file, line: source.line(offset), why: `${method} ${clean} is answered` }],
      };
    }),
  );
}

type Registered = {
  readonly method: string;
  readonly path: string;
  readonly offset: number;
  readonly holder: string | undefined;
};

function registered(source: Source, style: RouteStyle): Registered[] {
  const made = style.makers.flatMap((maker) => madeIn(source, maker));
  const variables = new Map(made.flatMap((one) => (one.variable ? [[one.variable.name, one] as const] : [])));
  const nodes = new Set(made.map((one) => one.node));
  const found: Registered[] = [];
  walk(source.program, (node) => {
    if (node.type !== 'CallExpression') return;
    const callee = unwrap(node.callee);
    if (callee.type !== 'MemberExpression' || callee.computed || callee.property.type !== 'Identifier') return;
    const method = Object.hasOwn(style.methods, callee.property.name) ? style.methods[callee.property.name] : undefined;
    const first = node.arguments[0];
    const path = method && first ? stringValue(source, first) : undefined;
    if (method === undefined || path === undefined || (path !== '' && !path.startsWith('/'))) return;
    const holder = holderOf(source, callee.object, variables, nodes, style);
    if (holder === undefined) return;
    found.push({
      method,
      path: posix.join('/', basePathOf(source, callee.object), path),
      offset: callee.property.start,
      holder: holder.name,
    });
  });
  return found;
}

/** Whether a call is made on a server object or router: one made in this file, or a parameter that is one by its name. */
function holderOf(
  source: Source,
  node: Node,
  variables: ReadonlyMap<string, unknown>,
  nodes: ReadonlySet<Node>,
  style: RouteStyle,
): { name: string | undefined } | undefined {
  const root = rootOfMade(node, nodes);
  if (root === undefined) return { name: undefined };
  if (root.type !== 'Identifier') return undefined;
  if (variables.has(root.name)) return { name: root.name };
  const binding = lookup(source, root.name, root.start);
  return binding?.kind === 'parameter' && style.parameters.includes(root.name) ? { name: root.name } : undefined;
}

/** The start of a chain; undefined: a constructor of the framework itself. */
function rootOfMade(node: Node, nodes: ReadonlySet<Node>): Node | undefined {
  let at = unwrap(node);
  for (;;) {
    if (nodes.has(at)) return undefined;
    if (at.type === 'CallExpression') at = unwrap(at.callee);
    else if (at.type === 'MemberExpression') at = unwrap(at.object);
    else return rootOf(at);
  }
}

/** `basePath('/api')` and `{ prefix: '/api' }` in the chain before a route. */
function basePathOf(source: Source, node: Node): string {
  let at = unwrap(node);
  let prefix = '';
  for (;;) {
    if (at.type === 'CallExpression') {
      const callee = unwrap(at.callee);
      const [first] = at.arguments;
      if (
        callee.type === 'MemberExpression' &&
        callee.property.type === 'Identifier' &&
        callee.property.name === 'basePath' &&
        first
      ) {
        prefix = posix.join(stringValue(source, first) ?? '', prefix);
      }
      at = callee;
    } else if (at.type === 'MemberExpression') at = unwrap(at.object);
    else if (at.type === 'NewExpression') {
      const option = at.arguments[0] && property(unwrap(at.arguments[0]), 'prefix');
      return posix.join(option ? (stringValue(source, option) ?? '') : '', prefix);
    } else if (at.type === 'Identifier') {
      const binding = lookup(source, at.name, at.start);
      if (!binding?.init || binding.kind !== 'const') return prefix;
      at = unwrap(binding.init);
    } else return prefix;
  }
}

type Mount = { readonly prefix: string; readonly matches: (file: string, holder: string | undefined) => boolean };

function mountsIn(source: Source, style: RouteStyle): Mount[] {
  const found: Mount[] = [];
  walk(source.program, (node) => {
    if (node.type !== 'CallExpression') return;
    const callee = unwrap(node.callee);
    if (
      callee.type !== 'MemberExpression' ||
      callee.property.type !== 'Identifier' ||
      !style.mounts.includes(callee.property.name)
    )
      return;
    const [first, second] = node.arguments;
    const literal = first && stringValue(source, first);
    const option = second && property(unwrap(second), 'prefix');
    const prefix = literal ?? (option && stringValue(source, option));
    const router = literal === undefined ? first : second;
    if (prefix === undefined || !router || router.type !== 'Identifier') return;
    found.push({ prefix, matches: target(source, router.name) });
  });
  return found;
}

/** Which routes a mounted name means: those of a variable of the same file, or of the file that it is imported from. */
function target(source: Source, name: string): Mount['matches'] {
  const imported = source.imports.find((one) => one.names.some((each) => each.local === name));
  if (!imported) return (file, holder) => file === source.file && holder === name;
  const bare = imported.specifier.replace(/^(\.{1,2}\/)+|^[@~#]?[\w-]*\/(?=\w)/, '').replace(/\.[cm]?[jt]sx?$/, '');
  return (file) => {
    const stem = file.replace(/\.[cm]?[jt]sx?$/, '').replace(/\/index$/, '');
    return file !== source.file && (stem === bare || stem.endsWith(`/${bare}`));
  };
}
