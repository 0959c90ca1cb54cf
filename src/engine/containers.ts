import { basename } from 'node:path';
import { z } from '../model/zod.ts';
import { docker, LIMITS, readDockerJson, tryDocker } from './docker.ts';
import type { RunResult } from './exec.ts';
import { labelArguments } from './run-labels.ts';

/** What the engine knows of a container, as far as we ask. */
export type Container = {
  readonly id: string;
  readonly status: string;
  readonly health: 'healthy' | 'unhealthy' | 'starting' | 'none';
  /** what the last checks said, newest last */
  readonly checks: readonly string[];
  readonly exitCode: number;
  readonly outOfMemory: boolean;
  readonly restarts: number;
  readonly user: string;
  readonly readOnly: boolean;
  readonly tmpfs: readonly string[];
  readonly capDrop: readonly string[];
  readonly capAdd: readonly string[];
  readonly securityOptions: readonly string[];
  readonly privileged: boolean;
  readonly mounts: readonly { readonly type: string; readonly path: string; readonly writable: boolean }[];
  /** published ports: the port inside to the one on this machine */
  readonly ports: ReadonlyMap<number, number>;
  readonly started: string;
};

const texts = z.array(z.string()).nullish();

/** The parts of `docker container inspect` that we look at. */
const Raw = z.object({
  Id: z.string(),
  RestartCount: z.number().optional(),
  State: z.object({
    Status: z.string(),
    ExitCode: z.number(),
    OOMKilled: z.boolean().optional(),
    StartedAt: z.string(),
    Health: z
      .object({ Status: z.string(), Log: z.array(z.object({ ExitCode: z.number(), Output: z.string() })).nullish() })
      .nullish(),
  }),
  Config: z.object({ User: z.string().optional() }),
  HostConfig: z.object({
    ReadonlyRootfs: z.boolean().optional(),
    Tmpfs: z.record(z.string(), z.string()).nullish(),
    CapDrop: texts,
    CapAdd: texts,
    SecurityOpt: texts,
    Privileged: z.boolean().optional(),
  }),
  Mounts: z.array(z.object({ Type: z.string(), Destination: z.string(), RW: z.boolean() })).nullish(),
  NetworkSettings: z.object({
    Ports: z.record(z.string(), z.array(z.object({ HostPort: z.string() })).nullable()).nullish(),
  }),
});

/** Reads one document of `docker container inspect`. */
export function readContainer(text: string): Container {
  const raw = readDockerJson(text, Raw, 'container inspect');
  const ports = Object.entries(raw.NetworkSettings.Ports ?? {}).flatMap(([name, bound]): [number, number][] => {
    const host = bound?.[0]?.HostPort;
    return host && name.endsWith('/tcp') ? [[Number.parseInt(name, 10), Number(host)]] : [];
  });
  const health = raw.State.Health?.Status;
  return {
    id: raw.Id,
    status: raw.State.Status,
    health: health === 'healthy' || health === 'unhealthy' || health === 'starting' ? health : 'none',
    checks: (raw.State.Health?.Log ?? []).map((item) => `exit ${item.ExitCode}: ${item.Output.trim()}`),
    exitCode: raw.State.ExitCode,
    outOfMemory: raw.State.OOMKilled ?? false,
    restarts: raw.RestartCount ?? 0,
    user: raw.Config.User ?? '',
    readOnly: raw.HostConfig.ReadonlyRootfs ?? false,
    tmpfs: Object.keys(raw.HostConfig.Tmpfs ?? {}).sort(),
    capDrop: raw.HostConfig.CapDrop ?? [],
    capAdd: raw.HostConfig.CapAdd ?? [],
    securityOptions: raw.HostConfig.SecurityOpt ?? [],
    privileged: raw.HostConfig.Privileged ?? false,
    mounts: (raw.Mounts ?? []).map((mount) => ({ type: mount.Type, path: mount.Destination, writable: mount.RW })),
    ports: new Map(ports),
    started: raw.State.StartedAt,
  };
}

export async function inspectContainer(id: string, signal?: AbortSignal | undefined): Promise<Container> {
  return readContainer(
    await docker(['container', 'inspect', '--format', '{{json .}}', id], {
      timeoutMs: 60_000,
      signal,
    }),
  );
}

/** What a container printed, both streams apart; `since`: from that moment on. */
export async function containerLogs(
  id: string,
  signal?: AbortSignal | undefined,
  since?: Date,
): Promise<{ stdout: string; stderr: string }> {
  const from = since ? ['--since', since.toISOString()] : [];
  const result = await tryDocker(['container', 'logs', ...from, id], { timeoutMs: 60_000, signal });
  return { stdout: result.stdout, stderr: result.stderr };
}

