import { docker, LIMITS, tryDocker } from './docker.ts';
import type { RunResult } from './exec.ts';
import { environmentOf } from './programs.ts';

/** A compose project: its own name, its files, its env file; nothing is taken from the folder or the shell. The files are ours alone. */
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
  env: environmentOf('docker compose'),
  timeoutMs: LIMITS.change,
  signal: project.signal,
});

/** Runs `docker compose ARGS`, which has to succeed within `timeoutMs`. */
export function compose(
  project: ComposeProject,
  args: readonly string[],
  timeoutMs: number = LIMITS.change,
): Promise<string> {
  return docker(composeArguments(project, args), { ...options(project), timeoutMs });
}

/** Starts everything in the background; what compose says goes to `onLine`. The caller reads success from the code. */
export function composeUp(project: ComposeProject, onLine: (line: string) => void): Promise<RunResult> {
  return tryDocker(composeArguments(project, ['up', '--detach', '--quiet-pull', '--no-build']), {
    ...options(project),
    // it pulls the images of the services
    timeoutMs: LIMITS.images,
    onLine,
  });
}

/** One run of a service's container, to its end. */
export type ServiceRun = RunResult & { readonly name: string; readonly seconds: number };

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
): Promise<ServiceRun> {
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
  await compose(project, ['create', '--no-build', service], LIMITS.images);
  return composeContainer(project, service);
}

/** The id of a service's container, running or not; undefined where it has none. */
export async function composeContainer(project: ComposeProject, service: string): Promise<string | undefined> {
  const text = await compose(project, ['ps', '--all', '--quiet', service]);
  return text.split('\n').find((line) => line !== '');
}
