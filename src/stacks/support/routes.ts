import { posix } from 'node:path';
import {
  keyName,
  lookup,
  memberPath,
  type Node,
  nodesOf,
  property,
  type Source,
  stringValue,
  unwrap,
} from '../../formats/source/index.ts';
import type { Route } from '../../model/facts.ts';
import type { Project } from '../../project/project.ts';
import { readSources } from '../../project/source.ts';
import { type Factory, type FactoryCall, factoryCallsIn, rootOf } from './factory-calls.ts';

/** How a framework registers routes. */
export type RouteStyle = {
  /** what makes a server object or a router */
  readonly factories: readonly Factory[];
  /** method names of a call `x.get('/path', …)` and the HTTP method of each */
  readonly methods: Readonly<Record<string, string>>;
  /** names of calls that mount another router: the prefix and the router are arguments, or the prefix is an option */
  readonly mounts: readonly string[];
  /** names that a parameter holding the server object usually has */
  readonly parameters: readonly string[];
  /** the call that puts a prefix before all routes of a router: `x.prefix('/api')` */
  readonly prefixing?: string;
  /** calls that give a router's middleware, which is what is mounted: `x.routes()` */
  readonly gives?: readonly string[];
  /** a route may have a name before its path: `x.get('users', '/users', …)` */
  readonly named?: boolean;
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

/** The routes that files register, under the prefixes that they are mounted at. One whose prefix is worked out is left out. */
export function routesOf(project: Project, files: readonly string[], style: RouteStyle): readonly Route[] {
  const sources = readSources(project, files);
  const read = sources.map((source) => readRouters(source, style));
  const given = new Map(sources.map((source) => [source.file, exportsOf(source)]));
  const mounts = read.flatMap((routers) => routers.mounts).map((mount) => ofMember(mount, given));
  return read.flatMap(({ source, registered }) =>
    registered.map(({ method, path, offset, holder, maker }) => {
      const whole = posix.join('/', prefixAt(mounts, { file: source.file, holder, maker }), path);
      const clean = whole.length > 1 ? whole.replace(/\/$/, '') : whole;
      return {
        method,
        path: clean,
        from: [{ file: source.file, line: source.line(offset), why: `${method} ${clean} is answered` }],
      };
    }),
  );
}

/** What stands before the paths of a router: a router can be mounted on one that is mounted itself. */
function prefixAt(mounts: readonly Mount[], at: RouterLocation, seen: readonly Mount[] = []): string {
  const fitting = mounts.filter((item) => !seen.includes(item) && item.matches(at));
  // a router may be mounted inside of the function that makes the one around it
  const mount = fitting.find(({ isCalled }) => !isCalled) ?? fitting[0];
  return mount ? posix.join(prefixAt(mounts, mount, [...seen, mount]), mount.prefix) : '';
}

/** Where routes are added: the file, the variable that holds the router, and the function of the file that makes it. */
type RouterLocation = {
  readonly file: string;
  readonly holder: string | undefined;
  /** the name under which others have that function; undefined: it is made outside of one */
  readonly maker: string | undefined;
};

/** A mount of one of the routers that a file exports is of that one alone: `app.use('/api', routes.api)`. */
function ofMember(mount: Mount, given: ReadonlyMap<string, ReadonlyMap<string, string>>): Mount {
  const { member, matches } = mount;
  if (member === undefined) return mount;
  return {
    ...mount,
    matches: (at) => {
      const local = given.get(at.file)?.get(member);
      return matches(at) && (local === undefined || local === at.holder);
    },
  };
}

/** The names of the variables that a file exports, by the names that it gives them. */
function exportsOf(source: Source): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const give = (name: string | undefined, value: Node): void => {
    const at = unwrap(value);
    if (name !== undefined && at.type === 'Identifier') found.set(name, at.name);
  };
  for (const statement of source.program.body) {
    if (statement.type === 'ExportNamedDeclaration') {
      for (const { exported, local } of statement.specifiers) give(nameOf(exported), local);
      if (statement.declaration?.type !== 'VariableDeclaration') continue;
      for (const { id } of statement.declaration.declarations) give(id.type === 'Identifier' ? id.name : undefined, id);
    }
    const assigned = statement.type === 'ExpressionStatement' ? unwrap(statement.expression) : undefined;
    if (assigned?.type !== 'AssignmentExpression') continue;
    const path = memberPath(assigned.left)?.replace(/^module\./, '') ?? '';
    const whole = unwrap(assigned.right);
    if (path.startsWith('exports.')) give(path.slice('exports.'.length), whole);
    if (path !== 'exports' || whole.type !== 'ObjectExpression') continue;
    for (const item of whole.properties)
      if (item.type === 'Property') give(keyName(item.key, item.computed), item.value);
  }
  return found;
}

