/**
 * The parser is native and recursive: a text that is nested deep enough ends the whole process, past any `catch`. So what could nest is
 * counted before it is parsed: brackets, and the operators and words between two ends of a statement, of which each may stand inside
 * the one before (`a ? b : c ? …`, `if (a) if (b) …`). Nobody writes what is refused here; it is far from what the parser can take.
 */

const deepest = 3_000;

/** A bracket takes more of the parser's stack than an operator. */
const bracket = 4;

const openers = '([{';
const closers = ')]}';

/** The offset where a text is nested deeper than can be read; undefined: it can be read. */
export function tooDeep(text: string): number | undefined {
  if (isShallow(text)) return undefined;
  // what stands open at each level of brackets, and all of it together
  let level = 0;
  let total = 0;
  const around: number[] = [];
  const end = (): void => {
    total -= level;
    level = 0;
  };
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (isBlank(char)) continue;
    const past = skipped(text, at);
    if (past !== at) {
      at = past - 1;
      continue;
    }
    if (openers.includes(char)) {
      around.push(level);
      total += bracket;
      level = 0;
    } else if (closers.includes(char)) {
      end();
      const before = around.pop();
      if (before !== undefined) total -= bracket;
      level = before ?? 0;
    }
    if (char === ',' || char === ';' || char === '}') {
      if (!/^\s*else\b/.test(text.slice(at + 1, at + 60))) end();
    } else if (!openers.includes(char) && !closers.includes(char)) {
      const word = wordEnd(text, at);
      if (word > at && startsStatement(text, at)) end();
      level += 1;
      total += 1;
      at = Math.max(at, word - 1);
    }
    if (total > deepest) return at;
  }
  return undefined;
}

/** A text that could not be too deep if every word and mark of it stood inside the one before: most of them, and quickly said. */
const isShallow = (text: string): boolean =>
  text.length * bracket <= deepest ||
  (text.length <= deepest * bracket &&
    (text.match(/[([{]/g)?.length ?? 0) * bracket + (text.match(/[\w$]+|[^\w$ \n\t\r]/g)?.length ?? 0) <= deepest);

const isBlank = (char: string): boolean => char === ' ' || char === '\n' || char === '\t' || char === '\r';

/** The offset behind a comment or a text in quotes that begins here; the same offset where none does. */
function skipped(text: string, at: number): number {
  const char = text[at];
  if (char === '/' && text[at + 1] === '/') return until(text, '\n', at);
  if (char === '/' && text[at + 1] === '*') return until(text, '*/', at);
  if (char !== '"' && char !== "'") return at;
  for (let next = at + 1; next < text.length && text[next] !== '\n'; next += 1) {
    if (text[next] === '\\') next += 1;
    else if (text[next] === char) return next + 1;
  }
  // a quote of prose, or in a regular expression
  return at;
}

function until(text: string, mark: string, at: number): number {
  const found = text.indexOf(mark, at + 2);
  return found === -1 ? text.length : found + mark.length;
}

const word = /[\w$]*/y;

function wordEnd(text: string, at: number): number {
  word.lastIndex = at;
  word.test(text);
  return word.lastIndex;
}

/** Whether a word is the first of its line and the line before does not go on: semicolons may be left out. */
function startsStatement(text: string, at: number): boolean {
  let before = at - 1;
  let broken = false;
  while (before >= 0 && isBlank(text[before] ?? '')) {
    broken ||= text[before] === '\n';
    before -= 1;
  }
  return (
    broken &&
    /[\w$'"`\]]/.test(text[before] ?? '') &&
    !/^(else|in|instanceof|as|satisfies|of)\b/.test(text.slice(at, at + 12))
  );
}
