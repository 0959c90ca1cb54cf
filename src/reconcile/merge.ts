import type { Artifact, Conflict } from '../model/artifact.ts';
import { dockerfileUnit } from './dockerfile.ts';
import { lineUnits, type MergeConflict, type MergeNode, type Merging, mergeUnit } from './merge-nodes.ts';
import { yamlUnit } from './yaml.ts';

/** Three versions of a text: the user's, the last one that was generated, and the new one. */
export type Versions = { readonly mine: string; readonly base: string; readonly fresh: string };
export type Merged = {
  readonly text: string;
  readonly conflicts: readonly Conflict[];
  /** parts that changed and that an adopted file does not have */
  readonly leftOut: readonly string[];
};

/**
 * Merges the user's text with what is new: by instruction in Dockerfiles, by node in YAML, by variable in `.env.example`, else by line.
 * What the user wrote stays byte for byte. With a conflict the text is not to be used, unless `prefer` says whose side to take there. An
 * adopted file was never ours: what changed in parts that it does not have stays out of it.
 */
export function mergeTexts(
  kind: Artifact['kind'],
  versions: Versions,
  { prefer, adopted = false }: { readonly prefer?: 'mine' | 'generated' | undefined; readonly adopted?: boolean } = {},
): Merged {
  const styled = kind === 'env' ? withOwnRemarks(inStyleOf(versions)) : inStyleOf(versions);
  for (const read of [readers[kind], linesOf(kind)]) {
    const [mine, base, fresh] = [styled.mine, styled.base, styled.fresh].map((text) => read?.(text));
    if (!mine || !base || !fresh) continue;
    const leftOut: string[] = [];
    const merging: Merging = { prefer, clashes: [], ...(adopted ? { leftOut } : {}) };
    const text = withMark(styled.mine, mergeUnit(merging, mine, base, fresh));
    // parts that fit alone may not fit together
    const fits = merging.clashes.length > 0 || read?.(text) !== undefined;
    const clashes = fits ? merging.clashes : [{ title: 'the file', mine, base, fresh }];
    return { text, conflicts: clashes.map((clash) => conflictOf(styled, clash)), leftOut };
  }
  throw new Error('every text has lines');
}

type Read = (text: string) => MergeNode | undefined;

const readers: { readonly [kind in Artifact['kind']]?: Read } = {
  dockerfile: dockerfileUnit,
  compose: yamlUnit,
  workflow: yamlUnit,
  env: envUnit,
};

/** Lines next to each other mean nothing to each other in a list of patterns; in code they do. */
const linesOf =
  (kind: Artifact['kind']): Read =>
  (text) => {
    const parts = kind === 'source' ? paragraphs(text) : lineUnits(text, 0, 'the line');
    return { title: 'the file', key: '', kind: undefined, text, start: 0, inside: { type: 'block', parts } };
  };

/** The variables of an `.env` file with the remarks above them; one that is commented out is one, too. */
function envUnit(text: string): MergeNode {
  const inside = { type: 'block' as const, parts: envParts(text) };
  return { title: 'the file', key: '', kind: undefined, text, start: 0, inside };
}

function envParts(text: string): readonly MergeNode[] {
  const parts: MergeNode[] = [];
  let held = '';
  for (const { text: line, start } of lineUnits(text, 0, '')) {
    held += line;
    const name = /^#? ?([A-Za-z_]\w*)=/.exec(line)?.[1];
    if (name !== undefined) parts.push(envPart(name, held, start + line.length));
    if (name !== undefined) held = '';
  }
  if (held !== '') parts.push(envPart(undefined, held, text.length));
  return parts;
}

/** The texts of the variables that stand in a file once, by their names. */
function onceIn(text: string): ReadonlyMap<string | undefined, string | undefined> {
  const found = new Map<string | undefined, string | undefined>();
  for (const part of envParts(text)) if (part.key) found.set(part.key, found.has(part.key) ? undefined : part.text);
  return found;
}

/** A variable that the user gave the value that is new has been decided: the remarks above it are the user's. */
function withOwnRemarks({ mine, base, fresh }: Versions): Versions {
  const [own, before, now] = [onceIn(mine), onceIn(base), onceIn(fresh)];
  const setting = (text: string) => text.trimEnd().split('\n').at(-1)?.trimEnd();
  const parts = envParts(fresh).map(({ key, text }) => {
    const written = own.get(key);
    const isSame = written !== undefined && now.get(key) !== undefined && setting(written) === setting(text);
    return isSame && written !== before.get(key) ? `${written.trimEnd()}${text.slice(text.trimEnd().length)}` : text;
  });
  return { mine, base, fresh: parts.join('') };
}

const envPart = (name: string | undefined, text: string, end: number): MergeNode => ({
  title: name ?? 'the last lines',
  key: name ?? '',
  kind: undefined,
  text,
  start: end - text.length,
  inside: { type: 'lines', holds: () => true },
});

/** Code in pieces between empty lines: two changes of one piece may not fit each other. */
function paragraphs(text: string): readonly MergeNode[] {
  const pieces = [''];
  const lines = text.split(/(?<=\n)/);
  for (const [index, line] of lines.entries()) {
    // an empty first line ends nothing
    const begins = index > 1 && isEmptyLine(lines[index - 1] ?? '') && !isEmptyLine(line);
    if (begins) pieces.push(line);
    else pieces[pieces.length - 1] += line;
  }
  let start = 0;
  return pieces.map((piece): MergeNode => {
    const unit: MergeNode = {
      title: 'the lines',
      key: undefined,
      kind: 'lines',
      text: piece,
      start,
      inside: { type: 'leaf' },
    };
    start += piece.length;
    return unit;
  });
}

const isEmptyLine = (line: string): boolean => /^[ \t]*\r?\n$/.test(line);

/** What is generated in the line ends of the user's file. */
function inStyleOf({ mine, base, fresh }: Versions): Versions {
  if (!/^[^\n]*\r\n/.test(mine)) return { mine, base, fresh };
  const styled = (text: string) => text.replace(/\r?\n/g, '\r\n');
  return { mine, base: styled(base), fresh: styled(fresh) };
}

const withMark = (mine: string, text: string): string =>
  mine.startsWith('\uFEFF') && !text.startsWith('\uFEFF') ? `\uFEFF${text}` : text;

function conflictOf({ mine, fresh }: Versions, clash: MergeConflict): Conflict {
  const side = (text: string, unit: MergeNode | undefined) =>
    unit ? { line: lineAt(text, unit), text: unit.text.trimEnd() } : null;
  return {
    title: clash.title,
    mine: side(mine, clash.mine),
    base: clash.base?.text.trimEnd() ?? null,
    generated: side(fresh, clash.fresh),
  };
}

/** The line (1-based) on which the first thing that a part says stands. */
function lineAt(text: string, unit: MergeNode): number {
  const blank = /^\s*\n/.exec(unit.text)?.[0].length ?? 0;
  return text.slice(0, unit.start + blank).split('\n').length;
}
