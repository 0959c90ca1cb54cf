import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { removeRun, sweep } from '../../src/engine/run-labels.ts';
import { verify } from '../../src/flows/verify.ts';
import { repository } from '../support/projects.ts';
import { randomFrom } from '../support/random.ts';
import { docker, stateOf, withEngine } from './engine.ts';
import { ask, type Copy, caseOf, type Deployment, deployment, generated } from './whole-way.ts';

const MOMENTS = Number(process.env['MOMENTS'] ?? 20);
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

/** The folder of a project whose proof has every kind of step, a backing service included. */
const folder = join(repository, 'fixtures/apps/bun-hono-postgres');

withEngine(`verify, interrupted (SEED=${seed})`, () => {
  let copy: Copy;
  let own: Deployment;
  beforeAll(async () => {
    copy = await generated(folder);
    // the user's own deployment of the same project runs all the while, with data in it
    own = deployment(copy);
    own.compose('up', '--build', '--detach', '--wait');
    await ask(own.url(), caseOf(folder).http);
    await verify({ cwd: copy.root });
  });
  afterAll(() => {
    own?.down();
    copy?.remove();
  });

  it(`leaves everything as it was, at ${MOMENTS} random moments`, { timeout: 1_800_000 }, async () => {
    console.log(`SEED=${seed}`);
    const random = randomFrom(seed);
    const before = stateOf(own.name);
    const answered = await (await fetch(`${own.url()}/notes`)).text();
    const started = performance.now();
    await verify({ cwd: copy.root });
    const whole = performance.now() - started;
    const after: string[] = [];
    for (let moment = 0; moment < MOMENTS; moment++) {
      const abort = new AbortController();
      const at = Math.floor(random() * whole * 0.95);
      const timer = setTimeout(() => abort.abort(new Error('interrupted')), at);
      let step = '';
      const end = await verify({ cwd: copy.root, signal: abort.signal }, (event) => {
        if (event.type === 'step') step = event.title;
      }).then(
        () => 'finished',
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
      clearTimeout(timer);
      expect(end, `at ${at} ms, in "${step}"`).toMatch(/^(interrupted|finished)$/);
      expect(stateOf(own.name), `at ${at} ms, in "${step}"`).toEqual(before);
      after.push(end);
    }
    // a machine that suddenly is twice as fast may finish now and then: most must have been interrupted
    expect(after.filter((end) => end === 'interrupted').length).toBeGreaterThan(MOMENTS / 2);
    expect(await (await fetch(`${own.url()}/notes`)).text()).toBe(answered);
  });

  it('is cleared away by the next one when it was killed', async () => {
    const before = stateOf(own.name);
    const program = [
      `import { verify } from ${JSON.stringify(join(repository, 'src/flows/verify.ts'))};`,
      `await verify({ cwd: ${JSON.stringify(copy.root)} }, (event) => { if (event.type === 'step') console.log(event.id); });`,
    ].join('\n');
    const jiti = join(repository, 'node_modules/jiti/lib/jiti-cli.mjs');
    const file = join(copy.root, '.git', 'killed.ts');
    writeFileSync(file, program);
    const child = spawn(process.execPath, [jiti, file], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise<void>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => chunk.toString().includes('hardened') && resolve());
      child.once('exit', () => resolve());
    });
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));
    const left = stateOf(own.name).filter((row) => !before.includes(row));
    expect(left.join('\n')).toContain('dockwright-verify-');
    const swept = await sweep();
    expect(swept.filter((run) => left.join('\n').includes(run))).toHaveLength(1);
    expect(stateOf(own.name)).toEqual(before);
  });

  it('removes nothing that is not its own', async () => {
    const name = `e2e-other-${process.pid}`;
    docker(['volume', 'create', '--label', 'io.dockwright.run=another', name]);
    await removeRun('one-that-never-was');
    expect(docker(['volume', 'ls', '--quiet', '--filter', `name=${name}`]).trim()).toBe(name);
    docker(['volume', 'rm', name]);
  });
});
