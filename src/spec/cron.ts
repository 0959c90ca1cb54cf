/** Days as cron counts them. */
const days = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** `02:00`, `2 am`, `noon`: hour and minute. */
function timeOf(text: string): { hour: number; minute: number } | undefined {
  if (/\bmidnight\b/.test(text)) return { hour: 0, minute: 0 };
  if (/\bnoon\b/.test(text)) return { hour: 12, minute: 0 };
  const clock =
    /\b(\d{1,2})[:.](\d{2})\s*(am|pm|a\.m|p\.m)?/.exec(text) ?? /\b(\d{1,2})()\s*(am|pm|a\.m|p\.m)\b/.exec(text);
  if (!clock) return undefined;
  const half = clock[3]?.[0];
  const hour = (Number(clock[1]) % (half ? 12 : 24)) + (half === 'p' ? 12 : 0);
  const minute = Number(clock[2] ?? 0);
  return hour < 24 && minute < 60 && Number(clock[1]) < 24 ? { hour, minute } : undefined;
}

/**
 * When a sentence says that something runs, as five fields of cron in UTC: "every night at 02:00", "every 15 minutes", "hourly", "on
 * Mondays at 6 am", or the fields themselves. Undefined where it names no moment: "nightly" alone does not say when.
 */
export function cronOf(sentence: string): string | undefined {
  const text = sentence.toLowerCase();
  const fields = /(?:^|[\s"'`(])((?:[\d*/,-]+ ){4}[\d*/,-]+)(?=$|[\s"'`).])/.exec(text)?.[1];
  if (fields) return fields;
  const every = /\bevery (\d+) (minute|hour)s?\b/.exec(text);
  const count = Number(every?.[1] ?? 0);
  if (every?.[2] === 'minute' && count > 0 && 60 % count === 0)
    return count === 60 ? '0 * * * *' : `*/${count} * * * *`;
  if (every?.[2] === 'hour' && count > 0 && 24 % count === 0) return count === 24 ? '0 0 * * *' : `0 */${count} * * *`;
  if (/\bevery minute\b/.test(text)) return '* * * * *';
  if (/\b(every hour|hourly)\b/.test(text)) return '0 * * * *';
  const time = timeOf(text);
  if (!time) return undefined;
  const at = `${time.minute} ${time.hour}`;
  if (/\b(weekdays?|working days?|every business day)\b/.test(text)) return `${at} * * 1-5`;
  const words = new Set(text.split(/[^a-z]+/));
  const day = days.findIndex((name) => words.has(name) || words.has(`${name}s`));
  if (day !== -1) return `${at} * * ${day}`;
  if (/\b(monthly|every month|first (day )?of (the|each|every) month)\b/.test(text)) return `${at} 1 * *`;
  return /\b(every|each|nightly|daily|per) ?(day|night|morning|evening)?\b/.test(text) ? `${at} * * *` : undefined;
}
