/** Which tags an image gets: one table, for `tag`, for `push` and for the workflow. */

/** What is known of the commit that an image is made from. */
export type Tagged = {
  /** hex digits; undefined: there is no repository, or no commit yet */
  readonly commit: string | undefined;
  readonly dirty: boolean;
  /** undefined: HEAD is a commit by itself */
  readonly branch?: string | undefined;
  /** what the manifest says */
  readonly version?: string | undefined;
  /** the git tags of HEAD itself */
  readonly gitTags: readonly string[];
  /** every git tag of the repository: a version below the newest of them is a back-port */
  readonly allTags: readonly string[];
  /** what the application is called, for tags such as api@1.2.0; undefined: the repository holds one */
  readonly app?: string | undefined;
  /** whether `latest` is asked for */
  readonly latest: boolean;
};

/** The tags of an image without its name, or the two versions that contradict each other. */
export type TagTable =
  | {
      readonly tags: readonly string[];
      /** the one of them that is the version, which is moved nowhere */
      readonly version: string | undefined;
      /** what was left out, and why: a sentence each */
      readonly leftOut: readonly string[];
    }
  | { readonly conflict: { readonly gitTag: string; readonly manifest: string } };

/** Digits of a commit in a tag: enough for any repository. */
const DIGITS = 12;

/** A tag of an image is no longer than this (the specification of distribution, "Pulling manifests"). */
const LONGEST = 128;

/** A text as a tag: signs that none may have are dashes, and none begins with a dot or a dash. */
export const asTag = (text: string): string =>
  text
    .replace(/[^A-Za-z0-9_.-]/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, LONGEST);

/** A semantic version (semver.org), as its numbers and whether it is a pre-release. What was built from it (`+…`) says nothing about its order. */
export function semantic(text: string): { readonly numbers: readonly number[]; readonly isFinal: boolean } | undefined {
  const [version = '', ...build] = text.split('+');
  const [core = '', ...rest] = version.split('-');
  const parts = core.split('.');
  if (parts.length !== 3 || build.length > 1 || !parts.every((part) => /^(?:0|[1-9]\d{0,14})$/.test(part)))
    return undefined;
  const identifiers = rest.length === 0 ? [] : rest.join('-').split('.');
  if (![...identifiers, ...(build[0]?.split('.') ?? [])].every((part) => /^[0-9A-Za-z-]+$/.test(part)))
    return undefined;
  return { numbers: parts.map(Number), isFinal: rest.length === 0 };
}

/** The version that a git tag names: `v1.2.0`, `1.2.0`, and of one of several applications `api@1.2.0`, `api-v1.2.0` or `api/v1.2.0`. */
export function versionOfTag(tag: string, app?: string): string {
  const own = app === undefined ? undefined : ['@', '-', '/'].find((sign) => tag.startsWith(`${app}${sign}`));
  const rest = own === undefined || app === undefined ? tag : tag.slice(app.length + own.length);
  return /^v\d/.test(rest) ? rest.slice(1) : rest;
}

const isBelow = (item: readonly number[], other: readonly number[]): boolean => {
  const at = item.findIndex((number, index) => number !== other[index]);
  return at !== -1 && (item[at] ?? 0) < (other[at] ?? 0);
};

/** A final version by its numbers, as a manifest may have it with fewer of them. */
const finalNumbers = (version: string): readonly number[] | undefined => {
  const found = semantic(version);
  if (found) return found.isFinal ? found.numbers : undefined;
  const parts = version.split('.');
  return parts.length < 3 && parts.every((part) => /^\d{1,15}$/.test(part))
    ? [...parts.map(Number), 0, 0].slice(0, 3)
    : undefined;
};

/** The tags of an image. The first is the commit, and names it alone. */
export function tagsOf(known: Tagged): TagTable {
  const { commit, dirty, branch, gitTags, app } = known;
  const short = commit?.slice(0, DIGITS);
  if (dirty) {
    const leftOut = [
      'The version and branch tags are left out: the working tree differs from the commit.',
      ...(known.latest ? ['latest is left out for the same reason.'] : []),
    ];
    return { tags: [`${short ?? 'uncommitted'}-dirty`], version: undefined, leftOut };
  }
  const versions = gitTags.filter(
    (tag) => semantic(versionOfTag(tag, app)) || versionOfTag(tag, app) === known.version,
  );
  const agreeing = versions.find((tag) => versionOfTag(tag, app) === known.version);
  const [other] = agreeing === undefined && known.version !== undefined ? versions : [];
  if (other !== undefined && known.version !== undefined)
    return { conflict: { gitTag: other, manifest: known.version } };
  // of a commit that was promoted the final version counts
  const carried = agreeing ?? versions.find((tag) => semantic(versionOfTag(tag, app))?.isFinal) ?? versions[0];
  const stated = carried === undefined ? known.version : versionOfTag(carried, app);
  const version = stated === undefined ? '' : asTag(stated);
  const why = whyNotLatest(known, stated);
  const named = branch === undefined ? undefined : branchTag(branch, version);
  const tags = [
    ...(short === undefined ? [] : [short]),
    ...(version === '' || isTaken(version) ? [] : [version]),
    ...(named?.tag === undefined ? [] : [named.tag]),
    ...(known.latest && why === undefined ? ['latest'] : []),
  ];
  const leftOut = [
    ...(named?.why === undefined ? [] : [named.why]),
    ...(known.latest && why !== undefined ? [`latest is left out: ${why}.`] : []),
  ];
  return { tags: [...new Set(tags)], version: tags.includes(version) ? version : undefined, leftOut };
}

/** Names that mean something else: what only `--latest` moves. */
const isTaken = (tag: string): boolean => tag === 'latest';

/** The tag of a branch, or why it has none: it would be taken for a version, a commit or `latest`. */
function branchTag(branch: string, version: string): { readonly tag?: string; readonly why?: string } {
  const tag = asTag(branch);
  const means = isTaken(tag)
    ? 'would move latest'
    : /^[0-9a-f]{7,64}$/.test(tag)
      ? 'would be taken for a commit'
      : tag === version || semantic(versionOfTag(tag))
        ? 'would be taken for a version'
        : undefined;
  if (tag === '') return { why: `The branch ${branch} is left out: it has no characters that are valid in a tag.` };
  return means === undefined ? { tag } : { why: `The branch ${branch} is left out: its tag ${means}.` };
}

/** Why `latest` stays where it is; undefined: it may be moved. */
function whyNotLatest({ gitTags, allTags, app }: Tagged, version: string | undefined): string | undefined {
  if (gitTags.length > 0 && !gitTags.some((tag) => versionOfTag(tag, app) === version))
    return `the git tag ${gitTags[0]} is not a version`;
  if (version === undefined) return undefined;
  const numbers = finalNumbers(version);
  if (!numbers) return `${version} is a pre-release, or not a version of three numbers`;
  const newer = allTags.find((tag) => {
    const found = semantic(versionOfTag(tag, app));
    return found?.isFinal && isBelow(numbers, found.numbers);
  });
  return newer === undefined ? undefined : `${version} is below ${newer}, which is newer`;
}
