import { findMatch, literal, matchEnds, type Step } from '../glob/index.ts';

/** A pattern of `${name#pattern}` that cannot be read. */
export type BadPattern = { readonly bad: string };

const inLine = (character: string) => character !== '\n';

/** A shell's wildcard pattern (`*`, `?`, escapes; no brackets) as steps. `*` and `?` stay inside a line. */
function stepsOf(pattern: readonly string[]): readonly Step[] | BadPattern {
  const steps: Step[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at] ?? '';
    const next = pattern[at + 1];
    if (character === '*') steps.push({ takes: inLine, repeated: true });
    else if (character === '?') steps.push({ takes: inLine });
    else if (character !== '\\') steps.push(literal(character));
    else if (next !== '}' && next !== '/') {
      // `\}` and `\/` only keep the braces apart; any other escape has to be of a wildcard or of itself
      if (next !== '*' && next !== '?' && next !== '\\') return { bad: `invalid escape '\\${next ?? ''}'` };
      steps.push(literal(next));
      at += 1;
    }
  }
  return steps;
}

const isBad = (steps: readonly Step[] | BadPattern): steps is BadPattern => 'bad' in steps;

/** `${name#pattern}` and `##`. */
export function withoutPrefix(value: string, pattern: string, greedy: boolean): string | BadPattern {
  const steps = stepsOf(Array.from(pattern));
  if (isBad(steps)) return steps;
  const characters = Array.from(value);
  let end: number | undefined;
  for (const candidate of matchEnds(steps, characters)) {
    end = candidate;
    if (!greedy) break;
  }
  return end === undefined ? value : characters.slice(end).join('');
}

/** `${name%pattern}` and `%%`: the match at the end is the one at the start of the text turned round, by the steps turned round. */
export function withoutSuffix(value: string, pattern: string, greedy: boolean): string | BadPattern {
  const backwards = (text: string) => Array.from(text).reverse().join('');
  const rest = withoutPrefix(backwards(value), reversed(pattern), greedy);
  return typeof rest === 'string' ? backwards(rest) : rest;
}

/** A pattern turned round, each escape staying before what it escapes. */
function reversed(pattern: string): string {
  const parts = pattern.match(/\\[\s\S]|[\s\S]/gu) ?? [];
  return parts.reverse().join('');
}

/** `${name/pattern/replacement}`, and with `//` every match. An empty match right after another one does not count. */
export function replaced(value: string, pattern: string, replacement: string, all: boolean): string | BadPattern {
  const steps = stepsOf(Array.from(pattern));
  if (isBad(steps)) return steps;
  const characters = Array.from(value);
  let out = '';
  let from = 0;
  let last = -1;
  for (let match = findMatch(steps, characters, 0); match; ) {
    const empty = match.start === match.end;
    if (!empty || match.start !== last) {
      out += characters.slice(from, match.start).join('') + replacement;
      from = match.end;
      last = match.end;
      if (!all) break;
    }
    match = findMatch(steps, characters, empty ? match.end + 1 : match.end);
  }
  return out + characters.slice(from).join('');
}
