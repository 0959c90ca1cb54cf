/** Python source as a tree. Nothing of it is run, and whatever the text is, it gives a tree. */
import type { SyntaxNode } from '@lezer/common';
import type * as lezer from '@lezer/python';
import { lineCounter } from '../lines.ts';
import { argumentsOf, childrenOf, expressionOf, expressionsIn, textOf } from './expressions.ts';
import type { Expression, Imported, PythonModule, Statement } from './types.ts';

let parser: typeof lezer.parser | undefined;

/** Has to come before `parsePython`: the parser is loaded where a project has such sources, and most have none. */
export async function loadPython(): Promise<void> {
  parser ??= (await import('@lezer/python')).parser;
}

/** A generated table of data takes seconds to read and says nothing of a deployment: longer texts (in UTF-16 units) are left out. */
const MAX_LENGTH = 512 * 1024;

/** A text that is nested deeper is none that a person wrote, and would end the stack of what reads it. */
const MAX_DEPTH = 500;

/** The tree of a text; undefined where the parser itself comes to the end of the stack, as its own walk is recursive. */
function parsed(by: NonNullable<typeof parser>, source: string): ReturnType<typeof by.parse> | undefined {
  try {
    return by.parse(source);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Reads a module; one that is too long or nested too deep is empty. */
export function parsePython(file: string, text: string): PythonModule {
  if (!parser) throw new Error('the parser of Python is not loaded: call loadPython first');
  const isLong = text.length > MAX_LENGTH;
  const isBracketed = !isLong && bracketsOf(text) > MAX_BRACKETS;
  const source = isLong || isBracketed ? '' : text;
  const read = parsed(parser, source);
  const tree = read ?? parser.parse('');
  const isNested = isBracketed || read === undefined || isDeep(read.topNode);
  const unread = isLong ? 'it is longer than 512 kB' : isNested ? 'it is nested too deeply' : undefined;
  const line = lineCounter(source);
  const comments = commentsOf(tree.topNode, line);
  return {
    file,
    body: unread === undefined ? statementsIn(source, tree.topNode, 0) : [],
    ...(unread === undefined ? {} : { unread }),
    line,
    comment: (offset) => {
      const at = line(offset);
      const behind = comments.get(at);
      if (behind !== undefined) return commentText(source, behind);
      const above = comments.get(at - 1);
      return above !== undefined && isAlone(source, above) ? commentText(source, above) : undefined;
    },
  };
}

/** The parser takes the square of what is nested: nobody writes so many brackets inside each other, those in texts and comments included. */
const MAX_BRACKETS = 1_000;

/** How many brackets stand inside each other at most. */
function bracketsOf(text: string): number {
  let open = 0;
  let most = 0;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] ?? '';
    if ('([{'.includes(letter)) most = Math.max(most, ++open);
    else if (')]}'.includes(letter)) open = Math.max(0, open - 1);
  }
  return most;
}

function isDeep(top: SyntaxNode): boolean {
  let depth = 0;
  let deepest = 0;
  top.cursor().iterate(
    () => {
      depth += 1;
      deepest = Math.max(deepest, depth);
    },
    () => {
      depth -= 1;
    },
  );
  return deepest > MAX_DEPTH;
}

type Span = { readonly from: number; readonly to: number };

function commentsOf(top: SyntaxNode, line: (offset: number) => number): ReadonlyMap<number, Span> {
  const found = new Map<number, Span>();
  top.cursor().iterate((node) => {
    if (node.name === 'Comment') found.set(line(node.from), { from: node.from, to: node.to });
  });
  return found;
}

const commentText = (text: string, { from, to }: Span): string | undefined => {
  let start = from;
  while (text[start] === '#' || text[start] === ' ' || text[start] === '!') start += 1;
  const words = text.slice(start, to).trim();
  return words === '' ? undefined : words;
};

/** Whether nothing but a comment stands in its line. */
const isAlone = (text: string, { from }: Span): boolean =>
  text.slice(text.lastIndexOf('\n', from - 1) + 1, from).trim() === '';

