import {
  indentAt,
  keyName,
  lineBreakOf,
  lookup,
  memberPath,
  type Node,
  nodesOf,
  parseSource,
  property,
  resolve,
  type Source,
  unwrap,
  walk,
  writtenAs,
} from '../../../formats/source/index.ts';
import type { OfferedEdit, TextEdit } from '../../../model/recipe.ts';
import type { SettingOffer } from '../../../stacks/contract.ts';

type ObjectNode = Extract<Node, { type: 'ObjectExpression' }>;
type FunctionNode = Extract<Node, { type: 'ArrowFunctionExpression' | 'FunctionExpression' | 'FunctionDeclaration' }>;
type Setting = SettingOffer['setting'];

/**
 * Puts a setting into the object that a file of settings exports: as it is, by a name, through calls of plugins, or out of a function. No edit: it is
 * there. Where no such object is found, or something else stands in the place of the setting, the lines are for the owner to paste.
 */
export function settingEdit(file: string, text: string | undefined, setting: Setting, why: string): OfferedEdit {
  const lines = (quote: string) => [`${textOf(setting.path, setting.value, quote)},`];
  if (text === undefined)
    return { ok: false, why, lines: ['export default {', ...lines("'").map((line) => `  ${line}`), '};'] };
  const source = parseSource(file, text);
  const quote = quoteOf(source);
  const objects = source.problems.length > 0 ? undefined : exportedObjects(source);
  const edits = objects?.map((object) => insertion(source, object, setting, quote));
  if (!edits || edits.length === 0 || edits.some((edit) => edit === undefined))
    return { ok: false, why, lines: lines(quote) };
  return { ok: true, why, edits: edits.flatMap((edit) => edit ?? []) };
}

/** Text of the setting as a property: `output: 'standalone'`, `experimental: { isrFlushToDisk: false }`. */
function textOf([name = '', ...rest]: readonly string[], value: Setting['value'], quote: string): string {
  const inner = typeof value === 'string' ? `${quote}${value}${quote}` : String(value);
  return `${name}: ${rest.length > 0 ? `{ ${textOf(rest, value, quote)} }` : inner}`;
}

/** The quotes of the first text of the file. */
function quoteOf(source: Source): string {
  const first = nodesOf(source.program, 'Literal').find(({ value }) => typeof value === 'string');
  return first && writtenAs(source, first).startsWith('"') ? '"' : "'";
}

/** The objects with the settings: of a function all that it may return. Undefined: one of them is not written out here. */
function exportedObjects(source: Source): readonly ObjectNode[] | undefined {
  const exported: Node[] = [];
  for (const node of source.program.body) {
    if (node.type === 'ExportDefaultDeclaration') exported.push(node.declaration);
    if (node.type === 'TSExportAssignment') exported.push(node.expression);
    const set = node.type === 'ExpressionStatement' ? unwrap(node.expression) : undefined;
    if (set?.type === 'AssignmentExpression' && set.operator === '=' && memberPath(set.left) === 'module.exports')
      exported.push(set.right);
  }
  const [only] = exported;
  const found = only && exported.length === 1 ? objectsOf(source, only) : undefined;
  return found && [...new Set(found)];
}

function objectsOf(source: Source, node: Node, depth = 0): readonly ObjectNode[] | undefined {
  if (depth > 12) return undefined;
  const at = behind(source, node);
  if (at.type === 'ObjectExpression') return [at];
  if (at.type === 'AwaitExpression') return objectsOf(source, at.argument, depth + 1);
  if (at.type === 'ConditionalExpression') return all([at.consequent, at.alternate]);
  if (isFunction(at)) return returned(at);
  if (at.type !== 'CallExpression') return undefined;
  const given = settingsArgument(source, at.arguments);
  return given && objectsOf(source, given, depth + 1);

  function all(nodes: readonly Node[]): readonly ObjectNode[] | undefined {
    const found = nodes.map((item) => objectsOf(source, item, depth + 1));
    return found.length === 0 || found.includes(undefined) ? undefined : found.flatMap((item) => item ?? []);
  }

  function returned(made: FunctionNode): readonly ObjectNode[] | undefined {
    if (made.body && made.body.type !== 'BlockStatement') return all([made.body]);
    const values: Node[] = [];
    if (made.body)
      walk(made.body, (item) => {
        if (isFunction(item)) return false;
        if (item.type === 'ReturnStatement') values.push(item.argument ?? item);
        return undefined;
      });
    return all(values);
  }
}

