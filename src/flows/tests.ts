import { join, resolve } from 'node:path';
import { dockerfileText } from '../artifacts/dockerfile.ts';
import { dockerignore } from '../artifacts/dockerignore.ts';
import { findEngine } from '../engine/docker.ts';
import { runTestsOnHost, type TestRun } from '../engine/tests.ts';
import { formatInstruction, insertAfter, parseDockerfile } from '../formats/dockerfile/index.ts';
import type { CheckItem } from '../model/check.ts';
import { item } from '../model/check-item.ts';
import type { OnProgress } from '../model/contract.ts';
import { UserError } from '../model/errors.ts';
import type { Command, Facts } from '../model/facts.ts';
import { foldersOf } from '../model/folders.ts';
import type { Image, Plan } from '../model/plan.ts';
import { planTestImage } from '../plan/tests.ts';
import { pathIn } from '../project/paths.ts';
import type { Project } from '../project/project.ts';
import { type ContainerTests, testInContainer } from '../ship/tests.ts';
import { testsHint } from './language.ts';

const id = 'tests';
const title = 'Tests pass';

export type TestSelection = {
  readonly project: Project;
  /** the repository */
  readonly root: string;
  /** where the deployment is decided */
  readonly plan?: Plan | undefined;
  /** milliseconds after which they are ended */
  readonly timeoutMs: number;
  /** on this machine, because a person said so on the command line: no configuration can */
  readonly onHost?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** The tests as they stand in the checklist where nobody asked for them: reading a project runs nothing of it. */
export function testsNotRun(facts: Facts): CheckItem {
  const { test } = facts.commands;
  const detail = test ? `not run: ${test.value.argv.join(' ')}` : 'not run: no test command was found';
  const next = test ? '`dockwright check --tests` runs them in a container' : testsHint(facts);
  return item(id, title, { status: 'not-run', detail, next });
}

/** Runs the tests of the project and says how they ended, with their last lines where they failed. */
export async function testsRun(facts: Facts, asked: TestSelection, onProgress: OnProgress): Promise<CheckItem> {
  const test = facts.commands.test?.value;
  if (!test) {
    const file = facts.manifest === undefined ? {} : { file: pathIn(facts.root, facts.manifest) };
    return item(id, title, {
      status: 'fail',
      detail: 'no test command was found',
      next: testsHint(facts),
      ...file,
    });
  }
  const begin = await beginning(facts, test, asked, (line) => onProgress({ type: 'log', id, line }));
  if (!begin.run) return cannotBegin(begin.why, begin.next);
  const command = `${test.argv.join(' ')}${asked.onHost ? '' : ' (in a container)'}`;
  onProgress({ type: 'step', id, title: `Running the tests: ${command}` });
  const started = performance.now();
  const ended = await begin.run().catch((error: unknown) => {
    if (error instanceof UserError) return error;
    throw error;
  });
  const made = ended instanceof UserError ? cannotRun(ended, command, facts) : result(ended, command, asked.timeoutMs);
  onProgress({ type: 'done', id, ok: made.ok, seconds: (performance.now() - started) / 1000, note: made.detail });
  return made;
}

type Beginning =
  | { readonly run: () => Promise<TestRun> }
  | { readonly run?: never; readonly why: string; readonly next: string };

/** How the tests are run: on this machine where a person says so, else in a container, or not at all. */
async function beginning(
  facts: Facts,
  test: Command,
  asked: TestSelection,
  onLine: (line: string) => void,
): Promise<Beginning> {
  const { timeoutMs, signal, root } = asked;
  if (asked.onHost) {
    const cwd = join(resolve(root), facts.root);
    return { run: () => runTestsOnHost(test.argv, { cwd, env: test.env, timeoutMs, signal, onLine }) };
  }
  const engine = await findEngine(signal);
  if (!engine) return { why: 'could not reach a Docker Engine', next: `start Docker, ${orOnHost}` };
  if (!engine.buildx) return { why: 'the docker CLI has no buildx plugin', next: `install docker-buildx, ${orOnHost}` };
  const image = await imageFor(facts, test, asked);
  if (!image) {
    return {
      why: 'could not determine the runtime',
      next: `set the key "runtime" in dockwright.json, ${orOnHost}`,
    };
  }
  const context = join(resolve(root), foldersOf(facts).context);
  return { run: () => testInContainer({ ...image, context, command: test, timeoutMs, onLine, signal }) };
}

const orOnHost =
  'or run the tests with your own permissions on this machine: `dockwright check --tests --on-host` (only for projects that you trust)';

type ImageFor = Pick<ContainerTests, 'dockerfile' | 'ignore' | 'target' | 'how'>;

/** The image that the tests run in: the `test` target of the deployment, else one of the runtime. */
async function imageFor(facts: Facts, test: Command, asked: TestSelection): Promise<ImageFor | undefined> {
  const { plan, project } = asked;
  const image = plan && Object.values(plan.images)[0];
  const own = image && ownTarget(image, test, project);
  if (plan && image && own) {
    const ignore = ignoreText(
      project,
      image.context.root,
      image.dockerfile,
      () => dockerignore(plan, image, project.files()).content,
    );
    return { ...own, ignore, how: 'build' };
  }
  const made = await planTestImage(facts);
  if (!made) return undefined;
  return {
    dockerfile: dockerfileText(made.stages),
    ignore: ignoreText(project, foldersOf(facts).context, foldersOf(facts).dockerfile, () => made.leavesOut.join('\n')),
    target: made.target,
    how: 'container',
  };
}

/** The target that runs the tests: of the Dockerfile that is there, where it has one that does, else of the one that would be generated. */
function ownTarget(image: Image, test: Command, project: Project): Pick<ImageFor, 'dockerfile' | 'target'> | undefined {
  const { test: target } = image.targets;
  if (target === undefined) return undefined;
  const there = project.read(image.dockerfile);
  const text = there !== undefined && runsTests(there, target, test) ? there : dockerfileText(image.stages);
  return { target, dockerfile: withCi(text, target) };
}

/** The frontend of Docker itself, in any version. Another one is a program that the engine would run; the generated file does without. */
const usualFrontend = /^(docker\.io\/)?docker\/dockerfile(:[\w.-]+)?(@sha256:[0-9a-f]{64})?$/;

const stageOf = (text: string, target: string) =>
  parseDockerfile(text).stages.find((stage) => stage.name === target.toLowerCase());

/** Whether a stage of a Dockerfile runs the tests while it is built. */
function runsTests(text: string, target: string, { argv }: Command): boolean {
  const { directives } = parseDockerfile(text);
  if (directives.some(({ name, value }) => name === 'syntax' && !usualFrontend.test(value))) return false;
  const words = (command: string) => command.replace(/["',[\]\s]+/g, ' ').trim();
  const runs = stageOf(text, target)?.instructions.filter((instruction) => instruction.keyword === 'RUN') ?? [];
  return runs.some((run) => words(run.rest.text).endsWith(words(argv.join(' '))));
}

/** `CI` keeps test runners from waiting for a change of a file. */
function withCi(text: string, target: string): string {
  const stage = stageOf(text, target);
  if (!stage) return text;
  return insertAfter(parseDockerfile(text), stage.from, formatInstruction({ keyword: 'ENV', values: { CI: 'true' } }));
}

/** What tests never get, also where the ignore file of the project lets it through: settings with real values, and the history with its remotes. */
const withheld = ['**/.git', '**/.env', '**/.env.local', '**/.env.*.local', '**/.env.production'];

/** The ignore file for the build of the tests: that of the project where it has one. */
function ignoreText(project: Project, root: string, dockerfile: string, otherwise: () => string): string {
  const there = project.read(`${dockerfile}.dockerignore`) ?? project.read(pathIn(root, '.dockerignore'));
  return [there ?? otherwise(), ...withheld, ''].join('\n');
}

const cannotBegin = (why: string, next: string): CheckItem => ({
  ...item(id, title, {
    status: 'not-run',
    detail: `not run: ${why}, and tests run in a container`,
    next,
  }),
  // asked for, and not done: whoever relies on it must not read "ready"
  ok: false,
});

const cannotRun = (error: UserError, command: string, facts: Facts): CheckItem =>
  item(id, title, {
    status: 'fail',
    detail: `\`${command}\` could not be started: ${error.message}`,
    next: [...error.next, ...(error.code === 'build-failed' ? withoutSecrets(facts) : [])].join(' '),
    ...(error.printed.length > 0 ? { output: [...error.printed] } : {}),
  });

/** Installing from a private registry takes a token, which tests never get. */
function withoutSecrets({ tokens }: Facts): readonly string[] {
  const names = [...new Set(tokens.map((token) => token.variable))].join(', ');
  const hint = `Tests get no build secrets (${names}): run \`dockwright build\` first, so that the dependencies are in the cache.`;
  return names === '' ? [] : [hint];
}

function result({ code, timedOut, log, last }: TestRun, command: string, timeoutMs: number): CheckItem {
  if (code === 0 && !timedOut) return item(id, title, { status: 'pass', detail: command, log });
  const why = timedOut
    ? `\`${command}\` did not finish within ${timeoutMs / 1000} s and was stopped`
    : `\`${command}\` exited with code ${code}`;
  return item(id, title, {
    status: 'fail',
    detail: why,
    next: timedOut
      ? 'allow more time with `--timeout SECONDS`, or see in the output what they wait for'
      : 'read the output, fix the tests, and run `dockwright check --tests` again',
    log,
    output: [...last],
  });
}
