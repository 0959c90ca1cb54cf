#!/usr/bin/env node
import { CommanderError } from 'commander';
import { report } from './errors.ts';
import { program, usage } from './program.ts';
import { json, note, style, symbols, withoutColor } from './terminal.ts';

const words = process.argv.slice(2);
const wantsJson = words.includes('--json');
if (words.includes('--no-color')) withoutColor();

// the first Ctrl+C ends the work and cleans up; the second ends us at once
const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    if (interruption.signal.aborted) process.exit(130);
    note(`\n${symbols.dot} cleaning up; once more to stop at once`);
    interruption.abort(new DOMException('interrupted', 'AbortError'));
  });
}
// a reader that goes away (`| head`) is no error
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
});

let code = 0;
try {
  await program(interruption.signal, (result) => {
    code = result;
  }).parseAsync(words, { from: 'user' });
} catch (error) {
  code = wrong(error);
}
process.exitCode = code;

/** Help and version end with 0; a wrong word with 2; the rest by its kind. */
function wrong(error: unknown): number {
  if (error instanceof CommanderError || (error instanceof Error && 'usage' in error)) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const { message, next } = usage(error as CommanderError, words);
    if (wantsJson) json({ error: { code: 'usage', message, next } });
    else {
      note(`${style.bad(symbols.bad)} ${style.bold(message)}`);
      for (const step of next) note(`  ${symbols.arrow} ${step}`);
    }
    return 2;
  }
  return report(error, { json: wantsJson });
}
