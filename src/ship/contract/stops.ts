import { composeCreate } from '../../engine/compose.ts';
import { inspectContainer, startContainer, stopContainer } from '../../engine/containers.ts';
import {
  ending,
  every,
  fail,
  type Item,
  needRunning,
  notApplicable,
  pass,
  pause,
  type Running,
  short,
} from '../verification.ts';

/** How long what runs and ends is left alone before it is asked to end: it has to have come so far that it could answer. Milliseconds. */
const LEFT_ALONE = 1500;

/** Starts it once more, with its standard input kept open; undefined: it ended by itself. */
async function startAgain(
  project: Running['project'],
  name: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const id = await composeCreate(project, name);
  if (id === undefined) return undefined;
  await startContainer(id, signal);
  await pause(LEFT_ALONE, signal);
  return (await inspectContainer(id, signal)).status === 'running' ? id : undefined;
}

/** 5: SIGTERM ends it, in time and in order. */
export const stops: Item = {
  id: 'stops',
  number: 5,
  title: 'Stops on SIGTERM well within the grace period',
  turn: 'stopping',
  shapes: every,
  async prove(subject) {
    const { workload, signal } = subject;
    const { project, id: own } = needRunning(subject);
    const id = ending.includes(workload.shape) ? await startAgain(project, subject.name, signal) : own;
    if (id === undefined) return notApplicable('it had already exited before SIGTERM was sent');
    const grace = Math.max(1, workload.signals.grace);
    const took = await stopContainer(id, grace, signal);
    const { exitCode, outOfMemory } = await inspectContainer(id, signal);
    const summary = `docker stop took ${took.toFixed(2)} s of ${grace} s, exit code ${exitCode}`;
    const orderly = exitCode === 0 || exitCode === 143;
    if (orderly && took <= grace / 2 && !outOfMemory) return pass(summary);
    if (exitCode === 137) {
      return fail(
        [`${summary}: it was killed`],
        'Handle SIGTERM in the app, or run an init as PID 1 that passes it on.',
      );
    }
    if (!orderly) return fail([summary], 'Exit with code 0 on SIGTERM.');
    return fail(
      [`${summary}, more than half of the grace period (${short(grace)})`],
      'Close connections sooner, or set a longer stop_grace_period.',
    );
  },
};
