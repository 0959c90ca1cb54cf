import { join } from 'node:path';
import { momentNames } from '../catalog/build-arguments.ts';
import type { SecretValue } from '../engine/buildx.ts';
import { needEngine } from '../engine/docker.ts';
import { tempFolder } from '../engine/temp.ts';
import type { BuildReport, OnProgress, Revision } from '../model/contract.ts';
import type { Image } from '../model/plan.ts';
import { measureBaseline } from './baseline.ts';
import type { TrustedInput } from './frontend.ts';
import { makeImage } from './image.ts';
import { measure } from './measure.ts';

/** How an image is built once more for a registry, with what the builder says of it. */
export type Attested = {
  /** absolute path of the archive */
  readonly file: string;
  readonly attest: readonly ('provenance' | 'sbom')[];
  /** what its index says of itself */
  readonly annotations: Readonly<Record<string, string>>;
};

export type BuildImageRequest = {
  /** absolute path of the build context */
  readonly root: string;
  readonly trust: TrustedInput;
  readonly image: Image;
  readonly tag: string;
  /** the commit of the tree, where it has one */
  readonly revision?: Revision | undefined;
  /** a stage of the Dockerfile; default: production */
  readonly target?: string | undefined;
  /** relative to the root; default: where the plan puts it */
  readonly dockerfilePath?: string | undefined;
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** values for the build secrets of the image, decided by the caller; default: none */
  readonly secrets?: readonly SecretValue[];
  readonly platforms?: readonly string[] | undefined;
  /** more flags of buildx: caches, a builder, an agent of SSH */
  readonly flags?: readonly string[] | undefined;
  /** an archive with attestations that is written, in the place of an image of the engine's store */
  readonly attested?: Attested | undefined;
  /** measure a single-stage build of the same app too; default: yes */
  readonly baseline?: boolean | undefined;
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
};

/**
 * The time that every file of a layer gets, and the image itself: 1970, as jib and ko do it. A time of the commit would not do: files
 * that are older keep theirs, so a layer from the cache would differ from a fresh one, and every commit would push every layer anew.
 * The layers of the base stay as they are.
 */
const EPOCH = '0';

/** What belongs to the moment of a build. Two builds of one commit get the same. */
export type BuildMoment = { readonly commit?: string; readonly version?: string | undefined; readonly time?: string };

const declaredBy = (image: Image): readonly string[] => [
  ...image.stages.flatMap((stage) => stage.steps.flatMap((step) => (step.do === 'arg' ? [step.name] : []))),
  ...(image.kept ? Object.keys(image.args ?? {}) : []),
];

/** Whether a build asks git for the newest tag. */
export const asksVersion = (image: Image): boolean => declaredBy(image).some((name) => momentNames[name] === 'version');

/** Build arguments for what the Dockerfile declares and only the moment knows. */
export function momentArguments(image: Image, moment: BuildMoment): Readonly<Record<string, string>> {
  return Object.fromEntries([
    ['SOURCE_DATE_EPOCH', EPOCH],
    ...declaredBy(image).flatMap((name): [string, string][] => {
      const ask = momentNames[name];
      const value = ask && moment[ask];
      return value === undefined ? [] : [[name, value]];
    }),
  ]);
}

/**
 * Values for the build arguments of an author's image that a plan has: texts as they are, variables by `values`, else their defaults. What is left
 * keeps the default of the Dockerfile.
 */
export function keptArguments(
  { kept, args = {} }: Image,
  values: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  if (!kept) return {};
  const filled = (variable: string, fallback: string | undefined) => values[variable] ?? fallback;
  return Object.fromEntries(
    Object.entries(args).flatMap(([name, { value }]): [string, string][] => {
      if (value.from === 'literal') return [[name, value.text]];
      if (value.from === 'user') {
        const text = filled(value.variable, value.default);
        return text === undefined ? [] : [[name, text]];
      }
      const parts = value.parts.map((part) =>
        typeof part === 'string' ? part : (filled(part.variable, part.default) ?? ''),
      );
      return [[name, parts.join('')]];
    }),
  );
}

/** The build arguments for the tree as it stands: of its commit, where it has one. */
export function buildArgumentsOf(image: Image, revision: Revision | undefined): Readonly<Record<string, string>> {
  if (!revision) return momentArguments(image, {});
  const { commit, state, time, version } = revision;
  return momentArguments(image, {
    // a commit alone says that the image was made from it
    commit: state === 'clean' ? commit : `${commit}-${state}`,
    version,
    time: new Date(time * 1000).toISOString(),
  });
}

/**
 * Builds the image, tells the steps while it does, and measures what came out. Throws `UserError` (`no-engine`, `build-failed`);
 * an abort ends the build and leaves nothing behind.
 */
export async function buildImage(request: BuildImageRequest): Promise<BuildReport> {
  const { root, trust, image, tag, onProgress, signal } = request;
  const engine = await needEngine(signal);
  const own = { ...buildArgumentsOf(image, request.revision), ...keptArguments(image, {}) };
  const temp = tempFolder();
  try {
    const made = await makeImage({
      engine,
      trust,
      context: root,
      dockerfile: join(root, request.dockerfilePath ?? image.dockerfile),
      target: request.target ?? image.targets.production,
      buildArgs: { ...own, ...request.buildArgs },
      secrets: request.secrets ?? [],
      // the image is loaded to be run here: other platforms are built on demand, and for a registry
      ...(request.platforms ? { platforms: request.platforms } : {}),
      ...(request.flags ? { flags: request.flags } : {}),
      tag,
      load: true,
      ...(request.attested
        ? {
            archive: request.attested.file,
            attest: request.attested.attest,
            annotations: request.attested.annotations,
          }
        : {}),
      temp,
      onProgress,
      signal,
    });
    const sizes = await measure(made.archive);
    const wanted =
      request.baseline !== false && (request.target ?? image.targets.production) === image.targets.production;
    const baseline = wanted
      ? await measureBaseline({
          root,
          image,
          secrets: request.secrets ?? [],
          engine,
          trust,
          temp,
          run: tag.split(/[:@]/, 1)[0] ?? tag,
          onProgress,
          signal,
        })
      : undefined;
    return {
      image: tag,
      ...(request.revision ? { revision: request.revision } : {}),
      digest: made.archive.digest,
      ...sizes,
      ...(baseline ? { baseline } : {}),
      seconds: made.seconds,
      next: nextSteps(request),
    };
  } finally {
    temp.remove();
  }
}

function nextSteps({ image, target, tag }: BuildImageRequest): string[] {
  if (target !== undefined && target !== image.targets.production) return [`docker run --rm ${tag}`];
  return ['dockwright verify', 'docker compose up --detach --wait'];
}
