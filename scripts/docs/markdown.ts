import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';

export const root = join(fileURLToPath(import.meta.url), '../../..');

export const code = (text: string): string => `\`${text}\``;
export const codes = (texts: readonly string[]): string => texts.map(code).join(', ');
export const argv = (words: readonly string[]): string => code(words.join(' '));
export const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** A table; rows of cells. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

/** Properties of one thing as a table; those without a value are left out. */
export const properties = (rows: readonly (readonly [what: string, value: string])[]): string =>
  table(
    ['Property', 'Value'],
    rows.filter(([, value]) => value !== ''),
  );

/** A whole page that begins with whom it is for; nobody edits it by hand. */
export const page = (title: string, audience: string, ...parts: readonly string[]): string =>
  [
    `<!-- DO NOT EDIT: \`npm run gen\` writes this from the code. -->\n# ${title}`,
    `For ${audience}.`,
    ...parts.filter((part) => part !== ''),
  ].join('\n\n') + '\n';

/** The comment that a source file begins with, as Markdown; '' where it begins with something else. */
export function openingComment(file: string): string {
  const text = readFileSync(join(root, file), 'utf8');
  const { comments, program } = parseSync(file, text);
  const [first] = comments;
  const isOpening =
    first?.type === 'Block' && first.value.startsWith('*') && first.start < (program.body[0]?.start ?? 0);
  if (!first || !isOpening) return '';
  const lines = first.value.slice(1).split('\n');
  return lines
    .map((line) => line.replace(/^\s*\* ?/, '').trimEnd())
    .join('\n')
    .trim();
}

/** Where a page says what it was made from. */
export const sourceLine = (up: number, file: string, fixture: string | undefined): string =>
  `Source: [${file}](${'../'.repeat(up)}${file})` +
  (fixture === undefined ? '.' : `. Shown by [${fixture}](${'../'.repeat(up)}${fixture}).`);
