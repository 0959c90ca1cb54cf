import { parseEnv as parseAsNode } from 'node:util';
import { UserError } from '../../model/errors.ts';
import { hasHidden, replaceHidden, visible } from '../../model/visible.ts';
import { parseEnv } from './parse.ts';

export { hasBraced, hasReferences, withBraced, withReferences } from './references.ts';

/** A control character as the octal escape that Compose reads in double quotes; for others it has none, and they are only shown. */
function escaped(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  return code <= 0xff ? `\\0${code.toString(8).padStart(3, '0')}` : visible(char);
}

/**
 * A value as a line of an `.env` file holds it, so that Docker Compose reads back exactly this text: plain where nothing in it means
 * anything, else in single quotes, where only the quote itself and line breaks need more (compose-go, package dotenv). No hidden character
 * stands in it: a control character is written as its octal escape, any other as the text `\u202e`, which is not read back as the same.
 */
export function envValue(value: string): string {
  if (/^[A-Za-z0-9_./:@%+,=-]*$/.test(value)) return value;
  if (!value.includes("'") && !/[\n\r\\]/.test(value) && !hasHidden(value)) return `'${value}'`;
  const text = value
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('$', '\\$')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r');
  return `"${replaceHidden(text, escaped)}"`;
}

/**
 * The variables that an `.env` file gives a value, as Docker Compose reads it; of a name that stands twice the last one counts. A file that
 * Compose refuses is read as Node.js does, which refuses none: whoever looks for real values wants what is in there all the same.
 */
export function readEnv(text: string, file: string): Readonly<Record<string, string>> {
  const given = (rows: readonly (readonly [string, string | undefined])[]) =>
    Object.fromEntries(rows.filter((row): row is readonly [string, string] => row[1] !== undefined));
  try {
    return given(parseEnv(text, file).map(({ name, value }) => [name, value]));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return given(Object.entries(parseAsNode(text)));
  }
}
