import { posix } from 'node:path';
import { distributionPackage } from '../../catalog/distribution-packages.ts';
import { runtimeOfImage } from '../../catalog/runtime-images.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { ExistingDeployment, ExistingService, ExistingStage } from '../../model/existing.ts';
import type { LeftOut } from '../../model/facts.ts';

/** What the Docker files of the author say of the container that runs an application in production. */
export type ContainerEvidence = {
  /** the stage that production runs; undefined: only compose files say something */
  readonly stage: ExistingStage | undefined;
  readonly stages: readonly ExistingStage[];
  /** the folder that the Dockerfile is built from */
  readonly context: string;
  /** the service of the compose files that runs it */
  readonly service: ExistingService | undefined;
};

/** The evidence of one application; undefined where no Docker file of the author runs it. */
export function containerEvidence(docker: ExistingDeployment | undefined): ContainerEvidence | undefined {
  const file = docker?.dockerfiles.find(
    ({ builds, production }) => builds === 'application' && production !== undefined,
  );
  const stage = file?.stages[file.production ?? -1];
  const sets = (docker?.compose ?? []).filter(({ use }) => use === 'base' || use === 'production');
  const services =
    sets.map((set) => set.services.filter(({ runs }) => runs === 'application')).find((found) => found.length > 0) ??
    [];
  const built = services.filter(
    ({ build }) => build === undefined || file === undefined || build.dockerfile === file.path,
  );
  const service = built.find(({ ports }) => ports.length > 0) ?? built[0];
  if (!stage && !service) return undefined;
  return { stage, stages: file?.stages ?? [], context: file?.context ?? '.', service };
}

/** The runtime that the image brings, and its version where the tag says it. */
export function runtimeEvidence({
  stage,
  service,
}: ContainerEvidence): { readonly runtime: string; readonly version: string; readonly from: Evidence[] } | undefined {
  const said = stage
    ? { image: stage.base, from: stage.from }
    : service?.image && { image: service.image.value, from: service.image.from };
  const found = said && runtimeOfImage(said.image);
  if (!said || found?.version === undefined) return undefined;
  return {
    runtime: found.runtime,
    version: found.version,
    from: said.from.map((one) => ({ ...one, why: `the image is ${said.image}` })),
  };
}

type Value = { readonly value: string; readonly from: readonly Evidence[] };

/** The value that a variable has in the container: compose beats the image; one that names other variables is not known. */
export function variableEvidence({ stage, service }: ContainerEvidence, name: string): Value | undefined {
  const own = (
    values: Readonly<Record<string, { readonly value: string | null; readonly from: readonly Evidence[] }>> | undefined,
  ) => (values && Object.hasOwn(values, name) ? values[name] : undefined);
  const found = own(service?.env) ?? own(stage?.env);
  if (!found || found.value === null) return undefined;
  const value = found.value.replace(/^\$\{\w+:?-([^{}$]*)\}$/, '$1');
  return value.includes('$') ? undefined : { value, from: found.from };
}

/** The one port that the image exposes, or that compose publishes. */
export function portEvidence({
  stage,
  service,
}: ContainerEvidence): { readonly number: number; readonly from: readonly Evidence[] } | undefined {
  const published = service?.ports ?? [];
  const ports =
    published.length > 0 ? published.map(({ container, from }) => ({ number: container, from })) : (stage?.ports ?? []);
  const [only] = ports;
  return ports.length === 1 ? only : undefined;
}

/** Packages that production installs, by the names of Debian, and those that are left out. */
export function packageEvidence({ stage }: ContainerEvidence): {
  readonly system: readonly Value[];
  readonly leftOut: readonly LeftOut[];
} {
  const system: { value: string; from: Evidence[] }[] = [];
  const leftOut: LeftOut[] = [];
  const asked = (stage?.healthcheck?.command?.argv ?? []).flatMap((word) => word.split(/\s+/));
  for (const { value, from } of stage?.packages ?? []) {
    const [name = ''] = value.split(/[=~<>]/);
    if (asked.includes(name)) {
      const why = 'only the health check used it, and the generated one needs no program';
      leftOut.push({ what: `package ${value}`, why, from: [...from] });
      continue;
    }
    const found = distributionPackage(name);
    if ('why' in found) leftOut.push({ what: `package ${value}`, why: found.why, from: [...from] });
    else if (!system.some((one) => one.value === found.name)) system.push({ value: found.name, from: [...from] });
  }
  return { system, leftOut };
}

