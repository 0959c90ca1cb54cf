import type { Project } from '../../project/project.ts';
import { readSources } from '../../project/source.ts';
import { type Factory, factoryCallsIn } from './factory-calls.ts';

/** The first of the reached files that makes a server object, and where: routers of their own come later in that order. */
export function locateFactoryCall(
  project: Project,
  files: readonly string[],
  factory: Factory,
): { file: string; line: number } | undefined {
  for (const source of readSources(project, files)) {
    const [first] = factoryCallsIn(source, factory);
    if (first) return { file: source.file, line: source.line(first.node.start) };
  }
  return undefined;
}
