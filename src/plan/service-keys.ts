import type { CarriedKey } from '../model/facts.ts';
import type { Workload } from '../model/plan.ts';
import type { Decide } from './decide.ts';

/** The keys of the author's service that a generated one has as they were, each decided by its line. */
export function keysOf(path: string, carried: readonly CarriedKey[] = [], decide: Decide): Pick<Workload, 'keys'> {
  if (carried.length === 0) return {};
  const why = 'your compose file sets it, and the generated one has no other value for it';
  return {
    keys: carried.map(({ key, value, from }) => ({
      key,
      value,
      decision: decide(`${path}.${key}`, { choice: 'as in your compose file', why, from }),
    })),
  };
}
