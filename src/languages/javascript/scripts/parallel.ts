import { globMatcher } from '../../../formats/glob/index.ts';

/** One of the scripts or lines that a program such as `run-p` or `concurrently` starts. */
export type ParallelCommand = (
  | { readonly script: string; readonly args: readonly string[] }
  | { readonly line: string }
) & {
  /** runs at the same time as others */
  readonly beside: boolean;
};

/** What a command runs that runs several scripts of package.json or several lines; undefined: it is none of these programs. */
export function severalOf(argv: readonly string[], scripts: readonly string[]): readonly ParallelCommand[] | undefined {
  const [program = '', ...words] = argv;
  if (program === 'concurrently') return ofConcurrently(words, scripts);
  if (['run-s', 'run-p', 'npm-run-all', 'npm-run-all2'].includes(program))
    return ofRunAll(words, scripts, program === 'run-p');
  return undefined;
}

/** `run-p type-check "build-only {@}" --`, `npm-run-all clean --parallel watch:*`: the words behind `--` fill the braces. */
function ofRunAll(words: readonly string[], scripts: readonly string[], parallel: boolean): readonly ParallelCommand[] {
  const end = words.indexOf('--');
  let beside = parallel;
  return (end === -1 ? words : words.slice(0, end)).flatMap((word) => {
    if (word === '-p' || word === '--parallel') beside = true;
    if (word === '-s' || word === '--serial' || word === '--sequential') beside = false;
    return word.startsWith('-') ? [] : named(word, scripts, beside);
  });
}

/** Flags of concurrently whose value is the next word. */
const valued = new Set(
  '-n --names -c --prefix-colors -p --prefix -l --prefix-length -t --timestamp-format -m --max-processes -s --success --restart-tries --restart-after --name-separator --default-input-target --teardown'.split(
    ' ',
  ),
);

/** `concurrently "npm:watch-*" "node server.js"`. */
function ofConcurrently(words: readonly string[], scripts: readonly string[]): readonly ParallelCommand[] {
  return words.flatMap((word, at): readonly ParallelCommand[] => {
    if (word.startsWith('-') || valued.has(words[at - 1] ?? '')) return [];
    const script = /^(?:npm|pnpm|yarn|bun|node):(.+)$/.exec(word)?.[1];
    return script === undefined ? [{ line: word, beside: true }] : named(script, scripts, true);
  });
}

/** The scripts that a pattern names: `*` stands for anything but a colon, `**` for anything. */
function named(word: string, scripts: readonly string[], beside: boolean): readonly ParallelCommand[] {
  const [pattern = '', ...args] = word.split(' ').filter((value) => value !== '' && !/^\{.*\}$/.test(value));
  const matches = globMatcher(pattern, { separator: ':' });
  return scripts.filter(matches).map((script) => ({ script, args, beside }));
}
