import type { Config } from '../model/config.ts';
import type { Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import type { Specification } from '../model/requirement.ts';
import type { Project } from '../project/project.ts';
import type { FlowOptions } from './options.ts';

/** What was read and decided, for every verb that comes after. */
export type Context = {
  /** absolute path of the repository */
  readonly root: string;
  readonly project: Project;
  readonly config: Config;
  readonly facts: Facts;
  readonly specification: Specification | undefined;
  readonly plan: Plan;
  /** what was wrong in the inputs without stopping us, one sentence each */
  readonly warnings: readonly string[];
};

/** Reads the project and its specification and decides: the way through as far as the plan. */
export async function loadContext(_options: FlowOptions): Promise<Context> {
  throw new Error('written next');
}
