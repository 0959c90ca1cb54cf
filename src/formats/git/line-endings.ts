import type { AttributeValue } from './attributes.ts';

/** How the line endings of a file are converted when git takes it in. `auto`: only where it looks like text. */
export type Conversion = 'none' | 'text' | 'auto';

/** What attributes and `core.autocrlf` say of a file (git's convert.c). */
export function conversionOf(attribute: (name: string) => AttributeValue, autocrlf: string | undefined): Conversion {
  const text = attribute('text') ?? legacy(attribute('crlf'));
  if (text === false) return 'none';
  if (text === 'auto') return 'auto';
  if (text === true || text === 'input') return 'text';
  // an ending that is named makes a text of it
  if (attribute('eol') === 'lf' || attribute('eol') === 'crlf') return 'text';
  return ['true', 'yes', 'on', '1', 'input'].includes(autocrlf?.toLowerCase() ?? '') ? 'auto' : 'none';
}

/** `crlf` is the older name of `text`. */
const legacy = (crlf: AttributeValue): AttributeValue => (crlf === 'input' ? true : crlf);

/** The content with the line ending LF where it has CRLF. */
export function withUnixLines(content: Uint8Array): Uint8Array {
  if (!content.includes(13)) return content;
  const out = Buffer.alloc(content.length);
  let length = 0;
  for (let at = 0; at < content.length; at += 1) {
    if (content[at] === 13 && content[at + 1] === 10) continue;
    out[length] = content[at] ?? 0;
    length += 1;
  }
  return out.subarray(0, length);
}

/** Whether git takes a content for binary: a NUL, a lone CR, or more than one byte in 128 that does not print. */
export function looksBinary(content: Uint8Array): boolean {
  let printing = 0;
  let others = 0;
  for (let at = 0; at < content.length; at += 1) {
    const byte = content[at] ?? 0;
    if (byte === 0) return true;
    if (byte === 13 && content[at + 1] !== 10) return true;
    if (byte === 13 || byte === 10) continue;
    if (byte === 127 || (byte < 32 && ![8, 9, 12, 27].includes(byte))) others += 1;
    else printing += 1;
  }
  // a text of DOS may end with its mark of the end
  if (content.at(-1) === 26) others -= 1;
  return others > printing >> 7;
}
