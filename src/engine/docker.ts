import { UserError } from '../model/errors.ts';
import { z } from '../model/zod.ts';
import { type RunOptions, type RunResult, run } from './exec.ts';
import { environmentOf } from './programs.ts';
import { workFolder } from './temp.ts';

/** What the Docker Engine says of itself. */
export type Engine = {
  readonly version: string;
  readonly architecture: string;
  /** the containerd image store: it holds compressed layers, and takes OCI archives */
  readonly containerd: boolean;
  readonly buildx: boolean;
  readonly compose: boolean;
};

/** Time limits of what docker is asked, in milliseconds. */
export const LIMITS = {
  /** a question, or a change that takes the engine a moment */
  moment: 60_000,
  /** removing what a run made, or starting and stopping it */
  change: 120_000,
  /** moving whole images: a large one, from a slow registry or disk */
  images: 3_600_000,
  /** a whole build, with everything that it downloads and compiles */
  build: 6 * 3_600_000,
} as const;

/** What a call of docker is given. Its working folder is always an empty one of ours: docker reads what lies in the folder it runs in. */
export type DockerOptions = Omit<RunOptions, 'cwd' | 'env'> & {
  /** default: `cleanEnvironment()` */
  readonly env?: Readonly<Record<string, string>> | undefined;
};

/** The environment of docker: how to reach an engine, and never a variable that a compose file could read. */
export const cleanEnvironment = (
  extra: Readonly<Record<string, string>> = {},
  from: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string> => environmentOf('docker', extra, from);

/** Runs `docker ARGS` and gives back whatever came of it. A missing program is a `UserError`. */
export function tryDocker(args: readonly string[], options: DockerOptions): Promise<RunResult> {
  return run(['docker', ...args], { ...options, cwd: workFolder(), env: options.env ?? cleanEnvironment() });
}

/** Runs `docker ARGS`, which has to succeed: anything else is a `UserError` that shows what docker said last. */
export async function docker(args: readonly string[], options: DockerOptions): Promise<string> {
  const result = await tryDocker(args, options);
  if (result.timedOut) throw dockerTooSlow(args, options.timeoutMs);
  if (result.code === 0) return result.stdout;
  throw dockerFailed(args, result.stderr || result.stdout);
}

/** The error for a docker command that was ended at its time limit, in milliseconds. */
export const dockerTooSlow = (args: readonly string[], timeoutMs: number): UserError =>
  new UserError({
    code: 'docker-failed',
    message: `docker ${args.slice(0, 2).join(' ')} did not finish within ${timeoutMs / 1000} s and was stopped.`,
    next: ['Check that the engine responds: `docker info`.'],
    exit: 4,
    retry: true,
  });

/** Reads a JSON document that `docker WHAT` printed. Anything else than the expected shape is a `UserError`, not a bug of ours. */
export function readDockerJson<T>(text: string, schema: z.ZodType<T>, what: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new UserError({
      code: 'docker-unreadable',
      message: `docker ${what} did not print the expected JSON document.`,
      printed: text.split('\n').slice(0, 5),
      next: [`Check its output: \`docker ${what}\`. Docker 23 and later, with its own CLI, are known to work.`],
      exit: 4,
      cause,
    });
  }
}

/** The error for a docker command that failed; `said` is what it printed. */
export function dockerFailed(args: readonly string[], said: string): UserError {
  const lines = said.split('\n').filter((line) => line.trim() !== '');
  const last = lines.slice(-12);
  return new UserError({
    code: 'docker-failed',
    message: [`docker ${args.slice(0, 2).join(' ')} failed${last.length > 0 ? ':' : ''}`, ...last],
    next: [`Run it by hand to see the full output: docker ${args.map(quoted).join(' ')}`],
    exit: 4,
    retry: /timeout|temporarily|connection reset|TLS handshake|429|503/i.test(said),
  });
}

const quoted = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** The parts of `docker info` that we look at. An engine that does not answer leaves most of them out. */
const Info = z.object({
  ServerVersion: z.string().optional(),
  Architecture: z.string().optional(),
  DriverStatus: z.array(z.array(z.string())).nullish(),
  ClientInfo: z.object({ Plugins: z.array(z.object({ Name: z.string() })).nullish() }).nullish(),
});

const architectures: Readonly<Record<string, string>> = { x86_64: 'amd64', aarch64: 'arm64' };

/** What engine answers, or undefined where none does. `UserError` (`docker-unreadable`) where what answers is no engine. */
export async function findEngine(signal?: AbortSignal | undefined): Promise<Engine | undefined> {
  const result = await tryDocker(['info', '--format', '{{json .}}'], {
    timeoutMs: 20_000,
    signal,
  }).catch((error: unknown) => {
    if (error instanceof UserError && error.code === 'program-missing') return undefined;
    throw error;
  });
  if (result?.code !== 0) return undefined;
  const info = readDockerJson(result.stdout, Info, 'info');
  if (!info.ServerVersion) return undefined;
  const plugins = (info.ClientInfo?.Plugins ?? []).map((plugin) => plugin.Name);
  return {
    version: info.ServerVersion,
    architecture: architectures[info.Architecture ?? ''] ?? info.Architecture ?? '',
    containerd: (info.DriverStatus ?? []).some(([, value]) => value?.startsWith('io.containerd.snapshotter')),
    buildx: plugins.includes('buildx'),
    compose: plugins.includes('compose'),
  };
}

const Mirrors = z.array(z.string()).nullish();

/** The addresses that the engine asks for images of Docker Hub first; none where no engine answers. */
export async function registryMirrors(signal?: AbortSignal | undefined): Promise<readonly string[]> {
  const result = await tryDocker(['info', '--format', '{{json .RegistryConfig.Mirrors}}'], {
    timeoutMs: 20_000,
    signal,
  }).catch((error: unknown) => {
    if (error instanceof UserError && error.code === 'program-missing') return undefined;
    throw error;
  });
  // without an engine there is nothing to read it from
  if (result?.code !== 0 || !result.stdout.trim().startsWith('[')) return [];
  return readDockerJson(result.stdout, Mirrors, 'info') ?? [];
}

/** The engine, which has to be there, with buildx and compose. */
export async function needEngine(signal?: AbortSignal | undefined): Promise<Engine> {
  const engine = await findEngine(signal);
  if (!engine) {
    throw new UserError({
      code: 'no-engine',
      message: 'Could not reach a Docker Engine.',
      next: [
        'Start Docker (`docker info` must succeed), or choose another engine with `docker context use NAME`.',
        'Commands up to `generate` work without one.',
      ],
      exit: 4,
      retry: true,
    });
  }
  const lacking = [...(engine.buildx ? [] : ['buildx']), ...(engine.compose ? [] : ['compose'])];
  if (lacking.length > 0) {
    throw new UserError({
      code: 'no-engine',
      message: `The docker CLI has no ${lacking.join(' and no ')} plugin.`,
      next: lacking.map((name) => `Install the plugin docker-${name}, so that \`docker ${name} version\` works.`),
      exit: 4,
    });
  }
  return engine;
}
