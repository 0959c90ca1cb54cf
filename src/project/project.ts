/** Why a file cannot be read, to follow its name ("is a folder"), and what to do about it. */
export type Obstacle = { readonly is: string; readonly next: string };

/**
 * A read-only view of a user's tree, on disk or in memory. Paths are relative to its root, with `/`, and sorted by code unit,
 * so that the order of files on disk changes nothing. Links that lead out of the root, dependencies (node_modules), `.git` and
 * what the view leaves out as generated are not in it. Everything is read at most once.
 */
export type Project = {
  /** the name of its folder, for an application that nothing else names */
  readonly label: string;
  /** every file of the view; the walk happens at the first call */
  readonly files: () => readonly string[];
  /** whether a file is there; cheaper than `files`, and sees also what the walk leaves out */
  readonly has: (path: string) => boolean;
  /** the text of a file, without a byte order mark; undefined where there is none */
  readonly read: (path: string) => string | undefined;
  readonly bytes: (path: string) => Uint8Array | undefined;
  /** the bytes of a file, without reading it; absent: nobody can tell */
  readonly size?: (path: string) => number | undefined;
  /** what keeps something that is there from being read as a file of the project; undefined where nothing does, or nothing is there */
  readonly obstacle: (path: string) => Obstacle | undefined;
  /** folders with so many files that they hold data: they are not in `files` */
  readonly crowded?: () => readonly string[];
  /** whether git leaves a path out, which a clone then lacks; absent: nothing says */
  readonly leftOut?: (path: string) => boolean;
};
