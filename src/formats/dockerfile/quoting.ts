/** A list of arguments as the JSON form of an instruction. */
export const jsonForm = (argv: readonly string[]): string => `[${argv.map((word) => JSON.stringify(word)).join(', ')}]`;

/** A list of arguments as the words of a POSIX shell: plain where nothing in a word means anything, else in single quotes. */
export const quoteShell = (argv: readonly string[]): string =>
  argv.map((word) => (/^[A-Za-z0-9_./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');

/** A value of ENV, ARG or LABEL that BuildKit reads back exactly: in double quotes where something in it would be expanded or split. */
export function quoteEnvValue(value: string): string {
  if (/^[A-Za-z0-9_./:@%+,-]+$/.test(value)) return value;
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('$', '\\$').replaceAll('\n', ' ')}"`;
}
