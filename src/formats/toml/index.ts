import { parse } from 'smol-toml';

type Path = readonly (string | number)[];

/** A TOML text, read: its value, and the line (1-based) where a part stands. */
export type Toml = { readonly value: unknown; readonly line: (path: Path) => number | undefined };

/** Reads TOML; undefined where it is none. */
export function parseToml(text: string): Toml | undefined {
  try {
    return { value: parse(text), line: (path) => lineOf(text, path) };
  } catch {
    return undefined;
  }
}

/** The parser gives no places: the line is that of the key in its table, or else that of the table. */
function lineOf(text: string, path: Path): number | undefined {
  const key = String(path.at(-1));
  const wanted = path.slice(0, -1).join('.');
  let table = '';
  let header: number | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line.startsWith('[')) {
      table = line.replace(/^\[+|\].*$/g, '').replaceAll(/["'\s]/g, '');
      if (table === wanted || table === path.join('.')) header ??= index + 1;
      continue;
    }
    const name = line.split('=')[0]?.replaceAll(/["'\s]/g, '');
    if (table === wanted && (name === key || name?.startsWith(`${key}.`))) return index + 1;
    if (table === '' && name === path.join('.')) return index + 1;
  }
  return header;
}
