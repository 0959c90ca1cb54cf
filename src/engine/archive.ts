import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { Readable } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';
import { type OnEntry, readHeader, readTar } from './tar.ts';

export type Descriptor = {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: { readonly os: string; readonly architecture: string };
};

/** The parts of an image's configuration that we look at. */
export type ImageConfig = {
  readonly architecture: string;
  readonly os: string;
  readonly config?: {
    readonly User?: string;
    readonly Env?: readonly string[];
    readonly WorkingDir?: string;
    readonly Labels?: Readonly<Record<string, string>>;
    readonly Healthcheck?: { readonly Test?: readonly string[] };
  };
  readonly rootfs?: { readonly diff_ids?: readonly string[] };
  readonly history?: readonly {
    readonly created_by?: string;
    readonly comment?: string;
    readonly empty_layer?: boolean;
  }[];
};

/** An image as an OCI archive: what the builder writes, and what `docker save` gives. */
export type Archive = {
  /** digest of what the archive names: the manifest, or the index of several platforms */
  readonly digest: string;
  /** digest of the configuration, by which an engine with the older store names the image */
  readonly configDigest: string;
  readonly config: ImageConfig;
  /** the texts of the manifest and the configuration, for searching */
  readonly texts: readonly string[];
  readonly layers: readonly Descriptor[];
  /** reads a layer unpacked; returns its bytes */
  readonly readLayer: (layer: Descriptor, onEntry: OnEntry) => Promise<number>;
  /** bytes of a layer as a registry holds it, with gzip */
  readonly compressed: (layer: Descriptor) => Promise<number>;
  /** bytes of manifest and configuration */
  readonly overhead: number;
};

type Place = { readonly start: number; readonly size: number };

/** Where each file of a tar file stands, found by its headers alone. Names are short in these archives. */
function places(file: string): ReadonlyMap<string, Place> {
  const found = new Map<string, Place>();
  const fd = openSync(file, 'r');
  try {
    const block = Buffer.alloc(512);
    let at = 0;
    while (readSync(fd, block, 0, 512, at) === 512) {
      const header = readHeader(block);
      if (!header) break;
      found.set(header.name, { start: at + 512, size: header.size });
      at += 512 + Math.ceil(header.size / 512) * 512;
    }
  } finally {
    closeSync(fd);
  }
  return found;
}

const blobName = (digest: string) => `blobs/${digest.replace(':', '/')}`;

/** What lies in an archive, by digest. */
export type Blobs = {
  /** what the archive names: a manifest, or an index of several platforms */
  readonly top: Descriptor;
  readonly has: (digest: string) => boolean;
  readonly size: (digest: string) => number;
  readonly text: (digest: string) => string;
  readonly stream: (digest: string) => Readable;
};

/** Opens the blobs of an archive. Fails as a bug would where the builder wrote something else. */
export function openBlobs(file: string): Blobs {
  const index = places(file);
  const place = (name: string): Place => {
    const found = index.get(name);
    if (!found) throw new Error(`${name} is not in the image archive`);
    return found;
  };
  const read = (name: string): string => {
    const { start, size } = place(name);
    const bytes = Buffer.alloc(size);
    const fd = openSync(file, 'r');
    try {
      readSync(fd, bytes, 0, size, start);
    } finally {
      closeSync(fd);
    }
    return bytes.toString('utf8');
  };
  const top = (JSON.parse(read('index.json')) as { manifests: Descriptor[] }).manifests[0];
  if (!top) throw new Error('the image archive contains no image');
  return {
    top,
    has: (digest) => index.has(blobName(digest)),
    size: (digest) => place(blobName(digest)).size,
    text: (digest) => read(blobName(digest)),
    stream: (digest) => {
      const { start, size } = place(blobName(digest));
      return size === 0 ? Readable.from([]) : createReadStream(file, { start, end: start + size - 1 });
    },
  };
}

