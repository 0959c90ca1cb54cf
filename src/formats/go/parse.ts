import { createRequire } from 'node:module';
import type { SyntaxNode, Tree } from '@lezer/common';
import { lineCounter } from '../lines.ts';

/**
 * A node of the syntax tree of a file in Go. Types are those of its grammar (https://github.com/lezer-parser/go): `CallExpr`, `SelectorExpr`, `FunctionDecl`.
 * Punctuation is not among the children, operators are.
 */
export type GoNode = {
  readonly type: string;
  /** what a leaf says; empty where it has children */
  readonly text: string;
  readonly children: readonly GoNode[];
  /** offset in UTF-16 units */
  readonly start: number;
};

/** A file in Go as its syntax tree; a part that is not valid Go is left out of it. */
export type GoFile = {
  readonly file: string;
  /** the name of its package */
  readonly name: string;
  /** why nothing of it but this name was read */
  readonly unread?: string;
  readonly imports: readonly { readonly path: string; readonly alias: string | undefined; readonly line: number }[];
  readonly root: GoNode;
  /** comments, without their marks, in the order of the file */
  readonly comments: readonly { readonly text: string; readonly start: number }[];
  readonly lineAt: (start: number) => number;
};

let parser: { readonly parse: (text: string) => Tree } | undefined;

/** The parser, loaded at its first use. */
function goParser(): NonNullable<typeof parser> {
  parser ??= (createRequire(import.meta.url)('@lezer/go') as { parser: NonNullable<typeof parser> }).parser;
  return parser;
}

/** Files with more characters than this are made by programs, and say nothing about a deployment. */
const MAX_LENGTH = 500_000;

const punctuation = new Set(['(', ')', '{', '}', '[', ']', ',', '.', ';', ':']);

/** What stands behind an expression and belongs to the operand beside it alone. */
const postfix = new Set(['CallExpr', 'SelectorExpr', 'IndexExpr', 'SliceExpr', 'TypeAssertion']);

/** Reads a file in Go. Nothing throws: what cannot be read is missing from the tree. */
export function parseGo(file: string, text: string): GoFile {
  const unread =
    text.length > MAX_LENGTH ? 'it is longer than 500 kB' : isDeep(text) ? 'it is nested too deeply' : undefined;
  const tree = goParser().parse(unread === undefined ? text : '');
  const root = convert(tree.topNode, text);
  const comments: { text: string; start: number }[] = [];
  tree.iterate({
    enter: ({ name, from, to }) => {
      if (name === 'LineComment') comments.push({ text: text.slice(from + 2, to), start: from });
      if (name === 'BlockComment') comments.push({ text: text.slice(from + 2, to - 2), start: from });
    },
  });
  const lineAt = lineCounter(text);
  const top = unread === undefined ? root : headOf(text);
  const clause = top.children.find(({ type }) => type === 'PackageClause');
  return {
    file,
    name: clause?.children.find(({ type }) => type === 'DefName')?.text ?? '',
    imports: nodesIn(root, 'ImportSpec').flatMap((spec) => {
      const path = spec.children.find(({ type }) => type === 'String');
      const alias = spec.children.find(({ type }) => type !== 'String')?.text;
      return path ? [{ path: stringOf(path) ?? '', alias, line: lineAt(path.start) }] : [];
    }),
    root,
    ...(unread === undefined ? {} : { unread }),
    comments,
    lineAt,
  };
}

/** The name of the package stands before what makes a file long or deep. */
function headOf(text: string): GoNode {
  const head = text.slice(0, 4_096);
  return convert(goParser().parse(head).topNode, head, MAX_DEPTH - 2);
}

/** Nobody nests deeper; what does is there to exhaust who reads it. */
const MAX_DEPTH = 400;
const MAX_BRACKETS = 150;

/** Whether brackets stand inside each other more often than anybody writes them; those in text and comments count too. */
function isDeep(text: string): boolean {
  let open = 0;
  for (const letter of text) {
    if ('([{'.includes(letter)) open += 1;
    else if (')]}'.includes(letter)) open = Math.max(0, open - 1);
    if (open > MAX_BRACKETS) return true;
  }
  return false;
}

