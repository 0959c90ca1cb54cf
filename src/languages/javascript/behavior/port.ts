import {
  isGlobal,
  lookup,
  memberPath,
  type Node,
  nodesOf,
  property,
  type Source,
  unwrap,
  wordsBelow,
} from '../../../formats/source/index.ts';
import type { Evidence } from '../../../model/evidence.ts';
import type { Facts, Variable } from '../../../model/facts.ts';
import { detected, type Fact } from '../../../model/known.ts';
import { byConfig, inSource } from '../app.ts';
import { isSettable } from '../environment/variables.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { readThrough } from '../evaluate/read-through.ts';
import { resolveValue } from '../evaluate/resolve-value.ts';
import { trace } from '../evaluate/trace.ts';
import type { OpenedPort } from '../scripts/commands.ts';
import type { DetectedFramework } from './frameworks.ts';
import { openedByPackages, servingPackage } from './openers.ts';

/** A call that opens a server. */
export type Listening = {
  /** the call, or what is exported, and where it stands */
  readonly node: Node;
  readonly at: Source;
  /** where port and address are said: the options may come from another module */
  readonly source: Source;
  /** where the port is said; missing: the call names none */
  readonly port?: Node;
  readonly host?: Node;
  /** the port where the call names none */
  readonly usual?: number;
  /** the runtime's own server, with its own rules where no port is named */
  readonly own: boolean;
  /** the call is made at start-up or behind a condition on how the file is used */
  readonly why: string;
};

/** Every call that opens a server, in the order of the sources. */
export function readListening(context: AnalysisContext): readonly Listening[] {
  const { sources } = context.modules;
  return [
    ...sources.flatMap((source, index) => [
      ...calls(context, source),
      ...(index === 0 ? exported(context, source) : []),
    ]),
    ...sources.flatMap((at) =>
      openedByPackages(context, at).map((openedServer) => ({ ...openedServer, at, own: false })),
    ),
  ];
}

function calls(context: AnalysisContext, source: Source): readonly Listening[] {
  const found: Listening[] = [];
  for (const node of nodesOf(source.program, 'CallExpression')) {
    const path = memberPath(node.callee);
    const [first, second] = node.arguments;
    if (isOwnServe(context, source, node, path)) {
      found.push({
        ...fromOptions(context, source, node, first),
        own: true,
        why: `${path ?? 'the runtime'} opens a server`,
      });
    } else if (path === 'serve' && isFromServerPackage(source, node.callee)) {
      found.push({ ...fromOptions(context, source, node, first), own: false, why: 'serve() opens a server' });
    } else if (calledMember(node) === 'listen' && first && isServerListen(context, source, node)) {
      const options = trace(context, source, first);
      const object = options.kind === 'syntax' && options.node.type === 'ObjectExpression';
      if (object)
        found.push({ ...fromOptions(context, source, node, first), own: false, why: 'listen() opens a server' });
      else if (!isFunction(first)) {
        const host = second && !isFunction(second) ? { host: second } : {};
        found.push({ source, at: source, node, port: first, ...host, own: false, why: 'listen() opens a server' });
      }
    }
  }
  return found;
}

const calledMember = (node: Extract<Node, { type: 'CallExpression' }>): string | undefined => {
  const callee = unwrap(node.callee);
  return callee.type === 'MemberExpression' && callee.property.type === 'Identifier' && !callee.computed
    ? callee.property.name
    : undefined;
};

const isFunction = (node: Node): boolean =>
  node.type === 'ArrowFunctionExpression' || node.type === 'FunctionExpression';

/** The runtime's own call, as a global or under the name that it was imported with. */
function isOwnServe(
  context: AnalysisContext,
  source: Source,
  node: Extract<Node, { type: 'CallExpression' }>,
  path: string | undefined,
): boolean {
  const call = context.runtime?.serves?.call;
  if (call === undefined || path === undefined) return false;
  const [object = '', method] = call.split('.');
  if (path === call)
    return isGlobal(source, object, node.start) || lookup(source, object, node.start)?.kind === 'import';
  if (path !== method) return false;
  const modules = new Set(context.runtime?.environment?.imports.map((imported) => imported.module));
  return source.imports.some(
    (imported) =>
      modules.has(imported.specifier) && imported.names.some((name) => name.local === path && name.imported === method),
  );
}

function isFromServerPackage(source: Source, callee: Node): boolean {
  return (
    callee.type === 'Identifier' &&
    source.imports.some(
      (imported) => !imported.specifier.startsWith('.') && imported.names.some((name) => name.local === callee.name),
    )
  );
}

/** `listen` is a method of servers and of other things: the latter get no number, no variable and no options. */
function isServerListen(
  context: AnalysisContext,
  source: Source,
  node: Extract<Node, { type: 'CallExpression' }>,
): boolean {
  const [first] = node.arguments;
  if (!first) return false;
  const reading = resolveValue(context, source, first);
  if (reading.variable) return true;
  if (reading.value !== undefined) return /^\d+$/.test(reading.value);
  // `SERVER_PORT`, `config.get('port')`, `this.port`: said in words, whatever it comes to
  const inWords = ['Identifier', 'MemberExpression', 'CallExpression', 'LogicalExpression'].includes(
    unwrap(first).type,
  );
  if (inWords && wordsBelow(first).some((word) => /(?<![a-z])port|Port|PORT/.test(word))) return true;
  const target = trace(context, source, first);
  if (target.kind !== 'syntax') return false;
  return target.node.type === 'ObjectExpression' && property(target.node, 'port') !== undefined;
}

