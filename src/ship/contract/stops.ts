import { inspectContainer, stopContainer } from '../../engine/containers.ts';
import { fail, type Item, needRunning, pass, running, short } from '../subject.ts';

/** 5: SIGTERM ends it, in time and in order. */
export const stops: Item = {
  id: 'stops',
  number: 5,
  title: 'SIGTERM ends it well within the grace period',
  turn: 'stopping',
  shapes: running,
  async prove(subject) {
    const { id } = needRunning(subject);
    const { workload, signal } = subject;
    const grace = Math.max(1, workload.signals.grace);
    const took = await stopContainer(id, grace, signal);
    const { exitCode, outOfMemory } = await inspectContainer(id, signal);
    const said = `docker stop took ${took.toFixed(2)} s of ${grace} s, exit code ${exitCode}`;
    const orderly = exitCode === 0 || exitCode === 143;
    if (orderly && took <= grace / 2 && !outOfMemory) return pass(said);
    if (exitCode === 137) {
      return fail([`${said}: it was killed`], 'Handle SIGTERM in the app, or let an init pass it on as process 1.');
    }
    if (!orderly) return fail([said], 'End with code 0 after SIGTERM.');
    return fail(
      [`${said}, more than half of the grace period (${short(grace)})`],
      'Close what is open sooner, or allow a longer stop_grace_period.',
    );
  },
};
