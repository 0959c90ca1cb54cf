import { isRefusedSecret } from '../../../catalog/loader-variables.ts';
import { walk } from '../../../formats/source/index.ts';
import type { Facts, Variable } from '../../../model/facts.ts';
import { isSecretName } from '../../../model/secret-names.ts';
import { analysisContext } from '../analysis.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import type { Toolchain } from '../manifest/toolchain.ts';
import { readReached } from '../modules/autoload.ts';
import { existing } from '../modules/graph.ts';
import type { Commands } from '../scripts/commands.ts';
import type { VariableRead } from './variable-read.ts';
import { mergeUses, readUses } from './variables.ts';

type KnownSecrets = {
  readonly variables: readonly Variable[];
  readonly tokens: Facts['tokens'];
};

/**
 * Secrets that the programs of the build script cannot do without, and that the running app does not need: the build alone gets them, and
 * they are no variables of the app. What such a program only looks at is left out: it goes on without.
 */
export function readBuildSecrets(
  { app, ...running }: AnalysisContext,
  toolchain: Toolchain,
  commands: Commands,
  known: KnownSecrets,
): { readonly buildSecrets: NonNullable<Facts['buildSecrets']>; readonly variables: readonly Variable[] } {
  const { variables, tokens } = known;
  const files = commands.buildPrograms.flatMap((file) => existing(app.project, app.path(file)) ?? []);
  if (files.length === 0) return { buildSecrets: [], variables };
  const runtime = toolchain.loadedRuntime;
  const context = analysisContext({ app, modules: readReached(app, files, runtime), runtime });
  const needed = mergeUses(readUses(context).uses)
    .filter(({ name, required }) => required && isSecretName(name) && !isRefusedSecret(name))
    .filter(({ name }) => !tokens.some((token) => token.variable === name));
  const read = needed.filter(({ name }) => variables.some((variable) => variable.name === name));
  const uses = read.length === 0 ? [] : readUses({ app, ...running }).uses;
  const alone = needed.filter(({ name }) => uses.every((use) => use.name !== name || isOnlyTested(use)));
  return {
    buildSecrets: alone.map(({ name, from }) => ({ variable: name, from: [...from] })),
    variables: variables.filter((variable) => !alone.some(({ name }) => name === variable.name)),
  };
}

/** Whether a place asks if a variable is set, and takes nothing of its value. */
function isOnlyTested(use: VariableRead): boolean {
  let tested = false;
  walk(use.source.program, (node, ancestors) => {
    const parent = ancestors.at(-1);
    if (node.start !== use.offset || node.type !== 'MemberExpression' || !parent) return undefined;
    tested ||=
      ((parent.type === 'ConditionalExpression' || parent.type === 'IfStatement') && parent.test === node) ||
      (parent.type === 'UnaryExpression' && parent.operator === '!');
    return undefined;
  });
  return tested;
}
