import {
  literalValue,
  lookup,
  memberPath,
  type Node,
  parseSource,
  property,
  propertyName,
  resolve,
  type Source,
  unwrap,
  walk,
  writtenAs,
} from '../../formats/source/index.ts';
import type { OfferedEdit } from '../../model/recipe.ts';
import { styleOf } from './wiring.ts';

const loopback = new Set(['localhost', '127.0.0.1', '::1']);

/** The address of every interface, in the quotes that the file has. */
function allInterfaces(source: Source, instead?: Node): string {
  const there = instead && writtenAs(source, instead)[0];
  const quote = there === '"' || there === "'" ? there : styleOf(source).quote;
  return `${quote}0.0.0.0${quote}`;
}

export type EverywhereOptions = {
  /** what the framework calls the address in its options; `host` is node:http's own */
  readonly name?: 'host' | 'hostname';
  /** the framework listens on the loopback address by default */
  readonly byDefault?: boolean;
  /** the line (1-based) that was found to say the address, or else the call without one */
  readonly line?: number | undefined;
};

/** What opens a server: a call, or the object that the runtime serves because it is exported. */
type ListenCall = {
  readonly node: Node;
  readonly options: Node | undefined;
  /** arguments by their place: `listen(port, address, done)` */
  readonly port?: Node;
  readonly address?: Node;
};

/**
 * The edit that makes a server listen on every interface: an address that is written out is replaced; where a framework listens on the
 * loopback address unless told otherwise, the address is added, to the options or behind the port.
 */
export function bindAllInterfaces(
  file: string,
  text: string,
  { name = 'host', byDefault = false, line }: EverywhereOptions,
): OfferedEdit {
  const source = parseSource(file, text);
  const why = 'listens on all interfaces: a loopback address cannot be reached from outside the container';
  const found = openings(source).filter((opening) => line === undefined || isAt(source, opening, line));
  for (const listenCall of found) {
    const host = listenCall.options
      ? (property(listenCall.options, 'host') ?? property(listenCall.options, 'hostname'))
      : (listenCall.address ?? undefined);
    if (host && isLoopback(source, host, line !== undefined))
      return { ok: true, edits: [{ start: host.start, end: host.end, text: allInterfaces(source, host) }], why };
    const edit = byDefault && !host ? added(source, listenCall, name) : undefined;
    if (edit) return { ok: true, edits: [edit], why };
  }
  return {
    ok: false,
    why: 'the call that opens the server cannot be edited safely',
    lines: [`${name}: ${allInterfaces(source)}`],
  };
}

function openings(source: Source): readonly ListenCall[] {
  const found: ListenCall[] = [];
  walk(source.program, (node) => {
    if (node.type === 'CallExpression') found.push(...opened(source, node));
    if (node.type !== 'ExportDefaultDeclaration') return;
    const options = resolve(source, node.declaration);
    if (property(options, 'fetch') ?? property(options, 'routes')) found.push({ node, options });
  });
  return found;
}

function opened(source: Source, node: Extract<Node, { type: 'CallExpression' }>): readonly ListenCall[] {
  const callee = unwrap(node.callee);
  const called = callee.type === 'Identifier' ? callee.name : propertyName(source, callee);
  const [first, second] = node.arguments;
  if (!first || (called !== 'listen' && called !== 'serve')) return [];
  const value = resolve(source, first);
  if (value.type === 'ObjectExpression') return [{ node, options: value }];
  if (called !== 'listen' || isFunction(value)) return [];
  const address = second && !isFunction(unwrap(second)) ? second : undefined;
  return [{ node, options: undefined, port: first, ...(address ? { address } : {}) }];
}

const isFunction = (node: Node): boolean =>
  node.type === 'ArrowFunctionExpression' || node.type === 'FunctionExpression';

/** The line lies in the call, or in the options that stand elsewhere. */
const isAt = (source: Source, { node, options }: ListenCall, line: number): boolean =>
  [node, options].some((item) => item && source.line(item.start) <= line && line <= source.line(item.end));

/** The address is one of this machine; `known`: another module may say so, and whoever asks has read it there. */
function isLoopback(source: Source, host: Node, known: boolean): boolean {
  const node = unwrap(host);
  const literal = literalValue(source, node);
  if (literal !== undefined) return loopback.has(String(literal));
  const [first = ''] = memberPath(node)?.split('.') ?? [];
  const kind = first === '' ? undefined : lookup(source, first, node.start)?.kind;
  return known && (kind === 'import' || kind === 'const');
}

type Edit = { readonly start: number; readonly end: number; readonly text: string };

function added(source: Source, { node, options, port, address }: ListenCall, name: string): Edit | undefined {
  const at = (offset: number, text: string): Edit => ({ start: offset, end: offset, text });
  const all = allInterfaces(source);
  if (options?.type === 'ObjectExpression') {
    // what is spread into the options may say an address
    if (options.properties.some((item) => item.type === 'SpreadElement')) return undefined;
    const last = options.properties.at(-1);
    return last ? at(last.end, `, ${name}: ${all}`) : at(options.start + 1, ` ${name}: ${all} `);
  }
  if (node.type !== 'CallExpression' || !port || address || !isPort(source, port)) return undefined;
  return at(port.end, `, ${all}`);
}

/** A number, a variable of the environment, what is called a port, or a choice of these: no options, and no path of a socket. */
function isPort(source: Source, node: Node): boolean {
  const value = resolve(source, node);
  const literal = literalValue(source, value);
  if (literal !== undefined) return /^\d+$/.test(String(literal));
  if (value.type === 'LogicalExpression')
    return [value.left, value.right].some((expression) => isPort(source, expression));
  if (value.type === 'ConditionalExpression')
    return [value.consequent, value.alternate].some((expression) => isPort(source, expression));
  if (value.type === 'UnaryExpression' || value.type === 'CallExpression') {
    const inner = value.type === 'UnaryExpression' ? value.argument : value.arguments[0];
    return inner !== undefined && isPort(source, inner);
  }
  const path = memberPath(value)?.split('.');
  return path !== undefined && (/port$/i.test(path.at(-1) ?? '') || path.slice(0, 2).join('.') === 'process.env');
}
