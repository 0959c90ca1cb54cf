import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { repository } from '../support/projects.ts';
import { docker, withEngine } from './engine.ts';
import { type Copy, type Deployment, deployment, generated } from './whole-way.ts';

withEngine('a job with a schedule', () => {
  let copy: Copy;
  let run: Deployment;
  let id = '';
  beforeAll(async () => {
    copy = await generated(join(repository, 'examples/nightly-report'));
    run = deployment(copy);
    run.compose('build', 'app');
    // the profile as it is, but for the hour: nobody waits for the night
    id = run.compose('run', '--detach', '--env', 'SCHEDULE=* * * * *', 'schedule').trim().split('\n').at(-1) ?? '';
  });
  afterAll(() => {
    if (id) docker(['rm', '--force', id]);
    run?.down();
    copy?.remove();
  });

  const logs = () => docker(['logs', id]);

  it('starts the job at the minute, in the image of the job', { timeout: 120_000 }, async () => {
    const end = Date.now() + 90_000;
    while (!logs().includes('the job ended') && Date.now() < end) await new Promise((wake) => setTimeout(wake, 500));
    expect(logs()).toContain('"message":"the job starts"');
    expect(logs()).toContain('"written":"reports/');
    expect(logs()).toMatch(/"the job ended","code":0/);
  });

  it('ends at once when it is stopped', () => {
    docker(['stop', '--timeout', '10', id]);
    expect(docker(['inspect', '--format', '{{.State.ExitCode}}', id]).trim()).toBe('0');
  });

  it('is left alone by `docker compose up`', () => {
    expect(run.compose('config', '--services').split('\n')).not.toContain('schedule');
  });
});
