import { conditions, negators, type Rule, refusals, rules, wishes } from './lexicon.ts';

/** Words of other forms than suffixes give. */
const irregular: Readonly<Record<string, string>> = {
  sent: 'send',
  committed: 'commit',
  commits: 'commit',
  kept: 'keep',
  lost: 'lose',
  written: 'write',
  wrote: 'write',
  held: 'hold',
  is: 'be',
  are: 'be',
  was: 'be',
  were: 'be',
  been: 'be',
  being: 'be',
  ran: 'run',
  running: 'run',
  stored: 'store',
  stores: 'store',
  storing: 'store',
  cached: 'cache',
  caches: 'cache',
  caching: 'cache',
  queued: 'queue',
  queues: 'queue',
  queuing: 'queue',
  queueing: 'queue',
  enqueued: 'enqueue',
  enqueues: 'enqueue',
  databases: 'database',
  emails: 'email',
  emailed: 'email',
  mails: 'mail',
  mailed: 'mail',
  saved: 'save',
  saves: 'save',
  has: 'have',
  had: 'have',
  got: 'get',
  gets: 'get',
  received: 'receive',
  receives: 'receive',
  scheduled: 'schedule',
  schedules: 'schedule',
  archived: 'archive',
  generates: 'generate',
  generated: 'generate',
  purges: 'purge',
  purged: 'purge',
  executed: 'execute',
  executes: 'execute',
  computed: 'compute',
  computes: 'compute',
  recalculated: 'recalculate',
  recalculates: 'recalculate',
  aggregated: 'aggregate',
  synchronized: 'synchronize',
  synchronizes: 'synchronize',
  synchronised: 'synchronize',
  survives: 'survive',
  survived: 'survive',
  outlives: 'outlive',
  persists: 'persist',
  persisted: 'persist',
  persisting: 'persist',
  persistence: 'persist',
  processed: 'process',
  processes: 'process',
  published: 'publish',
  consumed: 'consume',
  consumes: 'consume',
  places: 'place',
  placed: 'place',
  forbidden: 'forbid',
  disabled: 'disable',
  prohibited: 'prohibit',
  avoided: 'avoid',
  bypassed: 'bypass',
  bypasses: 'bypass',
  disallowed: 'disallow',
  removed: 'remove',
  dropped: 'drop',
  copies: 'copy',
  supplies: 'supply',
  memoized: 'memoize',
  memoised: 'memoise',
  shelves: 'shelf',
  scaled: 'scale',
  scales: 'scale',
  shares: 'share',
  shared: 'share',
  s: '',
};

const remembered = new Map<string, readonly string[]>();

/** A sentence as stems, lower case; clauses end where `;`, `,`, `.`, `:` and the word "but" stand, marked by ''. */
export function stems(sentence: string): readonly string[] {
  const known = remembered.get(sentence);
  if (known) return known;
  const joined = sentence
    .toLowerCase()
    .replace(/[’']/g, "'")
    .replace(/n't\b/g, ' not')
    .replace(/e-mail/g, 'email')
    .replace(/read-only/g, 'readonly')
    .replace(/third-party/g, 'thirdparty')
    .replace(/full-text/g, 'fulltext')
    .replace(/file system/g, 'filesystem')
    .replace(/\bbut\b/g, ',');
  const words = (joined.match(/[a-z0-9]+|[,;.:]/g) ?? []).map((word) => (/[,;.:]/.test(word) ? '' : stem(word)));
  if (remembered.size > 1000) remembered.clear();
  remembered.set(sentence, words);
  return words;
}

function stem(word: string): string {
  const known = Object.hasOwn(irregular, word) ? irregular[word] : undefined;
  if (known !== undefined) return known;
  if (/(ss|us|is|s3)$/.test(word) || word.length < 4) return word;
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (/(ches|shes|xes|sses)$/.test(word)) return word.slice(0, -2);
  if (word.endsWith('s')) return word.slice(0, -1);
  if (word.endsWith('ed') && word.length > 5 && !word.endsWith('eed')) return word.slice(0, -2);
  return word;
}

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
    .map((part) => (part.startsWith('..') ? { gap: Number(part.slice(2)) } : { words: new Set(part.split('|')) }));
  parsed.set(pattern, parts);
  return parts;
}

/** Every place where a pattern stands in a row of stems; it never reaches over the end of a clause. */
export function matches(words: readonly string[], pattern: string): readonly Match[] {
  const parts = partsOf(pattern);
  const found: Match[] = [];
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
    return word !== undefined && word !== '' && part.words.has(word)
      ? matchAt(words, at + 1, parts, index + 1)
      : undefined;
  }
  for (let skip = 0; skip <= part.gap; skip += 1) {
    if (skip > 0 && words[at + skip - 1] === '') return undefined;
    const end = matchAt(words, at + skip, parts, index + 1);
    if (end !== undefined) return end;
  }
  return undefined;
}

/** Whether a match is turned around: by a negation before it in its clause, or a refusal behind it. */
function negated(words: readonly string[], { start, end }: Match): boolean {
  const clause = words.lastIndexOf('', start - 1) + 1;
  const before = words.slice(Math.max(clause, start - 8), start);
  // "not only cached" affirms
  const denies = before.some(
    (word, index) =>
      negators.has(word) && before[index + 1] !== 'only' && !(word === 'without' && before.length - index > 5),
  );
  const stop = words.indexOf('', end);
  const after = words.slice(end, Math.min(stop === -1 ? words.length : stop, end + 6));
  const inside = words.slice(start, end).some((word) => negators.has(word));
  return (
    denies ||
    inside ||
    after.some((word, index) => (refusals.has(word) || word === 'not') && after.slice(0, index + 1).includes('be')) ||
    after.slice(0, 3).some((word) => negators.has(word))
  );
}

/** Whether a match stands behind a condition in its clause: it tells what happens then, not what is needed. */
const conditional = (words: readonly string[], { start }: Match): boolean =>
  words.slice(words.lastIndexOf('', start - 1) + 1, start).some((word) => conditions.has(word));

export type Said = { readonly kind: Rule['kind']; readonly certainty: 'clear' | 'unclear'; readonly words: string };

/** What one sentence says of a deployment: for each kind the surest reading. */
export function readSentence(sentence: string): readonly Said[] {
  const words = stems(sentence);
  const wish = words.some((word) => wishes.has(word));
  const found = new Map<string, Said>();
  for (const rule of rules) {
    if (rule.unless?.some((word) => words.includes(word))) continue;
    const hit = rule.patterns
      .flatMap((pattern) => matches(words, pattern))
      .find((match) => rule.negative || !negated(words, match));
    if (!hit) continue;
    const certainty = rule.certainty === 'clear' && !wish && !conditional(words, hit) ? 'clear' : 'unclear';
    const before = found.get(rule.kind);
    if (before?.certainty === 'clear' || (before && certainty === 'unclear')) continue;
    found.set(rule.kind, { kind: rule.kind, certainty, words: words.slice(hit.start, hit.end).join(' ') });
  }
  return [...found.values()];
}

/** Whether a sentence names a technology, and does not refuse it. */
export function names(sentence: string, word: string): 'clear' | 'unclear' | undefined {
  const words = stems(sentence);
  const hit = matches(words, stems(word).join(' ')).find((match) => !negated(words, match));
  if (!hit) return undefined;
  return conditional(words, hit) || words.some((one) => wishes.has(one)) ? 'unclear' : 'clear';
}
