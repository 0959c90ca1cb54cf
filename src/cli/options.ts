import type { FlowOptions } from '../index.ts';
import { jsonNote, note, style } from './terminal.ts';

/** Flags that every command takes. */
export type Flags = {
  readonly cwd: string;
  readonly app?: string;
  readonly all?: boolean;
  readonly set?: Readonly<Record<string, string>>;
  readonly json?: boolean;
  readonly color?: boolean;
  readonly allowFrontend?: readonly string[];
};

/** The flag of the commands that build. */
export type SecretFlags = { readonly buildSecret?: readonly string[] };

/** What a command is run with: its flags, its arguments, and a signal that ends it. Answers with the exit code. */
export type Run<F extends Flags = Flags> = (flags: F, args: readonly string[], signal: AbortSignal) => Promise<number>;

/** The part of the flags that flows take. */
export const flowOptions = (flags: Flags, signal: AbortSignal): FlowOptions => ({
  cwd: flags.cwd,
  signal,
  ...(flags.app === undefined ? {} : { app: flags.app }),
  ...(flags.all === undefined ? {} : { all: flags.all }),
  ...(flags.set === undefined ? {} : { set: flags.set }),
  ...(flags.allowFrontend === undefined ? {} : { allowFrontends: flags.allowFrontend }),
});

/** The same for a command whose result has no warnings: they go to standard error, each once. */
export function warningOptions(flags: Flags, signal: AbortSignal): FlowOptions {
  const shown = new Set<string>();
  const onWarning = (message: string) => {
    if (shown.has(message)) return;
    shown.add(message);
    if (flags.json) jsonNote({ type: 'warning', message });
    else note(`${style.warn('!')} ${message}`);
  };
  return { ...flowOptions(flags, signal), onWarning };
}
