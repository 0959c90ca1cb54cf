import { UserError } from '../../model/errors.ts';
import { expandWord } from './expand.ts';
import type { Dockerfile, Instruction, Pair } from './types.ts';

export type Variable = {
  readonly name: string;
  readonly kind: 'arg' | 'env';
  /** the value where the file alone says it; not there for an ARG without a default */
  readonly value?: string;
  readonly declared: Instruction;
};

export type Scope = {
  readonly instruction: Instruction;
  /** -1 before the first FROM */
  readonly stage: number;
  /** what this instruction sees, by name */
  readonly variables: ReadonlyMap<string, Variable>;
};

/** The ARGs that BuildKit sets by itself: visible in every FROM, and in a stage once they are declared there. */
export const platformArgs: readonly string[] = [
  'BUILDPLATFORM',
  'BUILDOS',
  'BUILDARCH',
  'BUILDVARIANT',
  'TARGETPLATFORM',
  'TARGETOS',
  'TARGETARCH',
  'TARGETVARIANT',
];

/** The values of a scope for expandWord; a variable without a value counts as not set. */
export const valuesOf = (variables: ReadonlyMap<string, Variable>): Readonly<Record<string, string>> =>
  Object.fromEntries([...variables].flatMap(([name, one]) => (one.value === undefined ? [] : [[name, one.value]])));

/**
 * The variables that each instruction sees. An ARG before the first FROM is seen by FROMs only, until a stage declares it again; a
 * stage built on another one inherits its ENV and ARG; of an ENV and an ARG the later one counts. An instruction does not see what it sets itself, except that
 * each pair of an ARG sees those to its left.
 */
export function scopes(tree: Dockerfile): readonly Scope[] {
  const globals = new Map<string, Variable>();
  const ends = new Map<string, ReadonlyMap<string, Variable>>();
  let current = new Map<string, Variable>();
  let stage = -1;
  const out: Scope[] = [];
  const keep = () => {
    const done = tree.stages[stage];
    if (done?.name !== undefined) ends.set(done.name, current);
    if (done !== undefined) ends.set(String(stage), current);
  };
  for (const instruction of tree.instructions) {
    if (instruction.keyword === 'FROM') {
      keep();
      stage += 1;
      out.push({ instruction, stage, variables: new Map(globals) });
      const base = expanded(instruction.args[0]?.text ?? '', globals, tree.escape) ?? '';
      current = new Map(ends.get(base.toLowerCase()));
      continue;
    }
    const variables = stage === -1 ? globals : current;
    out.push({ instruction, stage, variables: new Map(variables) });
    if (instruction.keyword === 'ARG')
      declareArgs(variables, instruction, stage === -1 ? undefined : globals, tree.escape);
    if (instruction.keyword === 'ENV') declareEnv(variables, instruction, tree.escape);
  }
  return out;
}

function expanded(word: string, variables: ReadonlyMap<string, Variable>, mark: string): string | undefined {
  try {
    const { value, unset } = expandWord(word, valuesOf(variables), { escape: mark });
    // what comes from outside (an ARG without a default) is not known here
    return unset.some((name) => variables.has(name)) ? undefined : value;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

function variable(pair: Pair, kind: 'arg' | 'env', declared: Instruction, value: string | undefined): Variable {
  return { name: pair.name, kind, declared, ...(value === undefined ? {} : { value }) };
}

function declareArgs(
  variables: Map<string, Variable>,
  instruction: Instruction,
  globals: ReadonlyMap<string, Variable> | undefined,
  mark: string,
): void {
  for (const pair of instruction.pairs) {
    const own = pair.value === undefined ? undefined : expanded(pair.value, variables, mark);
    const value = pair.value === undefined ? globals?.get(pair.name)?.value : own;
    // BuildKit's builder lets the later of ENV and ARG win, but an ARG that brings no value changes nothing
    if (value === undefined && variables.get(pair.name)?.kind === 'env') continue;
    variables.set(pair.name, variable(pair, 'arg', instruction, value));
  }
}

function declareEnv(variables: Map<string, Variable>, instruction: Instruction, mark: string): void {
  const before = new Map(variables);
  for (const pair of instruction.pairs) {
    variables.set(pair.name, variable(pair, 'env', instruction, expanded(pair.value ?? '', before, mark)));
  }
}
