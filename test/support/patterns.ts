/** Which patterns are applied to what: by the syntax of our own code, and by watching it run. */
import { parseSync } from 'oxc-parser';

type Node = { readonly type: string; readonly start: number; readonly end: number } & Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value;

function nodesOf(tree: unknown, found: Node[] = []): readonly Node[] {
  if (Array.isArray(tree)) for (const one of tree) nodesOf(one, found);
  else if (typeof tree === 'object' && tree !== null) {
    if (isNode(tree)) found.push(tree);
    for (const one of Object.values(tree)) nodesOf(one, found);
  }
  return found;
}

const childOf = (node: unknown, key: string): Node | undefined => {
  const child = isNode(node) ? node[key] : undefined;
  return isNode(child) ? child : undefined;
};
const nameOf = (node: Node | undefined): string =>
  node?.type === 'Identifier' || node?.type === 'PrivateIdentifier' ? String(node['name']) : '';
const argumentsOf = (call: Node): readonly Node[] =>
  ((call['arguments'] as readonly unknown[] | undefined) ?? []).filter(isNode);

/** The name of what is called, `read` in `project.read?.(file)` and in `read(file)`. */
function calledName(call: Node | undefined): string {
  const callee = call?.type === 'CallExpression' ? childOf(call, 'callee') : undefined;
  return callee?.type === 'MemberExpression' ? nameOf(childOf(callee, 'property')) : nameOf(callee);
}

/** The expression that a text is cut out of: below `?? ''`, `.slice(…)`, `.trim()`, `[0]`, types and templates of nothing else. */
function rootOf(node: Node | undefined): Node | undefined {
  switch (node?.type) {
    case 'ChainExpression':
    case 'TSNonNullExpression':
    case 'TSAsExpression':
    case 'ParenthesizedExpression':
      return rootOf(childOf(node, 'expression'));
    case 'LogicalExpression':
      return rootOf(childOf(node, 'left'));
    case 'ConditionalExpression':
      return [childOf(node, 'consequent'), childOf(node, 'alternate')]
        .map(rootOf)
        .find((one) => one?.type !== 'Identifier' || nameOf(one) !== 'undefined');
    case 'CallExpression': {
      const callee = childOf(node, 'callee');
      const cuts = [
        'slice',
        'substring',
        'trim',
        'trimEnd',
        'trimStart',
        'toLowerCase',
        'toUpperCase',
        'split',
        'at',
        'replace',
        'replaceAll',
      ];
      return callee?.type === 'MemberExpression' && cuts.includes(calledName(node))
        ? rootOf(childOf(callee, 'object'))
        : node;
    }
    case 'MemberExpression':
      return node['computed'] === true ? rootOf(childOf(node, 'object')) : node;
    default:
      return node;
  }
}

/** What a call applies a pattern to; undefined: it applies none. */
function subjectOf(call: Node): Node | undefined {
  const callee = childOf(call, 'callee');
  const [first] = argumentsOf(call);
  if (callee?.type !== 'MemberExpression') return undefined;
  const name = calledName(call);
  if (name === 'test' || name === 'exec') return first;
  const text = first?.type === 'TemplateLiteral' || (first?.type === 'Literal' && typeof first['value'] === 'string');
  if (['match', 'matchAll', 'search'].includes(name)) return childOf(callee, 'object');
  return ['replace', 'replaceAll', 'split'].includes(name) && !text ? childOf(callee, 'object') : undefined;
}

/** Ways in which code gets at a text that was read from a file. */
const readers = new Set(['read', 'readText']);
/** What gives the text of a source that was parsed. */
const written = new Set(['writtenAs']);
/** What takes the text of a source: who hands it over has it. */
const parsers = new Set(['parseSource', 'parseHtml']);

/** The patterns that a module applies to text of a file, or of a source that it parses, as they are written there. */
export function patternsOnText(file: string, code: string): readonly string[] {
  const nodes = nodesOf(parseSync(file, code).program);
  const parsed = new Set(
    nodes
      .filter((node) => parsers.has(calledName(node)))
      .map((call) => code.slice(argumentsOf(call)[1]?.start ?? 0, argumentsOf(call)[1]?.end ?? 0)),
  );
  const values = new Map(
    nodes
      .filter((node) => node.type === 'VariableDeclarator' && isNode(node['init']))
      .map((node) => [nameOf(childOf(node, 'id')), childOf(node, 'init')]),
  );
  const isText = (node: Node | undefined, depth = 0): boolean => {
    const root = rootOf(node);
    if (!root || depth > 5) return false;
    const name = calledName(root);
    if (readers.has(name) || written.has(name)) return true;
    if (root.type === 'MemberExpression' && nameOf(childOf(root, 'property')) === 'sourceText') return true;
    if (parsed.has(code.slice(root.start, root.end))) return true;
    const value = root.type === 'Identifier' ? values.get(nameOf(root)) : undefined;
    return value !== undefined && isText(value, depth + 1);
  };
  return nodes
    .filter((node) => node.type === 'CallExpression' && isText(subjectOf(node)))
    .map((call) => code.slice(call.start, call.end));
}

/** The calls that read a file as text, as they are written. */
export function textReaders(file: string, code: string): readonly string[] {
  return nodesOf(parseSync(file, code).program)
    .filter((node) => node.type === 'CallExpression' && readers.has(calledName(node)))
    .map((call) => code.slice(call.start, call.end));
}

/** The file of ours that called, and the libraries between it and the pattern; empty: a library or the machinery of the tests itself. */
const callerOf = (stack: string): string =>
  /\(?(?:file:\/\/)?([^\s()]+?):\d+:\d+\)?$/.exec(
    stack.split('\n').filter((line) => !line.includes('node:') && line.includes(':'))[2] ?? '',
  )?.[1] ?? '';

/** The texts that stand in sources as values, of literals and templates: whoever has one has it from a tree. */
function valuesIn(texts: readonly string[]): ReadonlySet<string> {
  const nodes = texts.flatMap((text) => nodesOf(parseSync('source.tsx', text).program));
  return new Set(
    nodes.flatMap((node) => {
      const value = node.type === 'TemplateElement' ? (node['value'] as { cooked?: unknown }).cooked : node['value'];
      return typeof value === 'string' ? [value] : [];
    }),
  );
}

/**
 * Runs something, and gives the patterns that were applied to a stretch of the texts which is longer than a line: `[pattern, file of ours]`.
 * Every way to apply one goes through `exec` where that is replaced (ECMA-262, RegExpExec).
 */
export async function watchPatterns(
  texts: readonly string[],
  run: () => Promise<unknown>,
): Promise<readonly (readonly [string, string])[]> {
  const seen = new Map<string, readonly [string, string]>();
  const own = RegExp.prototype.exec;
  const values = valuesIn(texts);
  let last = '';
  RegExp.prototype.exec = function watched(this: RegExp, text: string) {
    if (text !== last && typeof text === 'string' && text.length > 40 && text.includes('\n')) {
      last = text;
      RegExp.prototype.exec = own;
      if (!values.has(text) && texts.some((one) => one.includes(text.trim()))) {
        const caller = callerOf(new Error().stack ?? '');
        seen.set(`${this.source} ${caller}`, [this.source, caller]);
      }
      RegExp.prototype.exec = watched;
    }
    return own.call(this, text);
  };
  try {
    await run();
  } finally {
    RegExp.prototype.exec = own;
  }
  return [...seen.values()];
}
