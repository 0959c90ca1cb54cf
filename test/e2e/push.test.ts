import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { build } from '../../src/flows/build.ts';
import { push } from '../../src/flows/push.ts';
import { repository } from '../support/projects.ts';
import { docker, withEngine } from './engine.ts';
import { type Copy, generated } from './whole-way.ts';

const name = `dockwright-registry-${randomBytes(4).toString('hex')}`;
let host = '';
let copy: Copy;

const options = () => ({
  cwd: copy.root,
  set: { registry: `${host}/acme/nightly` },
  confirm: async () => true,
});

withEngine('a push', () => {
  beforeAll(async () => {
    docker(['run', '--detach', '--name', name, '--publish', '127.0.0.1::5000', 'registry:2']);
    host = docker(['port', name, '5000/tcp']).trim();
    copy = await generated(join(repository, 'examples/nightly-report'));
  });
  afterAll(() => {
    docker(['rm', '--force', '--volumes', name]);
    copy?.remove();
  });

  it('refuses what is not built, and what was not verified, and uploads nothing', async () => {
    docker(['image', 'rm', '--force', 'nightly-report:local']);
    await expect(push(options())).rejects.toMatchObject({ code: 'not-built', exit: 1 });
    await build({ cwd: copy.root, baseline: false });
    await expect(push(options())).rejects.toMatchObject({
      code: 'not-verified',
      exit: 1,
      next: expect.arrayContaining([expect.stringContaining('--unverified')]),
    });
    await expect(push({ ...options(), confirm: async () => false })).rejects.toMatchObject({ exit: 2 });
    const answer = await fetch(`http://${host}/v2/acme/nightly/tags/list`);
    expect(answer.status).toBe(404);
  });

  it('sends what is on the engine, once, and what is pulled by digest is the same', async () => {
    const first = await push({ ...options(), unverified: true });
    if (first.several) throw new Error('there is one application');
    const { digest, tags, uploaded, run } = first.report;
    expect(digest).toBe(docker(['image', 'inspect', '--format', '{{.Id}}', 'nightly-report:local']).trim());
    expect(uploaded).toBeGreaterThan(0);
    expect(tags.length).toBeGreaterThan(1);
    expect(run).toBe(`docker run --rm ${host}/acme/nightly@${digest}`);
    const again = await push({ ...options(), unverified: true });
    expect(again).toMatchObject({ report: { digest, uploaded: 0 } });
    docker(['pull', `${host}/acme/nightly@${digest}`]);
    docker(['image', 'rm', `${host}/acme/nightly@${digest}`]);
  });
});
