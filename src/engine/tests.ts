import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { run } from './exec.ts';

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

/**
 * Runs the tests of a project from a list of arguments, without a shell, and keeps what they print. Tests that fail are a result; a
 * program that is not there is a UserError (`program-missing`). Ends the tests and all that they started at the limit, and when aborted.
 */
export async function runTests(argv: readonly string[], options: TestOptions): Promise<TestRun> {
  const log = join(mkdtempSync(join(tmpdir(), 'dockwright-tests-')), 'tests.log');
  const file = openSync(log, 'wx', 0o600);
  const last: string[] = [];
  let written = 0;
  const keep = (line: string) => {
    last.push(stripVTControlCharacters(line).trimEnd());
    if (last.length > shown) last.shift();
    if (written < largest) writeSync(file, written + line.length < largest ? `${line}\n` : '(the rest is left out)\n');
    written += line.length + 1;
    options.onLine?.(line);
  };
  try {
    const { code, timedOut } = await run(argv, {
      cwd: options.cwd,
      env: environment(options.env),
      timeoutMs: options.timeoutMs,
      signal: options.signal,
      onLine: keep,
      discard: true,
    });
    return { code, timedOut, log, last };
  } catch (error) {
    if (written === 0) rmSync(dirname(log), { recursive: true, force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}

/** `CI` keeps test runners from waiting for a change of a file. */
function environment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const own = Object.entries(process.env).filter((one): one is [string, string] => one[1] !== undefined);
  return { CI: 'true', ...Object.fromEntries(own), ...more };
}
