import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { build } from '../../src/flows/build.ts';
import { generate } from '../../src/flows/generate.ts';
import { pin, writePins } from '../../src/flows/pin.ts';
import { push } from '../../src/flows/push.ts';
import { referencesIn } from '../../src/formats/references/index.ts';
import { repository } from '../support/projects.ts';
import { docker, withEngine } from './engine.ts';
import { type Copy, generated } from './whole-way.ts';

const name = `dockwright-pin-${randomBytes(4).toString('hex')}`;
let host = '';
let copy: Copy;

const freePort = () =>
  new Promise<number>((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });

/** Has the registry hold a small image under a name. */
function hold(image: string): void {
  docker(['tag', 'registry:2', image]);
  docker(['push', '--quiet', image]);
  docker(['image', 'rm', image]);
}

withEngine('an image by its digest', () => {
  beforeAll(async () => {
    docker(['run', '--detach', '--name', name, '--publish', '127.0.0.1::5000', 'registry:2']);
    host = docker(['port', name, '5000/tcp']).trim();
    copy = await generated(join(repository, 'examples/links-api'));
  });
  afterAll(() => {
    docker(['rm', '--force', '--volumes', name]);
    copy?.remove();
  });

  it('that was pushed starts where the compose files and their settings lie alone', async () => {
    await build({ cwd: copy.root, baseline: false });
    const pushed = await push({
      cwd: copy.root,
      set: { registry: `${host}/acme/${name}` },
      confirm: async () => true,
      unverified: true,
    });
    if (pushed.several) throw new Error('there is one application');
    const image = `${host}/acme/${name}@${pushed.report.digest}`;
    const { stages = [], run } = pushed.report;
    expect(run).toContain(image);
    expect(stages).toEqual([{ variable: 'APP_MIGRATE_IMAGE', image: expect.stringContaining('@sha256:') }]);
    const own = copy.generation.context.plan.name;
    docker(['image', 'rm', '--force', `${own}:local`, `${own}-migrate:local`]);
    const folder = mkdtempSync(join(tmpdir(), 'dockwright-started-'));
    const files = readdirSync(copy.root).filter((path) => /^docker-compose(\.prod)?\.yml$/.test(path));
    for (const path of files) copyFileSync(join(copy.root, path), join(folder, path));
    const port = await freePort();
    const named = [{ variable: 'APP_IMAGE', image }, ...stages].map((one) => `${one.variable}=${one.image}\n`);
    const settings = readFileSync(join(copy.root, '.env'), 'utf8').replace(/^PORT=.*\n/m, '');
    writeFileSync(join(folder, '.env'), `${settings}\n${named.join('')}PORT=${port}\n`);
    const compose = ['compose', '--project-name', name, ...files.sort().flatMap((path) => ['--file', path])];
    try {
      expect(files).toHaveLength(2);
      docker(
        [
          ...compose.slice(0, 3),
          '--file',
          'docker-compose.yml',
          '--file',
          'docker-compose.prod.yml',
          'up',
          '--no-build',
          '--detach',
          '--wait',
        ],
        folder,
      );
      const id = docker([...compose, 'ps', '--quiet', 'app'], folder).trim();
      expect(docker(['inspect', '--format', '{{.Config.Image}}', id]).trim()).toBe(image);
      expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBeLessThan(500);
    } finally {
      docker([...compose, 'down', '--volumes'], folder);
      docker(['image', 'rm', '--force', image, ...stages.map((one) => one.image)]);
      rmSync(folder, { recursive: true });
    }
  });

  it('stands in every file of the deployment, is no drift, and is moved by an update alone', async () => {
    const mirrors = Object.fromEntries(['docker.io', 'gcr.io', 'ghcr.io'].map((of) => [of, [`http://${host}`]]));
    const options = { cwd: copy.root, mirrors };
    const files = ['Dockerfile', ...readdirSync(copy.root).filter((path) => path.startsWith('docker-compose'))];
    const keys = files.flatMap((path) =>
      referencesIn(
        path === 'Dockerfile' ? 'dockerfile' : 'compose',
        readFileSync(join(copy.root, path), 'utf8'),
      ).references.map(({ key = '' }) => key),
    );
    const names = [...new Set(keys)].map((key) => key.replace(/^gh?cr\.io\//, ''));
    for (const one of names) hold(`${host}/${one.includes('/') ? one : `library/${one}`}`);
    writePins(await pin(options));
    expect(readFileSync(join(copy.root, 'Dockerfile'), 'utf8')).toMatch(/^FROM \S+@sha256:[0-9a-f]{64} AS /m);
    const { changes } = await generate({ cwd: copy.root });
    expect(new Set(changes.map(({ act }) => act))).toEqual(new Set(['same']));
    expect((await pin({ ...options, update: true })).writes).toEqual([]);
  });

  it('is a base that builds', async () => {
    hold(`${host}/acme/base:1`);
    const folder = mkdtempSync(join(tmpdir(), 'dockwright-pinned-'));
    try {
      writeFileSync(join(folder, 'Dockerfile'), `ARG BASE=${host}/acme/base:1\nFROM \${BASE}\n`);
      writePins(await pin({ cwd: folder }));
      expect(readFileSync(join(folder, 'Dockerfile'), 'utf8')).toContain('/acme/base:1@sha256:');
      docker(['build', '--quiet', '--tag', `${name}-base`, folder]);
    } finally {
      docker(['image', 'rm', '--force', `${name}-base`]);
      rmSync(folder, { recursive: true });
    }
  });
});
