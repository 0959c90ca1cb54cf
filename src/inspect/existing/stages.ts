import { posix } from 'node:path';
import { isDownload } from '../../catalog/download-programs.ts';
import {
  type Dockerfile,
  expandWord,
  globalArguments,
  type Instruction,
  type Stage,
} from '../../formats/dockerfile/index.ts';
import type { ExistingCommand, ExistingDockerfile, ExistingStage } from '../../model/existing.ts';
import { commandsOf, packagesOf } from './packages.ts';
import { at, hiddenIf } from './text.ts';

/** A stage before it is known what it is for. */
export type ReadStage = Omit<ExistingStage, 'use' | 'why'>;

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** A stage while its instructions are read; `values` are the variables that the next instruction sees. */
type Draft = {
  readonly stage: Writable<ReadStage>;
  readonly values: Record<string, string>;
  readonly unread: ExistingDockerfile['unread'][number][];
  /** whether this stage gave a command itself: an ENTRYPOINT clears one that it took over */
  ownCommand: boolean;
};

type StageReader = {
  readonly file: string;
  /** the character that escapes in this file */
  readonly mark: string;
  /** arguments before the first FROM, with their defaults */
  readonly globals: Readonly<Record<string, string>>;
};

export type ReadStages = { readonly stages: readonly ReadStage[]; readonly unread: ExistingDockerfile['unread'] };

/** The stages of a Dockerfile, each with what it takes over from the stage that it is made from. */
export function readStages(tree: Dockerfile, file: string): ReadStages {
  const reader: StageReader = { file, mark: tree.escape, globals: globalArguments(tree) };
  const drafts: Draft[] = [];
  const byName = new Map<string, number>();
  for (const stage of tree.stages) {
    const draft = draftOf(reader, stage, drafts, byName);
    for (const instruction of stage.instructions) {
      const apply = Object.hasOwn(appliers, instruction.keyword) ? appliers[instruction.keyword] : undefined;
      apply?.(draft, instruction, { ...reader, line: instruction.startLine });
    }
    drafts.push(draft);
    if (stage.name !== undefined) byName.set(stage.name, stage.index);
  }
  return { stages: drafts.map(({ stage }) => stage), unread: drafts.flatMap(({ unread }) => unread) };
}

/** Sets a key of a record, `__proto__` too. */
const put = <T>(record: Record<string, T>, key: string, value: T): void => {
  Object.defineProperty(record, key, { value, enumerable: true, writable: true, configurable: true });
};

function draftOf(
  reader: StageReader,
  { index, name, base: written, from }: Stage,
  drafts: readonly Draft[],
  byName: ReadonlyMap<string, number>,
): Draft {
  const base = expandWord(written, reader.globals, reader.mark);
  const parent = byName.get(base.toLowerCase());
  const above = parent === undefined ? undefined : drafts[parent];
  const evidence = at(reader.file, from.startLine, `FROM ${written}`);
  const start = above
    ? { ...above.stage, ports: [...above.stage.ports], env: { ...above.stage.env }, args: { ...above.stage.args } }
    : {
        base,
        workdir: '/',
        ports: [],
        env: {},
        args: {},
        volumes: [],
        packages: [],
        copies: [],
        secrets: [],
      };
  const { name: _name, parent: _parent, ...inherited } = start as Writable<ReadStage>;
  return {
    stage: {
      ...inherited,
      volumes: [...inherited.volumes],
      packages: [...inherited.packages],
      copies: [...inherited.copies],
      secrets: [...inherited.secrets],
      index,
      ...(name === undefined ? {} : { name }),
      ...(parent === undefined ? {} : { parent }),
      from: [evidence],
    },
    values: { ...above?.values },
    unread: [],
    ownCommand: false,
  };
}

type InstructionPlace = StageReader & { readonly line: number };
type Apply = (draft: Draft, instruction: Instruction, place: InstructionPlace) => void;

const expand = (draft: Draft, word: string, place: InstructionPlace): string =>
  expandWord(word, draft.values, place.mark);

