import { type ComposeProject, composeContainer, composeUp } from '../engine/compose.ts';
import { inspectContainer } from '../engine/containers.ts';
import { labelsOf } from '../engine/owned.ts';
import type { TempFolder } from '../engine/temp.ts';
import { type ComposeRefusal, printCompose, readCompose } from '../formats/compose/index.ts';
import type { OnProgress } from '../model/contract.ts';
import { UserError } from '../model/errors.ts';
import type { ExternalApi, Variable } from '../model/facts.ts';
import type { Plan, Workload } from '../model/plan.ts';
import { isolate, type Stub, throwaway } from './isolate.ts';
import { type Running, until } from './subject.ts';

export type StartRequest = {
  readonly root: string;
  readonly plan: Plan;
  readonly name: string;
  readonly workload: Workload;
  /** relative to the root, in the order in which compose merges them */
  readonly composeFiles: readonly string[];
  /** the text of a file of the project by root-relative path; undefined where there is none in it */
  readonly read: (path: string) => string | undefined;
  readonly image: string;
  /** images of workloads that run another target, by the target */
  readonly targets?: Readonly<Record<string, string>> | undefined;
  readonly imageChecks: boolean;
  readonly externals: readonly ExternalApi[];
  /** the variables that the app reads, for values that it accepts */
  readonly variables?: readonly Variable[] | undefined;
  readonly stub: Stub | undefined;
  readonly run: string;
  readonly temp: TempFolder;
  readonly random: () => string;
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
};

export type Prepared = {
  readonly project: ComposeProject;
  readonly overrides: readonly string[];
  readonly stub?: string;
};

/** How long an app may take to become healthy, in seconds: a cold database on a slow machine included. */
const HEALTHY_WITHIN = 90;

/** Writes the isolated form of the user's compose files to the temporary folder. */
export function prepare(request: StartRequest): Prepared {
  const { root, plan, temp, run, signal, random } = request;
  const values = throwaway(plan, request.externals, request.variables ?? [], random);
  const effective = readCompose({
    files: request.composeFiles,
    read: request.read,
    variables: { ...values.values, COMPOSE_PROJECT_NAME: run },
  });
  refuse(effective.refused);
  const isolated = isolate(effective.model, {
    plan,
    project: run,
    labels: labelsOf(run),
    image: request.image,
    targets: request.targets,
    imageChecks: request.imageChecks,
    root,
    externals: request.externals,
    stub: request.stub,
    // read by the user of the image; the folder around it is ours alone
    secretFile: (name) => temp.write(`secrets/${name}`, random(), 0o644),
  });
  const file = temp.write('compose.json', printCompose(isolated.model));
  return {
    project: { name: run, files: [file], envFile: temp.write('empty.env', ''), folder: temp.path, signal },
    overrides: [
      ...isolated.overrides,
      ...values.overrides,
      ...effective.unread.map(({ key, why }) => `${key}: ${why}`),
    ],
    ...(isolated.stub ? { stub: isolated.stub } : {}),
  };
}

/** Throws where the compose files need what is never read: nothing may be started from half of a deployment. */
function refuse(refused: readonly ComposeRefusal[]): void {
  const [first] = refused;
  if (!first) return;
  const lines = refused.map(({ service, key, why, place }) => {
    const name = service === undefined ? key : `${service}.${key}`;
    return `${name}${place ? ` (${place.file}:${place.line})` : ''}: ${why}`;
  });
  throw new UserError({
    code: 'compose-refused',
    message: `The compose files name files that are never read, so nothing was started:\n${lines.join('\n')}`,
    ...(first.place ? { where: first.place } : {}),
    next: ['Copy what is needed into the project, and name it there.'],
  });
}

export type Started = { readonly ok: true; readonly running: Running } | { readonly ok: false; readonly why: string };

/** Starts the deployment and waits until the app is healthy, or says why it did not come up. */
export async function start(request: StartRequest, prepared: Prepared): Promise<Started> {
  const { name, signal, onProgress } = request;
  const { project, stub } = prepared;
  const up = await composeUp(project, (line) => onProgress?.({ type: 'log', id: 'start', line }));
  signal?.throwIfAborted();
  if (up.code !== 0) return { ok: false, why: lastLine(up.stderr) };
  const id = await composeContainer(project, name);
  if (!id) return { ok: false, why: `the compose file starts no service ${name}` };
  const begun = performance.now();
  let seen = await inspectContainer(id, signal);
  const settled = () => seen.health === 'healthy' || seen.health === 'none' || seen.restarts > 2 || gone(seen.status);
  await until(HEALTHY_WITHIN, signal, async () => {
    seen = await inspectContainer(id, signal);
    return settled();
  });
  const published = [...seen.ports.values()][0];
  return {
    ok: true,
    running: {
      project,
      id,
      healthyAfter: seen.health === 'healthy' ? (performance.now() - begun) / 1000 : undefined,
      lastCheck: seen.checks.at(-1) ?? (gone(seen.status) ? `the process ended with code ${seen.exitCode}` : ''),
      url: published === undefined ? undefined : `http://127.0.0.1:${published}`,
      stub,
    },
  };
}

const gone = (status: string) => status === 'exited' || status === 'dead';

const lastLine = (text: string) =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .at(-1) ?? 'compose said nothing';
