import type { UserError } from '../index.ts';
import { exitCodes } from './exit-codes.ts';
import { json, linesOf, note, style, symbols, uncolored } from './terminal.ts';

/** Anything thrown, told apart by its shape, so that no model has to be loaded for the start-up. */
const isUserError = (error: unknown): error is UserError =>
  error instanceof Error && error.name === 'UserError' && 'code' in error && 'next' in error;

/** Prints what went wrong and gives the exit code. */
export function report(error: unknown, options: { readonly json: boolean }): number {
  if (error instanceof Error && error.name === 'AbortError') {
    note(`${symbols.bad} interrupted`);
    return exitCodes.interrupted;
  }
  if (!isUserError(error)) return bug(error);
  const { where } = error;
  if (options.json) {
    json({
      error: {
        code: error.code,
        message: error.message,
        ...(where ?? {}),
        ...(error.printed.length > 0 ? { printed: error.printed } : {}),
        next: error.next,
        ...(error.retry ? { retry: true } : {}),
        ...error.details,
      },
    });
    return error.exit;
  }
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

function bug(error: unknown): number {
  const message = error instanceof Error ? error.message : String(error);
  note(`${style.bad(symbols.bad)} ${style.bold('This is a bug of Dockwright, not of your project.')}`);
  note(`  ${message}`);
  if (process.env['DEBUG'] && error instanceof Error) for (const line of linesOf(error.stack ?? '')) note(line);
  note(`  ${symbols.arrow} run it again with DEBUG=1 and report what it prints`);
  return exitCodes.bug;
}
