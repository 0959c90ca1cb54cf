import { posix } from 'node:path';
import { type ImageName, imageName } from '../../catalog/image-name.ts';
import {
  type Dockerfile,
  expandWord,
  globalArguments,
  type Instruction,
  parseDockerfile,
  type Stage,
  variableTable,
} from '../../formats/dockerfile/index.ts';
import type { ReadScript, ScriptCommand } from '../../formats/shell/script.ts';

/** The start of a container as the image says it: in shell form `argv` is the one text that the shell gets. */
export type StartFacts = { readonly argv: readonly string[]; readonly isShell: boolean; readonly from: Instruction };

/** A path that a stage gets. */
export type CopyFacts = {
  /** with variables filled in, as written otherwise */
  readonly sources: readonly string[];
  /** absolute path of the image */
  readonly to: string;
  /** the stage that it copies from; absent: the context, or an image */
  readonly stage?: StageFacts;
  readonly isContext: boolean;
  readonly from: Instruction;
};

/** One command line that a stage runs, with its commands; none where it is not sh, or could not be read. */
export type RunFacts = {
  readonly text: string;
  readonly commands: readonly ScriptCommand[];
  /** folder that it starts in */
  readonly folder: string;
  /** targets of `--mount=type=bind`: files of the context that it sees without a COPY */
  readonly binds: boolean;
  readonly from: Instruction;
};

export type StageFacts = {
  readonly stage: Stage;
  /** the stage that it is made from */
  readonly parent: StageFacts | undefined;
  /** the image at the bottom */
  readonly image: ImageName;
  readonly runs: readonly RunFacts[];
  readonly copies: readonly CopyFacts[];
  /** the value of a variable in front of an instruction, that of the stages below too; undefined: not set */
  readonly variable: (name: string, before?: Instruction) => string | undefined;
  /** names of all variables that are set in this stage, with their instruction and value */
  readonly settings: readonly SettingFacts[];
  readonly isWindows: boolean;
};

export type SettingFacts = {
  readonly name: string;
  /** quotes taken out and variables filled in; undefined: an ARG without a default */
  readonly value: string | undefined;
  /** as it is written */
  readonly written: string | undefined;
  readonly from: Instruction;
};

export type DockerfileFacts = {
  readonly path: string;
  readonly text: string;
  readonly tree: Dockerfile;
  /** folder of the project that it is built from */
  readonly context: string;
  readonly stages: readonly StageFacts[];
  /** the stages that run in production, as far as the files say; none: the file is for development or tests */
  readonly shipped: readonly StageFacts[];
  /** every stage that takes part in building those */
  readonly reached: ReadonlySet<StageFacts>;
};

/** What others say of the file: from where it is built, with which arguments, and what of it runs in production. */
export type BuildFacts = {
  readonly context: string;
  readonly args: Readonly<Record<string, string>>;
  readonly targets: readonly string[];
  /** a compose file runs it in production */
  readonly isDeployed: boolean;
};

const FOR_DEVELOPMENT = /^(dev|devel|development|local|debug|test|tests|testing|ci|lint|e2e)([-_.]|$)/;
/** Names of Dockerfiles that are not for production. */
const FILE_APART =
  /(^|[._-])(dev|devel|development|local|debug|test|tests|testing|ci|e2e|devcontainer|base|build|builder)([._-]|$)/i;
const FOLDER_APART = /(^|\/)(dev|development|tests?|e2e|\.devcontainer)\//i;
const FOR_PRODUCTION = /^(prod|production|release|runner|runtime|final|deploy)([-_.]|$)/;

export function dockerfileFacts(path: string, text: string, build: BuildFacts, read: ReadScript): DockerfileFacts {
  const tree = parseDockerfile(text);
  const stages: StageFacts[] = [];
  const globals = globalArguments(tree, build.args);
  for (const stage of tree.stages) stages.push(stageFacts(stage, stages, { tree, globals, read }));
  const isApart = (FILE_APART.test(posix.basename(path)) || FOLDER_APART.test(path)) && !build.isDeployed;
  const shipped = isApart ? [] : shippedOf(stages, build.targets);
  return { path, text, tree, context: build.context, stages, shipped, reached: reachedFrom(shipped) };
}

