import { HIDDEN_VALUE, isSecretName } from '../model/secret-names.ts';
import { visible, visibleJson } from '../model/visible.ts';
import { type Annotation, annotationLine } from './report/github.ts';
import { commandsIn, escapedAt, inertJson } from './workflow.ts';

// The one place that writes. Whatever comes here may hold text of a project or of an outside program: what a terminal or a build server
// would obey in it is shown as escapes, line breaks too. Callers split text that may have several lines.

/** What the terminal can show, computed once from the environment (https://no-color.org, FORCE_COLOR). */
const env = process.env;
const forced = env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0';
let colored = forced || (env['NO_COLOR'] === undefined && env['TERM'] !== 'dumb' && process.stdout.isTTY === true);
const unicode =
  process.platform !== 'win32'
    ? /utf-?8/i.test(env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || 'utf8')
    : env['WT_SESSION'] !== undefined;

/** Whether what is printed from now on has colors: `--no-color`. */
export const useColor = (wanted: boolean): void => {
  colored = wanted;
};

let random: string | undefined;

/**
 * What stands for the escape character of our own colors until a line is printed. It holds a random value of this process, so that no
 * text of a project can hold it, and every other escape character is shown as one. Without a terminal it is hardly ever needed.
 */
function mark(): string {
  random ??= crypto.randomUUID();
  return `\u001B${random}`;
}

/** The codes that begin and end a format (ECMA-48). */
const formats = {
  bold: ['[1m', '[22m'],
  dim: ['[2m', '[22m'],
  green: ['[32m', '[39m'],
  red: ['[31m', '[39m'],
  yellow: ['[33m', '[39m'],
  cyan: ['[36m', '[39m'],
} as const;
type Format = keyof typeof formats;
const ours: readonly string[] = Object.values(formats).flat();

const paint = (format: Format) => {
  const [on, off] = formats[format];
  return (text: string) => (colored ? `${mark()}${on}${text}${mark()}${off}` : text);
};

export const style = {
  bold: paint('bold'),
  dim: paint('dim'),
  good: paint('green'),
  bad: paint('red'),
  warn: paint('yellow'),
  accent: paint('cyan'),
};

const symbol = (text: string, plain: string) => (unicode ? text : plain);
export const symbols = {
  good: symbol('✓', '+'),
  bad: symbol('✗', 'x'),
  skip: symbol('–', '-'),
  open: symbol('?', '?'),
  arrow: symbol('→', '->'),
  dot: symbol('·', '-'),
  bar: symbol('│', '|'),
} as const;

/** A piece of a line: our own color, and the text behind it as it may be shown. */
type Span = { readonly color: string; readonly text: string };

function spansOf(line: string): readonly Span[] {
  const [first = '', ...rest] = random === undefined ? [line] : line.split(mark());
  const spans = rest.map((piece): Span => {
    const color = ours.find((code) => piece.startsWith(code)) ?? '';
    return { color, text: visible(piece.slice(color.length)) };
  });
  return [{ color: '', text: visible(first) }, ...spans];
}

const textOf = (spans: readonly Span[]): string => spans.map((span) => span.text).join('');

/** Spans in which no build server finds a command, whether it leaves colors out or not. */
function inertSpans(spans: readonly Span[]): readonly Span[] {
  const places = commandsIn(textOf(spans));
  if (places.length === 0) return spans;
  let start = 0;
  return spans.map(({ color, text }) => {
    const own = places.filter((at) => at >= start && at < start + text.length).map((at) => at - start);
    start += text.length;
    return { color, text: escapedAt(text, own) };
  });
}

/** Spans as they are written: our colors, and nothing else that a terminal or a build server obeys. */
const written = (spans: readonly Span[]): string =>
  spans.map(({ color, text }) => `${color === '' ? '' : `\u001B${color}`}${text}`).join('');

const printed = (line: string): string => written(inertSpans(spansOf(line)));

/** How many columns text takes when it is shown, colors left out, as far as its length says. */
const widthOf = (text: string): number => textOf(spansOf(text)).length;

/** A text padded with blanks to a width as it is shown. */
export const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));

/** The longest of some texts as it is shown. */
export const widest = (texts: readonly string[]): number =>
  texts.reduce((most, text) => Math.max(most, widthOf(text)), 0);

const head = (text: string, length: number): string => text.slice(0, Math.max(0, length)).replace(/\p{Cs}$/u, '');

/** A text as it is shown, in no more characters than these; what is left out is an ellipsis. */
export function cut(text: string, most: number): string {
  const whole = visible(text);
  return whole.length > most ? `${head(whole, most - 1)}…` : whole;
}

/** The lines of text that is meant as lines: our own message, what an outside program printed. Colors of the program are left out. */
export const linesOf = (text: string): readonly string[] => uncolored(text).split(/\r?\n/);

/** What an outside program printed, without its colors; what else it sends to a terminal stays, and is shown. */
export const uncolored = (text: string): string => {
  const [first = '', ...rest] = text.split('\u001B[');
  return (
    first + rest.map((piece) => (/^[\d;:]*m/.test(piece) ? piece.replace(/^[\d;:]*m/, '') : `\u001B[${piece}`)).join('')
  );
};

/** Prints a line of the result. */
export const out = (line = ''): void => {
  process.stdout.write(`${printed(line)}\n`);
};

/** Prints a line that is not a result: progress, warnings, errors. */
export const note = (line = ''): void => {
  process.stderr.write(`${printed(line)}\n`);
};

