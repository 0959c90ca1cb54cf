import { join } from 'node:path';
import type { SecretValue } from '../engine/buildx.ts';
import type { Engine } from '../engine/docker.ts';
import type { TempFolder } from '../engine/temp.ts';
import type { OnProgress, Revision } from '../model/contract.ts';
import type { Image, Plan } from '../model/plan.ts';
import { secretIds } from '../model/secret-settings.ts';
import { buildArgumentsOf, keptArguments } from './build.ts';
import type { TrustedInput } from './frontend.ts';
import { type MakeRequest, makeImage } from './image.ts';
import { measure } from './measure.ts';
import type { BuiltImage } from './verification.ts';

/** A build of the set: a stage of an image, for the workloads that run it. */
export type PlannedBuild = {
  readonly tag: string;
  readonly image: Image;
  /** absent: the last stage */
  readonly target: string | undefined;
  readonly workloads: readonly string[];
};

/** What is built for the workloads of a plan, each stage once; the first workload of `names` has the first build. */
export function buildsOf(plan: Plan, names: readonly string[], run: string): readonly PlannedBuild[] {
  const builds = new Map<string, PlannedBuild>();
  for (const name of names) {
    const workload = plan.workloads[name];
    if (!workload || !Object.hasOwn(plan.images, workload.image)) continue;
    const image = plan.images[workload.image];
    if (!image) continue;
    const target = workload.target ?? image.targets.production;
    const key = JSON.stringify([workload.image, target]);
    const known = builds.get(key);
    const tag = builds.size === 0 ? `${run}:local` : `${run}-image-${builds.size + 1}:local`;
    builds.set(key, { ...(known ?? { tag, image, target }), workloads: [...(known?.workloads ?? []), name] });
  }
  return [...builds.values()];
}

type Builder = {
  readonly root: string;
  readonly engine: Engine;
  readonly trust: TrustedInput;
  readonly temp: TempFolder;
  readonly revision: Revision | undefined;
  /** values of variables, for build arguments that name them */
  readonly values: Readonly<Record<string, string>>;
  readonly buildSecrets: readonly SecretValue[];
  readonly onProgress: OnProgress | undefined;
  readonly signal: AbortSignal | undefined;
};

/** Builds one image of the set and measures it. Throws a `UserError` (`build-failed`). */
export async function makeBuild({ tag, image, target }: PlannedBuild, builder: Builder): Promise<BuiltImage> {
  const { root, engine, trust, temp, onProgress, signal } = builder;
  const asked = secretIds(image);
  const build = {
    context: join(root, image.context.root),
    dockerfile: join(root, image.dockerfile),
    target,
    buildArgs: { ...buildArgumentsOf(image, builder.revision), ...keptArguments(image, builder.values) },
  };
  const buildSecrets = builder.buildSecrets.filter(({ id }) => asked.has(id));
  const request: MakeRequest = {
    ...build,
    engine,
    trust,
    secrets: buildSecrets,
    tag,
    load: true,
    temp,
    onProgress,
    signal,
  };
  const made = await makeImage(request);
  return { ...build, image, buildSecrets, made, archive: made.archive, sizes: await measure(made.archive) };
}