function fromOptions(
  context: AnalysisContext,
  source: Source,
  node: Node,
  options: Node | undefined,
): Omit<Listening, 'own' | 'why'> {
  const target = options && trace(context, source, options);
  if (target?.kind !== 'syntax') return { source, at: source, node };
  const port = property(target.node, 'port');
  const host = property(target.node, 'hostname') ?? property(target.node, 'host');
  return { source: target.source, at: source, node, ...(port ? { port } : {}), ...(host ? { host } : {}) };
}

/** `export default { port, fetch }`, or the app object itself: the runtime serves what the entry exports. */
function exported(context: AnalysisContext, source: Source): readonly Listening[] {
  if (!context.runtime?.serves) return [];
  const statement = source.program.body.find((item) => item.type === 'ExportDefaultDeclaration');
  if (statement?.type !== 'ExportDefaultDeclaration') return [];
  const target = trace(context, source, statement.declaration);
  if (target.kind !== 'syntax') return [];
  const why = 'the runtime serves the default export';
  if (target.node.type === 'ObjectExpression') {
    if (!property(target.node, 'fetch') && !property(target.node, 'routes')) return [];
    return [{ ...fromOptions(context, target.source, statement, target.node), at: source, own: true, why }];
  }
  return context.servers?.(target.source, target.node) ? [{ source, at: source, node: statement, own: true, why }] : [];
}

/** What the call that listens says, or the framework, or the configuration. */
function readSaid(
  context: AnalysisContext,
  listening: readonly Listening[],
  byFramework: Facts['port'],
): Pick<Facts, 'port' | 'host'> {
  const host = listening.map((item) => hostOf(context, item)).find((item) => item !== undefined);
  const { config } = context.app;
  const found = choosePort(context, listening) ?? byFramework;
  const variable =
    found && 'value' in found && found.value.variable !== undefined ? { variable: found.value.variable } : {};
  const port = config.port === undefined ? found : byConfig({ number: config.port, ...variable }, 'port');
  return { ...(port ? { port } : {}), ...(host ? { host } : {}) };
}

type Port = Fact<{ number: number; variable?: string }>;

function choosePort(context: AnalysisContext, listening: readonly Listening[]): Facts['port'] {
  const first = listening.map((item) => portOf(context, item));
  const known = first.find((item): item is Port => item !== undefined && 'value' in item);
  return known ?? first.find((item) => item !== undefined);
}

/** The port that a call names. */
export function portOf(context: AnalysisContext, listening: Listening): Facts['port'] {
  const at = listening.port
    ? inSource(listening.source, listening.port.start, listening.why)
    : inSource(listening.at, listening.node.start, listening.why);
  if (!listening.port) return unnamedPort(context, listening, at);
  const reading = readThrough(context, listening.source, listening.port);
  const name = settable(reading.variable?.name);
  const number = numberOf(reading.value);
  const from: Evidence[] = [
    at,
    ...(reading.variable
      ? [inSource(reading.variable.source, reading.variable.node.start, `the port comes from ${reading.variable.name}`)]
      : []),
  ];
  if (reading.value !== undefined && Number.isInteger(number) && number > 0 && number < 65536) {
    return detected({ number, ...(name === undefined ? {} : { variable: name }) }, from);
  }
  // port 0 is any free port: a test or a helper, not what is deployed
  if (reading.value !== undefined && number === 0) return undefined;
  // the image sets the variable, so that any number will do
  const fallback = context.runtime?.serves?.port ?? usualPort;
  if (name !== undefined) return { value: { number: fallback, variable: name }, by: 'default', from };
  return { why: 'the port is computed at run time', ask: 'port', from };
}

/** The port of a text: a number, or what stands behind the address in `0.0.0.0:50051`. */
const numberOf = (text: string | undefined): number =>
  Number(/^(?:[\w.*[\]:-]*:)?(\d+)$/.exec(text ?? '')?.[1] ?? text);

/** A variable that an image may set: none that loads code or belongs to the machine, whatever the source takes from it. */
const settable = (name: string | undefined): string | undefined =>
  name !== undefined && isSettable(name) ? name : undefined;

/** Taken where the app reads its port from a variable and has no number of its own. */
const usualPort = 3000;

/** A server of the runtime without a port takes the runtime's own default. */
function unnamedPort(context: AnalysisContext, listening: Listening, at: Evidence): Facts['port'] {
  const serves = context.runtime?.serves;
  if (listening.usual !== undefined) return detected({ number: listening.usual }, [at]);
  if (!serves || !listening.own) return undefined;
  return detected({ number: serves.port, variable: serves.variable }, [{ ...at, why: serves.why }]);
}

