import type { Evidence } from '../model/evidence.ts';
import type { Decision } from '../model/plan.ts';
import type { Reason } from '../model/recipe.ts';

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

/** The files behind a list of evidence, each once, in order. */
export const filesOf = (from: readonly Evidence[]): string[] => [
  ...new Set(from.flatMap((evidence) => (evidence.file ? [evidence.file] : []))),
];
