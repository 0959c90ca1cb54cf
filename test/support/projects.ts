import { cpSync, existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = join(fileURLToPath(import.meta.url), '../../..');

/** Every project that the whole way is tested on: the examples, and the fixtures. */
export const projects: readonly { readonly name: string; readonly folder: string }[] = [
  'examples',
  'fixtures/apps',
].flatMap((room) => {
  const folder = join(repository, room);
  return existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => ({ name: entry.name, folder: join(folder, entry.name) }))
        .sort((a, b) => (a.name < b.name ? -1 : 1))
    : [];
});

/** What belongs to the test and not to the project. */
const ours = ['case.json', 'expected', 'node_modules', '.env', 'dist'];

/** A copy of a project in a temporary folder, without what belongs to the test; `remove` takes it away. */
export function copyProject(folder: string): { readonly root: string; readonly remove: () => void } {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'dockwright-')));
  // a project that nothing names has the name of its folder
  const root = join(base, basename(folder));
  cpSync(folder, root, { recursive: true, filter: (source) => !ours.includes(relative(folder, source)) });
  return { root, remove: () => rmSync(base, { recursive: true, force: true }) };
}
