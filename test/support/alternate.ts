import { existsSync, mkdtempSync, readFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FileWrite, sha256, writeFiles } from '../../src/write/write.ts';

/** Two versions of twelve files: sources, state, folders inside folders, from a few bytes to 200 kB. */
export const paths = [
  'Dockerfile',
  'compose.yaml',
  '.dockerignore',
  '.env.example',
  'run.sh',
  'src/health.ts',
  'src/deep/er/preload.ts',
  'ops/nginx.conf',
  'ops/large.txt',
  '.dockwright/state.json',
  '.dockwright/last/Dockerfile',
  '.dockwright/last/src/health.ts',
] as const;
export type Version = 'A' | 'B';
export const textOf = (version: Version, path: string): string =>
  `${version} ${path}\r\n`.repeat(path === 'ops/large.txt' ? 10_000 : path.length * (version === 'A' ? 10 : 7));
export const modeOf = (path: string): number => (path === 'run.sh' ? 0o755 : 0o644);

/** Writes the version that is not there. */
export function writeNext(root: string): void {
  const there = (path: string) => (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined);
  const next: Version = there('Dockerfile') === textOf('A', 'Dockerfile') ? 'B' : 'A';
  const files = paths.map((path): FileWrite => {
    const now = there(path);
    return { path, content: textOf(next, path), mode: modeOf(path), base: now === undefined ? null : sha256(now) };
  });
  writeFiles(root, files);
}

// as a program: writes the two versions in turn, for ever, once a line on standard input has said where; to be killed in the middle of it
if (process.argv[2] === 'alternate') {
  process.stdin.once('data', (line) => {
    const root = line.toString().trim();
    writeSync(1, 'begins\n');
    writeFiles(root, []);
    for (;;) writeNext(root);
  });
  // once elsewhere, so that the first write is as fast as those that follow
  const elsewhere = mkdtempSync(join(process.argv[3] ?? tmpdir(), 'warm-'));
  for (let times = 0; times < 3; times += 1) writeNext(elsewhere);
  writeSync(1, 'waits\n');
}
