import { UserError } from '../model/errors.ts';
import { z } from '../model/zod.ts';
import { cacheVariables } from './cache.ts';
import { cleanEnvironment, docker, LIMITS, readDockerJson, tryDocker } from './docker.ts';
import type { RunResult } from './exec.ts';

/**
 * A build secret with its value, which the caller decided on. Nothing here reads a variable of the shell by a name that a project chose, and
 * the docker CLI gets no variable of such a name either: `DOCKER_HOST` or `PATH` would mean something to it.
 */
export type SecretValue = { readonly id: string; readonly value: string };

const secretVariable = (index: number): string => `DOCKWRIGHT_BUILD_SECRET_${index}`;

/** What `docker buildx build` is asked for. Paths are absolute. */
export type BuildRequest = {
  readonly context: string;
  readonly dockerfile: string;
  readonly target?: string | undefined;
  readonly buildArgs?: Readonly<Record<string, string>>;
  readonly secrets?: readonly SecretValue[];
  /** build secrets with throwaway values, each in a file */
  readonly secretFiles?: readonly { readonly id: string; readonly file: string }[];
  /** more flags of buildx, for what a person allowed */
  readonly flags?: readonly string[];
  readonly platforms?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  /** what the builder says of the image beside it; needs an archive, or a builder in a container */
  readonly attest?: readonly ('provenance' | 'sbom')[];
  /** what the index of an attested image says of itself */
  readonly annotations?: Readonly<Record<string, string>>;
  readonly noCache?: boolean;
  /** stages that are built anew while the others may come from the cache */
  readonly noCacheStages?: readonly string[];
  /** where the image goes: an OCI archive (`file`), the engine's own store (`load`), or nowhere (`none`) */
  readonly output:
    | { readonly to: 'archive'; readonly file: string; readonly tag: string }
    | { readonly to: 'load'; readonly tag: string }
    | { readonly to: 'none' };
  readonly signal?: AbortSignal | undefined;
};

function outputArguments(output: BuildRequest['output']): string[] {
  // files of every layer get the time SOURCE_DATE_EPOCH: without that two builds of one commit differ
  if (output.to === 'archive') {
    return ['--output', `type=oci,dest=${output.file},name=${output.tag},rewrite-timestamp=true`];
  }
  return output.to === 'load' ? ['--load', '--tag', output.tag] : ['--output', 'type=cacheonly'];
}

/** The arguments of `docker` for a build; values of secrets never stand in them. */
export function buildArguments(request: BuildRequest): string[] {
  const pairs = (flag: string, values: Readonly<Record<string, string>> | undefined) =>
    Object.entries(values ?? {}).flatMap(([name, value]) => [flag, `${name}=${value}`]);
  return [
    'buildx',
    'build',
    '--progress=rawjson',
    // an attestation carries the time of the build, and the engine's own store may not take it
    request.attest?.includes('provenance') ? '--provenance=mode=max' : '--provenance=false',
    ...(request.attest?.includes('sbom') ? ['--sbom=true'] : []),
    '--file',
    request.dockerfile,
    ...(request.target ? ['--target', request.target] : []),
    ...pairs('--build-arg', request.buildArgs),
    ...(request.secrets ?? []).flatMap(({ id }, index) => ['--secret', `id=${id},env=${secretVariable(index)}`]),
    ...(request.secretFiles ?? []).flatMap(({ id, file }) => ['--secret', `id=${id},src=${file}`]),
    ...(request.flags ?? []),
    ...(request.platforms && request.platforms.length > 0 ? ['--platform', request.platforms.join(',')] : []),
    ...pairs('--label', request.labels),
    ...Object.entries(request.annotations ?? {}).flatMap(([name, value]) => ['--annotation', `index:${name}=${value}`]),
    ...(request.noCache ? ['--no-cache'] : []),
    ...(request.noCacheStages ?? []).flatMap((stage) => ['--no-cache-filter', stage]),
    ...outputArguments(request.output),
    request.context,
  ];
}

