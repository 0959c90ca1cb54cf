import type { InstructionPart, Span } from './types.ts';

/** White space as Go's unicode package has it: what BuildKit trims. */
const space = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

export const isSpace = (character: string): boolean => space.test(character);

/** One physical line: `text` without its line break, `full` with it. */
export type Line = { readonly number: number; readonly start: number; readonly full: string; readonly text: string };

/** Cut a text at its line feeds. A carriage return alone breaks no line; before the line feed it belongs to the break. */
export function linesOf(source: string): readonly Line[] {
  const lines: Line[] = [];
  for (let start = 0; start < source.length; ) {
    const feed = source.indexOf('\n', start);
    const end = feed === -1 ? source.length : feed + 1;
    const full = source.slice(start, end);
    lines.push({ number: lines.length + 1, start, full, text: full.replace(/(?<![\r\n])[\r\n]+$/, '') });
    start = end;
  }
  return lines;
}

/** A text put together from pieces of the source, which knows for each character where it came from. */
export type JoinedText = { readonly text: string; readonly offsets: readonly number[]; readonly end: number };

/** Put pieces of one source together: each is a start offset and a text. */
export function joined(parts: readonly { readonly start: number; readonly text: string }[]): JoinedText {
  const offsets: number[] = [];
  for (const part of parts) for (let at = 0; at < part.text.length; at += 1) offsets.push(part.start + at);
  const last = parts.at(-1);
  return { text: parts.map((part) => part.text).join(''), offsets, end: last ? last.start + last.text.length : 0 };
}

/** A part of a joined text that still knows where it came from. */
export function part(of: JoinedText, from: number, to: number): JoinedText {
  const last = of.offsets[to - 1];
  const end = last === undefined || to <= from ? (of.offsets[from] ?? of.end) : last + 1;
  return { text: of.text.slice(from, to), offsets: of.offsets.slice(from, to), end };
}

export function trimmed(of: JoinedText): JoinedText {
  let from = 0;
  let to = of.text.length;
  while (from < to && isSpace(of.text.charAt(from))) from += 1;
  while (to > from && isSpace(of.text.charAt(to - 1))) to -= 1;
  return part(of, from, to);
}

export const spanOf = (of: JoinedText): Span => ({ start: of.offsets[0] ?? of.end, end: of.end });

export const pieceOf = (of: JoinedText): InstructionPart => ({ text: of.text, span: spanOf(of) });

/** Split at runs of white space as BuildKit's lists are: an empty text has no piece; a line feed does not split. */
export function splitWords(of: JoinedText): readonly JoinedText[] {
  if (of.text === '') return [];
  const words: JoinedText[] = [];
  let from = 0;
  for (const gap of of.text.matchAll(/[\t\v\f\r ]+/g)) {
    words.push(part(of, from, gap.index));
    from = gap.index + gap[0].length;
  }
  return [...words, part(of, from, of.text.length)];
}
