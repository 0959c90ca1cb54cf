/** Every command of a script of the shell, wherever it stands. Nothing is run or expanded. */
import { walkCommands, wordsOf } from './walk.ts';

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

export type ReadScript = (script: string) => readonly ScriptCommand[] | undefined;

/** The reader of scripts, with the grammar of the shell loaded. It gives the commands in order; undefined where a script has a mistake or is too long. */
export async function scriptReader(): Promise<ReadScript> {
  const { parse } = await import('unbash');
  return (script) => {
    if (script.length > MAX_SCRIPT) return undefined;
    const { commands, errors = [] } = parse(script);
    if (errors.length > 0) return undefined;
    const found: ScriptCommand[] = [];
    walkCommands(commands, {
      command: (node, { after, nested, background }) =>
        found.push({ ...wordsOf(node), nested, background, ...(after ? { after } : {}) }),
    });
    return found;
  };
}
