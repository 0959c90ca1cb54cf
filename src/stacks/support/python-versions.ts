/** Versions of Python as manifests write them (https://packaging.python.org/specifications/version-specifiers/, and Poetry's caret and tilde). */

const numbers = (text: string): readonly number[] => text.split('.').map((part) => Number.parseInt(part, 10) || 0);

/** `3.12.4`, `3.12`, `python-3.12.4` and `cpython@3.12` as the version of an image; undefined: it is a range, or a word. */
export const lineOf = (text: string): string | undefined =>
  /^(?:c?python[-@])?(3\.\d{1,2}(?:\.\d{1,3})?)$/.exec(text.trim())?.[1];

/** Compares versions part by part, as far as both go. */
function compare(a: readonly number[], b: readonly number[]): number {
  for (let at = 0; at < Math.min(a.length, b.length); at += 1) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** One clause of a range, for a line such as 3.12, of which some release has to be inside. */
function isInside(line: readonly number[], clause: string): boolean {
  const [, operator = '==', text = ''] = /^(~=|==|!=|<=|>=|<|>|\^|~)?\s*v?([\d.*]+)$/.exec(clause.trim()) ?? [];
  const wanted = numbers(text.replace(/\.?\*$/, ''));
  if (text === '' || text === '*') return true;
  const order = compare(line, wanted);
  switch (operator) {
    case '>=':
    case '^':
      return order >= 0 && (operator === '>=' || line[0] === wanted[0]);
    // 3.11.2 is above 3.11, and 3.12 is not below 3.12
    case '>':
      return order > 0 || (order === 0 && wanted.length > 2);
    case '<':
      return order < 0 || (order === 0 && wanted.length > 2 && (wanted[2] ?? 0) > 0);
    case '<=':
      return order <= 0;
    case '!=':
      return order !== 0 || wanted.length > 2;
    case '~=':
      return order >= 0 && (wanted.length > 2 ? order === 0 : line[0] === wanted[0]);
    case '~':
      return wanted.length > 1 ? order === 0 : line[0] === wanted[0];
    default:
      return order === 0;
  }
}

/** The lines that are inside a range, in their order; `||` stands between ranges of which one is enough. */
export const linesInside = (range: string, lines: readonly string[]): readonly string[] =>
  lines.filter((line) =>
    range
      .split('||')
      .some((part) => part.split(',').every((clause) => clause.trim() === '' || isInside(numbers(line), clause))),
  );
