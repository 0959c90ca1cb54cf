import { describe, expect, it } from 'vitest';
import { momentOf } from '../../../src/spec/cron.ts';

describe('a schedule in a sentence', () => {
  it.each([
    ['The report runs every night at 02:00 UTC', '0 2 * * *'],
    ['Every day at 6 am the totals are sent', '0 6 * * *'],
    ['It is sent daily at 6:30 pm', '30 18 * * *'],
    ['It is sent once a day, at 6.30 p.m.', '30 18 * * *'],
    ['The import runs every 15 minutes', '*/15 * * * *'],
    ['Prices are fetched every 6 hours', '0 */6 * * *'],
    ['Counters are rolled up hourly', '0 * * * *'],
    ['Counters are rolled up ten minutes past every hour', '10 * * * *'],
    ['Every half hour on weekdays the queue is looked at', '*/30 * * * 1-5'],
    ['On Mondays at 09:00 the digest goes out', '0 9 * * 1'],
    ['Monday to Friday at half past six in the evening', '30 18 * * 1-5'],
    ['Every weekday at 7 am', '0 7 * * 1-5'],
    ['On Saturdays and Sundays at noon', '0 12 * * 0,6'],
    ['Every day at 06:00, 12:00 and 18:00', '0 6,12,18 * * *'],
    ['Each night at 02:00, but not on Sundays', '0 2 * * 1-6'],
    ['On working days except on Fridays at a quarter to five', '45 4 * * 1-4'],
    ['The first of every month at midnight', '0 0 1 * *'],
    ['Backups are made on the 15th of each month at 3 a.m.', '0 3 15 * *'],
    ['Runs on the schedule "5 4 * * 1-5"', '5 4 * * 1-5'],
  ])('%s', (sentence, cron) => expect(momentOf(sentence)).toEqual({ cron }));

  it.each([
    'The report runs every first Monday of the month at 06:00 UTC',
    'The export runs every second Tuesday at 04:00 UTC',
    'The export runs at 23:30 UTC on the last day of each month',
    'The report runs every day at 06:00 Berlin time',
    'The report runs every day at 06:00 CET',
    'The report runs every day at 06:00 Europe/Berlin',
    'The totals are computed twice a day',
    'Runs every 7 minutes',
    'Every day at 06:00 and at 18:30',
    'Every Monday at 06:00 in January',
    'On the 31st of each month at 06:00',
    'Every other week on Mondays at 06:00',
    'Every day at 25:00',
  ])('%s: is asked', (unread) => expect(momentOf(unread)).toEqual({ unread }));

  it.each([
    'The report is made nightly',
    'It runs on a schedule',
    'Every order has at most 10 lines',
    'A request at 25:00 is refused',
    'The shop opens at 09:00',
    'A report older than ninety days is deleted',
    'Nobody sees an invoice of yesterday once the new ones are out',
  ])('%s: no moment', (sentence) => expect(momentOf(sentence)).toBeUndefined());
});
