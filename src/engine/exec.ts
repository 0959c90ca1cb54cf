import { type ChildProcess, spawn } from 'node:child_process';
import { findProgram, missingProgram } from './path.ts';
import { checkEnvironment, onHostRule, type ProgramName, type ProgramRule, ruleOf } from './programs.ts';
import { isOwnFolder } from './temp.ts';

export type RunOptions = {
  /** absolute; a temporary folder that this process made, or one inside it */
  readonly cwd: string;
  /** the whole environment of the program: `environmentOf` makes it */
  readonly env: Readonly<Record<string, string>>;
  /** milliseconds after which the program, and whatever it started, is ended */
  readonly timeoutMs: number;
  readonly input?: string | undefined;
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
 * Runs a program of the table in `programs.ts` from a list of arguments; no shell reads them. It is looked for on the PATH, outside of every
 * project. An exit code other than 0 is a result, not an error. Throws the reason of the signal when aborted, once the program has ended, and
 * `UserError` (`program-missing`, `program-in-project`, `variable-refused`). A program, working folder or limit against the table is a bug.
 */
export async function run(argv: readonly [ProgramName, ...string[]], options: RunOptions): Promise<RunResult> {
  const [program, ...args] = argv;
  checkLimit(ruleOf(argv), options.timeoutMs);
  if (!isOwnFolder(options.cwd))
    throw new Error(`${program} would be started in ${options.cwd}, which is not a folder that Dockwright made`);
  checkEnvironment(options.env);
  // the name of a credential helper is a part of the name of its program
  const [helper = '', ...rest] = args;
  return program === 'docker-credential'
    ? start(findProgram(`${program}-${helper}`), rest, options)
    : start(findProgram(program), args, options);
}

/**
 * Runs what a project names as its tests, on this machine, as the person would who asks for it: in the folder of the project and with the
 * given environment. Nothing but `check --tests --on-host` may come here.
 */
export async function runOnHost(argv: readonly string[], options: RunOptions): Promise<RunResult> {
  const [program = '', ...args] = argv;
  checkLimit(onHostRule, options.timeoutMs);
  return start(program, args, options);
}

function checkLimit({ longestMs }: Pick<ProgramRule, 'longestMs'>, timeoutMs: number): void {
  if (!(timeoutMs > 0 && timeoutMs <= longestMs))
    throw new Error(`a time limit of ${timeoutMs} ms is not in the table`);
}

async function start(program: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  options.signal?.throwIfAborted();
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...options.env },
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
  const timer = setTimeout(() => {
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
  let pending = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    if (!discard) parts.push(chunk);
    if (!onLine) return;
    const lines = (pending + chunk).split(/\r?\n/);
    pending = lines.pop() ?? '';
    for (const line of lines) onLine(line, name);
  });
  stream.on('end', () => {
    if (pending !== '') onLine?.(pending, name);
    pending = '';
  });
  return () => parts.join('');
}

const numbers: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

function ended(child: ChildProcess, program: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'ENOENT' ? missingProgram(program) : error);
    });
    child.once('close', (code, signal) => resolve(code ?? 128 + (numbers[signal ?? ''] ?? 0)));
  });
}

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
