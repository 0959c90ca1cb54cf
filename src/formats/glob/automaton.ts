/**
 * Patterns of a project (workspace globs, ignore rules, wildcards of scripts and of the shell) are matched here, never by a regular
 * expression made from them: a backtracking engine takes exponential time on `*a*a*a*b`. All positions of a pattern are followed at once
 * (Thompson 1968), so that a match takes at most (length of the pattern × length of the text) steps.
 */

/** One step of a pattern. `only`: the one character that it takes. `skip`: the next steps, so many of them, may be left out. */
export type Step =
  | { readonly takes: (character: string) => boolean; readonly only?: string; readonly repeated?: boolean }
  | { readonly skip: number };

/** A string (matched by its UTF-16 units), or its characters as an array where those outside the basic plane count as one. */
type Text = ArrayLike<string>;

export const literal = (character: string): Step => ({ takes: (other) => other === character, only: character });

const UNREACHED = -1;

/** Enters a position, and all that can be reached from it without taking a character, for a match that began at `start`. */
function enter(steps: readonly Step[], states: Int32Array, position: number, start: number): void {
  const before = states[position] ?? UNREACHED;
  if (before !== UNREACHED && before <= start) return;
  states[position] = start;
  const step = steps[position];
  if (step === undefined) return;
  if ('skip' in step) {
    enter(steps, states, position + 1, start);
    enter(steps, states, position + 1 + step.skip, start);
  } else if (step.repeated) enter(steps, states, position + 1, start);
}

const unreached = (steps: readonly Step[]): Int32Array => new Int32Array(steps.length + 1).fill(UNREACHED);

/** The positions after one more character. Undefined where none is left. */
function advance(steps: readonly Step[], states: Int32Array, character: string): Int32Array | undefined {
  const next = unreached(steps);
  let alive = false;
  for (const [position, step] of steps.entries()) {
    const start = states[position] ?? UNREACHED;
    if (start === UNREACHED || 'skip' in step || !step.takes(character)) continue;
    alive = true;
    enter(steps, next, step.repeated ? position : position + 1, start);
  }
  return alive ? next : undefined;
}

/** Whether the text has the characters that the pattern begins with; most texts have not, and this is seen at once. */
function beginsLike(steps: readonly Step[], text: Text): boolean {
  for (const [at, step] of steps.entries()) {
    if ('skip' in step || step.only === undefined || step.repeated) return true;
    if (text[at] !== step.only) return false;
  }
  return true;
}

/** The offsets where a match from the beginning of the text may end, in ascending order. */
export function* matchEnds(steps: readonly Step[], text: Text): Generator<number> {
  if (!beginsLike(steps, text)) return;
  let states: Int32Array | undefined = unreached(steps);
  enter(steps, states, 0, 0);
  for (let at = 0; states !== undefined; at += 1) {
    if (states[steps.length] === 0) yield at;
    states = at < text.length ? advance(steps, states, text[at] ?? '') : undefined;
  }
}

/** The characters that every match ends with, the last one first: those behind all that may be left out or takes more than one character. */
function endOf(steps: readonly Step[]): readonly string[] {
  let from = 0;
  for (const [at, step] of steps.entries()) {
    if ('skip' in step) from = Math.max(from, at + 1 + step.skip);
    else if (step.only === undefined || step.repeated) from = Math.max(from, at + 1);
  }
  return steps
    .slice(from)
    .flatMap((step) => ('only' in step && step.only !== undefined ? step.only : []))
    .reverse();
}
const ends = new WeakMap<readonly Step[], readonly string[]>();

/** The same for the characters that the pattern ends with: a list of patterns is asked about every file. */
function endsLike(steps: readonly Step[], text: Text): boolean {
  const known = ends.get(steps) ?? endOf(steps);
  ends.set(steps, known);
  return known.every((character, at) => text[text.length - 1 - at] === character);
}

/** Whether the whole text matches. */
export function matchesWhole(steps: readonly Step[], text: Text): boolean {
  if (!endsLike(steps, text)) return false;
  let last = -1;
  for (const end of matchEnds(steps, text)) last = end;
  return last === text.length;
}

/** The longest one of the matches that begin first at or behind `from`. */
export function findMatch(
  steps: readonly Step[],
  text: Text,
  from: number,
): { start: number; end: number } | undefined {
  let found: { start: number; end: number } | undefined;
  let states = unreached(steps);
  for (let at = from; at <= text.length; at += 1) {
    // once a match is found, only those that began as early may make it longer
    if (found === undefined) enter(steps, states, 0, at);
    const start = states[steps.length] ?? UNREACHED;
    if (start !== UNREACHED && (found === undefined || start <= found.start)) found = { start, end: at };
    const next = at < text.length ? advance(steps, states, text[at] ?? '') : undefined;
    if (next === undefined && found !== undefined) return found;
    states = next ?? unreached(steps);
  }
  return found;
}
