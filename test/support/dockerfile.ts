/** What tests do with a Dockerfile that was read: as its reader prints and expands it, and as somebody with an editor changes it. */
import { lex } from '../../src/formats/dockerfile/lex.ts';
import type { Dockerfile, Instruction } from '../../src/formats/dockerfile/types.ts';

/** The text of a tree, put together from its parts: byte for byte what it was made from. */
export function printed(tree: Dockerfile): string {
  let out = '';
  let at = 0;
  for (const one of tree.instructions) {
    out += tree.source.slice(at, one.span.start) + one.raw;
    at = one.span.end;
  }
  return out + tree.source.slice(at);
}

/** A word as BuildKit takes it, with the variables of `env` put in. */
export const expanded = (word: string, env: Readonly<Record<string, string>>, mark = '\\'): string =>
  lex(word, env, { escape: mark }).value;

/** Another text in the place of an instruction. */
export const replaced = ({ source }: Dockerfile, { span }: Instruction, text: string): string =>
  source.slice(0, span.start) + text + source.slice(span.end);

/** Without the lines of an instruction and the comments directly above it. */
export function removed({ source }: Dockerfile, { span, startLine, comments }: Instruction): string {
  const lineStart = (at: number): number => {
    const start = source.lastIndexOf('\n', at - 1) + 1;
    return start === 0 && source.startsWith('\ufeff') ? 1 : start;
  };
  let first = startLine;
  let start = lineStart(span.start);
  for (const comment of [...comments].reverse()) {
    if (comment.line !== first - 1) break;
    first = comment.line;
    start = lineStart(comment.span.start);
  }
  const feed = source.indexOf('\n', span.end);
  return source.slice(0, start) + (feed === -1 ? '' : source.slice(feed + 1));
}
