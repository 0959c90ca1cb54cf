/** How a text is laid out, for edits that are to look as if its author had made them: white space and line breaks, and nothing of what it means. */

const isSpace = (char: string | undefined): boolean => char === ' ' || char === '\t';

/** The line break that a text has. */
export const lineBreakOf = (text: string): '\n' | '\r\n' => (text.includes('\r\n') ? '\r\n' : '\n');

/** The white space before the line of an offset. */
export function indentAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return text.slice(start, pastSpaces(text, start, offset));
}

/** The offset of the first character from one on that is neither a space nor a tab, at most `end`. */
export function pastSpaces(text: string, from: number, end = text.length): number {
  let at = from;
  while (at < end && isSpace(text[at])) at += 1;
  return at;
}

/** The offset of the first character from one on that is no white space. */
export function pastBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && (isSpace(text[at]) || text[at] === '\n' || text[at] === '\r')) at += 1;
  return at;
}

/** The offset behind a line break that stands right here; the same offset where none does. */
export function pastLineBreak(text: string, at: number): number {
  if (text.startsWith('\r\n', at)) return at + 2;
  return text[at] === '\n' ? at + 1 : at;
}
