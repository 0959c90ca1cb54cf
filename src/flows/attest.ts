/** Provenance and SBOM of what is pushed: the image is built once more from the cache, by a builder that attests. */
import { needBuilder, ownBuilder } from '../engine/buildx.ts';
import { needEngine } from '../engine/docker.ts';
import { findImage } from '../engine/images.ts';
import type { OnProgress } from '../model/contract.ts';
import { UserError } from '../model/errors.ts';
import type { WithAttestations } from '../ship/push.ts';
import { type BuildOptions, build } from './build.ts';

/** Builds an image with attestations into a file. */
export type BuildAttested = (file: string) => Promise<WithAttestations>;

export type Attested = Pick<BuildOptions, 'app' | 'all' | 'target' | 'platforms'> & {
  /** the image of the engine's store that was verified */
  readonly local: string;
};

/** `attest` false: without provenance and SBOM, so that only further platforms are a reason to build again. */
export type AttestOptions = BuildOptions & { readonly attest?: boolean };

/** How what the labels of an image say stands in its index, where registries show it. */
const SHOWN = 'org.opencontainers.image.';

/** What attests an image; a builder that is named must be there. */
export async function attesting(
  options: AttestOptions,
  onProgress?: OnProgress,
): Promise<(image: Attested) => BuildAttested | undefined> {
  const { builder, signal } = options;
  if (builder !== undefined) await needBuilder(builder, signal);
  const { containerd } = await needEngine(signal);
  return (image) => {
    const isSeveral = (image.platforms ?? []).length > 0;
    if (options.attest === false && !isSeveral) return undefined;
    return async (file) => {
      if (!containerd && builder === undefined) {
        if (isSeveral) throw severalNeedBuilder();
        return {
          why: `the image store of this engine does not support them; \`--builder ${ownBuilder}\` creates them in a container.`,
        };
      }
      return attested(image, file, options, onProgress);
    };
  };
}

const severalNeedBuilder = (): UserError =>
  new UserError({
    code: 'platforms-unbuilt',
    message: 'The image store of this engine only holds images for one platform, but the key "platforms" has others.',
    next: [`Build them in a container: \`--builder ${ownBuilder}\`.`],
    exit: 1,
  });

async function attested(
  { local, ...which }: Attested,
  file: string,
  options: AttestOptions,
  onProgress?: OnProgress,
): Promise<WithAttestations> {
  const { labels = {} } = (await findImage(local, options.signal)) ?? {};
  const annotations = Object.fromEntries(
    Object.entries(labels).filter(([name, value]) => name.startsWith(SHOWN) && value !== ''),
  );
  const { platforms = [], ...rest } = which;
  const given = { ...rest, ...(platforms.length > 0 ? { platforms } : {}) };
  let why = '';
  // without a generator of SBOMs, which comes from a registry, there is still the provenance
  const kinds = options.attest === false ? [[] as const] : ([['provenance', 'sbom'], ['provenance']] as const);
  for (const attest of kinds) {
    try {
      const tag = local;
      await build({ ...options, ...given, tag, baseline: false, attested: { file, attest, annotations } }, onProgress);
      return { file };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      options.signal?.throwIfAborted();
      // the other platforms are not there without it
      if (platforms.length > 0 && attest === kinds.at(-1)) throw error;
      why = error.lines[0] ?? error.message;
    }
  }
  return { why };
}
