import { keyName, type Node, property, unwrap } from '../../formats/source/index.ts';
import type { DevProxy } from '../contract.ts';
import type { Settings } from './site.ts';

/**
 * What a development server hands on to another one, by the beginnings of the paths (https://vite.dev/config/server-options#server-proxy and
 * https://cli.vuejs.org/config/#devserver-proxy): an object at `path` of the settings. Left out is what no plain beginning of a path names, and what is
 * asked for by another path there, but for one without that beginning.
 */
export function devProxies(settings: Settings, path: readonly string[]): readonly DevProxy[] {
  const table = settings.at(path);
  if (table?.type !== 'ObjectExpression') return [];
  return table.properties.flatMap((one) => {
    const key = one.type === 'Property' ? keyName(one.key, one.computed) : undefined;
    const beginning = /^\^?(\/[\w-]+(?:\/[\w-]+)*)\/?(?:\.\*)?$/.exec(key ?? '')?.[1];
    if (one.type !== 'Property' || key === undefined || beginning === undefined) return [];
    const target = settings.text([...path, key, 'target']) ?? settings.text([...path, key]);
    const strips = stripped(unwrap(one.value), beginning);
    return target === undefined || strips === undefined ? [] : [{ path: beginning, target, strips }];
  });
}

/** Whether the beginning is taken off the path; undefined: it becomes another path. */
function stripped(value: Node, beginning: string): boolean | undefined {
  if (value.type !== 'ObjectExpression') return false;
  const table = property(value, 'pathRewrite');
  const rewrite = property(value, 'rewrite');
  if (!table && !rewrite) return false;
  return (table ? ofTable(table, beginning) : rewrite && ofFunction(unwrap(rewrite), beginning)) ? true : undefined;
}

const isBeginning = (pattern: string, beginning: string): boolean =>
  pattern.replaceAll('\\/', '/').replace(/\/$/, '') === `^${beginning}`;

/** `{ '^/api': '' }` */
function ofTable(table: Node, beginning: string): boolean {
  const object = unwrap(table);
  if (object.type !== 'ObjectExpression') return false;
  const [row, ...more] = object.properties;
  if (row?.type !== 'Property' || more.length > 0 || row.value.type !== 'Literal') return false;
  return isBeginning(keyName(row.key, row.computed) ?? '', beginning) && ['', '/'].includes(String(row.value.value));
}

/** `(path) => path.replace(/^\/api/, '')` */
function ofFunction(node: Node, beginning: string): boolean {
  const call = node.type === 'ArrowFunctionExpression' ? unwrap(node.body) : undefined;
  if (call?.type !== 'CallExpression') return false;
  const [pattern, replacement] = call.arguments;
  if (pattern?.type !== 'Literal' || !('regex' in pattern) || replacement?.type !== 'Literal') return false;
  return isBeginning(pattern.regex.pattern, beginning) && ['', '/'].includes(String(replacement.value));
}
