/** Whether a version is of a major line or a later one; where it is not known or a word, it is taken for the newest. */
export const isAtLeast = (line: number, version: string | undefined): boolean =>
  !(Number.parseInt(version ?? '', 10) < line);
