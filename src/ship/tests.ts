import { randomBytes } from 'node:crypto';
import { tryDocker } from '../engine/docker.ts';
import { beginRun, endRun, labelArguments } from '../engine/run-labels.ts';
import { type TempFolder, tempFolder } from '../engine/temp.ts';
import { type TestLog, type TestRun, withTestLog } from '../engine/tests.ts';
import { UserError } from '../model/errors.ts';
import type { Command } from '../model/facts.ts';
import { buildExamined, buildFailed } from './image.ts';
import { type BuildStep, readBuild } from './progress.ts';

/** Where and how the tests of a project run apart from this machine. */
export type ContainerTests = {
  /** absolute path of the build context */
  readonly context: string;
  /** text of the Dockerfile, which is not written into the project */
  readonly dockerfile: string;
  /** text of the ignore file that goes with it */
  readonly ignore: string;
  /** the stage that runs the tests while it is built (`build`), or that has all that they need (`container`) */
  readonly target: string;
  readonly how: 'build' | 'container';
  readonly command: Command;
  /** milliseconds for the tests themselves; what they need is built before */
  readonly timeoutMs: number;
  readonly onLine?: ((line: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
};

type EndedRun = Pick<TestRun, 'code' | 'timedOut'>;

/**
 * Runs the tests of a project in a container: no folder of this machine, no socket of the engine, no variable of the shell and no secret is in
 * it. Tests that fail are a result; throws `UserError` (`build-failed`, `tests-not-built`) where they could not begin, and the reason of the
 * signal. Whatever was made for them is removed.
 */
export const testInContainer = (tests: ContainerTests): Promise<TestRun> =>
  withTestLog(tests.onLine, async (log) => {
    const temp = tempFolder();
    try {
      const work = tests.how === 'build' ? byBuilding : inContainer;
      return log.ended(await work(tests, requestOf(tests, temp), temp, log));
    } finally {
      temp.remove();
    }
  });

/** The build, with its files outside of the project: an ignore file beside the Dockerfile goes before that of the context. */
function requestOf({ context, dockerfile, ignore, target }: ContainerTests, temp: TempFolder) {
  temp.write('Dockerfile.dockerignore', ignore);
  return { context, dockerfile: temp.write('Dockerfile', dockerfile), target };
}

type Request = ReturnType<typeof requestOf>;

/** Tests run with no frontend but Docker's own: the Dockerfile is a copy of ours. */
const examinedIn = ({ context }: ContainerTests, temp: TempFolder) => ({
  trust: { root: context, frontends: [] },
  temp: temp.path,
});

const plain = (text: string) => text.replace(/["',[\]\s]+/g, ' ').trim();

/** Whether a step of a build is the one that runs the tests. */
const isTests = ({ target, command }: ContainerTests, step: string): boolean =>
  step.startsWith(`[${target} `) &&
  / RUN /.test(step) &&
  plain(step).includes(plain(command.argv.join(' ')).slice(0, 60));

/** Builds the target; its last step is the tests. They run anew, whatever the cache has. */
async function byBuilding(tests: ContainerTests, request: Request, temp: TempFolder, log: TestLog): Promise<EndedRun> {
  const limit = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let begun = false;
  const progress = readBuild((event) => {
    if (event.type === 'log') log.line(event.line);
    if (event.type !== 'step') return;
    log.line(event.title);
    if (!isTests(tests, event.title)) return;
    begun = true;
    timer ??= setTimeout(() => limit.abort(), tests.timeoutMs);
  });
  const signal = tests.signal ? AbortSignal.any([tests.signal, limit.signal]) : limit.signal;
  const build = { ...request, noCacheStages: [tests.target], output: { to: 'none' }, signal } as const;
  try {
    const result = await buildExamined(build, examinedIn(tests, temp), progress.line);
    const failed = progress.steps().find((step) => step.error !== undefined && isTests(tests, step.name));
    if (failed) return { code: exitCode(failed), timedOut: false };
    if (result.code !== 0) throw buildFailed(progress.steps(), progress.rest(), result.stderr);
    if (!begun) throw notBuilt(tests);
    return { code: 0, timedOut: false };
  } catch (error) {
    if (limit.signal.aborted && !tests.signal?.aborted) return { code: 124, timedOut: true };
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** The exit code that BuildKit tells with a step that failed; 1 where it tells none, as with one that was killed. */
const exitCode = ({ error = '' }: BuildStep): number => Number(/exit code: (\d+)/.exec(error)?.[1] ?? 1);

const notBuilt = ({ target }: ContainerTests): UserError =>
  new UserError({
    code: 'tests-not-built',
    message: `The target ${target} was built, but none of its steps ran the tests.`,
    next: [`Run the tests in the last instruction of the target ${target}.`],
    exit: 4,
  });

/** Builds an image with the sources, and runs the tests in a container of it that may do as little as possible. */
async function inContainer(tests: ContainerTests, request: Request, temp: TempFolder, log: TestLog): Promise<EndedRun> {
  const { command, timeoutMs, signal } = tests;
  const [program = '', ...rest] = command.argv;
  const run = `dockwright-tests-${randomBytes(4).toString('hex')}`;
  const tag = `${run}:local`;
  beginRun(run);
  try {
    const progress = readBuild((event) => {
      if (event.type !== 'done') log.line(event.type === 'step' ? event.title : event.line);
    });
    const built = await buildExamined(
      { ...request, output: { to: 'load', tag }, signal },
      examinedIn(tests, temp),
      progress.line,
    );
    if (built.code !== 0) throw buildFailed(progress.steps(), progress.rest(), built.stderr);
    const variables = Object.entries({ CI: 'true', ...command.env });
    const { code, timedOut } = await tryDocker(
      [
        ...['container', 'run', '--rm', '--init', '--name', run, ...labelArguments(run)],
        ...['--pull', 'never', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
        ...variables.flatMap(([name, value]) => ['--env', `${name}=${value}`]),
        ...['--entrypoint', program, tag, ...rest],
      ],
      { timeoutMs, signal, onLine: log.line, discard: true },
    );
    return { code, timedOut };
  } finally {
    await endRun(run);
  }
}
