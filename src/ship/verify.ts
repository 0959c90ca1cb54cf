import type { SecretValue } from '../engine/buildx.ts';
import { type Engine, needEngine } from '../engine/docker.ts';
import { beginRun, endRun, sweep } from '../engine/run-labels.ts';
import { type TempFolder, tempFolder } from '../engine/temp.ts';
import { imageName } from '../model/applications.ts';
import type { ContractItem, OnProgress, Revision, VerifyReport } from '../model/contract.ts';
import { UserError } from '../model/errors.ts';
import type { AnsweredPath, ExternalApi, Variable } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import { items } from './contract/items.ts';
import type { TrustedInput } from './frontend.ts';
import { buildsOf, makeBuild } from './images.ts';
import { idleServices, type Stub, type TestedImage } from './isolation/isolate.ts';
import { runOnce } from './run-once.ts';
import {
  awaitHealthy,
  type PreparedProject,
  prepare,
  readDeployment,
  type StartRequest,
  type StartResult,
  startAll,
} from './start.ts';
import {
  type BuiltImage,
  ending,
  type Item,
  notApplicable,
  notProved,
  type Outcome,
  toolbox,
  type VerificationContext,
} from './verification.ts';
import { type PlannedWorkload, workloadsOf } from './workloads.ts';

export type VerifiedApplication = {
  /** a source file that may be edited in a copy, relative to the build context */
  readonly source?: string | undefined;
  readonly developmentDependencies?: readonly string[] | undefined;
  /** the backing services that it uses, by their names in the plan */
  readonly services?: readonly string[] | undefined;
  /** the paths that its sources answer to GET */
  readonly paths?: readonly AnsweredPath[] | undefined;
  /** what it asks may not be there: tables that nothing makes, an account that another party gives */
  readonly unsure?: boolean | undefined;
};

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
  readonly trust: TrustedInput;
  /** name of this run: of its compose project, and on the label of everything that it makes */
  readonly projectName: string;
  /** the commit of the tree, where it has one */
  readonly revision?: Revision | undefined;
  readonly externals: readonly ExternalApi[];
  readonly variables?: readonly Variable[] | undefined;
  readonly stub?: Stub | undefined;
  readonly budget?: number | undefined;
  /** what is known of the application of a workload, by the workload */
  readonly applications: Readonly<Record<string, VerifiedApplication>>;
  /** services of the compose files that belong to other applications, and are left out */
  readonly without?: readonly string[] | undefined;
  /** values for the build secrets of the image, decided by the caller; default: none */
  readonly buildSecrets?: readonly SecretValue[] | undefined;
  /** further differences of this run from production, one sentence each */
  readonly overrides?: readonly string[] | undefined;
  /** values that must be in no layer, by name */
  readonly secrets?: Readonly<Record<string, string>> | undefined;
  /** makes throwaway values: hex digits */
  readonly random: StartRequest['random'];
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
};

/**
 * Builds the images, starts what the compose files say but for what `overrides` of the report lists, and proves the runtime contract of each workload.
 * Throws `UserError` (`no-engine`, `build-failed`), or the reason of the signal. However it ends, what it started is removed.
 */
export async function verifyContract(request: VerifyRequest): Promise<VerifyReport> {
  const { signal, projectName } = request;
  const engine = await needEngine(signal);
  const swept = await sweep();
  const temp = tempFolder();
  beginRun(projectName);
  try {
    const verification = await deploy(request, engine, temp);
    const subjects = await subjectsOf(verification);
    const proved = await proveAll(subjects, request.onProgress);
    return reportOf(verification, subjects, proved, swept);
  } finally {
    await endRun(projectName);
    temp.remove();
  }
}

/** A set that is ready to be started: its images are built. */
type Verification = {
  readonly request: VerifyRequest;
  readonly start: StartRequest;
  readonly prepared: PreparedProject;
  readonly workloads: ReturnType<typeof workloadsOf>;
  readonly built: ReadonlyMap<string, BuiltImage>;
  /** what the compose files name as the image of a service */
  readonly imageNames: Readonly<Record<string, string>>;
};

