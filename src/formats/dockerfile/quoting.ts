import { UserError } from '../../model/errors.ts';
import { jsonString } from '../../model/visible.ts';

/** A list of arguments as the JSON form of an instruction: any string, line breaks too. */
export const jsonForm = (argv: readonly string[]): string => `[${argv.map(jsonString).join(', ')}]`;

/** Words that a shell takes for its own grammar where a command begins. */
const reserved = new Set('case do done elif else esac fi for function if in select then time until while'.split(' '));

const oneLine = (text: string, next: string): string => {
  if (!text.includes('\n')) return text;
  throw new UserError({
    code: 'dockerfile-line-break',
    message: `A Dockerfile cannot contain a line break here: ${JSON.stringify(text)}`,
    next: [next],
  });
};

/**
 * A list of arguments as the words of a POSIX shell: plain where nothing in a word means anything, else in single quotes.
 * A line break would end the instruction: it is a UserError, and jsonForm is the way.
 */
export const quoteShell = (argv: readonly string[]): string =>
  argv
    .map((word, index) => {
      // where the command begins, NAME=value would be an assignment and --word a flag of RUN
      const first = index === 0 && (/=|^--/.test(word) || reserved.has(word));
      if (!first && /^[A-Za-z0-9_./:=@%+,-]+$/.test(word)) return word;
      return `'${oneLine(word, 'Use the JSON form for this command.').replaceAll("'", "'\\''")}'`;
    })
    .join(' ');

/**
 * A value of ENV, ARG or LABEL that BuildKit reads back exactly: in double quotes where something in it would be expanded or split.
 * No value of these instructions can hold a line break: it is a UserError.
 */
export function quoteEnvValue(value: string, mark = '\\'): string {
  if (/^[A-Za-z0-9_./:@%+,-]+$/.test(value)) return value;
  const text = oneLine(value, 'Put the value on one line, or into a file that is copied into the image.');
  return `"${Array.from(text, (character) => (character === mark || character === '"' || character === '$' ? `${mark}${character}` : character)).join('')}"`;
}

/** A path of COPY, ADD, VOLUME, WORKDIR or a user that BuildKit reads back exactly: its escapes, no quotes around it. */
export const quotePath = (path: string, mark = '\\'): string =>
  Array.from(oneLine(path, 'Rename the file.'), (character) =>
    character === mark || /["'$]/.test(character) ? `${mark}${character}` : character,
  ).join('');

/**
 * A file by its very name as a source of COPY, which is a pattern in every form, begins a heredoc where `<<` stands in front, and loses blanks at its ends:
 * what means something stands in a class of its own, as BuildKit takes it. A name with `*` or `?` would copy nothing or too much, and one with a control
 * character stops every build: it is a UserError.
 */
export function quoteSource(path: string): string {
  if (/[*?\p{Cc}]/u.test(oneLine(path, 'Rename the file.')))
    throw new UserError({
      code: 'dockerfile-name',
      message: `COPY cannot use the file name ${JSON.stringify(path)}, which contains a wildcard or control character.`,
      next: ['Rename the file.'],
    });
  const last = path.length - 1;
  return Array.from(path, (character, at) => {
    if (character === '[') return '[[]';
    if (character === '\\') return '[\\\\]';
    return (at === 0 && /[<! ]/.test(character)) || (at === last && character === ' ') ? `[${character}]` : character;
  }).join('');
}

/** The value of a flag: BuildKit takes quotes and escapes out before it looks at it. */
export const quoteFlag = (value: string, mark = '\\'): string =>
  Array.from(oneLine(value, 'Put the value on one line.'), (character) =>
    character === mark || /["'\s]/.test(character) ? `${mark}${character}` : character,
  ).join('');
