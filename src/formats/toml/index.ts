import { parse, TomlError } from 'smol-toml';
import { UserError } from '../../model/errors.ts';
import { placesOf } from './places.ts';

type Path = readonly (string | number)[];

/** A TOML text, read: its value, and the line (1-based) where a part stands, or the nearest part around it. */
export type Toml = { readonly value: unknown; readonly line: (path: Path) => number | undefined };

/** Reads TOML. Throws a UserError (`toml-invalid`) that names the file and the line of what is wrong. */
export function parseToml(text: string, file: string): Toml {
  let value: unknown;
  try {
    value = parse(text);
  } catch (cause) {
    // a text of a hundred thousand brackets ends the parser's stack
    if (!(cause instanceof TomlError) && !(cause instanceof RangeError)) throw cause;
    const line = cause instanceof TomlError ? cause.line : 1;
    const [first = ''] = cause.message.split('\n');
    throw new UserError({
      code: 'toml-invalid',
      message: `${file} cannot be read: ${first}`,
      where: { file, line, text: (text.split('\n')[line - 1] ?? '').trimEnd().slice(0, 200) },
      next: ['Fix the line and run the command again'],
      cause,
    });
  }
  let places: Toml['line'] | undefined;
  return {
    value,
    line: (path) => {
      places ??= placesOf(text);
      return places(path);
    },
  };
}
