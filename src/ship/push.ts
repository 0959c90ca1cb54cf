import { type Blobs, containsDigest, type Node, nodesOf, openBlobs, platformsOf } from '../engine/archive.ts';
import { saveImage } from '../engine/buildx.ts';
import type { Manifest, Registry } from '../engine/registry/client.ts';
import { tempFolder } from '../engine/temp.ts';
import type { OnProgress } from '../model/contract.ts';
import { UserError } from '../model/errors.ts';

/** What a builder says of an image: how it was made, and what is in it. */
export type Attestation = 'provenance' | 'sbom';

/** An archive of the same image with what the builder says of it, or why there is none. */
export type WithAttestations = { readonly file: string } | { readonly why: string };

export type PushRequest = {
  /** the image of the engine's store */
  readonly image: string;
  /** the digest that was verified; of an engine that makes the manifest while it pushes, that of the configuration */
  readonly digest: string;
  readonly registry: Registry;
  /** without the name; each is moved once everything lies in the registry */
  readonly tags: readonly string[];
  /** one of them that is never moved: a version */
  readonly fixed: string | undefined;
  /** builds the image once more into a file, for every platform and with attestations; absent: neither is wanted */
  readonly attest?: ((file: string) => Promise<WithAttestations>) | undefined;
  /** how many platforms it is to have there; default: as many as the store of the engine holds */
  readonly platforms?: number | undefined;
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
};

export type Pushed = {
  readonly digest: string;
  readonly tags: readonly string[];
  /** what lies beside the image */
  readonly attested: readonly Attestation[];
  /** layers that the registry did not have */
  readonly uploaded: number;
  /** bytes of them */
  readonly bytes: number;
  readonly leftOut: readonly string[];
};

/** A manifest as it is put into a registry, or lies there. */
type TopManifest = Pick<Manifest, 'digest' | 'type' | 'text'>;

/** Uploads an image by its digest, compares what lies there then, and only then moves the tags. */
export async function pushImage(request: PushRequest): Promise<Pushed> {
  const { image, digest, onProgress, signal } = request;
  const temp = tempFolder();
  try {
    const file = temp.file('image.tar');
    await saveImage(image, file, signal);
    const own = opened(file);
    if (!containsDigest(own.nodes, digest)) throw changed(image, digest, own.nodes.at(-1)?.digest ?? '');
    const begin = performance.now();
    onProgress?.({ type: 'step', id: 'push', title: 'uploading layers' });
    const sent = (await sameThere(request, own)) ?? (await sendAnew(request, own, temp.file('attested.tar')));
    await compare(request.registry, sent.top);
    const { tags, leftOut } = await moveTags(request, sent.top);
    const { uploaded, bytes, attested } = sent;
    onProgress?.({
      type: 'done',
      id: 'push',
      ok: true,
      seconds: (performance.now() - begin) / 1000,
      note: `${uploaded} layers uploaded`,
    });
    return { digest: sent.top.digest, tags, attested, leftOut: [...sent.without, ...leftOut], uploaded, bytes };
  } finally {
    temp.remove();
  }
}

type OpenedArchive = { readonly blobs: Blobs; readonly nodes: readonly [Node, ...Node[]] };

function opened(file: string): OpenedArchive {
  const blobs = openBlobs(file);
  return { blobs, nodes: nodesOf(blobs) };
}

type PushResult = Pick<Pushed, 'uploaded' | 'bytes' | 'attested'> & {
  readonly top: TopManifest;
  /** what is missing, and why: a sentence each */
  readonly without: readonly string[];
};

/** The image as it lies in the registry under one of its tags: what is the same is not built, sent or attested once more. */
async function sameThere(
  { registry, tags, attest, platforms: wanted }: PushRequest,
  { nodes }: OpenedArchive,
): Promise<PushResult | undefined> {
  const platforms = platformsOf(nodes);
  for (const tag of tags) {
    const top = await registry.manifest(tag);
    const there = top ? platformsIn(top) : [];
    const isSame = platforms.every(({ digest }) => there.includes(digest));
    if (!top || !isSame || there.length !== (wanted ?? platforms.length)) continue;
    const attested: Attestation[] = [];
    for (const attestation of attestationsIn(top)) {
      const found = await registry.manifest(attestation);
      attested.push(...(found ? kindsIn(found.text) : []));
    }
    if (attest && attested.length === 0) continue;
    return { top, uploaded: 0, bytes: 0, attested: [...new Set(attested)].sort(), without: [] };
  }
  return undefined;
}

/** Uploads the image, with its attestations where it can have them. */
async function sendAnew(request: PushRequest, own: OpenedArchive, file: string): Promise<PushResult> {
  const attested = request.attest ? await withAttestations(request.attest, own, file) : undefined;
  const { blobs, nodes } = attested && 'nodes' in attested ? attested : own;
  const sent = await uploadAll(nodes, blobs, request.registry);
  const top = sent.top ?? nodes.at(-1) ?? nodes[0];
  const without = [
    ...(attested && 'why' in attested ? [`The image has no provenance and no SBOM: ${attested.why}`] : []),
    ...(sent.top ? ['The registry does not accept image indexes: the image was pushed without its attestations.'] : []),
  ];
  const { uploaded, bytes } = sent;
  if (sent.top) return { top, uploaded, bytes, attested: [], without };
  const kinds = [...new Set(nodes.flatMap((node) => kindsIn(node.text)))].sort();
  const noSbom = kinds.length > 0 && !kinds.includes('sbom');
  return {
    top,
    uploaded,
    bytes,
    attested: kinds,
    without: noSbom ? [...without, 'The image has no SBOM: the builder could not make one.'] : without,
  };
}

