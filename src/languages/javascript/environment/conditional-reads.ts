/** Places that run only where a variable chooses them: what is read there is needed by that choice alone. */
import { isAddressName } from '../../../catalog/own-addresses.ts';
import { literalValue, type Node, namesIn, nodesOf, type Source, unwrap, walk } from '../../../formats/source/index.ts';
import { givenFor } from '../evaluate/call-arguments.ts';
import { classMade } from '../evaluate/class-of.ts';
import { isClass, nameOfMember } from '../evaluate/classes.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { ends } from '../evaluate/exits.ts';
import { isFunction } from '../evaluate/functions.ts';
import { resolveValue } from '../evaluate/resolve-value.ts';
import { functionOf, trace } from '../evaluate/trace.ts';
import type { ClassNode, FunctionNode } from '../evaluate/types.ts';
import type { Modules } from '../modules/graph.ts';
import { isProduction } from './requiredness.ts';

/** What chooses a place, in words: `STORAGE is "s3"`; empty where a fallback stands behind it. `flag`: the variable that only needs to be set. */
export type Condition = { readonly when: string; readonly flag?: string };
type ConditionalPlace = { readonly source: Source; readonly ancestors: readonly Node[] };

const deepest = 4;

/** What a place runs by alone; undefined: it runs without it, or nothing here shows it. */
export function chosenOnly(
  context: AnalysisContext,
  source: Source,
  ancestors: readonly Node[],
  depth = 0,
): Condition | undefined {
  if (depth > deepest) return undefined;
  for (let at = ancestors.length - 1; at >= 0; at -= 1) {
    const outer = ancestors[at];
    if (!outer) continue;
    const inner = ancestors[at + 1];
    const choice =
      inner &&
      (choiceOf(context, source, outer, inner, ancestors[at - 1]) ?? fallenBack(ancestors.slice(0, at), outer, inner));
    if (choice) return choice;
    if (!isFunction(outer)) continue;
    const places = runsOf(context, outer, ancestors.slice(0, at));
    // what is made into a value where it stands, or handed on, runs whenever whoever has it likes
    if (places === undefined) return undefined;
    if (places === 'here') continue;
    const choices = places.map((place) => chosenOnly(context, place.source, place.ancestors, depth + 1));
    return choices.length > 0 && choices.every((condition) => condition !== undefined) ? choices[0] : undefined;
  }
  return undefined;
}

/** The branch of a choice by a variable that nobody sets to that value by default. */
function choiceOf(
  context: AnalysisContext,
  source: Source,
  outer: Node,
  inner: Node,
  around: Node | undefined,
): Condition | undefined {
  if (outer.type === 'SwitchCase' && outer.test && outer.test !== inner && around?.type === 'SwitchStatement') {
    const text = literalValue(source, outer.test);
    return text === undefined ? undefined : byValue(context, source, around.discriminant, String(text));
  }
  if (outer.type === 'IfStatement' || outer.type === 'ConditionalExpression')
    return outer.consequent === inner ? ofTest(context, source, outer.test) : undefined;
  return outer.type === 'LogicalExpression' && outer.operator === '&&' && outer.right === inner
    ? ofTest(context, source, outer.left)
    : undefined;
}

function ofTest(context: AnalysisContext, source: Source, node: Node): Condition | undefined {
  const test = unwrap(node);
  if (isProduction(source, test)) return undefined;
  if (test.type === 'LogicalExpression' && test.operator === '&&')
    return ofTest(context, source, test.left) ?? ofTest(context, source, test.right);
  if (test.type !== 'BinaryExpression') return isFlag(test) ? byFlag(context, source, test) : undefined;
  const text = literalValue(source, test.right);
  if (!/^===?$/.test(test.operator) || text === undefined) return undefined;
  return byValue(context, source, test.left, String(text));
}

const isFlag = (node: Node): boolean => ['Identifier', 'MemberExpression'].includes(node.type);

/** The variable that an expression is, or that every caller gives for it, with its default. */
function variableOf(context: AnalysisContext, source: Source, node: Node): { name: string; value: string } | undefined {
  const given = givenFor(context, source, unwrap(node));
  const all = given.length > 0 ? given : [{ source, node }];
  const readings = all.map((item) => resolveValue(context, item.source, item.node));
  const [first] = readings;
  const name = first?.variable?.name;
  if (name === undefined || name === 'NODE_ENV' || readings.some((reading) => reading.variable?.name !== name))
    return undefined;
  return { name, value: first?.value ?? '' };
}

/** An example that names the value is what the owner is handed to begin with. */
function byValue(context: AnalysisContext, source: Source, node: Node, text: string): Condition | undefined {
  const variable = variableOf(context, source, node);
  if (!variable || text === '' || variable.value === text) return undefined;
  const example = context.app.examples.get(variable.name)?.value;
  return example === text ? undefined : { when: `${variable.name} is ${JSON.stringify(text)}` };
}

