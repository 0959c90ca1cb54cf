import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Framework } from '../../src/stacks/contract.ts';
import { frameworks, loadFramework } from '../../src/stacks/servers/registry.gen.ts';
import { repository } from './projects.ts';

const folder = join(repository, 'fixtures/wiring');
const read = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);

/** One way of writing a server, and what has to become of it. */
export type WiringFixture = {
  readonly name: string;
  readonly framework: string;
  readonly folder: string;
  readonly text: string;
  /** the file after the edit */
  readonly expected: string | undefined;
  /** why it is refused, then the lines to paste */
  readonly refused: string | undefined;
};

/** fixtures/wiring/FRAMEWORK-STYLE/, with the framework of the longest name that fits. */
export const wiringFixtures: readonly WiringFixture[] = readdirSync(folder)
  .sort()
  .map((name) => {
    const [framework] = frameworks
      .map((one) => one.name)
      .filter((one) => name.startsWith(`${one}-`))
      .sort((a, b) => b.length - a.length);
    return {
      name,
      framework: framework ?? '',
      folder: join(folder, name),
      text: read(join(folder, name, 'app.ts')) ?? '',
      expected: read(join(folder, name, 'expected.ts')),
      refused: read(join(folder, name, 'refused.txt')),
    };
  });

/** The framework of a fixture; fails where there is none of that name. */
export async function frameworkOf(fixture: WiringFixture): Promise<Framework> {
  const framework = await loadFramework(fixture.framework);
  if (!framework) throw new Error(`fixtures/wiring/${fixture.name}: its name starts with no framework's name`);
  return framework;
}

/** Makes the edits of a text; the last one first, so that the spans stay true. */
export const edited = (
  text: string,
  edits: readonly { readonly start: number; readonly end: number; readonly text: string }[],
): string =>
  [...edits]
    .sort((a, b) => b.start - a.start)
    .reduce((so, edit) => so.slice(0, edit.start) + edit.text + so.slice(edit.end), text);