function shippedOf(stages: readonly StageFacts[], targets: readonly string[]): readonly StageFacts[] {
  const named = targets.flatMap((target) => stageNamed(stages, target) ?? []);
  if (named.length > 0) return [...new Set(named)];
  const last = stages.at(-1);
  if (!last) return [];
  if (!FOR_DEVELOPMENT.test(last.stage.name ?? '')) return [last];
  return [stages.findLast(({ stage }) => FOR_PRODUCTION.test(stage.name ?? '')) ?? last];
}

/** A stage by its name or number. */
export const stageNamed = (stages: readonly StageFacts[], name: string): StageFacts | undefined =>
  stages.findLast(({ stage }) => stage.name === name.toLowerCase()) ??
  (/^\d{1,6}$/.test(name) ? stages[Number(name)] : undefined);

function reachedFrom(shipped: readonly StageFacts[]): ReadonlySet<StageFacts> {
  const reached = new Set<StageFacts>();
  const open = [...shipped];
  for (let stage = open.pop(); stage !== undefined; stage = open.pop()) {
    if (reached.has(stage)) continue;
    reached.add(stage);
    if (stage.parent) open.push(stage.parent);
    open.push(...stage.copies.flatMap((copy) => copy.stage ?? []));
  }
  return reached;
}

/** The stages that one is made from, the lowest first, with itself. */
export function lineageOf(stage: StageFacts): readonly StageFacts[] {
  const found: StageFacts[] = [];
  for (let item: StageFacts | undefined = stage; item; item = item.parent) found.push(item);
  return found.reverse();
}

/** The last instruction of a kind that counts for a stage, from the stages below too. */
export function lastOf(stage: StageFacts, keyword: string): Instruction | undefined {
  for (let item: StageFacts | undefined = stage; item; item = item.parent) {
    const found = item.stage.instructions.findLast((instruction) => instruction.keyword === keyword);
    if (found) return found;
  }
  return undefined;
}

/** The start that an instruction says; undefined where it is empty. */
export function startOf(from: Instruction | undefined): StartFacts | undefined {
  if (!from || from.args.length === 0) return undefined;
  return { argv: from.args.map(({ text }) => text), isShell: from.form === 'shell', from };
}

type DockerfileFactsInput = {
  readonly tree: Dockerfile;
  readonly globals: Readonly<Record<string, string>>;
  readonly read: ReadScript;
};

type Change = { readonly at: number; readonly value: string | undefined };

/** A stage that is being read, line by line. */
type Walk = {
  readonly values: Record<string, string>;
  readonly history: Map<string, Change[]>;
  readonly runs: RunFacts[];
  readonly copies: CopyFacts[];
  readonly settings: SettingFacts[];
  folder: string;
  isWindows: boolean;
};

function stageFacts(stage: Stage, before: readonly StageFacts[], ground: DockerfileFactsInput): StageFacts {
  const { tree, globals } = ground;
  const base = expandWord(stage.base, globals, tree.escape);
  const parent = stageNamed(before, base) ?? undefined;
  const image = parent?.image ?? imageName(base);
  const walk: Walk = {
    values: variableTable((parent && valuesOf.get(parent)) ?? {}),
    history: new Map(),
    runs: [],
    copies: [],
    settings: [],
    folder: parent ? (folderOf.get(parent) ?? '/') : '/',
    isWindows: parent?.isWindows ?? /nanoserver|windowsservercore|windows\/server/.test(base),
  };
  for (const [index, instruction] of stage.instructions.entries()) step(instruction, index, walk, before, ground);
  const at = new Map(stage.instructions.map((instruction, index) => [instruction, index]));
  const facts: StageFacts = {
    stage,
    parent,
    image,
    runs: walk.runs,
    copies: walk.copies,
    settings: walk.settings,
    isWindows: walk.isWindows,
    variable: (name, limit) => {
      const end = limit === undefined ? undefined : at.get(limit);
      const changes = walk.history.get(name) ?? [];
      const own = end === undefined ? changes.at(-1) : changes.findLast((change) => change.at < end);
      return own ? own.value : parent?.variable(name);
    },
  };
  valuesOf.set(facts, walk.values);
  folderOf.set(facts, walk.folder);
  return facts;
}

/** Where a stage leaves its variables and its folder for those that are made from it. */
const valuesOf = new WeakMap<StageFacts, Readonly<Record<string, string>>>();
const folderOf = new WeakMap<StageFacts, string>();

