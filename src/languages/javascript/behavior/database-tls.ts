import {
  keyName,
  literalValue,
  type Node,
  property,
  type Source,
  unwrap,
  walk,
} from '../../../formats/source/index.ts';
import type { Facts, ServiceUse } from '../../../model/facts.ts';
import { services } from '../../../services/registry.gen.ts';
import { inSource } from '../app.ts';
import { isProduction } from '../environment/requiredness.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { resolveValue } from '../evaluate/resolve-value.ts';
import { trace } from '../evaluate/trace.ts';

/**
 * Where the app asks its database for TLS in production whatever is set, as hosts of databases want it: `ssl: { rejectUnauthorized: false }`. Those of the
 * deployment have none, and a client that asks them for it ends with an error.
 */
export function tlsNotes(context: AnalysisContext, used: readonly ServiceUse[]): Facts['notes'] {
  const database = services.find(
    (serviceDetection) =>
      !serviceDetection.embedded &&
      serviceDetection.serves.some(({ kind }) => kind === 'persistence') &&
      used.some(({ service, existing }) => service === serviceDetection.name && !existing),
  );
  if (!database) return [];
  const places = context.modules.sources.flatMap((source) =>
    askedIn(context, source).map((node) =>
      inSource(source, node.start, 'it requires TLS for the database in production'),
    ),
  );
  const message = `the app requires TLS for its database in production, but ${database.title} in the compose file has none, so connecting fails. Use a variable such as DATABASE_SSL to turn TLS on, so that the same image works with this database and with a hosted one`;
  return places.length === 0 ? [] : [{ code: 'database-tls', message, from: places.slice(0, 3) }];
}

function askedIn(context: AnalysisContext, source: Source): readonly Node[] {
  const found: Node[] = [];
  walk(source.program, (node, ancestors) => {
    if (node.type !== 'Property' || keyName(node.key, node.computed) !== 'ssl') return;
    // what another variable decides is not known here
    const isOpen = ancestors.some((ancestor) => isTest(ancestor) && !isProduction(source, testOf(ancestor)));
    if (!isOpen && asksForTls(context, source, node.value)) found.push(node);
  });
  return found;
}

type Test = Extract<Node, { type: 'ConditionalExpression' | 'LogicalExpression' | 'IfStatement' }>;
const isTest = (node: Node): node is Test =>
  node.type === 'ConditionalExpression' || node.type === 'LogicalExpression' || node.type === 'IfStatement';
const testOf = (node: Test): Node => (node.type === 'LogicalExpression' ? node.left : node.test);

/** Whether a value asks for TLS in production, whatever any other variable says. */
function asksForTls(context: AnalysisContext, source: Source, value: Node, isChosen = false): boolean {
  const at = unwrap(value);
  if (at.type === 'ObjectExpression') return property(at, 'rejectUnauthorized') !== undefined;
  // elsewhere `true` may be an option of something else
  if (at.type === 'Literal') return isChosen && at.value === true;
  if (at.type === 'LogicalExpression')
    return at.operator === '&&' && isProduction(source, at.left) && asksForTls(context, source, at.right, true);
  if (at.type === 'ConditionalExpression')
    return isProduction(source, at.test) && asksForTls(context, source, at.consequent, true);
  return ofRun(context, source, at) === true;
}

/** Whether an expression is of the kind of run alone, and true in production: `!isDevelopment`, `config.useTls` of a module that says so; undefined: it is not. */
function ofRun(context: AnalysisContext, source: Source, start: Node, depth = 0): boolean | undefined {
  const at = unwrap(start);
  if (depth > 6) return undefined;
  if (at.type === 'UnaryExpression' && at.operator === '!') {
    const inner = ofRun(context, source, at.argument, depth + 1);
    return inner === undefined ? undefined : !inner;
  }
  if (at.type === 'BinaryExpression' && /^[!=]==?$/.test(at.operator)) {
    const sides = [at.left, at.right];
    const value = sides.map((side) => literalValue(source, side)).find((value) => typeof value === 'string');
    const isKind = sides.some((side) => resolveValue(context, source, side).variable?.name === 'NODE_ENV');
    return isKind && value !== undefined ? (value === 'production') === at.operator.startsWith('=') : undefined;
  }
  if (at.type !== 'Identifier' && at.type !== 'MemberExpression') return undefined;
  const target = trace(context, source, at);
  return target.kind === 'syntax' && target.node !== at
    ? ofRun(context, target.source, target.node, depth + 1)
    : undefined;
}
