import { nodesOf } from '../../../formats/source/index.ts';
import type { Evidence } from '../../../model/evidence.ts';
import type { Dependency } from '../../../model/facts.ts';
import { readSource } from '../../../project/source.ts';
import { builders } from '../../../stacks/builders/registry.gen.ts';
import type { Detection, Migrator } from '../../../stacks/contract.ts';
import { fullStacks } from '../../../stacks/fullstack/registry.gen.ts';
import { programRun } from '../../../stacks/javascript.ts';
import { loadMigrator, migrators } from '../../../stacks/migrators/registry.gen.ts';
import { runtimes } from '../../../stacks/runtimes/registry.gen.ts';
import { sites } from '../../../stacks/sites/registry.gen.ts';
import type { App } from '../app.ts';
import { existing } from '../modules/graph.ts';
import type { ScriptCommand } from './follow.ts';

/** A tool for migrations that an app depends on. */
export type KnownMigrator = {
  readonly stack: Detection;
  readonly migrator: Migrator;
  readonly range: string;
  readonly from: Evidence;
};

/** The tools for migrations among the dependencies. */
export async function knownTools(dependencies: readonly Dependency[]): Promise<readonly KnownMigrator[]> {
  const found: KnownMigrator[] = [];
  for (const stack of migrators) {
    const dependency = dependencies.find((dependency) => stack.dependencies?.includes(dependency.name));
    const migrator = dependency && (await loadMigrator(stack.name));
    if (dependency && migrator) found.push({ stack, migrator, range: dependency.range, from: dependency.from });
  }
  return found;
}

/** Whether a command of a script brings the database up to date, as production does. */
export const applies = (command: ScriptCommand, known: readonly KnownMigrator[]): boolean =>
  !command.dynamic &&
  toolsOf(command, known).some(
    ({ migrator }) => migrator.migrates(command.argv) && !migrator.development(command.argv),
  );

/** Whether a command of a script changes a database in any way, such as one for development; what only writes files for that changes none. */
export const changesDatabase = (command: ScriptCommand, known: readonly KnownMigrator[]): boolean =>
  !command.argv.some((word) => /(^|:)(generate|create|make)(:|$)/.test(word)) &&
  toolsOf(command, known).some(({ migrator }) => migrator.migrates(command.argv) || migrator.development(command.argv));

const toolsOf = ({ argv }: ScriptCommand, known: readonly KnownMigrator[]): readonly KnownMigrator[] =>
  known.filter(({ stack }) => isProgramOf(stack, argv) || isLoaded(stack, argv));

/** Whether a command runs the tool: a program of its package, or a file of the app that it puts there, such as `node ace`. */
export const isProgramOf = ({ programs }: Detection, argv: readonly string[]): boolean =>
  programs?.includes(argv[0] ?? '') === true ||
  (runtimes.some((runtime) => runtime.programs?.includes(argv[0] ?? '')) && programs?.includes(argv[1] ?? '') === true);

/** Whether a loader runs the tool by its file: `ts-node ./node_modules/.bin/typeorm`, `node -r ts-node/register node_modules/typeorm/cli.js`. */
const isLoaded = ({ programs, dependencies }: Detection, argv: readonly string[]): boolean =>
  argv.slice(1).some((word) => {
    const [, path] = word.split('node_modules/');
    const [name, ...rest] = path === undefined ? [] : path.split('/');
    if (name === '.bin') return programs?.includes(rest[0] ?? '') === true;
    return name !== undefined && dependencies?.includes(name) === true && /\b(cli|bin)\b/.test(rest.join('/'));
  });

/** Whether a command makes what runs: a compiler, a bundler, a framework. */
export const makesOutput = ({ argv: [program = ''] }: Pick<ScriptCommand, 'argv'>): boolean =>
  [...builders, ...fullStacks, ...sites].some(({ programs }) => programs?.includes(program));

/** Whether a program of the project applies migrations: it calls what does, or starts the tool by its command. */
export function programApplies(app: App, file: string, known: readonly KnownMigrator[]): boolean {
  const path = existing(app.project, app.path(file));
  const source = path === undefined ? undefined : readSource(app.project, path);
  if (!source) return false;
  const calls = known.flatMap(({ migrator }) => migrator.calls);
  const isCalled = calls.some(({ modules, name }) =>
    source.imports.some((item) => modules.test(item.specifier) && item.names.some(({ imported }) => imported === name)),
  );
  return (
    isCalled ||
    nodesOf(source.program, 'Literal').some(({ value }) => typeof value === 'string' && isCommand(value, known))
  );
}

/** Whether a text is a command line that applies migrations: `prisma migrate deploy`. */
const isCommand = (text: string, known: readonly KnownMigrator[]): boolean => {
  const words = text.trim().split(/\s+/);
  const argv = programRun(words) ?? words;
  return known.some(({ stack, migrator }) => isProgramOf(stack, argv) && migrator.migrates(argv));
};
