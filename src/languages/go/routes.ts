import { callOf, type GoFile, type GoNode, nodesIn } from '../../formats/go/index.ts';
import type { Route } from '../../model/facts.ts';
import { callsTo, type Evaluation, evaluate, type Scope } from './evaluate.ts';
import { inGo, namesIn } from './program.ts';
import { textOf } from './value.ts';

/** Methods of routers by which a path is answered, with the method of HTTP. */
const answering: Readonly<Record<string, string>> = {
  Get: 'GET',
  GET: 'GET',
  Head: 'HEAD',
  HEAD: 'HEAD',
  Post: 'POST',
  POST: 'POST',
  Put: 'PUT',
  PUT: 'PUT',
  Patch: 'PATCH',
  PATCH: 'PATCH',
  Delete: 'DELETE',
  DELETE: 'DELETE',
  Any: 'ALL',
  All: 'ALL',
  Handle: 'ALL',
  HandleFunc: 'ALL',
};

/** Methods that give a router below a path. */
const below = new Set(['Group', 'Route', 'PathPrefix', 'Party', 'Mount']);

const verbs = new Set('GET HEAD POST PUT PATCH DELETE OPTIONS CONNECT TRACE'.split(' '));

/** Every path that the sources answer by a literal, in the order of the files. */
export function readRoutes(evaluation: Evaluation): readonly Route[] {
  const found: (Route & { readonly file: string; readonly start: number })[] = [];
  for (const [name, calls] of evaluation.calls) {
    const method = Object.hasOwn(answering, name) ? answering[name] : undefined;
    if (method === undefined) continue;
    for (const { node, file, fn } of calls) {
      const scope = { file, fn };
      const pattern = patternOf(evaluation, node, scope, method);
      if (!pattern) continue;
      const before = prefixOf(evaluation, node, scope, 0);
      if (before === undefined) continue;
      const path = joined(before, pattern.path);
      const method2 = method === 'ALL' && pattern.method === 'ALL' ? (methodsOf(file, node) ?? 'ALL') : pattern.method;
      found.push({
        method: method2,
        path,
        from: [inGo(file, node, `${method2} ${path} is answered here`)],
        file: file.file,
        start: node.start,
      });
    }
  }
  return found
    .sort((a, b) => (a.file === b.file ? a.start - b.start : a.file < b.file ? -1 : 1))
    .map(({ method, path, from }) => ({ method, path, from }));
}

/** `"/orders"`, `"GET /orders"`, `"GET example.com/orders"`. */
function patternOf(evaluation: Evaluation, node: GoNode, scope: Scope, method: string) {
  const call = callOf(node);
  if (!call || call.args.length < 2) return undefined;
  const text = textOf(evaluate(evaluation, call.args[0], scope));
  if (text === undefined) return undefined;
  const [first = '', rest] = text.split(' ');
  if (rest !== undefined && verbs.has(first))
    return { method: first, path: rest.slice(Math.max(0, rest.indexOf('/'))) };
  return text.startsWith('/') ? { method, path: text } : undefined;
}

/** `.Methods("GET")` behind the call (gorilla/mux). */
function methodsOf(file: GoFile, node: GoNode): string | undefined {
  for (const outer of nodesIn(file.root, 'CallExpr')) {
    const call = callOf(outer);
    if (call?.callee.type !== 'SelectorExpr' || call.callee.children[1]?.text !== 'Methods') continue;
    if (call.callee.children[0]?.start !== node.start) continue;
    const last = call.args[0];
    const name =
      last?.type === 'String' ? last.text.slice(1, -1) : (last?.children[1]?.text.replace('Method', '') ?? '');
    return name.toUpperCase() || undefined;
  }
  return undefined;
}

const joined = (before: string, path: string): string => {
  const whole = `${before.endsWith('/') ? before.slice(0, -1) : before}${path.startsWith('/') ? path : `/${path}`}`;
  return whole.length > 1 && whole.endsWith('/') && before !== '' && path === '/' ? whole.slice(0, -1) : whole;
};

/** What stands before the paths of the router that a call is made on; undefined: it is not known. */
function prefixOf(evaluation: Evaluation, node: GoNode, scope: Scope, depth: number): string | undefined {
  if (depth > 8) return undefined;
  const callee = callOf(node)?.callee;
  if (callee?.type !== 'SelectorExpr') return '';
  return prefixOfRouter(evaluation, callee.children[0], node, scope, depth);
}

function prefixOfRouter(
  evaluation: Evaluation,
  router: GoNode | undefined,
  at: GoNode,
  scope: Scope,
  depth: number,
): string | undefined {
  if (!router || depth > 8) return '';
  if (router.type === 'CallExpr') {
    const last = callOf(router)?.name.split('.').at(-1) ?? '';
    const before = prefixOf(evaluation, router, scope, depth + 1);
    return below.has(last) ? withPath(evaluation, before, callOf(router)?.args[0], scope) : before;
  }
  if (router.type !== 'VariableName') return '';
  const name = router.text;
  const around = literalWith(scope, name, at);
  if (around) return aroundPrefix(evaluation, around, scope, depth);
  const [made] = (evaluation.given.get(name) ?? []).filter(({ fn }) => fn === scope.fn);
  if (made)
    return made.value.type === 'CallExpr' ? prefixOfRouter(evaluation, made.value, made.value, scope, depth + 1) : '';
  return ofParameter(evaluation, name, scope, depth);
}

const withPath = (evaluation: Evaluation, before: string | undefined, path: GoNode | undefined, scope: Scope) => {
  const text = textOf(evaluate(evaluation, path, scope));
  return before === undefined || text === undefined ? undefined : joined(before, text === '' ? '/' : text);
};

/** The call whose function literal has a router as its parameter: `r.Route("/api", func(r chi.Router) { … })`. */
function literalWith({ file, fn }: Scope, name: string, at: GoNode): GoNode | undefined {
  const inner = nodesIn(fn?.body ?? file.root, 'CallExpr').filter((outer) => {
    const literal = callOf(outer)?.args.at(-1);
    const list =
      literal?.type === 'FunctionLiteral' ? literal.children.find(({ type }) => type === 'Parameters') : undefined;
    return namesIn(list).includes(name) && literal !== undefined && nodesIn(literal, 'CallExpr').includes(at);
  });
  return inner.at(-1);
}

function aroundPrefix(evaluation: Evaluation, outer: GoNode, scope: Scope, depth: number): string | undefined {
  const call = callOf(outer);
  const before = prefixOf(evaluation, outer, scope, depth + 1);
  // `r.Group(func(r chi.Router) { … })` has no path of its own
  return call && call.args.length > 1 ? withPath(evaluation, before, call.args[0], scope) : before;
}

/** A router that a function is handed over: as it is where the function is called. */
function ofParameter(evaluation: Evaluation, name: string, { fn }: Scope, depth: number): string | undefined {
  const at = fn?.parameters.indexOf(name) ?? -1;
  if (!fn || at === -1) return '';
  const [call] = callsTo(evaluation, fn);
  if (!call) return '';
  return prefixOfRouter(
    evaluation,
    callOf(call.node)?.args[at],
    call.node,
    { file: call.file, fn: call.fn },
    depth + 1,
  );
}

const healthWords = ['health', 'ready', 'live', 'alive', 'ping', 'status'];

/** The routes that look like those by which one asks how the application is. */
export const healthRoutesOf = (routes: readonly Route[]): readonly Route[] =>
  routes.filter(({ method, path }) => {
    const last = path.split('/').at(-1)?.toLowerCase() ?? '';
    return ['GET', 'ALL'].includes(method) && healthWords.some((word) => last.includes(word));
  });
