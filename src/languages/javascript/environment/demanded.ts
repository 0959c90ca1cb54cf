/** Values that the program ends without when it starts, asked for by another name than that of their variable: `if (!config.token) throw …`. */
import { type Node, type Source, unwrap, walk } from '../../../formats/source/index.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { endsProgram } from '../evaluate/exits.ts';
import { resolveValue } from '../evaluate/resolve-value.ts';
import type { Modules } from '../modules/graph.ts';
import { isEnvironment } from './reads.ts';
import { isMissingTest, isProduction } from './requiredness.ts';
import type { VariableRead } from './variable-read.ts';

/** The variables behind the values without which a statement ends the program, where it runs whenever the program starts. */
export function demandedUses(
  context: AnalysisContext,
  source: Source,
  statement: Extract<Node, { type: 'IfStatement' }>,
  ancestors: readonly Node[],
): readonly VariableRead[] {
  const missing = missingIn(source, statement.test).filter((node) => !isRead(context, source, node));
  if (missing.length === 0 || !endsProgram(statement, ancestors) || !isOfStart(context, ancestors)) return [];
  return missing.flatMap((node) => {
    const { variable, value = '' } = resolveValue(context, source, node);
    // what has a value of its own is never missing
    if (!variable || value !== '') return [];
    return [{ name: variable.name, source, offset: node.start, required: true, demanded: true, optional: false }];
  });
}

/** `process.env.TOKEN` itself is read where it stands. */
function isRead(context: AnalysisContext, source: Source, node: Node): boolean {
  const at = unwrap(node);
  return at.type === 'MemberExpression' && isEnvironment(context, source, unwrap(at.object));
}

/** What a test asks for so that each alone makes it hold: `!a || b === undefined`, `isProduction && !a`. */
function missingIn(source: Source, test: Node): readonly Node[] {
  const at = unwrap(test);
  if (at.type === 'LogicalExpression' && at.operator === '||')
    return [...missingIn(source, at.left), ...missingIn(source, at.right)];
  if (at.type === 'LogicalExpression' && at.operator === '&&') {
    if (isProduction(source, at.left)) return missingIn(source, at.right);
    return isProduction(source, at.right) ? missingIn(source, at.left) : [];
  }
  if (at.type === 'UnaryExpression' && at.operator === '!') return isName(at.argument) ? [at.argument] : [];
  return at.type === 'BinaryExpression' && isMissingTest(at) && isName(at.left) ? [at.left] : [];
}

const isName = (node: Node): boolean =>
  ['Identifier', 'MemberExpression', 'ChainExpression'].includes(unwrap(node).type);

/** Whether a place runs when the program starts: beside every function, or in one that is called there. */
function isOfStart({ modules }: AnalysisContext, ancestors: readonly Node[]): boolean {
  const around = functionAround(ancestors);
  return around === '' || (around !== undefined && calledAtStart(modules).has(around));
}

const known = new WeakMap<Modules, ReadonlySet<string>>();

/** Names of functions that are called beside every function, or by one of them. */
function calledAtStart(modules: Modules): ReadonlySet<string> {
  const before = known.get(modules);
  if (before) return before;
  const calls = new Map<string, Set<string>>();
  for (const source of modules.sources)
    walk(source.program, (node, ancestors) => {
      if (node.type !== 'CallExpression') return;
      const callee = unwrap(node.callee);
      const around = callee.type === 'Identifier' ? functionAround(ancestors) : undefined;
      if (callee.type !== 'Identifier' || around === undefined) return;
      calls.set(around, (calls.get(around) ?? new Set()).add(callee.name));
    });
  const found = new Set<string>();
  const follow = (name: string): void => {
    for (const called of calls.get(name) ?? [])
      if (!found.has(called)) {
        found.add(called);
        follow(called);
      }
  };
  follow('');
  known.set(modules, found);
  return found;
}

/** The name of the innermost function around a place, `''` beside every function; undefined: it has none, so that nobody knows who calls it. */
function functionAround(ancestors: readonly Node[]): string | undefined {
  for (let at = ancestors.length - 1; at >= 0; at -= 1) {
    const node = ancestors[at];
    if (!node || !/Function/.test(node.type)) continue;
    if (node.type === 'FunctionDeclaration') return node.id?.name;
    const [outer] = ancestors
      .slice(0, at)
      .filter((ancestor) => !/Parenthesized|Chain|Await/.test(ancestor.type))
      .slice(-1);
    // `(async () => { … })()` runs where it stands
    if (outer?.type === 'CallExpression' && unwrap(outer.callee) === node) continue;
    return outer?.type === 'VariableDeclarator' && outer.id.type === 'Identifier' ? outer.id.name : undefined;
  }
  return '';
}