function byFlag(context: AnalysisContext, source: Source, node: Node): Condition | undefined {
  const variable = variableOf(context, source, node);
  // an address may be that of a service of the deployment, which is always there
  if (variable && isAddressName(variable.name)) return undefined;
  return variable && ['', 'false', '0'].includes(variable.value)
    ? { when: `${variable.name} is set`, flag: variable.name }
    : undefined;
}

/** `try { return byRemote() } catch { warn() } return byOwn()`: where it fails, the rest of the function does without. */
function fallenBack(ancestors: readonly Node[], outer: Node, inner: Node): Condition | undefined {
  if (outer.type !== 'TryStatement' || outer.block !== inner || !outer.handler) return undefined;
  const returns = (node: Node) => nodesOf(node, 'ReturnStatement').some((returnStatement) => returnStatement.argument);
  const falls = returns(outer.block) && !returns(outer.handler) && !ends(outer.handler);
  return falls && goesOn(ancestors, outer) ? { when: '' } : undefined;
}

/** Whether statements of the same function follow a statement, also behind the branches that it lies in. */
function goesOn(ancestors: readonly Node[], statement: Node): boolean {
  const around = ancestors.at(-1);
  if (around?.type === 'IfStatement') return goesOn(ancestors.slice(0, -1), around);
  if (around?.type !== 'BlockStatement') return false;
  return around.body.at(-1) !== statement || goesOn(ancestors.slice(0, -1), around);
}

const knownRuns = new WeakMap<Modules, Map<FunctionNode, readonly ConditionalPlace[] | undefined>>();

/** The places that run a function of the project; `here`: where it stands; undefined: nobody knows them all. */
function runsOf(
  context: AnalysisContext,
  node: FunctionNode,
  ancestors: readonly Node[],
): readonly ConditionalPlace[] | 'here' | undefined {
  const outer = ancestors.findLast((ancestor) => !/Parenthesized|Chain|Await/.test(ancestor.type));
  if (outer?.type === 'CallExpression' && unwrap(outer.callee) === node) return 'here';
  const known = knownRuns.get(context.modules) ?? new Map<FunctionNode, readonly ConditionalPlace[] | undefined>();
  knownRuns.set(context.modules, known);
  if (known.has(node)) return known.get(node);
  const own = ancestors.findLast(isClass);
  const isMaker = outer?.type === 'MethodDefinition' && outer.kind === 'constructor' && own !== undefined;
  const name = isMaker ? own.id?.name : nameOf(node, outer);
  const found = name === undefined ? undefined : isMaker ? makersOf(context, own, name) : callsOf(context, node, name);
  known.set(node, found);
  return found;
}

function nameOf(node: Node, outer: Node | undefined): string | undefined {
  if (node.type === 'FunctionDeclaration') return node.id?.name;
  if (outer?.type === 'VariableDeclarator' && outer.id.type === 'Identifier') return outer.id.name;
  return outer?.type === 'MethodDefinition' && outer.kind === 'method' && outer.decorators.length === 0
    ? nameOfMember(outer)
    : undefined;
}

/** Every call of a function, where it is named for nothing else. */
function callsOf(context: AnalysisContext, own: FunctionNode, name: string): readonly ConditionalPlace[] | undefined {
  const places: ConditionalPlace[] = [];
  let isHandedOn = false;
  for (const source of context.modules.sources) {
    if (!namesIn(source).has(name)) continue;
    walk(source.program, (node, ancestors) => {
      const outer = ancestors.at(-1);
      const isCalled = outer?.type === 'CallExpression' && outer.callee === node;
      if (node.type === 'CallExpression' && functionOf(context, source, node)?.node === own)
        places.push({ source, ancestors: [...ancestors, node] });
      const isArgument = outer?.type === 'CallExpression' && !isCalled;
      if (node.type === 'Identifier' && node.name === name && isArgument) isHandedOn = true;
    });
  }
  return isHandedOn || places.length === 0 ? undefined : places;
}

/** Every place that makes an object of a class, or of one that is built on it. */
function makersOf(context: AnalysisContext, own: ClassNode, name: string): readonly ConditionalPlace[] | undefined {
  if (own.decorators.length > 0) return undefined;
  const classes = new Set<Node>([own]);
  const places: ConditionalPlace[] = [];
  for (const source of context.modules.sources) {
    if (!namesIn(source).has(name)) continue;
    for (const node of nodesOf(source.program, 'ClassDeclaration', 'ClassExpression')) {
      const base = node.superClass && trace(context, source, node.superClass);
      if (base && base.kind === 'syntax' && base.node === own) classes.add(node);
    }
  }
  for (const source of context.modules.sources)
    walk(source.program, (node, ancestors) => {
      if (node.type !== 'NewExpression') return;
      const made = classMade(context, source, node);
      if (made && classes.has(made.node)) places.push({ source, ancestors: [...ancestors, node] });
    });
  return places.length === 0 ? undefined : places;
}
