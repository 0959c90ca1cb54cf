import { diffIndices } from 'node-diff3';

/** A piece of a text that changes, with the one decision behind its new lines. Indices are 0-based. */
export type Hunk = {
  /** where its old lines begin in the old text */
  readonly at: number;
  readonly old: readonly string[];
  readonly new: readonly string[];
  /** undefined: the lines are only taken away */
  readonly decision: string | undefined;
};

/**
 * What changes between two texts, cut so that each piece has one decision. `decisionOf` answers for a line (0-based) of the new text.
 * Where one stretch of lines is replaced by lines of several decisions, an old line goes with the new one that begins with the same word.
 */
export function piecesOf(
  before: readonly string[],
  after: readonly string[],
  decisionOf: (line: number) => string | undefined,
): readonly Hunk[] {
  return diffIndices([...before], [...after]).flatMap((hunk) => {
    const [oldAt, oldLength] = hunk.buffer1;
    const [newAt, newLength] = hunk.buffer2;
    const old = before.slice(oldAt, oldAt + oldLength);
    const fresh = after.slice(newAt, newAt + newLength);
    const decisions = fresh.map((_, index) => decisionNear(after, newAt + index, decisionOf));
    return joined(atoms(old, fresh, decisions, oldAt));
  });
}

/** A blank line goes with what it stands before, else with what it stands behind. */
function decisionNear(
  lines: readonly string[],
  at: number,
  decisionOf: (line: number) => string | undefined,
): string | undefined {
  for (let line = at; line < lines.length; line += 1) {
    if (lines[line]?.trim() !== '') return decisionOf(line);
  }
  for (let line = at - 1; line >= 0; line -= 1) {
    if (lines[line]?.trim() !== '') return decisionOf(line);
  }
  return undefined;
}

/** What a line begins with: its indentation and its first word, such as `  image:` or `EXPOSE`. */
const opening = (line: string): string => /^\s*[^\s:=]*/.exec(line)?.[0] ?? '';

/** The smallest pairs of old and new lines, in order. */
function atoms(
  old: readonly string[],
  fresh: readonly string[],
  decisions: readonly (string | undefined)[],
  at: number,
): Hunk[] {
  const found: Hunk[] = [];
  let [o, n] = [0, 0];
  const paired = (until: number) => {
    for (; o < until; o += 1, n += 1)
      found.push({ at: at + o, old: old.slice(o, o + 1), new: fresh.slice(n, n + 1), decision: decisions[n] });
  };
  for (const region of diffIndices(old.map(opening), fresh.map(opening))) {
    paired(region.buffer1[0]);
    const gone = old.slice(o, o + region.buffer1[1]);
    const runs = fresh.slice(n, n + region.buffer2[1]).map((line, index): Hunk => {
      const first = index === 0;
      return {
        at: at + o + (first ? 0 : gone.length),
        old: first ? gone : [],
        new: [line],
        decision: decisions[n + index],
      };
    });
    found.push(
      ...(runs.length > 0 || gone.length === 0 ? runs : [{ at: at + o, old: gone, new: [], decision: undefined }]),
    );
    o += region.buffer1[1];
    n += region.buffer2[1];
  }
  paired(old.length);
  return found;
}

/** Neighbours of one decision as one piece. Blank lines that are taken away are no piece of their own where there is a neighbour. */
function joined(pieces: readonly Hunk[]): Hunk[] {
  const out: Hunk[] = [];
  for (const piece of pieces) {
    const last = out.at(-1);
    const blank = piece.new.length === 0 && piece.old.every((line) => line.trim() === '');
    if (last && (last.decision === piece.decision || blank))
      out[out.length - 1] = { ...last, old: [...last.old, ...piece.old], new: [...last.new, ...piece.new] };
    else out.push(piece);
  }
  return out;
}
