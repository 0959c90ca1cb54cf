import { type ExitCause, exitCause } from '../../catalog/exit-causes.ts';
import { compose } from '../../engine/compose.ts';
import { containerLogs, inspectContainer } from '../../engine/containers.ts';
import { get } from '../../engine/http.ts';
import {
  ending,
  every,
  fail,
  type Item,
  needRunning,
  notProved,
  type Outcome,
  pass,
  type Running,
  short,
  until,
  type VerificationContext,
} from '../verification.ts';
import { proveEnding } from './exits.ts';
import { proveStaying, workersBeside } from './keeps-running.ts';

/** How long the app may take to notice that a service went away or came back, in seconds. */
const NOTICED_WITHIN = 40;
/** How long an optional service stays away, in seconds: several checks have to pass meanwhile. */
const AWAY = 6;

type Finding = { readonly good: readonly string[]; readonly bad: readonly string[] };

const merge = (findings: readonly Finding[]): Finding => ({
  good: findings.flatMap((finding) => finding.good),
  bad: findings.flatMap((finding) => finding.bad),
});

const readiness = async (running: Running, path: string | undefined, signal: AbortSignal | undefined) => {
  if (running.url === undefined || path === undefined) return undefined;
  return get(`${running.url}${path}`, 5000, signal);
};

const healthOf = async (running: Running, signal: AbortSignal | undefined) =>
  (await inspectContainer(running.id, signal)).health;

/** Stops a required service: the app has to say that it is unhealthy, and to recover by itself when it is back. */
async function required(subject: VerificationContext, running: Running, name: string): Promise<Finding> {
  const { signal, workload } = subject;
  const path = workload.probes.ready?.path;
  // another workload may have been proved before, with the same service away
  await until(NOTICED_WITHIN, signal, async () => (await healthOf(running, signal)) === 'healthy');
  const before = (await inspectContainer(running.id, signal)).restarts;
  await compose(running.project, ['stop', '--timeout', '5', name]);
  const noticed = await until(NOTICED_WITHIN, signal, async () => (await healthOf(running, signal)) === 'unhealthy');
  const answer = await readiness(running, path, signal);
  await compose(running.project, ['start', name]);
  const recovered = await until(NOTICED_WITHIN, signal, async () => (await healthOf(running, signal)) === 'healthy');
  const back = await readiness(running, path, signal);
  const restarts = (await inspectContainer(running.id, signal)).restarts - before;

  const good: string[] = [];
  const bad: string[] = [];
  const say = (ok: boolean, right: string, wrong: string) => (ok ? good.push(right) : bad.push(wrong));
  say(
    noticed !== undefined,
    `${name} stopped: unhealthy`,
    `${name} stopped: still not unhealthy after ${NOTICED_WITHIN} s`,
  );
  if (path && answer) {
    const response = answer.ok ? String(answer.status) : answer.why;
    say(
      answer.ok && answer.status === 503,
      `${path} returned 503`,
      `${path} returned ${response} instead of 503 while ${name} was stopped`,
    );
  }
  say(
    recovered !== undefined,
    `${name} started again: healthy after ${short(recovered ?? 0)}`,
    `${name} started again: not healthy after ${NOTICED_WITHIN} s`,
  );
  if (path && recovered !== undefined && back) {
    const ok = back.ok && back.status >= 200 && back.status < 300;
    say(ok, `${path} returns ${back.ok ? back.status : ''} again`, `${path} does not return 2xx after recovery`);
  }
  say(restarts === 0, 'without a restart of the app', `the app was restarted ${restarts} times meanwhile`);
  return { good: good.length > 0 && bad.length === 0 ? [good.join('; ')] : good, bad };
}

