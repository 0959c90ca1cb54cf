import { describe, expect, it } from 'vitest';
import { artifactsOf } from '../../src/artifacts/artifacts.ts';
import { decide, readFrom } from '../../src/flows/context.ts';
import { memoryProject } from '../../src/project/memory.ts';
import { type Shown, shown } from '../support/shown.ts';
import { edited } from '../support/wiring.ts';

/** Every file that comes of a project: what is generated, and the sources after their edits. */
async function filesFrom({ files }: Shown): Promise<ReadonlyMap<string, string>> {
  const project = memoryProject(files);
  const { plan } = await decide(await readFrom(project, { cwd: '.' }), {});
  const generated = artifactsOf(plan, project.files()).map(({ path, content }) => [path, content] as const);
  const sources = plan.edits.map(({ file, edits }) => [file, edited(files[file] ?? '', edits)] as const);
  return new Map([...generated, ...sources]);
}

describe('a language, a stack, a hint and an artifact', () => {
  it.each(shown)('does what it says: $path', async (fixture) => {
    const files = await filesFrom(fixture);
    for (const [path, texts] of Object.entries(fixture.gives))
      for (const text of texts) expect(files.get(path) ?? `no ${path}`, path).toContain(text);
  });
});
