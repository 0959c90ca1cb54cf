import { isSpace, type JoinedText, part } from './text.ts';

export type FlagsAndRest = {
  readonly flags: readonly { readonly text: string; readonly at: JoinedText }[];
  readonly rest: JoinedText;
};

/** The end of the word that starts at `from`, quotes and escapes passed over; `single`: whether an escape counts in single quotes. */
function wordEnd(text: string, from: number, mark: string, single: boolean): number {
  let quote = '';
  let at = from;
  for (; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (quote === '' && isSpace(character)) return at;
    if (character === mark && (quote !== "'" || single)) {
      at += 1;
    } else if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") {
      quote = character;
    }
  }
  return Math.min(at, text.length);
}

/** A flag's word without its quotes and escapes; an escape at the very end is dropped. */
function unquoted(word: string, mark: string): string {
  let out = '';
  let quote = '';
  for (let at = 0; at < word.length; at += 1) {
    const character = word.charAt(at);
    if (quote !== '' ? character === quote : character === '"' || character === "'") {
      quote = quote === '' ? character : '';
    } else if (character === mark) {
      at += 1;
      out += word.charAt(at);
    } else {
      out += character;
    }
  }
  return out;
}

/** Take the words that begin with `--` off the front. A bare `--` ends them and is dropped. */
export function takeFlags(of: JoinedText, mark: string): FlagsAndRest {
  const flags: { text: string; at: JoinedText }[] = [];
  for (let at = 0; at < of.text.length; ) {
    if (isSpace(of.text.charAt(at))) {
      at += 1;
      continue;
    }
    if (!of.text.startsWith('--', at)) return { flags, rest: part(of, at, of.text.length) };
    const end = wordEnd(of.text, at, mark, true);
    const text = unquoted(of.text.slice(at, end), mark);
    if (text === '--' && end < of.text.length) return { flags, rest: part(of, end, of.text.length) };
    if (text !== '--') flags.push({ text, at: part(of, at, end) });
    at = end;
  }
  return { flags, rest: part(of, of.text.length, of.text.length) };
}

/** The words of ENV, LABEL and ARG: split at white space outside quotes, with quotes and escapes kept. */
export function quotedWords(of: JoinedText, mark: string): readonly JoinedText[] {
  const words: JoinedText[] = [];
  for (let at = 0; at < of.text.length; ) {
    if (isSpace(of.text.charAt(at))) {
      at += 1;
      continue;
    }
    const end = wordEnd(of.text, at, mark, false);
    // An escape with nothing after it means nothing.
    const stop = end === of.text.length && endsInEscape(of.text.slice(at, end), mark) ? end - 1 : end;
    if (stop > at) words.push(part(of, at, stop));
    at = end;
  }
  return words;
}

function endsInEscape(word: string, mark: string): boolean {
  let quote = '';
  for (let at = 0; at < word.length; at += 1) {
    const character = word.charAt(at);
    if (character === mark && quote !== "'") {
      if (at === word.length - 1) return true;
      at += 1;
    } else if (quote !== '' ? character === quote : character === '"' || character === "'") {
      quote = quote === '' ? character : '';
    }
  }
  return false;
}