const nameOf = (node: Node): string | undefined => (node.type === 'Identifier' ? node.name : undefined);

type Routers = {
  readonly source: Source;
  readonly registered: readonly Registered[];
  readonly mounts: readonly Mount[];
};

type Registered = Pick<RouterLocation, 'holder' | 'maker'> & {
  readonly method: string;
  readonly path: string;
  readonly offset: number;
};

function readRouters(source: Source, style: RouteStyle): Routers {
  const made = style.factories.flatMap((factory) => factoryCallsIn(source, factory));
  const calls = methodCalls(source);
  const holders = calls.map((call) => holderOf(source, call.object, made, style));
  const prefixes = new Map<string, string>();
  calls.forEach((call, at) => {
    const prefix = call.name === style.prefixing && call.arguments[0] && stringValue(source, call.arguments[0]);
    const name = holders[at]?.name;
    if (prefix && name !== undefined) prefixes.set(name, prefix);
  });
  const own = (object: Node, holder: string | undefined): string | undefined => {
    const base = basePathOf(source, object);
    return base === undefined ? undefined : posix.join(base, prefixes.get(holder ?? '') ?? '');
  };
  const maker = makersOf(source);
  const registered = calls.flatMap((call, at) => {
    const holder = holders[at];
    const route = routeOf(source, call, style);
    const base = holder && route && own(call.object, holder.name);
    if (!holder || !route || base === undefined) return [];
    return [
      {
        ...route,
        path: posix.join('/', base, route.path),
        offset: call.offset,
        holder: holder.name,
        maker: maker(call.offset),
      },
    ];
  });
  const mounts = calls.flatMap((call, at) =>
    mountsOf(source, call, { holder: holders[at]?.name, maker: maker(call.offset) }, style, own),
  );
  return { source, registered, mounts };
}

/** The function of a file that stands at its top and has an offset in it, by the name under which others have it. */
function makersOf(source: Source): (offset: number) => string | undefined {
  const found: { readonly name: string; readonly start: number; readonly end: number }[] = [];
  for (const statement of source.program.body) {
    const isDefault = statement.type === 'ExportDefaultDeclaration';
    const declared = isDefault || statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (!declared) continue;
    const { start, end } = declared;
    if (isDefault) found.push({ name: 'default', start, end });
    else if (declared.type === 'FunctionDeclaration' && declared.id) found.push({ name: declared.id.name, start, end });
    else if (declared.type === 'VariableDeclaration')
      for (const { id, init } of declared.declarations)
        if (
          id.type === 'Identifier' &&
          (init?.type === 'ArrowFunctionExpression' || init?.type === 'FunctionExpression')
        )
          found.push({ name: id.name, start: init.start, end: init.end });
  }
  return (offset) => found.find(({ start, end }) => start <= offset && offset < end)?.name;
}

type MethodCall = {
  readonly name: string;
  readonly object: Node;
  readonly offset: number;
  readonly arguments: readonly Node[];
};

/** Every call `x.name(…)` of a file. */
function methodCalls(source: Source): readonly MethodCall[] {
  return nodesOf(source.program, 'CallExpression').flatMap((node) => {
    const callee = unwrap(node.callee);
    if (callee.type !== 'MemberExpression' || callee.computed || callee.property.type !== 'Identifier') return [];
    const { name, start } = callee.property;
    return [{ name, object: callee.object, offset: start, arguments: node.arguments }];
  });
}

/** The method and path of a call that registers a route. */
function routeOf(source: Source, call: MethodCall, style: RouteStyle): { method: string; path: string } | undefined {
  const method = Object.hasOwn(style.methods, call.name) ? style.methods[call.name] : undefined;
  if (method === undefined) return undefined;
  const [first, second] = call.arguments.slice(0, 2).map((argument) => stringValue(source, argument));
  const path = style.named && second?.startsWith('/') ? second : first;
  return path !== undefined && (path === '' || path.startsWith('/')) ? { method, path } : undefined;
}

/**
 * Whether a call is made on a server object or router: one made in this file, or a parameter that is one by its name. Gives the
 * variable that holds it, if one does.
 */
