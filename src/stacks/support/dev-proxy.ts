/** What a development server hands on to another server, by the beginnings of the paths. */
import { posix } from 'node:path';
import {
  keyName,
  literalValue,
  memberPath,
  type Node,
  nodesOf,
  property,
  type Source,
  unwrap,
} from '../../formats/source/index.ts';
import { isTable, readData } from '../../project/data.ts';
import { readSource } from '../../project/source.ts';
import type { DevProxy, SiteSource } from '../contract.ts';
import type { Settings } from './site.ts';

/** The plain beginning of paths that a key names: `/api`, `^/api/.*`, `/api/**`; undefined: it names others. */
const beginningOf = (key: string | undefined): string | undefined =>
  /^\^?(\/[\w-]+(?:\/[\w-]+)*)\/?(?:\.\*|\*\*?)?$/.exec(key ?? '')?.[1];

type Rewrite = { readonly from: string; readonly to: string };

/** One row; none where the path becomes another one than that without its beginning. `rewrite`: undefined is none, null one that is not plain. */
function proxyOf(key: string | undefined, target: string | undefined, rewrite: Rewrite | null | undefined): DevProxy[] {
  const path = beginningOf(key);
  if (path === undefined || target === undefined || rewrite === null) return [];
  const strips = rewrite !== undefined;
  const isPlain = rewrite === undefined || (isBeginning(rewrite.from, path) && ['', '/'].includes(rewrite.to));
  return isPlain ? [{ path, target: withoutLogin(target), strips }] : [];
}

/** An account in an address is nobody else's business. */
export const withoutLogin = (address: string): string => address.replace(/\/\/[^/?#]*@/, '//');

const isBeginning = (pattern: string, path: string): boolean =>
  pattern.replaceAll('\\/', '/').replace(/\/$/, '') === `^${path}`;

/**
 * Those of the settings at `path`, an object or a list (https://vite.dev/config/server-options#server-proxy, https://cli.vuejs.org/config/#devserver-proxy,
 * https://webpack.js.org/configuration/dev-server/#devserverproxy).
 */
export function devProxies(settings: Settings, path: readonly string[]): readonly DevProxy[] {
  const table = settings.at(path);
  if (table?.type === 'ArrayExpression')
    return table.elements.flatMap((element) => (element ? ofRow(unwrap(element)) : []));
  if (table?.type !== 'ObjectExpression') return [];
  return table.properties.flatMap((item) => {
    const key = item.type === 'Property' ? keyName(item.key, item.computed) : undefined;
    if (item.type !== 'Property' || key === undefined) return [];
    const target = settings.text([...path, key, 'target']) ?? settings.text([...path, key]);
    return proxyOf(key, target, rewriteIn(unwrap(item.value)));
  });
}

const textOf = (node: Node | undefined): string | undefined => {
  const plain = node && unwrap(node);
  return plain?.type === 'Literal' && typeof plain.value === 'string' ? plain.value : undefined;
};

/** `{ context: ['/api'], target: 'http://localhost:3001' }` */
function ofRow(row: Node): DevProxy[] {
  const context = property(row, 'context');
  const plain = context && unwrap(context);
  const keys =
    plain?.type === 'ArrayExpression' ? plain.elements.map((element) => textOf(element ?? undefined)) : [textOf(plain)];
  return keys.flatMap((key) => proxyOf(key, textOf(property(row, 'target')), rewriteIn(row)));
}

/** What the path becomes: `rewrite: (path) => path.replace(/^\/api/, '')`, `pathRewrite: { '^/api': '' }`. */
function rewriteIn(value: Node): Rewrite | null | undefined {
  const [table, rewrite] = [property(value, 'pathRewrite'), property(value, 'rewrite')].map(
    (item) => item && unwrap(item),
  );
  if (!table && !rewrite) return undefined;
  const [row, ...more] = table?.type === 'ObjectExpression' ? table.properties : [];
  if (row?.type === 'Property' && more.length === 0) {
    const to = textOf(row.value);
    return to === undefined ? null : { from: keyName(row.key, row.computed) ?? '', to };
  }
  const call = rewrite?.type === 'ArrowFunctionExpression' ? unwrap(rewrite.body) : undefined;
  const [pattern, replacement] = call?.type === 'CallExpression' ? call.arguments : [];
  const to = textOf(replacement);
  return pattern?.type === 'Literal' && 'regex' in pattern && to !== undefined
    ? { from: pattern.regex.pattern, to }
    : null;
}

/** Those of a file of data (https://angular.dev/tools/cli/serve#proxying-to-a-backend-server). */
export function proxiesOfData({ project, root }: SiteSource, file: string): readonly DevProxy[] {
  const whole = readData(project, posix.join(root, file))?.at([]);
  const rows = Array.isArray(whole)
    ? whole.flatMap((row) => (isTable(row) ? [row['context']].flat().map((key) => [key, row] as const) : []))
    : isTable(whole)
      ? Object.entries(whole)
      : [];
  return rows.flatMap(([key, row]) => {
    if (typeof key !== 'string' || !isTable(row) || typeof row['target'] !== 'string') return [];
    const [first, ...more] = isTable(row['pathRewrite']) ? Object.entries(row['pathRewrite']) : [];
    const rewrite = first && more.length === 0 ? { from: first[0], to: String(first[1]) } : undefined;
    return proxyOf(key, row['target'], row['pathRewrite'] === undefined ? undefined : (rewrite ?? null));
  });
}

/**
 * Those that an Express app is told (https://create-react-app.dev/docs/proxying-api-requests-in-development): `app.use('/api', createProxyMiddleware({ … }))`,
 * and the path as the first argument of the middleware.
 */
export function proxiesOfMiddleware({ project, root }: SiteSource, file: string): readonly DevProxy[] {
  const source = readSource(project, posix.join(root, file));
  if (!source) return [];
  return nodesOf(source.program, 'CallExpression').flatMap((use) => {
    if (memberPath(use.callee)?.endsWith('.use') !== true) return [];
    const [first, second] = use.arguments.map(unwrap);
    const made = [first, second].find((item) => item?.type === 'CallExpression');
    const options = made?.type === 'CallExpression' ? made.arguments.map(unwrap) : [];
    const row = options.find((option) => option.type === 'ObjectExpression');
    const keys = [first, ...options].flatMap((option) => textsOf(source, option));
    const target = row && property(row, 'target');
    const address = target && literalValue(source, target);
    return row
      ? keys.flatMap((key) => proxyOf(key, address === undefined ? undefined : String(address), rewriteIn(row)))
      : [];
  });
}

/** A text, or those of a list. */
function textsOf(source: Source, node: Node | undefined): readonly string[] {
  const items = node?.type === 'ArrayExpression' ? node.elements : [node];
  return items.flatMap((item) => {
    const value = item && item.type !== 'SpreadElement' ? literalValue(source, item) : undefined;
    return typeof value === 'string' ? [value] : [];
  });
}
