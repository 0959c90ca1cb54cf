import { isGlobal, memberPath, type Node, nodesOf, type Source, unwrap } from '../../../formats/source/index.ts';
import type { ExternalApi, Variable } from '../../../model/facts.ts';
import { isSecretName } from '../../../model/secret-names.ts';
import { inSource } from '../app.ts';
import { isVariableName } from '../environment/variables.ts';
import { givenFor } from '../evaluate/call-arguments.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { resolveValue } from '../evaluate/resolve-value.ts';

type DraftVariable = Omit<Variable, 'secret'>;

/** Packages that speak to one API on the internet: the name of the API, and its address. */
const clients: Readonly<Record<string, readonly [name: string, url: string]>> = {
  stripe: ['stripe', 'https://api.stripe.com'],
  openai: ['openai', 'https://api.openai.com'],
  '@anthropic-ai/sdk': ['anthropic', 'https://api.anthropic.com'],
  resend: ['resend', 'https://api.resend.com'],
  '@sendgrid/mail': ['sendgrid', 'https://api.sendgrid.com'],
  twilio: ['twilio', 'https://api.twilio.com'],
  '@slack/web-api': ['slack', 'https://slack.com/api'],
  '@octokit/rest': ['github', 'https://api.github.com'],
  octokit: ['github', 'https://api.github.com'],
  '@paypal/paypal-server-sdk': ['paypal', 'https://api-m.paypal.com'],
  postmark: ['postmark', 'https://api.postmarkapp.com'],
  '@mollie/api-client': ['mollie', 'https://api.mollie.com'],
};

/** Functions that ask an address over HTTP. */
const asking =
  /^(fetch|ofetch|ky|got|axios|\$fetch|(ky|got|axios)\.(get|post|put|patch|delete|request|create|extend))$/;

type Found = Omit<ExternalApi, 'name' | 'required' | 'from'> & { name: string; from: ExternalApi['from'] };

