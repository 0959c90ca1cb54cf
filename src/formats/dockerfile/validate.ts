import { keywords } from './arguments.ts';
import { heredocOpening } from './heredoc.ts';
import type { Instruction, Problem } from './types.ts';

type Kind = 'string' | 'bool' | 'list';

/** The flags of each instruction that BuildKit's stable syntax knows; `list` ones may be repeated. */
const flags: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  ADD: {
    chown: 'string',
    chmod: 'string',
    link: 'bool',
    'keep-git-dir': 'bool',
    checksum: 'string',
    unpack: 'bool',
    exclude: 'list',
  },
  COPY: { chown: 'string', from: 'string', chmod: 'string', link: 'bool', exclude: 'list', parents: 'bool' },
  FROM: { platform: 'string' },
  HEALTHCHECK: {
    interval: 'string',
    timeout: 'string',
    'start-period': 'string',
    'start-interval': 'string',
    retries: 'string',
  },
  RUN: { mount: 'list', network: 'string', security: 'string', device: 'list' },
};

/** What BuildKit refuses about instructions that its grammar let through. */
export function problemsOf(instructions: readonly Instruction[], lastLine: number): readonly Problem[] {
  const problems: Problem[] = [];
  let staged = false;
  for (const instruction of instructions) {
    if (instruction.keyword === 'FROM') staged = true;
    else if (!staged && instruction.keyword !== 'ARG' && keywords.includes(instruction.keyword)) {
      problems.push({ line: instruction.startLine, message: `${instruction.keyword} is before the first FROM` });
    }
    const message = refusal(instruction) ?? flagRefusal(instruction);
    if (message !== undefined) problems.push({ line: instruction.startLine, message });
  }
  if (instructions.length === 0) problems.push({ line: Math.max(1, lastLine), message: 'there is no instruction' });
  else if (!staged) problems.push({ line: 1, message: 'there is no FROM' });
  return problems;
}

function refusal(instruction: Instruction): string | undefined {
  const count = instruction.args.length;
  if (!keywords.includes(instruction.keyword))
    return `unknown instruction ${instruction.written === '' ? '""' : instruction.written}`;
  switch (instruction.keyword) {
    case 'FROM':
      return fromRefusal(instruction.args.map((piece) => piece.text));
    case 'ADD':
    case 'COPY':
      if (count < 2) return `${instruction.keyword} needs a source and a destination`;
      return opensHeredoc(instruction.args.at(-1)?.text ?? '')
        ? `${instruction.keyword} cannot write to a heredoc`
        : undefined;
    case 'SHELL':
      return instruction.form === 'json' && count > 0 ? undefined : 'SHELL needs the JSON form';
    case 'HEALTHCHECK':
      return probeRefusal(instruction);
    case 'ONBUILD':
      return triggerRefusal(instruction);
    case 'VOLUME':
      if (count === 0) return 'VOLUME needs a path';
      return instruction.args.some((piece) => piece.text.trim() === '') ? 'a path of VOLUME is empty' : undefined;
    case 'ENV':
    case 'LABEL':
    case 'ARG':
      if (count === 0) return `${instruction.keyword} needs a name`;
      return instruction.pairs.some((pair) => pair.name === '')
        ? `a name of ${instruction.keyword} is empty`
        : undefined;
    case 'RUN':
    case 'CMD':
    case 'ENTRYPOINT':
      return undefined;
    default:
      return count === 0 ? `${instruction.keyword} needs an argument` : undefined;
  }
}

function opensHeredoc(word: string): boolean {
  try {
    return heredocOpening(word) !== undefined;
  } catch {
    return false;
  }
}

function fromRefusal(args: readonly string[]): string | undefined {
  const [, as, name = ''] = args;
  if (args.length === 1) return undefined;
  if (args.length !== 3 || as?.toLowerCase() !== 'as')
    return 'FROM takes an image, optionally followed by AS and a name';
  return /^[a-z][a-z0-9-_.]*$/.test(name.toLowerCase()) ? undefined : `${name} cannot name a stage`;
}

function probeRefusal(instruction: Instruction): string | undefined {
  const type = instruction.probe?.text.toUpperCase();
  if (type === undefined) return 'HEALTHCHECK needs CMD or NONE';
  if (type === 'NONE') return instruction.args.length === 0 ? undefined : 'HEALTHCHECK NONE takes no other arguments';
  if (type !== 'CMD') return `HEALTHCHECK knows CMD and NONE, not ${instruction.probe?.text}`;
  return instruction.args.length === 0 ? 'HEALTHCHECK CMD needs a command' : undefined;
}

function triggerRefusal(instruction: Instruction): string | undefined {
  const { inner } = instruction;
  if (inner === undefined) return 'ONBUILD needs an instruction';
  if (['ONBUILD', 'FROM', 'MAINTAINER'].includes(inner.keyword)) return `ONBUILD cannot hold ${inner.keyword}`;
  return undefined;
}

function flagRefusal(instruction: Instruction): string | undefined {
  // a trigger is only judged when it is pulled; an unknown instruction has been named already
  if (!keywords.includes(instruction.keyword) || instruction.keyword === 'STOPSIGNAL') return undefined;
  const known = flags[instruction.keyword] ?? {};
  const seen = new Set<string>();
  for (const flag of instruction.flags) {
    const kind = Object.hasOwn(known, flag.name) ? known[flag.name] : undefined;
    if (kind === undefined) return `${instruction.keyword} has no flag --${flag.name}`;
    if (kind !== 'list' && seen.has(flag.name)) return `--${flag.name} is repeated`;
    seen.add(flag.name);
    if (kind !== 'bool' && flag.value === undefined) return `--${flag.name} needs a value`;
    if (kind === 'bool' && !/^(?:true|false)$/i.test(flag.value ?? 'true'))
      return `--${flag.name} must be true or false`;
  }
  return undefined;
}
