/** Classes that the variables are read into and checked by: fields with the decorators of class-validator, as Nest's documentation has it. */
import { keyName, literalValue, type Node, type Source, unwrap } from '../../../formats/source/index.ts';
import { isClass } from '../evaluate/classes.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { trace } from '../evaluate/trace.ts';
import type { ClassNode, SchemaField } from '../evaluate/types.ts';

/** What makes an object of a class from a plain one (class-transformer). */
export const classMakers: ReadonlySet<string> = new Set(['plainToInstance', 'plainToClass']);

/** Decorators that check nothing: they change a value, or say where it goes. */
const silent = new Set(['Type', 'Transform', 'Expose', 'Exclude', 'ApiProperty', 'ApiPropertyOptional', 'Allow']);
/** Decorators with which a field may be missing. */
const lenient = new Set(['IsOptional', 'ValidateIf']);

/** Classes that a class is made from, at most. */
const deepest = 5;

/** The fields of the class that an expression names; undefined: it names none of the project. */
export function fieldsOfClass(
  context: AnalysisContext,
  source: Source,
  named: Node,
  depth: number,
  above = 0,
): readonly SchemaField[] | undefined {
  const target = trace(context, source, named, depth + 1);
  if (target.kind !== 'syntax' || !isClass(target.node) || above > deepest) return undefined;
  const { superClass, body } = target.node;
  const own = body.body.flatMap((member) => fieldOf(target.source, member));
  const names = new Set(own.map(({ name }) => name));
  const base = superClass ? (fieldsOfClass(context, target.source, superClass, depth + 1, above + 1) ?? []) : [];
  return [...base.filter(({ name }) => !names.has(name)), ...own];
}

type Member = ClassNode['body']['body'][number];

function fieldOf(source: Source, member: Member): readonly SchemaField[] {
  if (member.type !== 'PropertyDefinition' || member.static) return [];
  const name = member.key.type === 'PrivateIdentifier' ? undefined : keyName(member.key, member.computed);
  const decorators = member.decorators.map(({ expression }) => called(unwrap(expression)));
  if (name === undefined || decorators.length === 0) return [];
  const checked = decorators.some((decorator) => !silent.has(decorator.name) && !lenient.has(decorator.name));
  const required = checked && !member.value && !decorators.some((decorator) => lenient.has(decorator.name));
  const value = member.value ? literalValue(source, member.value) : undefined;
  const list = decorators.find((decorator) => decorator.name === 'IsIn')?.first;
  const values =
    list?.type === 'ArrayExpression' ? list.elements.map((element) => element && literalValue(source, element)) : [];
  const known = values.flatMap((item) => (item === undefined || item === null ? [] : [String(item)]));
  return [
    {
      name,
      source,
      node: member,
      required,
      ...(value === undefined ? {} : { default: String(value) }),
      ...(known.length > 0 ? { values: known } : {}),
    },
  ];
}

/** The name of a decorator, and the first value that it is given. */
function called(node: Node): { readonly name: string; readonly first?: Node } {
  const callee = node.type === 'CallExpression' ? unwrap(node.callee) : node;
  const first = node.type === 'CallExpression' ? node.arguments[0] : undefined;
  const name = callee.type === 'Identifier' ? callee.name : '';
  return { name, ...(first ? { first: unwrap(first) } : {}) };
}
