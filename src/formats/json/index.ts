import {
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import { UserError } from '../../model/errors.ts';
import { lineCounter } from '../lines.ts';

type Path = readonly (string | number)[];

/** A JSON text, read: its value, and the lines (1-based) where its parts stand. */
export type Json = {
  readonly value: unknown;
  /** the line of a part; where it is missing, that of the nearest part around it */
  readonly line: (path: Path) => number;
  /** the same as an offset */
  readonly offset: (path: Path) => number;
  /** keys that stand twice in one object: the path of the object, the key and the line of the second */
  readonly duplicates: readonly { readonly path: Path; readonly key: string; readonly line: number }[];
};

/** Deeper nesting than this is an attack or an accident, and ends every recursive reader. */
const deepest = 500;

/**
 * Reads JSON; comments and trailing commas are allowed where `lenient`. Throws a UserError that names the file and the line of what
 * is wrong.
 */
export function parseJson(text: string, file: string, options: { readonly lenient?: boolean } = {}): Json {
  refuseDepth(text, file);
  const plain = plainly(text);
  let read: Node | undefined;
  const tree = () => {
    read ??= treeOf(text, file, options.lenient === true);
    return read;
  };
  const value = plain ? plain.value : getNodeValue(tree());
  const lineAt = lineCounter(text);
  return {
    value,
    line: (path) => lineAt(nearestNode(tree(), path).offset),
    offset: (path) => nearestNode(tree(), path).offset,
    get duplicates() {
      return duplicatesOf(tree(), lineAt);
    },
  };
}

/** What plain JSON says, without the places of its parts, which few ask for: the engine reads it far faster. Undefined: it is none. */
function plainly(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function treeOf(text: string, file: string, isLenient: boolean): Node {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: isLenient, disallowComments: !isLenient });
  const [first] = errors;
  if (!first && tree) return tree;
  throw new UserError({
    code: 'json-invalid',
    message: tree || first ? `${file} is not valid JSON: ${words(first?.error)}` : `${file} is empty`,
    where: placeOf(text, file, first?.offset ?? 0),
    next: ['Fix the line and run the command again'],
  });
}

const words = (error: number | undefined) =>
  error === undefined
    ? 'the file is empty'
    : printParseErrorCode(error)
        .replace(/([a-z])([A-Z])/g, '$1 $2')
        .toLowerCase();

/** A place for a message: the line and its text. */
export function placeOf(text: string, file: string, offset: number) {
  const line = lineCounter(text)(offset);
  const shown = (text.split('\n')[line - 1] ?? '').trimEnd().slice(0, 200);
  return { file, line, text: shown };
}

function nearestNode(tree: Node, path: Path): Node {
  for (let length = path.length; length > 0; length -= 1) {
    const node = findNodeAtLocation(tree, path.slice(0, length));
    if (node) return node.parent?.type === 'property' ? node.parent : node;
  }
  return tree;
}

function duplicatesOf(tree: Node, lineAt: (offset: number) => number): Json['duplicates'] {
  const found: { path: Path; key: string; line: number }[] = [];
  const visit = (node: Node, path: Path): void => {
    const seen = new Set<string>();
    for (const [index, child] of (node.children ?? []).entries()) {
      const [key, value] = child.children ?? [];
      if (node.type === 'array') visit(child, [...path, index]);
      if (node.type !== 'object' || !key) continue;
      const name = String(key.value);
      if (seen.has(name)) found.push({ path, key: name, line: lineAt(key.offset) });
      seen.add(name);
      if (value) visit(value, [...path, name]);
    }
  };
  visit(tree, []);
  return found;
}

/** The last character of a comment that may begin here, or the character itself. */
function commentEnd(text: string, at: number): number {
  const mark = text.slice(at, at + 2);
  if (mark !== '//' && mark !== '/*') return at;
  const rest = mark === '//' ? /[\r\n]/g : /\*\//g;
  rest.lastIndex = at + 2;
  return rest.test(text) ? rest.lastIndex - 1 : text.length;
}

/** Counts brackets outside of texts and comments before any recursive reader sees them. */
function refuseDepth(text: string, file: string): void {
  // fewer brackets than that, wherever they stand, nest no deeper
  if ((text.match(/[[{]/g)?.length ?? 0) <= deepest) return;
  let depth = 0;
  let inText = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (inText) {
      if (char === '\\') at += 1;
      // a text that is not closed ends with its line, as the parser sees it too
      else if (char === '"' || char === '\n' || char === '\r') inText = false;
    } else if (char === '/') {
      at = commentEnd(text, at);
    } else if (char === '"') inText = true;
    else if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') depth -= 1;
    if (depth > deepest) {
      throw new UserError({
        code: 'json-too-deep',
        message: `${file} is nested more than ${deepest} levels deep`,
        where: placeOf(text, file, at),
        next: ['Flatten it: project files do not need that many levels'],
      });
    }
  }
}