function convert(node: SyntaxNode, text: string, depth = 0): GoNode {
  const children: GoNode[] = [];
  for (let child = depth < MAX_DEPTH ? node.firstChild : null; child; child = child.nextSibling) {
    if (child.type.isError || punctuation.has(child.name) || child.name.endsWith('Comment')) continue;
    children.push(convert(child, text, depth + 1));
  }
  const isLeaf = node.firstChild === null;
  return rotated({ type: node.name, text: isLeaf ? text.slice(node.from, node.to) : '', children, start: node.from });
}

/**
 * The grammar lets an operator bind closer than a call or a selector behind it: `":" + os.Getenv("PORT")` comes as `(":" + os).Getenv("PORT")`. What stands
 * behind belongs to the last operand.
 */
function rotated(node: GoNode): GoNode {
  const [first, ...rest] = node.children;
  if (!first || !postfix.has(node.type)) return node;
  if (first.type !== 'BinaryExp' && first.type !== 'UnaryExp') return node;
  const operand = first.children.at(-1);
  if (!operand) return node;
  const moved = rotated({ ...node, start: operand.start, children: [operand, ...rest] });
  return { ...first, children: [...first.children.slice(0, -1), moved] };
}

/** All nodes of some types in a part of a tree, itself included, in the order of the file. */
export function nodesIn(root: GoNode, ...types: readonly string[]): GoNode[] {
  const found: GoNode[] = [];
  const waiting = [root];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (types.includes(node.type)) found.push(node);
    for (let at = node.children.length - 1; at >= 0; at -= 1) {
      const child = node.children[at];
      if (child) waiting.push(child);
    }
  }
  return found;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '"': '"', "'": "'", '\\': '\\' };

/** The value of a literal of text; undefined: it is none. */
export function stringOf(node: GoNode | undefined): string | undefined {
  if (node?.type !== 'String') return undefined;
  const inner = node.text.slice(1, -1);
  if (node.text.startsWith('`')) return inner;
  let value = '';
  for (let at = 0; at < inner.length; at += 1) {
    const letter = inner[at] ?? '';
    if (letter !== '\\') value += letter;
    else {
      at += 1;
      value += escapes[inner[at] ?? ''] ?? '';
    }
  }
  return value;
}

/** The dotted name of an expression, `os.Getenv`; undefined where it is not made of names alone. */
export function dottedName(node: GoNode | undefined): string | undefined {
  if (!node) return undefined;
  if (['VariableName', 'FieldName', 'TypeName', 'DefName'].includes(node.type)) return node.text;
  if (node.type !== 'SelectorExpr' && node.type !== 'QualifiedType') return undefined;
  const [left, right] = node.children;
  const before = dottedName(left);
  return before === undefined || !right ? undefined : `${before}.${right.text}`;
}

/** What a call calls, and what it hands over; undefined where the node is no call. */
export function callOf(
  node: GoNode | undefined,
): { readonly callee: GoNode; readonly name: string; readonly args: readonly GoNode[] } | undefined {
  if (node?.type !== 'CallExpr') return undefined;
  const [callee, list] = node.children;
  if (!callee) return undefined;
  const last = callee.type === 'SelectorExpr' ? callee.children[1]?.text : undefined;
  return {
    callee,
    name: dottedName(callee) ?? last ?? '',
    args: (list?.children ?? []).filter(({ type }) => type !== '...'),
  };
}

/** The fields of a literal with keys, `http.Server{Addr: x}`, by name. */
export function fieldsOf(node: GoNode): ReadonlyMap<string, GoNode> {
  const value = node.children.find(({ type }) => type === 'LiteralValue');
  return new Map(
    (value?.children ?? []).flatMap((element): [string, GoNode][] => {
      const [key, field] = element.children;
      const name = key?.type === 'Key' ? key.children[0] : undefined;
      return name && field ? [[stringOf(name) ?? name.text, field]] : [];
    }),
  );
}
