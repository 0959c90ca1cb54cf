import type { Archetype } from '../model/archetype.ts';
import { UserError } from '../model/errors.ts';
import type { Unknown } from '../model/evidence.ts';
import type { Facts } from '../model/facts.ts';
import { knownValue } from '../model/known.ts';
import type { Question, Workload } from '../model/plan.ts';
import type { Requirement } from '../model/requirement.ts';

/** The facts without which nothing can be planned. */
export function openQuestions(facts: Facts, shape: Workload['shape']): Question[] {
  const listening: [unknown: unknown, key: string][] = [
    [facts.entry, 'entry'],
    [facts.port, 'port'],
  ];
  const rows: [unknown: unknown, key: string][] = [
    [facts.runtime, 'runtime'],
    // a site starts with its pages, and its port is the web server's
    ...(shape === 'site' ? [] : listening),
  ];
  const silent = shape === 'service' && facts.port === undefined ? [portQuestion] : [];
  const unknown = rows.flatMap(([fact, key]) => {
    if (!fact || 'value' in (fact as object)) return [];
    const unknown = fact as Unknown;
    return [
      {
        key: unknown.ask || key,
        ask: `What is the ${key} of the app?`,
        why: unknown.why,
        choices: [],
        from: [...unknown.from],
      },
    ];
  });
  return [...unknown, ...silent];
}

/** A service is reached at a port: without one nothing could ask it, and a check of its health would ask nobody. */
const portQuestion: Question = {
  key: 'port',
  ask: 'What is the port of the app?',
  why: 'It is deployed as a service, but no code that opens a port was found.',
  choices: [],
  from: [],
};

/** What each archetype is, in the words of its owner. */
export const archetypeLabels: Readonly<Record<Archetype, string>> = {
  'web-service': 'it answers requests',
  'web-app': 'static files for browsers',
  'cli-tool': 'a command that users run with arguments',
  worker: 'it runs in the background until it is stopped',
  'data-pipeline': 'it does its work, then exits',
  library: 'a package to publish',
};

/** What it could be as well: asked once, with the likelier one as the answer. */
export function archetypeQuestion({ archetype, otherwise }: Facts): Question[] {
  const guess = knownValue(archetype);
  if (guess === undefined || !otherwise) return [];
  const choices = [guess, otherwise.value].map((value) => ({ value, label: archetypeLabels[value] }));
  const why = `There is evidence for both: ${archetype.from.map((item) => item.why).join('; ')}.`;
  const ask = `Is it deployed as a ${guess} or as a ${otherwise.value}?`;
  return [{ key: 'archetype', ask, why, choices, default: guess, from: [...archetype.from] }];
}

/** The error that asks them; without any of them the runtime is one that nobody knows. */
export function unanswered(questions: readonly Question[], facts: Facts): UserError {
  const [first] = questions;
  const evidence = first?.from[0];
  return new UserError({
    code: 'question-open',
    message: first ? `${first.ask} ${first.why}` : `No supported runtime was found in ${facts.root}`,
    ...(evidence?.file ? { where: { file: evidence.file, ...(evidence.line ? { line: evidence.line } : {}) } } : {}),
    next:
      questions.length > 0
        ? questions.map(
            (question) => `Set it: \`--set ${question.key}=VALUE\`, or the key "${question.key}" in dockwright.json`,
          )
        : ['Set it: `--set runtime=NAME@VERSION`'],
  });
}

/** When a job runs, where the specification says that it runs in time, and not in words that can be read as five fields of cron. */
export function askSchedule(shape: Workload['shape'], requirements: readonly Requirement[]): Question[] {
  const asked = requirements.find(({ kind }) => kind === 'schedule');
  if (shape !== 'job' || !asked) return [];
  const sentences = asked.from.map(({ text }) => `“${text}”`).join(', ');
  return [
    {
      key: 'schedule',
      ask: 'When should it run?',
      why: `the specification says ${sentences}, which could not be read as a schedule in UTC`,
      choices: [{ value: '"0 6 * * *"', label: 'every day at 06:00 UTC, as a cron expression' }],
      default: 'only when started by hand',
      from: asked.from.map(({ file, line, why }) => ({ file, line, why })),
    },
  ];
}
