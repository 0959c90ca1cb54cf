import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { build } from '../../src/flows/build.ts';
import { push } from '../../src/flows/push.ts';
import { sign } from '../../src/flows/sign.ts';
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

type Index = {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly manifests: readonly { readonly digest: string; readonly platform: { readonly os: string } }[];
};

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
    // what was on the engine is one of what the index names, beside what its builder says of it
    const index = JSON.parse(
      docker(['buildx', 'imagetools', 'inspect', '--raw', `${host}/acme/nightly@${digest}`]),
    ) as Index;
    const own = docker(['image', 'inspect', '--format', '{{.Id}}', 'nightly-report:local']).trim();
    expect(index.manifests.filter(({ platform }) => platform.os !== 'unknown')).toMatchObject([{ digest: own }]);
    expect(index.annotations?.['org.opencontainers.image.title']).toBe('nightly-report');
    expect(first.report.attested).toContain('provenance');
    const said = docker([
      'buildx',
      'imagetools',
      'inspect',
      '--format',
      '{{json .Provenance}}',
      `${host}/acme/nightly@${digest}`,
    ]);
    expect(said).toContain('buildType');
    expect(uploaded).toBeGreaterThan(0);
    expect(tags.length).toBeGreaterThan(1);
    expect(run).toBe(`docker run --rm ${host}/acme/nightly@${digest}`);
    const again = await push({ ...options(), unverified: true });
    expect(again).toMatchObject({ report: { digest, uploaded: 0 } });
    docker(['pull', `${host}/acme/nightly@${digest}`]);
    docker(['image', 'rm', `${host}/acme/nightly@${digest}`]);
  });

  const hasCosign = spawnSync('cosign', ['version']).status === 0;
  it.skipIf(!hasCosign)('is signed by a key without the log, once, and the printed command verifies it', async () => {
    const keys = mkdtempSync(join(tmpdir(), 'dockwright-keys-'));
    const signed = (set: Readonly<Record<string, string>>) => ({
      ...options(),
      set: { ...options().set, 'sign.log': 'false', ...set },
      unverified: true,
      sign: true,
    });
    const key = { 'sign.key': join(keys, 'cosign.key') };
    await expect(push(signed({}))).rejects.toMatchObject({ code: 'sign-without-key', exit: 2 });
    await expect(push(signed(key))).rejects.toMatchObject({ code: 'sign-key-missing', exit: 2 });
    vi.stubEnv('COSIGN_PASSWORD', 'of a trial');
    execFileSync('cosign', ['generate-key-pair'], { cwd: keys, stdio: 'ignore' });
    const first = await push(signed(key));
    const { digest, verify = '' } = first.several ? { digest: '' } : first.report;
    expect(verify).toContain(`--key=${keys}/cosign.pub`);
    const checked = (line: string) =>
      execFileSync('sh', ['-c', line], { cwd: copy.root, encoding: 'utf8', stdio: 'pipe' });
    expect(JSON.parse(checked(verify))).toHaveLength(1);
    const again = await sign(signed(key));
    expect(again).toEqual({ several: false, report: { digest, verify } });
    expect(JSON.parse(checked(verify))).toHaveLength(1);
    // another key signed nothing
    const other = join(keys, 'other');
    execFileSync('cosign', ['generate-key-pair', '--output-key-prefix', other], { cwd: keys, stdio: 'ignore' });
    expect(() => checked(verify.replace('cosign.pub', 'other.pub'))).toThrow();
    expect(readFileSync(key['sign.key'], 'utf8')).toContain('ENCRYPTED');
    vi.stubEnv('COSIGN_PASSWORD', 'wrong');
    await expect(sign(signed({ 'sign.key': `${other}.key` }))).rejects.toMatchObject({
      code: 'sign-failed',
      exit: 4,
      next: expect.arrayContaining([expect.stringContaining('COSIGN_PASSWORD')]),
    });
    vi.unstubAllEnvs();
    rmSync(keys, { recursive: true });
  });

  it('without cosign is refused before anything is uploaded', async () => {
    vi.stubEnv('PATH', '/nowhere');
    const refused = push({ ...options(), set: { registry: `${host}/acme/unsigned` }, unverified: true, sign: true });
    await expect(refused).rejects.toMatchObject({ code: 'cosign-missing', exit: 4 });
    vi.unstubAllEnvs();
    const answer = await fetch(`http://${host}/v2/acme/unsigned/tags/list`);
    expect(answer.status).toBe(404);
  });
});
