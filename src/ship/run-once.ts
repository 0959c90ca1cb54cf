import { exitCause } from '../catalog/exit-causes.ts';
import { composeRun, type ServiceRun } from '../engine/compose.ts';
import { createHolder, inspectContainer } from '../engine/containers.ts';
import type { Workload } from '../model/plan.ts';
import type { PreparedProject, StartRequest, StartResult } from './start.ts';

/** How long one run may take, in milliseconds: a cold database on a slow machine included. */
export const ENDS_WITHIN = 300_000;

/** What a command is asked, in turn, until an answer comes: every tool knows one of them. */
const questions = ['--help', '--version'];

/** What is run, and an image to look into its container with. */
type Once = { readonly name: string; readonly workload: Workload; readonly tools: string | undefined };

/**
 * Runs what is to end by itself: a job twice, since it has to be safe to run again, a command with `--help`. A container that does
 * nothing is started under the same settings, for what only can be seen while something runs.
 */
export async function runOnce(
  request: Pick<StartRequest, 'run' | 'signal'>,
  prepared: PreparedProject,
  { name, workload, tools }: Once,
): Promise<StartResult> {
  const { project } = prepared;
  const run = (at: number, args: readonly string[]): Promise<ServiceRun> =>
    composeRun(project, name, { name: `${request.run}-${name}-run-${at}`, args, timeoutMs: ENDS_WITHIN });
  const runs: ServiceRun[] = [];
  if (workload.shape === 'command') {
    for (const [at, question] of questions.entries()) {
      const answer = await run(at, [question]);
      runs.unshift(answer);
      if (answer.code === 0 && answer.stdout.trim() !== '') break;
    }
  } else {
    for (const at of [0, 1]) runs.push(await run(at, []));
  }
  const [first] = runs;
  if (!first) return { ok: false, why: 'nothing was run' };
  const own = await inspectContainer(first.name, request.signal).catch(() => undefined);
  if (!own) return { ok: false, why: lastLines(first.stderr) };
  const held =
    tools === undefined ? own.id : await createHolder(own, { run: request.run, image: tools, signal: request.signal });
  const standsFor = `it exited before it could be inspected; checked in a container of ${tools ?? 'its image'} with the same settings`;
  return {
    ok: true,
    running: {
      project,
      id: held,
      healthyAfter: undefined,
      lastCheck: '',
      url: undefined,
      stub: prepared.stub,
      standsFor,
      runs,
    },
  };
}

/** What a program said at its end: the lines that name the error. */
export const lastLines = (text: string): string => exitCause(text)?.lines.join(' / ') ?? 'it printed nothing';
