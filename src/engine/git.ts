import { UserError } from '../model/errors.ts';
import { run } from './exec.ts';
import { environmentOf } from './programs.ts';
import { workFolder } from './temp.ts';

export type Revision = {
  /** the commit, 40 hex digits */
  readonly commit: string;
  /** seconds since 1970, of the commit */
  readonly time: number;
  /** files differ from the commit */
  readonly dirty: boolean;
};

async function git(
  cwd: string,
  args: readonly string[],
  signal?: AbortSignal | undefined,
): Promise<string | undefined> {
  const options = { cwd: workFolder(), env: environmentOf('git'), timeoutMs: 20_000, signal };
  const result = await run(['git', '-C', cwd, ...args], options).catch((error: unknown) => {
    if (error instanceof UserError) return undefined;
    throw error;
  });
  return result && result.code === 0 ? result.stdout : undefined;
}

/** The commit of a working tree; undefined where there is no git, no repository, or no commit yet. */
export async function revision(cwd: string, signal?: AbortSignal | undefined): Promise<Revision | undefined> {
  const head = await git(cwd, ['log', '-1', '--format=%H %ct'], signal);
  const [commit, time] = head?.trim().split(' ') ?? [];
  if (!commit || !time) return undefined;
  const status = await git(cwd, ['status', '--porcelain', '--', '.'], signal);
  return { commit, time: Number(time), dirty: status === undefined || status.trim() !== '' };
}