async function deploy(request: VerifyRequest, engine: Engine, temp: TempFolder): Promise<Verification> {
  const { plan, projectName, onProgress, signal, root, trust } = request;
  const first = Object.keys(plan.workloads);
  const asked: StartRequest = {
    ...request,
    engine,
    images: testedImages(plan, first, projectName),
    run: projectName,
    stub: request.stub,
    temp,
  };
  const deployment = readDeployment(asked);
  const idle = idleServices(deployment.effective.model, plan);
  const workloads = workloadsOf(plan, (name) => !idle.has(name));
  const names = [...new Set([...workloads.map(({ name }) => name), ...first])].filter((name) => !idle.has(name));
  const built = new Map<string, BuiltImage>();
  const images: Record<string, TestedImage> = {};
  const { values } = deployment.values;
  for (const build of buildsOf(plan, names, projectName)) {
    const { revision, buildSecrets = [] } = request;
    const made = await makeBuild(build, {
      root,
      engine,
      trust,
      temp,
      revision,
      values,
      buildSecrets,
      onProgress,
      signal,
    });
    for (const name of build.workloads) {
      built.set(name, made);
      images[name] = { tag: build.tag, checks: made.archive.config.config?.Healthcheck !== undefined };
    }
  }
  const start: StartRequest = { ...asked, images };
  const { services = {} } = deployment.effective.model;
  const imageNames = Object.fromEntries(
    Object.entries(services).flatMap(([name, { image }]) => (typeof image === 'string' ? [[name, image]] : [])),
  );
  return { request, start, prepared: await prepare(start, deployment), workloads, built, imageNames };
}

/** What the images will be called, to judge the compose files before anything is built. */
const testedImages = (plan: Plan, names: readonly string[], run: string): StartRequest['images'] =>
  Object.fromEntries(
    buildsOf(plan, names, run).flatMap(({ tag, workloads }) =>
      workloads.map((name): [string, TestedImage] => [name, { tag, checks: false }]),
    ),
  );

/** Starts the set, and gives each workload with its container as the items of the contract look at it. */
async function subjectsOf(verification: Verification): Promise<readonly VerificationContext[]> {
  const { request, start, prepared, workloads } = verification;
  const { onProgress } = request;
  const isRun = workloads.every(({ workload }) => ending.includes(workload.shape));
  const title = isRun ? 'running it, and running it again' : 'starting it with its backing services';
  onProgress?.({ type: 'step', id: 'start', title });
  const begin = performance.now();
  const stopped = isRun ? undefined : await startAll(start, prepared);
  const subjects: VerificationContext[] = [];
  for (const workload of workloads) {
    const tools = toolsOf(verification, workload);
    const started =
      stopped === undefined
        ? await startedOf(start, prepared, workload, tools)
        : ({ ok: false, why: stopped } as const);
    subjects.push(subjectOf(verification, workload, tools, started));
  }
  const failed = subjects.find(({ running }) => running === undefined);
  onProgress?.({
    type: 'done',
    id: 'start',
    ok: failed === undefined,
    seconds: (performance.now() - begin) / 1000,
    ...(failed ? { note: failed.whyNot } : {}),
  });
  return subjects;
}

const toolsOf = ({ imageNames }: Verification, { name, image }: PlannedWorkload): string | undefined =>
  image ? toolbox(image) : imageNames[name];

const startedOf = (
  start: StartRequest,
  prepared: PreparedProject,
  { name, workload }: PlannedWorkload,
  tools: string | undefined,
): Promise<StartResult> =>
  ending.includes(workload.shape)
    ? runOnce(start, prepared, { name, workload, tools })
    : awaitHealthy(start, prepared, name, Object.values(workload.ports)[0]);

function subjectOf(
  { request, start, built }: Verification,
  { name, workload }: PlannedWorkload,
  tools: string | undefined,
  started: StartResult,
): VerificationContext {
  return {
    root: request.root,
    plan: planOf(request.plan, workload, request.applications[name]?.services),
    name,
    workload,
    built: built.get(name),
    tools,
    engine: start.engine,
    trust: request.trust,
    run: request.projectName,
    temp: start.temp,
    externals: request.externals,
    paths: request.applications[name]?.paths ?? [],
    unsure: request.applications[name]?.unsure ?? false,
    budget: request.budget,
    source: request.applications[name]?.source,
    developmentDependencies: new Set(request.applications[name]?.developmentDependencies ?? []),
    secrets: request.secrets ?? {},
    signal: request.signal,
    running: started.ok ? started.running : undefined,
    whyNot: started.ok ? '' : started.why,
  };
}

/** The plan as one of several applications sees it: with the services that it uses, as it needs them. */
function planOf(whole: Plan, { after, kept }: PlannedWorkload['workload'], used: readonly string[] = []): Plan {
  // what only a developer has is not there
  const there = Object.entries(whole.services).filter(([, { only }]) => only === undefined);
  const plan = { ...whole, services: Object.fromEntries(there) };
  if (!plan.applications) return plan;
  // what the author's compose file says that it waits for is not repeated in the plan
  if (kept)
    return {
      ...plan,
      services: Object.fromEntries(Object.entries(plan.services).filter(([name]) => used.includes(name))),
    };
  const services = after.flatMap(({ name, until }): [string, Plan['services'][string]][] => {
    const service = plan.services[name];
    return service ? [[name, { ...service, required: until === 'healthy' }]] : [];
  });
  return { ...plan, services: Object.fromEntries(services) };
}