const appliers: Readonly<Record<string, Apply>> = {
  ADD: copy,
  ARG: argument,
  CMD: (draft, instruction, place) => {
    draft.stage.command = commandOf(instruction, place, 'CMD');
    draft.ownCommand = true;
  },
  COPY: copy,
  ENTRYPOINT: (draft, instruction, place) => {
    draft.stage.entrypoint = commandOf(instruction, place, 'ENTRYPOINT');
    if (!draft.ownCommand) delete draft.stage.command;
  },
  ENV: environment,
  EXPOSE: expose,
  HEALTHCHECK: (draft, instruction, place) => {
    const from = [at(place.file, place.line, 'HEALTHCHECK')];
    const isNone = instruction.probe?.text.toUpperCase() === 'NONE';
    draft.stage.healthcheck = isNone ? { from } : { command: commandOf(instruction, place, 'HEALTHCHECK'), from };
  },
  RUN: run,
  STOPSIGNAL: (draft, instruction, place) => {
    const value = expand(draft, instruction.rest.text, place);
    draft.stage.stopSignal = { value, from: [at(place.file, place.line, `STOPSIGNAL ${value}`)] };
  },
  USER: (draft, instruction, place) => {
    const value = expand(draft, instruction.rest.text, place);
    draft.stage.user = { value, from: [at(place.file, place.line, `USER ${value}`)] };
  },
  VOLUME: (draft, instruction, place) => {
    for (const { text } of instruction.args) {
      const value = expand(draft, text, place);
      draft.stage.volumes.push({ value, from: [at(place.file, place.line, `VOLUME ${value}`)] });
    }
  },
  WORKDIR: (draft, instruction, place) => {
    draft.stage.workdir = inImage(draft, expand(draft, instruction.rest.text, place));
  },
};

const inImage = ({ stage }: Draft, path: string): string => {
  const joined = posix.resolve('/', stage.workdir, path.replaceAll('\\', '/'));
  return joined === '' ? '/' : joined;
};

function commandOf(
  { form, args, rest }: Instruction,
  { file, line }: InstructionPlace,
  keyword: string,
): ExistingCommand {
  const from = [at(file, line, keyword)];
  if (form === 'json') return { argv: args.map(({ text }) => text), form: 'exec', from };
  return { argv: [keyword === 'HEALTHCHECK' ? (args[0]?.text ?? '') : rest.text], form: 'shell', from };
}

function argument(draft: Draft, { pairs }: Instruction, place: InstructionPlace): void {
  for (const { name, value } of pairs) {
    const given = Object.hasOwn(place.globals, name) ? place.globals[name] : undefined;
    const filled = value === undefined ? given : expand(draft, value, place);
    put(draft.stage.args, name, {
      ...(filled === undefined ? {} : { default: filled, ...hiddenIf(name, filled) }),
      from: [at(place.file, place.line, `ARG ${name}`)],
    });
    // an ARG without a value changes nothing where an ENV has the name already
    if (filled !== undefined) put(draft.values, name, filled);
  }
}

function environment(draft: Draft, { pairs }: Instruction, place: InstructionPlace): void {
  // no pair sees the others of its instruction
  const filled = pairs.map(({ name, value = '' }) => ({ name, value: expand(draft, value, place) }));
  for (const { name, value } of filled) {
    put(draft.values, name, value);
    put(draft.stage.env, name, { value, ...hiddenIf(name, value), from: [at(place.file, place.line, `ENV ${name}`)] });
  }
}

/** A range of ports is cut: nobody publishes each of thousands. */
const MAX_RANGE = 20;

function expose(draft: Draft, { args }: Instruction, place: InstructionPlace): void {
  for (const { text } of args)
    for (const word of expand(draft, text, place).split(/\s+/)) {
      const [ports = '', protocol = 'tcp'] = word.split('/');
      const [first = '', last = first] = (ports.split(':').at(-1) ?? '').split('-');
      const isPort = /^\d{1,5}$/.test(first) && /^\d{1,5}$/.test(last) && Number(last) <= 65_535 && Number(first) > 0;
      const from = [at(place.file, place.line, `EXPOSE ${word}`)];
      if (!isPort) draft.unread.push({ what: `EXPOSE ${word}`, from });
      else if (protocol.toLowerCase() === 'tcp')
        for (let number = Number(first); number <= Math.min(Number(last), Number(first) + MAX_RANGE); number += 1)
          if (!draft.stage.ports.some((port) => port.number === number)) draft.stage.ports.push({ number, from });
    }
}

