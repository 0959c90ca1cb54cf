/** Splits CSV (RFC 4180) into rows of cells: quotes, doubled quotes, and line breaks inside quotes. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (quoted && sign === '"' && text[at + 1] === '"') {
      cell += '"';
      at += 1;
    } else if (sign === '"') quoted = !quoted;
    else if (!quoted && sign === ',') {
      row.push(cell);
      cell = '';
    } else if (!quoted && sign === '\n') {
      rows.push([...row, cell]);
      row = [];
      cell = '';
    } else if (quoted || sign !== '\r') cell += sign;
  }
  if (cell !== '' || row.length > 0) rows.push([...row, cell]);
  return rows;
}

/** What is known of one column. */
export type Column = { name: string; filled: number; sum?: number };

/** The columns of a file with a header: how many cells are filled, and the sum where all of those are numbers. */
export function describe(rows: readonly string[][]): { rows: number; columns: Column[] } {
  const [header = [], ...body] = rows;
  const columns = header.map((name, at): Column => {
    const cells = body.map((row) => row[at] ?? '').filter((cell) => cell !== '');
    const numbers = cells.map(Number);
    const sum = cells.length > 0 && numbers.every(Number.isFinite) ? numbers.reduce((a, b) => a + b, 0) : undefined;
    return { name, filled: cells.length, ...(sum === undefined ? {} : { sum }) };
  });
  return { rows: body.length, columns };
}
