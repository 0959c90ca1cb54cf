import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { runOnHost } from './exec.ts';

export type TestRun = {
  /** exit code; 128 and more where a signal ended it */
  readonly code: number;
  readonly timedOut: boolean;
  /** absolute path of the file that holds the output, in the system's temporary folder; it stays there */
  readonly log: string;
  /** the last lines of the output, without colours */
  readonly last: readonly string[];
};

export type TestOptions = {
  readonly cwd: string;
  /** variables over those of this process */
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onLine?: ((line: string) => void) | undefined;
};

/** So many lines are shown where tests fail. */
const shown = 20;

/** Tests that print without an end must not fill the disk. Characters. */
const largest = 32 * 1024 * 1024;

/** Where the output of tests goes while they run. */
export type TestLog = {
  readonly line: (line: string) => void;
  /** the log with how the tests ended */
  readonly ended: (how: { readonly code: number; readonly timedOut: boolean }) => TestRun;
};

/**
 * Keeps the output of tests in a file and its last lines in memory while `work` runs them. The file stays, but for one without a line whose
 * work failed.
 */
export async function withTestLog<T>(
  onLine: ((line: string) => void) | undefined,
  work: (log: TestLog) => Promise<T>,
): Promise<T> {
  const path = join(mkdtempSync(join(tmpdir(), 'dockwright-tests-')), 'tests.log');
  const file = openSync(path, 'wx', 0o600);
  const last: string[] = [];
  let written = 0;
  const line = (text: string) => {
    last.push(stripVTControlCharacters(text).trimEnd());
    if (last.length > shown) last.shift();
    if (written < largest) writeSync(file, written + text.length < largest ? `${text}\n` : '(output truncated)\n');
    written += text.length + 1;
    onLine?.(text);
  };
  try {
    return await work({ line, ended: (how) => ({ ...how, log: path, last: [...last] }) });
  } catch (error) {
    if (written === 0) rmSync(dirname(path), { recursive: true, force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}

/**
 * Runs the tests of a project on this machine, from a list of arguments, without a shell. Only where a person asks for it: the tests can do
 * whatever that person can. Tests that fail are a result; a program that is not there is a UserError (`program-missing`). Ends the tests and
 * all that they started at the limit, and when aborted.
 */
export const runTestsOnHost = (argv: readonly string[], options: TestOptions): Promise<TestRun> =>
  withTestLog(options.onLine, async (log) => {
    const { cwd, timeoutMs, signal } = options;
    const { code, timedOut } = await runOnHost(argv, {
      cwd,
      env: environment(options.env),
      timeoutMs,
      signal,
      onLine: log.line,
      discard: true,
    });
    return log.ended({ code, timedOut });
  });

/** `CI` keeps test runners from waiting for a change of a file. */
function environment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const own = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { CI: 'true', ...Object.fromEntries(own), ...more };
}
