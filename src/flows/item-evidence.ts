import type { Evidence } from '../model/evidence.ts';
import type { ExistingService, ExistingStage } from '../model/existing.ts';
import type { Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import { workloadOf } from '../ship/workloads.ts';

/** Lines of the author's Docker files that say what an item of the runtime contract judges, by its id. */
export type EvidenceByItem = Readonly<Record<string, readonly Evidence[]>>;

/** More lines than this explain nothing. */
const MOST = 5;

/** The lines behind each item for the image and the service that are put to the proof; none where the author wrote neither. */
export function placesOf(plan: Plan, { docker, port }: Facts, planned = workloadOf(plan)): EvidenceByItem {
  if (!plan.kept || !docker) return {};
  const { name, image, workload } = planned;
  const production = image?.targets.production;
  const stages = image?.kept ? (docker.dockerfiles.find(({ path }) => path === image.dockerfile)?.stages ?? []) : [];
  const stage = stages.find((stage) => stage.name !== undefined && stage.name === production) ?? stages.at(-1);
  const files = plan.kept.compose;
  const sets = docker.compose.filter((set) => set.files.some((file) => files.includes(file)));
  const service = workload.kept
    ? sets.flatMap(({ services }) => services).find((service) => service.name === name)
    : undefined;
  const rows: Record<string, readonly Evidence[]> = {
    hardened: userOf(stage, service),
    health: (service?.healthcheck ?? stage?.healthcheck)?.from ?? [],
    listens: [...(port && 'value' in port ? port.from : []), ...(stage?.ports.flatMap(({ from }) => from) ?? [])],
    stops: startOf(stage, service),
    logs: startOf(stage, service),
    lean: stage?.copies.filter(({ mounted }) => !mounted).flatMap(({ from }) => from) ?? [],
    size: stage?.from ?? [],
    reproducible: stage?.from ?? [],
  };
  const isOwn = ({ file }: Evidence) => file !== undefined && plan.kept?.files.includes(file);
  return Object.fromEntries(
    Object.entries(rows).map(([id, from]) => [id, distinct(from.filter(isOwn)).slice(0, MOST)]),
  );
}

const userOf = (stage: ExistingStage | undefined, service: ExistingService | undefined): readonly Evidence[] =>
  (service?.user ?? stage?.user)?.from ?? stage?.from ?? service?.from ?? [];

const startOf = (stage: ExistingStage | undefined, service: ExistingService | undefined): readonly Evidence[] => [
  ...((service?.entrypoint ?? stage?.entrypoint)?.from ?? []),
  ...((service?.command ?? stage?.command)?.from ?? []),
];

const distinct = (from: readonly Evidence[]): readonly Evidence[] => [
  ...new Map(from.map((item) => [`${item.file}:${item.line}`, item])).values(),
];
