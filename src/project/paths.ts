/** The path in the repository of a file of an app. */
export const pathIn = (root: string, file: string) => (root === '.' ? file : `${root}/${file}`);
