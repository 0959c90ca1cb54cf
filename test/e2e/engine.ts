import { execFileSync } from 'node:child_process';
import { describe } from 'vitest';
import { findEngine } from '../../src/engine/docker.ts';

/** The engine that answers, or undefined. The tests that need one are skipped without it, and say so. */
export const engine = await findEngine();

if (!engine) console.warn('No Docker Engine answers (docker info): the engine tests are skipped.');

/** `describe` for tests that need an engine. */
export const withEngine = describe.skipIf(!(engine?.buildx && engine.compose));

/** Runs docker and gives back what it printed; fails where docker does. */
export function docker(args: readonly string[], cwd?: string): string {
  return execFileSync('docker', args, { encoding: 'utf8', cwd, stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1e8 });
}

const rows = (args: readonly string[]) =>
  docker(args)
    .split('\n')
    .filter((row) => row !== '');

const project = '{{.Label "com.docker.compose.project"}}\t{{.Label "io.dockwright.run"}}';

/**
 * What is on the engine that a run of ours could have made or touched: everything but what belongs to compose projects that are not
 * `own`, since others may use the same engine meanwhile.
 */
export function stateOf(own: string): readonly string[] {
  const mine = ([name = '', run = '']: readonly string[]) =>
    run !== '' || name === own || name.startsWith('dockwright-verify-');
  const labelled = (args: readonly string[], format: string) =>
    rows([...args, '--format', `${project}\t${format}`])
      .filter((row) => mine(row.split('\t')))
      .map((row) => `${args[0]} ${row}`);
  return [
    ...labelled(['container', 'ls', '--all'], '{{.ID}} {{.Names}} {{.State}}'),
    ...labelled(['network', 'ls'], '{{.ID}} {{.Name}}'),
    ...labelled(['volume', 'ls'], '{{.Name}}'),
    ...rows(['image', 'ls', '--format', '{{.Repository}}:{{.Tag}} {{.ID}}'])
      .filter((row) => row.startsWith('dockwright-verify-') || row.startsWith(own))
      .map((row) => `image ${row}`),
  ].sort();
}

/** Numbers that look random and come again from the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