function step(
  instruction: Instruction,
  index: number,
  walk: Walk,
  before: readonly StageFacts[],
  ground: DockerfileFactsInput,
): void {
  const fill = (text: string) => expandWord(text, walk.values, ground.tree.escape);
  switch (instruction.keyword) {
    case 'ARG':
    case 'ENV':
      for (const { name, value: written } of instruction.pairs) {
        const inherited = instruction.keyword === 'ARG' ? (ground.globals[name] ?? undefined) : undefined;
        const value = written === undefined ? inherited : fill(written);
        walk.settings.push({ name, value, written, from: instruction });
        if (value !== undefined) walk.values[name] = value;
        if (instruction.keyword === 'ARG') continue;
        const changes = walk.history.get(name) ?? [];
        changes.push({ at: index, value });
        walk.history.set(name, changes);
      }
      return;
    case 'WORKDIR':
      walk.folder = posix.resolve('/', walk.folder, fill(instruction.args[0]?.text ?? ''));
      return;
    case 'SHELL':
      walk.isWindows ||= /powershell|pwsh|cmd/i.test(instruction.args[0]?.text ?? '');
      return;
    case 'RUN':
      walk.runs.push(runFacts(instruction, walk, ground));
      return;
    case 'COPY':
    case 'ADD': {
      const copied = copyFacts(instruction, walk, before, fill);
      if (copied) walk.copies.push(copied);
    }
  }
}

function copyFacts(
  instruction: Instruction,
  walk: Walk,
  before: readonly StageFacts[],
  fill: (text: string) => string,
): CopyFacts | undefined {
  const words = instruction.args.map(({ text }) => fill(text));
  const to = words.at(-1);
  if (to === undefined || words.length < 2) return undefined;
  const from = instruction.flags.find(({ name }) => name === 'from')?.value;
  const stage = from === undefined ? undefined : stageNamed(before, fill(from));
  return {
    sources: instruction.heredocs.length > 0 ? [] : words.slice(0, -1),
    to: posix.resolve('/', walk.folder, to),
    ...(stage ? { stage } : {}),
    isContext: from === undefined,
    from: instruction,
  };
}

const SHELLS: ReadonlySet<string> = new Set(['sh', 'bash', 'ash', 'dash', '/bin/sh', '/bin/bash', '/bin/ash']);
export const isShellName = (word: string | undefined): boolean => word !== undefined && SHELLS.has(word);

function runFacts(instruction: Instruction, walk: Walk, { read }: DockerfileFactsInput): RunFacts {
  const binds = instruction.flags.some(({ name, value }) => name === 'mount' && (value ?? '').includes('type=bind'));
  const text = scriptOf(instruction);
  const commands = walk.isWindows || text === undefined ? [] : commandsIn(text, read);
  return {
    text: typeof text === 'string' ? text : (text ?? []).join(' '),
    commands,
    folder: walk.folder,
    binds,
    from: instruction,
  };
}

/** The commands of an argument list or a script; those that a shell is given with `-c` too. */
export function commandsIn(text: string | readonly string[], read: ReadScript): readonly ScriptCommand[] {
  if (typeof text === 'string') return read(text) ?? [];
  const [program, flag, script] = text;
  if (isShellName(program) && /^-[a-z]*c$/.test(flag ?? '') && script !== undefined) return read(script) ?? [];
  return [{ argv: text, env: {}, nested: false, background: false }];
}

/** What the shell gets: the text, or the heredoc that it reads. Undefined: another program reads it. */
function scriptOf(instruction: Instruction): string | readonly string[] | undefined {
  if (instruction.form === 'json') return instruction.args.map((piece) => piece.text);
  const text = instruction.args[0]?.text ?? '';
  const [heredoc] = instruction.heredocs;
  if (!heredoc) return text;
  const program = text
    .slice(0, Math.max(0, text.indexOf('<<')))
    .trim()
    .replace(/\d$/, '')
    .trim();
  if (program !== '' && !isShellName(program.split(' ')[0])) return text.split('<<', 1)[0]?.trim();
  const shebang = /^#!\s*(\S+)(?:[ \t]+(\S+))?/.exec(heredoc.content);
  const interpreter =
    posix.basename(shebang?.[1] ?? 'sh') === 'env' ? shebang?.[2] : posix.basename(shebang?.[1] ?? 'sh');
  return isShellName(interpreter) ? heredoc.content : undefined;
}
