import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from '../../src/flows/build.ts';
import { projects, repository } from '../support/projects.ts';
import { turnOf } from '../support/share.ts';
import { docker, withEngine } from './engine.ts';
import { generated } from './whole-way.ts';

type Reason = { readonly id: string; readonly where: readonly string[]; readonly reason: string };

/** Findings that stay, by project, each with the reason. */
const reasons = JSON.parse(readFileSync(join(repository, 'test/e2e/scan-reasons.json'), 'utf8')) as readonly Reason[];

const hasTrivy = spawnSync('trivy', ['--version']).status === 0;
if (!hasTrivy) console.warn('trivy is not there: what it says of generated files and images is not tested.');

type Report = {
  readonly Results?: readonly {
    readonly Target: string;
    readonly Misconfigurations?: readonly { readonly ID: string; readonly Title: string }[];
    readonly Secrets?: readonly { readonly RuleID: string; readonly Title: string }[];
  }[];
};

/** What trivy finds, a line each: the rule, what it is, and the file. */
function findings(
  args: readonly string[],
): readonly { readonly id: string; readonly text: string; readonly target: string }[] {
  const out = execFileSync('trivy', [...args.slice(0, -1), '--format', 'json', '--quiet', ...args.slice(-1)], {
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  return ((JSON.parse(out) as Report).Results ?? []).flatMap(
    ({ Target: target, Misconfigurations = [], Secrets = [] }) => [
      ...Misconfigurations.map(({ ID: id, Title }) => ({ id, text: `${id} ${Title}`, target })),
      ...Secrets.map(({ RuleID: id, Title }) => ({ id, text: `${id} ${Title}`, target })),
    ],
  );
}

const isExplained = (id: string, project: string): boolean =>
  reasons.some((one) => one.id === id && one.where.includes(project));

/** Every project with the files that are generated for it, as the golden test holds them. */
const expectedFiles = ['examples', 'fixtures/apps', 'fixtures/workspaces', 'fixtures/languages'].flatMap((room) =>
  existsSync(join(repository, room))
    ? readdirSync(join(repository, room)).flatMap((name) =>
        existsSync(join(repository, room, name, 'expected/files')) ? [`${room}/${name}`] : [],
      )
    : [],
);

describe.skipIf(!hasTrivy)('what trivy says of generated files', () => {
  let root = '';
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'dockwright-trivy-'));
    for (const project of expectedFiles)
      cpSync(join(repository, project, 'expected/files'), join(root, project), { recursive: true });
  });
  afterAll(() => rmSync(root, { recursive: true }));

  it.each([
    ['settings', ['config']],
    ['secrets', ['fs', '--scanners', 'secret']],
  ])('has a reason each: %s of all examples and fixtures', (_, args) => {
    expect(expectedFiles.length).toBeGreaterThan(40);
    const open = findings([...args, root]).flatMap(({ id, text, target }) => {
      const project = expectedFiles.find((one) => target.startsWith(`${one}/`)) ?? '';
      return isExplained(id, project) ? [] : [`${target}: ${text}`];
    });
    expect(open).toEqual([]);
  });

  it('is still said where a reason stands: none is there for nothing', () => {
    const found = findings(['config', root]);
    const idle = reasons.flatMap(({ id, where }) =>
      where.filter((project) => !found.some((one) => one.id === id && one.target.startsWith(`${project}/`))),
    );
    expect(idle).toEqual([]);
  });
});

/** Images are built for this: one by turns, or those that TRIVY names (`all`, or names with commas between). */
const asked = process.env['TRIVY']?.split(',');
/** A library has none. */
const hasImage = (folder: string): boolean => existsSync(join(folder, 'expected/files/Dockerfile'));
const examples = projects.filter(({ folder }) => folder.includes('/examples/'));
const chosen = asked
  ? projects.filter(({ name, folder }) => (asked.includes('all') && hasImage(folder)) || asked.includes(name))
  : turnOf(examples, examples.length).slice(0, 1);

withEngine('what trivy says of images', () => {
  it.skipIf(!hasTrivy).each(chosen)('has a reason each: $name', async ({ folder }) => {
    const copy = await generated(folder);
    const tag = `e2e-trivy-${process.pid}:local`;
    try {
      await build({ cwd: copy.root, tag, baseline: false });
      const project = relative(repository, folder);
      const args = ['image', '--scanners', 'secret,misconfig', '--image-config-scanners', 'misconfig,secret', tag];
      const open = findings(args).filter(({ id }) => !isExplained(id, project));
      expect(open).toEqual([]);
    } finally {
      docker(['image', 'rm', '--force', tag]);
      copy.remove();
    }
  });
});
