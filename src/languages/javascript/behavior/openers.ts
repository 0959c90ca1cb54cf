/** Servers that are opened by another call than `listen`, and packages that are servers as a whole. */
import {
  keyName,
  memberPath,
  type Node,
  nodesOf,
  property,
  type Source,
  unwrap,
} from '../../../formats/source/index.ts';
import type { Fact } from '../../../model/known.ts';
import { inSource } from '../app.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { trace } from '../evaluate/trace.ts';

/** A call of a package that opens a server. */
type Opener = {
  /** `new X` is a constructor, `.x` a method, `x` a function of the package */
  readonly call: string;
  /** which argument says the port */
  readonly argument: number;
  /** the option of it that does; a path where it lies deeper. Missing: the argument itself */
  readonly option?: readonly string[];
  /** the port where the call names none; missing: such a call opens no port */
  readonly usual?: number;
  /** the class of the package whose method it is; missing: no other thing has a method of that name */
  readonly of?: string;
  /** the option, and the name of the package, by which it opens none and connects to its service instead */
  readonly dialsOut?: { readonly option: string; readonly name: string };
};

const openers: Readonly<Record<string, readonly Opener[]>> = {
  '@hapi/hapi': [
    { call: 'server', argument: 0, option: ['port'] },
    { call: 'new Server', argument: 0, option: ['port'] },
  ],
  hapi: [{ call: 'server', argument: 0, option: ['port'] }],
  ws: [
    { call: 'new WebSocketServer', argument: 0, option: ['port'] },
    { call: 'new Server', argument: 0, option: ['port'] },
  ],
  'socket.io': [{ call: 'new Server', argument: 0 }],
  '@apollo/server/standalone': [
    { call: 'startStandaloneServer', argument: 1, option: ['listen', 'port'], usual: 4000 },
  ],
  '@grpc/grpc-js': [{ call: '.bindAsync', argument: 0 }],
  '@slack/bolt': [
    {
      call: '.start',
      of: 'App',
      argument: 0,
      usual: 3000,
      dialsOut: { option: 'socketMode', name: 'SocketModeReceiver' },
    },
  ],
};

/** Packages that are the server of the application: they listen by themselves, where nobody sees a call. */
const serving: Readonly<Record<string, { readonly number: number; readonly variable?: string }>> = {
  '@adonisjs/core': { number: 3333, variable: 'PORT' },
  sails: { number: 1337, variable: 'PORT' },
  '@strapi/strapi': { number: 1337, variable: 'PORT' },
  '@loopback/rest': { number: 3000, variable: 'PORT' },
  'moleculer-web': { number: 3000, variable: 'PORT' },
  '@keystone-6/core': { number: 3000, variable: 'PORT' },
  egg: { number: 7001 },
};

export type OpenedServer = {
  readonly node: Node;
  readonly source: Source;
  readonly port?: Node;
  readonly usual?: number;
  readonly why: string;
};

/** The calls of packages in one source that open a server, with where the port is said. */
export function openedByPackages(context: AnalysisContext, source: Source): readonly OpenedServer[] {
  const imported = source.imports.filter(
    (imported) => Object.hasOwn(openers, imported.specifier) && !imported.typeOnly,
  );
  const everywhere = context.modules.packages.filter(
    (item) => Object.hasOwn(openers, item.at.specifier) && !dialsOut(context, item.at.specifier),
  );
  if (everywhere.length === 0) return [];
  const found: OpenedServer[] = [];
  for (const node of nodesOf(source.program, 'CallExpression', 'NewExpression')) {
    const method = methodOf(node);
    for (const { specifier, names } of [...imported, ...everywhere.map((item) => item.at)])
      for (const opener of openers[specifier] ?? []) {
        const own = imported.some((item) => item.specifier === specifier && item.names === names);
        const called = opener.call.startsWith('.')
          ? method === opener.call && isOfPackage(context, source, node, specifier, opener)
          : own && isCalled(node, opener, names);
        const place = called ? portOf(context, source, node.arguments[opener.argument], opener) : undefined;
        if (place && !found.some((openedServer) => openedServer.node === node))
          found.push({ ...place, node, why: `${opener.call.replace('.', '')}() of ${specifier} opens a server` });
      }
  }
  return found;
}

