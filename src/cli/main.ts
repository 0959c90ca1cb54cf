#!/usr/bin/env node
import { failed, runWords } from './run.ts';
import { note, onReaderGone, symbols, useColor } from './terminal.ts';

const words = process.argv.slice(2);
if (words.includes('--no-color')) useColor(false);

// the first Ctrl+C ends the work and cleans up; the second ends us at once
const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    if (interruption.signal.aborted) process.exit(130);
    note();
    note(`${symbols.dot} cleaning up; once more to stop at once`);
    interruption.abort(new DOMException('interrupted', 'AbortError'));
  });
}
// a reader that goes away (`| head`) is no error
onReaderGone(() => process.exit(0));

// Node.js prints what nobody catches, and warnings of libraries, as they are: both may hold text of a project
process.on('uncaughtException', (error) => process.exit(failed(error, words)));
if (process.listenerCount('warning') > 0) {
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => note(`${name}: ${message}`));
}

process.exitCode = await runWords(words, interruption.signal);
