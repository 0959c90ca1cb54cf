import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { build } from '../../src/flows/build.ts';
import { push } from '../../src/flows/push.ts';
import type { Progress } from '../../src/index.ts';
import { committedProject } from '../support/committed.ts';
import { repository } from '../support/projects.ts';
import { docker, withEngine } from './engine.ts';
import { type Copy, generated } from './whole-way.ts';

/**
 * A builder in a container, empty at first, as hosted build servers have one: it sees no image of the engine, and gets those that the project names from a
 * registry. Where its image is not on this machine, only what the engine's own builder does is tested.
 */
const own = `dockwright-builder-${randomBytes(4).toString('hex')}`;
const hasBuilder = spawnSync('docker', ['image', 'inspect', 'moby/buildkit:buildx-stable-1']).status === 0;
const generator = 'docker/buildkit-syft-scanner:stable-1';
const hasGenerator = spawnSync('docker', ['image', 'inspect', generator]).status === 0;
let host = '';
let folder = '';
let copy: Copy;

/** Has the registry hand out an image of the engine under its public name. */
function hold(image: string): void {
  const name = `${host}/${image.includes('/') ? image : `library/${image}`}`;
  docker(['tag', image, name]);
  docker(['push', '--quiet', name]);
  docker(['image', 'rm', name]);
}

/** A build, and the titles of the steps that it did not take from a cache. */
async function built(options: Partial<Parameters<typeof build>[0]>) {
  const titles = new Map<string, string>();
  const fresh: string[] = [];
  const note = (one: Progress) => {
    if (one.type === 'step') titles.set(one.id, one.title);
    if (one.type === 'done' && one.note !== 'cached') fresh.push(titles.get(one.id) ?? '');
  };
  const report = await build({ cwd: copy.root, baseline: false, tag: `${own}:local`, builder: own, ...options }, note);
  return { report, fresh };
}

