import { createHash } from 'node:crypto';
import { packageFolders } from '../../catalog/folders.ts';
import type { Archive, Descriptor } from '../../engine/archive.ts';
import type { Varies } from '../../model/plan.ts';
import { makeImage } from '../image.ts';
import { every, fail, type Item, needBuilt, notProved, type Outcome, pass } from '../verification.ts';

/** So many differing files are named. */
const NAMED = 8;

/** The contents of the files of a layer, by their paths, as digests. */
async function contentsOf(archive: Archive, layer: Descriptor): Promise<ReadonlyMap<string, string>> {
  const hashes = new Map<string, ReturnType<typeof createHash>>();
  await archive.readLayer(layer, (header) => {
    if (header.type !== 'file') return undefined;
    const hash = createHash('sha256');
    hashes.set(`/${header.name}`, hash);
    return (chunk) => hash.update(chunk);
  });
  return new Map([...hashes].map(([path, hash]) => [path, hash.digest('hex')]));
}

/** The files that one of two images has and the other has not, or with other bytes, in the layers that differ. */
async function differingFiles(first: Archive, second: Archive): Promise<readonly string[]> {
  const paths = new Set<string>();
  for (const [at, layer] of first.layers.entries()) {
    const other = second.layers[at];
    if (!other || layer.digest === other.digest) continue;
    const [before, after] = [await contentsOf(first, layer), await contentsOf(second, other)];
    for (const path of [...before.keys(), ...after.keys()]) if (before.get(path) !== after.get(path)) paths.add(path);
  }
  return [...paths].sort();
}

/** What a framework writes: a package that differs was installed otherwise. */
const isWrittenByFramework = (path: string, folder: string): boolean =>
  path.startsWith(`${folder}/`) && !path.split('/').some((part) => packageFolders.includes(part));

/** Layers whose files have the same bytes: they differ in times, modes or links. */
const layersThatDiffer = (first: Archive, second: Archive): readonly string[] =>
  first.layers.flatMap((layer, at) =>
    layer.digest === second.layers[at]?.digest ? [] : [`layer ${at + 1} differs, but its files do not`],
  );

/** The outcome for two builds that differ. Where the framework itself writes something different in each, the project has not failed. */
export async function differing(first: Archive, second: Archive, varies: Varies | undefined): Promise<Outcome> {
  const files = await differingFiles(first, second);
  const more = files.length > NAMED ? [`and ${files.length - NAMED} more files`] : [];
  const named = [...files.slice(0, NAMED).map((path) => `${path} differs`), ...more];
  const digests = `${first.digest}, but ${second.digest} without any cache`;
  if (varies && files.length > 0 && files.every((path) => isWrittenByFramework(path, varies.folder)))
    return notProved([digests, ...named, varies.what], varies.edit);
  return fail(
    [digests, ...(files.length > 0 ? named : layersThatDiffer(first, second))],
    'Something in the build reads the clock, the network or a random number.',
  );
}

/** 8: built again without any cache, it is the same to the last byte. */
export const reproducible: Item = {
  id: 'reproducible',
  number: 8,
  title: 'Two builds of one commit produce the same digest',
  turn: 'still',
  shapes: every,
  async prove(subject) {
    const { temp, engine, trust, signal } = subject;
    const { image, context, dockerfile, target, buildArgs, buildSecrets, made } = needBuilt(subject);
    if (!engine.containerd) {
      return notProved(
        ['this engine uses the classic image store, which cannot set timestamps in layers'],
        'Use an engine with the containerd image store.',
      );
    }
    const again = await makeImage({
      engine,
      trust,
      context,
      dockerfile,
      target,
      buildArgs,
      secrets: buildSecrets,
      noCache: true,
      tag: made.tag,
      load: false,
      temp: { ...temp, file: (name) => temp.file(`again-${name}`) },
      signal,
    });
    const [first, second] = [made.archive, again.archive];
    if (first.digest === second.digest) return pass(`${first.digest}, also without any cache`);
    return differing(first, second, image.varies);
  },
};
