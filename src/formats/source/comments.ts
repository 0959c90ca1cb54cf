import type { Comment, Source } from './types.ts';

/**
 * The words of a comment about what starts at `offset`: the block or lines right above it, or else the comment behind it on its own line.
 * Marks for tools (`eslint-…`, `@ts-…`, `biome-ignore`) are no words about it.
 */
export function commentAt(source: Source, offset: number): string | undefined {
  const line = source.line(offset);
  return above(source, line) ?? behind(source, line, offset);
}

function above(source: Source, line: number): string | undefined {
  const lines: string[] = [];
  let next = line;
  for (let at = source.comments.length - 1; at >= 0; at -= 1) {
    const comment = source.comments[at];
    if (!comment) break;
    const ends = source.line(comment.end);
    if (ends >= next) continue;
    if (ends !== next - 1 || !startsItsLine(source, comment)) break;
    if (lines.length > 0 && comment.type === 'Block') break;
    lines.unshift(words(comment));
    if (comment.type === 'Block') break;
    next = source.line(comment.start);
  }
  return clean(lines);
}

function behind(source: Source, line: number, offset: number): string | undefined {
  const comment = source.comments.find((comment) => comment.start > offset && source.line(comment.start) === line);
  if (!comment) return undefined;
  const next = source.sourceText.indexOf('\n', comment.end);
  if (source.sourceText.slice(comment.end, next === -1 ? undefined : next).trim() !== '') return undefined;
  return clean([words(comment)]);
}

const startsItsLine = (source: Source, comment: Comment): boolean => {
  const start = source.sourceText.lastIndexOf('\n', comment.start - 1) + 1;
  return source.sourceText.slice(start, comment.start).trim() === '';
};

const words = (comment: Comment): string =>
  comment.value
    .split('\n')
    .map((line) => line.replace(/^\s*[*/|]*\s?/, '').trim())
    // a line that is drawn is no word
    .filter((value) => !/^[-=*#~_+|]{3,}$/.test(value))
    .filter((value) => !value.startsWith('@'))
    .join(' ')
    .trim();

function clean(lines: readonly string[]): string | undefined {
  const text = lines
    .filter((line) => !/^(eslint|biome|prettier|oxlint|tslint|@ts-|#region|#endregion|c8|v8|istanbul)/.test(line))
    .filter((line) => /\p{L}/u.test(line) && !/^(TODO|FIXME|XXX|HACK)\b/.test(line))
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();
  return text === '' ? undefined : text;
}
