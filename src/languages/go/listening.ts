import { posix } from 'node:path';
import { callOf, dottedName, fieldsOf, type GoFile, type GoNode, nodesIn } from '../../formats/go/index.ts';
import type { Evidence } from '../../model/evidence.ts';
import { goListeners, isOfModule } from '../../stacks/go.ts';
import { type Evaluation, evaluate, type Scope } from './evaluate.ts';
import { inGo } from './program.ts';
import { textOf, type Value } from './value.ts';

/** A place where the program listens. */
export type Listening = {
  readonly number?: number;
  /** the variable that holds the port alone */
  readonly variable?: string;
  /** the variable that holds the whole address, and what it is where nobody sets it */
  readonly addressVariable?: string;
  readonly host?: { readonly address: string; readonly variable?: string };
  /** what it is for, where nobody outside needs it */
  readonly inside?: string;
  readonly secure?: true;
  /** a server of HTTP listens: `net.Listen` may be for any protocol */
  readonly http?: true;
  readonly from: Evidence;
};

type Found = {
  readonly address: GoNode | undefined;
  readonly at: GoNode;
  readonly scope: Scope;
  readonly usual?: DefaultPort;
  readonly name: string;
};
type DefaultPort = { readonly port: number; readonly variable?: string };

/** Where the program listens, in the order of the sources, each port once. */
export function readListening(evaluation: Evaluation): readonly Listening[] {
  const found = [...servers(evaluation), ...calls(evaluation)].flatMap((found) => listeningAt(evaluation, found) ?? []);
  const seen = new Set<string>();
  return found.filter(({ number, variable, addressVariable }) => {
    const key = `${number ?? ''} ${variable ?? addressVariable ?? ''}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

/** `http.Server{Addr: …}`. */
const servers = ({ program }: Evaluation): Found[] =>
  program.files
    .filter((file) => file.imports.some(({ path }) => path === 'net/http'))
    .flatMap((file) =>
      nodesIn(file.root, 'TypedLiteral').flatMap((node): Found[] => {
        const address = dottedName(node.children[0]) === 'http.Server' ? fieldsOf(node).get('Addr') : undefined;
        return address ? [{ address, at: node, scope: scopeOf(program, file, node), name: 'http.Server' }] : [];
      }),
    );

const scopeOf = (program: Evaluation['program'], file: GoFile, node: GoNode): Scope => ({
  file,
  fn: [...program.functions.values()]
    .flat()
    .filter((fn) => fn.file === file && fn.node.start <= node.start)
    .sort((a, b) => b.node.start - a.node.start)[0],
});

/** Calls that listen. */
function calls(evaluation: Evaluation): Found[] {
  const { program } = evaluation;
  const used = goListeners.filter(({ module }) => program.packages.some(({ path }) => isOfModule(path, module)));
  return used.flatMap(({ module, calls: listed, usual }) =>
    listed.flatMap(({ name, argument }) =>
      (evaluation.calls.get(name.split('.').at(-1) ?? '') ?? []).flatMap(({ node, file, fn }): Found[] => {
        const call = callOf(node);
        if (!call || (name.includes('.') && call.name !== name)) return [];
        const scope = { file, fn };
        if (call.args.length === 0) {
          const isMade =
            usual &&
            file.imports.some(({ path }) => isOfModule(path, module)) &&
            isMadeBy(evaluation, call.callee, module);
          return isMade ? [{ address: undefined, at: node, scope, usual, name: call.name }] : [];
        }
        const address = call.args[argument];
        // what is sure to listen does so wherever that is; others may share the name of a method
        const value = evaluate(evaluation, address, scope);
        const isSure =
          name === 'net.Listen'
            ? listensOnNetwork(evaluation, call.args, scope)
            : call.name === `${posix.basename(module)}.${name}` || isMadeBy(evaluation, call.callee, module, false);
        return address && (isAddress(value) || (value === undefined && isSure))
          ? [{ address, at: node, scope, name: call.name }]
          : [];
      }),
    ),
  );
}

/** Whether what a method is called on is made by a package; where nothing says what it is, it may be. */
function isMadeBy({ given }: Evaluation, callee: GoNode, module: string, unknown = true): boolean {
  const name = dottedName(callee.children[0])?.split('.').at(-1) ?? '';
  const values = (given.get(name) ?? []).map(({ value }) => callOf(value)?.name ?? '');
  const before = `${posix.basename(module)}.`;
  return values.length === 0 ? unknown : values.some((value) => value.startsWith(before));
}

/** Whether the first argument of `net.Listen` names TCP: a socket in a file is no port. */
const listensOnNetwork = (evaluation: Evaluation, args: readonly GoNode[], scope: Scope): boolean =>
  ['tcp', 'tcp4', 'tcp6'].includes(textOf(evaluate(evaluation, args[0], scope)) ?? '');

/** Whether a value can be an address or a port: others stand where a method has the same name. */
function isAddress(value: Value | undefined): boolean {
  if (!value) return false;
  if (value.is === 'variable') return value.fallback === undefined || isAddress(value.fallback);
  if (value.is === 'join') return value.parts.some((part) => part.is === 'text' && part.text.includes(':'));
  return portIn(value.text) !== undefined;
}

/** The number behind the last colon, or the whole text. */
function portIn(text: string): number | undefined {
  const digits = text.slice(text.lastIndexOf(':') + 1);
  const number = Number(digits);
  return digits !== '' && Number.isInteger(number) && number > 0 && number < 65536 ? number : undefined;
}

function listeningAt(evaluation: Evaluation, { address, at, scope, usual, name }: Found): Listening | undefined {
  const from = inGo(scope.file, at, `it listens there: ${name}`);
  const inside = insideOf(scope);
  const more = {
    from,
    ...(inside ? { inside } : {}),
    ...(name.endsWith('TLS') ? { secure: true as const } : {}),
    ...(name === 'net.Listen' ? {} : { http: true as const }),
  };
  if (!address)
    return usual && { number: usual.port, ...(usual.variable ? { variable: usual.variable } : {}), ...more };
  const value = evaluate(evaluation, address, scope);
  if (!value) return { ...more };
  if (value.is === 'variable') {
    const text = textOf(value.fallback);
    const number = text === undefined ? undefined : portIn(text);
    if (text?.includes(':') === true || (text === undefined && isWhole(value.name)))
      return { ...(number === undefined ? {} : { number }), addressVariable: value.name, ...hostOf(text), ...more };
    return { ...(number === undefined ? {} : { number }), variable: value.name, ...more };
  }
  if (value.is === 'text') {
    const number = portIn(value.text);
    return number === undefined ? undefined : { number, ...hostOf(value.text), ...more };
  }
  return { ...partsOf(value.parts), ...more };
}

/** Whether a variable of that name holds an address. */
const isWhole = (name: string): boolean =>
  name.split('_').some((word) => ['ADDR', 'ADDRESS', 'LISTEN', 'BIND'].includes(word));

/** `host + ":" + port`. */
function partsOf(parts: readonly Value[]): Pick<Listening, 'number' | 'variable' | 'host'> {
  const last = parts.at(-1);
  const before = parts.slice(0, -1);
  const text = textOf(last);
  const number = text === undefined ? undefined : portIn(text);
  const host = before.find((part) => part.is === 'variable');
  const written = before.map((part) => (part.is === 'text' ? part.text : '')).join('');
  return {
    ...(number === undefined ? {} : { number }),
    ...(last?.is === 'variable' ? { variable: last.name } : {}),
    ...(host?.is === 'variable'
      ? { host: { address: textOf(host.fallback) ?? '0.0.0.0', variable: host.name } }
      : hostOf(written.endsWith(':') ? `${written}0` : written)),
  };
}

function hostOf(text: string | undefined): Pick<Listening, 'host'> {
  const host = text?.slice(0, Math.max(0, text.lastIndexOf(':'))) ?? '';
  return host === '' ? {} : { host: { address: host } };
}

const insideWords = ['metrics', 'pprof', 'debug', 'admin'];

/** What a server is for that only the inside needs, by the name of the function that starts it. */
function insideOf({ fn }: Scope): string | undefined {
  const name = fn?.name.toLowerCase() ?? '';
  return insideWords.find((word) => name.includes(word));
}
