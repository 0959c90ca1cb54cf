import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dockwrightHere } from '../../support/cli.ts';
import { git } from '../../support/git.ts';
import { copyProject, repository } from '../../support/projects.ts';

const copy = copyProject(join(repository, 'examples/orders-api'));
const at = (path: string) => join(copy.root, path);
const tag = async (...args: string[]) => {
  const ran = await dockwrightHere(['tag', '--json', '--cwd', copy.root, ...args]);
  return { code: ran.code, ...(JSON.parse(ran.out) as Record<string, never>) } as {
    readonly code: number;
    readonly tags: readonly string[];
    readonly dirty: boolean;
    readonly why?: string;
    readonly error?: { readonly code: string; readonly message: string };
  };
};

beforeAll(async () => {
  git(copy.root, 'init', '--quiet', '--initial-branch', 'main');
  writeFileSync(at('.gitignore'), '.env\nnode_modules\n');
  git(copy.root, 'add', '--all');
  git(copy.root, 'commit', '--quiet', '--message', 'the project');
});
afterAll(copy.remove);

const commit = () => git(copy.root, 'rev-parse', 'HEAD').trim().slice(0, 12);

describe('dockwright tag', () => {
  it('names the image by its commit, version and branch', async () => {
    const { code, tags, dirty } = await tag();
    const { version } = JSON.parse(readFileSync(at('package.json'), 'utf8')) as { version?: string };
    expect({ code, dirty }).toEqual({ code: 0, dirty: false });
    expect(tags).toEqual([
      `orders-api:${commit()}`,
      ...(version === undefined ? [] : [`orders-api:${version}`]),
      'orders-api:main',
    ]);
  });

  it('names it in the registry, where one is set', async () => {
    const { tags } = await tag('--set', 'registry=ghcr.io/acme/orders');
    expect(tags[0]).toBe(`ghcr.io/acme/orders:${commit()}`);
    const wrong = await tag('--set', 'registry=https://ghcr.io/Acme');
    expect(wrong).toMatchObject({ code: 2, error: { code: 'registry-invalid' } });
  });

  it('does not count what it generated itself, staged or not, until somebody edits it', async () => {
    await dockwrightHere(['--yes', '--cwd', copy.root]);
    git(copy.root, 'checkout', '--quiet', '--', 'src');
    expect(await tag()).toMatchObject({ dirty: false });
    git(copy.root, 'add', 'Dockerfile', 'docker-compose.yml', '.dockwright');
    expect(await tag()).toMatchObject({ dirty: false });
    const dockerfile = readFileSync(at('Dockerfile'), 'utf8');
    writeFileSync(at('Dockerfile'), `${dockerfile}# mine\n`);
    const edited = await tag('--latest');
    expect(edited).toMatchObject({ dirty: true, tags: [`orders-api:${commit()}-dirty`] });
    writeFileSync(at('Dockerfile'), dockerfile);
  });

  it('does not count what no build takes, and counts what one does', async () => {
    const ignore = readFileSync(at('.dockerignore'), 'utf8');
    writeFileSync(at('.dockerignore'), `${ignore}\n/scratch\n`);
    mkdirSync(at('scratch'), { recursive: true });
    writeFileSync(at('scratch/notes.txt'), 'nothing');
    git(copy.root, 'add', '.dockerignore');
    git(copy.root, 'commit', '--quiet', '--message', 'the deployment', '.dockerignore');
    expect(await tag()).toMatchObject({ dirty: false });
    writeFileSync(at('src/more.ts'), 'export {};\n');
    expect(await tag()).toMatchObject({ dirty: true, why: expect.stringContaining('src/more.ts') });
    git(copy.root, 'add', 'src/more.ts');
    expect(await tag()).toMatchObject({ dirty: true, why: expect.stringContaining('src/more.ts is staged') });
    git(copy.root, 'rm', '--quiet', '--force', 'src/more.ts');
  });

  it('ends with 1 where the git tag of the commit and the manifest differ, and names both', async () => {
    git(copy.root, 'tag', '--annotate', '--message', 'x', 'v99.1.0');
    const { code, error } = await tag();
    expect(code).toBe(1);
    expect(error?.code).toBe('version-differs');
    expect(error?.message).toMatch(/v99\.1\.0.*\d+\.\d+\.\d+/);
    git(copy.root, 'tag', '--delete', 'v99.1.0');
  });
});
