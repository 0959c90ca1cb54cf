import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generate, writeGeneration } from '../../../src/flows/generate.ts';
import { type PinOptions, pin, writePins } from '../../../src/flows/pin.ts';
import { referencesIn } from '../../../src/formats/references/index.ts';
import { dockwrightHere } from '../../support/cli.ts';
import { contentsOf, fill } from '../../support/folder.ts';
import { copyProject, repository } from '../../support/projects.ts';
import { fakeRegistry } from '../../support/registry.ts';
import { marketFiles } from '../../support/workspaces.ts';

const index = 'application/vnd.oci.image.index.v1+json';
const platform = 'application/vnd.oci.image.manifest.v1+json';
const sha256 = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;
const commit = (letter: string) => letter.repeat(40);

let registry: Awaited<ReturnType<typeof fakeRegistry>>;
let root = '';
let more: (() => void)[] = [];

beforeEach(async () => {
  registry = await fakeRegistry();
  root = mkdtempSync(join(tmpdir(), 'dockwright-pin-'));
  more = [];
});
afterEach(async () => {
  await registry.close();
  rmSync(root, { recursive: true });
  for (const end of more) end();
});

const put = (path: string, text: string, folder = root) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};
const text = (path: string, folder = root) => readFileSync(join(folder, path), 'utf8');

/** Lets a tag of the registry lead to an index of one platform. Answers with both digests. */
function serve(tag: string, salt = '') {
  const one = JSON.stringify({ schemaVersion: 2, config: { digest: sha256(tag + salt) } });
  const all = JSON.stringify({ schemaVersion: 2, mediaType: index, manifests: [{ digest: sha256(one) }] });
  registry.manifests.set(sha256(one), { text: one, type: platform });
  for (const reference of [tag, sha256(all)]) registry.manifests.set(reference, { text: all, type: index });
  return { index: sha256(all), platform: sha256(one) };
}

/** Has the registry know every image that the files of a folder name. */
function serveAll(folder: string): void {
  for (const path of readdirSync(folder)) {
    const kind = /^Dockerfile/.test(path) ? 'dockerfile' : /compose/.test(path) ? 'compose' : undefined;
    for (const { key = '' } of kind ? referencesIn(kind, text(path, folder)).references : [])
      serve(key.slice(key.lastIndexOf(':') + 1));
  }
}

const options = (folder = root): PinOptions => ({
  cwd: folder,
  mirrors: { 'docker.io': [`http://${registry.host}`], 'gcr.io': [`http://${registry.host}`] },
});
const reportOf = ({ result }: Awaited<ReturnType<typeof pin>>) => {
  if (result.several) throw new Error('there is one application');
  return result.report;
};

describe('the pins of a folder with Docker files alone', () => {
  it('are the digests of the index, in the files and as data, and a second run has nothing to write', async () => {
    const node = serve('24');
    const db = serve('17');
    put('Dockerfile', `ARG BASE=node:24\nFROM \${BASE}\nCOPY --from=node:24 /a /a\n`);
    put(
      'compose.yaml',
      'x-db: &db\n  image: postgres:17\nservices:\n  web:\n    build: .\n    image: web:1\n  db:\n    <<: *db\n',
    );
    const pinning = await pin(options());
    expect(contentsOf(root)).not.toHaveProperty('.dockwright/');
    expect(writePins(pinning)).toEqual(['Dockerfile', 'compose.yaml']);
    expect(text('Dockerfile')).toBe(
      `ARG BASE=node:24@${node.index}\nFROM \${BASE}\nCOPY --from=node:24@${node.index} /a /a\n`,
    );
    expect(text('compose.yaml')).toContain(`image: postgres:17@${db.index}\n`);
    expect(text('compose.yaml')).toContain('image: web:1\n');
    expect(JSON.parse(text('.dockwright/pins.json'))).toEqual({
      version: 1,
      images: { 'node:24': node.index, 'postgres:17': db.index },
      actions: {},
    });
    const again = await pin(options());
    expect(again.writes).toEqual([]);
    expect(reportOf(again)).toMatchObject({
      problems: [],
      leftOut: [],
      pins: [{ change: 'same' }, { change: 'same' }, { change: 'same' }],
    });
  });

  it('are moved by an update alone, which says from where', async () => {
    const before = serve('24', 'old');
    put('Dockerfile', 'FROM node:24\n');
    writePins(await pin(options()));
    const now = serve('24', 'new');
    const kept = await pin(options());
    expect(kept.writes).toEqual([]);
    expect(reportOf(kept).problems).toMatchObject([
      {
        file: 'Dockerfile',
        line: 1,
        reference: 'node:24',
        why: expect.stringContaining('no longer matches its tag'),
      },
    ]);
    // a file that is added later gets the same image as the others
    put('dev.Dockerfile', 'FROM node:24\n');
    writePins(await pin(options()));
    expect(text('dev.Dockerfile')).toBe(`FROM node:24@${before.index}\n`);
    const update = await pin({ ...options(), update: true });
    expect(reportOf(update).pins).toMatchObject([
      { reference: 'node:24', before: before.index, pin: now.index, change: 'moved' },
      { change: 'moved' },
    ]);
    writePins(update);
    expect(text('Dockerfile')).toBe(`FROM node:24@${now.index}\n`);
  });

  it('of one platform are reported, and moved to the index by an update', async () => {
    const node = serve('24');
    put('Dockerfile', `FROM node:24@${node.platform}\n`);
    expect(reportOf(await pin(options())).problems).toMatchObject([
      { why: expect.stringContaining('single platform') },
    ]);
    writePins(await pin({ ...options(), update: true }));
    expect(text('Dockerfile')).toBe(`FROM node:24@${node.index}\n`);
  });

  it('leave out what the registry does not have, with the reason', async () => {
    put('Dockerfile', `FROM ${registry.host}/acme/base:99\n`);
    put('compose.yaml', 'services:\n  a:\n    image: ${IMAGE}\n');
    const pinning = await pin(options());
    expect(pinning.writes).toEqual([]);
    expect(reportOf(pinning).leftOut).toMatchObject([
      { file: 'compose.yaml', line: 3, text: '${IMAGE}' },
      { file: 'Dockerfile', line: 1, why: expect.stringContaining(registry.host) },
    ]);
  });
});

