import type { Config } from '../model/config.ts';
import { UserError } from '../model/errors.ts';
import type { Archetype, Facts } from '../model/facts.ts';
import { type Plan, PlanSchema } from '../model/plan.ts';
import type { Specification } from '../model/requirement.ts';
import { planApp } from './app.ts';
import { settled } from './decide.ts';
import { planLibrary } from './library.ts';
import { applyOverrides } from './overrides.ts';
import { planSite } from './site.ts';

export type PlanInput = {
  readonly facts: Facts;
  readonly specification: Specification | undefined;
  readonly config: Config;
  /** texts of the project's files, for the source edits that are offered */
  readonly read: (file: string) => string | undefined;
};

type Planner = (input: PlanInput) => Promise<Plan>;

/** How each archetype is planned; those that are missing cannot be deployed yet. */
const planners: Readonly<Partial<Record<Archetype, Planner>>> = {
  'web-service': (input) => planApp(input, 'web-service'),
  'cli-tool': (input) => planApp(input, 'cli-tool'),
  'data-pipeline': (input) => planApp(input, 'data-pipeline'),
  library: planLibrary,
  'web-app': (input) => (input.facts.site ? planSite(input, input.facts.site) : planApp(input, 'web-app')),
};

/**
 * Decides the deployment of one app: facts, specification and configuration in, a plan out. The same input gives the same plan.
 * Throws a UserError where something that only the owner can say is missing, or where the archetype is none that can be deployed yet.
 */
export async function makePlan(input: PlanInput): Promise<Plan> {
  const { facts, specification, config } = input;
  const archetype = archetypeOf(facts, specification, config);
  const planner = planners[archetype];
  if (!planner) {
    throw new UserError({
      code: 'archetype-unsupported',
      message: `this is a ${archetype}; this version of Dockwright has no deployment for it`,
      next: ['if it does answer requests, say so: `--set archetype=web-service`'],
    });
  }
  const plan = await planner(input);
  return config.overrides ? applyOverrides(plan, config.overrides, PlanSchema) : plan;
}

/** The configuration decides, then the specification, then the project. */
function archetypeOf(facts: Facts, specification: Specification | undefined, config: Config): Archetype {
  const written = specification?.archetype;
  const archetype = config.archetype ?? written?.value ?? settled(facts.archetype);
  if (!config.archetype && written && written.value === undefined) {
    throw new UserError({
      code: 'archetype-unknown',
      message: `the specification names the archetype "${written.text}", for which Dockwright knows no deployment`,
      where: { file: specification?.file ?? '', line: written.line },
      next: ['say how it is deployed: `--set archetype=web-service`, or the key "archetype" in dockwright.json'],
    });
  }
  if (archetype === undefined) {
    const unknown = facts.archetype;
    throw new UserError({
      code: 'archetype-missing',
      message: `what kind of application this is cannot be told: ${'why' in unknown ? unknown.why : ''}`,
      next: ['say it: `--set archetype=web-service` (or web-app, cli-tool, data-pipeline, library)'],
    });
  }
  return archetype as Archetype;
}
