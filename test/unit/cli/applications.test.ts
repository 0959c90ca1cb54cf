import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { run } from '../../../src/cli/commands/generate.ts';
import { dockwright } from '../../support/cli.ts';
import { fill } from '../../support/folder.ts';
import { marketFiles } from '../../support/workspaces.ts';

/** What was asked at the terminal and printed there, and the answer. */
const terminal = vi.hoisted(() => ({ asked: [] as string[], lines: [] as string[], answer: undefined as unknown }));
vi.mock('@clack/prompts', () => ({
  select: ({ options }: { options: { label: string }[] }) => {
    terminal.asked.push(...options.map(({ label }) => label));
    return Promise.resolve(terminal.answer);
  },
  isCancel: (answer: unknown) => typeof answer === 'symbol',
}));
vi.mock('../../../src/cli/terminal.ts', async (original) => ({
  ...(await original<typeof import('../../../src/cli/terminal.ts')>()),
  interactive: () => true,
  out: (line = '') => terminal.lines.push(line),
}));

let root = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'dockwright-choice-'));
  fill(root, marketFiles());
});
afterAll(() => rmSync(root, { recursive: true }));

const previewed = async (answer: unknown): Promise<string> => {
  terminal.answer = answer;
  terminal.lines = [];
  await run({ cwd: root, dryRun: true }, [], new AbortController().signal);
  return terminal.lines.join('\n');
};

describe('a repository with several applications', () => {
  it('is asked about at a terminal, with all of them among the answers', async () => {
    const all = await previewed('all of them');
    for (const app of ['api', 'report', 'site', 'worker']) expect(all).toContain(`apps/${app}/Dockerfile `);
    expect(terminal.asked).toEqual(['all of them', 'api', 'report', 'site', 'worker']);
    const site = await previewed('apps/site');
    expect(site).toContain('apps/site/Dockerfile ');
    expect(site).not.toContain('apps/api/Dockerfile ');
  });

  it('is left alone where nobody answers', async () => {
    expect(await previewed(Symbol('gone'))).toBe('nothing was written');
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
