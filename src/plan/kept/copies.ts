import { posix } from 'node:path';
import type { ExistingDockerfile, ExistingStage } from '../../model/existing.ts';

type Copy = ExistingStage['copies'][number];

/** What becomes of one source of a COPY: a path of the context, and the path of the image that it ends up at. */
export type CopyPair = {
  readonly source: string;
  readonly to: string;
  readonly isFolder: boolean;
  readonly copy: Copy;
};

/** Whether a name is that of a file; a folder with an ending is rare, and then nothing is found in it. */
const looksLikeFile = (path: string): boolean => /\.[a-z0-9]+$/i.test(posix.basename(path));

const normal = (source: string): string => posix.normalize(source.replace(/^\/+/, '') || '.').replace(/(?<=.)\/$/, '');

/** What a stage copies from the context, in the order of the file. What is only mounted for a command is none of it. */
export const pairsOf = (stage: ExistingStage): readonly CopyPair[] =>
  stage.copies.flatMap((copy) =>
    copy.stage !== undefined || copy.mounted ? [] : copy.sources.map((source) => pairOf(normal(source), copy)),
  );

function pairOf(source: string, copy: Copy): CopyPair {
  const isFolder = source === '.' || !looksLikeFile(source);
  // a folder is copied by its content; a file keeps its name, unless the target is a file itself
  const isRenamed = looksLikeFile(copy.to) && copy.sources.length === 1 && !isPattern(source);
  const to = isFolder || isRenamed ? copy.to : posix.join(copy.to, posix.basename(source));
  return { source, to, isFolder, copy };
}

/** Whether a name matches a pattern with `*` and `?`, as COPY takes them within a folder. */
function matches(pattern: string, name: string): boolean {
  let [at, back, from, index] = [0, -1, 0, 0];
  while (index < name.length) {
    if (pattern[at] === '*') {
      back = at;
      from = index;
      at += 1;
    } else if (pattern[at] === '?' || pattern[at] === name[index]) {
      at += 1;
      index += 1;
    } else if (back >= 0) {
      at = back + 1;
      from += 1;
      index = from;
    } else return false;
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}

const isPattern = (source: string): boolean => /[*?]/.test(source);

/** Whether a COPY takes a file of the context with it. */
function takes({ source, isFolder }: CopyPair, file: string): boolean {
  if (source === '.' || source === file) return true;
  if (isPattern(source))
    return posix.dirname(source) === posix.dirname(file) && matches(posix.basename(source), posix.basename(file));
  return isFolder && file.startsWith(`${source}/`);
}

/** Where a file of the context lies in the image of a stage, by the last COPY that takes it; undefined: it is not copied from there. */
export function placeOf(
  stage: ExistingStage,
  file: string,
): { readonly pair: CopyPair; readonly path: string } | undefined {
  const pair = pairsOf(stage).findLast((pair) => takes(pair, file));
  if (!pair) return undefined;
  if (isPattern(pair.source)) return { pair, path: posix.join(pair.copy.to, posix.basename(file)) };
  if (!pair.isFolder || pair.source === file) return { pair, path: pair.to };
  return { pair, path: posix.join(pair.to, pair.source === '.' ? file : file.slice(pair.source.length + 1)) };
}

/** The file of the context that a path of the image is a copy of, also by way of other stages; undefined: it was made, or nobody knows. */
export function originOf(
  { stages }: Pick<ExistingDockerfile, 'stages'>,
  stage: ExistingStage,
  path: string,
  has: (file: string) => boolean,
): string | undefined {
  for (const copy of stage.copies.toReversed()) {
    if (copy.mounted) continue;
    const other = copy.stage === undefined ? undefined : named(stages, copy.stage);
    for (const written of copy.sources) {
      const found = copy.stage === undefined ? inContext(written, copy, path, has) : undefined;
      if (found !== undefined) return found;
      const inner = other && other.index < stage.index ? innerPath(written, copy.to, path) : undefined;
      const through = other && inner !== undefined ? originOf({ stages }, other, inner, has) : undefined;
      if (through !== undefined) return through;
    }
  }
  return undefined;
}

const named = (stages: readonly ExistingStage[], name: string): ExistingStage | undefined =>
  stages.find((stage) => stage.name === name.toLowerCase() || String(stage.index) === name);

function inContext(written: string, copy: Copy, path: string, has: (file: string) => boolean): string | undefined {
  const pair = pairOf(normal(written), copy);
  const below = posix.relative(pair.isFolder || isPattern(pair.source) ? copy.to : pair.to, path);
  if (below.startsWith('..')) return undefined;
  const file = fileBelow(pair, below);
  return file !== undefined && takes(pair, file) && has(file) ? file : undefined;
}

function fileBelow({ source, isFolder }: CopyPair, below: string): string | undefined {
  if (isPattern(source)) return posix.join(posix.dirname(source), below);
  if (isFolder) return posix.join(source, below);
  return below === '' ? source : undefined;
}

/** The path in the stage that is copied from, of a path in the stage that is copied to. */
function innerPath(written: string, to: string, path: string): string | undefined {
  const source = posix.resolve('/', written);
  if (to === path) return source;
  const below = posix.relative(to, path);
  if (below.startsWith('..')) return undefined;
  if (!looksLikeFile(source)) return posix.join(source, below);
  return below === posix.basename(source) ? source : undefined;
}
