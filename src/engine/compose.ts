import { UserError } from '../model/errors.ts';
import { cleanEnvironment, docker, dockerFailed, tryDocker } from './docker.ts';
import type { RunResult } from './exec.ts';

/** A compose project: its own name, its files, its env file; nothing is taken from the folder or the shell. */
export type ComposeProject = {
  readonly name: string;
  readonly files: readonly string[];
  readonly envFile: string;
  readonly folder: string;
  readonly signal?: AbortSignal | undefined;
};

function composeArguments(project: ComposeProject, args: readonly string[]): string[] {
  return [
    'compose',
    '--project-name',
    project.name,
    '--project-directory',
    project.folder,
    // always said: otherwise compose reads the `.env` of the folder by itself
    '--env-file',
    project.envFile,
    ...project.files.flatMap((file) => ['--file', file]),
    ...args,
  ];
}

const options = (project: ComposeProject) => ({
  cwd: project.folder,
  env: cleanEnvironment({
    COMPOSE_DISABLE_ENV_FILE: '1',
    COMPOSE_MENU: 'false',
    // compose would run git on this machine, or fetch files that nobody read
    COMPOSE_EXPERIMENTAL_GIT_REMOTE: 'false',
    COMPOSE_EXPERIMENTAL_OCI_REMOTE: 'false',
  }),
  signal: project.signal,
});

/** Runs `docker compose ARGS`, which has to succeed. */
export function compose(project: ComposeProject, args: readonly string[]): Promise<string> {
  return docker(composeArguments(project, args), options(project));
}

/**
 * The effective model of the files as JSON, without reading any `env_file` of a service: releases of compose read them in spite of
 * `--no-env-resolution`, so they are taken out by a file that is laid over the others. `overlay` writes it and gives its path.
 */
export async function composeModel(project: ComposeProject, overlay: (text: string) => string): Promise<unknown> {
  const names = await config(project, ['--services']);
  const lines = names.split('\n').filter((name) => name !== '');
  const services = lines.map((name) => `  ${JSON.stringify(name)}: { env_file: !reset [], label_file: !reset [] }\n`);
  const over = lines.length > 0 ? [overlay(`services:\n${services.join('')}`)] : [];
  const files = [...project.files, ...over];
  return JSON.parse(await config({ ...project, files }, ['--format', 'json', '--no-env-resolution']));
}

async function config(project: ComposeProject, args: readonly string[]): Promise<string> {
  const result = await tryDocker(composeArguments(project, ['--profile', '*', 'config', ...args]), options(project));
  if (/unknown flag/.test(result.stderr)) {
    throw new UserError({
      code: 'compose-too-old',
      message: 'This docker compose cannot leave the env files of services unread.',
      next: ['Update Docker Compose to 2.35 or later.'],
      exit: 4,
    });
  }
  if (result.code !== 0) throw dockerFailed(['compose', 'config'], result.stderr);
  return result.stdout;
}

/** Starts everything in the background; what compose says goes to `onLine`. The caller reads success from the code. */
export function composeUp(project: ComposeProject, onLine: (line: string) => void): Promise<RunResult> {
  return tryDocker(composeArguments(project, ['up', '--detach', '--quiet-pull', '--no-build']), {
    ...options(project),
    onLine,
  });
}

/** One run of a service's container, to its end. */
export type OneRun = RunResult & { readonly name: string; readonly seconds: number };

/**
 * Runs a service once with arguments, as `docker compose run` does, and keeps its container under `name`. Standard input is empty. What
 * takes longer than `timeoutMs` is ended, and the result says so. `alone` starts none of the services that it waits for.
 */
export async function composeRun(
  project: ComposeProject,
  service: string,
  how: {
    readonly name: string;
    readonly args: readonly string[];
    readonly timeoutMs: number;
    readonly alone?: boolean;
  },
): Promise<OneRun> {
  const { name, args, timeoutMs, alone } = how;
  const start = performance.now();
  const flags = ['run', '--no-TTY', '--quiet-pull', '--name', name, ...(alone ? ['--no-deps'] : [])];
  const result = await tryDocker(composeArguments(project, [...flags, service, ...args]), {
    ...options(project),
    timeoutMs,
  });
  if (result.timedOut) await tryDocker(['container', 'kill', name], { timeoutMs: 30_000 });
  return { ...result, name, seconds: (performance.now() - start) / 1000 };
}

/** Makes a service's container without starting it. */
export async function composeCreate(project: ComposeProject, service: string): Promise<string | undefined> {
  await compose(project, ['create', '--no-build', service]);
  return composeContainer(project, service);
}

/** The id of a service's container, running or not; undefined where it has none. */
export async function composeContainer(project: ComposeProject, service: string): Promise<string | undefined> {
  const text = await compose(project, ['ps', '--all', '--quiet', service]);
  return text.split('\n').find((line) => line !== '');
}
