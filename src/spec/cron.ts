/** When something runs in time: five fields of cron in UTC, or the words of the sentence that could not be read so. */
export type ParsedSchedule = { readonly cron: string } | { readonly unread: string };

const dayNames = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const numberNames = 'one two three four five six seven eight nine ten eleven twelve'.split(' ');

/** What the parts of a sentence said so far. */
type Draft = {
  /** of cron's first two fields, where the sentence says them together: "every 15 minutes" */
  often?: string;
  readonly times: { readonly hour: number; readonly minute: number }[];
  readonly weekdays: Set<number>;
  readonly without: Set<number>;
  monthDay?: number;
  daily?: boolean;
  wrong?: boolean;
};

type Rule = { readonly pattern: RegExp; readonly read: (draft: Draft, ...groups: string[]) => void };

/** The days in a row of words, each as `d` and its number. */
const daysIn = (text: string): number[] =>
  text.split(' ').flatMap((word) => (/^d[0-6]$/.test(word) ? [Number(word[1])] : []));

const addAll = (set: Set<number>, numbersOfDays: readonly number[]): void => {
  for (const number of numbersOfDays) set.add(number);
};

/** How often within an hour or a day; a step that does not divide it evenly is no schedule of cron. */
function interval(draft: Draft, count: number, unitOf: string): void {
  const whole = unitOf.startsWith('minute') ? 60 : 24;
  if (!(count > 0 && count <= whole && whole % count === 0)) Object.assign(draft, { daily: true, wrong: true });
  else if (whole === 60) draft.often = count === 60 ? '0 *' : `${count === 1 ? '*' : `*/${count}`} *`;
  else draft.often = count === 24 ? '0 0' : `0 ${count === 1 ? '*' : `*/${count}`}`;
}

function addTime(draft: Draft, text: string): void {
  if (text === 'noon' || text === 'midnight') {
    draft.times.push({ hour: text === 'noon' ? 12 : 0, minute: 0 });
    return;
  }
  const [, hours = '', minutes = '0', half] = /^(\d{1,2})(?::(\d{2}))?(?: ([ap])m)?$/.exec(text) ?? [];
  const [hour, minute] = [Number(hours), Number(minutes)];
  if (minute > 59 || hour > 23 || (half && (hour < 1 || hour > 12))) draft.wrong = true;
  else draft.times.push({ hour: half ? (hour % 12) + (half === 'p' ? 12 : 0) : hour, minute });
}

/** "half past six": the half of the day is what "in the morning" says behind it, else as written. */
function addSpoken(draft: Draft, minute: number, hours: string, half: string): void {
  const hour = Number(hours) + (/evening|afternoon/.test(half) && Number(hours) < 12 ? 12 : 0);
  const at = hour * 60 + minute;
  if (at < 0 || hour > 23) draft.wrong = true;
  else draft.times.push({ hour: Math.floor(at / 60), minute: at % 60 });
}

