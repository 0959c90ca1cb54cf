import type { Artifact } from '../model/artifact.ts';
import type { Plan } from '../model/plan.ts';
import type { ArtifactPrinter } from './contract.ts';
import { header, headerDecision } from './header.ts';
import { lines } from './lines.ts';

/**
 * The program that starts a job in time. It runs inside the job's own image, on the job's own runtime: no second image, and no access to
 * the engine, which a scheduler outside of the container would need.
 */
const program = `import { spawn } from 'node:child_process';

const fields = (process.env.SCHEDULE ?? '').trim().split(/\\s+/);
const [program, ...args] = process.argv.slice(2);
const ranges = [[0, 59], [0, 23], [1, 31], [1, 12], [0, 7]];

/** The numbers that a field of cron stands for: a star, a number, a range, a list, each with a step. */
function numbers(field, [least, most]) {
  return new Set(
    field.split(',').flatMap((part) => {
      const [, from, to, step] = /^(?:\\*|(\\d+)(?:-(\\d+))?)(?:\\/(\\d+))?$/.exec(part) ?? [];
      const start = from === undefined ? least : Number(from);
      const end = to !== undefined ? Number(to) : from === undefined || step !== undefined ? most : start;
      const found = [];
      for (let at = start; at <= end && at <= most; at += Number(step ?? 1) || most) found.push(at);
      return found;
    }),
  );
}

const wanted = fields.map((field, at) => numbers(field, ranges[at] ?? [0, -1]));
if (wanted.length !== 5 || wanted.some((one) => one.size === 0) || program === undefined) {
  console.error(\`SCHEDULE is not five fields of cron: "\${fields.join(' ')}"\`);
  process.exit(2);
}

/** Whether a minute is one of the schedule's, in UTC. Of two days that are both given either counts, as in cron. */
function isTime(date) {
  const [minutes, hours, days, months, weekdays] = wanted;
  const day = days.has(date.getUTCDate());
  const weekday = weekdays.has(date.getUTCDay()) || (weekdays.has(7) && date.getUTCDay() === 0);
  const either = fields[2] !== '*' && fields[4] !== '*' ? day || weekday : day && weekday;
  return minutes.has(date.getUTCMinutes()) && hours.has(date.getUTCHours()) && months.has(date.getUTCMonth() + 1) && either;
}

let child;
let timer;
const log = (message, more = {}) => console.log(JSON.stringify({ time: new Date().toISOString(), message, ...more }));

/** Runs the job, never twice at a time: what is still running is left to end. */
function run() {
  if (child) return log('the job is still running, and is not started again');
  log('the job starts');
  child = spawn(program, args, { stdio: 'inherit' });
  child.once('error', (error) => log('the job could not be started', { error: error.message }));
  child.once('close', (code, signal) => {
    child = undefined;
    log('the job ended', { code, signal });
    if (timer === undefined) process.exit(0);
  });
}

function tick() {
  const now = new Date();
  if (isTime(now)) run();
  timer = setTimeout(tick, 60_000 - (Date.now() % 60_000));
}

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => {
    clearTimeout(timer);
    timer = undefined;
    if (child) child.kill(signal);
    else process.exit(0);
  });
}
log('waiting', { schedule: fields.join(' ') });
timer = setTimeout(tick, 60_000 - (Date.now() % 60_000));`;

/** The programs that start jobs in time, one for each file that a workload names. */
export function schedulers(plan: Plan): readonly Artifact[] {
  const found = Object.values(plan.workloads).flatMap(({ scheduler, schedule }) =>
    scheduler && schedule ? [{ file: scheduler.file, decision: schedule.decision }] : [],
  );
  return found.slice(0, 1).map(({ file, decision }) => {
    const out = lines();
    for (const line of header(plan, file)) out.add(`// ${line}`, headerDecision);
    out.add(
      '// Starts the job in time, inside its own container: docker compose --profile schedule up --detach',
      decision,
    );
    out.blank();
    out.add(program, decision);
    return out.artifact(file, 'source');
  });
}

export const artifact: ArtifactPrinter = {
  name: 'schedule',
  title: 'Scheduler of a job',
  order: 70,
  print: schedulers,
};
