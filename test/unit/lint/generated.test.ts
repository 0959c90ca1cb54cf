import { describe, expect, it } from 'vitest';
import { generate } from '../../../src/flows/generate.ts';
import { copyProject, projects } from '../../support/projects.ts';
import { lintFiles } from '../../support/rules.ts';

/** What we generate ourselves is held to the same rules as what people wrote. */
describe('what is generated', () => {
  it.each(projects.map(({ name, folder }) => [name, folder] as const))(
    'has no finding: %s',
    async (_name, folder) => {
      const { root, remove } = copyProject(folder);
      try {
        const { artifacts, context } = await generate({ cwd: root });
        const { project } = context;
        const sources = project.files().flatMap((path) => {
          const text = project.read(path);
          return text === undefined ? [] : [[path, text] as const];
        });
        const own = artifacts.map(({ path, content }) => [path, content] as const);
        const { findings, notUnderstood } = await lintFiles(Object.fromEntries([...sources, ...own]));
        expect(findings.map(({ rule, file, line, message }) => `${rule} ${file}:${line} ${message}`)).toEqual([]);
        expect(notUnderstood).toEqual([]);
      } finally {
        remove();
      }
    },
    30_000,
  );
});
