/** Walks the commands of a script of the shell as its grammar has them. Nothing is run or expanded. */
import type * as unbash from 'unbash';

/** Deeper nesting than people write is not followed. */
const MAX_DEPTH = 100;

type Node = unbash.Statement['command'] | unbash.CompoundList | unbash.Redirected;

/** Where a command stands. */
export type Place = {
  /** what joins it to the command before in its own list: the first has none */
  readonly after: '&&' | '||' | ';' | '|' | undefined;
  /** in a condition, a loop, a function or a group, so that it may not run */
  readonly nested: boolean;
  /** goes on in the background */
  readonly background: boolean;
};

type Visitor = {
  readonly command: (node: unbash.Command, place: Place) => void;
  /** a condition, a loop, a function, a group or a test */
  readonly compound?: () => void;
};

/** Tells every command in order, those inside of compound ones too. */
export function walkCommands(statements: readonly unbash.Statement[], { command, compound }: Visitor): void {
  type At = Place & { readonly depth: number };
  const list = (all: readonly unbash.Statement[], at: Omit<At, 'background'>) => {
    for (const [index, statement] of all.entries())
      go(statement.command, { ...at, after: index === 0 ? undefined : ';', background: statement.background === true });
  };
  const go = (node: Node, at: At): void => {
    switch (node.type) {
      case 'Command':
        command(node, at);
        return;
      case 'AndOr':
        for (const [index, part] of node.commands.entries())
          go(part, { ...at, after: index === 0 ? at.after : node.operators[index - 1] });
        return;
      case 'Pipeline':
        for (const [index, part] of node.commands.entries()) go(part, { ...at, after: index === 0 ? at.after : '|' });
        return;
      case 'CompoundList':
        list(node.commands, at);
        return;
      case 'Redirected':
        go(node.command, at);
        return;
      default:
        compound?.();
        if (at.depth > MAX_DEPTH) return;
        for (const part of partsOf(node)) if (part) go(part, { ...at, nested: true, depth: at.depth + 1 });
    }
  };
  list(statements, { after: undefined, nested: false, depth: 0 });
}

/** What a command is given: its words, and the assignments before them; quotes are taken out. */
export function wordsOf(node: unbash.Command): {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
} {
  const words = [...(node.name ? [node.name] : []), ...node.args];
  return {
    argv: words.map((word) => (word.type === 'Assignment' ? textOf(word) : word.value)),
    env: Object.fromEntries(
      assignmentsOf(node).map((assignment) => [
        assignment.name,
        assignment.value.type === 'Word' ? assignment.value.value : '',
      ]),
    ),
  };
}

/** The assignments before a command. */
export const assignmentsOf = (node: unbash.Command): readonly unbash.Assignment[] =>
  node.prefix.filter((part): part is unbash.Assignment => part.type === 'Assignment');

/** `KEY=value` as an argument, without its quotes. */
const textOf = (assignment: unbash.Assignment): string =>
  `${assignment.name}=${assignment.value.type === 'Word' ? assignment.value.value : ''}`;

/** What stands inside of a compound command. */
function partsOf(node: Exclude<Node, { type: 'Command' }>): readonly (Node | undefined)[] {
  switch (node.type) {
    case 'If':
      return [node.clause, node.then, ...node.elif.flatMap((part) => [part.clause, part.then]), node.else];
    case 'While':
      return [node.clause, node.body];
    case 'Case':
      return node.items.map((item) => item.body);
    case 'For':
    case 'ArithmeticFor':
    case 'Select':
    case 'Subshell':
    case 'BraceGroup':
    case 'Function':
    case 'Coproc':
      return [node.body];
    default:
      return [];
  }
}
