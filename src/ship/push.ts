import { type Blobs, isIn, type Node, nodesOf, openBlobs } from '../engine/archive.ts';
import { saveImage } from '../engine/buildx.ts';
import type { Manifest, Registry } from '../engine/registry/client.ts';
import { tempFolder } from '../engine/temp.ts';
import type { OnProgress } from '../model/contract.ts';
import { UserError } from '../model/errors.ts';

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
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
};

export type Pushed = {
  readonly digest: string;
  readonly tags: readonly string[];
  /** layers that the registry did not have */
  readonly uploaded: number;
  /** bytes of them */
  readonly bytes: number;
  readonly leftOut: readonly string[];
};

/** Uploads an image by its digest, compares what lies there then, and only then moves the tags. */
export async function pushImage(request: PushRequest): Promise<Pushed> {
  const { image, digest, registry, onProgress, signal } = request;
  const temp = tempFolder();
  try {
    const file = temp.file('image.tar');
    await saveImage(image, file, signal);
    const blobs = openBlobs(file);
    const nodes = nodesOf(blobs);
    const top = nodes[nodes.length - 1] ?? nodes[0];
    if (!isIn(nodes, digest)) throw changed(image, digest, top.digest);
    const begin = performance.now();
    onProgress?.({ type: 'step', id: 'push', title: 'uploading layers' });
    const sent = await uploadAll(nodes, blobs, registry);
    const pushed = sent.top ?? top;
    await compare(registry, pushed);
    const { tags, leftOut } = await moveTags(request, pushed);
    onProgress?.({
      type: 'done',
      id: 'push',
      ok: true,
      seconds: (performance.now() - begin) / 1000,
      note: `${sent.uploaded} layers uploaded`,
    });
    const { uploaded, bytes } = sent;
    const plain = sent.top
      ? ['The registry takes no index: the plain image was pushed, without its attestations.']
      : [];
    return { digest: pushed.digest, tags, leftOut: [...plain, ...leftOut], uploaded, bytes };
  } finally {
    temp.remove();
  }
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
    manifests.some((one) => one.digest === digest && one.platform?.os === 'unknown');
  if (isAttestation(refused)) return 'without';
  const images = nodes.filter((one) => one !== top && !isAttestation(one));
  return refused === top && images.length === 1 ? images[0] : undefined;
}

type Platform = { readonly digest: string; readonly platform?: { readonly os?: string } };

/** What lies in the registry has to be what was sent, byte for byte. */
async function compare(registry: Registry, { digest }: Node): Promise<Manifest> {
  const there = await registry.manifest(digest);
  if (there?.digest === digest) return there;
  throw new UserError({
    code: 'digest-differs',
    message: `The registry holds ${there?.digest ?? 'nothing'} where ${digest} was uploaded: no tag was moved.`,
    next: ['A proxy or the registry itself changes images: push to another one, or ask whoever runs it.'],
    exit: 1,
  });
}

async function moveTags({ tags, fixed, registry }: PushRequest, { digest, type, text }: Node) {
  const moved: string[] = [];
  const leftOut: string[] = [];
  for (const tag of tags) {
    const there = await registry.manifest(tag);
    if (there && there.digest !== digest && tag === fixed) {
      leftOut.push(`${tag} is left out: it stands in the registry with another digest, ${there.digest}.`);
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
    message: `${image} is ${found}, and no longer ${wanted}: it was built again in the meantime.`,
    next: ['Run `dockwright verify`, and push again.'],
    exit: 1,
  });