function statementsIn(text: string, parent: SyntaxNode, depth: number): readonly Statement[] {
  const found: Statement[] = [];
  for (let node = parent.firstChild; node; node = node.nextSibling) {
    if (node.name === 'StatementGroup') found.push(...statementsIn(text, node, depth + 1));
    else if (node.type.isAnonymous || !/Statement|Definition/.test(node.name)) continue;
    else found.push(statementOf(text, node, depth + 1));
  }
  return found;
}

const place = ({ from, to }: SyntaxNode) => ({ start: from, end: to });

function statementOf(text: string, node: SyntaxNode, depth: number): Statement {
  switch (node.name) {
    case 'ImportStatement':
      return { ...place(node), kind: 'import', imported: importsOf(text, node) };
    case 'AssignStatement':
      return assignOf(text, node);
    case 'DecoratedStatement':
      return decoratedOf(text, node, depth);
    case 'FunctionDefinition':
      return functionOf(text, node, [], depth);
    case 'ClassDefinition':
      return classOf(text, node, [], depth);
    case 'IfStatement':
      return ifOf(text, node, depth);
    case 'ReturnStatement':
    case 'RaiseStatement': {
      const [value] = expressionsIn(text, node);
      return {
        ...place(node),
        kind: node.name === 'ReturnStatement' ? 'return' : 'raise',
        ...(value ? { value } : {}),
      };
    }
    default: {
      const bodies = childrenOf(node).filter((child) => child.name === 'Body');
      const body = bodies.flatMap((child) => statementsIn(text, child, depth));
      return { ...place(node), kind: 'other', values: expressionsIn(text, node), body };
    }
  }
}

/** The words of an import: a keyword is a node of its own name. */
function importsOf(text: string, node: SyntaxNode): readonly Imported[] {
  const words = childrenOf(node).flatMap((child) =>
    child.name === '(' || child.name === ')'
      ? []
      : textOf(text, child) === '...'
        ? ['.', '.', '.']
        : [textOf(text, child)],
  );
  const isFrom = words[0] === 'from';
  const split = words.indexOf('import');
  if (!isFrom) {
    return namesOf(words.slice(1)).map(({ name, local }) => ({
      module: name,
      level: 0,
      local: local ?? name.split('.')[0] ?? name,
    }));
  }
  const before = words.slice(1, split);
  const level = before.findIndex((word) => word !== '.');
  const dots = level === -1 ? before.length : level;
  const module = before.slice(dots).join('');
  return namesOf(words.slice(split + 1)).map(({ name, local }) => ({
    module,
    level: dots,
    name,
    local: local ?? name,
  }));
}

/** `a.b as c, d` as names. */
function namesOf(words: readonly string[]): readonly { readonly name: string; readonly local?: string }[] {
  const found: { name: string; local?: string }[] = [];
  let name = '';
  let local: string | undefined;
  const end = (): void => {
    if (name !== '') found.push(local === undefined ? { name } : { name, local });
    name = '';
    local = undefined;
  };
  for (let at = 0; at < words.length; at += 1) {
    if (words[at] === ',') end();
    else if (words[at] === 'as') {
      at += 1;
      local = words[at];
    } else name += words[at];
  }
  end();
  return found;
}

function assignOf(text: string, node: SyntaxNode): Statement {
  const parts: SyntaxNode[][] = [[]];
  let type: Expression | undefined;
  for (const child of childrenOf(node)) {
    if (child.name === 'AssignOp') parts.push([]);
    else if (child.name === 'TypeDef') type = expressionsIn(text, child)[0];
    else parts.at(-1)?.push(child);
  }
  const values = parts.map((part) => part.filter(({ name }) => name !== ',').map((one) => expressionOf(text, one)));
  const joined = (all: readonly Expression[]): Expression[] =>
    all.length > 1 && all[0]
      ? [{ start: all[0].start, end: all.at(-1)?.end ?? 0, kind: 'list', items: all }]
      : [...all];
  const [value] = values.length > 1 ? joined(values.at(-1) ?? []) : [];
  const targets = (values.length > 1 ? values.slice(0, -1) : values).flatMap(joined);
  return { ...place(node), kind: 'assign', targets, ...(type ? { type } : {}), ...(value ? { value } : {}) };
}