function hostOf(context: AnalysisContext, listening: Listening): Facts['host'] {
  if (!listening.host) return undefined;
  const reading = resolveValue(context, listening.source, listening.host);
  const variable = settable(reading.variable?.name);
  if (reading.value === undefined && variable === undefined) return undefined;
  const address = reading.value ?? '0.0.0.0';
  const why = variable === undefined ? `the address is ${address}` : `the address comes from ${variable}`;
  return detected({ address, ...(variable === undefined ? {} : { variable }) }, [
    inSource(listening.source, listening.host.start, why),
  ]);
}

/** A framework that listens on the loopback address unless told otherwise, and is told nothing. */
function withLoopback(
  found: Pick<Facts, 'port' | 'host'>,
  listening: readonly Listening[],
  frameworks: readonly DetectedFramework[],
): Pick<Facts, 'port' | 'host'> {
  const silent = listening.find((item) => !item.host && !item.own && item.node.type === 'CallExpression');
  const framework = frameworks[0];
  if (found.host || !silent || !framework?.loaded.loopback) return found;
  const why = `${framework.stack.title} listens on the loopback address by default`;
  return { ...found, host: detected({ address: 'localhost' }, [inSource(silent.at, silent.node.start, why)]) };
}

/** Names of variables that carry the port of an app and of nothing else. */
export const portVariables = ['PORT', 'APP_PORT', 'SERVER_PORT', 'HTTP_PORT', 'API_PORT'];

/** The variable of the machine that chooses the published port of every deployment. */
const published = 'PORT';

/** The variable that carries the port, where the app reads one. */
export const portVariable = (variables: readonly Variable[]): Variable | undefined =>
  portVariables.map((name) => variables.find((variable) => variable.name === name)).find((item) => item !== undefined);

/** Where the call that listens does not show the port, and the app reads a variable of that name: the image sets it. */
function ofVariable(
  found: Pick<Facts, 'port' | 'host'>,
  variables: readonly Variable[],
  serves: boolean,
): Pick<Facts, 'port' | 'host'> {
  const literal = found.port && 'value' in found.port ? found.port : undefined;
  if (literal?.value.variable !== undefined) return found;
  const variable = portVariable(variables);
  if (!variable || !serves) return found;
  // another number than the one that is published would be taken from the machine where it may count, too
  if (literal && literal.by !== 'config' && variable.name !== published) return found;
  // the image tells the app the port that the configuration says
  if (literal) return { ...found, port: { ...literal, value: { ...literal.value, variable: variable.name } } };
  const number = Number(variable.default);
  const known = Number.isInteger(number) && number > 0 && number < 65536;
  const value = { number: known ? number : 3000, variable: variable.name };
  return { ...found, port: { value, by: known ? 'detected' : 'default', from: [...variable.from] } };
}

/** The port that the app listens on, and the address. */
export function readPort(
  context: AnalysisContext,
  listening: readonly Listening[],
  frameworks: readonly DetectedFramework[],
  variables: readonly Variable[],
  opens: Fact<OpenedPort> | undefined,
  isService: boolean,
): Pick<Facts, 'port' | 'host'> {
  const files = context.modules.sources.map((source) => source.file);
  const documented = frameworks
    .map((framework) => framework.loaded.port?.(context.app.project, files))
    .find((item) => item !== undefined);
  const byFramework = documented && { ...documented, value: { ...documented.value }, from: [...documented.from] };
  if (opens && listening.length === 0) {
    const { port } = readSaid(context, [], { ...opens, value: { ...opens.value.port } });
    return { ...(port ? { port } : {}), host: { ...opens, value: { ...opens.value.host } } };
  }
  const found = withLoopback(readSaid(context, listening, byFramework), listening, frameworks);
  const serves = context.runtime?.serves;
  if (!found.port && listening.length === 0 && serves && frameworks.length > 0) {
    const value = { number: serves.port, variable: serves.variable };
    return { ...found, port: { value, by: 'default', from: [{ why: serves.why }] } };
  }
  const served = isService || frameworks.length > 0 || listening.length > 0;
  const whole = found.port ? undefined : servingPackage(context);
  const known = ofVariable(whole ? { ...found, port: whole } : found, variables, served);
  if (known.port || !served || !isService) return known;
  return { ...known, port: { why: 'no port was found that the app listens on', ask: 'port', from: [] } };
}

/** The same where the command that starts the app sets the variable of its port: that one, and no default of the source. */
export function portOfStart(
  found: Pick<Facts, 'port' | 'host'>,
  start: Facts['commands']['start'],
): Pick<Facts, 'port' | 'host'> {
  const { port } = found;
  if (!port || !('value' in port) || port.by === 'config' || !('value' in start)) return found;
  const set = port.value.variable === undefined ? undefined : start.value.env?.[port.value.variable];
  const number = /^\d{1,5}$/.test(set ?? '') ? Number(set) : 0;
  if (number < 1 || number > 65_535 || number === port.value.number) return found;
  return { ...found, port: { ...port, value: { ...port.value, number }, from: [...port.from, ...start.from] } };
}
