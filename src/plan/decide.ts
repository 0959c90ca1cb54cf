import type { DecidedBy, Evidence, Known } from '../model/evidence.ts';
import type { Decision } from '../model/plan.ts';

/** What a decision needs; without evidence it is a stated default. */
export type Reason = {
  readonly choice: string;
  readonly why: string;
  readonly by?: DecidedBy;
  readonly from?: readonly Evidence[];
  readonly assertions?: readonly string[];
};

/** Records a decision under the path of what it decides and gives that path back, to be kept beside the thing itself. */
export type Decide = (key: string, reason: Reason) => string;

/** A recorder of decisions. The same path twice is a bug of ours: two places decide one thing. */
export function recorder(): { readonly decide: Decide; readonly decisions: () => Record<string, Decision> } {
  const made = new Map<string, Decision>();
  return {
    decide(key, reason) {
      if (made.has(key)) throw new Error(`decided twice: ${key}`);
      const from = reason.from ?? [];
      made.set(key, {
        choice: reason.choice,
        why: reason.why,
        by: reason.by ?? (from.length > 0 ? 'detected' : 'default'),
        from: [...from],
        assertions: [...(reason.assertions ?? [])],
      });
      return key;
    },
    decisions: () => Object.fromEntries([...made].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** The evidence of a known fact, with who decided it, as part of a reason. */
export const because = (fact: Known<unknown>): { by: DecidedBy; from: readonly Evidence[] } => ({
  by: fact.by,
  from: fact.from,
});

/** The known value, or undefined where it is unknown or missing. */
export function settled<T>(fact: Known<T> | { readonly ask: string } | undefined): T | undefined {
  return fact && 'value' in fact ? fact.value : undefined;
}

/** The files behind a list of evidence, each once, in order. */
export const filesOf = (from: readonly Evidence[]): string[] => [
  ...new Set(from.flatMap((evidence) => (evidence.file ? [evidence.file] : []))),
];
