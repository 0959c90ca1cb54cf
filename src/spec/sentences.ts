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
  subjects,
  technologyWords,
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
export const mentions = (sentence: string, words: readonly string[]): boolean =>
  stems(sentence).some((word) => words.includes(word));

/** A match: the words from `start` to `end` (exclusive). */
type Match = { readonly start: number; readonly end: number };

/** A pattern taken apart once: what each word may be, or how many of any kind may stand between. */
type PatternPart = { readonly words: ReadonlySet<string> } | { readonly gap: number };
const parsed = new Map<string, readonly PatternPart[]>();

function partsOf(pattern: string): readonly PatternPart[] {
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

function matchAt(
  words: readonly string[],
  at: number,
  parts: readonly PatternPart[],
  index: number,
): number | undefined {
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

/** A value for each place of a row of stems, and one for its end. */
type Places = number[];

/**
 * Where the clauses of a row of stems begin and end, and what stands before and behind each place: a sentence may match at every word, and looking around
 * each match would take the square of its length. Every list has a value for each place, and one for the end.
 */
type Outline = {
  /** where the sentence and the clause begin that a place is in */
  readonly sentence: Places;
  readonly clause: Places;
  /** the first place from here on that ends the sentence, and that ends the clause or begins another thought */
  readonly end: Places;
  readonly stop: Places;
  readonly negatorBefore: Places;
  readonly negatorFrom: Places;
  readonly refusalFrom: Places;
  /** how many of them stand before a place */
  readonly exceptions: Places;
  readonly conditions: Places;
  readonly ands: Places;
  /** where a clause begins: whether an earlier part of the sentence denies; a condition ("when no seat is left,") tells of something else */
  readonly deniedBefore: Places;
};

const outlines = new WeakMap<readonly string[], Outline>();

function outlineOf(words: readonly string[]): Outline {
  const known = outlines.get(words);
  if (known) return known;
  const list = () => new Array<number>(words.length + 1).fill(0);
  const made: Outline = {
    sentence: list(),
    clause: list(),
    end: list(),
    stop: list(),
    negatorBefore: list(),
    negatorFrom: list(),
    refusalFrom: list(),
    exceptions: list(),
    conditions: list(),
    ands: list(),
    deniedBefore: list(),
  };
  lookAhead(words, made);
  lookBack(words, made);
  outlines.set(words, made);
  return made;
}

function lookAhead(words: readonly string[], { end, stop, negatorFrom, refusalFrom }: Outline): void {
  for (const list of [end, stop, negatorFrom, refusalFrom]) list[words.length] = words.length;
  for (let at = words.length - 1; at >= 0; at -= 1) {
    const word = words[at] ?? '';
    const first = (list: Places, isHere: boolean) => {
      list[at] = isHere ? at : (list[at + 1] ?? words.length);
    };
    first(end, word === '');
    first(stop, ends(word) || stops.has(word) || conditions.has(word));
    first(negatorFrom, isNegator(words, at));
    first(refusalFrom, refusals.has(word));
  }
}

function lookBack(words: readonly string[], made: Outline): void {
  made.negatorBefore[0] = -1;
  for (const [at, word] of words.entries()) {
    const next = at + 1;
    const [sentence = 0, clause = 0] = [made.sentence[at], made.clause[at]];
    const count = (list: Places, isHere: boolean) => {
      list[next] = (list[at] ?? 0) + (isHere ? 1 : 0);
    };
    count(made.exceptions, exceptions.has(word));
    count(made.conditions, conditions.has(word));
    count(made.ands, word === 'and');
    made.negatorBefore[next] = made.negatorFrom[at] === at ? at : (made.negatorBefore[at] ?? -1);
    made.sentence[next] = word === '' ? next : sentence;
    made.clause[next] = ends(word) ? next : clause;
    if (word !== ',') continue;
    const isCondition = (made.conditions[at] ?? 0) > (made.conditions[clause] ?? 0);
    const denies = !isCondition && (made.negatorFrom[clause] ?? at) < at;
    made.deniedBefore[next] = denies ? 1 : (made.deniedBefore[clause] ?? 0);
  }
}

/** Whether there are some of what is counted between two places. */
const someIn = (counts: Places, from: number, to: number): boolean => (counts[to] ?? 0) > (counts[from] ?? 0);

/** A negation counts for its whole clause, however long; one of an earlier clause, or behind, leaves doubt. */
function polarity(words: readonly string[], { start, end }: Match): Polarity {
  const outline = outlineOf(words);
  const clause = outline.clause[start] ?? 0;
  const excepted = someIn(outline.exceptions, end, outline.end[end] ?? end);
  const negator = outline.negatorBefore[start] ?? -1;
  if (negator >= clause) {
    const apart = someIn(outline.ands, negator + 1, start) || someIn(outline.conditions, clause, negator);
    // "without" turns around what it stands before, not the rest of the clause
    const far = words[negator] === 'without' && start - negator > 4;
    return apart || far || excepted ? 'doubtful' : 'denied';
  }
  const stop = outline.stop[end] ?? end;
  const denied = outline.negatorFrom[start] ?? stop;
  if (denied < end) return excepted ? 'doubtful' : 'denied';
  const refused = (outline.refusalFrom[end] ?? stop) - end;
  // far behind, the refusal is another word's: "an email is sent when the form was rejected"
  if (refused > 0 && refused < Math.min(6, stop - end) && words.slice(end, end + refused).includes('be'))
    return refused < 5 ? 'denied' : 'doubtful';
  if (denied < stop) return denied - end <= 1 && !excepted ? 'denied' : 'doubtful';
  return outline.deniedBefore[clause] === 1 ? 'doubtful' : 'affirmed';
}

/** Whether a match stands behind a condition in its clause, or is only permitted: no need follows from it. */
function conditional(words: readonly string[], { start }: Match): boolean {
  const outline = outlineOf(words);
  const clause = outline.clause[start] ?? 0;
  return (
    someIn(outline.conditions, clause, start) ||
    words.slice(Math.max(clause, start - 3), start).some((word) => permissions.has(word))
  );
}

export type RuleMatch = {
  readonly kind: Rule['kind'];
  readonly certainty: 'clear' | 'unclear';
  readonly words: string;
};

/** Whether a sentence begins with a subject that is about a technology: "The SQL linter …". */
const isAboutTechnology = (words: readonly string[]): boolean =>
  words.slice(0, 3).some((word) => technologyWords.has(word));

/** The words that silence each rule, reduced to stems once: a specification may have 10^5 sentences. */
const foreign = new Map(rules.map((rule) => [rule, new Set(rule.unless?.map(stem))]));

/** The patterns of all rules, in their order. */
const patterns = rules.flatMap((rule) => rule.patterns.map((pattern) => ({ rule, pattern })));

/** Their places in that list by the stems that they can begin with, and of those that begin with any word. */
const beginnings = new Map<string, number[]>();
const anywhere: number[] = [];

/** The patterns that begin with a word of a sentence, in their order: few of some hundred, so that the others need no comparing. */
function beginningIn(words: readonly string[]): readonly (typeof patterns)[number][] {
  if (beginnings.size === 0) {
    for (const [at, { pattern }] of patterns.entries()) {
      const [first] = partsOf(pattern.split(' ', 1)[0] ?? '');
      if (!first || !('words' in first)) anywhere.push(at);
      else for (const word of first.words) beginnings.set(word, [...(beginnings.get(word) ?? []), at]);
    }
  }
  const found = new Set(anywhere);
  for (const word of new Set(words)) for (const at of beginnings.get(word) ?? []) found.add(at);
  return [...found].sort((a, b) => a - b).flatMap((at) => patterns[at] ?? []);
}

/** What one sentence says of a deployment: for each kind the surest reading. */
export function readSentence(sentence: string): readonly RuleMatch[] {
  const words = stems(sentence);
  const wish =
    isAboutTechnology(words) ||
    words.some((word) => wishes.has(word)) ||
    choices.some((pattern) => matches(words, pattern).length > 0);
  const found = new Map<string, RuleMatch>();
  const strange = new Map<Rule, boolean>();
  const isStrange = (rule: Rule): boolean => {
    const known = strange.get(rule) ?? words.some((word) => foreign.get(rule)?.has(word));
    strange.set(rule, known);
    return known;
  };
  for (const { rule, pattern } of beginningIn(words)) {
    if (found.get(rule.kind)?.certainty === 'clear' || isStrange(rule)) continue;
    for (const match of matches(words, pattern)) {
      const before = found.get(rule.kind);
      if (before?.certainty === 'clear') break;
      const stands = rule.negative ? ownNegation(words, match) : polarity(words, match);
      if (stands === 'denied') continue;
      const sure = rule.certainty === 'clear' && stands === 'affirmed' && !wish && !conditional(words, match);
      if (before && !sure) continue;
      const certainty = sure ? 'clear' : 'unclear';
      found.set(rule.kind, { kind: rule.kind, certainty, words: words.slice(match.start, match.end).join(' ') });
    }
  }
  return [...found.values()];
}

/** A rule with a negation of its own holds, unless an exception takes part of it back. */
const ownNegation = (words: readonly string[], { end }: Match): Polarity =>
  someIn(outlineOf(words).exceptions, end, words.length) ? 'doubtful' : 'affirmed';

/** Whether a sentence names a technology, and does not refuse it. */
export function names(sentence: string, word: string): 'clear' | 'unclear' | undefined {
  const words = stems(sentence);
  const pattern = stems(word);
  // a specification has thousands of sentences, and most of them name none of the technologies
  if (!words.includes(pattern[0] ?? '')) return undefined;
  const read = matches(words, pattern.join(' ')).flatMap((match) => {
    const stands = polarity(words, match);
    return stands === 'denied' ? [] : [stands === 'affirmed' && !conditional(words, match)];
  });
  if (read.length === 0) return undefined;
  const about = isAboutTechnology(words) || words.some((one) => wishes.has(one) || subjects.has(one));
  return read.includes(true) && !about ? 'clear' : 'unclear';
}
