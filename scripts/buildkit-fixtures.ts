import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The release whose parser the tests hold ours against. */
const version = 'v0.26.2';

/**
 * Bring BuildKit's parser fixtures for the tests: the Go tool puts the module into its own cache, and `.cache/buildkit` points there.
 * Nothing of it is kept in this repository. Without Go, set DOCKWRIGHT_BUILDKIT to a checkout or a git directory instead.
 */
const where = resolve(dirname(fileURLToPath(import.meta.url)), '../.cache/buildkit');
const answer: unknown = JSON.parse(
  execFileSync('go', ['mod', 'download', '-json', `github.com/moby/buildkit@${version}`], { encoding: 'utf8' }),
);
const folder = typeof answer === 'object' && answer !== null && 'Dir' in answer ? answer.Dir : undefined;
if (typeof folder !== 'string') throw new Error('the Go tool names no folder of the module');
mkdirSync(dirname(where), { recursive: true });
rmSync(where, { force: true });
symlinkSync(folder, where);
console.log(`${where} -> ${folder}`);
