import type { SyntaxNode } from '@lezer/common';
import type { Argument, Expression } from './types.ts';

/** What a node says, as it is written. */
export const textOf = (text: string, { from, to }: { readonly from: number; readonly to: number }): string =>
  text.slice(from, to);

const place = ({ from, to }: SyntaxNode) => ({ start: from, end: to });

/** Nodes that are no values: statements have them among their children. */
const noValue =
  /^(Body|ParamList|ArgList|TypeDef|Comment|AssignOp|UpdateOp|CompareOp|ArithOp|BitOp|LogicOp|PropertyName|At|Decorator|FormatConversion|FormatSpec|FormatSelfDoc|MatchBody|.*(Statement|Definition|Clause))$|^[^A-Za-z]+$|^[a-z]+$/;

/** The children of a node without comments. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) if (child.name !== 'Comment') found.push(child);
  return found;
}

/** The values that stand directly inside a node, in order. */
export const expressionsIn = (text: string, node: SyntaxNode): readonly Expression[] =>
  childrenOf(node)
    .filter(({ name }) => !noValue.test(name))
    .map((child) => expressionOf(text, child));

/** A value. */
export function expressionOf(text: string, node: SyntaxNode): Expression {
  const at = place(node);
  switch (node.name) {
    case 'VariableName':
      return { ...at, kind: 'name', name: textOf(text, node) };
    case 'Number':
      return { ...at, kind: 'number', value: textOf(text, node).replaceAll('_', '') };
    case 'Boolean':
      return { ...at, kind: 'boolean', value: textOf(text, node) === 'True' };
    case 'None':
      return { ...at, kind: 'none' };
    case 'String':
      return { ...at, kind: 'text', value: stringOf(textOf(text, node)) };
    case 'FormatString':
      return { ...at, kind: 'format', parts: partsOf(text, node) };
    case 'ContinuedString':
      return continuedOf(text, node);
    case 'ParenthesizedExpression':
      return expressionsIn(text, node)[0] ?? { ...at, kind: 'other', inside: [] };
    case 'MemberExpression':
      return memberOf(text, node);
    case 'CallExpression':
      return callOf(text, node);
    case 'TupleExpression':
    case 'ArrayExpression':
    case 'SetExpression':
      return { ...at, kind: 'list', items: expressionsIn(text, node) };
    case 'DictionaryExpression':
      return { ...at, kind: 'dictionary', entries: entriesOf(text, node) };
    case 'BinaryExpression':
      return binaryOf(text, node);
    case 'ConditionalExpression': {
      const [value, test, otherwise] = expressionsIn(text, node);
      if (value && test && otherwise) return { ...at, kind: 'choice', test, value, otherwise };
      return { ...at, kind: 'other', inside: expressionsIn(text, node) };
    }
    case 'AwaitExpression':
      return expressionsIn(text, node)[0] ?? { ...at, kind: 'other', inside: [] };
    default:
      return { ...at, kind: 'other', inside: expressionsIn(text, node) };
  }
}

function memberOf(text: string, node: SyntaxNode): Expression {
  const children = childrenOf(node);
  const [first] = children;
  const last = children.at(-1);
  const other: Expression = { ...place(node), kind: 'other', inside: [] };
  if (!first || !last) return other;
  const object = expressionOf(text, first);
  if (last.name === 'PropertyName') return { ...place(node), kind: 'attribute', object, name: textOf(text, last) };
  const index = children.slice(1).filter(({ name }) => !noValue.test(name));
  return { ...place(node), kind: 'subscript', object, index: index.map((item) => expressionOf(text, item)) };
}

function callOf(text: string, node: SyntaxNode): Expression {
  const [callee, list] = childrenOf(node);
  if (!callee || !list) return { ...place(node), kind: 'other', inside: expressionsIn(text, node) };
  return { ...place(node), kind: 'call', callee: expressionOf(text, callee), args: argumentsOf(text, list) };
}