/** APIs outside of the deployment. `taken` are variables that point to backing services. */
export function readExternals(
  context: AnalysisContext,
  variables: readonly DraftVariable[],
  taken: ReadonlySet<string>,
): ExternalApi[] {
  const found = new Map<string, Found>();
  const add = (item: Found) => {
    const before = found.get(item.name);
    found.set(item.name, before ? { ...item, ...before, from: before.from } : item);
  };
  for (const item of context.modules.packages) {
    const known = Object.hasOwn(clients, item.name) ? clients[item.name] : undefined;
    if (known)
      add({
        name: known[0],
        url: known[1],
        from: [inSource(item.source, item.at.span.start, `${item.name} is imported`)],
      });
  }
  for (const source of context.modules.sources)
    for (const node of nodesOf(source.program, 'CallExpression', 'NewExpression'))
      asked(context, source, node, taken).forEach(add);
  for (const variable of variables) {
    if (taken.has(variable.name) || !isApiAddress(variable, variables)) continue;
    if ([...found.values()].some((item) => item.urlVariable === variable.name)) continue;
    add({
      name: nameOfVariable(variable.name),
      urlVariable: variable.name,
      ...urlOf(variable.default ?? variable.example),
      from: variable.from.slice(0, 1),
    });
  }
  return [...found.values()]
    .map((item) => ({ ...item, ...keyOf(item, variables), required: false }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

type Call = Extract<Node, { type: 'CallExpression' | 'NewExpression' }>;

function asked(context: AnalysisContext, source: Source, node: Call, taken: ReadonlySet<string>): readonly Found[] {
  const path = memberPath(node.callee);
  const [first] = node.arguments;
  if (!first || path === undefined) return [];
  if (!asking.test(path) || (path === 'fetch' && !isGlobal(source, 'fetch', node.start))) return [];
  const address = addressOf(context, source, first);
  if (!address || (address.variable !== undefined && taken.has(address.variable))) return [];
  const at = inSource(
    source,
    node.start,
    address.variable === undefined ? `${address.url} is called` : `the address in ${address.variable} is called`,
  );
  if (address.variable !== undefined)
    return [
      { name: nameOfVariable(address.variable), urlVariable: address.variable, ...urlOf(address.url), from: [at] },
    ];
  const text = urlOf(address.url).url;
  const url = text && new URL(text).origin;
  return url === undefined ? [] : [{ name: nameOfHost(new URL(url).hostname), url, from: [at] }];
}

/** What an address starts with: a variable, with its default, or a text. */
function addressOf(
  context: AnalysisContext,
  source: Source,
  start: Node,
  depth = 0,
): { variable?: string; url?: string } | undefined {
  if (depth > 8) return undefined;
  const node = unwrap(start);
  const read = resolveValue(context, source, node);
  // no container is given a variable of a name that no shell takes: its default is what is asked
  if (read.variable && !isVariableName(read.variable.name))
    return read.value === undefined ? undefined : { url: read.value };
  if (read.variable) return { variable: read.variable.name, ...(read.value === undefined ? {} : { url: read.value }) };
  if (read.value !== undefined) return { url: read.value };
  for (const given of givenFor(context, source, node)) {
    const address = addressOf(context, given.source, given.node, depth + 1);
    if (address) return address;
  }
  if (node.type === 'TemplateLiteral') {
    const head = node.quasis[0]?.value.cooked ?? '';
    const [first] = node.expressions;
    if (head !== '') return { url: head };
    return first && addressOf(context, source, first, depth + 1);
  }
  if (node.type === 'BinaryExpression' && node.operator === '+')
    return addressOf(context, source, node.left, depth + 1);
  if (node.type === 'NewExpression' && memberPath(node.callee) === 'URL') {
    const base = node.arguments[1] ?? node.arguments[0];
    return base && addressOf(context, source, base, depth + 1);
  }
  if (node.type === 'ObjectExpression') {
    const base = node.properties.find(
      (property) =>
        property.type === 'Property' &&
        property.key.type === 'Identifier' &&
        /^(baseURL|prefixUrl|baseUrl|url)$/.test(property.key.name),
    );
    return base?.type === 'Property' ? addressOf(context, source, base.value, depth + 1) : undefined;
  }
  return undefined;
}

/** The origin and path of an http address that is not of this machine's own test servers; nothing for anything else. */
function urlOf(text: string | undefined): { url?: string } {
  if (text === undefined || !/^https?:\/\//.test(text)) return {};
  try {
    const url = new URL(text);
    return { url: url.origin + (url.pathname === '/' ? '' : url.pathname.replace(/\/$/, '')) };
  } catch {
    return {};
  }
}

/** `PAYMENTS_API_URL`, or `PAYMENTS_URL` beside a `PAYMENTS_API_KEY`. Addresses of the app itself and of its front end are none. */
function isApiAddress(variable: DraftVariable, all: readonly DraftVariable[]): boolean {
  if (!/_(URL|URI|ENDPOINT)$/.test(variable.name)) return false;
  if (
    /^(APP|BASE|PUBLIC|FRONTEND|CLIENT|WEB|SITE|SERVER|HOST|SELF|API|CORS|AUTH|BETTER_AUTH|NEXTAUTH)_(BASE_)?(URL|URI|ENDPOINT)$/.test(
      variable.name,
    )
  )
    return false;
  if (/(REDIRECT|CALLBACK|ORIGIN|DATABASE|WEBHOOK|PUBLIC|FRONTEND)/.test(variable.name)) return false;
  if (/_API_(BASE_)?(URL|URI|ENDPOINT)$/.test(variable.name)) return true;
  return all.some(
    (draftVariable) => isSecretName(draftVariable.name) && stem(draftVariable.name) === stem(variable.name),
  );
}

/** What a variable is about: `PAYMENTS_API_BASE_URL` and `PAYMENTS_API_KEY` are of `PAYMENTS`. */
const stem = (name: string): string => {
  const words = name.split('_');
  const last = words.findLastIndex((word) => !generalWords.has(word));
  // a name has a subject: its first word stays, whatever it says
  return words.slice(0, Math.max(last, 0) + 1).join('_');
};

const generalWords: ReadonlySet<string> = new Set(
  'API BASE SERVICE SECRET ACCESS AUTH URL URI ENDPOINT HOST KEY TOKEN PASSWORD'.split(' '),
);

const kebab = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
const nameOfVariable = (name: string): string => kebab(stem(name)) || 'external';

/** `api.example.com` is `example`. */
function nameOfHost(host: string): string {
  const parts = host.split('.').filter((part) => !['www', 'api', 'app', 'gateway'].includes(part));
  return kebab(parts.length > 1 ? parts.slice(0, -1).join('-') : (parts[0] ?? host));
}

function keyOf(found: Found, variables: readonly DraftVariable[]): { keyVariable?: string } {
  const own = found.urlVariable === undefined ? found.name.replaceAll('-', '_').toUpperCase() : stem(found.urlVariable);
  const key = variables.find(
    (variable) => isSecretName(variable.name) && (stem(variable.name) === own || variable.name.startsWith(`${own}_`)),
  );
  return key ? { keyVariable: key.name } : {};
}
