import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The files of BuildKit's Dockerfile frontend, by their path in it; undefined where the machine has none. */
export type Frontend = { readonly paths: readonly string[]; readonly read: (path: string) => string };

const inside = 'frontend/dockerfile';

function checkout(root: string): Frontend {
  const folder = join(root, inside);
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return { paths, read: (path) => readFileSync(join(folder, path), 'utf8') };
}

function gitDirectory(root: string): Frontend {
  const git = (...args: string[]) =>
    execFileSync('git', [`--git-dir=${root}`, ...args], { encoding: 'utf8', maxBuffer: 1 << 26 });
  const paths = git('ls-tree', '-r', '--name-only', `HEAD:${inside}`).trim().split('\n');
  return { paths, read: (path) => git('show', `HEAD:${inside}/${path}`) };
}

function moduleCache(): readonly string[] {
  try {
    const modules = execFileSync('go', ['env', 'GOMODCACHE'], { encoding: 'utf8' }).trim();
    const owner = join(modules, 'github.com/moby');
    const versions = readdirSync(owner).filter((name) => name.startsWith('buildkit@'));
    return versions.map((name) => join(owner, name));
  } catch {
    return [];
  }
}

/** Look in DOCKWRIGHT_BUILDKIT (a checkout or a git directory), in `.cache/buildkit` and in the Go tool's module cache. */
export function frontend(): Frontend | undefined {
  const named = process.env['DOCKWRIGHT_BUILDKIT'];
  const cached = fileURLToPath(new URL('../../../../.cache/buildkit', import.meta.url));
  for (const root of [...(named ? [named] : []), cached, ...moduleCache()]) {
    if (existsSync(join(root, inside, 'parser/testfiles'))) return checkout(root);
    if (existsSync(join(root, 'HEAD'))) return gitDirectory(root);
    if (root === named) throw new Error(`DOCKWRIGHT_BUILDKIT: ${root} holds no BuildKit`);
  }
  return undefined;
}
