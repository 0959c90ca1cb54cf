import type { DecidedBy, Evidence, Known } from './evidence.ts';

/** The known value, or undefined where it is unknown or missing. */
export const knownValue = <T>(fact: Known<T> | { readonly ask: string } | undefined): T | undefined =>
  fact && 'value' in fact ? fact.value : undefined;

/** The evidence of a known fact, with who decided it, as part of a reason. */
export const evidenceOf = (fact: Known<unknown>): { readonly by: DecidedBy; readonly from: readonly Evidence[] } => ({
  by: fact.by,
  from: fact.from,
});

/** A value, who decided it and from what, as facts hold it. */
export type Fact<T> = { value: T; by: DecidedBy; from: Evidence[] };

/** A fact that was read in the project. */
export const detected = <T>(value: T, from: readonly Evidence[]): Fact<T> => ({
  value,
  by: 'detected',
  from: [...from],
});
