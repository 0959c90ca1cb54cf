import { exitCause } from '../../catalog/exit-causes.ts';
import { compose, composeRun, type ServiceRun } from '../../engine/compose.ts';
import { ENDS_WITHIN, lastLines } from '../run-once.ts';
import { fail, needRunning, notProved, type Outcome, pass, short, type VerificationContext } from '../verification.ts';

/** How long a run may take to notice that a service is away, in milliseconds. */
const NOTICED_WITHIN = 60_000;

const outcome = (run: ServiceRun): string =>
  run.timedOut
    ? `did not exit within ${short(ENDS_WITHIN / 1000)}`
    : `exited with code ${run.code} after ${short(run.seconds)}`;

/** 3, for what runs and ends: it does what it is for, can be run again, and says so when it cannot. */
export async function proveEnding(subject: VerificationContext): Promise<Outcome> {
  const { runs = [] } = needRunning(subject);
  return subject.workload.shape === 'command' ? command(runs) : job(subject, runs);
}

function command(runs: readonly ServiceRun[]): Outcome {
  const [run] = runs;
  if (run?.code === 0 && run.stdout.trim() !== '')
    return pass(`when asked for help, it ${outcome(run)} and printed ${run.stdout.trim().split('\n').length} lines`);
  return notProved(
    [run ? `when asked for help or its version, it ${outcome(run)}: ${lastLines(run.stderr)}` : 'it was not run'],
    'Make the command print help and exit with 0 for `--help`.',
  );
}

async function job(subject: VerificationContext, runs: readonly ServiceRun[]): Promise<Outcome> {
  const [first, second] = runs;
  if (!first || !second) return notProved(['it was not run'], 'Fix the startup failure, then run verify again.');
  if (first.code !== 0)
    return fail(
      [`it ${outcome(first)}: ${lastLines(first.stderr)}`],
      exitCause(first.stderr)?.next ?? `Run \`docker compose run ${subject.name}\` to see why.`,
    );
  if (second.code !== 0) {
    return fail(
      [`the first run ${outcome(first)}; the second ${outcome(second)}: ${lastLines(second.stderr)}`],
      'A job runs again after a failure and on schedule, so existing data must not make it fail.',
    );
  }
  const away = await withoutServices(subject);
  const good = [`it ${outcome(first)}`, `the second time it ${outcome(second)}`];
  return away.bad.length > 0
    ? fail([...away.bad, ...good], 'Exit with a code other than 0 when a required service is unavailable.')
    : pass(...good, ...away.good);
}

/** Stops each service that it cannot do without: the run has to fail, and not to hang. */
async function withoutServices(subject: VerificationContext): Promise<{ good: string[]; bad: string[] }> {
  const { project } = needRunning(subject);
  const good: string[] = [];
  const bad: string[] = [];
  for (const [name, service] of Object.entries(subject.plan.services)) {
    if (!service.required) continue;
    await compose(project, ['stop', '--timeout', '5', name]);
    const how = {
      name: `${subject.run}-${subject.name}-without-${name}`,
      args: [],
      timeoutMs: NOTICED_WITHIN,
      alone: true,
    };
    const run = await composeRun(project, subject.name, how);
    await compose(project, ['start', name]);
    if (run.timedOut) bad.push(`${name} stopped: it did not exit within ${short(NOTICED_WITHIN / 1000)}`);
    else if (run.code === 0) bad.push(`${name} stopped: it still exited with code 0`);
    else good.push(`${name} stopped: it ${outcome(run)}`);
  }
  return { good, bad };
}
