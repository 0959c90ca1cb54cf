import {
  keyName,
  lookup,
  memberPath,
  type Node,
  namesIn,
  nodesOf,
  property,
  type Source,
  unwrap,
  walk,
} from '../../../formats/source/index.ts';
import { classMade } from './class-of.ts';
import { bare, classAround, constructorOf, nameOfMember } from './classes.ts';
import type { AnalysisContext } from './context.ts';
import { functionOf, trace } from './trace.ts';
import type { SourceNode } from './types.ts';

/** What the callers of a function, a method or a constructor of the project give for one of its parameters; empty where the name is no such parameter. */
export function givenFor(context: AnalysisContext, source: Source, node: Node): readonly SourceNode[] {
  if (node.type !== 'Identifier') return [];
  const binding = lookup(source, node.name, node.start);
  if (binding?.kind !== 'parameter' || !('params' in binding.node) || !Array.isArray(binding.node.params)) return [];
  const own = binding.node;
  const index = own.params.findIndex((one) => parameterName(one) === node.name || keyOf(one, node.name) !== undefined);
  const key = keyOf(own.params[index], node.name);
  const name = index === -1 ? undefined : nameOfFunction(source, own);
  if (name === undefined) return [];
  const found: SourceNode[] = [];
  for (const module of context.modules.sources) {
    if (!namesIn(module).has(name)) continue;
    for (const one of nodesOf(module.program, 'CallExpression', 'NewExpression')) {
      const given = one.arguments[index];
      if (!given || calledName(one) !== name || !runs(context, module, one, own)) continue;
      if (key === undefined) found.push({ source: module, node: given });
      else found.push(...propertyOf(context, module, given, key));
    }
  }
  return found;
}

type CallNode = Extract<Node, { type: 'CallExpression' | 'NewExpression' }>;

const calledName = (call: CallNode): string | undefined =>
  memberPath(call.callee)?.split('.').at(-1) ?? methodName(call);

/** The name of a method of something that is no plain name: `start` of `new Server().start(3000)`. */
function methodName({ callee }: CallNode): string | undefined {
  const at = unwrap(callee);
  return at.type === 'MemberExpression' ? keyName(at.property, at.computed) : undefined;
}

/** Whether a call runs a function: that function itself, or the constructor of the class that it makes an object of. */
function runs(context: AnalysisContext, module: Source, call: CallNode, own: Node): boolean {
  if (call.type === 'CallExpression') return functionOf(context, module, call)?.node === own;
  const made = classMade(context, module, call);
  return made !== undefined && constructorOf(made) === own;
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
function propertyOf(context: AnalysisContext, source: Source, node: Node, key: string): readonly SourceNode[] {
  const object = trace(context, source, node);
  const value = object.kind === 'syntax' ? property(object.node, key) : undefined;
  return object.kind === 'syntax' && value ? [{ source: object.source, node: value }] : [];
}

const parameterName = (node: Node): string | undefined => bare(node).name;

/** The name that a function is called by: its own, that of the constant or the method that holds it, of a constructor that of its class. */
function nameOfFunction(source: Source, node: Node): string | undefined {
  if (node.type === 'FunctionDeclaration') return node.id?.name;
  let name: string | undefined;
  walk(source.program, (one) => {
    if (one.type === 'VariableDeclarator' && one.init === node && one.id.type === 'Identifier') name = one.id.name;
    if ((one.type === 'MethodDefinition' || one.type === 'PropertyDefinition') && one.value === node)
      name = one.type === 'MethodDefinition' && one.kind === 'constructor' ? classOf(source, one) : nameOfMember(one);
    return name === undefined;
  });
  return name;
}

const classOf = (source: Source, node: Node): string | undefined => classAround(source, node.start)?.node.id?.name;