function reportOf(
  { request, prepared, imageNames, built }: Verification,
  subjects: readonly VerificationContext[],
  proved: ReadonlyMap<string, readonly ContractItem[]>,
  swept: readonly string[],
): VerifyReport {
  const imageOf = ({ name, built }: VerificationContext): string =>
    built ? `${imageName(request.plan, built.image)}@${built.archive.digest}` : (imageNames[name] ?? name);
  const rows = subjects.map((subject) => ({
    name: subject.name,
    shape: subject.workload.shape,
    image: imageOf(subject),
    items: [...(proved.get(subject.name) ?? [])],
  }));
  const [main, ...others] = rows;
  const digests = [...built.values()].flatMap(({ archive }) => [archive.digest, archive.configDigest]);
  return {
    image: main?.image ?? '',
    overrides: [
      ...(request.overrides ?? []),
      ...prepared.overrides,
      ...swept.map((run) => `removed leftovers of ${run}, which is no longer running`),
    ],
    isolation: [...prepared.isolation],
    items: main?.items ?? [],
    ...(main && others.length > 0 ? { workload: main.name, others } : {}),
    ...(digests.length > 0 ? { built: [...new Set(digests)] } : {}),
  };
}

const turns: readonly Item['turn'][] = ['running', 'disturbing', 'stopping', 'still'];

/** Proves every item for every workload, those first that need the set running, and gives them back by workload and number. */
async function proveAll(
  subjects: readonly VerificationContext[],
  onProgress: OnProgress | undefined,
): Promise<ReadonlyMap<string, readonly ContractItem[]>> {
  const proved = new Map<string, ContractItem[]>();
  // a worker may end, and be started again, when the proof of a server takes a service away: it is looked at before that
  const inTurn = subjects.toSorted(
    (a, b) => Number(b.workload.shape === 'worker') - Number(a.workload.shape === 'worker'),
  );
  const steps = turns.flatMap((turn) =>
    items.filter((item) => item.turn === turn).flatMap((item) => inTurn.map((subject) => ({ item, subject }))),
  );
  for (const { item, subject } of steps) {
    const isAlone = subjects.length === 1;
    const id = isAlone ? item.id : `${subject.name}/${item.id}`;
    const begin = performance.now();
    onProgress?.({ type: 'step', id, title: isAlone ? item.title : `${subject.name}: ${item.title}` });
    const outcome = provedBefore(item, subject, subjects) ?? (await prove(item, subject));
    onProgress?.({
      type: 'done',
      id,
      ok: outcome.status !== 'fail',
      seconds: (performance.now() - begin) / 1000,
      note: outcome.status,
    });
    const known = proved.get(subject.name) ?? [];
    proved.set(subject.name, [...known, { id: item.id, number: item.number, title: item.title, ...outcome }]);
  }
  return new Map([...proved].map(([name, all]) => [name, all.sort((a, b) => a.number - b.number)]));
}

/** What is about the image alone is proved once for each image; and of one that is not built here nothing is known. */
function provedBefore(
  item: Item,
  { name, built }: VerificationContext,
  subjects: readonly VerificationContext[],
): Outcome | undefined {
  if (item.turn !== 'still') return undefined;
  if (!built) return notApplicable('its image is not built from a Dockerfile of this project');
  const first = subjects.find((subject) => subject.built === built);
  if (!first || first.name === name) return undefined;
  return notApplicable(`proved with ${first.name}, which runs the same image`);
}

/** One item. What is not proved does not end the run: a failing tool is evidence too, an abort or a bug is not. */
async function prove(item: Item, subject: VerificationContext): Promise<Outcome> {
  if (!item.shapes.includes(subject.workload.shape)) {
    return notApplicable(`not relevant for a ${subject.workload.shape}`);
  }
  if (item.turn !== 'still' && !subject.running) {
    const why = [`it could not be started: ${subject.whyNot}`];
    if (item.number === 3) return { status: 'fail', evidence: why, next: 'Run `docker compose up` to see why.' };
    return notProved(why, 'Fix the startup failure, then run verify again.');
  }
  try {
    return await item.prove(subject);
  } catch (error) {
    subject.signal?.throwIfAborted();
    if (!(error instanceof UserError)) throw error;
    return notProved([...error.lines], error.next[0] ?? 'Try again.');
  }
}
