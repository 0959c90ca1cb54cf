import { posix } from 'node:path';
import {
  type Dockerfile,
  expandWord,
  globalArguments,
  type Instruction,
  parseDockerfile,
  type Stage,
} from '../../../formats/dockerfile/index.ts';
import type { ReadScript, ScriptCommand } from '../../../formats/shell/script.ts';
import type { CompleteStage } from '../../../model/recipe.ts';
import { managers } from '../../../stacks/managers/registry.gen.ts';
import { runtimes } from '../../../stacks/runtimes/registry.gen.ts';

/** Where packages lie, below the folder of an application. */
const packagesFolder = 'node_modules';

/** What of the dependencies a stage has in the end. `pruning` are the instructions that took away what only development needs. */
type Packages = { readonly has: 'none' | 'all' | 'production'; readonly pruning: readonly Instruction[] };

type StageReader = { readonly tree: Dockerfile; readonly script: ReadScript; readonly known: Map<number, Packages> };

/** The stages behind the one that runs in production that have, or had, every dependency; the nearest first. */
export function completeStages(text: string, production: number, script: ReadScript): readonly CompleteStage[] {
  const reader: StageReader = { tree: parseDockerfile(text), script, known: new Map() };
  const order = reachedFrom(reader.tree, production);
  const found = order.flatMap((stage): CompleteStage[] => {
    const { has, pruning } = packagesOf(reader, stage);
    if (has === 'none' || stage.instructions.some(({ keyword }) => keyword === 'ENTRYPOINT')) return [];
    const isWhole = has === 'all' && stage.index !== production && stage.name !== undefined;
    if (isWhole) return [{ stage: stage.index }];
    // what was pruned in a stage below is not there to be repeated
    if (has === 'production' && !pruning.some((instruction) => stage.instructions.includes(instruction))) return [];
    return [{ stage: stage.index, repeats: repeated(stage, pruning) }];
  });
  return found.toSorted((a, b) => Number(a.repeats !== undefined) - Number(b.repeats !== undefined));
}

/** What a stage for developing does not take over: how another one starts, and what is only said of it. */
const own = new Set('CMD ENTRYPOINT HEALTHCHECK EXPOSE LABEL VOLUME STOPSIGNAL ONBUILD MAINTAINER'.split(' '));

const repeated = ({ instructions }: Stage, pruning: readonly Instruction[]): readonly number[] =>
  instructions
    .filter((instruction) => !own.has(instruction.keyword) && !pruning.includes(instruction))
    .map(({ startLine }) => startLine);

/** The stages that one is made from and copies from, itself first. */
function reachedFrom(tree: Dockerfile, production: number): readonly Stage[] {
  const found: Stage[] = [];
  const open = [tree.stages[production]];
  for (let stage = open.shift(); stage; stage = open.shift()) {
    if (found.includes(stage)) continue;
    found.push(stage);
    const { index } = stage;
    const copied = stage.instructions.flatMap((instruction) => copiedFrom(instruction) ?? []);
    open.push(parentOf(tree, stage), ...copied.map((name) => earlier(tree, name, index)));
    while (open.length > 0 && open[0] === undefined) open.shift();
  }
  return found;
}

const copiedFrom = ({ keyword, flags }: Instruction): string | undefined =>
  keyword === 'COPY' ? flags.find(({ name }) => name === 'from')?.value : undefined;

const earlier = ({ stages }: Dockerfile, name: string, before: number): Stage | undefined =>
  stages.findLast(
    (stage) => stage.index < before && (stage.name === name.toLowerCase() || String(stage.index) === name),
  );

const parentOf = (tree: Dockerfile, { base, index }: Stage): Stage | undefined => {
  const name = expandWord(base, globalArguments(tree), tree.escape).toLowerCase();
  return tree.stages.findLast((stage) => stage.index < index && stage.name === name);
};

function packagesOf(reader: StageReader, stage: Stage): Packages {
  const known = reader.known.get(stage.index);
  if (known) return known;
  const parent = parentOf(reader.tree, stage);
  let packages: Packages = parent ? packagesOf(reader, parent) : { has: 'none', pruning: [] };
  let isProduction = parent ? forProduction(reader.tree, parent) : false;
  for (const instruction of stage.instructions) {
    isProduction = modeAfter(instruction, isProduction);
    packages = packagesAfter(reader, stage, instruction, packages, isProduction);
  }
  reader.known.set(stage.index, packages);
  return packages;
}