/** In this order: what a longer phrase says is taken out before a shorter one is looked for. The words are those of `spelled`. */
const rules: readonly Rule[] = [
  {
    pattern:
      /(?<= )(?:but )?(?:not|never|except|excluding)(?: for)?(?: on)? (d[0-6](?: (?:and |or )?d[0-6]){0,6})(?= )/g,
    read: (draft, found = '') => addAll(draft.without, daysIn(found)),
  },
  {
    pattern: /(?<= )(?:twice|thrice|\d{1,3} times) (?:a|per|every) (?:day|week|month|year|hour)(?= )/g,
    read: (draft) => void Object.assign(draft, { daily: true, wrong: true }),
  },
  {
    pattern: /(?<= )every (\d{1,4}) (minute|hour)(?= )/g,
    read: (draft, count = '', of = '') => interval(draft, Number(count), of),
  },
  {
    pattern: /(?<= )(?:at )?(\d{1,2}) minute past (?:every|the) hour(?= )/g,
    read: (draft, minute = '') => {
      if (Number(minute) > 59) draft.wrong = true;
      else draft.often = `${Number(minute)} *`;
    },
  },
  {
    pattern: /(?<= )(?:at )?(half|quarter) past (?:every|the) hour(?= )/g,
    read: (draft, part = '') => void Object.assign(draft, { often: `${part === 'half' ? 30 : 15} *` }),
  },
  { pattern: /(?<= )every half (?:an )?hour(?= )/g, read: (draft) => interval(draft, 30, 'minute') },
  { pattern: /(?<= )every quarter of an hour(?= )/g, read: (draft) => interval(draft, 15, 'minute') },
  { pattern: /(?<= )(?:every|once a) minute(?= )/g, read: (draft) => interval(draft, 1, 'minute') },
  { pattern: /(?<= )(?:(?:every|once an|once per) hour|hourly)(?= )/g, read: (draft) => interval(draft, 1, 'hour') },
  {
    pattern: /(?<= )(?:at )?(half|quarter) (past|to) (\d{1,2})((?: in the (?:morning|afternoon|evening))?)(?= )/g,
    read: (draft, part = '', to = '', hour = '', half = '') =>
      addSpoken(draft, (part === 'half' ? 30 : 15) * (to === 'to' ? -1 : 1), hour, half),
  },
  {
    pattern: /(?<= )(?:at )?(\d{1,2}) oclock((?: in the (?:morning|afternoon|evening))?)(?= )/g,
    read: (draft, hour = '', half = '') => addSpoken(draft, 0, hour, half),
  },
  {
    pattern: /(?<= )(?:at )?(\d{1,2}:\d{2}(?: [ap]m)?|\d{1,2} [ap]m|noon|midnight)(?= )/g,
    read: (draft, found = '') => addTime(draft, found),
  },
  {
    pattern: /(?<= )(?:on )?the (\d{1,2})(?:st|nd|rd|th) (?:day )?of (?:the|every) month(?= )/g,
    // not every month has the others
    read: (draft, number = '') =>
      void Object.assign(
        draft,
        Number(number) >= 1 && Number(number) <= 28 ? { monthDay: Number(number) } : { daily: true, wrong: true },
      ),
  },
  {
    pattern:
      /(?<= )(?:(?:on )?(?:every |the )?(?:first|1st) (?:day )?of (?:the|every) month|monthly|every month)(?= )/g,
    read: (draft) => void Object.assign(draft, { monthDay: 1 }),
  },
  {
    pattern: /(?<= )(?:on |from )?(?:every )?(d[0-6]) (?:to|through|till|until) (d[0-6])(?= )/g,
    read: (draft, first = '', last = '') =>
      addAll(draft.weekdays, between(daysIn(first)[0] ?? 0, daysIn(last)[0] ?? 0)),
  },
  {
    pattern: /(?<= )(?:on )?(?:every )?(d[0-6](?: (?:and |or )?d[0-6]){0,6})(?= )/g,
    read: (draft, found = '') => addAll(draft.weekdays, daysIn(found)),
  },
  {
    pattern: /(?<= )(?:on )?(?:every |all )?(?:weekdays?|workdays?|(?:working|business) days?)(?= )/g,
    read: (draft) => addAll(draft.weekdays, [1, 2, 3, 4, 5]),
  },
  { pattern: /(?<= )(?:on |at )?(?:every )?weekends?(?= )/g, read: (draft) => addAll(draft.weekdays, [0, 6]) },
  {
    pattern:
      /(?<= )(?:(?:on )?(?:every|once a|once per|once every) (?:single )?(?:day|night|morning|evening|afternoon)|per (?:day|night)|daily|nightly)(?= )/g,
    read: (draft) => void Object.assign(draft, { daily: true }),
  },
  { pattern: /(?<= )(?:utc|gmt)(?= )/g, read: () => undefined },
];

/** Words that tell a time, too: where one of them is left, the sentence says more than was understood. */
const IGNORED_WORDS =
  /(?<= )(?:d[0-6]|except|excluding|unless|twice|thrice|times|other|alternate|last|first|second|third|fourth|fifth|\d{1,2}(?:st|nd|rd|th)|hour|minute|days?|nights?|weeks?|weekly|fortnight|fortnightly|biweekly|months?|quarters?|quarterly|years?|yearly|annually|weekends?|holidays?|half|past|noon|midnight|time|timezone|zone|[ap]m|oclock|clock|\d{1,2}:\d{2}|january|february|april|june|july|august|september|october|november|december|ces?t|ees?t|wes?t|[ecmp][sd]t|bst|ist|jst|(?:africa|america|asia|atlantic|australia|europe|pacific)\/[a-z_]+)(?= )/;

