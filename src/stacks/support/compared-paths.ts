import { memberPath, type Node, nodesOf, resolve, type Source, stringValue, walk } from '../../formats/source/index.ts';
import type { Route } from '../../model/facts.ts';

/**
 * Paths that a handler tells apart by hand: `url.pathname === '/health'`, `request.url === '/health'`, and `case '/health':` of a switch.
 */
export function comparedRoutes(source: Source): Route[] {
  const found: Route[] = [];
  const isPath = (node: Node) => {
    const path = memberPath(resolve(source, node)) ?? memberPath(node);
    return path === 'pathname' || /\.(pathname|url|path)$/.test(path ?? '');
  };
  const add = (node: Node) => {
    const path = stringValue(source, node);
    if (!path?.startsWith('/')) return;
    found.push({
      method: 'GET',
      path,
      from: [{ file: source.file, line: source.line(node.start), why: `${path} is answered` }],
    });
  };
  walk(source.program, (node) => {
    if (node.type === 'BinaryExpression' && ['===', '=='].includes(node.operator)) {
      if (isPath(node.left)) add(node.right);
      else if (isPath(node.right)) add(node.left);
    }
    if (node.type === 'SwitchStatement' && isPath(node.discriminant))
      for (const caseNode of node.cases) if (caseNode.test) add(caseNode.test);
  });
  return found;
}

type Handler = Pick<Extract<Node, { type: 'ArrowFunctionExpression' }>, 'start' | 'params'> & {
  readonly body: Node | null;
};

/**
 * The route of a function that does not look at the request, its first parameter: it answers every path alike, `/health` too, which a module of ours in
 * front of it would hide.
 */
export function answeredAlike(source: Source, handler: Handler): Route[] {
  const { body, params } = handler;
  const [request] = params;
  const isPlain = request === undefined || request.type === 'Identifier';
  const reads = (node: Node) =>
    nodesOf(node, 'Identifier').some(
      ({ name }) => name === 'arguments' || (request?.type === 'Identifier' && name === request.name),
    );
  if (!body || !isPlain || reads(body)) return [];
  const from = [{ file: source.file, line: source.line(handler.start), why: 'every path gets the same response' }];
  return [{ method: 'ALL', path: '/health', any: true, from }];
}
