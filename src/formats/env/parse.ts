import { UserError } from '../../model/errors.ts';

/** One variable of an `.env` file. */
export type EnvEntry = {
  readonly name: string;
  /** the text without quotes and escapes, variables in it as they stand; undefined: only named, taken from the surroundings */
  readonly value: string | undefined;
  /** whether Compose would put other variables into the value */
  readonly interpolates: boolean;
  /** 1-based */
  readonly line: number;
  /** the remark in the lines right above, without `#` */
  readonly comment: string;
};

/** Spaces that do not end a line (compose-go, package dotenv). */
const space = /[\t\v\f\r \u0085\u00a0]/;
const nameCharacter = /[\p{L}\p{N}_.[\]-]/u;

/**
 * Reads an `.env` file as Docker Compose does. Names that stand twice are both listed; the last one counts. Throws a UserError
 * (`env-invalid`) with the line of what Compose would refuse.
 */
export function parseEnv(text: string, file: string): readonly EnvEntry[] {
  const source = text.replace(/^\uFEFF/, '');
  const entries: EnvEntry[] = [];
  const refuse = (line: number, why: string) => invalid(source, file, line, why);
  let line = 1;
  let comment: string[] = [];
  // whether nothing but spaces stood in this line so far
  let fresh = true;
  let at = 0;
  while (at < source.length) {
    const char = source[at] ?? '';
    if (char === '\n') {
      // an empty line parts a remark from what follows
      if (fresh) comment = [];
      fresh = true;
      line += 1;
    }
    if (char === '\n' || space.test(char)) {
      at += 1;
      continue;
    }
    if (char === '#') {
      const end = lineEnd(source, at);
      if (fresh) comment.push(source.slice(at, end).replace(/^#+ ?/, '').trimEnd());
      fresh = false;
      at = end;
      continue;
    }
    fresh = false;
    const key = nameAt(source, at, (why) => refuse(line, why));
    const read = key.inherited
      ? { value: undefined, interpolates: false, end: key.end }
      : valueAt(source, key.end, () => refuse(line, 'its quoted value is not closed'));
    const { value, interpolates } = read;
    entries.push({ name: key.name, value, interpolates, line, comment: comment.join('\n') });
    comment = [];
    line += source.slice(at, read.end).split('\n').length - 1;
    at = read.end;
  }
  return entries;
}

function lineEnd(source: string, at: number): number {
  const end = source.indexOf('\n', at);
  return end === -1 ? source.length : end;
}

type Name = { readonly name: string; readonly inherited: boolean; readonly end: number };

/** A name up to its `=` or `:`; without one it is only named. `end` is where the value begins, spaces skipped. */
function nameAt(source: string, from: number, refuse: (why: string) => UserError): Name {
  let start = from;
  if (/^export\s/.test(source.slice(from, from + 7))) start += 6;
  while (space.test(source[start] ?? '')) start += 1;
  let end = start;
  for (; end < source.length; end += 1) {
    const char = String.fromCodePoint(source.codePointAt(end) ?? 0);
    if ('=:\n'.includes(char)) break;
    if (!space.test(char) && !nameCharacter.test(char))
      throw refuse(`${JSON.stringify(char)} is not allowed in a name`);
    end += char.length - 1;
  }
  const name = source.slice(start, end).trimEnd();
  if (/\s/.test(name)) throw refuse('a name cannot contain a space');
  const inherited = end >= source.length || source[end] === '\n';
  if (!inherited) end += 1;
  while (!inherited && space.test(source[end] ?? '')) end += 1;
  return { name, inherited, end };
}

type Value = { readonly value: string; readonly interpolates: boolean; readonly end: number };

function valueAt(source: string, from: number, endless: () => UserError): Value {
  const quote = source[from];
  if (quote !== "'" && quote !== '"') {
    const end = lineEnd(source, from);
    const raw = (source.slice(from, end).split(' #')[0] ?? '').trimEnd();
    return { ...withDollars(raw, false), end };
  }
  let raw = '';
  for (let at = from + 1; at < source.length; at += 1) {
    const char = source[at] ?? '';
    if (char === quote)
      return { ...(quote === '"' ? withDollars(raw, true) : { value: raw, interpolates: false }), end: at + 1 };
    // in single quotes a backslash hides the quote and nothing else
    if (char === '\\' && at + 1 < source.length) {
      const next = source[at + 1] ?? '';
      raw += quote === "'" && next === quote ? next : `\\${next}`;
      at += 1;
    } else raw += char;
  }
  throw endless();
}

const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
};

/** Takes escapes out where they count. `$$`, and in quotes `\$`, is a dollar; any other that names a variable puts it in. */
function withDollars(raw: string, quoted: boolean): { readonly value: string; readonly interpolates: boolean } {
  let interpolates = false;
  const signs = quoted ? /\\0\d{0,3}|\\[\s\S]|\$\$|\$(?=[A-Za-z_{])/g : /\$\$|\$(?=[A-Za-z_{])/g;
  const value = raw.replace(signs, (sign) => {
    if (sign === '$') interpolates = true;
    if (sign === '$$' || sign === '\\$') return '$';
    return sign.startsWith('\\0') ? octal(sign) : (escapes[sign.slice(1)] ?? sign);
  });
  return { value, interpolates };
}

/** `\0101` is `A`; of anything that is no byte Compose drops the zero. */
function octal(sign: string): string {
  const digits = sign.slice(2);
  return /^[0-3][0-7]{2}$/.test(digits) ? String.fromCharCode(Number.parseInt(digits, 8)) : `\\${digits}`;
}

function invalid(source: string, file: string, line: number, why: string): UserError {
  return new UserError({
    code: 'env-invalid',
    message: `${file} cannot be read: ${why}`,
    // only the name is shown: what follows may be a secret
    where: { file, line, text: (source.split('\n')[line - 1] ?? '').split(/[=:]/)[0]?.trim().slice(0, 80) ?? '' },
    next: ['Write it as NAME=value, with the value in quotes if it contains spaces, # or $'],
  });
}