describe('actions', () => {
  const workflow = (uses: string) => `on: push\njobs:\n  test:\n    steps:\n      - uses: ${uses}\n`;

  async function github(answers: Readonly<Record<string, unknown>>) {
    const server = createServer((request, response) => {
      const found = answers[request.url ?? ''];
      response.writeHead(found ? 200 : 404).end(JSON.stringify(found ?? {}));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    process.env['GITHUB_API_URL'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v3`;
    more.push(() => {
      delete process.env['GITHUB_API_URL'];
      server.closeAllConnections();
      server.close();
    });
  }

  it('are pinned to commits, with the version in a comment', async () => {
    await github({
      '/api/v3/repos/actions/checkout/commits/v4': { sha: commit('a') },
      '/api/v3/repos/acme/tool/git/ref/tags/v1': { object: { sha: commit('b'), type: 'tag' } },
      [`/api/v3/repos/acme/tool/git/tags/${commit('b')}`]: { object: { sha: commit('c'), type: 'commit' } },
    });
    put(
      '.github/workflows/ci.yml',
      `${workflow('actions/checkout@v4')}      - uses: acme/tool/sub@v1\n      - uses: acme/none@v1\n`,
    );
    const pinning = await pin(options());
    writePins(pinning);
    expect(text('.github/workflows/ci.yml')).toBe(
      `${workflow(`actions/checkout@${commit('a')} # v4`)}      - uses: acme/tool/sub@${commit('c')} # v1\n      - uses: acme/none@v1\n`,
    );
    expect(reportOf(pinning).leftOut).toMatchObject([{ line: 7, text: 'acme/none@v1' }]);
    expect((await pin(options())).writes).toEqual([]);
  });

  it('without an answer end with 4, and nothing is written', async () => {
    process.env['GITHUB_API_URL'] = 'http://127.0.0.1:1';
    more.push(() => delete process.env['GITHUB_API_URL']);
    put('.github/workflows/ci.yml', workflow('actions/checkout@v4'));
    await expect(pin(options())).rejects.toMatchObject({ code: 'github-silent', exit: 4 });
    expect(text('.github/workflows/ci.yml')).toBe(workflow('actions/checkout@v4'));
  });
});

describe('the pins of what is generated', () => {
  it.each(['orders-api', 'links-api', 'nightly-report', 'csv-tool', 'storefront'])(
    'are no drift in %s, and stay at the next run',
    async (name) => {
      const copy = copyProject(join(repository, 'examples', name));
      more.push(() => copy.remove());
      await writeGeneration(await generate({ cwd: copy.root }), { edits: true, env: true });
      serveAll(copy.root);
      writePins(await pin(options(copy.root)));
      const from = text('Dockerfile', copy.root)
        .split('\n')
        .filter((line) => line.startsWith('FROM ') && line.includes(':'));
      expect(from.every((line) => line.includes('@sha256:'))).toBe(true);
      const { changes } = await generate({ cwd: copy.root });
      expect(new Set(changes.map(({ act }) => act))).toEqual(new Set(['same']));
      expect((await pin(options(copy.root))).writes).toEqual([]);
    },
  );

  it('never conflict with a newer tag, whatever became of them in the file', async () => {
    const copy = copyProject(join(repository, 'examples/nightly-report'));
    more.push(() => copy.remove());
    await writeGeneration(await generate({ cwd: copy.root }), { edits: true, env: true });
    const [, tag = ''] = /FROM node:([\w.-]+) AS/.exec(text('Dockerfile', copy.root)) ?? [];
    serveAll(copy.root);
    writePins(await pin(options(copy.root)));
    const pinnedFile = text('Dockerfile', copy.root);
    const moved = pinnedFile.replaceAll(
      new RegExp(`node:${tag}@sha256:[0-9a-f]{64}`, 'g'),
      `node:${tag}@sha256:${'e'.repeat(64)}`,
    );
    for (const edited of [pinnedFile, moved, moved.replaceAll(`@sha256:${'e'.repeat(64)}`, '')]) {
      writeFileSync(join(copy.root, 'Dockerfile'), edited);
      const same = await generate({ cwd: copy.root });
      expect(same.changes.map(({ act }) => act)).not.toContain('conflict');
      expect(same.changes.find(({ path }) => path === 'Dockerfile')?.act).toBe('same');
      const next = await generate({ cwd: copy.root, set: { runtime: 'node@26' } });
      const change = next.changes.find(({ path }) => path === 'Dockerfile');
      expect(change?.act).toBe('update');
      expect(change?.content).not.toContain(`node:${tag}`);
      expect(next.context.warnings).toContainEqual(expect.stringMatching(/^node:26\S+ is not pinned/));
      // what the compose files build is in no registry
      expect(next.context.warnings.join()).not.toMatch(/:local is not pinned/);
    }
  });
});

describe('the pins of several applications', () => {
  it('are those of nobody in particular, as with each command about images, where none is named and nobody can be asked', async () => {
    fill(root, marketFiles());
    for (const command of ['pin', 'tag', 'scan', 'push', 'deploy']) {
      const asked = await dockwrightHere([command, '--json', '--cwd', root]);
      expect({ command, code: asked.code }).toEqual({ command, code: 2 });
      expect(asked.out).toContain('--app');
    }
  });

  it('are reported for each, and those of one that the command is not about stay as they are', async () => {
    fill(root, marketFiles());
    await writeGeneration(await generate({ cwd: root, all: true }), { edits: true, env: false });
    for (const path of Object.keys(contentsOf(root))) {
      const kind = /(^|\/)Dockerfile/.test(path)
        ? 'dockerfile'
        : /compose[^/]*\.yml$/.test(path)
          ? 'compose'
          : undefined;
      if (kind === undefined || path.startsWith('.dockwright')) continue;
      for (const { key = '' } of referencesIn(kind, text(path)).references) serve(key.slice(key.lastIndexOf(':') + 1));
    }
    const whole = await pin({ ...options(), all: true });
    if (!whole.result.several) throw new Error('there are several applications');
    const apps = whole.result.apps.map(({ app }) => app);
    expect(apps.length).toBeGreaterThan(1);
    expect(whole.result.apps.every(({ pins }) => pins.some(({ reference }) => reference.startsWith('node:')))).toBe(
      true,
    );
    writePins(whole);
    expect((await pin({ ...options(), all: true })).writes).toEqual([]);
    const again = await generate({ cwd: root, all: true });
    expect(new Set(again.changes.map(({ act }) => act))).toEqual(new Set(['same']));
    const before = text('.dockwright/pins.json');
    for (const reference of [...registry.manifests.keys()])
      if (!reference.startsWith('sha256:')) serve(reference, 'newer');
    const one = await pin({ ...options(), app: apps[0] ?? '', update: true });
    expect(one.result).toMatchObject({ several: true, apps: [{ app: apps[0] }] });
    writePins(one);
    expect(Object.keys(JSON.parse(text('.dockwright/pins.json')).images)).toEqual(
      Object.keys(JSON.parse(before).images),
    );
  });
});

describe('dockwright pin', () => {
  const local = () => put('Dockerfile', `FROM ${registry.host}/acme/base:24\n`);

  it('writes nothing without a terminal and without --yes, and ends with 2', async () => {
    serve('24');
    local();
    const before = contentsOf(root);
    expect(await dockwrightHere(['pin', '--cwd', root])).toMatchObject({
      code: 2,
      out: expect.stringContaining('+FROM'),
    });
    const shown = await dockwrightHere(['pin', '--cwd', root, '--json']);
    expect(shown.code).toBe(2);
    expect(JSON.parse(shown.out)).toMatchObject({ pins: [{ change: 'new', line: 1 }], written: [] });
    expect((await dockwrightHere(['pin', '--cwd', root, '--dry-run'])).code).toBe(0);
    expect(contentsOf(root)).toEqual(before);
    const done = await dockwrightHere(['pin', '--cwd', root, '--yes', '--json']);
    expect(done.code).toBe(0);
    expect(JSON.parse(done.out)).toMatchObject({ written: ['Dockerfile'] });
    expect((await dockwrightHere(['pin', '--cwd', root])).code).toBe(0);
  });

  it('ends with 4 where no registry answers, and writes nothing', async () => {
    local();
    await registry.close();
    const before = contentsOf(root);
    const { code, err } = await dockwrightHere(['pin', '--cwd', root, '--yes']);
    expect(code).toBe(4);
    expect(err).toContain(registry.host);
    expect(contentsOf(root)).toEqual(before);
    registry = await fakeRegistry();
  });
});
