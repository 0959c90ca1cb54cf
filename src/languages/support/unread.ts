import type { Facts } from '../../model/facts.ts';

/** What is said of a source that could not be read, of any language: `why` says what is wrong with it. */
export const unreadNote = (file: string, line: number, why: string): Facts['notes'][number] => ({
  code: 'source-not-read',
  message: `${file} does not parse: ${why}`,
  from: [{ file, line, why }],
});
