import { posix } from 'node:path';
import type { Project } from './project.ts';

const remembered = new WeakMap<Project, ReadonlyMap<string, readonly string[]>>();

/** The files that lie in a folder itself, sorted. A repository with many folders is listed once, however often this is asked. */
export function filesIn(project: Project, folder: string): readonly string[] {
  const known = remembered.get(project) ?? byFolder(project.files());
  remembered.set(project, known);
  return known.get(folder) ?? [];
}

function byFolder(files: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const folders = new Map<string, string[]>();
  for (const file of files) {
    const folder = posix.dirname(file);
    const list = folders.get(folder) ?? [];
    list.push(file);
    folders.set(folder, list);
  }
  return folders;
}
