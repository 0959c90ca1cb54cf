/** Names in a sentence, each once: `a, b and 3 more`. */
export function listed(all: readonly string[]): string {
  const names = [...new Set(all)];
  const shown = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} more`] : names;
  return shown.length < 2 ? (shown[0] ?? '') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}
