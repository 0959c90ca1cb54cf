import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { fill } from './folder.ts';
import { git } from './git.ts';

/** A committed project of these files, in a temporary folder that is removed with the test. Returns the folder. */
export function committedProject(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'dockwright-project-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  fill(root, files);
  git(root, 'init', '--quiet');
  git(root, 'add', '--all');
  git(root, 'commit', '--quiet', '--message', 'the project');
  return root;
}
