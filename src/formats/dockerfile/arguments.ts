import { type JoinedText, part, pieceOf, spanOf, splitWords, trimmed } from './text.ts';
import type { Form, Instruction, InstructionPart, Pair } from './types.ts';
import { quotedWords } from './words.ts';

export type Arguments = Pick<Instruction, 'form' | 'args' | 'pairs' | 'brokenJson'> & {
  readonly probe?: InstructionPart;
  readonly refused?: string;
};

const readers: Readonly<Record<string, (rest: JoinedText, mark: string, keyword: string) => Arguments>> = {
  ADD: list,
  ARG: names,
  CMD: command,
  COPY: list,
  ENTRYPOINT: command,
  ENV: pairs,
  EXPOSE: words,
  FROM: words,
  HEALTHCHECK: healthcheck,
  LABEL: pairs,
  MAINTAINER: text,
  RUN: command,
  SHELL: command,
  STOPSIGNAL: text,
  USER: text,
  VOLUME: list,
  WORKDIR: text,
};

/** Every keyword that BuildKit knows, in upper case. */
export const keywords: readonly string[] = [...Object.keys(readers), 'ONBUILD'].sort();

/** Read what follows the flags of an instruction, by its keyword in upper case. An unknown keyword's is kept unread. */
export function readArguments(keyword: string, rest: JoinedText, mark: string): Arguments {
  const reader = Object.hasOwn(readers, keyword) ? readers[keyword] : undefined;
  if (reader === undefined) return plain('unknown', rest.text === '' ? [] : [pieceOf(rest)]);
  return rest.text === '' ? plain('none', []) : reader(rest, mark, keyword);
}

const plain = (form: Form, args: readonly InstructionPart[]): Arguments => ({
  form,
  args,
  pairs: [],
  brokenJson: false,
});

function text(rest: JoinedText): Arguments {
  return plain('text', [pieceOf(rest)]);
}

function words(rest: JoinedText): Arguments {
  return plain('words', splitWords(rest).map(pieceOf));
}

function command(rest: JoinedText): Arguments {
  return json(rest, plain('shell', [pieceOf(rest)]));
}

function list(rest: JoinedText): Arguments {
  return json(rest, words(rest));
}

/** The JSON form, or what BuildKit silently takes the text for when it is no JSON. */
function json(rest: JoinedText, fallback: Arguments): Arguments {
  const array = trimmed(rest);
  if (!array.text.startsWith('[')) return fallback;
  let value: unknown;
  try {
    value = JSON.parse(array.text);
  } catch {
    return { ...fallback, brokenJson: true };
  }
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    return { ...fallback, brokenJson: true, refused: 'the JSON form takes strings only' };
  }
  const places = [...array.text.matchAll(/"(?:[^"\\]|\\.)*"|[^"]+/gsy)].filter(([text]) => text.startsWith('"'));
  const args = value.map((word, index): InstructionPart => {
    const place = places[index];
    const from = place?.index ?? 0;
    return { text: word, span: spanOf(part(array, from, from + (place?.[0].length ?? 0))) };
  });
  return plain('json', args);
}

const pairOf = (word: JoinedText): Pair => {
  const equals = word.text.indexOf('=');
  const span = spanOf(word);
  if (equals === -1) return { name: word.text, legacy: false, span };
  return { name: word.text.slice(0, equals), value: word.text.slice(equals + 1), legacy: false, span };
};

function names(rest: JoinedText, mark: string): Arguments {
  const found = quotedWords(rest, mark);
  return { ...plain('pairs', found.map(pieceOf)), pairs: found.map(pairOf) };
}

function pairs(rest: JoinedText, mark: string, keyword: string): Arguments {
  const found = quotedWords(rest, mark);
  const [first] = found;
  if (first === undefined) return plain('none', []);
  if (!first.text.includes('=')) return legacy(rest, keyword);
  const bad = found.find((word) => !word.text.includes('='));
  const read = { ...plain('pairs', found.map(pieceOf)), pairs: found.map(pairOf) };
  return bad === undefined
    ? read
    : { ...read, refused: `${keyword} needs NAME=value: ${JSON.stringify(bad.text)} has no =` };
}

/** `ENV name the rest of the line` */
function legacy(rest: JoinedText, keyword: string): Arguments {
  const gap = /[\t\v\f\r ]+/.exec(rest.text);
  if (gap === null) return { ...plain('pairs', [pieceOf(rest)]), refused: `${keyword} needs a name and a value` };
  const name = part(rest, 0, gap.index);
  const value = part(rest, gap.index + gap[0].length, rest.text.length);
  const pair = { name: name.text, value: value.text, legacy: true, span: spanOf(rest) };
  return { ...plain('pairs', [pieceOf(name), pieceOf(value)]), pairs: [pair] };
}

function healthcheck(rest: JoinedText): Arguments {
  const type = /^[^\t-\r \u0085\u00a0]+/.exec(rest.text)?.[0] ?? '';
  if (type === '') return plain('none', []);
  const probe = pieceOf(part(rest, 0, type.length));
  const after = trimmed(part(rest, type.length, rest.text.length));
  return { ...(after.text === '' ? plain('none', []) : command(after)), probe };
}
