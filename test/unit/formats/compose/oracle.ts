import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { readCompose } from '../../../../src/formats/compose/index.ts';
import type { Case } from './cases.ts';

/** What compose prints for a case, with paths as our model has them, or that it fails. */
export type Answer = { readonly model: unknown } | { readonly error: string };

/** Whether the docker CLI has the compose that our model follows, 2.40: others print some keys in another way. It needs no engine. */
export function hasCompose(): boolean {
  const { stdout } = spawnSync('docker', ['compose', 'version', '--short'], { encoding: 'utf8', timeout: 30_000 });
  return /^v?2\.40\./.test(stdout ?? '');
}

const HOME = '/home/somebody';

/** Asks the docker CLI, which needs no engine for this. Runs on files that the test wrote, with nothing of this shell. */
export async function askCompose({ files, main = ['compose.yaml'], variables = {} }: Case): Promise<Answer> {
  const outer = mkdtempSync(join(tmpdir(), 'compose-case-'));
  const root = join(outer, 'a/b/project');
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const named = main.flatMap((file) => ['--file', file]);
    return await config(named, root, variables, (model) => relative(model, outer, root));
  } finally {
    rmSync(outer, { recursive: true, force: true });
  }
}

function config(
  named: readonly string[],
  cwd: string,
  variables: Readonly<Record<string, string>>,
  convert: (model: unknown) => unknown,
): Promise<Answer> {
  const args = ['compose', ...named, '--profile', '*', 'config', '--format', 'json'];
  const env = { PATH: process.env['PATH'], HOME, COMPOSE_DISABLE_ENV_FILE: '1', ...variables };
  return new Promise((resolve) => {
    execFile('docker', args, { cwd, env, encoding: 'utf8', timeout: 60_000 }, (error, stdout, stderr) => {
      resolve(error ? { error: stderr } : { model: convert(JSON.parse(stdout)) });
    });
  });
}

/** Absolute paths as paths from the root, and `$$` as `$`. */
function relative(value: unknown, outer: string, root: string): unknown {
  if (typeof value === 'string') {
    const text = value.replaceAll('$$', '$');
    if (text.startsWith(`${HOME}/`)) return `~${text.slice(HOME.length)}`;
    if (!text.startsWith(outer)) return text;
    const path = posix.relative(root, text) || '.';
    return path.startsWith('~') ? `./${path}` : path;
  }
  if (Array.isArray(value)) return value.map((item) => relative(item, outer, root));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.replaceAll('$$', '$'), relative(inner, outer, root)]),
  );
}

/** Our model of a case. */
export const read = ({ files, main = ['compose.yaml'], variables = {} }: Case) =>
  readCompose({
    files: main,
    read: (path) => (Object.hasOwn(files, path) ? files[path] : undefined),
    variables,
  });
