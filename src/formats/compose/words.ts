type State = {
  readonly words: string[];
  /** the argument that is read; undefined between two of them */
  word: string | undefined;
  /** whether the argument ends with a dollar sign; looking at the argument itself would take longer the longer it is */
  endsWithDollar: boolean;
  isEscaped: boolean;
  inDouble: boolean;
  inSingle: boolean;
  inBackquote: boolean;
  inDollar: boolean;
};

/** What became of a character: it is done with, it belongs to the argument, or the line ends or is not valid there. */
type Step = 'taken' | 'kept' | 'end' | 'invalid';

/**
 * A command line split into its arguments, as compose splits it: quotes and backslashes as in a shell, `$(…)` and backquotes kept as they are,
 * cut off at `;`, `&`, `|`, `<` and `>`. Undefined: a quote or bracket is not closed.
 */
export function splitCommand(line: string): readonly string[] | undefined {
  const state: State = {
    words: [],
    word: undefined,
    endsWithDollar: false,
    isEscaped: false,
    inDouble: false,
    inSingle: false,
    inBackquote: false,
    inDollar: false,
  };
  for (const char of line) {
    const step = stepOver(char, state);
    if (step === 'invalid') return undefined;
    if (step === 'end') break;
    if (step !== 'kept') continue;
    state.word = (state.word ?? '') + char;
    state.endsWithDollar = char === '$';
  }
  const { words, word, isEscaped, inDouble, inSingle, inBackquote, inDollar } = state;
  if (isEscaped || inDouble || inSingle || inBackquote || inDollar) return undefined;
  return word === undefined ? words : [...words, word];
}

function stepOver(char: string, state: State): Step {
  if (state.isEscaped) {
    state.isEscaped = false;
    return 'kept';
  }
  if (char === '\\') {
    if (state.inSingle) return 'kept';
    state.isEscaped = true;
    return 'taken';
  }
  const isQuoted = state.inSingle || state.inDouble || state.inBackquote || state.inDollar;
  if (/[ \t\r\n]/.test(char)) {
    if (isQuoted) return 'kept';
    if (state.word !== undefined) state.words.push(state.word);
    state.word = undefined;
    state.endsWithDollar = false;
    return 'taken';
  }
  if (';&|<>'.includes(char) && !isQuoted) {
    // the number of a stream (`2>`) is no argument
    if (char === '>' && /^\d/.test(state.word ?? '')) state.word = undefined;
    return 'end';
  }
  return quote(char, state);
}

function quote(char: string, state: State): Step {
  const { inSingle, inDouble, inBackquote, inDollar } = state;
  if (char === '"' && !inSingle && !inDollar) {
    if (inDouble) state.word ??= '';
    state.inDouble = !inDouble;
    return 'taken';
  }
  if (char === "'" && !inDouble && !inDollar) {
    if (inSingle) state.word ??= '';
    state.inSingle = !inSingle;
    return 'taken';
  }
  if (char === '`' && !inSingle && !inDouble && !inDollar) state.inBackquote = !inBackquote;
  if (inSingle || inDouble || inBackquote) return 'kept';
  if (char === ')') state.inDollar = !inDollar;
  if (char !== '(') return 'kept';
  if (inDollar || !state.endsWithDollar) return 'invalid';
  state.inDollar = true;
  return 'kept';
}
