import { posix } from 'node:path';
import { callOf, dottedName, type GoFile, type GoNode, nodesIn } from '../../formats/go/index.ts';
import type { Project } from '../../project/project.ts';
import { type GoDetails, goEnvFileReaders } from '../../stacks/go.ts';
import { isName, refuses } from './environment.ts';
import { type Evaluation, evaluate, type Scope } from './evaluate.ts';
import { textOf } from './value.ts';

type Placeholders = NonNullable<GoDetails['placeholders']>;

/**
 * Files of variables that the program does not start without, and that no image has: `godotenv.Load()` with `log.Fatal` behind it. An empty one is as good, as
 * the environment has the values. viper takes a variable of a struct from the environment alone where a file or a default has its key, so such a file names
 * them.
 */
export function readPlaceholders(evaluation: Evaluation, project: Project, folder: string): Placeholders {
  const loaded = goEnvFileReaders.flatMap((name) =>
    (evaluation.calls.get(name.split('.').at(-1) ?? '') ?? []).filter(({ node }) => callOf(node)?.name === name),
  );
  const named = loaded
    .filter(({ node, file, fn }) => isDemanded(node, file, fn))
    .flatMap(({ node, file, fn }) => {
      const args = callOf(node)?.args ?? [];
      return args.length === 0 ? ['.env'] : args.map((arg) => textOf(evaluate(evaluation, arg, { file, fn })));
    });
  const paths = [...new Set(named)].filter(
    (path) => path !== undefined && isEnvFile(path) && !project.has(posix.join(folder, path)),
  ) as string[];
  const keys = viperKeys(evaluation);
  const read = evaluation.settings?.lacking ?? [];
  return [
    ...paths.map((path) => ({ path, lines: ['# the environment has the values'] })),
    ...read.filter((path) => !paths.includes(path)).map((path) => ({ path, lines: keys.map((key) => `${key}=`) })),
  ];
}

/** Whether a path below the working folder is that of a file of variables, such as `.env` or `configs/.env.local`. */
function isEnvFile(path: string): boolean {
  const plain = posix.normalize(path);
  const name = posix.basename(plain);
  return (
    !plain.startsWith('/') && !plain.startsWith('..') && (name.startsWith('.env') || posix.extname(name) === '.env')
  );
}

/** The names of the variables that fill in structs. */
const viperKeys = ({ tagged, settings }: Evaluation): readonly string[] =>
  settings?.viper ? [...new Set([...tagged.values()].flat().map(({ value }) => value.name))].filter(isName).sort() : [];

/** Whether a failure of a call ends the program, or is given back as an error: in the condition around it, or the next one behind it. */
function isDemanded(node: GoNode, file: GoFile, fn: Scope['fn']): boolean {
  const tests = nodesIn(fn?.body ?? file.root, 'IfStatement');
  const around = tests.find((test) =>
    test.children.some((child) => child.type !== 'Block' && nodesIn(child, 'CallExpr').includes(node)),
  );
  const next = around ?? tests.find(({ start }) => start > node.start);
  const block = next?.children.find(({ type }) => type === 'Block');
  if (!next || !block) return false;
  const asksError = next.children
    .filter(({ type }) => type !== 'Block')
    .some((child) => nodesIn(child, 'VariableName').some((name) => /err/i.test(dottedName(name) ?? '')));
  return asksError && (refuses(block) || nodesIn(block, 'ReturnStatement').length > 0);
}
