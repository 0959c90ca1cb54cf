import type { UserError } from '../index.ts';
import { exitCodes } from './exit-codes.ts';
import { json, linesOf, note, style, symbols, uncolored } from './terminal.ts';

/** Anything thrown, told apart by its shape, so that no model has to be loaded for the start-up. */
const isUserError = (error: unknown): error is UserError =>
  error instanceof Error && error.name === 'UserError' && 'code' in error && 'next' in error;

/** Prints what went wrong, with `json` as a document, and gives the exit code. */
export function report(error: unknown, options: { readonly json: boolean }): number {
  if (options.json) return printDocument(error);
  if (error instanceof Error && error.name === 'AbortError') {
    note(`${symbols.bad} interrupted`);
    return exitCodes.interrupted;
  }
  if (!isUserError(error)) return bug(error);
  const { where } = error;
  const [first = '', ...more] = error.lines;
  note(`${style.bad(symbols.bad)} ${style.bold(first)}`);
  for (const line of more) note(style.bold(uncolored(line)));
  if (where?.file) {
    note(`  ${style.accent(where.line ? `${where.file}:${where.line}` : where.file)}`);
    if (where.text) note(style.dim(`  ${String(where.line ?? '').padStart(4)} | `) + where.text.replace(/\r$/, ''));
  }
  for (const line of error.printed) note(style.dim(`  ${symbols.bar} `) + uncolored(line));
  for (const step of error.next) note(`  ${symbols.arrow} ${step}`);
  return error.exit;
}

/** With `--json` every error is a document: a code, a message, and what to do next. */
function printDocument(error: unknown): number {
  if (error instanceof Error && error.name === 'AbortError') {
    json({ error: { code: 'interrupted', message: 'interrupted', next: [] } });
    return exitCodes.interrupted;
  }
  if (!isUserError(error)) {
    const printed = stackOf(error);
    const message = `${ownFault} ${messageOf(error)}`;
    json({ error: { code: 'bug', message, ...(printed.length > 0 ? { printed } : {}), next: [askForStack] } });
    return exitCodes.bug;
  }
  const { code, message, where, printed, next, retry, details, exit } = error;
  json({
    error: {
      code,
      message,
      ...(where ?? {}),
      ...(printed.length > 0 ? { printed } : {}),
      next,
      ...(retry ? { retry: true } : {}),
      ...details,
    },
  });
  return exit;
}

const ownFault = 'This is a bug in Dockwright, not in your project.';
const askForStack = 'Run the command again with DEBUG=1 and report the output.';

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Where an error was thrown, for whoever asks with `DEBUG`. */
const stackOf = (error: unknown): readonly string[] =>
  process.env['DEBUG'] && error instanceof Error ? linesOf(error.stack ?? '') : [];

function bug(error: unknown): number {
  note(`${style.bad(symbols.bad)} ${style.bold(ownFault)}`);
  note(`  ${messageOf(error)}`);
  for (const line of stackOf(error)) note(line);
  note(`  ${symbols.arrow} ${askForStack}`);
  return exitCodes.bug;
}
