import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generate } from '../../../src/flows/generate.ts';
import { inspectProject } from '../../../src/flows/inspect.ts';
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

/** What a write that was killed before its first rename leaves of a new file. */
function interrupt(folder: string, path: string, content: string): void {
  const temporary = '.dockwright-0123456789ab.new';
  const file = { path, temporary, backup: null, sha256: sha256(content), base: null, mode: 0o644 };
  mkdirSync(join(folder, '.dockwright'), { recursive: true });
  writeFileSync(join(folder, temporary), content);
  const journal = { version: 1, state: 'ready', folders: [], files: [file] };
  writeFileSync(join(folder, '.dockwright/journal.json'), JSON.stringify(journal));
}

describe('the command after a write that was killed', () => {
  it('finishes it before anything is read, and says so', async () => {
    const config = join(copy.root, 'dockwright.json');
    rmSync(config, { force: true });
    const before = contentsOf(copy.root);
    interrupt(copy.root, 'dockwright.json', '{"port":4567}\n');
    const { repository: found, warnings } = await inspectProject({ cwd: copy.root });
    expect(warnings).toContain('the last write was interrupted; it was finished first');
    expect(JSON.stringify(found.apps[0]?.port)).toContain('4567');
    expect(contentsOf(copy.root)).toEqual({ ...before, 'dockwright.json': '644 {"port":4567}\n' });
    expect((await inspectProject({ cwd: copy.root })).warnings.join()).not.toContain('interrupted');
  });

  it('does the same in the folder of --output', async () => {
    interrupt(output, 'Dockerfile', 'FROM mine\n');
    const { changes } = await generate({ cwd: copy.root, output });
    expect(contentsOf(output)).toEqual({ Dockerfile: '644 FROM mine\n' });
    expect(changes.find((change) => change.path === 'Dockerfile')?.before).toBe('FROM mine\n');
    expect(readFileSync(join(output, 'Dockerfile'), 'utf8')).toBe('FROM mine\n');
  });
});
