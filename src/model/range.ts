import { minVersion, type SemVer, validRange } from 'semver';

/** The lowest release that a range of package.json takes; undefined: a tag, an address, or nothing. */
export const leastOf = (range: string | undefined): SemVer | undefined =>
  range !== undefined && validRange(range) !== null ? (minVersion(range) ?? undefined) : undefined;
