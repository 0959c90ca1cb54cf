/** The words of a name or of a path, in lower case: `requireUser`, `require-user` and `/require/user` have the same two. */
export const wordsOfName = (name: string): readonly string[] =>
  (name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? []).map((word) => word.toLowerCase());
