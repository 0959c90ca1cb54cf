import {
  keyName,
  lookup,
  type Node,
  namesIn,
  nodesOf,
  type Source,
  unwrap,
  walk,
} from '../../../formats/source/index.ts';
import type { AnalysisContext } from './context.ts';
import { isFunction } from './functions.ts';
import type { ClassNode, FoundClass, FunctionNode } from './types.ts';

type Element = ClassNode['body']['body'][number];
type Member = Exclude<Element, { type: 'StaticBlock' | 'TSIndexSignature' }>;

export const isClass = (node: Node): node is ClassNode =>
  node.type === 'ClassDeclaration' || node.type === 'ClassExpression';

const classLists = new WeakMap<Source, readonly ClassNode[]>();

/** The innermost class around a place: what `this` is there. */
export function classAround(source: Source, offset: number): FoundClass | undefined {
  let all = classLists.get(source);
  if (!all) {
    const found: ClassNode[] = [];
    walk(source.program, (node) => {
      if (isClass(node)) found.push(node);
    });
    classLists.set(source, found);
    all = found;
  }
  const node = all.findLast((item) => item.start <= offset && offset < item.end);
  return node && { source, node };
}

/** The name of the type of a parameter: `(config: Config) => …`. */
export function typeOfParameter(source: Source, node: Extract<Node, { type: 'Identifier' }>): Node | undefined {
  const binding = lookup(source, node.name, node.start);
  if (binding?.kind !== 'parameter' || !('params' in binding.node) || !Array.isArray(binding.node.params))
    return undefined;
  const own = (binding.node.params as readonly Node[]).map(bare).find((item) => item.name === node.name);
  return own?.type;
}

/** The name of the type of a field: `constructor(private config: Config)`, `private config: Config`. */
export function typeOfField(source: Source, node: Node): Node | undefined {
  const name = fieldName(node);
  const around = name === undefined ? undefined : classAround(source, node.start);
  if (!around) return undefined;
  for (const member of around.node.body.body) {
    if (member.type === 'PropertyDefinition' && nameOfMember(member) === name) return typeName(member.typeAnnotation);
    if (member.type !== 'MethodDefinition' || member.kind !== 'constructor') continue;
    const own = member.value.params.filter((parameter) => parameter.type === 'TSParameterProperty').map(bare);
    const found = own.find((item) => item.name === name);
    if (found) return found.type;
  }
  return undefined;
}

/** A parameter without its default and its marks. */
export function bare(node: Node): { readonly name?: string; readonly type?: Node; readonly preset?: Node } {
  const pattern = node.type === 'TSParameterProperty' ? node.parameter : node;
  const target = pattern.type === 'AssignmentPattern' ? pattern.left : pattern;
  const inner = target.type === 'RestElement' ? target.argument : target;
  if (inner.type !== 'Identifier') return {};
  const type = typeName(inner.typeAnnotation);
  return {
    name: inner.name,
    ...(type ? { type } : {}),
    ...(pattern.type === 'AssignmentPattern' ? { preset: pattern.right } : {}),
  };
}

const typeName = (annotation: Node | null | undefined): Node | undefined =>
  annotation?.type === 'TSTypeAnnotation' && annotation.typeAnnotation.type === 'TSTypeReference'
    ? annotation.typeAnnotation.typeName
    : undefined;

/** The name of a field of the own object: `env` of `this.env`, `#env` of `this.#env`. */
export function fieldName(node: Node): string | undefined {
  if (node.type !== 'MemberExpression' || unwrap(node.object).type !== 'ThisExpression') return undefined;
  const { property } = node;
  if (property.type === 'PrivateIdentifier') return `#${property.name}`;
  return keyName(property, node.computed);
}

/** The name of a method or field as `fieldName` gives it. */
export const nameOfMember = (member: Member): string | undefined =>
  member.key.type === 'PrivateIdentifier' ? `#${member.key.name}` : keyName(member.key, member.computed);

