import { join } from 'node:path';
import { exitCause } from '../catalog/exit-causes.ts';
import { type ComposeProject, composeContainer, composeUp } from '../engine/compose.ts';
import { containerLogs, fillVolume, inspectContainer } from '../engine/containers.ts';
import type { Engine } from '../engine/docker.ts';
import { leadOf } from '../engine/paths.ts';
import { labelsOf } from '../engine/run-labels.ts';
import { copyFile, copyFiles, readText, type TempFolder } from '../engine/temp.ts';
import { type EffectiveCompose, printCompose, readCompose } from '../formats/compose/index.ts';
import type { IsolationNote, OnProgress } from '../model/contract.ts';
import type { ExternalApi, RandomSecret, Variable } from '../model/facts.ts';
import { localUrl } from '../model/local-url.ts';
import type { Plan, Port } from '../model/plan.ts';
import type { TrustedInput } from './frontend.ts';
import { makeImage } from './image.ts';
import {
  type BackingBuild,
  type Host,
  type Isolated,
  type IsolateOptions,
  isolate,
  type Stub,
} from './isolation/isolate.ts';
import { assertNoRealValue } from './isolation/leaks.ts';
import { isRealEnv, realValues } from './isolation/real-values.ts';
import { throwRefused } from './isolation/refusal.ts';
import { throwaway } from './isolation/throwaway.ts';
import { type Running, until } from './verification.ts';

