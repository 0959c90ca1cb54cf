import { CommanderError } from 'commander';
import { report } from './errors.ts';
import { exitCodes } from './exit-codes.ts';
import { program, usage } from './program.ts';
import { json, note, style, symbols } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/**
 * Runs a command line, given as its words, and prints what comes of it. Answers with the exit code; throws nothing. `ended` is called when a
 * command has come to its end.
 */
export async function runWords(
  words: readonly string[],
  signal: AbortSignal,
  ended: () => void = () => undefined,
): Promise<number> {
  let code = 0;
  try {
    await program(signal, (result) => {
      code = result;
    }).parseAsync(words, { from: 'user' });
    ended();
    return code;
  } catch (error) {
    return failed(error, words);
  }
}

/** Help and version end with 0; a wrong word with 2; the rest by its kind. */
export function failed(error: unknown, words: readonly string[]): number {
  const wantsJson = words.includes('--json');
  if (error instanceof CommanderError || error instanceof UsageError) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const { message, next } = usage(error, words);
    if (wantsJson) json({ error: { code: 'usage', message, next } });
    else {
      note(`${style.bad(symbols.bad)} ${style.bold(message)}`);
      for (const step of next) note(`  ${symbols.arrow} ${step}`);
    }
    return exitCodes.usage;
  }
  return report(error, { json: wantsJson });
}
