import { lookup, type Node, nodesOf, type Source, unwrap, walk } from '../../../formats/source/index.ts';
import { classMade } from '../evaluate/class-of.ts';
import { bare, classAround, constructorOf, fieldName, nameOfMember } from '../evaluate/classes.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { isFunction } from '../evaluate/functions.ts';
import { functionOf } from '../evaluate/trace.ts';
import type { FoundClass, FunctionNode } from '../evaluate/types.ts';
import { isEnvironment } from './reads.ts';

/** The functions and constructors that are called with the table of variables, and at which places among the arguments. */
type Calls = {
  readonly own: ReadonlyMap<Node, ReadonlySet<number>> /** others are called with it, too */;
  readonly outside: boolean;
};

/** What is handed on further is found a round later: `new Config(process.env)` hands its field to `check(this.env)`. */
const rounds = 4;

/**
 * Adds to a context where the table of variables goes when it is handed on whole: `readConfig(process.env)`, `new Config(process.env)`,
 * and the fields that a constructor keeps it in.
 */
export function withAliases(context: AnalysisContext): AnalysisContext {
  let calls: Calls | undefined;
  let fields = new WeakMap<Node, ReadonlySet<string>>();

  /** Made at the first question; the questions that come while it is made are answered with what the round before found. */
  const known = (): Calls => {
    if (calls) return calls;
    calls = { own: new Map(), outside: false };
    for (let round = 0; round < rounds; round += 1) {
      const next = handedOn(held);
      const grew = count(next) > count(calls);
      calls = next;
      fields = new WeakMap();
      if (!grew) break;
    }
    return calls;
  };

  const isGiven: IsPassed = (source, own, index) => {
    const preset = own.params[index] && bare(own.params[index]).preset;
    return (preset && isEnvironment(held, source, unwrap(preset))) || known().own.get(own)?.has(index) === true;
  };

  const fieldsOf = (found: FoundClass): ReadonlySet<string> => {
    known();
    const before = fields.get(found.node);
    if (before) return before;
    // `this.env = this.env` asks for itself
    const table = fields.set(found.node, new Set());
    const made = keptFields(held, found, isGiven);
    table.set(found.node, made);
    return made;
  };

  const held: AnalysisContext = {
    ...context,
    handsOut: () => known().outside,
    isAlias: (source, node) => {
      if (node.type === 'Identifier') return isGivenParameter(source, node, isGiven);
      const name = fieldName(node);
      const around = name === undefined ? undefined : classAround(source, node.start);
      return name !== undefined && around !== undefined && fieldsOf(around).has(name);
    },
  };
  return held;
}

type IsPassed = (source: Source, own: FunctionNode, index: number) => boolean;

function isGivenParameter(source: Source, node: Extract<Node, { type: 'Identifier' }>, isGiven: IsPassed): boolean {
  const binding = lookup(source, node.name, node.start);
  if (binding?.kind !== 'parameter' || !isFunction(binding.node)) return false;
  const index = binding.node.params.findIndex((parameter) => bare(parameter).name === node.name);
  return index !== -1 && isGiven(source, binding.node, index);
}

const count = (calls: Calls): number => [...calls.own.values()].reduce((sum, readonlySet) => sum + readonlySet.size, 0);

function handedOn(context: AnalysisContext): Calls {
  const found = new Map<Node, Set<number>>();
  let outside = false;
  for (const source of context.modules.sources) {
    for (const node of nodesOf(source.program, 'CallExpression', 'NewExpression')) {
      const places = node.arguments.flatMap((argument, at) =>
        isEnvironment(context, source, unwrap(argument)) ? [at] : [],
      );
      if (places.length === 0) continue;
      const target = targetOf(context, source, node);
      if (!target) {
        outside = true;
        continue;
      }
      const all = found.get(target) ?? new Set<number>();
      for (const place of places) all.add(place);
      found.set(target, all);
    }
  }
  return { own: found, outside };
}

function targetOf(
  context: AnalysisContext,
  source: Source,
  node: Extract<Node, { type: 'CallExpression' | 'NewExpression' }>,
): FunctionNode | undefined {
  if (node.type === 'CallExpression') return functionOf(context, source, node)?.node;
  const made = classMade(context, source, node);
  return made && constructorOf(made);
}

/** The fields of a class in which the table of variables is kept. */
function keptFields(context: AnalysisContext, found: FoundClass, isGiven: IsPassed): ReadonlySet<string> {
  const kept = new Set<string>();
  const { source, node } = found;
  for (const member of node.body.body) {
    if (member.type !== 'PropertyDefinition' || !member.value) continue;
    const name = nameOfMember(member);
    if (name !== undefined && isEnvironment(context, source, unwrap(member.value))) kept.add(name);
  }
  const made = constructorOf(found);
  if (!made?.body) return kept;
  for (const [index, paramPattern] of made.params.entries()) {
    const { name } = bare(paramPattern);
    if (paramPattern.type === 'TSParameterProperty' && name !== undefined && isGiven(source, made, index))
      kept.add(name);
  }
  walk(made.body, (item) => {
    if (item.type !== 'AssignmentExpression' || item.operator !== '=') return;
    const name = fieldName(unwrap(item.left));
    if (name !== undefined && isEnvironment(context, source, unwrap(item.right))) kept.add(name);
  });
  return kept;
}
