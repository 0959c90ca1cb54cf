/** What the calls of one field of a schema say of its variable: `z.string().min(40).default('x')`, `str({ desc: '…' })`. */
import {
  literalValue,
  memberPath,
  type Node,
  property,
  propertyName,
  type Source,
  unwrap,
} from '../../../formats/source/index.ts';
import type { TextForm, ValueKind } from '../../../model/facts.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { trace } from '../evaluate/trace.ts';

type Call = Extract<Node, { type: 'CallExpression' }>;

/** The last word of what a call calls: `string` of `z.string()`. */
export const calledName = (source: Source, call: Call): string | undefined => {
  const callee = unwrap(call.callee);
  return callee.type === 'Identifier' ? callee.name : propertyName(source, callee);
};

/** Whether a name of a source comes from a package: no file of the project is imported by it. */
export const isOfPackage = (context: AnalysisContext, source: Source, local: string): boolean =>
  source.imports.some(
    (imported) =>
      imported.names.some((name) => name.local === local) &&
      context.modules.resolve(source.file, imported.specifier) === undefined,
  );

/** What a schema declares about one variable. */
export type FieldDescription = {
  optional: boolean;
  /** declared as required, in a schema whose fields are optional by default */
  needed?: boolean;
  default?: string;
  values?: readonly string[];
  purpose?: string;
  example?: string;
  form?: TextForm;
  kind?: ValueKind;
};

/** Whether a call goes on from another, or from a field that is kept under a name: `text.required()`. */
function goesOn(context: AnalysisContext, source: Source, callee: Node): boolean {
  const object = callee.type === 'MemberExpression' ? unwrap(callee.object) : undefined;
  if (object?.type === 'CallExpression') return true;
  return object?.type === 'Identifier' && !isOfPackage(context, source, object.name);
}

/** What the calls of one field say. */
export function describe(context: AnalysisContext, source: Source, start: Node, depth: number): FieldDescription {
  if (depth > 40) return { optional: false };
  const target = trace(context, source, start, depth + 1);
  if (target.kind !== 'syntax' || target.node.type !== 'CallExpression') return { optional: false };
  const call = target.node;
  const at = target.source;
  const callee = unwrap(call.callee);
  const [first, second] = call.arguments;
  const inner = (node: Node | undefined): FieldDescription =>
    node ? describe(context, at, node, depth + 1) : { optional: false };
  const chained = goesOn(context, at, callee);
  const before = inner(chained && callee.type === 'MemberExpression' ? callee.object : undefined);
  const text = (node: Node | undefined): string | undefined => {
    const value = node && literalValue(at, node);
    return value === undefined ? undefined : String(value);
  };
  switch (calledName(at, call)) {
    case 'default':
    case 'prefault':
    case 'catch':
      return withDefault(before, text(first));
    case 'optional':
    case 'nullish':
    case 'exactOptional':
    case 'Optional': {
      const base = chained ? before : inner(first);
      return { ...withDefault(base, text(second)), optional: true };
    }
    case 'required':
    case 'exist':
      return { ...before, needed: true };
    case 'fallback':
      return withDefault(inner(first), text(second));
    case 'enum':
    case 'picklist':
    case 'Enum':
    case 'literal':
    case 'Literal':
      return { ...before, ...valuesOf(context, at, first, depth) };
    case 'length':
    case 'min':
    case 'regex':
    case 'pattern':
    case 'hex':
      return { ...before, ...formOf(calledName(at, call) ?? '', before.form, first, text(first)) };
    case 'describe':
    case 'description':
      return { ...before, ...withText('purpose', folded(text(first))) };
    case 'meta':
      return { ...before, ...options(at, first) };
    case 'preprocess':
      return inner(second);
    case 'pipe':
      return chained ? before : inner(first);
    case 'or':
      return { ...before, optional: before.optional || memberPath(call.callee)?.endsWith('undefined') === true };
    default:
      return { ...before, ...kindOf(calledName(at, call)), ...options(at, first) };
  }
}