function holderOf(
  source: Source,
  node: Node,
  made: readonly FactoryCall[],
  style: RouteStyle,
): { name: string | undefined } | undefined {
  let at = unwrap(node);
  for (;;) {
    const factoryCall = made.find((each) => each.node === at);
    if (factoryCall) return { name: factoryCall.variable?.name };
    if (at.type === 'CallExpression') at = unwrap(at.callee);
    else if (at.type === 'MemberExpression') at = unwrap(at.object);
    else break;
  }
  const root = rootOf(at);
  if (root.type !== 'Identifier') return undefined;
  if (made.some((factoryCall) => factoryCall.variable?.name === root.name)) return { name: root.name };
  const binding = lookup(source, root.name, root.start);
  return binding?.kind === 'parameter' && style.parameters.includes(root.name) ? { name: root.name } : undefined;
}

/** `basePath('/api')` and `{ prefix: '/api' }` in the chain before a route; undefined: it is worked out. */
function basePathOf(source: Source, node: Node): string | undefined {
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
      const text = option ? stringValue(source, option) : '';
      return text === undefined ? undefined : posix.join(text, prefix);
    } else if (at.type === 'Identifier') {
      const binding = lookup(source, at.name, at.start);
      if (!binding?.init || binding.kind !== 'const') return prefix;
      at = unwrap(binding.init);
    } else return prefix;
  }
}

/** Its place is that of the router that it is mounted on. */
type Mount = RouterLocation & {
  readonly prefix: string;
  readonly matches: (at: RouterLocation) => boolean;
  /** the name under which the file exports what is mounted; absent: it is the file's whole */
  readonly member?: string;
  /** what is mounted is made by a call of a function */
  readonly isCalled: boolean;
};

/** The routers that a call mounts: `app.use('/api', guard, orders)`, `app.register(orders, { prefix })`, `api.use('/v1', orders.routes())`, `app.route('/orders', orderRoutes(store))`. */
function mountsOf(
  source: Source,
  call: MethodCall,
  on: Pick<RouterLocation, 'holder' | 'maker'>,
  style: RouteStyle,
  own: (object: Node, holder: string | undefined) => string | undefined,
): Mount[] {
  if (!style.mounts.includes(call.name)) return [];
  const [first, second] = call.arguments;
  const literal = first && stringValue(source, first);
  const option = second && property(unwrap(second), 'prefix');
  const given = literal ?? (option && stringValue(source, option)) ?? '';
  const prefix = posix.join(own(call.object, on.holder) ?? '', given);
  const routers = literal === undefined ? call.arguments : call.arguments.slice(1);
  return routers.flatMap((node) => {
    const router = routerNamed(node, style);
    return router === undefined ? [] : [{ prefix, ...target(source, router), file: source.file, ...on }];
  });
}

type Named = { readonly name: string; readonly member?: string; readonly isCalled?: boolean };

/** The name of a router: `orders`, `routes.orders`, `orders.routes()`, which gives its middleware, or of the function that makes it: `orderRoutes(store)`. */
function routerNamed(node: Node, style: RouteStyle): Named | undefined {
  const at = unwrap(node);
  if (at.type === 'Identifier') return { name: at.name };
  const isCall = at.type === 'CallExpression';
  const callee = isCall ? unwrap(at.callee) : undefined;
  if (callee?.type === 'Identifier') return { name: callee.name, isCalled: true };
  const [name, member, ...more] = (memberPath(isCall ? at.callee : at) ?? '').split('.');
  if (name === undefined || member === undefined || more.length > 0) return undefined;
  if (isCall) return style.gives?.includes(member) ? { name } : undefined;
  return { name, member };
}

/** Which routes a mounted name means: those of a variable or a function of the same file, or of the file that it is imported from. */
function target(
  source: Source,
  { name, member, isCalled = false }: Named,
): Pick<Mount, 'matches' | 'member' | 'isCalled'> {
  const imported = source.imports.find((imported) => imported.names.some((each) => each.local === name));
  if (!imported)
    return {
      isCalled,
      matches: ({ file, holder, maker }) => file === source.file && (isCalled ? maker : holder) === name,
    };
  const taken = imported.names.find((each) => each.local === name)?.imported;
  const own = member ?? (taken === 'default' || taken === '*' ? undefined : taken);
  const bare = imported.specifier.replace(/^(\.{1,2}\/)+|^[@~#]?[\w-]*\/(?=\w)/, '').replace(/\.[cm]?[jt]sx?$/, '');
  return {
    isCalled,
    ...(own === undefined || isCalled ? {} : { member: own }),
    matches: ({ file, maker }) => {
      const stem = file.replace(/\.[cm]?[jt]sx?$/, '').replace(/\/index$/, '');
      const isThere = file !== source.file && (stem === bare || stem.endsWith(`/${bare}`));
      return isThere && (!isCalled || maker === taken);
    },
  };
}