/**
 * The path in the application (relative to its folder) of a path of the production image, by what its stages copy; undefined where it comes from
 * elsewhere, or is the whole application.
 */
export function ownPath(
  evidence: ContainerEvidence,
  stage: ExistingStage,
  path: string,
  root: string,
): string | undefined {
  const { context, stages } = evidence;
  const matches = stage.copies
    .filter(({ mounted }) => !mounted)
    .flatMap((copy) =>
      copy.sources.flatMap((source) => {
        const target = copiedTo(source, copy.to, copy.sources.length);
        const inside = posix.relative(target, path);
        return inside.startsWith('..') ? [] : [{ length: target.length, copy, source, inside }];
      }),
    );
  const [best] = matches.sort((a, b) => b.length - a.length);
  if (best?.copy.stage !== undefined) {
    const other = stageOf(stages, best.copy.stage);
    const isEarlier = other !== undefined && other.index < stage.index;
    return isEarlier ? ownPath(evidence, other, posix.resolve('/', best.source, best.inside), root) : undefined;
  }
  const place = best
    ? posix.join(context, best.source, best.inside)
    : posix.join(root, posix.relative(stage.workdir, path));
  const own = posix.relative(root, posix.normalize(place));
  return own === '' || own.startsWith('..') ? undefined : own;
}

const stageOf = (stages: readonly ExistingStage[], name: string): ExistingStage | undefined =>
  stages.find((stage) => stage.name === name.toLowerCase() || String(stage.index) === name);

/** Where COPY puts a source: a file goes into a folder that is named with a slash, or that several sources go to; what a folder holds goes into it. */
const copiedTo = (source: string, to: string, count: number): string =>
  posix.extname(source) !== '' && (count > 1 || posix.extname(to) === '') ? posix.join(to, posix.basename(source)) : to;

/** What production copies of the application: paths relative to its folder, each with its place. */
export function copiedPaths(evidence: ContainerEvidence, root: string): readonly Value[] {
  const { stage, stages, context } = evidence;
  return (stage?.copies ?? []).flatMap((copy): Value[] => {
    if (copy.mounted) return [];
    const { from } = copy;
    if (copy.stage === undefined)
      return copy.sources.flatMap((source) => {
        const own = posix.relative(root, posix.normalize(posix.join(context, source)));
        return own === '' || own.startsWith('..') ? [] : [{ value: own, from }];
      });
    const other = stageOf(stages, copy.stage);
    return copy.sources.flatMap((source) => {
      const own = other && ownPath(evidence, other, posix.resolve('/', source), root);
      return own === undefined ? [] : [{ value: own, from }];
    });
  });
}

/** Folders of the container that hold data: named volumes and VOLUME, relative to the application where they lie in its folder. */
export function dataFolders({ stage, service }: ContainerEvidence): readonly (Value & { readonly volume?: string })[] {
  const workdir = service?.workdir?.value ?? stage?.workdir ?? '/';
  const own = (path: string) => {
    const inside = posix.relative(workdir, path);
    return workdir === '/' || inside === '' || inside.startsWith('..') ? path : inside;
  };
  const mounts = (service?.mounts ?? []).flatMap(({ type, source, target, from }) =>
    type === 'volume' && source !== undefined ? [{ value: own(target), volume: source, from }] : [],
  );
  const volumes = (stage?.volumes ?? []).map(({ value, from }) => ({
    value: own(posix.resolve(workdir, value)),
    from,
  }));
  return [...mounts, ...volumes.filter(({ value }) => !mounts.some((mount) => mount.value === value))];
}
