import type { Image, Plan, Site, Workload } from './plan.ts';

/** The name of an image without its tag. */
export const imageName = (plan: Pick<Plan, 'name'>, image: Pick<Image, 'name'> | undefined): string =>
  image?.name ?? plan.name;

/** The name of what a workload starts, without its tag: its image, or a further stage of it. */
export const startedName = (
  plan: Pick<Plan, 'name' | 'images'>,
  { image, target }: Pick<Workload, 'image' | 'target'>,
) => `${imageName(plan, plan.images[image])}${target ? `-${target}` : ''}`;

/** The compose project of a plan, which its volumes are called after; null: that is for compose to say. */
export const projectOf = ({ name, compose }: Pick<Plan, 'name' | 'compose'>): string | null =>
  compose.project === undefined ? name : compose.project;

/** The sites of a plan. */
export const sitesOf = ({ site, sites = {} }: Pick<Plan, 'site' | 'sites'>): readonly Site[] => [
  ...(site ? [site] : []),
  ...Object.values(sites),
];

/** A route that a workload answers, by what it is there for. */
export function routeOf(
  { routes }: Pick<Plan, 'routes'>,
  workload: string,
  purpose: 'live' | 'ready' | 'health',
): Plan['routes'][string] | undefined {
  const own = routes[`${workload}-${purpose}`];
  return own ?? (routes[purpose]?.workload === workload ? routes[purpose] : undefined);
}

/** The service that starts a job at its times. */
export const schedulerName = (workload: string): string => (workload === 'app' ? 'schedule' : `${workload}-schedule`);

/** What runs of each of several applications first: the application itself, each once. */
export const mainWorkloads = ({ applications = {} }: Pick<Plan, 'applications'>): readonly string[] => [
  ...new Set(Object.values(applications).flatMap(({ workloads }) => workloads.slice(0, 1))),
];

/** Whether a workload ends by itself: it is started by hand, or at its times. */
export const isEnding = (shape: Workload['shape'] | undefined): boolean =>
  shape === 'job' || shape === 'schedule' || shape === 'command';
