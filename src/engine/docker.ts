import { UserError } from '../model/errors.ts';
import { type RunOptions, type RunResult, run } from './exec.ts';

/** What the Docker Engine says of itself. */
export type Engine = {
  readonly version: string;
  readonly architecture: string;
  /** the containerd image store: it holds compressed layers, and takes OCI archives */
  readonly containerd: boolean;
  readonly buildx: boolean;
  readonly compose: boolean;
};

/** What of our own environment the docker CLI may see: how to reach an engine, never a variable that a compose file could read. */
const passed =
  /^(PATH|HOME|USERPROFILE|SystemRoot|TMPDIR|TEMP|TMP|XDG_.*|SSH_.*|LANG|.*_PROXY|.*_proxy|DOCKER_.*|BUILDX_.*)$/;

export function cleanEnvironment(
  extra: Readonly<Record<string, string>> = {},
  from: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string> {
  const kept = Object.entries(from).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && passed.test(entry[0]),
  );
  return { ...Object.fromEntries(kept), ...extra };
}

/** Runs `docker ARGS` and gives back whatever came of it. A missing program is a `UserError`. */
export function tryDocker(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return run(['docker', ...args], { ...options, env: options.env ?? cleanEnvironment() });
}

/** Runs `docker ARGS`, which has to succeed: anything else is a `UserError` that shows what docker said last. */
export async function docker(args: readonly string[], options: RunOptions = {}): Promise<string> {
  const result = await tryDocker(args, options);
  if (result.code === 0) return result.stdout;
  throw dockerFailed(args, result.stderr || result.stdout);
}

/** The error for a docker command that failed; `said` is what it printed. */
export function dockerFailed(args: readonly string[], said: string): UserError {
  const lines = said.split('\n').filter((line) => line.trim() !== '');
  const last = lines.slice(-12);
  return new UserError({
    code: 'docker-failed',
    message: [`docker ${args.slice(0, 2).join(' ')} failed${last.length > 0 ? ':' : ''}`, ...last],
    next: [`Run it by hand to see the whole output: docker ${args.map(quoted).join(' ')}`],
    exit: 4,
    retry: /timeout|temporarily|connection reset|TLS handshake|429|503/i.test(said),
  });
}

const quoted = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

type Info = {
  ServerVersion?: string;
  Architecture?: string;
  DriverStatus?: [string, string][] | null;
  ServerErrors?: string[];
  ClientInfo?: { Plugins?: { Name: string }[] | null };
};

const architectures: Readonly<Record<string, string>> = { x86_64: 'amd64', aarch64: 'arm64' };

/** What engine answers, or undefined where none does. */
export async function findEngine(signal?: AbortSignal | undefined): Promise<Engine | undefined> {
  const result = await tryDocker(['info', '--format', '{{json .}}'], {
    timeoutMs: 20_000,
    signal,
  }).catch((error: unknown) => {
    if (error instanceof UserError) return undefined;
    throw error;
  });
  if (result?.code !== 0) return undefined;
  const info = JSON.parse(result.stdout) as Info;
  if (!info.ServerVersion) return undefined;
  const plugins = (info.ClientInfo?.Plugins ?? []).map((plugin) => plugin.Name);
  return {
    version: info.ServerVersion,
    architecture: architectures[info.Architecture ?? ''] ?? info.Architecture ?? '',
    containerd: (info.DriverStatus ?? []).some(([, value]) => value.startsWith('io.containerd.snapshotter')),
    buildx: plugins.includes('buildx'),
    compose: plugins.includes('compose'),
  };
}

/** The engine, which has to be there, with buildx and compose. */
export async function needEngine(signal?: AbortSignal | undefined): Promise<Engine> {
  const engine = await findEngine(signal);
  if (!engine) {
    throw new UserError({
      code: 'no-engine',
      message: 'No Docker Engine answers.',
      next: [
        'Start Docker (`docker info` must answer), or choose another engine with `docker context use NAME`.',
        'Everything up to `generate` works without one.',
      ],
      exit: 4,
      retry: true,
    });
  }
  const lacking = [...(engine.buildx ? [] : ['buildx']), ...(engine.compose ? [] : ['compose'])];
  if (lacking.length > 0) {
    throw new UserError({
      code: 'no-engine',
      message: `The docker CLI lacks ${lacking.join(' and ')}.`,
      next: lacking.map((name) => `Install the plugin docker-${name}, so that \`docker ${name} version\` answers.`),
      exit: 4,
    });
  }
  return engine;
}