/** What the calls of schemas are named that take one kind of value. */
const kinds: Readonly<Record<string, ValueKind>> = {
  url: 'url',
  httpUrl: 'url',
  uri: 'url',
  number: 'number',
  int: 'number',
  integer: 'number',
  num: 'number',
  port: 'number',
  Number: 'number',
  Integer: 'number',
  email: 'email',
  boolean: 'boolean',
  bool: 'boolean',
  stringbool: 'boolean',
  Boolean: 'boolean',
  uuid: 'uuid',
};

function kindOf(name: string | undefined): { kind?: ValueKind } {
  return name !== undefined && Object.hasOwn(kinds, name) && kinds[name] ? { kind: kinds[name] } : {};
}

const withDefault = (said: FieldDescription, value: string | undefined): FieldDescription => ({
  ...said,
  optional: true,
  ...withText('default', value),
});

/** A sentence that goes over several lines, in one. */
export const folded = (text: string | undefined): string | undefined => text?.replace(/[\t\n\r]+/g, ' ');

/** A property for a text, or none where there is none. */
export const withText = <K extends string>(key: K, text: string | undefined): { [key in K]?: string } =>
  text === undefined ? {} : ({ [key]: text } as { [key in K]?: string });

/** The values that a literal or a list allows. */
export function valuesOf(
  context: AnalysisContext,
  source: Source,
  node: Node | undefined,
  depth: number,
): { values?: readonly string[] } {
  const target = node && trace(context, source, node, depth + 1);
  if (target?.kind !== 'syntax') return {};
  if (target.node.type === 'Literal') return { values: [String(target.node.value)] };
  const items = target.node.type === 'ArrayExpression' ? target.node.elements : [];
  const values = items.flatMap((item) => {
    const value = item === null || item.type === 'SpreadElement' ? undefined : literalValue(target.source, item);
    return value === undefined ? [] : [String(value)];
  });
  return values.length === 0 ? {} : { values };
}

/** The options that envalid, envsafe and TypeBox take as an object: `str({ default: 'x', desc: '…', choices: [] })`. */
export function options(source: Source, node: Node | undefined): Partial<FieldDescription> {
  const object = node && unwrap(node);
  if (object?.type !== 'ObjectExpression') return {};
  const text = (name: string): string | undefined => {
    const value = property(object, name);
    const found = value && literalValue(source, value);
    return found === undefined ? undefined : String(found);
  };
  const value = text('default');
  const choices = property(object, 'choices');
  const items =
    choices?.type === 'ArrayExpression'
      ? choices.elements.flatMap((element) => (element?.type === 'Literal' ? [String(element.value)] : []))
      : [];
  const hasDefault = property(object, 'default') !== undefined;
  return {
    ...(hasDefault || text('optional') === 'true' || text('allowEmpty') === 'true' ? { optional: true } : {}),
    ...withText('default', value),
    ...withText('purpose', folded(text('desc') ?? text('description'))),
    ...withText('example', text('example')),
    ...(items.length > 0 ? { values: items } : {}),
  };
}

/** The usual length of a secret that nothing is demanded of. */
const usualLength = 32;

/** What a check of a text demands of a secret: `.length(32)`, `.min(40)`, `.hex()`, `.regex(/^[0-9a-f]{64}$/)`. */
function formOf(
  check: string,
  before: TextForm | undefined,
  given: Node | undefined,
  text: string | undefined,
): { form?: TextForm } {
  if (check === 'hex') return { form: { length: before?.length ?? usualLength, hex: true } };
  if (check === 'regex' || check === 'pattern') {
    const pattern = given?.type === 'Literal' && 'regex' in given ? given.regex.pattern : undefined;
    const digits = /^\^\[(?:0-9a-f|a-f0-9|0-9a-fA-F|a-fA-F0-9|A-Fa-f0-9|a-f\\d|\\da-f)\]\{(\d{1,4})\}\$$/.exec(
      pattern ?? '',
    );
    return digits ? { form: { length: Number(digits[1]), hex: true } } : {};
  }
  const length = Number(text);
  if (!Number.isInteger(length) || length < 1 || length > 4096) return {};
  if (check === 'min' && length <= usualLength) return {};
  const least = check === 'length' ? length : Math.max(length, before?.length ?? usualLength);
  return { form: { length: least, hex: before?.hex ?? false } };
}