/** A manifest in an archive: of an image, or an index of several. */
export type Node = {
  readonly digest: string;
  readonly type: string;
  readonly text: string;
  /** the configuration of an image */
  readonly config: Descriptor | undefined;
  /** what must lie in a registry before it */
  readonly blobs: readonly Descriptor[];
  /** what an index names */
  readonly manifests: readonly Descriptor[];
};

type ManifestBody = Partial<Pick<Node, 'config' | 'manifests'>> & { readonly layers?: readonly Descriptor[] };

/** The manifests of an archive, the deepest first: those of the platforms before the index that names them. */
export function nodesOf(blobs: Blobs, { digest, mediaType }: Descriptor = blobs.top): readonly [Node, ...Node[]] {
  const text = blobs.text(digest);
  const { config, layers = [], manifests = [] } = JSON.parse(text) as ManifestBody;
  // of an image with several platforms an engine may hold some alone
  const children = manifests
    .filter((manifest) => blobs.has(manifest.digest))
    .flatMap((manifest) => nodesOf(blobs, manifest));
  const own = { digest, type: mediaType, text, config, manifests, blobs: [...(config ? [config] : []), ...layers] };
  const [first = own, ...rest] = [...children, own];
  return [first, ...rest];
}

/** Whether an archive is the image that an engine names by this digest: by that of a manifest, or by that of its configuration. */
export const containsDigest = (nodes: readonly Node[], digest: string): boolean =>
  nodes.some((node) => node.digest === digest || node.config?.digest === digest);

/** The images among the manifests, one for each platform: without the index, and without what attests them. */
export function platformsOf(nodes: readonly Node[]): readonly Node[] {
  const isAttestation = ({ digest }: Node) =>
    nodes.some(({ manifests }) =>
      manifests.some((manifest) => manifest.digest === digest && manifest.platform?.os === 'unknown'),
    );
  return nodes.filter((node) => node.config && !isAttestation(node));
}

/** Opens an archive. Fails as a bug would where the builder wrote something else. */
export function openArchive(file: string, architecture?: string): Archive {
  const blobs = openBlobs(file);
  const { top } = blobs;
  const unpacked = (layer: Descriptor): AsyncIterable<Buffer> => {
    const raw = blobs.stream(layer.digest);
    if (layer.mediaType.endsWith('zstd'))
      throw new Error(`a layer is compressed with zstd, which this runtime cannot read`);
    return layer.mediaType.endsWith('gzip') ? raw.pipe(createGunzip()) : raw;
  };

  const manifestText = blobs.text(manifestOf(top, blobs.text, architecture));
  const manifest = JSON.parse(manifestText) as { config: Descriptor; layers: Descriptor[] };
  const configText = blobs.text(manifest.config.digest);
  return {
    digest: top.digest,
    configDigest: manifest.config.digest,
    config: JSON.parse(configText) as ImageConfig,
    texts: [manifestText, configText],
    layers: manifest.layers,
    overhead: manifestText.length + configText.length,
    readLayer: (layer, onEntry) => readTar(unpacked(layer), onEntry),
    compressed: async (layer) => {
      if (/gzip|zstd/.test(layer.mediaType)) return layer.size;
      const raw = blobs.stream(layer.digest);
      let bytes = 0;
      for await (const chunk of raw.pipe(createGzip())) bytes += (chunk as Buffer).length;
      return bytes;
    },
  };
}

/** The manifest of the wanted platform, where the archive holds several, else the only one. */
function manifestOf(top: Descriptor, read: (digest: string) => string, architecture: string | undefined): string {
  if (!/index|manifest\.list/.test(top.mediaType)) return top.digest;
  const several = (JSON.parse(read(top.digest)) as { manifests: Descriptor[] }).manifests.filter(
    (manifest) => manifest.platform?.os !== 'unknown',
  );
  const chosen = several.find((descriptor) => descriptor.platform?.architecture === architecture) ?? several[0];
  if (!chosen) throw new Error('the image archive has no platform');
  return chosen.digest;
}