/** Keys of our own documents whose texts name things (`key`, `passwordVariable`); every other one may be the name of a variable. */
const isOurKey = (key: string): boolean => key === 'key' || key.endsWith('Variable');

/** Whether text is under the name of a secret, such as a build argument; a variable in its place is none. */
const isSecretText = (key: string, text: string): boolean =>
  !isOurKey(key) && isSecretName(key) && !text.startsWith('$');

/** The value and the default of whatever is marked as a secret are not printed, nor is text under the name of a secret. */
function withoutSecrets(name: string, value: unknown): unknown {
  if (typeof value === 'string') return isSecretText(name, value) ? HIDDEN_VALUE : value;
  if (typeof value !== 'object' || value === null || !('secret' in value) || value.secret !== true) return value;
  const hidden = ['value', 'default'].filter((key) => Object.hasOwn(value, key));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, hidden.includes(key) ? withoutTexts(item) : item]),
  );
}

/** A value of a variable that holds a secret: the texts and defaults in it are not printed, its variables are. */
function withoutTexts(value: unknown): unknown {
  if (typeof value === 'string') return HIDDEN_VALUE;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      if (key === 'parts' && Array.isArray(item))
        return [key, item.map((part) => (typeof part === 'string' ? part : withoutTexts(part)))];
      return [key, key === 'text' || key === 'default' ? HIDDEN_VALUE : item];
    }),
  );
}

const document = (value: unknown, indent?: number): string =>
  inertJson(visibleJson(JSON.stringify(value, withoutSecrets, indent)));

/** One JSON document as the whole result. Its value is that of `value`; what has no glyph is written as `\uXXXX`. */
export const json = (value: unknown): void => {
  process.stdout.write(`${document(value, 2)}\n`);
};

/** One JSON object on a line of standard error: progress. */
export const jsonNote = (value: unknown): void => {
  process.stderr.write(`${document(value)}\n`);
};

/** Prints an annotation of a workflow run: the one line of ours that GitHub's runner shall obey. */
export const annotate = (annotation: Annotation): void => {
  process.stdout.write(`${annotationLine(annotation)}\n`);
};

export type LiveLine = { readonly show: (line: string) => void; readonly clear: () => void };

/** A line at the end of standard error that the next one takes the place of; undefined without a terminal. */
export function liveLine(): LiveLine | undefined {
  const { stderr } = process;
  if (stderr.isTTY !== true || env['CI'] !== undefined) return undefined;
  let shown = false;
  const clear = () => {
    if (shown) stderr.write('\r\u001B[2K');
    shown = false;
  };
  const show = (line: string) => {
    clear();
    let room = (stderr.columns ?? 80) - 1;
    const spans = inertSpans(spansOf(line)).map(({ color, text }): Span => {
      const part = head(text, room);
      room -= part.length;
      return { color, text: part };
    });
    stderr.write(written(spans));
    shown = true;
  };
  return { show, clear };
}

/** Does something when the reader of the result goes away (`| head`), which is not an error. */
export const onReaderGone = (act: () => void): void => {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') act();
  });
};

/** Whether all that was printed has been passed to its reader. */
export const isWritten = (): boolean => process.stdout.writableLength === 0 && process.stderr.writableLength === 0;

/** Whether somebody can be asked. */
export const interactive = (): boolean =>
  process.stdin.isTTY === true && process.stdout.isTTY === true && env['CI'] === undefined;

/** Each row of a table as its padded cells, and the last one, which is left unchanged. */
function cellsOf(rows: readonly (readonly string[])[], indent: string) {
  const widths: number[] = [];
  for (const row of rows)
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, widthOf(cell));
  return rows.map((row) => ({
    head:
      indent +
      row
        .slice(0, -1)
        .map((cell, index) => `${padded(cell, widths[index] ?? 0)}  `)
        .join(''),
    last: row.at(-1) ?? '',
  }));
}

/** Text cells padded to the width of their column as it is shown; the last column is left unchanged. */
export const columns = (rows: readonly (readonly string[])[], indent = '  '): string[] =>
  cellsOf(rows, indent).map(({ head, last }) => (head + last).trimEnd());

/** As `columns`; in a terminal, each row with the lines that its last column needs there. For sentences: a command must stay on one line to be copied. */
export const wrappedColumns = (rows: readonly (readonly string[])[], indent = '  '): string[][] =>
  cellsOf(rows, indent).map(({ head, last }) => wrapped(head, last, stdoutWidth()));

/** The columns of the terminal that results are printed to; undefined: a file or another program reads them. */
export const stdoutWidth = (): number | undefined =>
  process.stdout.isTTY === true ? process.stdout.columns : undefined;

/** Columns below which a wrapped text would be harder to read than one that the terminal breaks. */
const MIN_WRAPPED_WIDTH = 20;

/** A text behind a head, broken between words so that no line is wider; the lines after the first start below the text. */
export function wrapped(head: string, text: string, width = Number.POSITIVE_INFINITY): string[] {
  const start = widthOf(head);
  if (start + widthOf(text) <= width || width - start < MIN_WRAPPED_WIDTH) return [(head + text).trimEnd()];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && start + widthOf(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line].map((part, index) => ((index === 0 ? head : ' '.repeat(start)) + part).trimEnd());
}

/** Bytes as people read them. */
export const bytes = (value: number): string =>
  value >= 1e9
    ? `${(value / 1e9).toFixed(2)} GB`
    : value >= 1e6
      ? `${(value / 1e6).toFixed(1)} MB`
      : value >= 1e3
        ? `${Math.round(value / 1e3)} kB`
        : `${value} B`;
