import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { build } from '../../src/flows/build.ts';
import { generate, writeGeneration } from '../../src/flows/generate.ts';
import { copyProject, projects, repository } from '../support/projects.ts';
import { caseOf } from './whole-way.ts';

const libraries = projects.filter(({ folder }) => caseOf(folder).package);
const compiler = join(repository, 'node_modules/typescript/bin/tsc');
const run = (cwd: string, program: string, ...args: string[]) =>
  execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

describe.each(libraries)('$name', ({ folder }) => {
  const wanted = caseOf(folder).package;

  it('is completed, packed, and found by those who use it: by Node.js and by TypeScript', {
    timeout: 180_000,
  }, async () => {
    const { root, remove } = copyProject(folder);
    try {
      const generation = await generate({ cwd: root });
      expect(generation.artifacts).toEqual([]);
      await writeGeneration(generation, { edits: true, env: false });
      run(root, 'npm', 'ci');
      run(root, 'npm', 'run', 'build');
      run(root, 'npm', 'pack', '--silent');
      const packed = readdirSync(root).find((file) => file.endsWith('.tgz')) ?? '';
      const listed = run(root, 'tar', '-tzf', packed).split('\n');
      expect(listed.filter((file) => /\/(src|test|specs)\//.test(file))).toEqual([]);
      expect(listed).toContain('package/dist/index.d.ts');

      const user = join(root, 'user');
      mkdirSync(user);
      writeFileSync(join(user, 'package.json'), '{ "name": "user", "type": "module" }');
      run(user, 'npm', 'install', '--no-audit', join('..', packed));
      writeFileSync(join(user, 'main.ts'), wanted?.consumer ?? '');
      const strict = ['--strict', '--module', 'nodenext', '--target', 'es2022', '--noEmitOnError', '--ignoreConfig'];
      run(user, process.execPath, compiler, ...strict, '--outDir', 'out', 'main.ts');
      run(user, process.execPath, 'out/main.js');
    } finally {
      remove();
    }
  });

  it('has nothing to build or to start, and says so', async () => {
    const { root, remove } = copyProject(folder);
    try {
      await expect(build({ cwd: root })).rejects.toMatchObject({ code: 'nothing-to-verify' });
      expect((await generate({ cwd: root })).context.plan.publish?.steps.join('\n')).toContain(
        'npm publish --access=public',
      );
    } finally {
      remove();
    }
  });

  it('writes nothing where its owner wants no edit', async () => {
    const { root, remove } = copyProject(folder);
    try {
      expect(await writeGeneration(await generate({ cwd: root }), { edits: false, env: false })).toEqual([]);
    } finally {
      remove();
    }
  });
});
