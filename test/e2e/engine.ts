import { execFileSync } from 'node:child_process';
import { describe } from 'vitest';
import { findEngine } from '../../src/engine/docker.ts';
import { ownerGone, ownerOf } from '../../src/engine/run-labels.ts';
import { cached } from '../../src/engine/temp.ts';

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

const labels =
  '{{.Label "com.docker.compose.project"}}\t{{.Label "io.dockwright.run"}}\t{{.Label "io.dockwright.owner"}}';

/** Whether a run belongs to another process that is alive: others may use the same engine meanwhile. */
const isForeign = (owner: string) => owner !== '' && owner !== ownerOf() && !ownerGone(owner);

const noted = (run: string) => (cached('runs', run) as { owner?: string } | undefined)?.owner ?? '';

/**
 * What is on the engine that a run of ours could have made or touched: what belongs to the compose project `own`, and everything of
 * runs but those of other living processes.
 */
export function stateOf(own: string): readonly string[] {
  const labelled = (args: readonly string[], format: string) =>
    rows([...args, '--format', `${labels}\t${format}`]).flatMap((row) => {
      const [project = '', run = '', owner = '', ...rest] = row.split('\t');
      const ours = project === own || (run !== '' && !isForeign(owner));
      return ours ? [`${args[0]} ${rest.join(' ')}`] : [];
    });
  return [
    ...labelled(['container', 'ls', '--all'], '{{.ID}} {{.Names}} {{.State}}'),
    ...labelled(['network', 'ls'], '{{.ID}} {{.Name}}'),
    ...labelled(['volume', 'ls'], '{{.Name}}'),
    ...rows(['image', 'ls', '--format', '{{.Repository}}\t{{.Tag}}\t{{.ID}}']).flatMap((row) => {
      const [name = '', tag = '', id = ''] = row.split('\t');
      const ours = tag === own || (name.startsWith('dockwright-verify-') && !isForeign(noted(name)));
      return ours ? [`image ${name}:${tag} ${id}`] : [];
    }),
  ].sort();
}

/** Those of the stand-ins that this test bed has not made: what needs them cannot be tried. None on any other machine, whose engine pulls. */
export function missingStandIns(names: readonly string[]): readonly string[] {
  if (names.length === 0 || !engine) return [];
  const there = rows(['image', 'ls', '--format', '{{.Repository}}']);
  return there.some((name) => name.startsWith('testbed/'))
    ? names.filter((name) => !there.includes(`testbed/${name}`))
    : [];
}

/**
 * Where the test bed stands in for a registry: gives an image that is not there the name that is wanted, from another tag of the same
 * repository and variant. Returns the names it gave. On any other machine the engine pulls, and nothing is done here.
 */
export function standIns(images: readonly string[]): readonly string[] {
  const there = rows(['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}']);
  if (!there.some((name) => name.startsWith('testbed/'))) return [];
  return images.flatMap((wanted) => {
    const [repository = '', tag = ''] = wanted.split(':');
    const variant = tag.replace(/^[\d.]+/, '');
    const like = there.find(
      (name) =>
        name.startsWith(`${repository}:`) &&
        /^([\d.]+|latest)$/.test(name.slice(repository.length + 1).replace(variant, '')) &&
        name.endsWith(variant),
    );
    if (there.includes(wanted) || !like) return [];
    docker(['image', 'tag', like, wanted]);
    return [wanted];
  });
}
