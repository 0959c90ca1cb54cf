import {
  keyName,
  lookup,
  type Node,
  namesIn,
  nodesOf,
  property,
  type Source,
  walk,
} from '../../../formats/source/index.ts';
import type { AnalysisContext } from './context.ts';
import { functionOf, trace } from './trace.ts';
import type { Given } from './types.ts';

/** What the callers of a function of the project give for one of its parameters; empty where the name is no such parameter. */
export function givenFor(context: AnalysisContext, source: Source, node: Node): readonly Given[] {
  if (node.type !== 'Identifier') return [];
  const binding = lookup(source, node.name, node.start);
  if (binding?.kind !== 'parameter' || !('params' in binding.node) || !Array.isArray(binding.node.params)) return [];
  const own = binding.node;
  const index = own.params.findIndex((one) => parameterName(one) === node.name || keyOf(one, node.name) !== undefined);
  const key = keyOf(own.params[index], node.name);
  const name = index === -1 ? undefined : nameOfFunction(source, own);
  if (name === undefined) return [];
  const found: Given[] = [];
  for (const module of context.modules.sources) {
    if (!namesIn(module).has(name)) continue;
    for (const one of nodesOf(module.program, 'CallExpression')) {
      if (one.callee.type !== 'Identifier' || one.callee.name !== name) continue;
      const given = one.arguments[index];
      if (!given || functionOf(context, module, one)?.node !== own) continue;
      if (key === undefined) found.push({ source: module, node: given });
      else found.push(...propertyOf(context, module, given, key));
    }
  }
  return found;
}

/** The key under which a parameter that is taken apart has a name: `port` in `({ port: number }) => …`. */
function keyOf(parameter: Node | undefined, name: string): string | undefined {
  const pattern = parameter?.type === 'AssignmentPattern' ? parameter.left : parameter;
  if (pattern?.type !== 'ObjectPattern') return undefined;
  for (const one of pattern.properties) {
    if (one.type !== 'Property') continue;
    const target = one.value.type === 'AssignmentPattern' ? one.value.left : one.value;
    if (target.type === 'Identifier' && target.name === name) return keyName(one.key, one.computed);
  }
  return undefined;
}

/** One property of the object that is given. */
function propertyOf(context: AnalysisContext, source: Source, node: Node, key: string): readonly Given[] {
  const object = trace(context, source, node);
  const value = object.kind === 'syntax' ? property(object.node, key) : undefined;
  return object.kind === 'syntax' && value ? [{ source: object.source, node: value }] : [];
}

function parameterName(node: Node): string | undefined {
  const target = node.type === 'AssignmentPattern' ? node.left : node;
  return target.type === 'Identifier' ? target.name : undefined;
}

/** The name that a function is declared with, or of the constant that holds it. */
function nameOfFunction(source: Source, node: Node): string | undefined {
  if (node.type === 'FunctionDeclaration') return node.id?.name;
  let name: string | undefined;
  walk(source.program, (one) => {
    if (one.type === 'VariableDeclarator' && one.init === node && one.id.type === 'Identifier') name = one.id.name;
    return name === undefined;
  });
  return name;
}
