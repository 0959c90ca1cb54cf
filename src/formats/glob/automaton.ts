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

/** The characters that every match begins and ends with. */
type Bounds = { readonly begin: readonly string[]; readonly end: readonly string[] };

/** The steps that take one known character each, before and behind all that may be left out or takes more than one. */
function boundsOf(steps: readonly Step[]): Bounds {
  const item = (step: Step) => ('skip' in step || step.repeated ? undefined : step.only);
  const first = steps.findIndex((step) => item(step) === undefined);
  let from = 0;
  for (const [at, step] of steps.entries())
    if ('skip' in step) from = Math.max(from, at + 1 + step.skip);
    else if (item(step) === undefined) from = Math.max(from, at + 1);
  const known = (some: readonly Step[]) => some.flatMap((step) => item(step) ?? []);
  return { begin: known(first === -1 ? steps : steps.slice(0, first)), end: known(steps.slice(from)) };
}

const bounds = new WeakMap<readonly Step[], Bounds>();

function knownBounds(steps: readonly Step[]): Bounds {
  const known = bounds.get(steps) ?? boundsOf(steps);
  bounds.set(steps, known);
  return known;
}

/** Whether the text has the characters that the pattern begins with; most texts have not, and this is seen at once. */
function beginsLike(steps: readonly Step[], text: Text): boolean {
  const { begin } = knownBounds(steps);
  for (let at = 0; at < begin.length; at += 1) if (text[at] !== begin[at]) return false;
  return true;
}

/** The same for those that it ends with: a list of patterns is asked about every file. */
function endsLike(steps: readonly Step[], text: Text): boolean {
  const { end } = knownBounds(steps);
  for (let at = 1; at <= end.length; at += 1) if (text[text.length - at] !== end[end.length - at]) return false;
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

/** Whether the whole text matches. */
export function matchesWhole(steps: readonly Step[], text: Text): boolean {
  if (!endsLike(steps, text) || !beginsLike(steps, text)) return false;
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
