/**
 * What a terminal and a build server would obey, told apart without any code of ours: the rules are those of Unicode, ECMA-48, GitHub's
 * runner (actions/runner, ActionCommand.cs) and Azure's agent (azure-pipelines-agent, Command.cs).
 */

/** Ranges of characters that must never be printed as they are: controls but line feed and tab, separators, bidirectional and invisible ones. */
const refused: readonly (readonly [from: number, to: number])[] = [
  [0x00, 0x08],
  [0x0b, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x200b, 0x200b],
  [0x200e, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xd800, 0xdfff],
  [0xfeff, 0xfeff],
  [0xfff9, 0xfffb],
  [0xe0000, 0xe007f],
];

/** The characters of a text that must not be printed as they are, as hexadecimal numbers. */
export const rawIn = (text: string): readonly string[] =>
  [...text]
    .map((char) => char.codePointAt(0) ?? 0)
    .filter((code) => refused.some(([from, to]) => code >= from && code <= to))
    .map((code) => code.toString(16));

/** A text without the color codes that we print: bold, dim, green, red, yellow, cyan and what ends them. */
export const withoutColors = (text: string): string => {
  const [first = '', ...rest] = text.split('\u001B[');
  return (
    first +
    rest.map((part) => (/^(1|2|22|31|32|33|36|39)m/.test(part) ? part.replace(/^\d+m/, '') : `\u001B[${part}`)).join('')
  );
};

/** Lines as a build server reads them: each of the three line breaks ends one. */
export const linesRead = (text: string): readonly string[] => text.split(/\r\n|\r|\n/);

export type Command = { readonly by: 'github' | 'github-old' | 'azure' | 'teamcity'; readonly line: string };

/** The command that a build server sees in a line, or undefined. Stricter than they are: any name counts. */
export function commandIn(line: string): Command | undefined {
  if (/^[\s\u0085\ufeff]*::/.test(line)) return { by: 'github', line };
  if (line.includes('##[')) return { by: 'github-old', line };
  if (line.includes('##vso[')) return { by: 'azure', line };
  return line.includes('##teamcity[') ? { by: 'teamcity', line } : undefined;
}

/** An annotation, read as GitHub's runner reads it; undefined where it is none. */
export function annotationIn(line: string): { properties: Record<string, string>; message: string } | undefined {
  const [, list = '', data = ''] = /^::(?:error|warning|notice) ([^:]*)::(.*)$/.exec(line) ?? [];
  if (list === '') return undefined;
  const text = (value: string) => value.replaceAll('%0D', '\r').replaceAll('%0A', '\n');
  const properties = Object.fromEntries(
    list.split(',').map((pair) => {
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      return [name, text(value).replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%25', '%')];
    }),
  );
  return { properties, message: text(data).replaceAll('%25', '%') };
}
