import type { SourceText } from '../../../model/recipe.ts';

/**
 * The program that starts a job in time. It runs inside the job's own image, on the job's own runtime: no second image, and no access to
 * the engine, which a scheduler outside of the container would need.
 */
const program = `import { spawn } from 'node:child_process';

const fields = (process.env.SCHEDULE ?? '').trim().split(/\\s+/);
const [program, ...args] = process.argv.slice(2);
const ranges = [[0, 59], [0, 23], [1, 31], [1, 12], [0, 7]];

/** The numbers that a cron field matches: a star, a number, a range or a list, each with an optional step. */
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
  console.error(\`SCHEDULE is not a valid cron expression: "\${fields.join(' ')}"\`);
  process.exit(2);
}

/** Whether the schedule matches a minute, in UTC. If both kinds of day are set, either one matches, as in cron. */
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

/** Runs the job, never twice at a time: a running job is left to finish. */
function run() {
  if (child) return log('the job is still running, so it is not started again');
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

/** The text of that program. */
export const schedulerText = (decision: string): SourceText => ({
  comment: '//',
  body: [
    {
      text: '// Starts the job on schedule, inside its own container: docker compose --profile schedule up --detach',
      decision,
    },
    { text: '' },
    { text: program, decision },
  ],
});
