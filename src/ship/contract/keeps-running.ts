import { exitCause } from '../../catalog/exit-causes.ts';
import { composeContainer } from '../../engine/compose.ts';
import { type Container, containerLogs, inspectContainer } from '../../engine/containers.ts';
import { fail, needRunning, type Outcome, pass, short, until, type VerificationContext } from '../verification.ts';
import { workloadOf, workloadsOf } from '../workloads.ts';

/** How long what answers to nobody has to run before it counts as running, in seconds since it was started. */
const WATCHED = 10;
/** How long a container that was started again is watched for its next end, which shows the exit code, in seconds. */
const NEXT_END = 20;

/** What was seen of a container that is to go on until it is stopped. */
export type ContainerStay = {
  readonly name: string;
  /** seconds since its last start */
  readonly up: number;
  readonly restarts: number;
  /** how it ended; undefined: it runs */
  readonly code: number | undefined;
  /** what it printed when it ended */
  readonly printed: { readonly stdout: string; readonly stderr: string };
};

/** 3, for what neither listens nor ends: it is still running after a while, and nothing had to start it again. */
export async function proveStaying(subject: VerificationContext): Promise<Outcome> {
  const stay = await watch(subject.name, needRunning(subject).id, subject.signal);
  return judgeStay(stay) ?? pass(`it is still running after ${short(stay.up)}`);
}

/**
 * The workers that a deployment starts beside its main workload and that no report is about. Gives back the first that does not go on, and what
 * was seen of the others.
 */
export async function workersBeside(
  subject: VerificationContext,
): Promise<{ failed?: Outcome; good: readonly string[] }> {
  const { plan, signal } = subject;
  const { project } = needRunning(subject);
  if (subject.name !== workloadOf(plan).name) return { good: [] };
  const reported = workloadsOf(plan).map(({ name }) => name);
  const good: string[] = [];
  for (const [name, { shape }] of Object.entries(plan.workloads)) {
    if (shape !== 'worker' || reported.includes(name)) continue;
    const id = await composeContainer(project, name);
    if (id === undefined) continue;
    const stay = await watch(name, id, signal);
    const failed = judgeStay(stay);
    if (failed) return { failed, good };
    good.push(`${name} is still running after ${short(stay.up)}`);
  }
  return { good };
}

/** What is wrong with a container that was watched; undefined: nothing. */
export function judgeStay({ name, restarts, code, printed }: ContainerStay): Outcome | undefined {
  if (restarts === 0 && code === undefined) return undefined;
  const times = restarts > 0 ? `; it was restarted ${restarts === 1 ? 'once' : `${restarts} times`}` : '';
  if (code === 0) {
    return fail(
      [`${name} exited with code 0${times}`],
      'A process that exits on its own is a job: set the key `archetype` to `data-pipeline`. As a worker it would be restarted forever.',
    );
  }
  const cause = exitCause(printed.stderr) ?? exitCause(printed.stdout);
  const how = code === undefined ? 'exited on its own' : `exited with code ${code}`;
  return fail(
    [`${name} ${how}${times}`, ...(cause ? [`it printed: ${cause.lines.join(' / ').slice(0, 600)}`] : [])],
    cause?.next ?? `Run \`docker compose logs ${name}\` to see its output.`,
  );
}

async function watch(name: string, id: string, signal: AbortSignal | undefined): Promise<ContainerStay> {
  let seen = await inspectContainer(id, signal);
  const look = (settled: (container: Container) => boolean) => async () => {
    seen = await inspectContainer(id, signal);
    return settled(seen);
  };
  await until(
    WATCHED,
    signal,
    look((container) => hasEnded(container) || container.restarts > 0 || upFor(container) >= WATCHED),
  );
  // its exit code is to be seen only while it does not run
  if (seen.restarts > 0 && !hasEnded(seen)) await until(NEXT_END, signal, look(hasEnded));
  const { restarts, exitCode } = seen;
  const printed = restarts > 0 || hasEnded(seen) ? await containerLogs(id, signal) : { stdout: '', stderr: '' };
  return { name, up: upFor(seen), restarts, code: hasEnded(seen) ? exitCode : undefined, printed };
}

const hasEnded = ({ status }: Container): boolean => status !== 'running';

const upFor = ({ started }: Container): number => (Date.now() - Date.parse(started)) / 1000;
