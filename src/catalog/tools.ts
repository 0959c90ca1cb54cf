/**
 * Releases of the package managers, as of a date, for projects that name none themselves: the newest release that reads a lockfile of each form
 * without rewriting it, because a frozen install refuses a lockfile that it would rewrite.
 *
 * Source: `npm view NAME versions` on the day of `asOf`. The form that each release writes, and which forms it takes as they are, was tried with
 * the releases themselves.
 */

/** The day this was last looked up (ISO). */
export const asOf = '2026-11-28';

/** By `lockfileVersion` of pnpm-lock.yaml. Release 11 and later write 9.0, too, but need Node.js 22. */
export const pnpmReleases: Readonly<Record<string, string>> = {
  '9.0': '10.34.8',
  '6.1': '8.15.9',
  '6.0': '8.15.9',
  '5.4': '7.33.7',
  '5.3': '6.35.1',
};

/** Taken where there is no lockfile, or one of a form that is not known. */
export const pnpmDefault = '10.34.8';

/** The last release of Yarn 1, which images of Node.js bring up to line 24. */
export const yarnClassic = '1.22.22';

/** By `version` of `__metadata` in yarn.lock, which Yarn 2 and later write. */
export const yarnReleases: Readonly<Record<string, string>> = {
  '10': '4.18.1',
  '9': '4.14.1',
  '8': '4.13.0',
  '6': '3.8.7',
  '5': '3.1.1',
  '4': '3.0.2',
};

/** Form 8 before 4.1.0, whose checksums do not begin with the key of the cache. */
export const yarnPlainChecksums = '4.0.2';

export const yarnDefault = '4.18.1';

/** npm where it is fetched for one command, because the package manager of the project lacks that command. */
export const npmRelease = '11.21.2';
