import type { Archive } from '../engine/archive.ts';
import type { BuildReport } from '../model/contract.ts';

/** The sizes of an image. */
export type Measure = Pick<BuildReport, 'compressed' | 'size' | 'layers'>;

/** BuildKit's own words in a history entry that no author wrote. */
const noise = [/^\/bin\/sh -c #\(nop\)\s*/, /(?<!\s)\s*# buildkit$/];

/** The instruction of a history entry, on one line. */
export const instruction = (createdBy: string | undefined): string =>
  noise
    .reduce((text, pattern) => text.replace(pattern, ''), createdBy ?? '')
    .replace(/\s+/g, ' ')
    .trim();

/** The instruction behind each layer: the history names layers in order, and marks what made none. */
export function instructions(
  history: readonly { readonly created_by?: string; readonly empty_layer?: boolean }[] | undefined,
  layers: number,
): readonly string[] {
  const made = (history ?? []).filter((entry) => !entry.empty_layer).map((entry) => instruction(entry.created_by));
  // a base whose history is shorter than its layers: the last ones are ours, so they are matched from the end
  return Array.from({ length: layers }, (_, at) => made[made.length - layers + at] || 'from the base');
}

/** Measures an image: unpacked, and with gzip as a registry would hold it. */
export async function measure(archive: Archive): Promise<Measure> {
  const names = instructions(archive.config.history, archive.layers.length);
  const sizes: { readonly packed: number; readonly size: number }[] = [];
  for (const layer of archive.layers) {
    sizes.push({
      packed: await archive.compressed(layer),
      size: await archive.readLayer(layer, () => undefined),
    });
  }
  return {
    compressed: sizes.reduce((sum, size) => sum + size.packed, archive.overhead),
    size: sizes.reduce((sum, size) => sum + size.size, 0),
    layers: sizes.map((size, at) => ({ instruction: names[at] ?? '', size: size.size })),
  };
}
