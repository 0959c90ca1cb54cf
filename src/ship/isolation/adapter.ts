import type { ComposeModel, EffectiveCompose } from '../../formats/compose/model.ts';

/** The same value with every string in it changed. */
function withStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((one) => withStrings(one, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withStrings(one, change)]));
}

/** What `docker compose config --format json` printed, as our own parser would give it: a `$` is a `$`. It knows no lines. */
export const effectiveFrom = (printed: unknown, files: readonly string[]): EffectiveCompose => ({
  model: withStrings(printed, (text) => text.replaceAll('$$', '$')) as ComposeModel,
  place: () => undefined,
  refused: [],
  unread: [],
  files,
});

/** A model as a file for Compose, which reads `$` as the beginning of a variable. */
export const printModel = (model: ComposeModel): string =>
  JSON.stringify(
    withStrings(model, (text) => text.replaceAll('$', () => '$$')),
    null,
    2,
  );
