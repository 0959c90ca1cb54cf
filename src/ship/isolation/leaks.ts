/** A value of a real env file, only to look for it. */
export type RealValue = { readonly name: string; readonly value: string; readonly file: string };

/** Shorter values are ordinary words, which turn up by chance. */
const LEAST = 16;

const wordsOf = (text: string): readonly string[] => text.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');

/** Every string of a model, keys included. */
function stringsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(stringsOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [key, ...stringsOf(item)]);
}

/**
 * Throws where a real value is in the model that is started: no path of ours leads there, so this is a bug. A value whose every word is in the
 * `committed` texts that the model was made from, such as a default that `.env` repeats, is no secret. The error names the variable and never the value.
 */
export function assertNoRealValue(model: unknown, values: readonly RealValue[], committed: readonly string[]): void {
  const long = values.filter(({ value }) => value.length >= LEAST);
  if (long.length === 0) return;
  const known = new Set(committed.flatMap(wordsOf));
  const strings = stringsOf(model);
  const leak = long.find(
    ({ value }) => strings.some((text) => text.includes(value)) && !wordsOf(value).every((word) => known.has(word)),
  );
  if (!leak) return;
  throw new Error(
    `verify stopped before starting anything: the value of ${leak.name} in ${leak.file} would be passed to containers`,
  );
}
