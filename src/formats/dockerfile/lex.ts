import { UserError } from '../../model/errors.ts';
import { type BadPattern, replaced, withoutPrefix, withoutSuffix } from './pattern.ts';
import { isSpace } from './text.ts';

export type LexOptions = {
  readonly escape: string;
  /** keep quotes in the result */
  readonly rawQuotes?: boolean;
  /** keep escapes in the result */
  readonly rawEscapes?: boolean;
  /** leave a reference to a variable that is not set as it stands */
  readonly keepUnset?: boolean;
};

export type Lexed = {
  readonly value: string;
  readonly words: readonly string[];
  /** the end in the source of each word: as many as `words` */
  readonly ends: readonly number[];
  readonly used: readonly string[];
  readonly unset: readonly string[];
};

const failed = (source: string, message: string, next: string) =>
  new UserError({
    code: 'dockerfile-expansion',
    message: `${message} in ${JSON.stringify(source)}`,
    next: [next],
  });

const mend = 'Close every quote and brace of this word, or escape the character that opens it.';

/** Words under way. BuildKit keeps them in one buffer for nested braces too, so that these drop what stood before them. */
type Words = { readonly done: string[]; readonly ends: number[]; open: boolean };

/**
 * Take quotes and escapes out of a word and put variables in, as BuildKit's builder does (it is close to a shell, and not one).
 * A quote or brace left open, a bad pattern and `${name:?message}` without a value are a UserError.
 */
