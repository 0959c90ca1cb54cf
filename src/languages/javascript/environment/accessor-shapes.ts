import {
  literalValue,
  lookup,
  memberPath,
  type Node,
  type Source,
  unwrap,
  walk,
} from '../../../formats/source/index.ts';
import { bare } from '../evaluate/classes.ts';
import { keyHandedOn } from '../evaluate/config-service.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { ends, exits } from '../evaluate/exits.ts';
import type { FunctionNode, RequiredSwitch, Shape } from '../evaluate/types.ts';
import { type MissingOutcome, runMissing } from './accessor-run.ts';
import { listOf } from './name-lists.ts';
import { isEnvironment } from './reads.ts';

type Call = Extract<Node, { type: 'CallExpression' }>;

/** What is known of the function that a call runs, while another function is read. */
export type ShapeOfCall = (source: Source, call: Call) => Shape | undefined;

/** Reads a function by what its body does; undefined: it looks up no variable by a name that it is given. */
export function readShape(
  context: AnalysisContext,
  source: Source,
  node: FunctionNode,
  shapeOfCall: ShapeOfCall,
): Shape | undefined {
  if (!node.body) return undefined;
  const parameters = node.params.map(bare);
  const names = parameters.map((parameter) => parameter.name);
  let found: Pick<Shape, 'name' | 'many'> | undefined;
  let throws = false;
  const mentioned = new Set<string>();
  const look = (key: Node, ancestors: readonly Node[]) => {
    found ??= givenAs(source, node, unwrap(key), [node, ...ancestors]);
  };
  walk(node.body, (item, ancestors) => {
    if (item.type === 'ThrowStatement' || exits(item)) throws = true;
    if (item.type === 'Identifier') mentioned.add(item.name);
    if (item.type === 'MemberExpression' && item.computed && isEnvironment(context, source, unwrap(item.object)))
      look(item.property, ancestors);
    if (
      item.type === 'BinaryExpression' &&
      item.operator === 'in' &&
      isEnvironment(context, source, unwrap(item.right))
    )
      look(item.left, ancestors);
    if (item.type !== 'CallExpression' || !item.arguments.some((each) => each.type === 'Identifier')) return;
    const handed = keyHandedOn(source, item);
    if (handed) {
      look(handed.key, ancestors);
      throws ||= handed.required;
      return;
    }
    const inner = shapeOfCall(source, item);
    const name = inner && !inner.many ? item.arguments[inner.name] : undefined;
    if (!inner || !name || found) return;
    look(name, ancestors);
    if (found && isDemanding(context, source, item, inner)) throws = true;
  });
  if (!found) return undefined;
  const { name } = found;
  const unless = switchOf(source, node);
  const fallback = found.many
    ? -1
    : names.findIndex(
        (value, index) => index !== name && value !== undefined && index !== unless?.parameter && mentioned.has(value),
      );
  const preset = fallback === -1 ? undefined : parameters[fallback]?.preset;
  return {
    ...found,
    function: { source, node },
    required: throws && (preset === undefined || isNothing(preset)),
    ...(fallback === -1 ? {} : { fallback }),
    ...(unless ? { unless } : {}),
  };
}

/** `undefined` and `null` as a default say that there is none. */
const isNothing = (node: Node): boolean =>
  memberPath(node) === 'undefined' || (node.type === 'Literal' && node.value === null);

/** How a call of such a function ends where the variable is missing, as its body says; undefined: it cannot be followed. */
export const missingOf = (
  context: AnalysisContext,
  source: Source,
  call: Call,
  shape: Shape,
): MissingOutcome | undefined => (shape.many ? undefined : runMissing(context, shape.function, source, call));

/** Whether a call of such a function ends the program where the variable is missing. */
export function isDemanding(context: AnalysisContext, source: Source, call: Call, shape: Shape): boolean {
  const missing = missingOf(context, source, call, shape);
  if (missing) return missing.kind === 'ends';
  if (shape.fallback !== undefined && call.arguments[shape.fallback]) return false;
  if (!shape.required || !shape.unless) return shape.required;
  const given = call.arguments[shape.unless.parameter];
  return (given ? literalValue(source, given) : shape.unless.preset) !== shape.unless.off;
}

/** Which parameter of a function a name is, or is one of. */
function givenAs(
  source: Source,
  node: FunctionNode,
  key: Node,
  ancestors: readonly Node[],
): Pick<Shape, 'name' | 'many'> | undefined {
  const list = listOf(source, key, ancestors);
  const from = list ?? key;
  if (from.type !== 'Identifier' || lookup(source, from.name, from.start)?.node !== node) return undefined;
  const name = node.params.findIndex((paramPattern) => bare(paramPattern).name === from.name);
  const parameter: Node | undefined = node.params[name];
  if (!parameter) return undefined;
  const rest = parameter.type === 'RestElement';
  if (rest && !list) return undefined;
  return { name, ...(list ? { many: rest ? ('rest' as const) : ('list' as const) } : {}) };
}

/** A parameter that is true or false: by its type, or by what stands in. */
function isFlag(parameter: Node | undefined, preset: Node | undefined): boolean {
  if (preset) return preset.type === 'Literal' && typeof preset.value === 'boolean';
  return parameter?.type === 'Identifier' && parameter.typeAnnotation?.typeAnnotation.type === 'TSBooleanKeyword';
}

/** The flag that stands in the test before the program ends: `if (!value && throwOnMissing) throw …`. */
function switchOf(source: Source, node: FunctionNode): RequiredSwitch | undefined {
  if (!node.body) return undefined;
  let found: RequiredSwitch | undefined;
  walk(node.body, (item, ancestors) => {
    if (item.type !== 'Identifier' || found || lookup(source, item.name, item.start)?.node !== node) return;
    const parameter = node.params.findIndex((each) => bare(each).name === item.name);
    const preset = bare(node.params[parameter] ?? item).preset;
    if (!isFlag(node.params[parameter], preset)) return;
    const test = ancestors.findLast((each) => each.type === 'IfStatement');
    if (test?.type !== 'IfStatement' || item.end > test.test.end || !ends(test.consequent)) return;
    const parent = ancestors.at(-1);
    const negated = parent?.type === 'UnaryExpression' && parent.operator === '!';
    const value = preset?.type === 'Literal' && typeof preset.value === 'boolean' ? preset.value : undefined;
    // what is not given and has no default is not set
    found = { parameter, off: negated, preset: value ?? false };
  });
  return found;
}
