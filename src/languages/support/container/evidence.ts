/** What the Docker files of the author say of the container that runs an application: its runtime, variables, port and packages. */
import { distributionPackage } from '../../../catalog/distribution-packages.ts';
import { runtimeOfImage } from '../../../catalog/runtime-images.ts';
import type { Evidence } from '../../../model/evidence.ts';
import type {
  ExistingCompose,
  ExistingDeployment,
  ExistingDockerfile,
  ExistingService,
  ExistingStage,
} from '../../../model/existing.ts';
import type { Facts, LeftOut } from '../../../model/facts.ts';
import { detected } from '../../../model/known.ts';

/** What the Docker files of the author say of the container that runs an application in production. */
export type ContainerEvidence = {
  /** the stage that production runs; undefined: only compose files say something */
  readonly stage: ExistingStage | undefined;
  readonly stages: readonly ExistingStage[];
  /** all of the author's Dockerfiles: a service beside the application may be built here, too */
  readonly dockerfiles: readonly ExistingDockerfile[];
  /** the folder that the Dockerfile is built from */
  readonly context: string;
  /** the service of the compose files that runs it */
  readonly service: ExistingService | undefined;
  /** the compose files that it stands in, or else those of the base */
  readonly set: ExistingCompose | undefined;
  /** the compose files of production, and those of the base */
  readonly sets: readonly ExistingCompose[];
};

/** The evidence of one application; undefined where no Docker file of the author runs it. */
export function containerEvidence(docker: ExistingDeployment | undefined): ContainerEvidence | undefined {
  const file = docker?.dockerfiles.find(
    ({ builds, production }) => builds === 'application' && production !== undefined,
  );
  const stage = file?.stages[file.production ?? -1];
  const sets = (docker?.compose ?? []).filter(({ use }) => use === 'base' || use === 'production');
  const set = sets.find(({ services }) => services.some(({ runs }) => runs === 'application')) ?? sets[0];
  const services = (set?.services ?? []).filter(({ runs }) => runs === 'application');
  const built = services.filter(
    ({ build }) => build === undefined || file === undefined || build.dockerfile === file.path,
  );
  // what others wait for until it has ended is a step before the application; a command of its own is mostly that of a process beside it
  const steps = new Set((set?.services ?? []).flatMap(({ completed = [] }) => completed));
  const lasting = built.filter(({ name }) => !steps.has(name));
  const service =
    built.find(({ ports }) => ports.length > 0) ??
    lasting.find(({ command, entrypoint }) => command === undefined && entrypoint === undefined) ??
    lasting[0] ??
    built[0];
  if (!stage && !set) return undefined;
  return {
    stage,
    stages: file?.stages ?? [],
    dockerfiles: docker?.dockerfiles ?? [],
    context: file?.context ?? '.',
    service,
    set,
    sets,
  };
}

/** What a service may take at most: a file for production beats the base. */
export function limitsEvidence({ sets }: ContainerEvidence, name: string | undefined): ExistingService['limits'] {
  const byUse = [...sets.filter(({ use }) => use === 'production'), ...sets];
  return byUse.flatMap(({ services }) => services.find((one) => one.name === name)?.limits ?? [])[0];
}

/** The same for the application, as facts. */
export function limitsOf(container: ContainerEvidence): Pick<Facts, 'limits'> {
  const { from, ...limits } = limitsEvidence(container, container.service?.name) ?? {};
  return from ? { limits: detected(limits, from) } : {};
}

/** The runtime that the image brings, and its version where the tag says it. */
export function runtimeEvidence({
  stage,
  service,
}: ContainerEvidence): { readonly runtime: string; readonly version: string; readonly from: Evidence[] } | undefined {
  const statement = stage
    ? { image: stage.base, from: stage.from }
    : service?.image && { image: service.image.value, from: service.image.from };
  const found = statement && runtimeOfImage(statement.image);
  if (!statement || found?.version === undefined) return undefined;
  return {
    runtime: found.runtime,
    version: found.version,
    from: statement.from.map((item) => ({ ...item, why: `the image is ${statement.image}` })),
  };
}

export type ReadValue = { readonly value: string; readonly from: readonly Evidence[] };

/** The value that a variable has in the container: compose beats the image; one that names other variables is not known. */
export function variableEvidence({ stage, service }: ContainerEvidence, name: string): ReadValue | undefined {
  const own = (
    values: Readonly<Record<string, { readonly value: string | null; readonly from: readonly Evidence[] }>> | undefined,
  ) => (values && Object.hasOwn(values, name) ? values[name] : undefined);
  const found = own(service?.env) ?? own(stage?.env);
  if (!found || found.value === null) return undefined;
  const value = found.value.replace(/^\$\{\w+:?-([^{}$]*)\}$/, '$1');
  return value.includes('$') ? undefined : { value, from: found.from };
}

/** The variables that the container is given, with what each was given by: compose beats the image. */
export const variableNames = ({ stage, service }: ContainerEvidence): readonly string[] =>
  [...new Set([...Object.keys(stage?.env ?? {}), ...Object.keys(service?.env ?? {})])].filter((name) =>
    /^[A-Za-z_]\w*$/.test(name),
  );

/** Build arguments of the image that runs, each with its default and its place. */
export const argumentEvidence = ({ stage }: ContainerEvidence) => Object.entries(stage?.args ?? {});

/** Whether a value names another service of the author's compose files. */
export const namesService = ({ set, service }: ContainerEvidence, value: string): boolean =>
  (set?.services ?? []).some(
    ({ name }) =>
      name !== service?.name &&
      (value === name || [`//${name}`, `@${name}`, `${name}:`].some((part) => value.includes(part))),
  );

/** Ports on which a runtime lets a debugger in. */
const debuggers: ReadonlySet<number> = new Set([9229, 9230]);

/** The one port that the image exposes, or that compose publishes, beside those of debuggers. */
export function portEvidence({
  stage,
  service,
}: ContainerEvidence): { readonly number: number; readonly from: readonly Evidence[] } | undefined {
  const published = service?.ports ?? [];
  const all =
    published.length > 0 ? published.map(({ container, from }) => ({ number: container, from })) : (stage?.ports ?? []);
  const ports = all.filter(({ number }) => !debuggers.has(number));
  const [only] = ports;
  return ports.length === 1 ? only : undefined;
}

/** Packages that production installs, by the names of Debian, and those that are left out. */
export function packageEvidence({ stage }: ContainerEvidence): {
  readonly system: readonly ReadValue[];
  readonly leftOut: readonly LeftOut[];
} {
  const system: { value: string; from: Evidence[] }[] = [];
  const leftOut: LeftOut[] = [];
  const asked = (stage?.healthcheck?.command?.argv ?? []).flatMap((word) => word.split(/\s+/));
  for (const { value, from } of stage?.packages ?? []) {
    const [name = ''] = value.split(/[=~<>]/);
    if (asked.includes(name)) {
      const why = 'only the health check used it, and the generated health check does not need it';
      leftOut.push({ what: `package ${value}`, why, from: [...from] });
      continue;
    }
    const found = distributionPackage(name);
    if ('why' in found) leftOut.push({ what: `package ${value}`, why: found.why, from: [...from] });
    else if (!system.some((item) => item.value === found.name)) system.push({ value: found.name, from: [...from] });
  }
  return { system, leftOut };
}
