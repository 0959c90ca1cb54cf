/** NestJS (https://docs.nestjs.com): controllers are classes, on top of Express, or of Fastify with its adapter. */

import { posix } from 'node:path';
import {
  indentAt,
  memberPath,
  type Node,
  parseSource,
  property,
  resolve,
  type Source,
  stringValue,
  unwrap,
  walk,
} from '../../formats/source/index.ts';
import type { Route } from '../../model/facts.ts';
import type { OfferedEdit } from '../../model/recipe.ts';
import { readSources } from '../../project/source.ts';
import type { Detection, Framework, WireInput } from '../contract.ts';
import { bindAllInterfaces } from '../support/bind-all-interfaces.ts';
import { httpMethods } from '../support/routes.ts';
import { bringing, endAt, importEdit, imports, styleOf } from '../support/wiring.ts';

export const detection: Detection = {
  name: 'nest',
  title: 'NestJS',
  role: 'server',
  includes: ['express', 'fastify', 'node-http'],
  dependencies: ['@nestjs/core', '@nestjs/common'],
};

type ModuleCreation = { readonly variable: string; readonly call: Call; readonly start: number; readonly end: number };

/** `const app = await NestFactory.create(AppModule)`. */
function madeIn(source: Source): readonly ModuleCreation[] {
  const found: ModuleCreation[] = [];
  walk(source.program, (node, ancestors) => {
    if (node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier' || !node.init) return;
    const value = unwrap(node.init);
    const call = value.type === 'AwaitExpression' ? unwrap(value.argument) : value;
    if (call.type !== 'CallExpression' || memberPath(call.callee) !== 'NestFactory.create') return;
    const statement = ancestors.at(-1) ?? node;
    found.push({ variable: node.id.name, call, start: statement.start, end: statement.end });
  });
  return found;
}

type Decorated = { readonly method: string; readonly paths: readonly string[] };

/** What a decorator is given: `@Controller('orders')`, `@Controller({ path: 'orders' })`, `@Get(['a', 'b'])`. Paths that are worked out are left out. */
function decorated(source: Source, node: Node, names: ReadonlyMap<string, string>): Decorated | undefined {
  for (const call of decoratorsOf(node)) {
    const method = names.get(memberPath(call.callee) ?? '');
    if (method === undefined) continue;
    const first = call.arguments[0] && resolve(source, call.arguments[0]);
    const given = first?.type === 'ObjectExpression' ? property(first, 'path') : first;
    return { method, paths: given ? textsOf(source, given).flatMap((text) => text ?? []) : [''] };
  }
  return undefined;
}

type Call = Extract<Node, { type: 'CallExpression' }>;

function decoratorsOf(node: Node): readonly Call[] {
  const list = 'decorators' in node && Array.isArray(node.decorators) ? (node.decorators as readonly Node[]) : [];
  return list.flatMap((item) => {
    const call = item.type === 'Decorator' ? unwrap(item.expression) : undefined;
    return call?.type === 'CallExpression' ? [call] : [];
  });
}

/** A text, or every one of a list; undefined for one that is worked out. */
function textsOf(source: Source, node: Node): readonly (string | undefined)[] {
  const value = resolve(source, node);
  if (value.type !== 'ArrayExpression') return [stringValue(source, value)];
  return value.elements.map((element) => (element ? stringValue(source, element) : undefined));
}

/** What a class or a method says of versions. Where a path with some lies depends on how they are told apart; one for all has none in it. */
function versionsOf(source: Source, node: Node): 'none' | 'all' | 'some' {
  for (const call of decoratorsOf(node)) {
    const [first] = call.arguments;
    const options = first && resolve(source, first);
    const given = memberPath(call.callee) === 'Version' ? first : options && property(options, 'version');
    if (given) return memberPath(given)?.split('.').at(-1) === 'VERSION_NEUTRAL' ? 'all' : 'some';
  }
  return 'none';
}

/** Whether a route lies at its path without a version. */
function isPlain(source: Source, controller: Node, member: Node, { neutralOnly }: Before): boolean {
  const own = versionsOf(source, member);
  const version = own === 'none' ? versionsOf(source, controller) : own;
  return version === 'all' || (version === 'none' && !neutralOnly);
}

const verbs = new Map(
  Object.entries(httpMethods).map(
    ([name, method]) => [`${name[0]?.toUpperCase() ?? ''}${name.slice(1)}`, method] as const,
  ),
);
const controllers = new Map([['Controller', 'CONTROLLER']]);

function routesIn(source: Source, before: Before): Route[] {
  const found: Route[] = [];
  walk(source.program, (node) => {
    if (node.type !== 'ClassDeclaration') return;
    const controller = decorated(source, node, controllers);
    if (!controller) return;
    for (const member of node.body.body) {
      const route = isPlain(source, node, member, before) ? decorated(source, member, verbs) : undefined;
      if (!route) continue;
      for (const value of controller.paths.flatMap((base) => route.paths.map((path) => posix.join('/', base, path)))) {
        const path = (before.except.has(plain(value)) ? plain(value) : posix.join('/', before.prefix, value)).replace(
          /(.)\/$/,
          '$1',
        );
        const why = `${route.method} ${path} is answered`;
        found.push({ method: route.method, path, from: [{ file: source.file, line: source.line(member.start), why }] });
      }
    }
  });
  return found;
}

/** A path with its slash before it and none behind. */
const plain = (path: string): string => posix.join('/', path).replace(/(.)\/$/, '$1');

/** The prefix that the app gives to every route, and the routes that it is not for. */
type Before = {
  readonly prefix: string;
  readonly except: ReadonlySet<string>;
  /** every route has a version, but for those that are for all of them */
  readonly neutralOnly: boolean;
};

/** What stands before every route; undefined: that is worked out, or a module has a prefix of its own. */
function beforeRoutes(sources: readonly Source[]): Before | undefined {
  let before: Before | undefined = { prefix: '', except: new Set(), neutralOnly: false };
  for (const source of sources) {
    walk(source.program, (node) => {
      if (node.type !== 'CallExpression') return;
      const name = memberPath(node.callee) ?? '';
      const [first, second] = node.arguments;
      if (name === 'RouterModule.register') before = undefined;
      if (before && name.endsWith('.enableVersioning') && first && property(resolve(source, first), 'defaultVersion'))
        before = { ...before, neutralOnly: true };
      if (!before || !name.endsWith('.setGlobalPrefix')) return;
      const prefix = first && stringValue(source, first);
      const except = exceptions(source, second);
      before = prefix === undefined || !except ? undefined : { ...before, prefix, except };
    });
  }
  return before;
}

/** `{ exclude: ['health', { path: 'metrics', method: RequestMethod.GET }] }`; undefined: a pattern, or worked out. */
function exceptions(source: Source, options: Node | undefined): ReadonlySet<string> | undefined {
  const listed = options && property(resolve(source, options), 'exclude');
  if (!listed) return new Set();
  const list = resolve(source, listed);
  if (list.type !== 'ArrayExpression') return undefined;
  const paths = list.elements.map((element) => {
    const value = element && resolve(source, element);
    const path = value?.type === 'ObjectExpression' ? property(value, 'path') : value;
    return path ? stringValue(source, path) : undefined;
  });
  const exact = paths.flatMap((path) => (path === undefined || /[*:(){}?]/.test(path) ? [] : [plain(path)]));
  return exact.length === paths.length ? new Set(exact) : undefined;
}

const adapters: ReadonlySet<string | undefined> = new Set(['ExpressAdapter', 'FastifyAdapter']);

/**
 * Whether the application stands on Express or Fastify, which both take middleware by `use` (the adapter of Fastify brings
 * @fastify/middie for it). The adapter is the second argument, before the options; without one it is Express.
 */
function takesMiddleware(source: Source, made: ModuleCreation): boolean {
  const adapter = made.call.arguments[1] && resolve(source, made.call.arguments[1]);
  if (!adapter || adapter.type === 'ObjectExpression') return true;
  return adapter.type === 'NewExpression' && adapters.has(memberPath(adapter.callee));
}

function wire({ file, text, module, ending }: WireInput): OfferedEdit {
  const source = parseSource(file, text);
  const { end, newline } = styleOf(source, ending);
  const lines = [bringing(source, module, ending), `app.use(healthRoutes)${end}`];
  const refused = (why: string): OfferedEdit => ({ ok: false, why, lines });
  if (imports(source, module)) return { ok: true, edits: [], why: `${file} imports the health routes` };
  if (source.problems.length > 0) return refused(`${file} could not be read: ${source.problems[0]?.message ?? ''}`);
  const made = madeIn(source);
  const [moduleCreation] = made;
  const first = importEdit(source, module, ending);
  if (!moduleCreation || made.length > 1 || !first)
    return refused(
      made.length === 0
        ? `no NestJS application is created in ${file}`
        : `${file} creates ${made.length} applications, and it is unclear which one serves requests`,
    );
  if (!takesMiddleware(source, moduleCreation))
    return refused(`the root module of the application is not a literal in ${file}`);
  const added = `${newline}${indentAt(text, moduleCreation.start)}${moduleCreation.variable}.use(healthRoutes)${endAt(source, moduleCreation.end, end)}`;
  return {
    ok: true,
    edits: [first, { start: moduleCreation.end, end: moduleCreation.end, text: added }].sort(
      (a, b) => a.start - b.start,
    ),
    why: 'adds /live, /ready and /health where the NestJS application is created, before guards and prefixes',
  };
}

export const framework: Framework = {
  bindAllInterfaces: (file, text, line) => bindAllInterfaces(file, text, { line }),
  locate: (project, files) => {
    for (const source of readSources(project, files)) {
      const [first] = madeIn(source);
      if (first) return { file: source.file, line: source.line(first.start) };
    }
    return undefined;
  },
  routes: (project, files) => {
    const sources = readSources(project, files);
    const before = beforeRoutes(sources);
    return before ? sources.flatMap((source) => routesIn(source, before)) : [];
  },
  healthRoutes: {
    imports: ["import type { IncomingMessage, ServerResponse } from 'node:http';"],
    code: `/** A separate middleware that runs before guards, prefixes and pipes. */
export async function healthRoutes(request: IncomingMessage, response: ServerResponse, next: () => void): Promise<void> {
  const path = request.url?.split('?')[0];
  if (path !== '/live' && path !== '/ready' && path !== '/health') return next();
  const health = path === '/live' ? undefined : await checkHealth(path === '/health');
  response.writeHead(health ? statusCode(health) : 200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(health ?? { status: 'ok' }));
}`,
    exports: 'healthRoutes',
  },
  wire,
};
