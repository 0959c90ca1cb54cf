import { UserError } from '../../model/errors.ts';
import { type Arguments, readArguments } from './arguments.ts';
import { readDirectives } from './directives.ts';
import { heredocOpenings, type Opening } from './heredoc.ts';
import { stagesOf } from './stages.ts';
import { type JoinedText, joined, type Line, linesOf, part, pieceOf, spanOf, trimmed } from './text.ts';
import type { Comment, Dockerfile, Flag, Heredoc, Instruction, Problem } from './types.ts';
import { problemsOf } from './validate.ts';
import { takeFlags } from './words.ts';

/** The longest line that BuildKit reads, in bytes with its line break. */
const longest = 65_535;

const isComment = (line: Line) => line.text.trimStart().startsWith('#');

/**
 * Read a Dockerfile as BuildKit's parser does, and keep every byte: printDockerfile gives the same text back. Nothing throws:
 * what BuildKit would refuse is in `problems`, each with its line, and the tree holds what was understood.
 */
export function parseDockerfile(source: string): Dockerfile {
  const bom = source.startsWith('\ufeff');
  const lines = linesOf(source).map((line, index) => (index === 0 && bom ? withoutMark(line) : line));
  const { found: directives, escape: mark, refused } = readDirectives(lines);
  const problems: Problem[] = [...refused];
  for (const line of lines) {
    if (line.full.length > longest / 3 && new TextEncoder().encode(line.full).length > longest) {
      problems.push({ line: line.number, message: `the line is longer than ${longest} bytes` });
    }
  }
  const instructions: Instruction[] = [];
  let comments: Comment[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at];
    if (line === undefined) break;
    if (isComment(line)) {
      if (!directives.some((directive) => directive.line === line.number)) comments.push(commentOf(line));
      at += 1;
    } else if (line.text.trim() === '') {
      at += 1;
    } else {
      const read = readInstruction({ source, lines, mark, problems }, at, comments);
      instructions.push(read.instruction);
      comments = [];
      at = read.next;
    }
  }
  const stages = stagesOf(instructions);
  problems.push(...problemsOf(instructions, lines.length));
  problems.sort((a, b) => a.line - b.line);
  return { source, bom, escape: mark, directives, instructions, stages, comments, problems };
}

const withoutMark = (line: Line): Line => ({
  ...line,
  start: line.start + 1,
  full: line.full.slice(1),
  text: line.text.slice(1),
});

function commentOf(line: Line): Comment {
  const text = line.text.trimStart();
  const start = line.start + line.text.length - text.length;
  return { text: text.slice(1).trim(), span: { start, end: line.start + line.text.length }, line: line.number };
}

type Reading = {
  readonly source: string;
  readonly lines: readonly Line[];
  readonly mark: '\\' | '`';
  readonly problems: Problem[];
};

