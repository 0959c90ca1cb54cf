import { UserError } from '../../model/errors.ts';
import type { Dockerfile, Instruction, Span } from './types.ts';

export type Edit = Span & { readonly text: string };

/**
 * Put each edit's text in place of its span; every other byte stays. The edits may come in any order. Spans that overlap or lie
 * outside the text are a UserError (`edit-overlap`, `edit-outside`). Insertions at one place stand in the order given.
 */
export function editDockerfile(text: string, edits: readonly Edit[]): string {
  // a sort is stable, so that insertions at one place keep their order; one before a replacement that starts there
  const sorted = [...edits].sort((a, b) => a.start - b.start || Number(a.end > a.start) - Number(b.end > b.start));
  let out = '';
  let at = 0;
  for (const edit of sorted) {
    const whole = Number.isInteger(edit.start) && Number.isInteger(edit.end);
    if (!whole || edit.start < 0 || edit.end < edit.start || edit.end > text.length) {
      throw wrong(
        'edit-outside',
        `the edit ${edit.start}–${edit.end} lies outside the text of ${text.length} characters`,
      );
    }
    if (edit.start < at) throw wrong('edit-overlap', `two edits overlap at ${edit.start}`);
    out += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return out + text.slice(at);
}

const wrong = (code: string, message: string) =>
  new UserError({ code, message, next: ['Take the spans from a tree of this very text.'] });

/** The line break that a text uses: that of its first line. */
export const lineBreakOf = (text: string): '\r\n' | '\n' => (/^[^\n]*\r\n/.test(text) ? '\r\n' : '\n');

const withBreaks = (text: string, lineBreak: string) => text.replace(/\r?\n/g, lineBreak);

/** The offset at which the line of an offset begins, a byte order mark left out. */
function lineStart(source: string, at: number): number {
  const start = source.lastIndexOf('\n', at - 1) + 1;
  return start === 0 && source.startsWith('\ufeff') ? 1 : start;
}

/** The offset behind the line break that ends the line of an offset. */
function afterLine(source: string, at: number): number {
  const feed = source.indexOf('\n', at);
  return feed === -1 ? source.length : feed + 1;
}

/** The whole lines of an instruction with the comments that stand directly above it, its last line break included. */
export function spanWithComments(tree: Dockerfile, instruction: Instruction): Span {
  let first = instruction.startLine;
  let start = lineStart(tree.source, instruction.span.start);
  for (const comment of [...instruction.comments].reverse()) {
    if (comment.line !== first - 1) break;
    first = comment.line;
    start = lineStart(tree.source, comment.span.start);
  }
  return { start, end: afterLine(tree.source, instruction.span.end) };
}

/** Put lines after an instruction (behind its heredocs). The text takes the file's line breaks. */
export function insertAfter(tree: Dockerfile, instruction: Instruction, text: string): string {
  const lineBreak = lineBreakOf(tree.source);
  const lines = withBreaks(text, lineBreak);
  const at = afterLine(tree.source, instruction.span.end);
  const closed = at > 0 && tree.source.charAt(at - 1) === '\n';
  const edit = closed ? `${lines}${lineBreak}` : `${lineBreak}${lines}`;
  return editDockerfile(tree.source, [{ start: at, end: at, text: edit }]);
}

/** Put another text in the place of an instruction and its heredocs; comments above it stay. */
export function replaceInstruction(tree: Dockerfile, instruction: Instruction, text: string): string {
  return editDockerfile(tree.source, [{ ...instruction.span, text: withBreaks(text, lineBreakOf(tree.source)) }]);
}

/** Take an instruction out, its heredocs and the comments directly above it too. */
export function removeInstruction(tree: Dockerfile, instruction: Instruction): string {
  return editDockerfile(tree.source, [{ ...spanWithComments(tree, instruction), text: '' }]);
}
