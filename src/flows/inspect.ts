import type { Repository } from '../model/facts.ts';
import type { Specification } from '../model/requirement.ts';
import { readProject } from './context.ts';
import type { FlowOptions } from './options.ts';

export type Inspection = {
  readonly repository: Repository;
  readonly specification?: Specification;
  readonly warnings: readonly string[];
};

/** Reads the project and its specification; decides and writes nothing. */
export async function inspectProject(options: FlowOptions): Promise<Inspection> {
  const { repository, specification, warnings } = await readProject(options);
  return { repository, ...(specification ? { specification } : {}), warnings };
}
