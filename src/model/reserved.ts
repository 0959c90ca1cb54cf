/** What a path may not lie in: the folder of git, whose files start programs, or that of our own state. */
export type Reserved = 'git' | 'state';

/** Code points that HFS+ leaves out when it compares names; the list of git's `utf8.c`. */
const IGNORED = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/**
 * A name as the file systems that fold names see it: no difference of case (macOS, Windows), none of the characters that HFS+ leaves
 * out, and without the stream, dots and blanks that Windows drops at the end.
 */
function folded(name: string): string {
  const [plain = ''] = name.replace(IGNORED, '').toLowerCase().split(':');
  let end = plain.length;
  while (end > 0 && '. '.includes(plain.charAt(end - 1))) end -= 1;
  return plain.slice(0, end);
}

/** The short names (8.3) are those that Windows gives to `.git` and `.dockwright`. */
const names: readonly { readonly name: string; readonly short: RegExp; readonly reserved: Reserved }[] = [
  { name: '.git', short: /^git~\d$/, reserved: 'git' },
  { name: '.dockwright', short: /^dockwr~\d$/, reserved: 'state' },
];

/**
 * Which reserved folder (or `.git` file of a submodule or worktree) a path names or lies in, on any file system; undefined for any other
 * path. A backslash counts as a separator: on Windows it is.
 */
export function reservedIn(path: string): Reserved | undefined {
  for (const segment of path.split(/[/\\]/)) {
    const plain = folded(segment);
    const found = names.find(({ name, short }) => plain === name || short.test(plain));
    if (found) return found.reserved;
  }
  return undefined;
}
