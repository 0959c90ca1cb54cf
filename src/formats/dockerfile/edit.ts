import type { Dockerfile, Instruction, Stage } from './types.ts';

/** Offsets are UTF-16 units of the text that was parsed. */
export type DockerfileEdit = { readonly start: number; readonly end: number; readonly text: string };

/** The offset behind the line break that ends the line of an offset. */
function afterLine(source: string, at: number): number {
  const feed = source.indexOf('\n', at);
  return feed === -1 ? source.length : feed + 1;
}

/** The text with the line breaks of the first line of a file. */
function withBreaksOf(source: string, text: string): { readonly lines: string; readonly lineBreak: string } {
  const [first = ''] = source.split('\n', 1);
  const lineBreak = source.length > first.length && first.endsWith('\r') ? '\r\n' : '\n';
  return { lines: text.replace(/\r?\n/g, lineBreak), lineBreak };
}

/** Lines behind an instruction (behind its heredocs), with the line breaks of the file. */
export function linesAfter({ source }: Dockerfile, instruction: Instruction, text: string): DockerfileEdit {
  const { lines, lineBreak } = withBreaksOf(source, text);
  const at = afterLine(source, instruction.span.end);
  const closed = at > 0 && source.charAt(at - 1) === '\n';
  return { start: at, end: at, text: closed ? `${lines}${lineBreak}` : `${lineBreak}${lines}` };
}

/** Put lines after an instruction (behind its heredocs). The text takes the file's line breaks; every other byte stays. */
export function insertAfter(tree: Dockerfile, instruction: Instruction, text: string): string {
  const { start, text: lines } = linesAfter(tree, instruction, text);
  return tree.source.slice(0, start) + lines + tree.source.slice(start);
}

/** Lines in front of a stage, and of the comments right above it. What stands at the top of the file is no comment on its first stage. */
export function linesBeforeStage({ source, instructions }: Dockerfile, { from }: Stage, text: string): DockerfileEdit {
  let line = from.startLine;
  let at = from.span.start;
  for (const comment of instructions[0] === from ? [] : from.comments.toReversed()) {
    if (comment.line !== line - 1) break;
    line = comment.line;
    at = comment.span.start;
  }
  const start = source.lastIndexOf('\n', at - 1) + 1;
  const { lines, lineBreak } = withBreaksOf(source, text);
  return { start, end: start, text: `${lines}${lineBreak}${lineBreak}` };
}

/**
 * One more source of a COPY that puts files into a folder, behind one that it has; undefined: it renames a file, has no such source, or is in the JSON
 * form. `added` is written as `formatInstruction` writes a path.
 */
export function sourceBeside({ args, form }: Instruction, source: string, added: string): DockerfileEdit | undefined {
  const to = args.at(-1)?.text ?? '';
  const isFolder = args.length > 2 || /(^|\/)\.{0,2}$/.test(to);
  const beside = args.slice(0, -1).find(({ text }) => text.replace(/^(\.?\/)+/, '') === source);
  if (!isFolder || !beside || form !== 'words' || /\s/.test(added)) return undefined;
  const prefix = beside.text.slice(0, beside.text.length - source.length);
  return { start: beside.span.end, end: beside.span.end, text: ` ${prefix}${added}` };
}