/** The text of a line without the escape character that continues it, or undefined where the line ends the instruction. */
function continued(text: string, mark: string): string | undefined {
  const ending = mark === '\\' ? /(?:([^\\])\\|^\\)[ \t]*$/ : /(?:([^`])`|^`)[ \t]*$/;
  const match = ending.exec(text);
  return match === null ? undefined : text.slice(0, match.index + (match[1]?.length ?? 0));
}

/** The logical line that begins at a physical one: comments and empty lines inside it belong to it and say nothing. */
function logicalLine({ lines, mark }: Reading, first: number) {
  const parts: { start: number; text: string }[] = [];
  const empty: number[] = [];
  let at = first;
  for (; at < lines.length; at += 1) {
    const line = lines[at];
    if (line === undefined) break;
    if (at > first && isComment(line)) continue;
    if (at > first && line.text.trim() === '') {
      empty.push(line.number);
      continue;
    }
    const text = at === first ? line.text.trimStart() : line.text;
    const kept = continued(text, mark);
    parts.push({ start: line.start + line.text.length - text.length, text: kept ?? text });
    if (kept === undefined) {
      at += 1;
      break;
    }
  }
  return { line: joined(parts), start: parts[0]?.start ?? 0, empty, next: at };
}

function readInstruction(reading: Reading, first: number, comments: readonly Comment[]) {
  const { source, lines, problems } = reading;
  const { line, start, empty, next: body } = logicalLine(reading, first);
  const startLine = first + 1;
  const head = readLine(line, reading.mark);
  const innermost = head.inner ?? head;
  if (head.refused !== undefined) problems.push({ line: startLine, message: head.refused });
  let openings: readonly Opening[] = [];
  if (/^(?:RUN|COPY|ADD)$/.test(innermost.keyword) && innermost.form !== 'json' && line.text.includes('<<')) {
    try {
      openings = heredocOpenings(line.text);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push({ line: startLine, message: `the delimiter of a heredoc: ${error.message}` });
    }
  }
  const { heredocs, next } = readHeredocs(reading, openings, body, startLine);
  const last = lines[next - 1];
  const end = last === undefined ? source.length : last.start + last.text.length;
  const place = { span: { start, end }, startLine, endLine: next, heredocs, emptyContinuations: empty };
  const { inner, refused: _, ...rest } = head;
  const instruction: Instruction = { ...rest, ...place, comments, raw: source.slice(start, end) };
  if (inner === undefined) return { instruction, next };
  const { refused: __, inner: ___, ...within } = inner;
  const innerStart = within.keywordSpan.start;
  const trigger = {
    ...within,
    ...place,
    span: { start: innerStart, end },
    comments: [],
    raw: source.slice(innerStart, end),
  };
  return { instruction: { ...instruction, inner: trigger }, next };
}

type Head = Arguments &
  Pick<Instruction, 'keyword' | 'written' | 'keywordSpan' | 'flags' | 'rest'> & { readonly inner?: Head };

/** The keyword, flags and arguments of one logical line. */
function readLine(whole: JoinedText, mark: string): Head {
  const line = trimmed(whole);
  const gap = /[\t\v\f\r ]+/.exec(line.text);
  const word = part(line, 0, gap?.index ?? line.text.length);
  const after = part(line, gap === null ? line.text.length : gap.index + gap[0].length, line.text.length);
  const taken = takeFlags(after, mark);
  const rest = trimmed(taken.rest);
  const keyword = word.text.toUpperCase();
  const head = {
    keyword,
    written: word.text,
    keywordSpan: spanOf(word),
    flags: taken.flags.map(({ text, at }) => flagOf(text, at)),
    rest: pieceOf(rest),
  };
  if (keyword !== 'ONBUILD') return { ...head, ...readArguments(keyword, rest, mark) };
  const none: Arguments = { form: 'none', args: [], pairs: [], brokenJson: false };
  if (rest.text === '') return { ...head, ...none };
  // a trigger of a trigger is refused, and would only nest without end
  const inner = /^onbuild(?![^\t\v\f\r ])/i.test(rest.text)
    ? { ...readLine(part(rest, 0, 'onbuild'.length), mark), rest: pieceOf(rest) }
    : readLine(rest, mark);
  const refused = inner.refused === undefined ? {} : { refused: inner.refused };
  return { ...head, ...none, ...refused, form: 'trigger', args: [pieceOf(rest)], inner };
}

function flagOf(text: string, at: JoinedText): Flag {
  const equals = text.indexOf('=');
  const span = spanOf(at);
  if (equals === -1) return { name: text.slice(2), text, span };
  return { name: text.slice(2, equals), value: text.slice(equals + 1), text, span };
}

function readHeredocs(
  { lines, problems, source }: Reading,
  openings: readonly Opening[],
  from: number,
  startLine: number,
) {
  const heredocs: Heredoc[] = [];
  let at = from;
  for (const opening of openings) {
    const first = at;
    const contentStart = lines[first]?.start ?? source.length;
    let closed: Line | undefined;
    for (; at < lines.length && closed === undefined; at += 1) {
      const line = lines[at];
      if (line === undefined) break;
      const text = opening.chomp ? line.text.replace(/^\t+/, '') : line.text;
      if (text === opening.name) closed = line;
    }
    if (closed === undefined)
      problems.push({ line: startLine, message: `the heredoc ${opening.name} is not terminated` });
    const contentEnd = closed?.start ?? source.length;
    const end = closed === undefined ? source.length : closed.start + closed.text.length;
    heredocs.push({
      ...opening,
      content: source.slice(contentStart, contentEnd),
      contentSpan: { start: contentStart, end: contentEnd },
      span: { start: contentStart, end },
      startLine: first + 1,
      endLine: at,
    });
  }
  return { heredocs, next: at };
}