export function lex(source: string, env: Readonly<Record<string, string>>, options: LexOptions): Lexed {
  const used = new Set<string>();
  const unset = new Set<string>();
  let at = 0;
  let buffer = '';
  let rawEscapes = options.rawEscapes ?? false;

  const peek = (): string => {
    const code = source.codePointAt(at);
    return code === undefined ? '' : String.fromCodePoint(code);
  };
  const next = (): string => {
    const character = peek();
    at += character.length;
    return character;
  };
  const fail = (message: string, hint = mend): never => {
    throw failed(source, message, hint);
  };
  const lookup = (name: string): string | undefined => {
    if (!Object.hasOwn(env, name)) {
      unset.add(name);
      return undefined;
    }
    used.add(name);
    return env[name];
  };

  const addRaw = (words: Words, text: string): void => {
    buffer += text;
    words.open = true;
  };
  const add = (words: Words, text: string): void => {
    for (const character of text) {
      if (!isSpace(character)) addRaw(words, character);
      else if (words.open && buffer !== '') finish(words);
    }
  };
  const finish = (words: Words): void => {
    words.done.push(buffer);
    words.ends.push(at);
    buffer = '';
    words.open = false;
  };

  function until(stop: string, raw: boolean): { value: string; words: Words } {
    const words: Words = { done: [], ends: [], open: false };
    const before = rawEscapes;
    rawEscapes = raw;
    buffer = '';
    let value = '';
    let closed = stop === '';
    while (at < source.length) {
      const character = peek();
      if (character === stop) {
        at += 1;
        closed = true;
        break;
      }
      if (character === '$') {
        const text = dollar();
        value += text;
        add(words, text);
      } else if (character === '<' || character === "'" || character === '"') {
        const text = character === '<' ? angle() : character === "'" ? single() : double();
        value += text;
        addRaw(words, text);
      } else if (character === options.escape) {
        next();
        const escaped = (rawEscapes ? character : '') + (at < source.length ? next() : '');
        value += escaped;
        if (escaped !== '') addRaw(words, escaped);
      } else {
        // the end of a word is where the space after it begins
        add(words, character);
        next();
        value += character;
      }
    }
    if (!closed) fail(`${stop} is missing`);
    if (buffer !== '') finish(words);
    rawEscapes = before;
    return { value, words };
  }

  function single(): string {
    const close = source.indexOf("'", at + 1);
    if (close === -1) return fail('a single quote is not closed');
    const text = source.slice(at + 1, close);
    at = close + 1;
    return options.rawQuotes ? `'${text}'` : text;
  }

  function double(): string {
    const quote = options.rawQuotes ? next() : next() && '';
    let out = quote;
    for (;;) {
      const character = peek();
      if (character === '') return fail('a double quote is not closed');
      if (character === '$') {
        out += dollar();
        continue;
      }
      next();
      if (character === '"') return out + quote;
      if (character !== options.escape) {
        out += character;
        continue;
      }
      if (rawEscapes) out += character;
      const escaped = peek();
      if (escaped === '') continue;
      // inside double quotes an escape counts only before these three
      out += escaped === '"' || escaped === '$' || escaped === options.escape ? next() : character;
    }
  }

  /** `<<` and the blanks behind it stay together with the delimiter as one word. */
  function angle(): string {
    next();
    if (peek() !== '<') return '<';
    next();
    const from = at;
    while (/[\t\r ]/.test(source.charAt(at))) at += 1;
    return `<<${source.slice(from, at)}`;
  }

  function name(): string {
    const match = /^(?:\p{Nd}+|[@*#?\-$!]|[\p{L}_][\p{L}\p{Nd}_]*)/u.exec(source.slice(at));
    at += match?.[0].length ?? 0;
    return match?.[0] ?? '';
  }

  function dollar(): string {
    next();
    if (peek() !== '{') {
      const variable = name();
      if (variable === '') return '$';
      return lookup(variable) ?? (options.keepUnset ? `$${variable}` : '');
    }
    next();
    if (peek() === '') fail("'}' is missing");
    if (/[{}:]/.test(peek())) fail('braces contain no name');
    const variable = name();
    let modifier = next();
    if (modifier === '}') return lookup(variable) ?? (options.keepUnset ? `\${${variable}}` : '');
    if (modifier === '/') return substitution(variable);
    const colon = modifier === ':';
    if (colon) modifier = next();
    const written = colon ? `:${modifier}` : modifier;
    if (!colon && !/[+\-?#%]/.test(modifier)) fail(`the modifier ${written} does not exist`);
    const trims = modifier === '#' || modifier === '%';
    if (colon && trims) fail(`the modifier ${written} does not exist`);
    const word = until('}', trims).value;
    const value = lookup(variable);
    if (options.keepUnset && value === undefined) return `\${${variable}${written}${word}}`;
    return modified(variable, value, modifier, colon, word);
  }

  function modified(
    variable: string,
    value: string | undefined,
    modifier: string,
    colon: boolean,
    word: string,
  ): string {
    const missing = value === undefined || (colon && value === '');
    if (modifier === '-') return missing ? word : (value ?? '');
    if (modifier === '+') return missing ? '' : word;
    if (modifier === '?') {
      if (!missing) return value ?? '';
      const reason = word === '' ? `is ${value === undefined ? 'not set' : 'empty'}` : word;
      return fail(`${variable}: ${reason}`, `Give ${variable} a value.`);
    }
    if (modifier !== '#' && modifier !== '%') return fail(`the modifier :${modifier} does not exist`);
    const greedy = word.startsWith(modifier);
    const trim = modifier === '#' ? withoutPrefix : withoutSuffix;
    return matched(trim(value ?? '', greedy ? word.slice(1) : word, greedy));
  }

  function substitution(variable: string): string {
    const all = peek() === '/';
    if (all) next();
    const pattern = until('/', true).value;
    const replacement = until('}', true).value;
    const value = lookup(variable);
    if (options.keepUnset && value === undefined) return `\${${variable}/${pattern}/${replacement}}`;
    return matched(replaced(value ?? '', pattern, replacement, all));
  }

  const matched = (result: string | BadPattern): string =>
    typeof result === 'string' ? result : fail(result.bad, 'Escape only *, ?, \\, / and } in a pattern.');

  const { value, words } = until('', rawEscapes);
  return { value, words: words.done, ends: words.ends, used: [...used], unset: [...unset] };
}