const between = (from: number, to: number): readonly number[] =>
  Array.from({ length: ((to - from + 7) % 7) + 1 }, (_, at) => (from + at) % 7);

/** A word in the one form that the rules know: a number as digits, Sunday as d0, "each" as "every". */
function known(word: string): string {
  const number = numberNames.indexOf(word);
  if (number !== -1) return String(number + 1);
  const day = dayNames.indexOf(word.replace(/s$/, ''));
  if (day !== -1) return `d${day}`;
  return word === 'each' ? 'every' : word === 'minutes' || word === 'hours' ? word.slice(0, -1) : word;
}

/** The sentence as known words with a space on either side. */
const spelled = (sentence: string): string => {
  const words = sentence
    .toLowerCase()
    .replace(/\b([ap])\.m\b\.?/g, '$1m')
    .replace(/\b(\d{1,2})\.(\d{2})\b/g, '$1:$2')
    .replace(/(\d)([ap]m)\b/g, '$1 $2')
    .replaceAll("'", '')
    .replace(/(?<!\d):|:(?!\d)/g, ' ')
    .split(/[^a-z0-9:/_]+/)
    .map(known);
  return ` ${words.filter((word) => word !== '').join(' ')} `;
};

/**
 * When a sentence says that something runs: "every night at 02:00 UTC", "every 15 minutes", "on weekdays at 06:00 and 18:00", "each day except
 * on Sundays at 6 am", or the five fields of cron themselves. Where a word about time is left over, the sentence says something else than was
 * understood, and is unread. Undefined where it names no moment that comes again: "nightly" alone does not say when.
 */
export function momentOf(sentence: string): ParsedSchedule | undefined {
  const fields = /(?:^|[\s"'`(])((?:[\d*/,-]+ ){4}[\d*/,-]+)(?=$|[\s"'`).])/.exec(sentence)?.[1];
  if (fields) return { cron: fields };
  const draft: Draft = { times: [], weekdays: new Set(), without: new Set() };
  let text = spelled(sentence);
  for (const { pattern, read } of rules)
    text = text.replace(pattern, (_, ...groups: unknown[]) => {
      // behind the groups stand the place and the whole text
      read(draft, ...groups.slice(0, -2).map((group) => (typeof group === 'string' ? group : '')));
      return '·';
    });
  const recurs =
    draft.often !== undefined || draft.daily === true || draft.weekdays.size > 0 || draft.monthDay !== undefined;
  if (!recurs) return undefined;
  return draft.wrong || IGNORED_WORDS.test(text) ? { unread: sentence } : fieldsOf(draft, sentence);
}

function fieldsOf({ often, times, weekdays, without, monthDay }: Draft, sentence: string): ParsedSchedule | undefined {
  if (often === undefined && times.length === 0) return undefined;
  const [first] = times;
  const hours = [...new Set(times.map(({ hour }) => hour))].sort((a, b) => a - b);
  const isOne = times.every(({ minute }) => minute === first?.minute);
  const isDouble = (often !== undefined && times.length > 0) || (monthDay !== undefined && weekdays.size > 0);
  if (!isOne || isDouble) return { unread: sentence };
  const named = weekdays.size > 0 ? [...weekdays] : without.size > 0 ? [0, 1, 2, 3, 4, 5, 6] : [];
  const chosen = named.filter((value) => !without.has(value)).sort((a, b) => a - b);
  if (named.length > 0 && chosen.length === 0) return { unread: sentence };
  const at = often ?? `${first?.minute ?? 0} ${hours.join(',')}`;
  return { cron: `${at} ${monthDay ?? '*'} * ${listed(chosen)}` };
}

/** Days as cron has them: a range where three or more follow each other, else a list. */
function listed(chosen: readonly number[]): string {
  const [first = 0] = chosen;
  const last = chosen.at(-1) ?? 0;
  if (chosen.length === 0 || chosen.length === 7) return '*';
  return chosen.length > 2 && last - first === chosen.length - 1 ? `${first}-${last}` : chosen.join(',');
}
