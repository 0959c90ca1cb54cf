import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { runWords } from '../../src/cli/run.ts';
import { useColor } from '../../src/cli/terminal.ts';
import { repository } from './projects.ts';

export type Ran = { readonly code: number | null; readonly out: string; readonly err: string };

/** Runs the command line from its source, as a program of its own, without a terminal. */
export function dockwright(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const jiti = join(repository, 'node_modules/jiti/lib/jiti-cli.mjs');
  const child = spawn(process.execPath, [jiti, join(repository, 'src/main.ts'), ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: '1', LANG: 'C.UTF-8', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
}

/** Runs the command line in this process, which takes no time to start; both streams are caught. */
export async function dockwrightHere(args: readonly string[], color = false): Promise<Ran> {
  const { stdout, stderr } = process;
  const before = { out: stdout.write, err: stderr.write };
  const caught = { out: '', err: '' };
  const into = (name: keyof typeof caught) =>
    ((chunk: string | Uint8Array) => {
      caught[name] += typeof chunk === 'string' ? chunk : new TextDecoder().decode(chunk);
      return true;
    }) as typeof stdout.write;
  useColor(color);
  stdout.write = into('out');
  stderr.write = into('err');
  try {
    const code = await runWords(args, new AbortController().signal);
    return { code, ...caught };
  } finally {
    stdout.write = before.out;
    stderr.write = before.err;
    useColor(false);
  }
}
