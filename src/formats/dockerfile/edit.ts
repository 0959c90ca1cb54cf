import type { Dockerfile, Instruction } from './types.ts';

/** The offset behind the line break that ends the line of an offset. */
function afterLine(source: string, at: number): number {
  const feed = source.indexOf('\n', at);
  return feed === -1 ? source.length : feed + 1;
}

/** Put lines after an instruction (behind its heredocs). The text takes the file's line breaks; every other byte stays. */
export function insertAfter({ source }: Dockerfile, instruction: Instruction, text: string): string {
  // that of the first line
  const [first = ''] = source.split('\n', 1);
  const lineBreak = source.length > first.length && first.endsWith('\r') ? '\r\n' : '\n';
  const lines = text.replace(/\r?\n/g, lineBreak);
  const at = afterLine(source, instruction.span.end);
  const closed = at > 0 && source.charAt(at - 1) === '\n';
  return source.slice(0, at) + (closed ? `${lines}${lineBreak}` : `${lineBreak}${lines}`) + source.slice(at);
}
