/** Whether the application itself speaks https: its own key and certificate, with no proxy in front of it. */
import { memberPath, type Node, property, type Source, unwrap } from '../../../formats/source/index.ts';
import { detected, type Fact } from '../../../model/known.ts';
import { inSource } from '../app.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { trace } from '../evaluate/trace.ts';
import type { Listening } from './port.ts';

/** What makes a server that speaks https (nodejs.org/api/https.html, nodejs.org/api/http2.html). */
const makers: Readonly<Record<string, string>> = { https: 'createServer', http2: 'createSecureServer' };

/** Options under which servers and frameworks take a key and a certificate. */
const options = ['tls', 'https', 'httpsOptions'];

/** Of several servers all have to: which of them is asked from outside is not known here. */
export function readHttps(context: AnalysisContext, listening: readonly Listening[]): Fact<true> | undefined {
  const [first] = listening;
  if (!first || !listening.every((item) => isSecure(context, item))) return undefined;
  return detected(true, [inSource(first.at, first.node.start, 'the app itself speaks https')]);
}

/** Whether a server speaks https, or HTTP/2 with a certificate. */
export function isSecure(context: AnalysisContext, { at, node, own }: Listening): boolean {
  if (node.type !== 'CallExpression') return false;
  if (own) return takesKey(context, at, node.arguments);
  const callee = unwrap(node.callee);
  const made = callee.type === 'MemberExpression' ? trace(context, at, callee.object) : undefined;
  if (made?.kind !== 'syntax' || made.node.type !== 'CallExpression') return false;
  return makesSecure(made.source, made.node.callee) || takesKey(context, made.source, made.node.arguments);
}

/** `https.createServer`, `createSecureServer` of http2, under the names that they are imported with. */
function makesSecure(source: Source, callee: Node): boolean {
  const [local = '', member] = (memberPath(callee) ?? '').split('.');
  return source.imports.some(({ specifier, names }) => {
    const made = makers[specifier.replace(/^node:/, '')];
    return made !== undefined && names.some((name) => name.local === local && (member ?? name.imported) === made);
  });
}

/** A key that is given in any case, and not by a condition. */
const takesKey = (context: AnalysisContext, source: Source, values: readonly Node[]): boolean =>
  values.some((value) => {
    const given = trace(context, source, value);
    if (given.kind !== 'syntax') return false;
    return options.some((name) => {
      const option = property(given.node, name);
      const read = option && trace(context, given.source, option);
      return read?.kind === 'syntax' && read.node.type === 'ObjectExpression';
    });
  });