function copy(draft: Draft, instruction: Instruction, place: InstructionPlace): void {
  const words = instruction.args.map(({ text }) => expand(draft, text, place));
  const flag = (name: string) => instruction.flags.find((flag) => flag.name === name)?.value;
  const to = words.at(-1);
  if (to === undefined || words.length < 2) return;
  const sources = words.slice(0, -1).filter((word) => !word.startsWith('<<'));
  const stage = flag('from');
  const owner = flag('chown');
  draft.stage.copies.push({
    sources,
    to: inImage(draft, to),
    ...(stage === undefined ? {} : { stage: expandWord(stage, { ...place.globals, ...draft.values }, place.mark) }),
    ...(owner === undefined ? {} : { owner: expand(draft, owner, place) }),
    from: [at(place.file, place.line, `${instruction.keyword} ${sources.slice(0, 3).join(' ')}`)],
  });
}

/** What a RUN installs, which files of the context it mounts, and which secrets it asks for. */
function run(draft: Draft, instruction: Instruction, place: InstructionPlace): void {
  for (const { name, value } of instruction.flags) if (name === 'mount' && value) mounted(draft, value, place);
  const commands = commandsIn(instruction);
  if (!commands) {
    draft.unread.push({ what: 'RUN: command could not be parsed', from: [at(place.file, place.line, 'RUN')] });
    return;
  }
  const { add, remove, unknown } = packagesOf(commands, (word) =>
    word.includes('$') ? expand(draft, word, place) : word,
  );
  const { stage } = draft;
  for (const { argv } of commands.filter(opens))
    stage.opens = [
      ...(stage.opens ?? []),
      { value: argv.join(' ').slice(0, 200), from: [at(place.file, place.line, argv[0] ?? '')] },
    ];
  for (const { argv } of commands.filter((command) => isDownload(command.argv)))
    stage.brings = [
      ...(stage.brings ?? []),
      { value: argv.join(' ').slice(0, 200), from: [at(place.file, place.line, argv[0] ?? '')] },
    ];
  if (remove.length > 0) stage.packages = stage.packages.filter(({ value }) => !remove.includes(value));
  const installed = new Set(stage.packages.map(({ value }) => value));
  const lines = add.length > 0 ? instruction.raw.split('\n').map((line) => new Set(line.split(/[\s'"\\;&|]+/))) : [];
  for (const value of add) {
    if (installed.has(value)) continue;
    const index = Math.max(
      0,
      lines.findIndex((words) => words.has(value)),
    );
    stage.packages.push({ value, from: [at(place.file, place.line + index, `installs ${value}`)] });
  }
  for (const word of unknown)
    draft.unread.push({ what: `a package in a variable: ${word}`, from: [at(place.file, place.line, 'RUN')] });
}

/** Whether a command gives files to another user: whoever wrote it expects that user to write there. */
const opens = ({ argv: [program = '', ...words] }: { readonly argv: readonly string[] }): boolean =>
  ['chown', 'chgrp', 'chmod'].includes(program) ||
  (program === 'install' && words.some((word) => /^(-[a-zA-Z]*o|--owner)/.test(word)));

function commandsIn({ form, args, rest, heredocs }: Instruction): ReturnType<typeof commandsOf> {
  const [first, second, third] = args;
  if (form === 'json') {
    if (/(^|\/)(ba|da|a|z)?sh$/.test(first?.text ?? '') && second?.text === '-c') return commandsOf(third?.text ?? '');
    return [{ argv: args.map(({ text }) => text), env: {}, dynamic: false, background: false }];
  }
  const [script] = heredocs;
  return commandsOf(script && rest.text.trim().startsWith('<<') ? script.content : rest.text);
}

/** `--mount=type=bind,source=…` reads the context as COPY does; `type=secret` needs a secret of whoever builds. */
function mounted(draft: Draft, value: string, place: InstructionPlace): void {
  const options = new Map(
    value.split(',').map((part) => [part.split('=', 1)[0] ?? '', part.split('=').slice(1).join('=')]),
  );
  const source = options.get('source') ?? options.get('src');
  const target = options.get('target') ?? options.get('dst') ?? options.get('destination');
  if (options.get('type') === 'secret') {
    const id = options.get('id') ?? target?.split('/').at(-1);
    const required = options.has('required') && options.get('required') !== 'false';
    const from = [at(place.file, place.line, `RUN --mount=type=secret,id=${id}`)];
    if (id && !draft.stage.secrets.some((secret) => secret.id === id)) draft.stage.secrets.push({ id, required, from });
  } else if ((options.get('type') ?? 'bind') === 'bind' && target !== undefined && !options.has('from')) {
    const from = [at(place.file, place.line, 'RUN --mount=type=bind')];
    draft.stage.copies.push({ sources: [source ?? '.'], to: inImage(draft, target), mounted: true, from });
  }
}
