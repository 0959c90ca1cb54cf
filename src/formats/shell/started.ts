/** Words before the program of a package that they start: `npx tsc`, `pnpm exec -- tsc`, `bunx --bun vite build`. */
const starters = [
  'npx',
  'bunx',
  'pnpx',
  'bun x',
  'npm exec',
  'npm x',
  'pnpm exec',
  'pnpm dlx',
  'yarn exec',
  'yarn dlx',
].map((words) => words.split(' '));

/** The line of the program that `npx` and its kin start; undefined: the line starts with none of them, or names no program. */
export function programRun(argv: readonly string[]): readonly string[] | undefined {
  const starter = starters.find((words) => words.every((word, at) => argv[at] === word));
  const rest = starter ? argv.slice(starter.length) : [];
  const packaged = (at: number) => ['-p', '--package'].includes(rest[at - 1] ?? '');
  const at = rest.findIndex((word, index) => !word.startsWith('-') && !packaged(index));
  return at === -1 ? undefined : rest.slice(at);
}
