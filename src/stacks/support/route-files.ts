/** The parts of a path that a file answers by where it lies: a folder in round brackets groups files, and is no part of the path. */
export const withoutGroups = (path: string): readonly string[] =>
  path.split('/').filter((part) => !(part.startsWith('(') && part.endsWith(')')));
