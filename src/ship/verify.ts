import { join } from 'node:path';
import type { SecretValue } from '../engine/buildx.ts';
import { needEngine } from '../engine/docker.ts';
import { beginRun, endRun, sweep } from '../engine/owned.ts';
import { tempFolder } from '../engine/temp.ts';
import type { ContractItem, OnProgress, Revision, VerifyReport } from '../model/contract.ts';
import { UserError } from '../model/errors.ts';
import type { ExternalApi, Variable } from '../model/facts.ts';
import type { Image, Plan, Workload } from '../model/plan.ts';
import { buildArgumentsOf, keptArguments } from './build.ts';
import { items } from './contract/items.ts';
import type { Trust } from './frontend.ts';
import { makeImage } from './image.ts';
import type { Stub } from './isolation/isolate.ts';
import { measure } from './measure.ts';
import { runOnce } from './once.ts';
import { type Prepared, prepare, readDeployment, type Started, type StartRequest, start } from './start.ts';
import { ending, type Item, notApplicable, notProved, type Outcome, type Subject, toolbox } from './subject.ts';

export type VerifyRequest = {
  readonly plan: Plan;
  /** absolute path of the project */
  readonly root: string;
  /** compose files relative to the root, as production merges them */
  readonly composeFiles: readonly string[];
  /** the text of a file of the project by root-relative path; undefined where there is none in it */
  readonly read: (path: string) => string | undefined;
  /** files that belong to the repository, relative to the root: only these are copied for a container */
  readonly tracked: readonly string[];
  /** what is refused and passes for this run all the same, such as `web.volumes` */
  readonly allow: readonly string[];
  readonly trust: Trust;
  /** name of this run: of its compose project, and on the label of everything that it makes */
  readonly projectName: string;
  /** the commit of the tree, where it has one */
  readonly revision?: Revision | undefined;
  readonly externals: readonly ExternalApi[];
  readonly variables?: readonly Variable[] | undefined;
  readonly stub?: Stub | undefined;
  readonly budget?: number | undefined;
  /** a source file that may be edited in a copy, relative to the build context */
  readonly source?: string | undefined;
  readonly developmentDependencies?: readonly string[] | undefined;
  /** values for the build secrets of the image, decided by the caller; default: none */
  readonly buildSecrets?: readonly SecretValue[] | undefined;
  /** further differences of this run from production, one sentence each */
  readonly overrides?: readonly string[] | undefined;
  /** values that must be in no layer, by name */
  readonly secrets?: Readonly<Record<string, string>> | undefined;
  /** makes throwaway values: hex digits */
  readonly random: () => string;
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** What of a plan is put to the proof: its first server, else its first workload. */
export function workloadOf(plan: Plan): { readonly name: string; readonly workload: Workload; readonly image: Image } {
  const all = Object.entries(plan.workloads);
  const [name, workload] = all.find(([, one]) => one.shape === 'service' || one.shape === 'site') ?? all[0] ?? [];
  const image = workload && plan.images[workload.image];
  if (!name || !workload || !image) {
    throw new UserError({
      code: 'nothing-to-verify',
      message: 'This project has nothing that runs in a container.',
      next: ['A library is published, not deployed: see its publish steps.'],
    });
  }
  return { name, workload, image };
}

/**
 * Builds the image, starts it as the compose file says but for what `overrides` of the report lists, and proves the runtime contract.
 * Throws `UserError` (`no-engine`, `build-failed`), or the reason of the signal. However it ends, what it started is removed.
 */
export async function verifyContract(request: VerifyRequest): Promise<VerifyReport> {
  const { signal, projectName } = request;
  const engine = await needEngine(signal);
  const swept = await sweep();
  const temp = tempFolder();
  beginRun(projectName);
  const tag = `${projectName}:local`;
  try {
    const { name, workload, image } = workloadOf(request.plan);
    const dockerfile = join(request.root, image.dockerfile);
    const asked: StartRequest = {
      ...request,
      engine,
      name,
      workload,
      image: tag,
      imageChecks: false,
      run: projectName,
      stub: request.stub,
      temp,
    };
    const deployment = readDeployment(asked);
    const { trust } = request;
    const buildArgs = {
      ...buildArgumentsOf(image, request.revision),
      ...keptArguments(image, deployment.values.values),
    };
    const context = join(request.root, image.context.root);
    const made = await makeImage({
      engine,
      trust,
      context,
      dockerfile,
      target: image.targets.production,
      buildArgs,
      secrets: request.buildSecrets ?? [],
      tag,
      load: true,
      temp,
      onProgress: request.onProgress,
      signal,
    });
    const targets = await makeTargets(request, { engine, trust, context, dockerfile, buildArgs, temp });
    const imageChecks = made.archive.config.config?.Healthcheck !== undefined;
    const deployed: StartRequest = { ...asked, targets, imageChecks };
    const prepared = await prepare(deployed, deployment);
    const begun = await startWith(deployed, prepared, image);
    const subject: Subject = {
      root: request.root,
      context,
      plan: request.plan,
      name,
      workload,
      image,
      dockerfile,
      engine,
      trust,
      run: projectName,
      temp,
      buildArgs,
      buildSecrets: request.buildSecrets ?? [],
      made,
      archive: made.archive,
      sizes: await measure(made.archive),
      externals: request.externals,
      budget: request.budget,
      source: request.source,
      developmentDependencies: new Set(request.developmentDependencies ?? []),
      secrets: request.secrets ?? {},
      signal,
      running: begun.ok ? begun.running : undefined,
      whyNot: begun.ok ? '' : begun.why,
    };
    const proved = await proveAll(subject, request.onProgress);
    return {
      image: `${request.plan.name}@${made.archive.digest}`,
      overrides: [
        ...(request.overrides ?? []),
        ...prepared.overrides,
        ...swept.map((run) => `removed what ${run} had left, whose process is gone`),
      ],
      isolation: [...prepared.isolation],
      items: proved,
    };
  } finally {
    await endRun(projectName);
    temp.remove();
  }
}

/** The images of workloads that run another target than production, such as the one that brings the database up to date. */
async function makeTargets(
  { plan, projectName, buildSecrets, onProgress, signal }: VerifyRequest,
  tools: Pick<Parameters<typeof makeImage>[0], 'engine' | 'trust' | 'context' | 'dockerfile' | 'buildArgs' | 'temp'>,
): Promise<Readonly<Record<string, string>>> {
  const wanted = [...new Set(Object.values(plan.workloads).flatMap((one) => one.target ?? []))];
  const made: Record<string, string> = {};
  for (const target of wanted) {
    const tag = `${projectName}:${target}`;
    await makeImage({
      ...tools,
      target,
      secrets: buildSecrets ?? [],
      tag,
      load: true,
      onProgress,
      signal,
    });
    made[target] = tag;
  }
  return made;
}

async function startWith(request: StartRequest, prepared: Prepared, image: Image): Promise<Started> {
  const ends = ending.includes(request.workload.shape);
  const begin = performance.now();
  request.onProgress?.({
    type: 'step',
    id: 'start',
    title: ends ? 'running it, and running it again' : 'starting it with its backing services',
  });
  const started = ends ? await runOnce(request, prepared, toolbox(image)) : await start(request, prepared);
  request.onProgress?.({
    type: 'done',
    id: 'start',
    ok: started.ok,
    seconds: (performance.now() - begin) / 1000,
    ...(started.ok ? {} : { note: started.why }),
  });
  return started;
}

const turns: readonly Item['turn'][] = ['running', 'stopping', 'still'];

/** Proves every item, those first that need the app running, and gives them back by number. */
async function proveAll(subject: Subject, onProgress: OnProgress | undefined): Promise<ContractItem[]> {
  const proved: ContractItem[] = [];
  for (const turn of turns) {
    for (const item of items.filter((one) => one.turn === turn)) {
      const begin = performance.now();
      onProgress?.({ type: 'step', id: item.id, title: item.title });
      const outcome = await prove(item, subject);
      onProgress?.({
        type: 'done',
        id: item.id,
        ok: outcome.status !== 'fail',
        seconds: (performance.now() - begin) / 1000,
        note: outcome.status,
      });
      proved.push({ id: item.id, number: item.number, title: item.title, ...outcome });
    }
  }
  return proved.sort((a, b) => a.number - b.number);
}

/** One item. What is not proved does not end the run: a failing tool is evidence too, an abort or a bug is not. */
async function prove(item: Item, subject: Subject): Promise<Outcome> {
  if (!item.shapes.includes(subject.workload.shape)) {
    return notApplicable(`a ${subject.workload.shape} is not judged by it`);
  }
  if (item.turn !== 'still' && !subject.running) {
    const why = [`it could not be started: ${subject.whyNot}`];
    if (item.number === 3) return { status: 'fail', evidence: why, next: 'docker compose up shows what stops it.' };
    return notProved(why, 'A deployment that comes up.');
  }
  try {
    return await item.prove(subject);
  } catch (error) {
    subject.signal?.throwIfAborted();
    if (!(error instanceof UserError)) throw error;
    return notProved([...error.lines], error.next[0] ?? 'Try again.');
  }
}
