import { posix } from 'node:path';
import { readData } from '../../../project/data.ts';
import type { Project } from '../../../project/project.ts';

/** The scripts of the manifests in these folders and at the root, as text. */
export const manifestCommands = (project: Project, roots: readonly string[]) =>
  [...new Set(['.', ...roots])].flatMap((root) => {
    const file = posix.join(root, 'package.json');
    const data = readData(project, file);
    return Object.entries(data?.texts(['scripts']) ?? {}).map(([name, text]) => {
      return { text, file, line: data?.line(['scripts', name]) ?? 1 };
    });
  });
