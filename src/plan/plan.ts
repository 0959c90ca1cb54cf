import { Archetype } from '../model/archetype.ts';
import type { Config } from '../model/config.ts';
import { UserError } from '../model/errors.ts';
import type { Facts } from '../model/facts.ts';
import { knownValue } from '../model/known.ts';
import type { Plan } from '../model/plan.ts';
import { planApp } from './app.ts';
import { withCi } from './ci.ts';
import type { PlanInput } from './input.ts';
import { brokenFiles, planBroken } from './kept/broken.ts';
import { planKept } from './kept/plan.ts';
import { type KeptSet, keptSet } from './kept/set.ts';
import { planLibrary } from './library.ts';
import { refuseNewLoaders } from './loaders.ts';
import { applyOverrides } from './overrides.ts';
import { refuseReserved } from './paths.ts';
import { withPublishedImages } from './published.ts';
import { archetypeLabels } from './questions.ts';

type Planner = (input: PlanInput) => Promise<Plan>;

/** How each archetype is planned; those that are missing cannot be deployed yet. */
const planners: Readonly<Partial<Record<Archetype, Planner>>> = {
  'web-service': (input) => planApp(input, 'web-service'),
  'cli-tool': (input) => planApp(input, 'cli-tool'),
  worker: (input) => planApp(input, 'worker'),
  'data-pipeline': (input) => planApp(input, 'data-pipeline'),
  library: planLibrary,
  'web-app': (input) => planApp(input, 'web-app'),
};

/**
 * Decides the deployment of one app: facts, specification and configuration in, a plan out. The same input gives the same plan.
 * Throws a UserError where something that only the owner can say is missing, or where the archetype is none that can be deployed yet.
 */
export async function makePlan(input: PlanInput): Promise<Plan> {
  const { facts, config } = input;
  const archetype = archetypeOf(input);
  const planner = planners[archetype];
  if (!planner) {
    throw new UserError({
      code: 'archetype-unsupported',
      message: `This is a ${archetype}, which this version of Dockwright cannot deploy.`,
      next: ['If it answers requests, set the type: `--set archetype=web-service`'],
    });
  }
  const broken = brokenFiles(facts, config, input.replaced);
  if (broken.length > 0) return planBroken(input, archetype, broken);
  const set = keptSet(facts, config, input.replaced);
  const isKept = set !== undefined && archetype !== 'library';
  // what installs is said in the author's files
  if (!isKept || (set.apps.length === 0 && !set.dockerfile)) refuseUnclearManager(facts);
  const made = withPublishedImages(await (isKept ? planKept(input, archetype, set) : planner(input)));
  // one of several applications: the workflow is that of all
  const plan = await overridden(input.shared ? made : withCi(made, input), config);
  refuseReserved(plan);
  return plan;
}

/** The plan with the values that the configuration puts at paths of it. */
export async function overridden(plan: Plan, { overrides }: Config): Promise<Plan> {
  if (!overrides) return plan;
  // a large schema, which nothing else reads with
  const { PlanSchema } = await import('../model/plan.ts');
  const changed = applyOverrides(plan, overrides, PlanSchema);
  refuseNewLoaders(plan, changed);
  return changed;
}

/** Signs of several package managers: which of them installs is for the owner to say, and without it nothing would be installed. */
function refuseUnclearManager({ manager, dependencies }: Facts): void {
  if (!('why' in manager) || manager.from.length === 0 || dependencies.length === 0) return;
  const files = [...new Set(manager.from.flatMap((item) => item.file ?? []))];
  throw new UserError({
    code: 'manager-unclear',
    message: `Could not determine the package manager: ${manager.why} (${files.join(', ')})`,
    where: { file: files[0] ?? '' },
    next: [
      'Delete the lockfiles that are not used',
      'Or set it: `--set manager=NAME`, or the key "manager" in dockwright.json',
    ],
  });
}

/** What is deployed, by the facts. One that the specification names and nobody knows is refused, unless the configuration says another. */
function archetypeOf({ facts, specification, config, replaced }: PlanInput): Archetype {
  const written = specification?.archetype;
  const archetype = knownValue(facts.archetype);
  if (!config.archetype && written && written.value === undefined) {
    throw new UserError({
      code: 'archetype-unknown',
      message: `The specification has the archetype "${written.text}", which Dockwright cannot deploy`,
      where: { file: specification?.file ?? '', line: written.line },
      next: [
        `Fix it there. Valid values: ${Archetype.options.join(', ')}`,
        'Or set the type yourself: `--set archetype=web-service`, or the key "archetype" in dockwright.json',
      ],
    });
  }
  const kept = archetype === undefined ? keptSet(facts, config, replaced) : undefined;
  const found = archetype ?? (kept && keptArchetype(kept));
  if (found === undefined) throw unknownArchetype(facts);
  return found;
}

/** What the author's files show of an application that they build and start: one that has a port answers. Undefined: they do not start it. */
function keptArchetype({ apps, dockerfile }: KeptSet): Archetype | undefined {
  const services = apps.filter(({ isOnce }) => !isOnce);
  if (services.length === 0 && !dockerfile) return undefined;
  const stages = [dockerfile, ...services.map(({ built }) => built)].flatMap((built) => built?.stage ?? []);
  const hasPort =
    stages.some(({ ports }) => ports.length > 0) || services.some(({ service }) => (service?.ports.length ?? 0) > 0);
  return hasPort ? 'web-service' : 'worker';
}

/** The error that asks what is deployed: with the values that lead on, the likeliest first. */
function unknownArchetype({ archetype, notes }: Facts): UserError {
  const { why, ask, choices = [], from } = 'why' in archetype ? archetype : { why: '', ask: 'archetype', from: [] };
  const unread = notes.find((note) => note.code === 'source-not-read');
  const [place] = unread?.from ?? from;
  const known = choices.flatMap((choice) => Archetype.safeParse(choice).data ?? []);
  return new UserError({
    code: 'archetype-missing',
    message: `Could not determine what kind of application this is: ${why}.`,
    ...(place?.file ? { where: { file: place.file, line: place.line ?? 1 } } : {}),
    next: [
      ...(unread ? [`Fix what could not be read: ${unread.message}`] : []),
      ...known.map((value) => `If ${archetypeLabels[value]}: \`--set archetype=${value}\``),
      ...(ask === 'archetype' && known.length === 0 && !unread
        ? ['This version of Dockwright cannot deploy it. Your own Dockerfile stays unchanged.']
        : []),
      ...(ask === 'archetype' ? [] : [`Set it: \`--set ${ask}=VALUE\`, or the key "${ask}" in dockwright.json`]),
    ],
  });
}