/** What stands behind a name: a constant, a variable that nothing is assigned to, a function of the file. */
function behind(source: Source, node: Node): Node {
  const at = resolve(source, node);
  const binding = at.type === 'Identifier' ? lookup(source, at.name, at.start) : undefined;
  if (!binding || at.type !== 'Identifier') return at;
  if (binding.kind === 'function') return binding.node;
  const isSet = nodesOf(source.program, 'AssignmentExpression').some(
    ({ left }) => left.type === 'Identifier' && left.name === at.name,
  );
  return binding.kind === 'variable' && binding.init && !isSet ? unwrap(binding.init) : at;
}

const isFunction = (node: Node): node is FunctionNode =>
  node.type === 'ArrowFunctionExpression' || node.type === 'FunctionExpression' || node.type === 'FunctionDeclaration';

/**
 * Which argument of a plugin's call the settings are: the first that may be an object. Lists and texts are the plugin's own, and so is a function beside
 * other arguments; what comes from another file may be the settings, so that nothing behind it is taken for them.
 */
function settingsArgument(source: Source, given: readonly Node[]): Node | undefined {
  return given.find((node) => {
    const at = behind(source, node);
    const isOwn = ['ArrayExpression', 'Literal', 'TemplateLiteral'].includes(at.type);
    return !isOwn && !(isFunction(at) && given.length > 1);
  });
}

/** The edit that puts a setting into an object; an empty list: it stands there. Undefined: something else does, or may. */
function insertion(
  source: Source,
  object: ObjectNode,
  { path, value }: Setting,
  quote: string,
): readonly TextEdit[] | undefined {
  const [name = '', ...rest] = path;
  const there = property(object, name);
  if (there && rest.length > 0) {
    const inner = behind(source, there);
    return inner.type === 'ObjectExpression' ? insertion(source, inner, { path: rest, value }, quote) : undefined;
  }
  if (there) {
    const now = unwrap(there);
    return now.type === 'Literal' && now.value === value ? [] : undefined;
  }
  const hasName = (item: ObjectNode['properties'][number]) =>
    item.type === 'Property' && keyName(item.key, item.computed) === undefined;
  return object.properties.some(hasName) ? undefined : [placed(source, object, textOf(path, value, quote))];
}

/** In front of the other settings; behind what is spread into the object, which may have the same one. */
function placed(source: Source, object: ObjectNode, text: string): TextEdit {
  const { sourceText } = source;
  const { properties } = object;
  const spread = properties.findLast(({ type }) => type === 'SpreadElement');
  const next = spread ? properties[properties.indexOf(spread) + 1] : properties[0];
  const newline = lineBreakOf(sourceText);
  const own = indentAt(sourceText, object.start);
  const isLong = writtenAs(source, object).includes('\n');
  const first = properties[0];
  const inner = first && isLong ? indentAt(sourceText, first.start) : `${own}${own.includes('\t') ? '\t' : '  '}`;
  if (next && spread)
    return { start: next.start, end: next.start, text: `${text},${isLong ? `${newline}${inner}` : ' '}` };
  if (spread) return { start: spread.end, end: spread.end, text: `,${isLong ? `${newline}${inner}` : ' '}${text}` };
  const start = object.start + 1;
  if (isLong) return { start, end: start, text: `${newline}${inner}${text},` };
  if (first) return { start, end: start, text: ` ${text},` };
  // on lines of their own two that are put in together go with each other
  return { start, end: start, text: `${newline}${inner}${text},${newline}${own}` };
}
