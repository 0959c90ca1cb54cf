import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What the tests hold ours against, as Go modules: BuildKit's parser fixtures, and the schema of the compose specification. */
const modules = {
  buildkit: 'github.com/moby/buildkit@v0.26.2',
  'compose-go': 'github.com/compose-spec/compose-go/v2@v2.16.2',
};

/**
 * Bring them for the tests: the Go tool puts a module into its own cache, and `.cache/NAME` points there. Nothing of them is kept in this
 * repository. Without Go, set DOCKWRIGHT_BUILDKIT or DOCKWRIGHT_COMPOSE_GO to a checkout instead.
 */
for (const [name, module] of Object.entries(modules)) {
  const where = resolve(dirname(fileURLToPath(import.meta.url)), '../.cache', name);
  const answer: unknown = JSON.parse(execFileSync('go', ['mod', 'download', '-json', module], { encoding: 'utf8' }));
  const folder = typeof answer === 'object' && answer !== null && 'Dir' in answer ? answer.Dir : undefined;
  if (typeof folder !== 'string') throw new Error(`The Go tool names no folder of ${module}.`);
  mkdirSync(dirname(where), { recursive: true });
  rmSync(where, { force: true });
  symlinkSync(folder, where);
  console.log(`${where} -> ${folder}`);
}
