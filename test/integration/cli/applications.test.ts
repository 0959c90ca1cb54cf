import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { dockwright, dockwrightHere } from '../../support/cli.ts';
import { fill } from '../../support/folder.ts';
import { marketFiles } from '../../support/workspaces.ts';

/** What was asked at the terminal, and the answer. */
const clack = vi.hoisted(() => ({ asked: [] as string[], answer: undefined as unknown }));
vi.mock('@clack/prompts', () => {
  const ask = ({ options = [] }: { options?: readonly { label: string }[] }) => {
    clack.asked.push(...options.map(({ label }) => label));
    return Promise.resolve(clack.answer);
  };
  return { multiselect: ask, select: ask, confirm: ask, isCancel: (answer: unknown) => typeof answer === 'symbol' };
});

let root = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'dockwright-choice-'));
  fill(root, marketFiles());
});
afterAll(() => rmSync(root, { recursive: true }));

const previewed = async (answer: unknown): Promise<string> => {
  clack.answer = answer;
  const { out } = await dockwrightHere(['--dry-run', '--cwd', root]);
  return out;
};

describe('a repository with several applications', () => {
  const before = { in: process.stdin.isTTY, out: process.stdout.isTTY, ci: process.env['CI'] };
  beforeAll(() => {
    process.stdin.isTTY = true;
    process.stdout.isTTY = true;
    delete process.env['CI'];
  });
  afterAll(() => {
    process.stdin.isTTY = before.in;
    process.stdout.isTTY = before.out;
    if (before.ci !== undefined) process.env['CI'] = before.ci;
  });

  it('is asked about at a terminal, with all of them among the answers', async () => {
    const all = await previewed('all applications');
    for (const app of ['api', 'report', 'site', 'worker']) expect(all).toContain(`apps/${app}/Dockerfile `);
    expect(clack.asked).toEqual(['all applications', 'api', 'report', 'site', 'worker']);
    const site = await previewed('apps/site');
    expect(site).toContain('apps/site/Dockerfile ');
    expect(site).not.toContain('apps/api/Dockerfile ');
  });

  it('is left alone where nobody answers', async () => {
    expect(await previewed(Symbol('gone'))).toContain('Nothing was written');
  });

  it('is an open question without a terminal, with the names and both ways out', async () => {
    const { code, out } = await dockwright(['--yes', '--json'], root);
    expect(code).toBe(2);
    const { error } = JSON.parse(out);
    expect(error.code).toBe('app-ambiguous');
    expect(error.applications.map(({ name }: { name: string }) => name)).toEqual(['api', 'report', 'site', 'worker']);
    expect(error.next.join(' ')).toMatch(/`--app api`.*`--all`/);
  });
});
