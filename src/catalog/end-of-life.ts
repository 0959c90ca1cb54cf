/**
 * The days on which versions of images that people build on get their last fixes, as their makers say. Data only; a newer fact is a change of
 * this file and of `asOf`. A version that is not here is not judged. Each day was compared with its `source`: the schedule of nodejs/Release, and the
 * data of endoflife-date/endoflife.date (products/postgresql.md, mysql.md, mariadb.md, mongodb.md, python.md, debian.md, ubuntu.md, alpine-linux.md),
 * which names the page of each maker. Where a maker says a month alone, it is its last day, as for Ubuntu 14.04 and 16.04.
 */

/** The day this was last looked up (ISO). */
export const asOf = '2026-11-20';

export type EndOfLife = {
  /** what it is called */
  readonly title: string;
  /** how many numbers of a version make a line: 1 for 18, 2 for 3.12 */
  readonly parts: 1 | 2;
  /** the last day of each line (ISO) */
  readonly lines: Readonly<Record<string, string>>;
  /** a line that is long supported on the day of `asOf` */
  readonly next: string;
  readonly source: string;
};

/** By the name of the image. */
export const ends: Readonly<Record<string, EndOfLife>> = {
  node: {
    title: 'Node.js',
    parts: 1,
    lines: {
      '8': '2019-12-31',
      '9': '2018-06-30',
      '10': '2021-04-30',
      '11': '2019-06-01',
      '12': '2022-04-30',
      '13': '2020-06-01',
      '14': '2023-04-30',
      '15': '2021-06-01',
      '16': '2023-09-11',
      '17': '2022-06-01',
      '18': '2025-04-30',
      '19': '2023-06-01',
      '20': '2026-04-30',
      '21': '2024-06-01',
      '23': '2025-06-01',
      '25': '2026-06-01',
    },
    next: '24',
    source: 'nodejs/Release, schedule.json',
  },
  postgres: {
    title: 'PostgreSQL',
    parts: 1,
    lines: {
      '9': '2021-11-11',
      '10': '2022-11-10',
      '11': '2023-11-09',
      '12': '2024-11-21',
      '13': '2025-11-13',
      '14': '2026-11-12',
    },
    next: '17',
    source: 'postgresql.org, Versioning Policy (endoflife.date/postgresql)',
  },
  mysql: {
    title: 'MySQL',
    parts: 2,
    lines: {
      '5.5': '2018-12-31',
      '5.6': '2021-02-28',
      '5.7': '2023-10-31',
      '8.0': '2026-04-30',
      // innovation releases end with the next release
      '8.1': '2023-10-25',
      '8.2': '2023-12-14',
      '8.3': '2024-04-10',
      '9.0': '2024-10-15',
      '9.1': '2025-01-21',
      '9.2': '2025-04-15',
      '9.3': '2025-07-22',
      '9.4': '2025-10-21',
      '9.5': '2026-01-20',
      '9.6': '2026-04-21',
    },
    next: '8.4',
    source: 'Oracle Lifetime Support Policy, extended support (endoflife.date/mysql)',
  },
  mariadb: {
    title: 'MariaDB',
    parts: 2,
    lines: {
      '10.2': '2022-05-23',
      '10.3': '2023-05-25',
      '10.4': '2024-06-18',
      '10.5': '2025-06-24',
      '10.6': '2026-07-06',
    },
    next: '11.4',
    source: 'mariadb.org, Maintenance Policy (endoflife.date/mariadb)',
  },
  mongo: {
    title: 'MongoDB',
    parts: 2,
    lines: {
      '3.6': '2021-04-30',
      '4.0': '2022-04-30',
      '4.2': '2023-04-30',
      '4.4': '2024-02-29',
      '5.0': '2024-10-31',
      '6.0': '2025-07-31',
      // rapid releases end with the next release
      '7.1': '2024-01-23',
      '7.2': '2024-03-27',
      '7.3': '2024-10-31',
      '8.1': '2025-09-30',
    },
    next: '8.0',
    source: 'mongodb.com, Software Lifecycle Schedules (endoflife.date/mongodb)',
  },
  python: {
    title: 'Python',
    parts: 2,
    lines: {
      '2.7': '2020-01-01',
      '3.5': '2020-09-30',
      '3.6': '2021-12-23',
      '3.7': '2023-06-27',
      '3.8': '2024-10-07',
      '3.9': '2025-10-31',
      '3.10': '2026-10-31',
    },
    next: '3.13',
    source: 'devguide.python.org, Status of Python versions (endoflife.date/python)',
  },
  debian: {
    title: 'Debian',
    parts: 1,
    lines: { '8': '2020-06-30', '9': '2022-06-30', '10': '2024-06-30', '11': '2026-08-31' },
    next: '13',
    source: 'wiki.debian.org, LTS (endoflife.date/debian)',
  },
  ubuntu: {
    title: 'Ubuntu',
    parts: 2,
    lines: { '14.04': '2019-04-30', '16.04': '2021-04-30', '18.04': '2023-05-31', '20.04': '2025-05-31' },
    next: '24.04',
    source: 'ubuntu.com, Release cycle: standard maintenance (endoflife.date/ubuntu)',
  },
  alpine: {
    title: 'Alpine Linux',
    parts: 2,
    lines: {
      '3.10': '2021-05-01',
      '3.11': '2021-11-01',
      '3.12': '2022-05-01',
      '3.13': '2022-11-01',
      '3.14': '2023-05-01',
      '3.15': '2023-11-01',
      '3.16': '2024-05-23',
      '3.17': '2024-11-22',
      '3.18': '2025-05-09',
      '3.19': '2025-11-01',
      '3.20': '2026-04-01',
      '3.21': '2026-11-01',
    },
    next: '3.23',
    source: 'alpinelinux.org, Releases (endoflife.date/alpine-linux)',
  },
};
