/**
 * What stands in the files of a site for the value of a variable until the container starts: signs that no minifier, no address and no page changes. `start`
 * is how each begins.
 */
export const valueMarks = {
  start: '__DOCKWRIGHT_',
  of: (name: string): string => `__DOCKWRIGHT_${name}__`,
} as const;