/** The archive with attestations, where it holds the very image that was verified. */
async function withAttestations(
  attest: (file: string) => Promise<WithAttestations>,
  own: OpenedArchive,
  file: string,
): Promise<OpenedArchive | { readonly why: string }> {
  const made = await attest(file);
  if ('why' in made) return made;
  const found = opened(made.file);
  const configs = new Set(platformsOf(found.nodes).map(({ config }) => config?.digest));
  // an engine with the older store has no manifest of its own, and the configuration says the same
  return platformsOf(own.nodes).every(({ config }) => configs.has(config?.digest))
    ? found
    : { why: 'another build produces a different image, so its attestations would not apply to this one.' };
}

type IndexManifest = { readonly digest: string; readonly platform?: { readonly os?: string } };

const listedIn = ({ text }: Pick<TopManifest, 'text'>): readonly IndexManifest[] | undefined =>
  (JSON.parse(text) as { readonly manifests?: readonly IndexManifest[] }).manifests;

/** Digests of the images that a manifest leads to, one for each platform. */
const platformsIn = (top: TopManifest): readonly string[] =>
  listedIn(top)?.flatMap(({ digest, platform }) => (platform?.os === 'unknown' ? [] : [digest])) ?? [top.digest];

const attestationsIn = (top: TopManifest): readonly string[] =>
  (listedIn(top) ?? []).flatMap(({ digest, platform }) => (platform?.os === 'unknown' ? [digest] : []));

const predicates: Readonly<Record<string, Attestation>> = {
  'https://slsa.dev/provenance/': 'provenance',
  'https://spdx.dev/Document': 'sbom',
};

/** What a manifest attests (in-toto, in the layers of a manifest beside the image). */
function kindsIn(text: string): readonly Attestation[] {
  const { layers = [] } = JSON.parse(text) as {
    readonly layers?: readonly { readonly annotations?: Readonly<Record<string, string>> }[];
  };
  return layers.flatMap(({ annotations }) => {
    const type = annotations?.['in-toto.io/predicate-type'] ?? '';
    return Object.entries(predicates).flatMap(([begin, kind]) => (type.startsWith(begin) ? [kind] : []));
  });
}

async function uploadAll(nodes: readonly Node[], blobs: Blobs, registry: Registry) {
  const configs = new Set(nodes.flatMap(({ config }) => config?.digest ?? []));
  const done = new Set<string>();
  let uploaded = 0;
  let bytes = 0;
  for (const node of nodes) {
    for (const { digest, size } of node.blobs) {
      if (done.has(digest)) continue;
      done.add(digest);
      if (await registry.hasBlob(digest)) continue;
      await registry.putBlob({ digest, size, stream: () => blobs.stream(digest) });
      if (configs.has(digest)) continue;
      uploaded += 1;
      bytes += size;
    }
    const there = await registry.manifest(node.digest);
    if (there) continue;
    const refused = await registry.putManifest(node.digest, node.type, node.text).catch((error: unknown) => error);
    if (refused === undefined) continue;
    const plain =
      refused instanceof UserError && refused.code === 'manifest-refused' ? plainOf(nodes, node) : undefined;
    if (!plain) throw refused;
    if (plain !== 'without') return { uploaded, bytes, top: plain };
  }
  return { uploaded, bytes };
}

/** What is pushed instead of what a registry does not take: of an index of one platform its image, and nothing instead of an attestation. */
function plainOf(nodes: readonly Node[], refused: Node): Node | 'without' | undefined {
  const top = nodes.at(-1);
  const { manifests = [] } = JSON.parse(top?.text ?? '{}') as { manifests?: readonly Platform[] };
  const isAttestation = ({ digest }: { readonly digest: string }) =>
    manifests.some((manifest) => manifest.digest === digest && manifest.platform?.os === 'unknown');
  if (isAttestation(refused)) return 'without';
  const images = nodes.filter((node) => node !== top && !isAttestation(node));
  return refused === top && images.length === 1 ? images[0] : undefined;
}

type Platform = { readonly digest: string; readonly platform?: { readonly os?: string } };

/** What lies in the registry has to be what was sent, byte for byte. */
async function compare(registry: Registry, { digest }: TopManifest): Promise<Manifest> {
  const there = await registry.manifest(digest);
  if (there?.digest === digest) return there;
  throw new UserError({
    code: 'digest-differs',
    message: `The registry returned ${there?.digest ?? 'nothing'} after ${digest} was uploaded, so no tag was moved.`,
    next: ['A proxy or the registry itself modifies images: push to another registry, or ask its operator.'],
    exit: 1,
  });
}

async function moveTags({ tags, fixed, registry }: PushRequest, top: TopManifest) {
  const { digest, type, text } = top;
  const own = platformsIn(top);
  const moved: string[] = [];
  const leftOut: string[] = [];
  for (const tag of tags) {
    const there = await registry.manifest(tag);
    if (there && there.digest !== digest && tag === fixed) {
      const listed = platformsIn(there);
      if (listed.length === own.length && own.every((value) => listed.includes(value))) {
        // the same image, attested at another time
        moved.push(tag);
        continue;
      }
      leftOut.push(`${tag} is left out: the registry already has it with another digest, ${there.digest}.`);
      continue;
    }
    if (there?.digest !== digest) await registry.putManifest(tag, type, text);
    moved.push(tag);
  }
  return { tags: moved, leftOut };
}

const changed = (image: string, wanted: string, found: string): UserError =>
  new UserError({
    code: 'image-changed',
    message: `${image} is ${found}, and no longer ${wanted}: it was rebuilt in the meantime.`,
    next: ['Run `dockwright verify`, and push again.'],
    exit: 1,
  });
