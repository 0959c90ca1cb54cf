import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Sandbox } from './sandbox.ts';

export type Ran = {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
  readonly pid: number;
};

/** Runs the command line as it is published, in a sandbox. What takes longer is killed, and its code is null. */
export function runIn(box: Sandbox, cli: string, args: readonly string[], cwd: string, seconds: number): Promise<Ran> {
  const begin = performance.now();
  const child = spawn(process.execPath, [cli, ...args], { cwd, env: box.env, stdio: ['ignore', 'pipe', 'pipe'] });
  const parts = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  child.stdout.on('data', (chunk: Buffer) => parts.stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => parts.stderr.push(chunk));
  const timer = setTimeout(() => child.kill('SIGKILL'), seconds * 1000);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({
        code,
        // bytes that are no UTF-8 stay visible: as Latin-1 they are control characters
        stdout: decoded(Buffer.concat(parts.stdout)),
        stderr: decoded(Buffer.concat(parts.stderr)),
        seconds: (performance.now() - begin) / 1000,
        pid: child.pid ?? 0,
      });
    });
  });
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
}

/** Everything in a folder, `.git` too: path → kind, mode, and hash or target. A folder that is not there has nothing. */
export function snapshot(root: string, leftOut: readonly string[] = []): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  const visit = (folder: string, inside: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = inside === '' ? entry.name : `${inside}/${entry.name}`;
      if (leftOut.includes(path)) continue;
      const full = join(folder, entry.name);
      const mode = lstatSync(full).mode.toString(8);
      if (entry.isDirectory()) visit(full, path);
      found[path] = `${mode} ${entry.isSymbolicLink() ? readlinkSync(full) : entry.isFile() ? hash(full) : ''}`;
    }
  };
  visit(root, '');
  return found;
}

const hash = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');

/** The paths whose state differs. */
export function changes(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): string[] {
  const paths = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...paths].filter((path) => before[path] !== after[path]).sort();
}
