/**
 * Any text as a literal of Python in single quotes: nothing in it ends the literal, nothing in it is hidden, and it has no dollar, which Compose would
 * take for a variable of its own.
 */
export const pythonString = (text: string): string =>
  `'${Array.from(text, (letter) => (/[ !-#%-&(-[\]-~]/.test(letter) ? letter : escaped(letter))).join('')}'`;

function escaped(letter: string): string {
  const code = letter.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
}
