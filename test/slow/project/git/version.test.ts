import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRevision } from '../../../../src/flows/revision.ts';
import type { Image } from '../../../../src/model/plan.ts';
import { git } from '../../../support/git.ts';

let top: string;
beforeAll(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'dockwright-version-')));
});
afterAll(() => rmSync(top, { recursive: true, force: true }));

let count = 0;
function repository(...init: string[]): string {
  count += 1;
  const root = join(top, `r${count}`);
  mkdirSync(root);
  git(root, 'init', '-q', ...init);
  commit(root);
  return root;
}

const commit = (root: string) => git(root, 'commit', '-qm', 'more', '--allow-empty');

/** As far as the version goes, an image is what its Dockerfile declares. */
const asking = (name: string) => ({ stages: [{ steps: [{ do: 'arg', name }] }] }) as unknown as Image;

const versionOf = async (root: string, name = 'GIT_DESCRIBE') =>
  (await readRevision(root, { images: [asking(name)] }))?.version;

describe('the version that git tells', () => {
  it.each<[string, (root: string) => unknown, string[]?]>([
    ['a tag', (root) => git(root, 'tag', 'v1.4.0')],
    ['a tag with a message', (root) => git(root, 'tag', '-a', 'v1.4.0', '-m', 'four')],
    ['a tag with a folder in its name', (root) => git(root, 'tag', 'api/v2.0.0')],
    [
      'packed tags',
      (root) => {
        git(root, 'tag', '-a', 'v2', '-m', 'two');
        git(root, 'pack-refs', '--all');
      },
    ],
    [
      'a tag some commits ago',
      (root) => {
        git(root, 'tag', 'v3.1.0-rc.1');
        commit(root);
        commit(root);
      },
    ],
    ['no tag', () => undefined],
    ['a file that was edited', (root) => writeFileSync(join(root, 'new.txt'), 'new')],
    ['hashes of 256 bits', (root) => git(root, 'tag', 'v5'), ['--object-format=sha256']],
  ])('is what git itself says: %s', async (_, make, init = []) => {
    const root = repository(...init);
    make(root);
    expect(await versionOf(root)).toBe(git(root, 'describe', '--tags', '--always').trim());
  });

  it('ends where a partial clone ends', async () => {
    const from = repository();
    git(from, 'tag', 'v1');
    for (let more = 0; more < 3; more += 1) commit(from);
    const root = join(top, 'partial');
    git(top, 'clone', '-q', '--depth', '2', `file://${from}`, root);
    expect(readFileSync(join(root, '.git', 'shallow'), 'utf8')).toMatch(/^[0-9a-f]{40}\n$/);
    expect(await versionOf(root)).toBe(git(root, 'describe', '--tags', '--always').trim());
  });

  it('is read where an image asks for it', async () => {
    const root = repository();
    git(root, 'tag', 'v1');
    expect(await versionOf(root, 'REVISION')).toBeUndefined();
  });

  it('follows no link to the tags of another repository', async () => {
    const [root, other] = [repository(), repository()];
    git(other, 'tag', 'v9');
    rmSync(join(root, '.git', 'refs', 'tags'), { recursive: true });
    symlinkSync(join(other, '.git', 'refs', 'tags'), join(root, '.git', 'refs', 'tags'));
    const version = await versionOf(root);
    expect(git(root, 'rev-parse', 'HEAD').startsWith(version ?? 'none')).toBe(true);
  });
});