function entriesOf(text: string, node: SyntaxNode): readonly (readonly [Expression, Expression])[] {
  const found: [Expression, Expression][] = [];
  let key: SyntaxNode | undefined;
  let isSpread = false;
  for (const child of childrenOf(node)) {
    if (child.name === '**') isSpread = true;
    else if (child.name === ',') {
      key = undefined;
      isSpread = false;
    } else if (!noValue.test(child.name) && !isSpread) {
      if (key) found.push([expressionOf(text, key), expressionOf(text, child)]);
      else key = child;
    }
  }
  return found;
}

function binaryOf(text: string, node: SyntaxNode): Expression {
  const children = childrenOf(node);
  const [first] = children;
  const last = children.at(-1);
  if (!first || !last || children.length < 3) return { ...place(node), kind: 'other', inside: [] };
  const operator = children
    .slice(1, -1)
    .map((child) => textOf(text, child))
    .join(' ');
  return { ...place(node), kind: 'binary', operator, left: expressionOf(text, first), right: expressionOf(text, last) };
}

/** The texts and the values of a text in which values stand. */
function partsOf(text: string, node: SyntaxNode): readonly (string | Expression)[] {
  const { open, close } = quotesOf(textOf(text, node));
  const parts: (string | Expression)[] = [];
  let from = node.from + open;
  for (const child of childrenOf(node)) {
    if (child.name !== 'FormatReplacement') continue;
    parts.push(text.slice(from, child.from).replaceAll('{{', '{').replaceAll('}}', '}'));
    const [value] = expressionsIn(text, child);
    if (value) parts.push(value);
    from = child.to;
  }
  parts.push(text.slice(from, Math.max(from, node.to - close)));
  return parts.filter((part) => part !== '');
}

/** `'a' f'{b}'`: texts that stand side by side are one. */
function continuedOf(text: string, node: SyntaxNode): Expression {
  const parts = expressionsIn(text, node).flatMap((expression): readonly (string | Expression)[] =>
    expression.kind === 'text' ? [expression.value] : expression.kind === 'format' ? expression.parts : [expression],
  );
  const texts = parts.filter((part) => typeof part === 'string');
  if (texts.length === parts.length) return { ...place(node), kind: 'text', value: texts.join('') };
  return { ...place(node), kind: 'format', parts };
}

/** How many characters stand before and behind what a text says: its letters, and one or three quotes. */
function quotesOf(written: string): { readonly open: number; readonly close: number; readonly isRaw: boolean } {
  let letters = 0;
  while (/[a-zA-Z]/.test(written[letters] ?? '')) letters += 1;
  const quote = written[letters] ?? '';
  const count = written.startsWith(quote.repeat(3), letters) && written.length >= letters + 6 ? 3 : 1;
  return { open: letters + count, close: count, isRaw: /r/i.test(written.slice(0, letters)) };
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\n': '' };

/** What a text says: escapes that stand for one character are read, rarer ones stay as they are. */
function stringOf(written: string): string {
  const { open, close, isRaw } = quotesOf(written);
  const inside = written.slice(open, Math.max(open, written.length - close));
  if (isRaw || !inside.includes('\\')) return inside;
  let value = '';
  for (let at = 0; at < inside.length; at += 1) {
    const char = inside[at] ?? '';
    const next = inside[at + 1];
    if (char !== '\\' || next === undefined) value += char;
    else {
      value += escapes[next] ?? (['\\', "'", '"'].includes(next) ? next : `\\${next}`);
      at += 1;
    }
  }
  return value;
}

/** The arguments of a list of them. */
export function argumentsOf(text: string, list: SyntaxNode): readonly Argument[] {
  const found: Argument[] = [];
  let row: SyntaxNode[] = [];
  const end = (): void => {
    const [first, second, third] = row;
    if (first && second?.name === 'AssignOp' && third) {
      found.push({ name: textOf(text, first), value: expressionOf(text, third) });
    } else if (first && (first.name === '*' || first.name === '**') && second) {
      found.push({ spread: true, value: expressionOf(text, second) });
    } else if (first) found.push({ value: expressionOf(text, first) });
    row = [];
  };
  for (const child of childrenOf(list)) {
    if (child.name === '(' || child.name === ')') continue;
    if (child.name === ',') end();
    else row.push(child);
  }
  end();
  return found;
}
