import manifest from '../../package.json' with { type: 'json' };
import { exitCodes } from './exit-codes.ts';
import { note, onReaderGone, out, symbols, useColor } from './terminal.ts';

/**
 * Runs the command line, given as its words, as this process: signals, output and the exit code are its own. `prepare` is called before
 * the commands are loaded.
 */
export async function main(
  words: readonly string[],
  prepare: (words: readonly string[]) => Promise<void>,
): Promise<void> {
  if (words.includes('--no-color')) useColor(false);
  const signal = interruptions();
  // a reader that goes away (`| head`) is no error
  onReaderGone(() => process.exit(0));
  const [first = '', ...more] = words;
  // all that it takes to say the version: loading the commands takes as long as starting Node.js
  if (more.length === 0 && ['-v', '--version'].includes(first)) return out(manifest.version);
  await prepare(words);
  const { failed, runWords } = await import('./run.ts');
  // Node.js prints what nobody catches, and warnings of libraries, as they are: both may hold text of a project
  process.on('uncaughtException', (error) => process.exit(failed(error, words)));
  if (process.listenerCount('warning') > 0) {
    process.removeAllListeners('warning');
    process.on('warning', ({ name, message }) => note(`${name}: ${message}`));
  }
  process.exitCode = await runWords(words, signal);
}

/** The first Ctrl+C ends the work and cleans up; the second ends the process at once. */
function interruptions(): AbortSignal {
  const interruption = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (interruption.signal.aborted) process.exit(exitCodes.interrupted);
      note();
      note(`${symbols.dot} cleaning up; once more to stop at once`);
      interruption.abort(new DOMException('interrupted', 'AbortError'));
    });
  }
  return interruption.signal;
}
