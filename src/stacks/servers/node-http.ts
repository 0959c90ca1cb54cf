/** The server of Node.js itself (https://nodejs.org/api/http.html): one function handles all requests. */

import {
  indentAt,
  memberPath,
  type Node,
  parseSource,
  resolve,
  type Source,
  unwrap,
  walk,
} from '../../formats/source/index.ts';
import type { Route } from '../../model/facts.ts';
import type { OfferedEdit } from '../../model/recipe.ts';
import { readSources } from '../../project/source.ts';
import type { Detection, Framework, WireInput } from '../contract.ts';
import { bindAllInterfaces } from '../support/bind-all-interfaces.ts';
import { answeredAlike, comparedRoutes } from '../support/compared-paths.ts';
import { bringing, endAt, importEdit, imports, styleOf } from '../support/wiring.ts';

export const detection: Detection = {
  name: 'node-http',
  title: 'node:http',
  role: 'server',
  uses: ['node:http#createServer', 'http#createServer', 'node:https#createServer', 'https#createServer'],
};

const modules = new Set(['node:http', 'http', 'node:https', 'https']);

type Call = Extract<Node, { type: 'CallExpression' }>;
type Handler = Extract<Node, { type: 'ArrowFunctionExpression' | 'FunctionExpression' | 'FunctionDeclaration' }>;

/** Calls that make a server, in the order of the text. */
function serversIn(source: Source): readonly Call[] {
  const names = source.imports
    .filter((imported) => modules.has(imported.specifier))
    .flatMap((imported) => imported.names);
  const found: Call[] = [];
  walk(source.program, (node) => {
    if (node.type !== 'CallExpression') return;
    const [local = '', member] = (memberPath(node.callee) ?? '').split('.');
    const brought = names.find((name) => name.local === local);
    if (brought && (member ?? brought.imported) === 'createServer') found.push(node);
  });
  return found;
}

/** The function that answers: the last argument, as it stands or under its name. */
function handlerOf(source: Source, call: Call): Handler | undefined {
  const last = call.arguments.at(-1);
  if (!last) return undefined;
  const node = resolve(source, unwrap(last));
  const named = node.type === 'Identifier' ? declared(source, node.name) : node;
  return named?.type === 'ArrowFunctionExpression' ||
    named?.type === 'FunctionExpression' ||
    named?.type === 'FunctionDeclaration'
    ? (named as Handler)
    : undefined;
}

const declared = (source: Source, name: string): Node | undefined =>
  source.program.body.find((item) => item.type === 'FunctionDeclaration' && item.id?.name === name);

/** The route of a server of one function that looks at no request. */
function routesOfAll(source: Source): Route[] {
  const [server, ...others] = serversIn(source);
  const handler = server && handlerOf(source, server);
  return handler && others.length === 0 && handler.params.length > 1 ? answeredAlike(source, handler) : [];
}

/** What makes a function one that can wait: `async`, and its result promised where it is written out; undefined: it has another. */
function promisedResult(text: string, handler: Handler): { start: number; end: number; text: string }[] | undefined {
  if (handler.async) return [];
  const start = { start: handler.start, end: handler.start, text: 'async ' };
  const type = handler.returnType?.typeAnnotation;
  if (!type) return [start];
  return text.slice(type.start, type.end) === 'void'
    ? [start, { start: type.start, end: type.end, text: 'Promise<void>' }]
    : undefined;
}

function wire({ file, text, module, ending }: WireInput): OfferedEdit {
  const source = parseSource(file, text);
  const { end } = styleOf(source, ending);
  const lines = [bringing(source, module, ending), `if (await healthRoutes(request, response)) return${end}`];
  const refused = (why: string): OfferedEdit => ({ ok: false, why, lines });
  if (imports(source, module)) return { ok: true, edits: [], why: `${file} imports the health routes` };
  if (source.problems.length > 0) return refused(`${file} could not be read: ${source.problems[0]?.message ?? ''}`);
  const servers = serversIn(source);
  const [server] = servers;
  if (!server || servers.length > 1)
    return refused(
      servers.length === 0
        ? `no server is created in ${file}`
        : `${file} creates ${servers.length} servers, and it is unclear which one serves requests`,
    );
  const handler = handlerOf(source, server);
  const [request, response] = handler?.params ?? [];
  const body = handler?.body;
  if (
    !handler ||
    request?.type !== 'Identifier' ||
    response?.type !== 'Identifier' ||
    body?.type !== 'BlockStatement' ||
    handler.generator
  )
    return refused(`the request handler is not a function literal in ${file}`);
  const first = importEdit(source, module, ending);
  if (!first) return refused(`${file} has no place for an import`);
  const promised = promisedResult(text, handler);
  if (!promised) return refused(`the request handler in ${file} returns a value`);
  const { newline } = styleOf(source, ending);
  const [statement] = body.body;
  const indent =
    statement && text.slice(body.start, statement.start).includes('\n')
      ? indentAt(text, statement.start)
      : `${indentAt(text, handler.start)}  `;
  const edits = [
    first,
    ...promised,
    {
      start: body.start + 1,
      end: body.start + 1,
      text: `${newline}${indent}if (await healthRoutes(${request.name}, ${response.name})) return${endAt(source, body.start + 1, end)}`,
    },
  ];
  return {
    ok: true,
    edits: edits.sort((a, b) => a.start - b.start),
    why: 'adds /live, /ready and /health to the request handler, before everything else',
  };
}

export const framework: Framework = {
  bindAllInterfaces: (file, text, line) => bindAllInterfaces(file, text, { line }),
  locate: (project, files) => {
    for (const source of readSources(project, files)) {
      const [first] = serversIn(source);
      if (first) return { file: source.file, line: source.line(first.start) };
    }
    return undefined;
  },
  routes: (project, files) =>
    readSources(project, files).flatMap((source) => [...comparedRoutes(source), ...routesOfAll(source)]),
  healthRoutes: {
    imports: ["import type { IncomingMessage, ServerResponse } from 'node:http';"],
    code: `function answer(response: ServerResponse, status: number, body: unknown): true {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  return true;
}

/** Handles the three routes; returns false if the request is for another handler. */
export async function healthRoutes(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  const path = request.url?.split('?')[0];
  if (path === '/live') return answer(response, 200, { status: 'ok' });
  if (path !== '/ready' && path !== '/health') return false;
  const health = await checkHealth(path === '/health');
  return answer(response, statusCode(health), health);
}`,
    exports: 'healthRoutes',
  },
  wire,
};