/** Whether a stage tells package managers to leave out what only development needs. */
function forProduction(tree: Dockerfile, stage: Stage): boolean {
  const parent = parentOf(tree, stage);
  return stage.instructions.reduce(
    (isProduction, instruction) => modeAfter(instruction, isProduction),
    parent ? forProduction(tree, parent) : false,
  );
}

function modeAfter({ keyword, pairs }: Instruction, before: boolean): boolean {
  const pair = keyword === 'ENV' ? pairs.find(({ name }) => name === 'NODE_ENV') : undefined;
  return pair ? /^["']?prod/.test(pair.value ?? '') : before;
}

function packagesAfter(
  reader: StageReader,
  { index }: Stage,
  instruction: Instruction,
  before: Packages,
  isProduction: boolean,
): Packages {
  const name = copiedFrom(instruction);
  const from = name === undefined ? undefined : earlier(reader.tree, name, index);
  if (from && instruction.args.slice(0, -1).some(({ text }) => posix.basename(text) === packagesFolder))
    return { has: packagesOf(reader, from).has, pruning: [] };
  if (instruction.keyword !== 'RUN') return before;
  const { heredocs, rest, form } = instruction;
  const commands = form === 'json' ? undefined : reader.script(heredocs[0]?.content ?? rest.text);
  let packages = before;
  // one branch of several that leaves something out stands for the others
  const installs = (commands ?? []).filter(isInstall);
  const leaves = installs.some((command) => command.nested && leavesOut(command));
  for (const command of commands ?? []) {
    if (isInstall(command)) {
      const isPartial = leaves || leavesOut(command) || (isProduction && !includes(command));
      if (!isPartial) packages = { has: 'all', pruning: [] };
      else if (packages.has === 'all') packages = pruned(packages, instruction);
      else packages = { has: 'production', pruning: [] };
    } else if (prunes(command) && packages.has === 'all') packages = pruned(packages, instruction);
  }
  return packages;
}

const pruned = ({ pruning }: Packages, instruction: Instruction): Packages => ({
  has: 'production',
  pruning: [...pruning, instruction],
});

const isManager = (program: string): boolean => managers.some(({ name }) => name === program);

const programOf = ({ argv }: ScriptCommand): readonly string[] => (argv[0] === 'corepack' ? argv.slice(1) : argv);

/** Whether a command installs what the manifest names, and nothing else. */
function isInstall(command: ScriptCommand): boolean {
  const [program = '', ...words] = programOf(command);
  if (!isManager(program)) return false;
  if (words.some((word) => ['-g', '--global', 'global', '--version', '-v'].includes(word))) return false;
  const [verb, ...more] = words.filter((word) => !word.startsWith('-') && !/^(dev|prod(uction)?|optional)$/.test(word));
  // one that is a runtime too prints its help; nobody writes that of the others which do the same
  if (verb === undefined) return !runtimes.some(({ name }) => name === program);
  return /^(ci|clean-install|install|i)$/.test(verb) && more.length === 0;
}

const leavesOut = ({ argv, env }: ScriptCommand): boolean =>
  /^prod/.test(env['NODE_ENV'] ?? '') ||
  argv.some(
    (word, at) =>
      /^(--production(=true)?|--prod|-P|--omit=dev|--only=prod(uction)?)$/.test(word) ||
      (/^--(omit|only)$/.test(word) && /^(dev|prod(uction)?)$/.test(argv[at + 1] ?? '')),
  );

const includes = ({ argv, env }: ScriptCommand): boolean =>
  argv.some((word) => /^--(include=dev|production=false|prod=false|dev)$/.test(word)) ||
  (env['NODE_ENV'] !== undefined && !/^prod/.test(env['NODE_ENV']));

function prunes(command: ScriptCommand): boolean {
  const [program = '', ...words] = programOf(command);
  if (program === 'rm') return words.some((word) => posix.basename(word) === packagesFolder);
  if (!isManager(program)) return posix.basename(program) === 'node-prune';
  return words.includes('prune') ? !words.includes('store') : words.includes('workspaces') && words.includes('focus');
}
