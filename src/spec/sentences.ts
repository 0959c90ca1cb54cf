import { type Rule, rules } from './lexicon.ts';
import { stem } from './stem.ts';
import {
  choices,
  conditions,
  exceptions,
  negators,
  permissions,
  refusals,
  stops,
  students,
  subjects,
  wishes,
} from './words.ts';

const remembered = new Map<string, readonly string[]>();

/** A sentence as stems, lower case; ',' stands for a comma, and '' for what parts sentences: `;`, `.`, `:`, `?` and the word "but". */
function stems(sentence: string): readonly string[] {
  const known = remembered.get(sentence);
  if (known) return known;
  const joined = sentence
    .toLowerCase()
    .replace(/[’']/g, "'")
    .replace(/n't\b/g, ' not')
    .replace(/'s\b/g, '')
    .replace(/e-mail/g, 'email')
    .replace(/read-only/g, 'readonly')
    .replace(/third-party/g, 'thirdparty')
    .replace(/full-text/g, 'fulltext')
    .replace(/file system/g, 'filesystem')
    // a header and a part of a processor are not a cache of ours
    .replace(/cache[- ](control|headers?|lines?)/g, 'header')
    .replace(/\?/g, ' ? ;')
    .replace(/\bthen\b/g, ',')
    .replace(/\bbut\b/g, ';');
  const words = (joined.match(/[a-z0-9]+|[,;.:?]/g) ?? []).map((word) =>
    /[;.:]/.test(word) ? '' : /[,?]/.test(word) ? word : stem(word),
  );
  if (remembered.size > 1000) remembered.clear();
  remembered.set(sentence, words);
  return words;
}

/** Whether a sentence has one of these stems. */
export const speaksOf = (sentence: string, words: readonly string[]): boolean =>
  stems(sentence).some((word) => words.includes(word));

/** A match: the words from `start` to `end` (exclusive). */
type Match = { readonly start: number; readonly end: number };

/** A pattern taken apart once: what each word may be, or how many of any kind may stand between. */
type Part = { readonly words: ReadonlySet<string> } | { readonly gap: number };
const parsed = new Map<string, readonly Part[]>();

function partsOf(pattern: string): readonly Part[] {
  const known = parsed.get(pattern);
  if (known) return known;
  const parts = pattern
    .split(' ')
    .map((part) =>
      part.startsWith('..') ? { gap: Number(part.slice(2)) } : { words: new Set(part.split('|').map(stem)) },
    );
  parsed.set(pattern, parts);
  return parts;
}

const ends = (word: string | undefined): boolean => word === '' || word === ',';

/** Every place where a pattern stands in a row of stems; it never reaches over the end of a clause. */
function matches(words: readonly string[], pattern: string): readonly Match[] {
  const parts = partsOf(pattern);
  const found: Match[] = [];
  const first = parts[0];
  // most patterns stand in no sentence: their first word says so
  if (first && 'words' in first && ![...first.words].some((word) => words.includes(word))) return found;
  for (let start = 0; start < words.length; start += 1) {
    const end = matchAt(words, start, parts, 0);
    if (end !== undefined) found.push({ start, end });
  }
  return found;
}

function matchAt(words: readonly string[], at: number, parts: readonly Part[], index: number): number | undefined {
  const part = parts[index];
  if (part === undefined) return at;
  if ('words' in part) {
    const word = words[at];
    return word !== undefined && !ends(word) && part.words.has(word)
      ? matchAt(words, at + 1, parts, index + 1)
      : undefined;
  }
  for (let skip = 0; skip <= part.gap; skip += 1) {
    if (skip > 0 && ends(words[at + skip - 1])) return undefined;
    const end = matchAt(words, at + skip, parts, index + 1);
    if (end !== undefined) return end;
  }
  return undefined;
}

/** What a sentence does with a match. `doubtful`: a negation stands near, and only a reader can tell what it belongs to. */
type Polarity = 'affirmed' | 'doubtful' | 'denied';

const isNegator = (words: readonly string[], index: number): boolean =>
  negators.has(words[index] ?? '') && !['only', 'later', 'more', 'less', 'fewer'].includes(words[index + 1] ?? '');

/** The words from `from` up to the first that ends a clause, or that begins another thought. */
function clauseAfter(words: readonly string[], from: number): readonly string[] {
  const length = words.slice(from).findIndex((word) => ends(word) || stops.has(word) || conditions.has(word));
  return length === -1 ? words.slice(from) : words.slice(from, from + length);
}

/** A negation counts for its whole clause, however long; one of an earlier clause, or behind, leaves doubt. */
function polarity(words: readonly string[], { start, end }: Match): Polarity {
  const sentence = words.lastIndexOf('', start - 1) + 1;
  const clause = Math.max(sentence, words.lastIndexOf(',', start - 1) + 1);
  const stop = words.indexOf('', end);
  const excepted = words.slice(end, stop === -1 ? words.length : stop).some((word) => exceptions.has(word));
  for (let index = start - 1; index >= clause; index -= 1) {
    if (!isNegator(words, index)) continue;
    const between = words.slice(index + 1, start);
    const apart = between.includes('and') || words.slice(clause, index).some((word) => conditions.has(word));
    // "without" turns around what it stands before, not the rest of the clause
    const far = words[index] === 'without' && between.length > 3;
    return apart || far || excepted ? 'doubtful' : 'denied';
  }
  if (words.slice(start, end).some((_, index) => isNegator(words, start + index)))
    return excepted ? 'doubtful' : 'denied';
  const after = clauseAfter(words, end);
  const refused = after.findIndex((word) => refusals.has(word));
  // far behind, the refusal is another word's: "an email is sent when the form was rejected"
  if (refused > 0 && refused < 6 && after.slice(0, refused).includes('be')) return refused < 5 ? 'denied' : 'doubtful';
  const denied = after.findIndex((_, index) => isNegator(words, end + index));
  if (denied !== -1) return denied <= 1 && !excepted ? 'denied' : 'doubtful';
  return deniedBefore(words, sentence, clause) ? 'doubtful' : 'affirmed';
}

/** Whether an earlier part of the sentence denies; a condition ("when no seat is left,") tells of something else. */
function deniedBefore(words: readonly string[], sentence: number, clause: number): boolean {
  let part = sentence;
  while (part < clause) {
    const next = words.indexOf(',', part);
    const one = words.slice(part, next);
    if (!one.some((word) => conditions.has(word)) && one.some((_, index) => isNegator(words, part + index)))
      return true;
    part = next + 1;
  }
  return false;
}

/** Whether a match stands behind a condition in its clause, or is only permitted: no need follows from it. */
const conditional = (words: readonly string[], { start }: Match): boolean => {
  const clause = Math.max(words.lastIndexOf('', start - 1), words.lastIndexOf(',', start - 1)) + 1;
  return (
    words.slice(clause, start).some((word) => conditions.has(word)) ||
    words.slice(Math.max(clause, start - 3), start).some((word) => permissions.has(word))
  );
};

export type Said = { readonly kind: Rule['kind']; readonly certainty: 'clear' | 'unclear'; readonly words: string };

/** Whether a sentence begins with a subject that is about a technology: "The SQL linter …". */
const ofStudent = (words: readonly string[]): boolean => words.slice(0, 3).some((word) => students.has(word));

/** The words that silence each rule, reduced to stems once: a specification may have 10^5 sentences. */
const foreign = new Map(rules.map((rule) => [rule, new Set(rule.unless?.map(stem))]));

/** The patterns of all rules by the stems that they can begin with, and those that begin with any word. */
const beginnings = new Map<string, string[]>();
const anywhere: string[] = [];

/** The patterns of rules that begin with a word of a sentence: few of some hundred, so that the others need no comparing. */
function beginningIn(words: readonly string[]): ReadonlySet<string> {
  if (beginnings.size === 0) {
    for (const pattern of new Set(rules.flatMap((rule) => rule.patterns))) {
      const [first] = partsOf(pattern.split(' ', 1)[0] ?? '');
      if (!first || !('words' in first)) anywhere.push(pattern);
      else for (const word of first.words) beginnings.set(word, [...(beginnings.get(word) ?? []), pattern]);
    }
  }
  return new Set([...anywhere, ...words.flatMap((word) => beginnings.get(word) ?? [])]);
}

/** What one sentence says of a deployment: for each kind the surest reading. */
export function readSentence(sentence: string): readonly Said[] {
  const words = stems(sentence);
  const begin = beginningIn(words);
  const wish =
    ofStudent(words) ||
    words.some((word) => wishes.has(word)) ||
    choices.some((pattern) => matches(words, pattern).length > 0);
  const found = new Map<string, Said>();
  for (const rule of rules) {
    const strange = foreign.get(rule);
    if (strange && words.some((word) => strange.has(word))) continue;
    const patterns = rule.patterns.filter((pattern) => begin.has(pattern));
    for (const match of patterns.flatMap((pattern) => matches(words, pattern))) {
      const stands = rule.negative ? ownNegation(words, match) : polarity(words, match);
      if (stands === 'denied') continue;
      const sure = rule.certainty === 'clear' && stands === 'affirmed' && !wish && !conditional(words, match);
      const before = found.get(rule.kind);
      if (before?.certainty === 'clear' || (before && !sure)) continue;
      const certainty = sure ? 'clear' : 'unclear';
      found.set(rule.kind, { kind: rule.kind, certainty, words: words.slice(match.start, match.end).join(' ') });
    }
  }
  return [...found.values()];
}

/** A rule with a negation of its own holds, unless an exception takes part of it back. */
const ownNegation = (words: readonly string[], { end }: Match): Polarity =>
  words.slice(end).some((word) => exceptions.has(word)) ? 'doubtful' : 'affirmed';

/** Whether a sentence names a technology, and does not refuse it. */
export function names(sentence: string, word: string): 'clear' | 'unclear' | undefined {
  const words = stems(sentence);
  const read = matches(words, stems(word).join(' ')).flatMap((match) => {
    const stands = polarity(words, match);
    return stands === 'denied' ? [] : [stands === 'affirmed' && !conditional(words, match)];
  });
  if (read.length === 0) return undefined;
  const about = ofStudent(words) || words.some((one) => wishes.has(one) || subjects.has(one));
  return read.includes(true) && !about ? 'clear' : 'unclear';
}
