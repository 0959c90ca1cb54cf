import { hostname } from 'node:os';
import { tryDocker } from './docker.ts';
import { cached, forget, keep, keptKeys, removeOldFolders } from './temp.ts';

/** Label of everything that a run of ours makes; its value is the run's own name. */
const RUN_LABEL = 'io.dockwright.run';
/** Label that says which process made it, for people who look at the engine; nothing is removed on its word. */
export const OWNER_LABEL = 'io.dockwright.owner';

export const ownerOf = (pid = process.pid, host = hostname()): string => `${host}/${pid}`;

/** The labels of what this process makes for a run. */
export const labelsOf = (run: string): Readonly<Record<string, string>> => ({
  [RUN_LABEL]: run,
  [OWNER_LABEL]: ownerOf(),
});

/** Those labels as arguments of `docker run` and its kin. */
export const labelArguments = (run: string): string[] =>
  Object.entries(labelsOf(run)).flatMap(([name, value]) => ['--label', `${name}=${value}`]);

type Kind = { readonly list: (run: string) => readonly string[]; readonly remove: readonly string[] };

const byLabel = (run: string) => ['--filter', `label=${RUN_LABEL}=${run}`];

/** In the order in which they can go: nothing is removed while something still uses it. */
const kinds: readonly Kind[] = [
  {
    list: (run) => ['container', 'ls', '--all', '--quiet', ...byLabel(run)],
    remove: ['container', 'rm', '--force', '--volumes'],
  },
  { list: (run) => ['network', 'ls', '--quiet', ...byLabel(run)], remove: ['network', 'rm'] },
  { list: (run) => ['volume', 'ls', '--quiet', ...byLabel(run)], remove: ['volume', 'rm', '--force'] },
  {
    // by name and never by id: the same image may carry a name of the user's, who keeps it. A label would change its digest.
    list: (run) => [
      'image',
      'ls',
      '--format',
      '{{.Repository}}:{{.Tag}}',
      '--filter',
      `reference=${run}`,
      '--filter',
      `reference=${run}-*`,
    ],
    remove: ['image', 'rm'],
  },
];

/** What is there of one kind; undefined: the engine did not say. */
async function listed(kind: Kind, run: string): Promise<string[] | undefined> {
  const result = await tryDocker(kind.list(run), { timeoutMs: 60_000 });
  if (result.code !== 0) return undefined;
  return [...new Set(result.stdout.split('\n').filter((line) => line !== ''))];
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Removes everything that carries the label of a run, and the images of its name, and nothing else. An interrupted command may still be making things inside the
 * engine, so it looks again until nothing turns up twice in a row. Returns what could not be removed: the run itself where the engine did not answer.
 */
export async function removeRun(run: string): Promise<readonly string[]> {
  let quiet = 0;
  for (let round = 0; round < 40 && quiet < 3; round++) {
    let found = 0;
    for (const kind of kinds) {
      const ids = await listed(kind, run);
      // of an engine that is gone nothing is known: the next run looks again
      if (ids === undefined) return [run];
      found += ids.length;
      if (ids.length > 0) await tryDocker([...kind.remove, ...ids], { timeoutMs: 120_000 });
    }
    quiet = found === 0 ? quiet + 1 : 0;
    if (quiet < 3) await pause(250);
  }
  return (await Promise.all(kinds.map((kind) => listed(kind, run)))).flatMap((ids) => ids ?? [run]);
}

/** Whether the process that made something is gone. Only a process of this host can be judged. */
export function ownerGone(owner: string, alive: (pid: number) => boolean = isAlive, host = hostname()): boolean {
  const at = owner.lastIndexOf('/');
  const pid = Number(owner.slice(at + 1));
  return owner.slice(0, at) === host && Number.isInteger(pid) && pid > 0 && !alive(pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Notes that a run has begun, on this machine and outside of every project: nothing on the engine says for certain whose it is.
 * `endRun` removes the note.
 */
export const beginRun = (run: string): void => keep('runs', run, { owner: ownerOf() });

/** Removes what a run made, and the note of it. */
export async function endRun(run: string): Promise<void> {
  const remaining = await removeRun(run);
  if (remaining.length === 0) forget('runs', run);
}

/** The runs whose note says that their process is gone. */
function noted(): readonly string[] {
  return keptKeys('runs').filter((run) => {
    const note = cached('runs', run) as { owner?: unknown } | undefined;
    return typeof note?.owner !== 'string' || ownerGone(note.owner);
  });
}

/**
 * Removes what runs left whose process is gone: a `kill -9` leaves no other chance. Only runs that this machine noted count: a label is
 * text that every image, compose file and person can write. Returns the names of those runs.
 */
export async function sweep(): Promise<readonly string[]> {
  const runs = [...noted()].sort();
  for (const run of runs) await endRun(run);
  removeOldFolders(isAlive);
  return runs;
}
