import { styleText } from 'node:util';

/** What the terminal can show, worked out once from the environment (https://no-color.org, FORCE_COLOR). */
const env = process.env;
const forced = env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0';
let colored = forced || (env['NO_COLOR'] === undefined && env['TERM'] !== 'dumb' && process.stdout.isTTY === true);
const unicode =
  process.platform !== 'win32'
    ? /utf-?8/i.test(env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || 'utf8')
    : env['WT_SESSION'] !== undefined;

/** `--no-color`. */
export const withoutColor = (): void => {
  colored = false;
};

type Format = Parameters<typeof styleText>[0];
const paint = (format: Format) => (text: string) =>
  colored ? styleText(format, text, { validateStream: false }) : text;

export const style = {
  bold: paint('bold'),
  dim: paint('dim'),
  good: paint('green'),
  bad: paint('red'),
  warn: paint('yellow'),
  accent: paint('cyan'),
};

const mark = (text: string, plain: string) => (unicode ? text : plain);
export const symbols = {
  good: mark('✓', '+'),
  bad: mark('✗', 'x'),
  skip: mark('–', '-'),
  open: mark('?', '?'),
  arrow: mark('→', '->'),
  dot: mark('·', '-'),
  bar: mark('│', '|'),
} as const;

/** Prints a line of the result. */
export const out = (line = ''): void => {
  process.stdout.write(`${line}\n`);
};

/** Prints a line that is no result: progress, warnings, errors. */
export const note = (line = ''): void => {
  process.stderr.write(`${line}\n`);
};

/** One JSON document as the whole result. */
export const json = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
};

/** Whether somebody can be asked. */
export const interactive = (): boolean =>
  process.stdin.isTTY === true && process.stdout.isTTY === true && env['CI'] === undefined;

/** Text cells padded to the width of their column; the last column is left as it is. */
export function columns(rows: readonly (readonly string[])[], indent = '  '): string[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  return rows.map(
    (row) =>
      indent +
      row
        .map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0)))
        .join('  ')
        .trimEnd(),
  );
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
