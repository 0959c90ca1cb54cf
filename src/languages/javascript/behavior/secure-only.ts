/** Whether the application redirects every request that did not come over https, by the header that a proxy in front of it sets. */
import { literalValue, nodesOf, propertyName, type Source, unwrap } from '../../../formats/source/index.ts';
import { detected, type Fact } from '../../../model/known.ts';
import { inSource } from '../app.ts';
import type { AnalysisContext } from '../evaluate/context.ts';

/** Packages that are such a redirect. */
const packages: ReadonlySet<string> = new Set(
  'express-sslify express-force-ssl express-force-https express-enforces-ssl express-to-https heroku-ssl-redirect koa-sslify koa-force-ssl nuxt-ssl-redirect redirect-ssl ssl-express-www'.split(
    ' ',
  ),
);

const HEADER = 'x-forwarded-proto';

export function readSecureOnly(context: AnalysisContext): Fact<true> | undefined {
  const used = context.modules.packages.find(({ name }) => packages.has(name));
  if (used) return detected(true, [inSource(used.source, used.at.span.start, `${used.name} redirects to https`)]);
  for (const source of context.modules.sources) {
    const asked = whereAsked(source);
    const sent = asked === undefined ? undefined : whereSent(source);
    if (sent !== undefined) return detected(true, [inSource(source, sent, 'it redirects to https')]);
  }
  return undefined;
}

/** Where the scheme of a request is looked at. */
const whereAsked = (source: Source): number | undefined =>
  nodesOf(source.program, 'MemberExpression', 'Literal').find((node) =>
    node.type === 'Literal'
      ? typeof node.value === 'string' && node.value.toLowerCase() === HEADER
      : ['secure', 'protocol'].includes(propertyName(source, node) ?? ''),
  )?.start;

/** Where an address of https with the host of the request is sent to: `res.redirect(...)`, `writeHead(301, { Location: ... })`. */
function whereSent(source: Source): number | undefined {
  const calls = nodesOf(source.program, 'CallExpression').filter(({ callee }) =>
    /^(redirect|writeHead|setHeader|header)$/.test(propertyName(source, unwrap(callee)) ?? ''),
  );
  return calls.find((call) => {
    const inside = nodesOf(call, 'TemplateLiteral', 'BinaryExpression');
    return inside.some((node) => {
      if (node.type === 'BinaryExpression')
        return node.operator === '+' && literalValue(source, node.left) === 'https://';
      return node.quasis[0]?.value.cooked === 'https://' && node.expressions.length > 0;
    });
  })?.start;
}
