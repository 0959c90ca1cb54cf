import { join } from 'node:path';
import { runTests, type TestRun } from '../engine/tests.ts';
import type { CheckItem } from '../model/check.ts';
import type { OnProgress } from '../model/contract.ts';
import { UserError } from '../model/errors.ts';
import type { Facts } from '../model/facts.ts';
import { item, pathIn } from './readiness.ts';

const id = 'tests';
const title = "the project's own tests pass";

export type TestsAsked = {
  /** the repository */
  readonly root: string;
  /** milliseconds after which they are ended */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
};

/** The tests as they stand in the checklist where nobody asked for them: reading a project runs nothing of it. */
export function testsNotRun({ commands: { test } }: Facts): CheckItem {
  const detail = test ? `not run: ${test.value.argv.join(' ')}` : 'not run: nothing says how';
  const next = test ? '`dockwright check --tests` runs them' : withoutCommand;
  return item(id, title, { status: 'not-run', detail, next });
}

const withoutCommand = 'add scripts.test to package.json, or the key "test" to dockwright.json';

/** Runs the tests of the project and says how they ended, with their last lines where they failed. */
export async function testsRun(facts: Facts, asked: TestsAsked, onProgress: OnProgress): Promise<CheckItem> {
  const test = facts.commands.test?.value;
  if (!test) {
    const file = pathIn(facts.root, facts.manifest ?? 'package.json');
    return item(id, title, { status: 'fail', detail: 'nothing says how they are run', next: withoutCommand, file });
  }
  const command = test.argv.join(' ');
  onProgress({ type: 'step', id, title: `the tests run: ${command}` });
  const started = performance.now();
  const ended = await runTests(test.argv, {
    cwd: join(asked.root, facts.root),
    env: test.env,
    timeoutMs: asked.timeoutMs,
    signal: asked.signal,
    onLine: (line) => onProgress({ type: 'log', id, line }),
  }).catch((error: unknown) => {
    if (error instanceof UserError && error.code === 'program-missing') return error;
    throw error;
  });
  const made = ended instanceof UserError ? cannotRun(ended, command) : result(ended, command, asked.timeoutMs);
  onProgress({ type: 'done', id, ok: made.ok, seconds: (performance.now() - started) / 1000, note: made.detail });
  return made;
}

const cannotRun = (error: UserError, command: string): CheckItem =>
  item(id, title, {
    status: 'fail',
    detail: `\`${command}\` cannot be run: ${error.message}`,
    next: error.next.join(' '),
  });

function result({ code, timedOut, log, last }: TestRun, command: string, timeoutMs: number): CheckItem {
  if (code === 0 && !timedOut) return item(id, title, { status: 'pass', detail: command, log });
  const why = timedOut
    ? `\`${command}\` was not done after ${timeoutMs / 1000} s, and was ended`
    : `\`${command}\` ended with exit code ${code}`;
  return item(id, title, {
    status: 'fail',
    detail: why,
    next: timedOut
      ? 'give them more time with `--timeout SECONDS`, or see in the output what they wait for'
      : 'read what they say, mend it, and run `dockwright check --tests` again',
    log,
    output: [...last],
  });
}
