/** The commands of a line of shell, as argument lists. Nothing is run or expanded. */
import type * as unbash from 'unbash';
import { assignmentsOf, walkCommands, wordsOf } from './walk.ts';

export type ShellCommand = {
  readonly argv: readonly string[];
  /** assignments before the command */
  readonly env: Readonly<Record<string, string>>;
  /** something in it is only known when it runs: variables, substitutions, globs */
  readonly dynamic: boolean;
  /** goes on in the background (`&`), beside what follows */
  readonly background: boolean;
  /** what joins it to the command before: `&&`, `||`, `;`, `|`; the first has none */
  readonly after?: '&&' | '||' | ';' | '|';
};

export type ShellLine = {
  readonly commands: readonly ShellCommand[];
  /** false: loops, conditions, functions or a mistake; `commands` then lacks what is inside */
  readonly plain: boolean;
  /** what stands in loops, conditions, groups and functions; absent: nothing */
  readonly inside?: readonly ShellCommand[];
  /** the last command of all stands in one of them, so that nothing says which one is the last to run */
  readonly endsInside?: boolean;
};

const remembered = new Map<string, ShellLine>();

let grammar: Pick<typeof unbash, 'parse'> | undefined;

/** Has to come before `shellCommands` of these lines: the whole grammar of the shell is loaded where one of them needs it. */
export async function shellFor(lines: readonly string[]): Promise<void> {
  if (!grammar && lines.some((line) => !plainLine(line))) grammar = await import('unbash');
}

/** Reads a line of shell into its commands, in order. The scripts of a project are few, and many readers ask for them. */
export function shellCommands(line: string): ShellLine {
  const known = remembered.get(line);
  if (known) return known;
  const read = plainLine(line) ?? parseLine(line);
  if (remembered.size > 1000) remembered.clear();
  remembered.set(line, read);
  return read;
}

/** Words of the shell's own grammar, where a command begins. */
const reserved = new Set(
  'if then else elif fi for while until do done case esac in function select time coproc'.split(' '),
);

/** One command of plain words, as most scripts are: nothing in it means anything to the shell, so that it is read without its grammar. */
function plainLine(line: string): ShellLine | undefined {
  if (!/^[A-Za-z0-9_./@-]+(?: [A-Za-z0-9_./@:=-]+)*$/.test(line)) return undefined;
  const argv = line.split(' ');
  if (reserved.has(argv[0] ?? '')) return undefined;
  return { commands: [{ argv, env: {}, dynamic: false, background: false }], plain: true };
}

/** The same for any line. */
export function parseLine(line: string): ShellLine {
  if (!grammar) throw new Error('the grammar of the shell is not loaded: shellFor must be called before');
  const script = grammar.parse(line);
  const commands: ShellCommand[] = [];
  const inside: ShellCommand[] = [];
  let plain = (script.errors ?? []).length === 0;
  let endsInside = false;

  walkCommands(script.commands, {
    command: (node, { after, nested, background }) => {
      endsInside = nested;
      const dynamic = [...(node.name ? [node.name] : []), ...node.args, ...assignmentsOf(node)].some((word) =>
        isDynamic(word.type === 'Assignment' ? word.value : word),
      );
      (nested ? inside : commands).push({ ...wordsOf(node), dynamic, background, ...(after ? { after } : {}) });
    },
    compound: () => {
      plain = false;
    },
  });
  return { commands, plain, ...(inside.length > 0 ? { inside } : {}), ...(endsInside ? { endsInside } : {}) };
}

const plainParts = new Set(['Literal', 'SingleQuoted', 'AnsiCQuoted', 'DoubleQuoted']);

function isDynamic(word: unbash.Word | unbash.ArrayValue): boolean {
  if (word.type === 'ArrayValue') return true;
  return (word.parts ?? []).some(
    (part) =>
      !plainParts.has(part.type) ||
      (part.type === 'DoubleQuoted' && part.parts.some((inner) => inner.type !== 'Literal')),
  );
}
