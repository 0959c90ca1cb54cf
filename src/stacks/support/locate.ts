import type { Project } from '../../project/project.ts';
import { readSources } from '../../project/source.ts';
import { type Maker, madeIn } from './made.ts';

/** The first of the reached files that makes a server object, and where: routers of their own come later in that order. */
export function locateMade(
  project: Project,
  files: readonly string[],
  maker: Maker,
): { file: string; line: number } | undefined {
  for (const source of readSources(project, files)) {
    const [first] = madeIn(source, maker);
    if (first) return { file: source.file, line: source.line(first.node.start) };
  }
  return undefined;
}