withEngine('a builder in a container', () => {
  beforeAll(async () => {
    docker(['run', '--detach', '--name', own, '--publish', '127.0.0.1::5000', 'registry:2']);
    host = docker(['port', own, '5000/tcp']).trim();
    folder = mkdtempSync(join(tmpdir(), 'dockwright-builder-'));
    copy = await generated(join(repository, 'examples/nightly-report'));
    if (!hasBuilder) return;
    const settings = join(folder, 'buildkitd.toml');
    const mirror = `[registry."docker.io"]\n  mirrors = ["${host}"]\n[registry."${host}"]\n  http = true\n`;
    writeFileSync(settings, mirror);
    for (const image of ['node:24-trixie-slim', 'docker/dockerfile:1', ...(hasGenerator ? [generator] : [])])
      hold(image);
    const create = ['buildx', 'create', '--name', own, '--driver', 'docker-container', '--driver-opt', 'network=host'];
    docker([...create, '--buildkitd-config', settings]);
  });
  afterAll(() => {
    spawnSync('docker', ['buildx', 'rm', '--force', own]);
    docker(['rm', '--force', '--volumes', own]);
    spawnSync('docker', ['image', 'rm', '--force', `${own}:local`]);
    rmSync(folder, { recursive: true, force: true });
    copy?.remove();
  });

  it.skipIf(!hasBuilder)(
    'that is empty installs nothing where it has the cache of another, and makes the same image',
    async () => {
      const cache = { local: `type=local,dest=${join(folder, 'cache')},mode=max`, ref: `${host}/cache:main` };
      const first = await built({ cacheTo: [cache.local, `type=registry,ref=${cache.ref},mode=max`] });
      expect(first.fresh.some((title) => title.includes('npm ci'))).toBe(true);
      for (const from of [`type=local,src=${join(folder, 'cache')}`, cache.ref]) {
        docker(['buildx', 'prune', '--all', '--force', '--builder', own]);
        const again = await built({ cacheFrom: [from] });
        expect(again.fresh.filter((title) => title.includes('RUN'))).toEqual([]);
        expect(again.report.digest).toBe(first.report.digest);
      }
    },
  );

  it.skipIf(!hasBuilder)('attests what the engine built, of which it makes the same image', async () => {
    await build({ cwd: copy.root, baseline: false });
    const pushed = await push({
      cwd: copy.root,
      set: { registry: `${host}/acme/nightly` },
      confirm: async () => true,
      unverified: true,
      builder: own,
    });
    if (pushed.several) throw new Error('there is one application');
    expect(pushed.report).toMatchObject({ attested: ['provenance', ...(hasGenerator ? ['sbom'] : [])].sort() });
    const named = `${host}/acme/nightly@${pushed.report.digest}`;
    if (!hasGenerator) return;
    const packages = docker(['buildx', 'imagetools', 'inspect', '--format', '{{json .SBOM}}', named]);
    expect(packages).toContain('SPDXRef-DOCUMENT');
  });

  it('that is not there is named with what makes it', async () => {
    // what is pushed has to be there, and no test before may have built it
    await build({ cwd: copy.root, baseline: false });
    const refused = push({
      cwd: copy.root,
      set: { registry: `${host}/acme/other` },
      confirm: async () => true,
      unverified: true,
      builder: 'nobodys',
    });
    await expect(refused).rejects.toMatchObject({
      code: 'builder-missing',
      next: expect.arrayContaining([expect.stringContaining('buildx create')]),
      exit: 2,
    });
  });

  it('uses an agent of SSH where one is named', async () => {
    const cwd = committedProject({
      'package.json': JSON.stringify({ name: own, version: '1.0.0', scripts: { start: 'node server.js' } }),
      'server.js': "require('node:http').createServer((q, r) => r.end('ok')).listen(3000);\n",
      Dockerfile:
        // the name is another one in each run: no cache may answer for the agent
        `FROM node:24-trixie-slim\nRUN --mount=type=ssh echo ${own} && test -S "$SSH_AUTH_SOCK"\nWORKDIR /app\nCOPY . .\nCMD ["node", "server.js"]\n`,
    });
    const agent = execFileSync('ssh-agent', ['-s'], { encoding: 'utf8' });
    const [, socket = ''] = /SSH_AUTH_SOCK=([^;]+)/.exec(agent) ?? [];
    const [, pid = ''] = /SSH_AGENT_PID=(\d+)/.exec(agent) ?? [];
    try {
      process.env['SSH_AUTH_SOCK'] = socket;
      const asked = { cwd, baseline: false, tag: `${own}:local` };
      await expect(build(asked)).rejects.toMatchObject({ code: 'build-failed' });
      expect((await build({ ...asked, ssh: ['default'] })).digest).toMatch(/^sha256:/);
    } finally {
      delete process.env['SSH_AUTH_SOCK'];
      process.kill(Number(pid));
    }
  });

  it('pushes an index of two platforms, of which the one that was built here is the same', async () => {
    const base = join(folder, 'base');
    mkdirSync(base);
    writeFileSync(join(base, 'Dockerfile'), 'FROM scratch\nCOPY Dockerfile /\n');
    const place = `${host}/base:1`;
    docker([
      'buildx',
      'build',
      '--platform',
      'linux/amd64,linux/arm64',
      '--provenance=false',
      '--push',
      '--tag',
      place,
      base,
    ]);
    const cwd = committedProject({
      'package.json': JSON.stringify({ name: own, version: '1.0.0', scripts: { start: 'node server.js' } }),
      'server.js': "require('node:http').createServer((q, r) => r.end('ok')).listen(3000);\n",
      Dockerfile: `FROM ${place}\nCOPY server.js /\nEXPOSE 3000\nCMD ["/server.js"]\n`,
      'dockwright.json': JSON.stringify({ platforms: ['linux/amd64', 'linux/arm64'] }),
    });
    const options = {
      cwd,
      set: { registry: `${host}/acme/two` },
      confirm: async () => true,
      unverified: true,
    };
    const local = (await build({ cwd, baseline: false })).digest;
    await expect(push(options)).rejects.toMatchObject({ code: 'platform-emulated' });
    const pushed = await push({ ...options, emulate: true });
    if (pushed.several) throw new Error('there is one application');
    const raw = docker(['buildx', 'imagetools', 'inspect', '--raw', `${host}/acme/two@${pushed.report.digest}`]);
    const { manifests } = JSON.parse(raw) as {
      manifests: { digest: string; platform: { os: string; architecture: string } }[];
    };
    const images = manifests.filter(({ platform }) => platform.os === 'linux');
    expect(images.map(({ platform }) => platform.architecture).sort()).toEqual(['amd64', 'arm64']);
    expect(images.map(({ digest }) => digest)).toContain(local);
    expect(await push({ ...options, emulate: true })).toMatchObject({
      report: { digest: pushed.report.digest, uploaded: 0 },
    });
    docker(['image', 'rm', '--force', `${own}:local`]);
  });
});
