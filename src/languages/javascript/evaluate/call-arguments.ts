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
  const index = own.params.findIndex(
    (parameter) => parameterName(parameter) === node.name || keyOf(parameter, node.name) !== undefined,
  );
  const key = keyOf(own.params[index], node.name);
  const name = index === -1 ? undefined : nameOfFunction(source, own);
  if (name === undefined) return [];
  const found: SourceNode[] = [];
  for (const module of context.modules.sources) {
    if (!namesIn(module).has(name)) continue;
    for (const item of nodesOf(module.program, 'CallExpression', 'NewExpression')) {
      const given = item.arguments[index];
      if (!given || calledName(item) !== name || !runs(context, module, item, own)) continue;
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
  for (const item of pattern.properties) {
    if (item.type !== 'Property') continue;
    const target = item.value.type === 'AssignmentPattern' ? item.value.left : item.value;
    if (target.type === 'Identifier' && target.name === name) return keyName(item.key, item.computed);
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
  walk(source.program, (item) => {
    if (item.type === 'VariableDeclarator' && item.init === node && item.id.type === 'Identifier') name = item.id.name;
    if ((item.type === 'MethodDefinition' || item.type === 'PropertyDefinition') && item.value === node)
      name =
        item.type === 'MethodDefinition' && item.kind === 'constructor' ? classOf(source, item) : nameOfMember(item);
    return name === undefined;
  });
  return name;
}

const classOf = (source: Source, node: Node): string | undefined => classAround(source, node.start)?.node.id?.name;
