import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(fileURLToPath(import.meta.url), '../..');
export const cli = join(root, 'dist/cli.mjs');

/** The middle and the best of several runs. */
export type Times = { readonly median: number; readonly best: number };

export function timesOf(values: readonly number[]): Times {
  const sorted = [...values].sort((a, b) => a - b);
  const [best = Number.NaN] = sorted;
  return { median: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN, best };
}

/** Milliseconds of each of several runs of one function. */
export function repeat(runs: number, run: (index: number) => void): Times {
  const values = Array.from({ length: runs }, (_, index) => {
    const begin = performance.now();
    run(index);
    return performance.now() - begin;
  });
  return timesOf(values);
}

/** Runs Node once; fails where it does. */
export const node = (args: readonly string[], cwd = root): void => {
  execFileSync(process.execPath, args, { cwd, stdio: 'ignore' });
};

/** Runs docker; its output, or a thrown error with what it said. */
export function docker(args: readonly string[], options: { cwd?: string; env?: Record<string, string> } = {}): string {
  const run = spawnSync('docker', args, {
    cwd: options.cwd ?? root,
    encoding: 'utf8',
    env: { ...process.env, ...options.env },
    maxBuffer: 1e8,
  });
  if (run.status !== 0)
    throw new Error(`docker ${args.join(' ')}: ${run.stderr.trim().split('\n').slice(-5).join('\n')}`);
  return run.stdout.trim();
}
