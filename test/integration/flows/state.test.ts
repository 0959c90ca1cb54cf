import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generate, writeGeneration } from '../../../src/flows/generate.ts';
import { inspectProject } from '../../../src/flows/inspect.ts';
import { writtenPaths } from '../../../src/plan/paths.ts';
import { sha256 } from '../../../src/write/write.ts';
import { contentsOf } from '../../support/folder.ts';
import { copyProject, repository } from '../../support/projects.ts';

let copy: ReturnType<typeof copyProject>;
let output: string;
beforeEach(() => {
  copy = copyProject(join(repository, 'fixtures/apps/bun-serve'));
  output = mkdtempSync(join(tmpdir(), 'dockwright-output-'));
});
afterEach(() => {
  copy.remove();
  rmSync(output, { recursive: true });
});

it('What was generated last is read through a link where nothing is written beside it, and only there', async () => {
  await writeGeneration(await generate({ cwd: copy.root }), { edits: true, env: true });
  const before = await inspectProject({ cwd: copy.root });
  renameSync(join(copy.root, '.dockwright/state.json'), join(copy.root, '.dockwright/kept.json'));
  symlinkSync('kept.json', join(copy.root, '.dockwright/state.json'));
  expect(await inspectProject({ cwd: copy.root })).toEqual(before);
  const { context, changes } = await generate({ cwd: copy.root, output });
  expect(context.last.has('Dockerfile')).toBe(true);
  expect(changes.map((change) => change.act)).toContain('create');
  await expect(generate({ cwd: copy.root })).rejects.toMatchObject({ code: 'path-is-link' });
});

const put = (path: string, text: string) => {
  mkdirSync(dirname(join(copy.root, path)), { recursive: true });
  writeFileSync(join(copy.root, path), text);
};
const configure = (overrides: object) => put('dockwright.json', JSON.stringify({ overrides }));

describe('an example of settings that its author gave into our care', () => {
  const demanded = "if (!process.env.TIER) throw new Error('TIER is missing');\n";

  it('goes on to say what a variable holds, and a second run has nothing to do', async () => {
    put('src/tier.ts', demanded);
    put('src/server.ts', `import './tier.ts';\n${readFileSync(join(copy.root, 'src/server.ts'), 'utf8')}`);
    put('.env.example', '# how much is kept\nTIER=gold\n');
    const exampleOf = async (accept: Record<string, 'mine'> = {}) => {
      const generation = await generate({ cwd: copy.root, accept });
      await writeGeneration(generation, { edits: true, env: true });
      return { setting: generation.context.plan.settings['TIER'], acts: generation.changes.map(({ act }) => act) };
    };
    const first = await exampleOf({ '.env.example': 'mine' });
    expect(first.setting).toMatchObject({ example: 'gold', purpose: 'how much is kept' });
    const { setting, acts } = await exampleOf();
    expect(setting).toEqual(first.setting);
    expect(new Set(acts)).toEqual(new Set(['same', 'keep']));
    put('.env.example', readFileSync(join(copy.root, '.env.example'), 'utf8').replace('gold', 'silver'));
    expect((await exampleOf()).setting).toMatchObject({ example: 'silver' });
    expect(readFileSync(join(copy.root, '.env.example'), 'utf8')).toContain('TIER=silver\n');
  });

  it('is no fact where we wrote it ourselves', async () => {
    put('src/tier.ts', demanded);
    put('src/server.ts', `import './tier.ts';\n${readFileSync(join(copy.root, 'src/server.ts'), 'utf8')}`);
    await writeGeneration(await generate({ cwd: copy.root }), { edits: true, env: true });
    put('.env.example', readFileSync(join(copy.root, '.env.example'), 'utf8').replace('TIER=', 'TIER=bronze'));
    expect((await generate({ cwd: copy.root })).context.plan.settings['TIER']).not.toHaveProperty('example');
  });
});

