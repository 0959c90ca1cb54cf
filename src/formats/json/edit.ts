import { applyEdits, modify } from 'jsonc-parser';

/** One value at a path of a JSON text; `undefined` takes the key away. */
export type JsonChange = { readonly path: readonly (string | number)[]; readonly value: unknown };

/** The one span in which two texts differ: what is outside of it stays as it is. */
export type Difference = { readonly start: number; readonly end: number; readonly text: string };

/** Changes values of a JSON text and leaves everything else as it was written: indentation, order, comments. */
export function editJson(text: string, changes: readonly JsonChange[]): string {
  const indent = /^([ \t]+)"/m.exec(text)?.[1] ?? '  ';
  const formattingOptions = {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
  return changes.reduce(
    (so, { path, value }) => applyEdits(so, modify(so, [...path], value, { formattingOptions })),
    text,
  );
}

/** Where a text differs from what it is to become; undefined: nowhere. */
export function differenceOf(before: string, after: string): Difference | undefined {
  if (before === after) return undefined;
  let start = 0;
  while (start < before.length && before[start] === after[start]) start += 1;
  let end = 0;
  const limit = Math.min(before.length, after.length) - start;
  while (end < limit && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  return { start, end: before.length - end, text: after.slice(start, after.length - end) };
}
