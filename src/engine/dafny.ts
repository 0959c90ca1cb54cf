import { UserError } from '../model/errors.ts';
import { type RunOptions, run } from './exec.ts';

/** What a proving tool said of one file. */
export type Proving = { readonly verified: boolean; readonly summary: string; readonly output: string };

const missing = (): UserError =>
  new UserError({
    code: 'program-missing',
    message: 'Dafny is not there, so its proofs cannot be run',
    next: ['install it (https://dafny.org) so that `dafny --version` answers, and run the command again'],
    exit: 4,
  });

/** Dafny's version, such as 4.9; undefined where it is not installed. */
export async function dafnyVersion(options: RunOptions = {}): Promise<number | undefined> {
  try {
    // 4.x answers --version, 2.x and 3.x /version
    for (const flag of ['--version', '/version']) {
      const { stdout } = await run(['dafny', flag], { ...options, timeoutMs: 60_000 });
      const version = /(?<!\d)(\d+)\.(\d+)/.exec(stdout);
      if (version) return Number(`${version[1]}.${version[2]}`);
    }
    return undefined;
  } catch (error) {
    if (error instanceof UserError && error.code === 'program-missing') return undefined;
    throw error;
  }
}

/** Verifies one Dafny file. A file that does not verify is a result; a tool that is not there is a UserError. */
export async function runDafny(file: string, options: RunOptions): Promise<Proving> {
  const version = await dafnyVersion(options);
  if (version === undefined) throw missing();
  const argv = version >= 4 ? ['dafny', 'verify', file] : ['dafny', '/compile:0', file];
  const { code, stdout, stderr, timedOut } = await run(argv, options);
  const output = `${stdout}\n${stderr}`.trim();
  if (timedOut) return { verified: false, summary: 'the time limit was reached', output };
  // the last word of every version: "Dafny program verifier finished with 2 verified, 0 errors"
  const said = /Dafny program verifier finished with (\d+) verified, (\d+) errors?.*/.exec(output);
  return {
    verified: code === 0 && said?.[2] === '0' && !/time ?outs?|inconclusive|out of memory/.test(said[0]),
    summary:
      said?.[0] ?? output.split('\n').find((line) => /error/i.test(line)) ?? `dafny ended with exit code ${code}`,
    output,
  };
}
