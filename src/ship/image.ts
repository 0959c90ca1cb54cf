import { answerTo, refusalIn } from '../catalog/engine-mismatch.ts';
import { type Archive, openArchive } from '../engine/archive.ts';
import {
  type BuildRequest,
  type BuildWarning,
  buildxBuild,
  buildxCheck,
  loadArchive,
  removeTag,
  saveImage,
} from '../engine/buildx.ts';
import { dockerTooSlow, type Engine, LIMITS } from '../engine/docker.ts';
import type { RunResult } from '../engine/exec.ts';
import type { TempFolder } from '../engine/temp.ts';
import type { OnProgress } from '../model/contract.ts';
import { UserError } from '../model/errors.ts';
import { type ExaminedBuild, examineDockerfile, type TrustedInput } from './frontend.ts';
import { type BuildStep, readBuild } from './progress.ts';

export type MakeRequest = Omit<BuildRequest, 'output'> & {
  readonly engine: Engine;
  /** whose code the build may run */
  readonly trust: TrustedInput;
  readonly tag: string;
  /** put it into the engine's image store too, so that it can be run */
  readonly load: boolean;
  /** how messages name the Dockerfile, where it is a copy */
  readonly shownAs?: string | undefined;
  /** the file that is written, where it is to outlive the folder; nothing is loaded then */
  readonly archive?: string | undefined;
  /** where the archive is written; it goes with the folder */
  readonly temp: TempFolder;
  readonly onProgress?: OnProgress | undefined;
};

export type BuiltArchive = {
  readonly tag: string;
  readonly archive: Archive;
  readonly steps: readonly BuildStep[];
  readonly seconds: number;
};

/**
 * Builds an image into an archive, and loads it. On the way through an archive every layer's times can be set, which the engine's own
 * store refuses; so two builds of one commit are one digest. An engine with the older store cannot load such an archive: there it is
 * built in the plain way, and its layers are measured from what the engine saves. */
export async function makeImage(request: MakeRequest): Promise<BuiltArchive> {
  const { engine, trust, shownAs, tag, load, archive, temp, onProgress, ...build } = request;
  const start = performance.now();
  const file = archive ?? temp.file(`image-${tag.replaceAll(/[^\w.-]/g, '-')}.tar`);
  const isArchive = engine.containerd || archive !== undefined;
  const output: BuildRequest['output'] = isArchive ? { to: 'archive', file, tag } : { to: 'load', tag };
  const progress = readBuild(onProgress);
  const examined = { trust, shownAs, temp: temp.path, onProgress };
  const result = await buildExamined({ ...build, output }, examined, progress.line);
  request.signal?.throwIfAborted();
  if (result.timedOut) throw dockerTooSlow(['buildx', 'build'], LIMITS.build);
  if (result.code !== 0) throw buildFailed(progress.steps(), progress.rest(), result.stderr);
  if (!isArchive) {
    await saveImage(tag, file, request.signal);
    if (!load) await removeTag(tag);
  } else if (load && archive === undefined) {
    await loadArchive(file, request.signal);
  }
  return {
    tag,
    archive: openArchive(file, engine.architecture),
    steps: progress.steps(),
    seconds: (performance.now() - start) / 1000,
  };
}

/** Every build goes through here, so that the Dockerfile is examined before BuildKit reads it. */
export function buildExamined(
  build: BuildRequest,
  examined: Pick<ExaminedBuild, 'trust' | 'shownAs' | 'temp' | 'onProgress'>,
  onLine: (line: string) => void,
): Promise<RunResult> {
  examineDockerfile({ dockerfile: build.dockerfile, buildArgs: build.buildArgs, ...examined });
  return buildxBuild(build, onLine);
}

/** What the engine's own checks say of a Dockerfile, which is examined before: its frontend runs for a check too. */
export async function checkImage(
  request: Parameters<typeof buildxCheck>[0] & { readonly trust: TrustedInput; readonly temp: TempFolder },
): Promise<readonly BuildWarning[]> {
  const { trust, temp, ...check } = request;
  examineDockerfile({ ...check, trust, temp: temp.path });
  return buildxCheck(check);
}

/** Lines of a step that are shown with its failure. */
const shownLines = 12;

/** What ends a build that nothing of the project can change, by what BuildKit and the CLI say of it. */
const outside: readonly { readonly says: RegExp; readonly next: string }[] = [
  {
    says: /no space left on device|disk quota exceeded/i,
    next: 'The disk of the engine is full: free some space (`docker system df` shows what uses it), then build again.',
  },
  {
    says: /target stage "[^"]*" could not be found/,
    next: 'Use the name of a stage in the Dockerfile: `--target NAME`.',
  },
  {
    says: /cannot connect to the docker daemon|error reading from server|transport is closing|code = Unavailable/i,
    next: 'The engine stopped during the build: start it, check that `docker info` works, then build again.',
  },
];

const helpFor = (said: string): string =>
  outside.find(({ says }) => says.test(said))?.next ?? 'Fix the step or the files that it reads, then build again.';

/** The error for a build that failed: the step, what it printed at last, and what BuildKit showed of the Dockerfile. */
export function buildFailed(steps: readonly BuildStep[], rest: readonly string[], stderr: string): UserError {
  // steps that ran beside the one that failed are ended, and say so
  const failed = steps.filter((buildStep) => buildStep.error !== undefined);
  const step = failed.find((buildStep) => !/context canceled/i.test(buildStep.error ?? '')) ?? failed[0];
  const printed = step?.printed ?? [];
  const refused = refusalIn(printed);
  const failureText =
    rest.length > 0 ? rest : stderr.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('{'));
  const line = failureText
    .map((text) => /^(?:ERROR: )?(\S+):(\d+)$/.exec(text.trim()))
    .find((found) => found?.[1]?.includes('Dockerfile'));
  const marked = failureText.find((text) => text.includes('>>>'))?.replace(/^.*>>> ?/, '');
  const [, file, number] = line ?? [];
  const reason =
    step?.error ??
    failureText
      .findLast((text) => text.startsWith('ERROR:'))
      ?.slice('ERROR:'.length)
      .trim();
  const [first = '', ...more] = reason?.split('\n') ?? failureText.slice(-5);
  return new UserError({
    code: 'build-failed',
    message: [`The image could not be built${step ? ` at ${step.name}` : ''}: ${first}`, ...more],
    ...(file && number
      ? { where: { file, line: Number(number), ...(marked === undefined ? {} : { text: marked }) } }
      : {}),
    ...(printed.length > 0 ? { printed: printed.slice(-shownLines) } : {}),
    next: refused
      ? answerTo(refused)
      : [
          ...(printed.length > 0 ? ['The lines above are the last output of the step.'] : []),
          helpFor([first, ...more, ...printed].join('\n')),
        ],
    exit: 4,
    retry: /failed to (do request|fetch|resolve)|timeout|temporar/i.test(reason ?? ''),
  });
}
