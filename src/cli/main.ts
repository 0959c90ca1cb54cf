import { exitCodes } from './exit-codes.ts';
import { failed, runWords } from './run.ts';
import { isWritten, note, onReaderGone, symbols, useColor } from './terminal.ts';

/**
 * Runs the command line, given as its words, as this process: signals, output and the exit code are its own. `ended` is called when a
 * command has come to its end, before the process does.
 */
export async function main(words: readonly string[], ended: () => void): Promise<void> {
  if (words.includes('--no-color')) useColor(false);
  const signal = interruptions();
  // a reader that goes away (`| head`) is no error
  onReaderGone(() => process.exit(0));
  // Node.js prints what nobody catches, and warnings of libraries, as they are: both may hold text of a project
  process.on('uncaughtException', (error) => process.exit(failed(error, words)));
  if (process.listenerCount('warning') > 0) {
    process.removeAllListeners('warning');
    process.on('warning', ({ name, message }) => note(`${name}: ${message}`));
  }
  process.exitCode = await runWords(words, signal, ended);
  // ending by itself, Node.js first takes down all that it holds
  if (isWritten()) process.exit();
}

/** The first Ctrl+C ends the work and cleans up, as a terminal does that is closed; the second ends the process at once. */
function interruptions(): AbortSignal {
  const interruption = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (interruption.signal.aborted) process.exit(exitCodes.interrupted);
      note();
      note(`${symbols.dot} cleaning up; press Ctrl+C again to exit now`);
      interruption.abort(new DOMException('interrupted', 'AbortError'));
    });
  }
  return interruption.signal;
}
