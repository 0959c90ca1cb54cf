import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dockwrightHere } from '../support/cli.ts';
import { git } from '../support/git.ts';
import { repository } from '../support/projects.ts';
import { docker, withEngine } from './engine.ts';
import { type Copy, generated } from './whole-way.ts';

/** From a checkout to a pushed digest in one command, as a build server starts it: without a terminal, and as data. */
const name = `dockwright-deploy-${randomBytes(4).toString('hex')}`;
let host = '';
let copy: Copy;
let folder = '';

type Report = {
  readonly steps: readonly { readonly id: string; readonly status: string; readonly note?: string }[];
  readonly digest?: string;
  readonly tags: readonly string[];
  readonly run?: string;
  readonly verification?: string;
  readonly error?: { readonly code: string; readonly next: readonly string[] };
};

const registry = () => ['--registry', `${host}/acme/nightly`];
async function deploy(...args: string[]) {
  const ran = await dockwrightHere(['deploy', '--json', '--cwd', copy.root, ...args]);
  return { code: ran.code, report: JSON.parse(ran.out) as Report, err: ran.err };
}
const ways = ({ steps }: Report) => Object.fromEntries(steps.map(({ id, status }) => [id, status]));
const all = { check: 'pass', generate: 'pass', build: 'pass', verify: 'pass', scan: 'pass', tag: 'pass', push: 'pass' };
const tagsThere = async () =>
  (await fetch(`http://${host}/v2/acme/nightly/tags/list`)).json() as Promise<{ tags?: string[] }>;

withEngine('a deployment', () => {
  beforeAll(async () => {
    docker(['run', '--detach', '--name', name, '--publish', '127.0.0.1::5000', 'registry:2']);
    host = docker(['port', name, '5000/tcp']).trim();
    copy = await generated(join(repository, 'examples/nightly-report'));
    folder = mkdtempSync(join(tmpdir(), 'dockwright-deploy-'));
    process.env['GITHUB_STEP_SUMMARY'] = join(folder, 'summary.md');
  });
  afterAll(() => {
    delete process.env['GITHUB_STEP_SUMMARY'];
    docker(['rm', '--force', '--volumes', name]);
    // `tag` gives the image of this machine its names in the registry
    const named = docker(['image', 'ls', '--quiet', `${host}/acme/nightly`])
      .split('\n')
      .filter(Boolean);
    if (named.length > 0) docker(['image', 'rm', '--force', ...new Set(named)]);
    rmSync(folder, { recursive: true, force: true });
    copy?.remove();
  });

  it('asks for a registry, and for a first push to one, before anything is built', async () => {
    const begin = performance.now();
    expect(await deploy()).toMatchObject({ code: 2, report: { error: { code: 'registry-missing' } } });
    expect(await deploy(...registry())).toMatchObject({ code: 2, report: { error: { code: 'push-unconfirmed' } } });
    expect(await deploy('--registry', '127.0.0.1:1/acme/nightly', '--yes')).toMatchObject({ code: 4 });
    expect(performance.now() - begin).toBeLessThan(60_000);
  });

  it('says what would run, and runs nothing', async () => {
    const { code, report } = await deploy(...registry(), '--dry-run', '--from', 'build', '--until', 'scan');
    expect(code).toBe(0);
    expect(report.steps.map(({ note }) => note)).toEqual([
      ...['not requested', 'not requested', 'would run', 'would run', 'would run', 'not requested', 'not requested'],
    ]);
    expect(report.digest).toBeUndefined();
  });

  it('goes from a checkout to a digest in the registry, and proves nothing twice', async () => {
    const first = await deploy(...registry(), '--yes');
    expect(first.report.error).toBeUndefined();
    // where this machine has no scanner, that is said, and no reason to stop
    expect({ ...ways(first.report), scan: 'pass' }).toEqual(all);
    const { digest = '', tags, run } = first.report;
    expect(run).toBe(`docker run --rm ${host}/acme/nightly@${digest}`);
    expect((await tagsThere()).tags?.sort()).toEqual(tags.map((tag) => tag.slice(tag.lastIndexOf(':') + 1)).sort());
    expect(first.report.verification).toMatch(/\d+ proved/);
    const page = readFileSync(join(folder, 'summary.md'), 'utf8');
    expect(page).toContain(digest);
    expect(page).toContain('Verification: pass');
    expect(page).toContain('MB compressed');
    const again = await deploy(...registry());
    expect(again).toMatchObject({ code: 0, report: { digest, tags, run } });
    expect(again.report.verification).toContain('already proved');
    docker(['pull', '--quiet', `${host}/acme/nightly@${digest}`]);
    docker(['image', 'rm', `${host}/acme/nightly@${digest}`]);
  });

  it('goes on with what was proved, and pushes nothing else', async () => {
    const { code, report } = await deploy(...registry(), '--from', 'tag');
    expect({ code, ...ways(report) }).toMatchObject({ code: 0, build: 'skipped', tag: 'pass', push: 'pass' });
    docker(['image', 'rm', '--force', 'nightly-report:local']);
    const gone = await deploy(...registry(), '--from', 'push');
    expect(gone).toMatchObject({ code: 1, report: { error: { code: 'not-built' } } });
    expect(gone.report.error?.next.at(-1)).toContain('--from push');
  });

  it('stops at drift with what to do, writes nothing without being asked, and pushes nothing', async () => {
    const before = await tagsThere();
    const manifest = join(copy.root, 'package.json');
    const text = readFileSync(manifest, 'utf8');
    writeFileSync(manifest, text.replace('^24.0.0', '^22.18.0'));
    git(copy.root, 'commit', '--quiet', '--all', '--message', 'another runtime');
    const { code, report } = await deploy(...registry(), '--from', 'generate', '--until', 'tag');
    expect({ code, error: report.error?.code, ...ways(report) }).toMatchObject({
      ...{ code: 1, error: 'drift', check: 'skipped', generate: 'fail', build: 'skipped', push: 'skipped' },
    });
    expect(report.error?.next.join(' ')).toContain('--yes');
    expect(await tagsThere()).toEqual(before);
  });
});