/** Builds. Every line of BuildKit's progress goes to `onLine`; the caller reads success from the code. */
export async function buildxBuild(request: BuildRequest, onLine: (line: string) => void): Promise<RunResult> {
  const secrets = Object.fromEntries((request.secrets ?? []).map(({ value }, index) => [secretVariable(index), value]));
  return tryDocker(buildArguments(request), {
    env: cleanEnvironment({ ...cacheVariables(request.flags ?? []), ...secrets }),
    timeoutMs: LIMITS.build,
    onLine,
    signal: request.signal,
  });
}

/** One finding of `docker build --check`. */
export type BuildWarning = { readonly rule: string; readonly detail: string; readonly line?: number };

const CheckReport = z.object({
  warnings: z
    .array(
      z.object({
        ruleName: z.string(),
        detail: z.string(),
        location: z
          .object({ ranges: z.array(z.object({ start: z.object({ line: z.number() }) })).nullish() })
          .nullish(),
      }),
    )
    .nullish(),
  buildError: z.object({ message: z.string().optional() }).nullish(),
});

/** What the engine's own checks say of a Dockerfile; nothing is built. */
export async function buildxCheck(
  request: Pick<BuildRequest, 'context' | 'dockerfile' | 'target' | 'signal'>,
): Promise<readonly BuildWarning[]> {
  const args = [
    'buildx',
    'build',
    '--progress=quiet',
    '--call=check,format=json',
    '--file',
    request.dockerfile,
    ...(request.target ? ['--target', request.target] : []),
    request.context,
  ];
  const result = await tryDocker(args, { timeoutMs: 10 * LIMITS.moment, signal: request.signal });
  return readCheck(result.stdout, result.stderr);
}

/** Reads the JSON of `--call=check,format=json`. A Dockerfile that does not parse gives no JSON: that is a finding too. */
export function readCheck(stdout: string, stderr: string): readonly BuildWarning[] {
  const start = stdout.indexOf('{');
  if (start < 0) {
    const lastLine = stderr.trim().split('\n').at(-1) ?? 'the check returned no result';
    return [{ rule: 'BuildError', detail: lastLine }];
  }
  const report = readDockerJson(stdout.slice(start), CheckReport, 'buildx build --call=check');
  const warnings = (report.warnings ?? []).map((warning) => {
    const line = warning.location?.ranges?.[0]?.start.line;
    return { rule: warning.ruleName, detail: warning.detail, ...(line === undefined ? {} : { line }) };
  });
  const broken = report.buildError?.message;
  return broken ? [...warnings, { rule: 'BuildError', detail: broken }] : warnings;
}

/** The builder that is made where it is asked for and not there. */
export const ownBuilder = 'dockwright';

/** Looks for a builder; the one that bears our name is made, in a container. Throws a UserError where there is none. */
export async function needBuilder(name: string, signal?: AbortSignal | undefined): Promise<void> {
  const found = await tryDocker(['buildx', 'inspect', name], { timeoutMs: LIMITS.moment, signal });
  if (found.code === 0) return;
  if (name === ownBuilder) {
    await docker(['buildx', 'create', '--name', name, '--driver', 'docker-container'], {
      timeoutMs: LIMITS.moment,
      signal,
    });
    return;
  }
  throw new UserError({
    code: 'builder-missing',
    message: `buildx has no builder "${name}".`,
    next: [
      `Create it: \`docker buildx create --name ${name} --driver docker-container\`.`,
      `Or let Dockwright create one: \`--builder ${ownBuilder}\`.`,
    ],
  });
}

/** Loads an archive into the engine's image store. */
export async function loadArchive(file: string, signal?: AbortSignal | undefined): Promise<void> {
  await docker(['image', 'load', '--quiet', '--input', file], { timeoutMs: LIMITS.images, signal });
}

/** Writes an image of the engine's store as an archive. */
export async function saveImage(image: string, file: string, signal?: AbortSignal | undefined): Promise<void> {
  await docker(['image', 'save', '--output', file, image], { timeoutMs: LIMITS.images, signal });
}

/** Takes a tag away; the image goes with its last one. A tag that is not there is fine. */
export async function removeTag(tag: string): Promise<void> {
  await tryDocker(['image', 'rm', '--no-prune', tag], { timeoutMs: 60_000 });
}