/** A method of a class by its name, also one that is a field with a function in it. */
export function methodOf({ node }: FoundClass, name: string): FunctionNode | undefined {
  for (const member of node.body.body) {
    const isMethod = member.type === 'MethodDefinition' && member.kind === 'method';
    if (!isMethod && member.type !== 'PropertyDefinition') continue;
    if (nameOfMember(member) !== name || !member.value) continue;
    const value: Node = unwrap(member.value);
    if (isFunction(value)) return value;
  }
  return undefined;
}

/** What runs when a member of a class is read. */
export function getterOf({ node }: FoundClass, name: string): FunctionNode | undefined {
  const member = node.body.body.find(
    (classElement) =>
      classElement.type === 'MethodDefinition' && classElement.kind === 'get' && nameOfMember(classElement) === name,
  );
  const value: Node | null | undefined = member?.type === 'MethodDefinition' ? member.value : undefined;
  return value && isFunction(value) ? value : undefined;
}

/** What the one place that fills a field gives it: where it is declared, or an assignment; undefined: several do, or what was handed in. */
export function valueOfField(own: FoundClass, name: string): Node | undefined {
  const value = filledBy(own, name);
  const handed =
    value &&
    nodesOf(value, 'Identifier').some((node) => lookup(own.source, node.name, node.start)?.kind === 'parameter');
  return handed ? undefined : value;
}

/** The same with what was handed in: also a parameter of the constructor that is a field, `constructor(private port: number)`. */
export function filledBy(own: FoundClass, name: string): Node | undefined {
  const [value, ...others] = fillersOf(own, name);
  return others.length > 0 ? undefined : value;
}

/** Every place that fills a field. */
export function fillersOf({ source, node }: FoundClass, name: string): readonly Node[] {
  const made = constructorOf({ source, node });
  const parameters = (made?.params ?? []).flatMap((paramPattern) =>
    paramPattern.type === 'TSParameterProperty' ? [paramPattern.parameter] : [],
  );
  const parameter = parameters
    .map((parameter) => (parameter.type === 'AssignmentPattern' ? parameter.left : parameter))
    .find((bindingPattern) => bindingPattern.type === 'Identifier' && bindingPattern.name === name);
  const declared = node.body.body.flatMap((classElement) =>
    classElement.type === 'PropertyDefinition' && nameOfMember(classElement) === name && classElement.value
      ? [classElement.value]
      : [],
  );
  const assigned = nodesOf(node, 'AssignmentExpression').flatMap((assignmentExpression) =>
    assignmentExpression.operator === '=' &&
    fieldName(unwrap(assignmentExpression.left)) === name &&
    classAround(source, assignmentExpression.start)?.node === node
      ? [assignmentExpression.right]
      : [],
  );
  return [...(parameter ? [parameter] : []), ...declared, ...assigned];
}

/** What runs when an object of a class is made. */
export function constructorOf({ node }: FoundClass): FunctionNode | undefined {
  for (const member of node.body.body) {
    const value: Node | undefined =
      member.type === 'MethodDefinition' && member.kind === 'constructor' ? member.value : undefined;
    if (value && isFunction(value)) return value;
  }
  return undefined;
}

/**
 * Whether a place lies in a method that nothing in the reached sources names, so that it never runs. A class that a framework may know by
 * a decorator, a base or an interface is left out: its methods are called from elsewhere.
 */
export function isUnnamed(context: AnalysisContext, ancestors: readonly Node[]): boolean {
  const method = ancestors.findLast((ancestor) => ancestor.type === 'MethodDefinition');
  const own = ancestors.findLast(isClass);
  if (method?.type !== 'MethodDefinition' || method.kind !== 'method' || !own) return false;
  if (own.superClass || own.decorators.length > 0 || (own.implements ?? []).length > 0) return false;
  if (method.decorators.length > 0 || method.start < own.start) return false;
  const name = nameOfMember(method);
  if (name === undefined) return false;
  const plain = name.replace('#', '');
  return context.modules.sources.reduce((sum, source) => sum + (namesIn(source).get(plain) ?? 0), 0) <= 1;
}
