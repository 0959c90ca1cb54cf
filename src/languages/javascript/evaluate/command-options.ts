/** Options of the command line that a program declares with a default: Commander, yargs, and `parseArgs` of the runtime. */
import {
  converted,
  keyName,
  memberPath,
  type Node,
  nodesOf,
  property,
  type Source,
  stringValue,
  unwrap,
} from '../../../formats/source/index.ts';
import type { AnalysisContext } from './context.ts';
import { isFunction } from './functions.ts';
import { trace } from './trace.ts';
import type { SourceNode } from './types.ts';

type Call = Extract<Node, { type: 'CallExpression' }>;

/** Calls and members by which the options are given. */
const gives = /^(opts|parse|parseSync|parseArgs|argv|values)$/;

/** What stands in for an option of the command line that nobody gives: `program.opts().port` of `.option('--port <port>', 'the port', '3000')`. */
export function optionDefault(context: AnalysisContext, source: Source, node: Node): SourceNode | undefined {
  const asked = unwrap(converted(node) ?? node);
  const name = asked.type === 'MemberExpression' ? keyName(asked.property, asked.computed) : takenAs(source, asked);
  const from = asked.type === 'MemberExpression' ? trace(context, source, asked.object) : undefined;
  if (name === undefined || (from && !(from.kind === 'syntax' && givesOptions(from.node)))) return undefined;
  const place = from?.kind === 'syntax' ? from.source : source;
  for (const call of nodesOf(place.program, 'CallExpression')) {
    const value = declaredBy(place, call, name);
    if (value) return { source: place, node: value };
  }
  return undefined;
}

function givesOptions(node: Node): boolean {
  const at = unwrap(node);
  const callee = at.type === 'CallExpression' ? unwrap(at.callee) : at;
  const name = callee.type === 'MemberExpression' ? keyName(callee.property, callee.computed) : memberPath(callee);
  return gives.test(name ?? '');
}

/** The option that a name was taken out as: `const { port } = program.opts()`. */
function takenAs(source: Source, node: Node): string | undefined {
  if (node.type !== 'Identifier') return undefined;
  for (const { id, init } of nodesOf(source.program, 'VariableDeclarator')) {
    if (id.type !== 'ObjectPattern' || !init || !givesOptions(init)) continue;
    for (const item of id.properties) {
      if (item.type === 'Property' && item.value.type === 'Identifier' && item.value.name === node.name)
        return keyName(item.key, item.computed);
    }
  }
  return undefined;
}

/** The default of an option in the call that declares it. */
function declaredBy(source: Source, call: Call, name: string): Node | undefined {
  const callee = unwrap(call.callee);
  const called = callee.type === 'MemberExpression' ? keyName(callee.property, callee.computed) : memberPath(callee);
  const [first, second, ...more] = call.arguments;
  if (!first) return undefined;
  if (called === 'parseArgs') {
    const options = property(first, 'options');
    const own = options && property(options, name);
    return own && property(own, 'default');
  }
  if (called !== 'option' && called !== 'requiredOption') return undefined;
  const flags = (stringValue(source, first) ?? '').split(/[ ,|=<[]+/);
  if (!flags.includes(name) && !flags.includes(`--${name}`)) return undefined;
  // yargs takes an object, Commander the description, a function that reads the text, and the default
  const ofObject = second && property(second, 'default');
  return ofObject ?? more.filter((argument) => !isFunction(unwrap(argument))).at(-1);
}
