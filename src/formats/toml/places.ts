type Path = readonly (string | number)[];
type Row = { readonly path: Path; readonly line: number };

/**
 * Where the keys and tables of a TOML text stand: the parser tells no places. The text has to be one that it reads. The line (1-based)
 * of a part; where it has no line of its own, as in an inline table, that of the nearest part around it; undefined where there is none.
 */
export function placesOf(text: string): (path: Path) => number | undefined {
  const rows = rowsOf(text);
  return (path) => {
    for (let length = path.length; length > 0; length -= 1) {
      const part = path.slice(0, length);
      const row = rows.find((row) => part.every((key, index) => String(row.path[index]) === String(key)));
      if (row) return row.line;
    }
    return undefined;
  };
}

/** A key, plain or in quotes, and the dot or the end behind it. */
const keyPart = /[ \t]*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([\w-]+))[ \t]*(\.?)/y;

function rowsOf(text: string): readonly Row[] {
  const rows: Row[] = [];
  const counts = new Map<string, number>();
  let table: Path = [];
  let line = 1;
  let at = 0;
  while (at < text.length) {
    const start = /[^\s]/g;
    start.lastIndex = at;
    const begin = start.exec(text)?.index ?? text.length;
    line += breaks(text, at, begin);
    if (text[begin] === '#' || begin === text.length) {
      at = skipValue(text, begin);
      continue;
    }
    const list = text.startsWith('[[', begin);
    const header = text[begin] === '[';
    const { keys, end } = keysAt(text, begin + (list ? 2 : header ? 1 : 0));
    if (header) {
      table = inLists(keys, list, counts);
      rows.push({ path: table, line });
    } else rows.push({ path: [...table, ...keys], line });
    at = Math.max(header ? lineEnd(text, end) : skipValue(text, end), begin + 1);
    line += breaks(text, begin, at);
  }
  return rows;
}

function keysAt(text: string, from: number): { readonly keys: readonly string[]; readonly end: number } {
  const keys: string[] = [];
  keyPart.lastIndex = from;
  let end = from;
  for (let found = keyPart.exec(text); found; found = keyPart.exec(text)) {
    keys.push(found[1] ?? found[2] ?? found[3] ?? '');
    end = keyPart.lastIndex;
    if (found[4] === '') break;
  }
  return { keys, end };
}

/** The path of a header: a name of a list of tables stands for the last of them, and `[[name]]` begins another. */
function inLists(keys: readonly string[], list: boolean, counts: Map<string, number>): Path {
  const path: (string | number)[] = [];
  for (const [index, key] of keys.entries()) {
    path.push(key);
    const name = JSON.stringify(path);
    const last = list && index === keys.length - 1;
    if (last) counts.set(name, (counts.get(name) ?? -1) + 1);
    const count = counts.get(name);
    if (count !== undefined) path.push(count);
  }
  return path;
}

/** Strings of several lines, strings of one, comments, brackets, line ends, and what stands between them. */
const pieces =
  /"""(?:[^\\]|\\[\s\S])*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|#[^\n]*|[[\]{}\n]|[^"'#[\]{}\n]+|["']/gy;

/** The end of a value: the line end that stands in no text and between no brackets. */
function skipValue(text: string, from: number): number {
  let depth = 0;
  pieces.lastIndex = from;
  for (let piece = pieces.exec(text); piece; piece = pieces.exec(text)) {
    if ('[{'.includes(piece[0])) depth += 1;
    else if (']}'.includes(piece[0])) depth -= 1;
    else if (piece[0] === '\n' && depth <= 0) return piece.index;
  }
  return text.length;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

function breaks(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
