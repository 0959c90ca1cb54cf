import { describe, expect, it } from 'vitest';
import { cronOf } from '../../../src/spec/cron.ts';

describe('a schedule in a sentence', () => {
  it.each([
    ['The report runs every night at 02:00 UTC', '0 2 * * *'],
    ['Every day at 6 am the totals are sent', '0 6 * * *'],
    ['It is sent daily at 6:30 pm', '30 18 * * *'],
    ['The import runs every 15 minutes', '*/15 * * * *'],
    ['Prices are fetched every 6 hours', '0 */6 * * *'],
    ['Counters are rolled up hourly', '0 * * * *'],
    ['On Mondays at 09:00 the digest goes out', '0 9 * * 1'],
    ['Every weekday at 7 am', '0 7 * * 1-5'],
    ['The first of every month at midnight', '0 0 1 * *'],
    ['Runs on the schedule "5 4 * * 1-5"', '5 4 * * 1-5'],
  ])('%s', (sentence, cron) => expect(cronOf(sentence)).toBe(cron));

  it.each([
    'The report is made nightly',
    'It runs on a schedule',
    'Every order has at most 10 lines',
    'A request at 25:00 is refused',
    'Runs every 7 minutes',
    'The shop opens at 09:00',
  ])('%s: no moment', (sentence) => expect(cronOf(sentence)).toBeUndefined());
});
