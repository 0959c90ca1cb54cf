import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';

import { modeOf, paths, textOf, type Version, writeNext } from '../../support/alternate.ts';
import { contentsOf, fill } from '../../support/folder.ts';
import { repository } from '../../support/projects.ts';
import { recoverWrites } from '../../support/record.ts';

const kills = Number(process.env['KILLS'] ?? 20);
const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);

/** Numbers from 0 to 1 that follow from the seed (mulberry32). */
function numbers(from: number): () => number {
  let state = from;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const scratch = mkdtempSync(join(tmpdir(), 'dockwright-kill-'));
const root = join(scratch, 'root');
mkdirSync(root);
const living = new Set<ChildProcess>();
afterAll(async () => {
  const ended = [...living].map((child) => new Promise((resolve) => child.once('close', resolve)));
  for (const child of living) child.kill('SIGKILL');
  await Promise.all(ended);
  rmSync(scratch, { recursive: true, force: true });
});

/** A process that has loaded everything and waits to be told where to write. */
async function writer(): Promise<ChildProcess> {
  const file = join(repository, 'test/support/alternate.ts');
  const jiti = join(repository, 'node_modules/jiti/lib/jiti-cli.mjs');
  const child = spawn(process.execPath, [jiti, file, 'alternate', scratch], { stdio: ['pipe', 'pipe', 'inherit'] });
  living.add(child);
  await says(child);
  return child;
}

const says = (child: ChildProcess) => new Promise((resolve) => child.stdout?.once('data', resolve));

const fresh = { 'mine.txt': 'mine\n', 'src/own.ts': 'own\n' };
const version = (name: Version) => ({
  ...fresh,
  ...Object.fromEntries(paths.map((path) => [path, textOf(name, path)])),
});
function contentsAfter(files: Readonly<Record<string, string>>) {
  fill(root, files);
  for (const path of Object.keys(files)) chmodSync(join(root, path), modeOf(path));
  return contentsOf(root);
}

it(`leaves a folder as before or as after, killed ${kills} times at a random moment`, {
  timeout: 300_000,
}, async () => {
  console.log(`seed ${seed} (SEED=${seed} KILLS=${kills} repeats it)`);
  const random = numbers(seed);
  const allowed = {
    A: contentsAfter(version('A')),
    B: contentsAfter(version('B')),
    empty: contentsAfter(fresh),
  };
  const started = performance.now();
  for (let times = 0; times < 4; times += 1) writeNext(root);
  const span = (performance.now() - started) / 4;
  const ends = { A: 0, B: 0, empty: 0 };
  const recovered = { nothing: 0, finished: 0, undone: 0 };
  let next = writer();
  for (let kill = 0; kill < kills; kill += 1) {
    const child = await next;
    next = writer();
    // every third time the folder has none of the files yet; the next time it has all; then it is as the last kill left it
    const first = kill % 3 === 0;
    if (kill % 3 < 2) contentsAfter(first ? fresh : version('A'));
    const begins = says(child);
    child.stdin?.write(`${root}\n`);
    await begins;
    await wait(random() * span * (first ? 1.5 : 4));
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));
    living.delete(child);
    expect(child.signalCode, 'it was killed, and did not end by itself').toBe('SIGKILL');
    recovered[recoverWrites(root)] += 1;
    const now = contentsOf(root);
    const end = (['A', 'B', 'empty'] as const).find((name) => JSON.stringify(allowed[name]) === JSON.stringify(now));
    expect(now, `kill ${kill}`).toEqual(allowed[end ?? 'A']);
    if (end) ends[end] += 1;
    expect(recoverWrites(root)).toBe('nothing');
  }
  console.log(
    `${kills} kills in writes of ${span.toFixed()} ms: ${ends.A} times version A, ${ends.B} times version B, ${ends.empty} times none yet; ` +
      `${recovered.finished} recovered forward, ${recovered.undone} recovered back, ${recovered.nothing} with nothing to recover`,
  );
  expect(recovered.finished + recovered.undone, 'the kills did hit the writing').toBeGreaterThan(kills / 4);
});
