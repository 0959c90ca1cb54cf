import { type ChildProcess, spawn } from 'node:child_process';
import { UserError } from '../model/errors.ts';

export type RunOptions = {
  readonly cwd?: string | undefined;
  /** the whole environment of the program; default: ours */
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly input?: string | undefined;
  readonly timeoutMs?: number | undefined;
  /** ends the program, and whatever it started, when aborted */
  readonly signal?: AbortSignal | undefined;
  /** each line as it comes, of either stream */
  readonly onLine?: ((line: string, stream: 'stdout' | 'stderr') => void) | undefined;
  /** the output is told line by line and not gathered: it may be without an end */
  readonly discard?: boolean | undefined;
};

export type RunResult = {
  /** exit code; 128 and more where a signal ended it */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
};

/** How long a program may take to end by itself before it is killed, in milliseconds. */
const PATIENCE = 3000;

/**
 * Runs a program from a list of arguments; no shell reads them. An exit code other than 0 is a result, not an error. Throws the reason
 * of the signal when aborted, once the program has ended, and `UserError` (`program-missing`) where there is no such program.
 */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const [program = '', ...args] = argv;
  options.signal?.throwIfAborted();
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: options.env ? { ...options.env } : process.env,
    stdio: ['pipe', 'pipe', 'pipe'],
    // a group of its own: what the program starts ends with it, and Ctrl+C in the terminal reaches us first
    detached: process.platform !== 'win32',
  });
  const stdout = collect(child.stdout, 'stdout', options);
  const stderr = collect(child.stderr, 'stderr', options);
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');

  let timedOut = false;
  const end = () => endGroup(child);
  const timer =
    options.timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true;
          end();
        }, options.timeoutMs);
  options.signal?.addEventListener('abort', end, { once: true });
  try {
    const code = await ended(child, program);
    options.signal?.throwIfAborted();
    return { code, stdout: stdout(), stderr: stderr(), timedOut };
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', end);
  }
}

/** Gathers a stream as text and tells its lines. */
function collect(
  stream: NodeJS.ReadableStream,
  name: 'stdout' | 'stderr',
  { onLine, discard }: Pick<RunOptions, 'onLine' | 'discard'>,
): () => string {
  const parts: string[] = [];
  let left = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    if (!discard) parts.push(chunk);
    if (!onLine) return;
    const lines = (left + chunk).split(/\r?\n/);
    left = lines.pop() ?? '';
    for (const line of lines) onLine(line, name);
  });
  stream.on('end', () => {
    if (left !== '') onLine?.(left, name);
    left = '';
  });
  return () => parts.join('');
}

const numbers: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

function ended(child: ChildProcess, program: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'ENOENT' ? missing(program) : error);
    });
    child.once('close', (code, signal) => resolve(code ?? 128 + (numbers[signal ?? ''] ?? 0)));
  });
}

const missing = (program: string) =>
  new UserError({
    code: 'program-missing',
    message: `The program ${program} is not there.`,
    next: [`Install ${program}, or put it on the PATH.`],
    exit: 4,
  });

/** Ends a program and its children: first kindly, then for certain. */
function endGroup(child: ChildProcess): void {
  const kill = (signal: NodeJS.Signals) => {
    if (child.pid === undefined) return;
    try {
      // the group outlives its first program: one of its children may hold our pipes and ignore the kind signal
      process.kill(process.platform === 'win32' ? child.pid : -child.pid, signal);
    } catch {
      if (child.exitCode === null) child.kill(signal);
    }
  };
  kill('SIGTERM');
  const timer = setTimeout(() => kill('SIGKILL'), PATIENCE);
  child.once('close', () => clearTimeout(timer));
}