describe('a path that a repository asks for by "overrides"', () => {
  const decision = 'images.app';
  const edit = (file: string) => ({
    file,
    hash: sha256('x\n'),
    edits: [{ start: 0, end: 0, text: 'y' }],
    why: 'w',
    decision,
  });
  const source = (path: string) => ({ kind: 'health', path, comment: '//', body: [], checks: [], decision });
  const site = (config: string) => ({ config, port: 80, root: '/', fallback: false, probe: '/', decision });
  const secret = (file: string) => ({ variable: 'TOKEN', file, decision });
  const scheduler = (file: string) => ({ file, path: '/x', argv: [] });
  /** Every key of the plan that names a file to write, with the path as it is written there. */
  const keys: readonly (readonly [key: string, override: string, value: (path: string) => unknown])[] = [
    ['images.app.dockerfile', 'images.app.dockerfile', (path) => path],
    ['compose.file', 'compose.file', (path) => path],
    ['compose.development', 'compose.development', (path) => path],
    ['compose.production', 'compose.production', (path) => path],
    ['site.config', 'site', site],
    ['secrets.token.file', 'secrets.token', secret],
    ['workloads.app.scheduler.file', 'workloads.app.scheduler', scheduler],
    ['sources.0.path', 'sources', (path) => [source(path)]],
    ['edits.0.file', 'edits', (path) => [edit(path)]],
  ];

  it.each(keys)('is refused with the path and the key where it lies in .git: %s', async (key, override, value) => {
    put('.git/config', 'x\n');
    const before = contentsOf(copy.root);
    for (const path of [
      '.git/config',
      '.git/hooks/pre-commit',
      'packages/x/.GIT/config',
      '.dockwright/state.json',
      '.env',
    ]) {
      configure({ [override]: value(path) });
      for (const to of [undefined, output]) {
        const error = await generate({ cwd: copy.root, ...(to === undefined ? {} : { output: to }) }).catch(
          (thrown) => thrown,
        );
        expect(error, path).toMatchObject({ code: 'path-reserved', where: { file: path } });
        expect(error.message).toContain(`"${key}" to "${path}"`);
      }
    }
    rmSync(join(copy.root, 'dockwright.json'));
    expect(contentsOf(copy.root)).toEqual(before);
  });

  it('is taken elsewhere', async () => {
    configure({ 'images.app.dockerfile': 'deploy/.github/Dockerfile' });
    const { artifacts } = await generate({ cwd: copy.root });
    expect(artifacts.map((artifact) => artifact.path)).toContain('deploy/.github/Dockerfile');
  });

  it('names every key of a plan that the artifacts are named by', async () => {
    const { context, artifacts, edits } = await generate({ cwd: copy.root });
    const fixed = ['.dockerignore', '.env.example'];
    const named = writtenPaths(context.plan).map(([, path]) => path);
    for (const { path } of [...artifacts, ...edits]) expect([...named, ...fixed]).toContain(path);
  });
});

describe('a state that the repository brings', () => {
  /** A state that says that Dockwright generated these texts last. */
  const claim = (texts: Readonly<Record<string, string>>) => {
    const rows = Object.entries(texts);
    for (const [path, text] of rows) put(`.dockwright/last/${path}`, text);
    const files = Object.fromEntries(rows.map(([path, text]) => [path, { sha256: sha256(text), kind: 'generated' }]));
    put('.dockwright/state.json', JSON.stringify({ version: 1, files }));
  };

  it('makes no file of the user ours to remove or to replace: untouched, edited, or a folder of it', async () => {
    const mine = { 'notes.txt': 'known\n', 'old/Dockerfile': 'FROM known\n', 'compose.old.yml': 'services: {}\n' };
    for (const [path, text] of Object.entries(mine)) put(path, text);
    claim({ ...mine, 'gone.txt': 'gone\n' });
    for (let run = 0; run < 2; run += 1) {
      const generation = await generate({ cwd: copy.root });
      const paths = Object.keys(mine);
      expect(generation.changes.filter((change) => paths.includes(change.path))).toEqual([]);
      await writeGeneration(generation, { edits: true, env: true });
      const now = contentsOf(copy.root);
      for (const [path, text] of Object.entries(mine)) expect(now[path], path).toBe(`644 ${text}`);
      expect(now['gone.txt']).toBeUndefined();
    }
  });

  it('with a false base changes a file of the deployment only in the preview, never without a word', async () => {
    put('Dockerfile', 'FROM mine\n');
    claim({ Dockerfile: 'FROM mine\n' });
    const { changes } = await generate({ cwd: copy.root });
    expect(changes.find((change) => change.path === 'Dockerfile')).toMatchObject({
      act: 'update',
      before: 'FROM mine\n',
    });
    expect(contentsOf(copy.root)['Dockerfile']).toBe('644 FROM mine\n');
  });

  it.each(['.git/config', 'sub/.GIT/HEAD', '.dockwright/evidence.json', '../x', '/etc/passwd', 'a//b'])(
    'that names %s is broken, and nothing of it is read',
    async (path) => {
      put(
        '.dockwright/state.json',
        JSON.stringify({ version: 1, files: { [path]: { sha256: sha256('x'), kind: 'generated' } } }),
      );
      await expect(generate({ cwd: copy.root })).rejects.toMatchObject({
        code: 'state-broken',
        message: expect.stringContaining(`it names ${path}`),
      });
    },
  );
});
