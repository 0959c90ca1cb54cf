import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { generate } from '../../../src/flows/generate.ts';
import { explain } from '../../../src/index.ts';
import { copyProject, projects } from '../../support/projects.ts';

/** Unlike projects: a bundle, sources as they are, a site, a worker beside a web process. */
const some = projects.filter((_, at) => at % 9 === 0);
const copies = some.map(({ name, folder }) => ({ name, ...copyProject(folder) }));
afterAll(() => {
  for (const { remove } of copies) remove();
});

/** The sources of the COPY instructions of a Dockerfile that take from the context, as its text has them. */
const copied = (dockerfile: string): readonly string[] =>
  dockerfile
    .split('\n')
    .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
    .flatMap((line) =>
      line
        .split(/\s+/)
        .slice(1, -1)
        .filter((word) => !word.startsWith('--')),
    )
    .map((source) => source.replace(/^\.\//, '').replace(/\/$/, ''));

describe('what is left out', () => {
  it.each(copies)('has every file and script of $name that is in no plan', async ({ root }) => {
    const { context, artifacts, leftOut } = await generate({ cwd: root });
    const left = new Set(leftOut.flatMap(({ files = [] }) => files));
    const dockerfiles = artifacts.filter(({ kind }) => kind === 'dockerfile');
    if (dockerfiles.length > 0 && !context.plan.kept) {
      const sources = dockerfiles.flatMap(({ content }) => copied(content));
      const covered = (file: string) =>
        sources.some((one) => one === '.' || file === one || file.startsWith(`${one}/`));
      expect(context.project.files().filter((file) => !left.has(file) && !covered(file))).toEqual([]);
    }
    const [facts] = context.chosen;
    const manifest = join(root, facts?.root ?? '.', 'package.json');
    const scripts: object = existsSync(manifest) ? (JSON.parse(readFileSync(manifest, 'utf8')).scripts ?? {}) : {};
    const told = JSON.stringify([facts, context.plan]);
    const names = Object.keys(scripts).filter((script) => !leftOut.some(({ what }) => what === `script ${script}`));
    const silent = names.filter((script) => !told.includes(script.replace(/^(pre|post)/, '')));
    expect(silent).toEqual([]);
    for (const { why, what } of leftOut) {
      expect(why.length).toBeGreaterThan(10);
      const [, count, noun] = / and (\d+) more (\w+)$/.exec(what) ?? [];
      expect(noun).toBe(count === undefined ? undefined : count === '1' ? 'file' : 'files');
    }
  });

  it('is said of a file where it is asked about', async () => {
    const [copy] = copies;
    const { leftOut } = await generate({ cwd: copy?.root ?? '' });
    const file = leftOut.flatMap(({ files = [] }) => files)[0];
    if (file === undefined || copy === undefined) throw new Error('the project has a file that no image needs');
    await expect(explain({ cwd: copy.root, file, at: 1 })).rejects.toThrow(`${file} is not in any image`);
  });
});