/** Whether a method is called on an object of the class of the package that has it. */
function isOfPackage(
  context: AnalysisContext,
  source: Source,
  { callee }: Call,
  specifier: string,
  { of }: Opener,
): boolean {
  if (of === undefined) return true;
  const at = unwrap(callee);
  const made = at.type === 'MemberExpression' ? trace(context, source, at.object) : undefined;
  if (made?.kind !== 'syntax' || made.node.type !== 'NewExpression') return false;
  const path = memberPath(made.node.callee);
  return made.source.imports.some(
    (item) =>
      item.specifier === specifier &&
      item.names.some(({ imported, local }) => (imported === of ? path === local : path === `${local}.${of}`)),
  );
}

/** Whether the app connects to the service of a package that otherwise waits for it: `new App({ socketMode: true })`. */
function dialsOut({ modules }: AnalysisContext, specifier: string): boolean {
  const row = openers[specifier]?.find((opener) => opener.dialsOut);
  if (!row?.dialsOut) return false;
  const { option, name } = row.dialsOut;
  const isSet = (source: Source) =>
    nodesOf(source.program, 'Property').some(
      (node) =>
        keyName(node.key, node.computed) === option && !(node.value.type === 'Literal' && node.value.value === false),
    );
  return modules.sources.some(
    (source) =>
      isSet(source) ||
      source.imports.some(
        (item) => item.specifier === specifier && item.names.some(({ imported }) => imported === name),
      ),
  );
}

/** Whether a package that would be the server of the app connects to its service instead. */
export const connectsOnly = (context: AnalysisContext): boolean =>
  context.modules.packages.some(({ at }) => Object.hasOwn(openers, at.specifier) && dialsOut(context, at.specifier));

type Names = readonly { readonly imported: string; readonly local: string }[];
type Call = Extract<Node, { type: 'CallExpression' | 'NewExpression' }>;

function isCalled(node: Call, { call }: Opener, names: Names): boolean {
  const [type, name] = call.startsWith('new ') ? ['NewExpression', call.slice(4)] : ['CallExpression', call];
  const path = memberPath(node.callee);
  return (
    node.type === type &&
    names.some(({ imported, local }) =>
      imported === name ? path === local : ['*', 'default'].includes(imported) && path === `${local}.${name}`,
    )
  );
}

function methodOf(node: Call): string | undefined {
  const callee = unwrap(node.callee);
  return callee.type === 'MemberExpression' && !callee.computed && callee.property.type === 'Identifier'
    ? `.${callee.property.name}`
    : undefined;
}

/** Where a call says its port; undefined: it opens none. */
function portOf(
  context: AnalysisContext,
  source: Source,
  argument: Node | undefined,
  { option = [], usual }: Opener,
): Pick<OpenedServer, 'source' | 'port' | 'usual'> | undefined {
  let at: { source: Source; node: Node } | undefined = argument && { source, node: argument };
  for (const name of option) {
    const target = at && trace(context, at.source, at.node);
    const value = target?.kind === 'syntax' ? property(target.node, name) : undefined;
    at = target?.kind === 'syntax' && value ? { source: target.source, node: value } : undefined;
  }
  if (at && option.length === 0) {
    const target = trace(context, at.source, at.node);
    // a server that is handed in, or options
    if (target.kind === 'syntax' && /^(Object|New|Call|Arrow|Function)/.test(target.node.type)) at = undefined;
  }
  if (at) return { source: at.source, port: at.node };
  return usual === undefined ? undefined : { source, usual };
}

/** The package that is the server, where one is imported: with the port that it takes by itself. */
export function servingPackage(context: AnalysisContext): Fact<{ number: number; variable?: string }> | undefined {
  const found = context.modules.packages.find((item) => Object.hasOwn(serving, item.name));
  const port = found && serving[found.name];
  if (!found || !port) return undefined;
  const why = `${found.name} is a server, and listens on ${port.number} by default`;
  return { value: { ...port }, by: 'default', from: [inSource(found.source, found.at.span.start, why)] };
}
