import { posix } from 'node:path';
import { literalValue, type Node, nodesOf, property } from '../../formats/source/index.ts';
import { readSource } from '../../project/source.ts';
import type { SiteSource } from '../contract.ts';

/** A plugin that the settings of Vite call, with what they give it. */
export type Plugin = {
  /** undefined: it is not among its options */
  readonly at: (path: readonly string[]) => Node | undefined;
  /** undefined: it is not there, or worked out */
  readonly text: (path: readonly string[]) => string | undefined;
};

const configs = ['ts', 'mts', 'js', 'mjs', 'cjs', 'cts'].map((ending) => `vite.config.${ending}`);

/** The plugin of one of some modules that the settings of Vite call; undefined: they call none. */
export function vitePlugin({ project, root }: SiteSource, modules: readonly string[]): Plugin | undefined {
  const file = configs.map((config) => posix.join(root, config)).find((value) => project.has(value));
  const source = file === undefined ? undefined : readSource(project, file);
  if (!source) return undefined;
  const names = source.imports
    .filter(({ specifier, typeOnly }) => modules.includes(specifier) && !typeOnly)
    .flatMap((imported) => imported.names.map(({ local }) => local));
  const call = nodesOf(source.program, 'CallExpression').find(
    ({ callee }) => callee.type === 'Identifier' && names.includes(callee.name),
  );
  if (!call) return undefined;
  const options = call.arguments[0];
  const at = (path: readonly string[]): Node | undefined =>
    path.reduce<Node | undefined>((node, key) => node && property(node, key), options);
  return {
    at,
    text: (path) => {
      const node = at(path);
      const value = node && literalValue(source, node);
      return value === undefined ? undefined : String(value);
    },
  };
}
