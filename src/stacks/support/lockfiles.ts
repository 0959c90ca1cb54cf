import { posix } from 'node:path';
import { satisfies, valid, validRange } from 'semver';
import { isTable } from '../../project/data.ts';
import type { Locked } from '../contract.ts';

/** The folder of an app as a lockfile names it: from the folder that the lockfile lies in; '' for that folder itself. */
export const folderIn = (lockfile: string, root: string): string => posix.relative(posix.dirname(lockfile), root);

/** The texts of a table of texts; others are left out. */
export const textsOf = (value: unknown): Readonly<Record<string, string>> =>
  isTable(value)
    ? Object.fromEntries(
        Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
      )
    : {};

/** The groups of package.json that an install resolves; of a name that stands in several the later one counts. */
export const groups = ['devDependencies', 'dependencies', 'optionalDependencies'] as const;

/** All ranges of an entry that holds the groups of package.json. */
export const rangesOf = (entry: unknown): Readonly<Record<string, string>> =>
  isTable(entry) ? Object.assign({}, ...groups.map((group) => textsOf(entry[group]))) : {};

/** Whether a release lies in a range; undefined where one of them is none: a folder, an address, a tag. */
export const within = (release: string | undefined, range: string): boolean | undefined =>
  release === undefined || valid(release) === null || validRange(range) === null
    ? undefined
    : satisfies(release, range, { includePrerelease: true });

/** A lockfile whose install is refused as soon as a range is not written as in package.json. */
export const literally = (ranges: Readonly<Record<string, string>>, excused: ReadonlySet<string>): Locked => ({
  names: Object.keys(ranges),
  wrong: (name, range) => {
    const has = Object.hasOwn(ranges, name) ? ranges[name] : undefined;
    if (has === range || excused.has(name)) return undefined;
    return has === undefined ? 'it is not in there' : `in there it is ${has}`;
  },
});
