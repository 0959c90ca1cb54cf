import { mainWorkloads } from '../model/applications.ts';
import { UserError } from '../model/errors.ts';
import type { Image, Plan, Workload } from '../model/plan.ts';
import { ending } from './verification.ts';

/** A workload of a plan, with the image that is built for it. */
export type PlannedWorkload = {
  readonly name: string;
  readonly workload: Workload;
  /** absent: it runs an image that no Dockerfile of the plan builds */
  readonly image: Image | undefined;
};

const isServer = ({ workload }: PlannedWorkload): boolean => workload.shape === 'service' || workload.shape === 'site';
const runsOn = ({ workload }: PlannedWorkload): boolean => !ending.includes(workload.shape);

/**
 * The workloads that are put to the proof, the main one first: the first server, else the first that runs until it is stopped, else the first. Of what
 * Dockwright generated that is the main one alone, or that of each of several applications; of an author's files every service that runs the application.
 */
export function workloadsOf(
  plan: Plan,
  isStarted: (name: string) => boolean = () => true,
): readonly [PlannedWorkload, ...PlannedWorkload[]] {
  const all = Object.entries(plan.workloads).map(([name, workload]) => ({
    name,
    workload,
    image: Object.hasOwn(plan.images, workload.image) ? plan.images[workload.image] : undefined,
  }));
  const started = all.some(({ name }) => isStarted(name)) ? all.filter(({ name }) => isStarted(name)) : all;
  const main = started.find(isServer) ?? started.find(runsOn) ?? started[0];
  if (!main) {
    throw new UserError({
      code: 'nothing-to-verify',
      message: 'Nothing in this project runs in a container.',
      next: ['A library is published, not deployed: see its publish steps.'],
    });
  }
  const mains = mainWorkloads(plan);
  const isProved = ({ name, workload }: PlannedWorkload) =>
    plan.applications ? mains.includes(name) || workload.kept !== undefined : plan.kept !== undefined;
  return [main, ...started.filter((item) => item !== main && isProved(item))];
}

/** The workload that a plan is about: its first server, else its first workload. */
export const workloadOf = (plan: Plan): PlannedWorkload => workloadsOf(plan)[0];

/** The images of the workloads that are put to the proof, by their keys in the plan; that of the main workload first. */
export const imagesOf = (plan: Plan): Readonly<Record<string, Image>> =>
  Object.fromEntries(workloadsOf(plan).flatMap(({ workload, image }) => (image ? [[workload.image, image]] : [])));
