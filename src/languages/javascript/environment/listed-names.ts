import {
  memberPath,
  type Node,
  propertyName,
  type Source,
  stringValue,
  unwrap,
} from '../../../formats/source/index.ts';
import { classMade } from '../evaluate/class-of.ts';
import { isUnnamed } from '../evaluate/classes.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { functionOf, trace } from '../evaluate/trace.ts';
import type { Shape } from '../evaluate/types.ts';
import { isDemanding } from './accessor-shapes.ts';
import { endsWithout, type ListedName, listOf, namesIn } from './name-lists.ts';
import { isEnvironment } from './reads.ts';
import type { VariableRead } from './variable-read.ts';

type Call = Extract<Node, { type: 'CallExpression' }>;

/** The variables that a list names where it is looked up: by this node itself, or by the function that it hands the list to. */
export function listedUses(
  context: AnalysisContext,
  source: Source,
  node: Node,
  ancestors: readonly Node[],
): readonly VariableRead[] {
  if (node.type === 'CallExpression') {
    const shape = context.accessorShape?.(source, node);
    return shape ? ofShape(context, source, node, shape, ancestors) : ofUnknown(context, source, node);
  }
  const key = keyOf(context, source, node);
  const list = key && listOf(source, key, ancestors);
  if (!list) return [];
  return uses(namesIn(context, source, list), endsWithout(source, ancestors, list, node));
}

/** `name` of `process.env[name]` and of `name in process.env`. */
function keyOf(context: AnalysisContext, source: Source, node: Node): Node | undefined {
  if (node.type === 'MemberExpression')
    return node.computed && isEnvironment(context, source, unwrap(node.object)) ? unwrap(node.property) : undefined;
  if (node.type !== 'BinaryExpression' || node.operator !== 'in') return undefined;
  return isEnvironment(context, source, unwrap(node.right)) ? unwrap(node.left) : undefined;
}

/** `ensureValues(['A', 'B'])`, `requireAll('A', 'B')`, and `for (const name of ['A', 'B']) requireEnv(name)`. */
function ofShape(
  context: AnalysisContext,
  source: Source,
  call: Call,
  shape: Shape,
  ancestors: readonly Node[],
): readonly VariableRead[] {
  const given = call.arguments[shape.name];
  if (!given) return [];
  const required = isDemanding(context, source, call, shape) && !isUnnamed(context, ancestors);
  if (shape.many === 'list') return uses(namesIn(context, source, given), required);
  if (shape.many === 'rest')
    return uses(
      call.arguments.slice(shape.name).flatMap((argument) => {
        if (argument.type === 'SpreadElement') return namesIn(context, source, argument.argument);
        const name = stringValue(source, argument);
        return name === undefined ? [] : [{ name, source, node: argument }];
      }),
      required,
    );
  const list = listOf(source, unwrap(given), ancestors);
  return list ? uses(namesIn(context, source, list), required) : [];
}

const isScreaming = (name: string): boolean => /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/.test(name);

/**
 * A call on what a package made of the table of variables (`new Settings(process.env).ensure(['A', 'B'])`): nothing says what it does,
 * but a list of names there has no other use than to be held against the table. A single name is read; it is needed where the method
 * says so.
 */
function ofUnknown(context: AnalysisContext, source: Source, call: Call): readonly VariableRead[] {
  const callee = unwrap(call.callee);
  if (callee.type !== 'MemberExpression' || context.handsOut?.() !== true) return [];
  const method = propertyName(source, callee) ?? '';
  const [first] = call.arguments;
  const name = first && stringValue(source, first);
  if (!first || (name !== undefined && !isScreaming(name))) return [];
  const names = name === undefined ? namesIn(context, source, first) : [{ name, source, node: first }];
  if (names.length === 0 || !names.every((listedName) => isScreaming(listedName.name))) return [];
  if (!isMadeOfAll(context, source, callee.object)) return [];
  if (name === undefined) return uses(names, true);
  return /get|read|env|require|need|must|ensure/i.test(method)
    ? uses(names, /require|need|must|ensure|throw/i.test(method))
    : [];
}

/** Whether an object comes from code outside of the project that was handed `process.env` whole. */
function isMadeOfAll(context: AnalysisContext, source: Source, node: Node, depth = 0): boolean {
  const target = trace(context, source, node);
  if (target.kind !== 'syntax' || depth > 5) return false;
  const { node: made, source: at } = target;
  if (made.type !== 'NewExpression' && made.type !== 'CallExpression') return false;
  const callee = unwrap(made.callee);
  const own = made.type === 'NewExpression' ? classMade(context, at, made) : functionOf(context, at, made);
  if (own) return false;
  if (made.arguments.some((argument) => isEnvironment(context, at, unwrap(argument))))
    return memberPath(callee) !== undefined;
  return callee.type === 'MemberExpression' && isMadeOfAll(context, at, callee.object, depth + 1);
}

const uses = (names: readonly ListedName[], required: boolean): readonly VariableRead[] =>
  names.map(({ name, source, node }) => ({ name, source, offset: node.start, required, optional: false }));