/** Stops an optional service: the app has to stay healthy, and its readiness 2xx. */
async function optional(subject: VerificationContext, running: Running, name: string): Promise<Finding> {
  const { signal, workload } = subject;
  const path = workload.probes.ready?.path;
  await compose(running.project, ['stop', '--timeout', '5', name]);
  const failed = await until(AWAY, signal, async () => (await healthOf(running, signal)) !== 'healthy');
  const answer = await readiness(running, path, signal);
  await compose(running.project, ['start', name]);
  if (failed !== undefined) {
    await until(NOTICED_WITHIN, signal, async () => (await healthOf(running, signal)) === 'healthy');
    return { good: [], bad: [`${name} is optional, but the app became unhealthy without it`] };
  }
  if (path && answer) {
    const response = answer.ok ? String(answer.status) : answer.why;
    if (!answer.ok || answer.status >= 300) {
      return { good: [], bad: [`${name} is optional, but ${path} returned ${response} without it`] };
    }
    const word = /"status"\s*:\s*"(\w+)"/.exec(answer.body)?.[1];
    return {
      good: [`${name} stopped (optional): healthy, ${path} returned ${response}${word ? ` (${word})` : ''}`],
      bad: [],
    };
  }
  return { good: [`${name} stopped (optional): stayed healthy`], bad: [] };
}

/** What the container says of an error that ended it; of one that runs, what it said that helps. */
async function causeOf(running: Running, signal: AbortSignal | undefined): Promise<ExitCause | undefined> {
  const { stdout, stderr } = await containerLogs(running.id, signal);
  const found = exitCause(stderr) ?? exitCause(stdout);
  const { status, restarts } = await inspectContainer(running.id, signal);
  return status !== 'running' || restarts > 0 || found?.next !== undefined ? found : undefined;
}

async function prove(subject: VerificationContext): Promise<Outcome> {
  const running = needRunning(subject);
  const { signal, plan, workload, built } = subject;
  const checked = (await healthOf(running, signal)) !== 'none';
  if (!checked) {
    const lacks = built?.archive.config.config?.Healthcheck
      ? 'the compose file disables the health check'
      : 'the image has no health check';
    return notProved([lacks], 'Add a readiness route and a health check that uses it.');
  }
  if (running.healthyAfter === undefined) {
    const cause = await causeOf(running, signal);
    return fail(
      [
        'it did not become healthy',
        ...(running.lastCheck ? [`output of its health check: ${running.lastCheck.slice(0, 300)}`] : []),
        ...(cause ? [`it printed: ${cause.lines.join(' / ').slice(0, 600)}`] : []),
      ],
      cause?.next ??
        `Run \`docker compose up\` to see what the app prints; its health check is in ${built?.archive.config.config?.Healthcheck ? built.image.dockerfile : 'the compose file'}.`,
    );
  }
  const first: Finding = { good: [`healthy after ${short(running.healthyAfter)}`], bad: [] };
  if (!workload.probes.ready?.path && Object.keys(plan.services).length > 0) {
    return notProved(
      first.good,
      !built || built.image.kept
        ? 'Use a readiness route that checks the backing services, so that an outage is noticed. If the app has one, set the key `health.ready`.'
        : 'Add a readiness route that checks the backing services, so that an outage is noticed (generate can write one).',
    );
  }
  const findings: Finding[] = [first];
  for (const [name, service] of Object.entries(plan.services)) {
    findings.push(await (service.required ? required : optional)(subject, running, name));
  }
  const optionalStub = subject.externals.every((api) => !api.required);
  if (running.stub && optionalStub) findings.push(await optional(subject, running, running.stub));
  const { good, bad } = merge(findings);
  return bad.length === 0
    ? pass(...good)
    : fail(
        [...bad, ...good],
        'The readiness route must return 503 while a required service is unavailable, and 200 otherwise.',
      );
}

function proveOwn(subject: VerificationContext): Promise<Outcome> {
  const { shape } = subject.workload;
  if (ending.includes(shape)) return proveEnding(subject);
  return shape === 'worker' ? proveStaying(subject) : prove(subject);
}

/** The proof of the main workload counts for the workers beside it, which are started with it. */
async function withWorkers(subject: VerificationContext): Promise<Outcome> {
  const { failed, good } = await workersBeside(subject);
  if (failed) return failed;
  const own = await proveOwn(subject);
  return { ...own, evidence: [...own.evidence, ...good] };
}

/** 3: it becomes healthy; without a required service it says so, and recovers; without an optional one it goes on. */
export const health: Item = {
  id: 'health',
  number: 3,
  title: 'Becomes healthy, reports failures, and recovers',
  turn: 'disturbing',
  shapes: every,
  prove: withWorkers,
};
