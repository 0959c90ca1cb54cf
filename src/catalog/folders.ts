/**
 * Folders of a project by name, for all languages: what is installed there, and what nobody wrote. Data only; a language adds its names.
 */

/** Packages that a package manager installs. They are no part of a project: nothing in them is read, copied or started. */
export const packageFolders: readonly string[] = ['node_modules'];

/** Folders that hold nothing an author wrote: packages, version control, caches. They are never walked. */
export const skippedFolders: readonly string[] = [
  ...packageFolders,
  '.git',
  '.next',
  '.turbo',
  '.cache',
  'coverage',
  '.venv',
  '__pycache__',
];
