import { posix } from 'node:path';
import {
  literalValue,
  type Node,
  parseSource,
  property,
  type Source,
  unwrap,
  walk,
} from '../../formats/source/index.ts';
import type { Project } from '../../project/project.ts';

/** The value of a flag: `--outDir public` or `--outDir=public`. */
export function flagOf(argv: readonly string[], flag: string): string | undefined {
  const at = argv.findIndex((word) => word === flag || word.startsWith(`${flag}=`));
  const word = argv[at];
  if (word === undefined) return undefined;
  return clean(word === flag ? argv[at + 1] : word.slice(flag.length + 1));
}

/** A plain value at a path of the object that a configuration file exports, however it is wrapped: `defineConfig({ … })`, a function. */
export function settingOf(
  project: Project,
  root: string,
  files: readonly string[],
  path: readonly string[],
): string | undefined {
  const file = files.map((one) => posix.join(root, one)).find((one) => project.has(one));
  const text = file === undefined ? undefined : project.read(file);
  if (file === undefined || text === undefined) return undefined;
  const source = parseSource(file, text);
  let found: string | undefined;
  walk(source.program, (node) => {
    if (found === undefined && node.type === 'ObjectExpression') found = valueAt(source, node, path);
    return found === undefined ? undefined : false;
  });
  return clean(found);
}

function valueAt(source: Source, node: Node, path: readonly string[]): string | undefined {
  let at: Node | undefined = node;
  for (const key of path) at = at && property(unwrap(at), key);
  const value = at && literalValue(source, at);
  return value === undefined ? undefined : String(value);
}

const clean = (path: string | undefined): string | undefined => {
  if (path === undefined) return undefined;
  const plain = posix.normalize(path).replace(/^\.\//, '').replace(/\/$/, '');
  return plain.startsWith('..') || plain.startsWith('/') ? undefined : plain;
};