function decoratedOf(text: string, node: SyntaxNode, depth: number): Statement {
  const children = childrenOf(node);
  const decorators = children.filter(({ name }) => name === 'Decorator').flatMap((one) => decoratorOf(text, one));
  const definition = children.find(({ name }) => name === 'FunctionDefinition' || name === 'ClassDefinition');
  if (!definition) return { ...place(node), kind: 'other', values: decorators, body: [] };
  return definition.name === 'ClassDefinition'
    ? classOf(text, definition, decorators, depth)
    : functionOf(text, definition, decorators, depth);
}

/** `@app.get('/')` is a flat row of names, dots and one list of arguments. */
function decoratorOf(text: string, node: SyntaxNode): readonly Expression[] {
  let value: Expression | undefined;
  for (const child of childrenOf(node)) {
    if (child.name === 'ArgList' && value) {
      value = { ...place(node), kind: 'call', callee: value, args: argumentsOf(text, child) };
    } else if (child.name === 'VariableName' || child.name === 'PropertyName') {
      const name = textOf(text, child);
      value = value
        ? { ...place(node), kind: 'attribute', object: value, name }
        : { ...place(child), kind: 'name', name };
    } else if (child.name !== 'At' && child.name !== '.') value ??= expressionOf(text, child);
  }
  return value ? [value] : [];
}

const childNamed = (node: SyntaxNode, name: string): SyntaxNode | undefined =>
  childrenOf(node).find((child) => child.name === name);

const bodyOf = (text: string, node: SyntaxNode, depth: number): readonly Statement[] => {
  const body = childNamed(node, 'Body');
  return body ? statementsIn(text, body, depth) : [];
};

const nameOf = (text: string, node: SyntaxNode): string => {
  const name = childNamed(node, 'VariableName');
  return name ? textOf(text, name) : '';
};

function functionOf(text: string, node: SyntaxNode, decorators: readonly Expression[], depth: number): Statement {
  const list = childNamed(node, 'ParamList');
  const returns = childNamed(node, 'TypeDef');
  const type = returns && expressionsIn(text, returns)[0];
  return {
    ...place(node),
    kind: 'function',
    name: nameOf(text, node),
    isAsync: childNamed(node, 'async') !== undefined,
    parameters: list ? parametersOf(text, list) : [],
    decorators,
    ...(type ? { returns: type } : {}),
    body: bodyOf(text, node, depth),
  };
}

function parametersOf(text: string, list: SyntaxNode): { name: string; fallback?: Expression }[] {
  const found: { name: string; fallback?: Expression }[] = [];
  let isValue = false;
  for (const child of childrenOf(list)) {
    const last = found.at(-1);
    if (child.name === 'AssignOp') isValue = true;
    else if (isValue && last) {
      last.fallback = expressionOf(text, child);
      isValue = false;
    } else if (child.name === 'VariableName') found.push({ name: textOf(text, child) });
  }
  return found;
}

function classOf(text: string, node: SyntaxNode, decorators: readonly Expression[], depth: number): Statement {
  const list = childNamed(node, 'ArgList');
  const bases = list ? argumentsOf(text, list) : [];
  return {
    ...place(node),
    kind: 'class',
    name: nameOf(text, node),
    bases,
    decorators,
    body: bodyOf(text, node, depth),
  };
}

function ifOf(text: string, node: SyntaxNode, depth: number): Statement {
  const branches: { test?: Expression; body: readonly Statement[] }[] = [];
  let test: Expression | undefined;
  for (const child of childrenOf(node)) {
    if (child.name === 'Body') {
      branches.push({ ...(test ? { test } : {}), body: statementsIn(text, child, depth) });
      test = undefined;
    } else if (!['if', 'elif', 'else'].includes(child.name)) test = expressionOf(text, child);
  }
  return { ...place(node), kind: 'if', branches };
}
