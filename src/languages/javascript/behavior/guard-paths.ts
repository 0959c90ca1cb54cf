/** Paths that middleware treats in its own way: those that it leaves alone, or the only ones that it is for. */
import { memberPath, type Node, nodesOf, type Source, stringValue, unwrap } from '../../../formats/source/index.ts';
import { namesIn } from '../environment/name-lists.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { functionOf, trace } from '../evaluate/trace.ts';
import type { FunctionNode } from '../evaluate/types.ts';

/** A test of the path of a request. */
export type PathTest = {
  readonly paths: readonly string[];
  /** the paths are beginnings */
  readonly begins: boolean;
  /** texts of regular expressions, which nothing here runs */
  readonly patterns: readonly string[];
  /** what is refused stands in the branch where it holds */
  readonly inside: boolean;
  readonly negated: boolean;
};

const ofPath: ReadonlySet<string> = new Set([
  'path',
  'url',
  'originalUrl',
  'pathname',
  'routerPath',
  'routeOptions',
  'baseUrl',
]);

/** Every test of the path in a function, with regard to the place that refuses. */
export function pathTests(
  context: AnalysisContext,
  { source, node }: { readonly source: Source; readonly node: FunctionNode },
  refusing: Node,
): readonly PathTest[] {
  return nodesOf(node, 'IfStatement', 'ConditionalExpression', 'LogicalExpression').flatMap((item) => {
    if (item.type === 'LogicalExpression' && item.operator !== '&&') return [];
    const test = item.type === 'LogicalExpression' ? item.left : item.test;
    const branch = item.type === 'LogicalExpression' ? item.right : item.consequent;
    const whole = spread(source, test);
    if (!whole.some((part) => asksPath(part))) return [];
    const isIn = (outer: Node) => outer.start <= refusing.start && refusing.end <= outer.end;
    return [{ ...saidIn(context, source, whole), inside: isIn(branch) || isIn(test), negated: whole.some(isNegated) }];
  });
}

/** An expression with what its names were given before: `const isOpen = open.has(req.path); if (isOpen) …`. */
function spread(source: Source, test: Node): readonly Node[] {
  const named = nodesOf(test, 'Identifier').flatMap(({ name, start }) =>
    nodesOf(source.program, 'VariableDeclarator').filter(
      ({ id, init, end }) => id.type === 'Identifier' && id.name === name && init && end < start && asksPath(init),
    ),
  );
  return [test, ...named.flatMap(({ init }) => init ?? [])];
}

const asksPath = (node: Node): boolean =>
  nodesOf(node, 'MemberExpression').some(
    ({ property }) => property.type === 'Identifier' && ofPath.has(property.name),
  ) || nodesOf(node, 'Identifier').some(({ name }) => name === 'path' || name === 'pathname' || name === 'url');

const isNegated = (node: Node): boolean =>
  nodesOf(node, 'UnaryExpression').some(({ operator, argument }) => operator === '!' && asksPath(argument)) ||
  nodesOf(node, 'BinaryExpression').some((item) => item.operator.startsWith('!') && asksPath(item));

/** The texts of paths that a test is about: its own, those of lists that it names, and of functions that it calls. */
function saidIn(
  context: AnalysisContext,
  source: Source,
  whole: readonly Node[],
): Pick<PathTest, 'paths' | 'begins' | 'patterns'> {
  const called = whole.flatMap((node) =>
    nodesOf(node, 'CallExpression').flatMap((call) => functionOf(context, source, call) ?? []),
  );
  const parts = [...whole.map((node) => ({ source, node })), ...called];
  const literals = parts.flatMap((part) => nodesOf(part.node, 'Literal'));
  const listed = parts.flatMap((part) =>
    nodesOf(part.node, 'Identifier', 'MemberExpression').flatMap((node) => listOf(context, part.source, node)),
  );
  const own = literals.flatMap((literal) => (typeof literal.value === 'string' ? [literal.value] : []));
  const begins = parts.some((part) =>
    nodesOf(part.node, 'MemberExpression').some(({ property }) => 'name' in property && property.name === 'startsWith'),
  );
  const patterns = literals.flatMap((literal) => ('regex' in literal ? [literal.regex.pattern] : []));
  return { paths: [...own, ...listed].filter((value) => value.startsWith('/')), begins, patterns };
}

/** The texts of a list or of a set of texts. */
function listOf(context: AnalysisContext, source: Source, node: Node): readonly string[] {
  if (memberPath(node) === undefined) return [];
  const target = trace(context, source, node);
  if (target.kind !== 'syntax') return [];
  const text = stringValue(target.source, target.node);
  if (text !== undefined) return [text];
  const [first] = target.node.type === 'NewExpression' ? target.node.arguments : [];
  return namesIn(context, target.source, first ? unwrap(first) : target.node).map(({ name }) => name);
}

/** Whether tests of the path keep a path away from what refuses. `prefix`: what middleware mounted there no longer sees. */
export const isExempt = (tests: readonly PathTest[], path: string, prefix: string): boolean =>
  tests.some((test) => {
    const holds = matches(test, path) || (prefix !== '' && matches(test, path.slice(prefix.length)));
    return test.inside && !test.negated ? !holds : holds;
  });

function matches({ paths, begins, patterns }: PathTest, path: string): boolean {
  const last = path.split('/').at(-1) ?? '';
  return (
    paths.some((value) => value === path || (value.endsWith('*') && path.startsWith(value.slice(0, -1)))) ||
    (begins && paths.some((value) => value !== '/' && path.startsWith(value))) ||
    (last !== '' && patterns.some((pattern) => pattern.includes(last)))
  );
}
