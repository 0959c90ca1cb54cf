/** A word with variables in it, as far as it is known where the file stands alone. */
export type Word = {
  /** with the variables filled in */
  readonly text: string;
  /** where the last character of the text comes from: an offset behind it in the file, or a variable whose value is elsewhere */
  readonly tail: number | { readonly name: string };
  /** how much of the end of the text stands in one piece at its tail */
  readonly piece: number;
  /** the variables in it, those of defaults too */
  readonly variables: readonly string[];
};

/** Deeper defaults in defaults are nobody's. */
const DEEPEST = 8;

type Variable = { readonly name: string; readonly fallback: Span | undefined; readonly end: number };
type Span = { readonly start: number; readonly end: number };

/**
 * Reads a word with `$NAME`, `${NAME}` and `${NAME:-default}` between two offsets of a text. `lookup` says what a variable without a default is; undefined:
 * it is not known, and neither is the word.
 */
export function readWord(
  source: string,
  { start, end }: Span,
  lookup: (name: string) => string | undefined,
  depth = 0,
): Word | undefined {
  let text = '';
  let tail: Word['tail'] = start;
  let piece = 0;
  let at = start;
  const variables: string[] = [];
  while (at < end) {
    const dollar = source.indexOf('$', at);
    const stop = dollar === -1 || dollar >= end ? end : dollar;
    if (stop > at) {
      text += source.slice(at, stop);
      [tail, piece, at] = [stop, stop - at, stop];
      continue;
    }
    const variable = variableAt(source, dollar, end);
    if (!variable || depth > DEEPEST) return undefined;
    const { name, fallback } = variable;
    const found: Word | undefined = fallback
      ? readWord(source, fallback, lookup, depth + 1)
      : known(name, lookup(name));
    if (!found) return undefined;
    text += found.text;
    variables.push(name, ...found.variables);
    if (found.text !== '') [tail, piece] = [found.tail, found.piece];
    at = variable.end;
  }
  return { text, tail, piece, variables };
}

const known = (name: string, value: string | undefined): Word | undefined =>
  value === undefined ? undefined : { text: value, tail: { name }, piece: value.length, variables: [] };

/** The variable at a dollar sign; undefined: it is written in a way that says nothing of its value here. */
function variableAt(source: string, dollar: number, end: number): Variable | undefined {
  const isBraced = source[dollar + 1] === '{';
  const start = dollar + (isBraced ? 2 : 1);
  const name = /^\w{1,200}/.exec(source.slice(start, start + 200))?.[0] ?? '';
  const behind = start + name.length;
  if (name === '') return undefined;
  if (!isBraced) return { name, fallback: undefined, end: behind };
  if (source[behind] === '}') return { name, fallback: undefined, end: behind + 1 };
  const operator = source.startsWith(':-', behind) ? 2 : source[behind] === '-' ? 1 : 0;
  const close = closing(source, behind, end);
  if (operator === 0 || close === undefined) return undefined;
  return { name, fallback: { start: behind + operator, end: close }, end: close + 1 };
}

/** The brace that closes the one in front of an offset. */
function closing(source: string, from: number, end: number): number | undefined {
  let open = 1;
  for (let at = from; at < end; at += 1) {
    if (source[at] === '{') open += 1;
    else if (source[at] === '}') open -= 1;
    if (open === 0) return at;
  }
  return undefined;
}
