import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { verify } from '../../src/flows/verify.ts';
import { brokenFixtures, brokenProject } from '../support/broken.ts';
import { shardOf, turnOf } from '../support/share.ts';
import { withEngine } from './engine.ts';

async function verified(name: string | undefined) {
  const { root, remove } = brokenProject(name);
  try {
    const git = (...args: string[]) => execFileSync('git', args, { cwd: root });
    git('init', '-q');
    git('add', '.');
    git('-c', 'user.name=t', '-c', 'user.email=t@example.org', 'commit', '-q', '-m', 'x');
    return await verify({ cwd: root });
  } finally {
    remove();
  }
}

const failed = (items: Awaited<ReturnType<typeof verify>>['items']) =>
  Object.fromEntries(
    items
      .filter((item) => item.status === 'fail' || item.status === 'not-proved')
      .map((item) => [item.id, item.status]),
  );

withEngine('the contract, with files of the user', () => {
  it('is kept by what breaks nothing', async () => {
    expect(failed((await verified(undefined)).items)).toEqual({});
  });

  it.each(turnOf(shardOf(brokenFixtures), 3))('$name: $about', async ({ name, fails, says, also, may, secret }) => {
    const report = await verified(name);
    const items = report.items.filter(({ id }) => !may.includes(id));
    expect(failed(items)).toEqual({ [fails]: 'fail', ...also });
    const item = report.items.find((one) => one.id === fails);
    const words = [...(item?.evidence ?? []), item?.next ?? ''].join('\n');
    for (const text of says) expect(words).toContain(text);
    if (secret) expect(JSON.stringify(report)).not.toContain(secret);
  });
});
