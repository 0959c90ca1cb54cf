/** Servers beside the one that the app is there for: metrics, health, administration, on ports of their own. */
import {
  keyName,
  lookup,
  memberPath,
  type Node,
  nodesOf,
  property,
  type Source,
  unwrap,
  walk,
  wordsBelow,
} from '../../../formats/source/index.ts';
import type { Facts } from '../../../model/facts.ts';
import { classAround, nameOfMember } from '../evaluate/classes.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { isFunction } from '../evaluate/functions.ts';
import { resolveValue } from '../evaluate/resolve-value.ts';
import { trace } from '../evaluate/trace.ts';
import type { IsSideServer } from './frameworks.ts';
import { isSecure } from './https.ts';
import { type Listening, portOf, portVariables } from './port.ts';

/** What servers are called that no user of the app asks, by what they are for. */
const sideWords: Readonly<Record<string, string>> = {
  metrics: 'metric metrics prometheus prom telemetry monitoring',
  debugging: 'debug debugger inspector',
  'health checks': 'health healthz healthcheck probe probes liveness readiness',
  administration: 'admin internal management mgmt private',
};
const purposes = Object.entries(sideWords).map(([purpose, words]) => ({ purpose, words: new Set(words.split(' ')) }));

/** The servers of an app, the one that it is there for at the front: by what their ports, objects, functions and files are called. */
export function mainFirst(context: AnalysisContext, listening: readonly Listening[]): readonly Listening[] {
  if (listening.length < 2) return listening;
  const ranked = listening.map((item) => ({ opened: item, rank: rankOf(context, item) }));
  return ranked.sort((a, b) => a.rank - b.rank).map(({ opened }) => opened);
}

function rankOf(context: AnalysisContext, listening: Listening): number {
  // the same app is there without a certificate, too
  if (namesOf(listening).some(isSide) || isSecure(context, listening)) return 2;
  const variable = listening.port && resolveValue(context, listening.source, listening.port).variable?.name;
  if (variable === undefined) return 1;
  return portVariables.includes(variable) ? 0 : isSide(variable) ? 2 : 1;
}

/** What a server of such a name is for, where no user of the app asks it. */
function purposeOf(names: readonly string[]): string | undefined {
  const parts = names.flatMap((name) => [...name.matchAll(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g)]);
  return purposes.find(({ words }) => parts.some(([part]) => words.has(part.toLowerCase())))?.purpose;
}

const isSide = (name: string): boolean => purposeOf([name]) !== undefined;

/** What stands around a call that listens: the port, the object, the functions and the class around it, the file. */
function namesOf({ at, node, port }: Listening): readonly string[] {
  const around: string[] = [];
  walk(at.program, (item, ancestors) => {
    if (item.start > node.start || item.end < node.end) return false;
    const parent = ancestors.at(-1);
    if (item.type === 'FunctionDeclaration' && item.id) around.push(item.id.name);
    if (!isFunction(item)) return undefined;
    if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') around.push(parent.id.name);
    if (parent?.type === 'MethodDefinition') around.push(nameOfMember(parent) ?? '');
    return undefined;
  });
  const file = at.file.split('/').at(-1) ?? '';
  const held = node.type === 'CallExpression' ? (memberPath(unwrap(node.callee)) ?? '') : '';
  return [
    ...(port ? wordsBelow(port) : []),
    ...held.split('.').slice(0, -1),
    ...objectsOf(node).flatMap((object) => memberPath(object) ?? []),
    ...around,
    classAround(at, node.start)?.node.id?.name ?? '',
    file.slice(0, file.indexOf('.')),
  ];
}

/** What a call that listens serves: `app` of `app.listen()`, of `createServer(app)`, of `serve({ fetch: app.fetch })`. */
function objectsOf(node: Node): readonly Node[] {
  if (node.type !== 'CallExpression') return [];
  const callee = unwrap(node.callee);
  const [first] = node.arguments;
  const handler = first && (property(unwrap(first), 'fetch') ?? property(unwrap(first), 'routes'));
  const object = callee.type === 'MemberExpression' ? [callee.object] : [];
  return [...object, ...(handler ? [handler] : [])].map(withoutMember);
}

const withoutMember = (node: Node): Node => {
  const at = unwrap(node);
  return at.type === 'MemberExpression' && keyName(at.property, at.computed) === 'fetch' ? unwrap(at.object) : at;
};

/** The nodes that make what is served: of a server of the runtime also what it is made with. */
function madeOf(context: AnalysisContext, { at, node }: Listening): ReadonlySet<Node> {
  const made = new Set<Node>();
  for (const object of objectsOf(node)) {
    const target = trace(context, at, object);
    if (target.kind !== 'syntax') continue;
    made.add(target.node);
    if (target.node.type !== 'CallExpression') continue;
    for (const argument of target.node.arguments) {
      const inner = trace(context, target.source, argument);
      if (inner.kind === 'syntax') made.add(inner.node);
    }
  }
  return made;
}

/** Whether a place in a file is a call on what only the servers beside the app serve. */
export function sidePlaces(context: AnalysisContext, [main, ...others]: readonly Listening[]): IsSideServer {
  const own = main ? madeOf(context, main) : new Set<Node>();
  const side = new Set(others.flatMap((other) => [...madeOf(context, other)]).filter((node) => !own.has(node)));
  const places = new Set<string>();
  for (const source of side.size === 0 ? [] : context.modules.sources) {
    for (const node of side) if (isIn(source, node)) places.add(`${source.file}:${source.line(node.start)}`);
    for (const call of nodesOf(source.program, 'CallExpression')) {
      const callee = unwrap(call.callee);
      const root = callee.type === 'MemberExpression' ? unwrap(callee.object) : undefined;
      if (callee.type !== 'MemberExpression' || root?.type !== 'Identifier' || !lookup(source, root.name, root.start))
        continue;
      const target = trace(context, source, root);
      if (target.kind === 'syntax' && side.has(target.node))
        places.add(`${source.file}:${source.line(callee.property.start)}`);
    }
  }
  return (file, line) => places.has(`${file}:${line}`);
}

const isIn = (source: Source, node: Node): boolean => nodesOf(source.program, node.type).some((item) => item === node);

/** Further ports that the app opens in any case: behind a condition it may be the one or the other. */
export function readOtherPorts(
  context: AnalysisContext,
  listening: readonly Listening[],
  main: Facts['port'],
): NonNullable<Facts['otherPorts']> {
  if (!main || !('value' in main)) return [];
  const { number: first, variable: named } = main.value;
  const found = new Map<number, NonNullable<Facts['otherPorts']>[number]>();
  for (const item of listening) {
    const port = isConditional(item) ? undefined : portOf(context, item);
    if (!port || !('value' in port) || port.by !== 'detected') continue;
    const { number, variable } = port.value;
    if (number === first || found.has(number) || (variable !== undefined && variable === named)) continue;
    const inside = purposeOf([variable ?? '', ...namesOf(item)]);
    found.set(number, { ...port, value: { ...port.value, ...(inside === undefined ? {} : { inside }) } });
  }
  return [...found.values()];
}

const isConditional = ({ at, node }: Listening): boolean =>
  nodesOf(
    at.program,
    'IfStatement',
    'ConditionalExpression',
    'LogicalExpression',
    'SwitchStatement',
    'CatchClause',
  ).some((item) => item.start <= node.start && node.end <= item.end);
