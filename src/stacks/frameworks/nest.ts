/** NestJS (https://docs.nestjs.com): controllers are classes; underneath is Express, or Fastify where an adapter says so. */
import { posix } from 'node:path';
import {
  memberPath,
  type Node,
  parseSource,
  property,
  type Source,
  stringValue,
  unwrap,
  walk,
} from '../../formats/source/index.ts';
import type { Route } from '../../model/facts.ts';
import type { Framework, Recognise, WireInput, Wiring } from '../contract.ts';
import { listenEverywhere } from '../support/everywhere.ts';
import { httpMethods, readSources } from '../support/routes.ts';
import { bringing, importEdit, imports, indentAt, styleOf } from '../support/wiring.ts';

export const recognise: Recognise = {
  name: 'nest',
  title: 'NestJS',
  role: 'server',
  includes: ['express', 'fastify', 'node-http'],
  dependencies: ['@nestjs/core', '@nestjs/common'],
};

type Made = { readonly variable: string; readonly start: number; readonly end: number };

/** `const app = await NestFactory.create(AppModule)`. */
function madeIn(source: Source): readonly Made[] {
  const found: Made[] = [];
  walk(source.program, (node, ancestors) => {
    if (node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier' || !node.init) return;
    const value = unwrap(node.init);
    const call = value.type === 'AwaitExpression' ? unwrap(value.argument) : value;
    if (call.type !== 'CallExpression' || memberPath(call.callee) !== 'NestFactory.create') return;
    const statement = ancestors.at(-1) ?? node;
    found.push({ variable: node.id.name, start: statement.start, end: statement.end });
  });
  return found;
}

/** What a decorator is given: `@Controller('orders')`, `@Controller({ path: 'orders' })`, `@Get()`. */
function decorated(
  source: Source,
  node: Node,
  names: ReadonlyMap<string, string>,
): { method: string; path: string } | undefined {
  const list = 'decorators' in node && Array.isArray(node.decorators) ? (node.decorators as readonly Node[]) : [];
  for (const one of list) {
    const call = one.type === 'Decorator' ? unwrap(one.expression) : undefined;
    if (call?.type !== 'CallExpression') continue;
    const method = names.get(memberPath(call.callee) ?? '');
    if (method === undefined) continue;
    const [first] = call.arguments;
    const given = first && (property(unwrap(first), 'path') ?? first);
    return { method, path: (given && stringValue(source, given)) ?? '' };
  }
  return undefined;
}

const verbs = new Map(
  Object.entries(httpMethods).map(
    ([name, method]) => [`${name[0]?.toUpperCase() ?? ''}${name.slice(1)}`, method] as const,
  ),
);
const controllers = new Map([['Controller', 'CONTROLLER']]);

function routesIn(source: Source, prefix: string): Route[] {
  const found: Route[] = [];
  walk(source.program, (node) => {
    if (node.type !== 'ClassDeclaration') return;
    const controller = decorated(source, node, controllers);
    if (!controller) return;
    for (const member of node.body.body) {
      const route = decorated(source, member, verbs);
      if (!route) continue;
      const path = posix.join('/', prefix, controller.path, route.path).replace(/(.)\/$/, '$1');
      const from = [{ file: source.file, line: source.line(member.start), why: `${route.method} ${path} is answered` }];
      found.push({ method: route.method, path, from });
    }
  });
  return found;
}

/** The prefix that the app gives to every route. */
function globalPrefix(sources: readonly Source[]): string {
  let prefix = '';
  for (const source of sources) {
    walk(source.program, (node) => {
      if (node.type !== 'CallExpression' || !memberPath(node.callee)?.endsWith('.setGlobalPrefix')) return;
      const [first] = node.arguments;
      prefix = (first && stringValue(source, first)) ?? prefix;
    });
  }
  return prefix;
}

function wire({ file, text, module, ending }: WireInput): Wiring {
  const source = parseSource(file, text);
  const { end, newline } = styleOf(source, ending);
  const lines = [bringing(source, module, ending), `app.use(healthRoutes)${end}`];
  const refused = (why: string): Wiring => ({ ok: false, why, lines });
  if (imports(source, module)) return { ok: true, edits: [], why: `${file} imports the health routes` };
  if (source.problems.length > 0) return refused(`${file} could not be read: ${source.problems[0]?.message ?? ''}`);
  if (text.includes('FastifyAdapter'))
    return refused('on Fastify a middleware needs @fastify/middie: add the routes as a controller');
  const made = madeIn(source);
  const [one] = made;
  const first = importEdit(source, module, ending);
  if (!one || made.length > 1 || !first)
    return refused(
      made.length === 0
        ? `no NestJS application is made in ${file}`
        : `${file} makes ${made.length} applications, and which of them answers is not clear`,
    );
  const added = `${newline}${indentAt(text, one.start)}${one.variable}.use(healthRoutes)${end}`;
  return {
    ok: true,
    edits: [first, { start: one.end, end: one.end, text: added }].sort((a, b) => a.start - b.start),
    why: 'adds /live, /ready and /health where NestJS is made, before guards and prefixes',
  };
}

export const framework: Framework = {
  everywhere: (file, text) => listenEverywhere(file, text, false),
  locate: (project, files) => {
    for (const source of readSources(project, files)) {
      const [first] = madeIn(source);
      if (first) return { file: source.file, line: source.line(first.start) };
    }
    return undefined;
  },
  routes: (project, files) => {
    const sources = readSources(project, files);
    const prefix = globalPrefix(sources);
    return sources.flatMap((source) => routesIn(source, prefix));
  },
  healthRoutes: {
    imports: ["import type { IncomingMessage, ServerResponse } from 'node:http';"],
    code: `/** A middleware of its own, before guards, prefixes and pipes. */
export async function healthRoutes(request: IncomingMessage, response: ServerResponse, next: () => void): Promise<void> {
  const path = request.url?.split('?')[0];
  if (path !== '/live' && path !== '/ready' && path !== '/health') return next();
  const health = path === '/live' ? undefined : await checkHealth();
  response.writeHead(health ? statusCode(health) : 200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(health ?? { status: 'ok' }));
}`,
    exports: 'healthRoutes',
  },
  wire,
};