export type StartRequest = {
  readonly root: string;
  readonly plan: Plan;
  /** relative to the root, in the order in which compose merges them */
  readonly composeFiles: readonly string[];
  /** the text of a file of the project by root-relative path; undefined where there is none in it */
  readonly read: (path: string) => string | undefined;
  /** files that belong to the repository, relative to the root: only these are copied for a container */
  readonly tracked: readonly string[];
  /** services that belong to other applications, and are left out */
  readonly without?: readonly string[] | undefined;
  /** what is refused and passes for this run, such as `web.volumes` */
  readonly allow: readonly string[];
  readonly trust: TrustedInput;
  readonly engine: Engine;
  /** the images under test by their workloads */
  readonly images: IsolateOptions['images'];
  readonly externals: readonly ExternalApi[];
  /** the variables that the app reads, for values that it accepts */
  readonly variables?: readonly Variable[] | undefined;
  readonly stub: Stub | undefined;
  readonly run: string;
  readonly temp: TempFolder;
  readonly random: RandomSecret;
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** What the compose files say, with throwaway values for what the app is given. */
export type Deployment = {
  readonly effective: EffectiveCompose;
  readonly values: ReturnType<typeof throwaway>;
};

export type PreparedProject = {
  readonly project: ComposeProject;
  readonly overrides: readonly string[];
  readonly isolation: readonly IsolationNote[];
  readonly stub?: string;
};

/** How long an app may take to become healthy, in seconds: a cold database on a slow machine included. */
const HEALTHY_WITHIN = 90;

/**
 * Reads the compose files, and throws a `UserError` where they ask for what verify refuses (`isolation-refused`), or where `allow` names nothing of it.
 * Nothing is built, copied or started.
 */
export function readDeployment(request: StartRequest): Deployment {
  const { plan, run, random, composeFiles, read } = request;
  const values = throwaway(plan, request.externals, request.variables ?? [], random);
  const variables = { ...values.values, COMPOSE_PROJECT_NAME: run };
  const effective = readCompose({ files: composeFiles, read, variables });
  const deployment = { effective: withoutServices(effective, request.without ?? []), values };
  const untouched = {
    copyTracked: (path: string) => path,
    secretFile: (name: string) => name,
    copyKey: () => undefined,
  };
  const { isolation } = isolated(request, deployment, untouched);
  throwRefused(isolation, request.allow, read);
  return deployment;
}

/** What the compose files say without some services, and without those that start the jobs of them. */
function withoutServices(effective: EffectiveCompose, names: readonly string[]): EffectiveCompose {
  if (names.length === 0) return effective;
  const { services = {} } = effective.model;
  const kept = Object.entries(services).filter(([name]) => !names.includes(name));
  return { ...effective, model: { ...effective.model, services: Object.fromEntries(kept) } };
}

function isolated(
  request: StartRequest,
  { effective }: Deployment,
  made: Pick<Host, 'copyTracked' | 'secretFile' | 'copyKey'>,
): Isolated {
  const { root, run } = request;
  return isolate(effective, {
    plan: request.plan,
    project: run,
    labels: labelsOf(run),
    images: request.images,
    externals: request.externals,
    stub: request.stub,
    allow: request.allow,
    host: {
      lead: (path) => leadOf(root, path),
      tracked: request.tracked.filter((path) => !isRealEnv(path)),
      ...made,
    },
  });
}

/** Builds backing services, copies files and fills volumes, and writes the isolated form of the compose files to the temporary folder. */
export async function prepare(request: StartRequest, deployment: Deployment): Promise<PreparedProject> {
  const { root, temp, run, signal, random, allow } = request;
  const found = isolated(request, deployment, {
    copyTracked: copier(request),
    // read by the user of the image; the folder around it is ours alone
    secretFile: (name) => temp.write(`secrets/${name}`, random(), 0o644),
    copyKey: (path) => {
      const text = readText(join(root, path));
      return text?.includes('-----BEGIN ') ? temp.write(`keys/${path.replaceAll('/', '-')}`, text, 0o644) : undefined;
    },
  });
  throwRefused(found.isolation, allow);
  const { effective, values } = deployment;
  const committed = [...effective.files, '.env.example'].map((file) => request.read(file) ?? '');
  assertNoRealValue([found.model, found.builds], realValues(root, effective.model, readText), [
    ...committed,
    ...Object.values(values.values),
  ]);
  for (const build of found.builds) await buildBacking(request, build);
  const image = imageOf(request, found);
  for (const seed of found.seeds) await fillVolume({ ...seed, run, project: run, image, signal });
  const file = temp.write('compose.json', printCompose(found.model));
  return {
    project: { name: run, files: [file], envFile: temp.write('empty.env', ''), folder: temp.path, signal },
    overrides: [...found.overrides, ...values.overrides],
    isolation: found.isolation,
    ...(found.stub ? { stub: found.stub } : {}),
  };
}

/** Any image will do for a container that is never started: one that was built, else one that is needed anyway. */
const imageOf = ({ images }: StartRequest, { model }: Isolated): string =>
  Object.values(images)[0]?.tag ??
  Object.values(model.services ?? {}).flatMap(({ image }) => (typeof image === 'string' ? [image] : []))[0] ??
  'scratch';

/**
 * Copies what is tracked at a path into the temporary folder, once for each path; of a file that is not tracked, an empty file. The names of the
 * copies are ours: they become parts of arguments.
 */
function copier({ root, tracked, temp }: StartRequest): (path: string) => string {
  const made = new Map<string, string>();
  const source = { root, tracked: tracked.filter((file) => !isRealEnv(file)) };
  return (path) => {
    const before = made.get(path);
    if (before !== undefined) return before;
    const number = made.size + 1;
    const lead = leadOf(root, path);
    const copy = temp.file(`copies/${number}`);
    if (lead.inside && lead.kind === 'file') copyFile(source, path, copy);
    else {
      const files = source.tracked.filter((file) => path === '.' || file.startsWith(`${path}/`));
      copyFiles(source, files, path, copy);
    }
    made.set(path, copy);
    return copy;
  };
}

async function buildBacking(request: StartRequest, build: BackingBuild): Promise<void> {
  const { engine, trust, temp, onProgress, signal } = request;
  const { dockerfile } = build;
  await makeImage({
    engine,
    trust,
    context: build.context,
    dockerfile: typeof dockerfile === 'string' ? dockerfile : temp.write('inline.Dockerfile', dockerfile.inline),
    shownAs: build.shownAs,
    target: build.target,
    buildArgs: build.args,
    secretFiles: build.secretFiles,
    flags: build.flags,
    tag: build.tag,
    load: true,
    temp,
    onProgress,
    signal,
  });
}

export type StartResult =
  | { readonly ok: true; readonly running: Running }
  | { readonly ok: false; readonly why: string };

/** Starts everything of the deployment; gives back why it did not come up, or undefined. */
export async function startAll(
  { signal, onProgress }: StartRequest,
  { project }: PreparedProject,
): Promise<string | undefined> {
  const up = await composeUp(project, (line) => onProgress?.({ type: 'log', id: 'start', line }));
  signal?.throwIfAborted();
  if (up.code === 0) return undefined;
  const why = lastLine(up.stderr);
  const id = await stoppedIn(project, why);
  const { stdout = '', stderr = '' } = id === undefined ? {} : await containerLogs(id, signal);
  const cause = exitCause(stderr) ?? exitCause(stdout);
  if (!cause) return why;
  return [`${why}: it printed ${cause.lines.join(' / ').slice(0, 600)}`, ...(cause.next ? [cause.next] : [])].join(
    '. ',
  );
}

/** The container that compose names as the one that did not come up: by its own name, or by that of its service. */
export async function stoppedIn(
  project: PreparedProject['project'],
  why: string,
  find: typeof composeContainer = composeContainer,
): Promise<string | undefined> {
  const own = /\bcontainer ([\w.-]+) (?:exited|is unhealthy|has no)/.exec(why)?.[1];
  const service = /\bservice "([\w.-]+)"/.exec(why)?.[1];
  return own ?? (service === undefined ? undefined : find(project, service));
}

/** Waits until a workload of a deployment that was started is healthy, where it has a check, or says why it is not there. */
export async function awaitHealthy(
  { signal }: Pick<StartRequest, 'signal'>,
  { project, stub }: PreparedProject,
  name: string,
  port: Port | undefined,
): Promise<StartResult> {
  const id = await composeContainer(project, name);
  if (!id) return { ok: false, why: `the compose file does not start a service ${name}` };
  const begun = performance.now();
  let seen = await inspectContainer(id, signal);
  const settled = () => seen.health === 'healthy' || seen.health === 'none' || seen.restarts > 2 || gone(seen.status);
  await until(HEALTHY_WITHIN, signal, async () => {
    seen = await inspectContainer(id, signal);
    return settled();
  });
  const published = (port === undefined ? undefined : seen.ports.get(port.container)) ?? [...seen.ports.values()][0];
  return {
    ok: true,
    running: {
      project,
      id,
      healthyAfter: seen.health === 'healthy' ? (performance.now() - begun) / 1000 : undefined,
      lastCheck: seen.checks.at(-1) ?? (gone(seen.status) ? `the process exited with code ${seen.exitCode}` : ''),
      url: published === undefined ? undefined : localUrl(port, published),
      stub,
    },
  };
}

const gone = (status: string) => status === 'exited' || status === 'dead';

const lastLine = (text: string) =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .at(-1) ?? 'docker compose printed nothing';
