import type { Facts } from '../../../model/facts.ts';
import type { Toolchain } from '../manifest/toolchain.ts';

/** What ts-node is called on a command line, where it also checks types. */
const checking = /^(ts-node(-dev|-esm)?|ts-node\/(register|esm)|typeorm-ts-node-(commonjs|esm))$/;
const notChecking = /^(--transpile-?only|-T|--swc|ts-node\/register\/transpile-only|ts-node\/esm\/transpile-only)$/i;

/**
 * The command of the migrations with room for what it compiles: ts-node holds the types of all that its file imports, and V8 allows itself a quarter of
 * the memory of a small container (https://nodejs.org/api/cli.html#--max-old-space-sizesize-in-mib), where a framework alone ends it.
 */
export function withHeap(migration: Facts['migration'], { followed }: Pick<Toolchain, 'followed'>): Facts['migration'] {
  if (!migration) return undefined;
  const { argv, script, env } = migration.value;
  const commands = (script === undefined ? undefined : followed(script))?.commands ?? [];
  const words = [...argv, ...commands.flatMap((command) => command.argv)];
  const settings = Object.assign({}, ...commands.map((command) => command.env), env) as Readonly<
    Record<string, string>
  >;
  const isLight = words.some((word) => notChecking.test(word)) || settings['TS_NODE_TRANSPILE_ONLY'] !== undefined;
  if (!words.some((word) => checking.test(word)) || isLight || settings['NODE_OPTIONS'] !== undefined) return migration;
  return {
    ...migration,
    value: { ...migration.value, env: { ...env, NODE_OPTIONS: '--max-old-space-size=768' } },
  };
}