/** Stops a container as `docker stop` does: SIGTERM, and SIGKILL after `grace` seconds. Returns the seconds it took. */
export async function stopContainer(id: string, grace: number, signal?: AbortSignal | undefined): Promise<number> {
  const start = performance.now();
  await docker(['container', 'stop', '--timeout', String(grace), id], {
    timeoutMs: grace * 1000 + LIMITS.moment,
    signal,
  });
  return (performance.now() - start) / 1000;
}

export async function startContainer(id: string, signal?: AbortSignal | undefined): Promise<void> {
  await docker(['container', 'start', id], { timeoutMs: LIMITS.change, signal });
}

/** What a container changed in its own file system since it started, mounts left out. */
export async function containerChanges(id: string, signal?: AbortSignal | undefined): Promise<readonly string[]> {
  const text = await docker(['container', 'diff', id], { timeoutMs: 60_000, signal });
  return text.split('\n').filter((line) => line !== '');
}

/**
 * Starts a container that does nothing, under the settings of another: its user, its places that may be written, its capabilities. It
 * stands in for one that is over before anybody can look at it. Returns its id.
 */
export async function createHolder(
  like: Container,
  options: { readonly run: string; readonly image: string; readonly signal?: AbortSignal | undefined },
): Promise<string> {
  const text = await docker(
    [
      'container',
      'run',
      '--detach',
      '--init',
      ...labelArguments(options.run),
      ...(like.user === '' ? [] : ['--user', like.user]),
      ...(like.readOnly ? ['--read-only'] : []),
      ...like.tmpfs.flatMap((path) => ['--tmpfs', path]),
      ...like.capDrop.flatMap((value) => ['--cap-drop', value]),
      ...like.capAdd.flatMap((value) => ['--cap-add', value]),
      ...like.securityOptions.flatMap((securityOption) => ['--security-opt', securityOption]),
      '--network',
      'none',
      '--entrypoint',
      'sleep',
      options.image,
      '1800',
    ],
    { timeoutMs: LIMITS.change, signal: options.signal },
  );
  return text.trim().split('\n').at(-1) ?? '';
}

/** A short-lived container that looks at another from inside its namespaces, with no more rights than it has. */
export type SidecarOptions = {
  readonly run: string;
  readonly image: string;
  /** the container that is looked at */
  readonly at: string;
  readonly user: string;
  readonly argv: readonly string[];
  readonly signal?: AbortSignal | undefined;
};

/** Runs a command in the process and network namespaces of another container. */
export function lookInside(look: SidecarOptions): Promise<RunResult> {
  const [program = '', ...rest] = look.argv;
  return tryDocker(
    [
      'container',
      'run',
      '--rm',
      ...labelArguments(look.run),
      '--pid',
      `container:${look.at}`,
      '--network',
      `container:${look.at}`,
      '--user',
      look.user,
      '--cap-drop',
      'ALL',
      '--security-opt',
      'no-new-privileges',
      '--pull',
      'missing',
      '--entrypoint',
      program,
      look.image,
      ...rest,
    ],
    // the image may have to be pulled
    { timeoutMs: LIMITS.images, signal: look.signal },
  );
}

/** A volume of a compose project that is filled before the project starts. */
export type VolumeFill = {
  readonly run: string;
  readonly project: string;
  /** its name in the compose file */
  readonly volume: string;
  /** absolute path of the folder whose content and mode it gets; its name is ours, as it becomes part of an argument */
  readonly folder: string;
  /** an image that is on the engine; nothing of it is run */
  readonly image: string;
  readonly signal?: AbortSignal | undefined;
};

/**
 * Makes a volume with a copy of a folder in it, by way of a container that is never started: so nothing of this machine is mounted, and an
 * engine on another machine has the files too.
 */
export async function fillVolume({ run, project, volume, folder, image, signal }: VolumeFill): Promise<void> {
  const name = `${project}_${volume}`;
  const labels = [
    ...labelArguments(run),
    '--label',
    `com.docker.compose.project=${project}`,
    '--label',
    `com.docker.compose.volume=${volume}`,
  ];
  await docker(['volume', 'create', ...labels, name], { timeoutMs: LIMITS.change, signal });
  // copied onto the folder of the mount and not into it, so that the volume has the mode of the folder
  const mount = `type=volume,source=${name},target=/dockwright/${basename(folder)}`;
  const id = await docker(
    ['container', 'create', ...labelArguments(run), '--network', 'none', '--mount', mount, image, 'nothing'],
    { timeoutMs: LIMITS.change, signal },
  );
  const container = id.trim().split('\n').at(-1) ?? '';
  await docker(['container', 'cp', '--quiet', folder, `${container}:/dockwright/`], {
    timeoutMs: LIMITS.images,
    signal,
  });
  await docker(['container', 'rm', '--force', '--volumes', container], { timeoutMs: LIMITS.change, signal });
}
