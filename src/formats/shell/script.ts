/** Every command of a script of the shell, wherever it stands. Nothing is run or expanded. */
import type * as unbash from 'unbash';

export type ScriptCommand = {
  readonly argv: readonly string[];
  /** assignments before the command */
  readonly env: Readonly<Record<string, string>>;
  /** what joins it to the command before in its own list: the first has none */
  readonly after?: '&&' | '||' | ';' | '|';
  /** stands in a condition, a loop, a function or a group, so that it may not run */
  readonly nested: boolean;
  /** goes on in the background */
  readonly background: boolean;
};

/** Longer scripts are not read. Characters. */
const MAX_SCRIPT = 65_536;

/** Deeper nesting than people write is not followed. */
const MAX_DEPTH = 100;

export type ReadScript = (script: string) => readonly ScriptCommand[] | undefined;

/** The reader of scripts, with the grammar of the shell loaded. It gives the commands in order; undefined where a script has a mistake or is too long. */
export async function scriptReader(): Promise<ReadScript> {
  const { parse } = await import('unbash');
  return (script) => {
    if (script.length > MAX_SCRIPT) return undefined;
    const read = parse(script);
    return (read.errors ?? []).length > 0 ? undefined : commandsOf(read.commands);
  };
}

type Node = unbash.Statement['command'] | unbash.CompoundList | unbash.Redirected;
type After = ScriptCommand['after'];
type Place = { readonly after: After; readonly nested: boolean; readonly background: boolean; readonly depth: number };

function commandsOf(statements: readonly unbash.Statement[]): readonly ScriptCommand[] {
  const found: ScriptCommand[] = [];
  const list = (all: readonly unbash.Statement[], place: Omit<Place, 'background'>) => {
    for (const [index, { command, background }] of all.entries())
      go(command, { ...place, after: index === 0 ? undefined : ';', background: background === true });
  };
  const inside = (parts: readonly (Node | undefined)[], place: Place) => {
    if (place.depth > MAX_DEPTH) return;
    for (const part of parts) if (part) go(part, { ...place, nested: true, depth: place.depth + 1 });
  };
  const go = (node: Node, place: Place): void => {
    switch (node.type) {
      case 'Command':
        found.push(commandOf(node, place));
        return;
      case 'AndOr':
        for (const [index, part] of node.commands.entries())
          go(part, { ...place, after: index === 0 ? place.after : node.operators[index - 1] });
        return;
      case 'Pipeline':
        for (const [index, part] of node.commands.entries())
          go(part, { ...place, after: index === 0 ? place.after : '|' });
        return;
      case 'CompoundList':
        list(node.commands, place);
        return;
      case 'Redirected':
        go(node.command, place);
        return;
      default:
        inside(partsOf(node), place);
    }
  };
  list(statements, { after: undefined, nested: false, depth: 0 });
  return found;
}

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

function commandOf(node: unbash.Command, { after, nested, background }: Place): ScriptCommand {
  const words = [...(node.name ? [node.name] : []), ...node.args];
  const assignments = node.prefix.filter((part): part is unbash.Assignment => part.type === 'Assignment');
  return {
    argv: words.map((word) => (word.type === 'Assignment' ? word.text : word.value)),
    env: Object.fromEntries(assignments.map(({ name, value }) => [name, value.type === 'Word' ? value.value : ''])),
    nested,
    background,
    ...(after ? { after } : {}),
  };
}
