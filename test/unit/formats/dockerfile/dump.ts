import type { Dockerfile, Instruction } from '../../../../src/formats/dockerfile/index.ts';

const short: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '"': '\\"',
  '\\': '\\\\',
};

/** A string as Go's %q prints it. */
const quoted = (text: string): string =>
  `"${Array.from(text, (character) => {
    const known = short[character];
    if (known !== undefined) return known;
    if (character === ' ' || !/[\p{Z}\p{C}]/u.test(character)) return character;
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`;
    return code < 0x1_0000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
  }).join('')}"`;

function values(one: Instruction): readonly string[] {
  if (one.form === 'unknown' || !/^[A-Z]+$/.test(one.keyword)) return [''];
  if (one.form === 'pairs' && one.keyword !== 'ARG') {
    return one.pairs.flatMap((pair) => [pair.name, pair.value ?? '', pair.legacy ? '' : '=']);
  }
  const words = one.args.map((piece) => piece.text);
  return one.probe === undefined ? words : [one.probe.text, ...words];
}

function dumpOne(one: Instruction): string {
  const flags = one.flags.length === 0 ? '' : ` [${one.flags.map((flag) => quoted(flag.text)).join(' ')}]`;
  const rest = one.inner ? [`(${dumpOne(one.inner)})`] : values(one).map(quoted);
  return [`${one.written.toLowerCase()}${flags}`, ...rest].join(' ').trim();
}

/** A tree in the form of the `result` files of BuildKit's parser tests. */
export const dump = (tree: Dockerfile): string => tree.instructions.map((one) => `(${dumpOne(one)})\n`).join('');
