import { withoutSecretValues } from '../../catalog/secret-values.ts';
import type { Archive } from '../../engine/archive.ts';
import { type Instruction, parseDockerfile, type Stage } from '../../formats/dockerfile/index.ts';
import { instruction as cleaned } from '../measure.ts';

/** The instruction that made a part of an image, and its line in the Dockerfile. */
export type Origin = { readonly instruction?: string; readonly line?: number };

export type Origins = {
  /** of each layer, in order */
  readonly layers: readonly Origin[];
  /** of each entry of the history, as it was written, with secrets in it */
  readonly history: readonly { readonly text: string; readonly origin: Origin }[];
  /** of a layer by the digest of its packed or its unpacked form */
  readonly byDigest: (digest: string | undefined) => Origin;
};

type Entry = { readonly created_by?: string; readonly empty_layer?: boolean };

/** Where the parts of an image come from. `target`: the stage that was built; undefined: the last one. */
export function originsOf(
  archive: Pick<Archive, 'config' | 'layers'>,
  dockerfile: string,
  target: string | undefined,
): Origins {
  const entries = archive.config.history ?? [];
  const texts = entries.map(textOf);
  const lines = linesOf(texts, dockerfile, target);
  const history = texts.map((text, at) => ({ text, origin: { ...given(text), ...lines(at) } }));
  const made = history.filter((_, at) => entries[at]?.empty_layer !== true);
  // a base whose history is shorter than its layers: the last ones are ours, so they are matched from the end
  const shift = made.length - archive.layers.length;
  const layers = archive.layers.map((_, at): Origin => made[at + shift]?.origin ?? {});
  const unpacked = archive.config.rootfs?.diff_ids ?? [];
  return {
    layers,
    history,
    byDigest: (digest) => {
      const packed = archive.layers.findIndex((layer) => layer.digest === digest);
      return layers[packed === -1 ? unpacked.indexOf(digest ?? '') : packed] ?? {};
    },
  };
}

const given = (text: string): Origin => (text === '' ? {} : { instruction: withoutSecretValues(text) });

/** The words of an entry: without those that the builder adds. */
function textOf({ created_by: by = '' }: Entry): string {
  const text = cleaned(by);
  return /^(\/bin\/sh|\|\d)/.test(text) ? `RUN ${text}` : text;
}

/**
 * The line of the Dockerfile behind each entry of the history. The entries end with those of the stage that was built and of the stages below it, one for each
 * instruction; what comes before is of the base. Where they do not go together the image was built from another Dockerfile, and nothing is said.
 */
function linesOf(texts: readonly string[], dockerfile: string, target: string | undefined) {
  const unknown = (_at: number): Origin => ({});
  const lineage = lineageOf(parseDockerfile(dockerfile).stages, target);
  const [lowest] = lineage;
  if (!lowest) return unknown;
  const own = lineage.flatMap(({ instructions }) => instructions);
  const first = texts.length - own.length;
  if (first < 0 || !own.every((instruction, at) => isOf(texts[first + at] ?? '', instruction))) return unknown;
  return (at: number) => {
    if (at < first) return { instruction: `FROM ${lowest.base}`, line: lowest.from.startLine };
    const made = own[at - first];
    return made ? { line: made.startLine } : {};
  };
}

/** The stages that one is made from, the lowest first, with itself. */
function lineageOf(stages: readonly Stage[], target: string | undefined): readonly Stage[] {
  const wanted = target?.toLowerCase();
  const found: Stage[] = [];
  let stage = stages.findLast(({ name }) => name !== undefined && name === wanted) ?? stages.at(-1);
  while (stage && !found.includes(stage)) {
    found.unshift(stage);
    const { base, index } = stage;
    stage = stages.findLast((other) => other.index < index && other.name === base.toLowerCase());
  }
  return found;
}

/** Whether an entry of the history can be of an instruction: the keyword, and one of the words that no build changes. */
function isOf(text: string, { keyword, rest, heredocs }: Instruction): boolean {
  if (text.split(' ', 1)[0] !== keyword) return false;
  const words = rest.text.split(/[^\w.-]+/).filter((word) => word.length > 2);
  return (
    words.length === 0 || heredocs.length > 0 || rest.text.includes('$') || words.some((word) => text.includes(word))
  );
}
