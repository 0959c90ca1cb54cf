/** Keys of a service of the author's compose file that nothing else here reads: those that go on, and those that a generated one has no place for. */
import { notCarried, unplacedKeys } from '../../../catalog/compose-keys.ts';
import type { ExistingService } from '../../../model/existing.ts';
import type { CarriedKey, LeftOut } from '../../../model/facts.ts';

/** What of a service is not carried over, each key with its line. Values are not told: a label may hold a password. */
export const keyEvidence = (service: ExistingService | undefined): readonly LeftOut[] =>
  (service?.unplaced ?? []).map(({ key, from }) => {
    const why = (Object.hasOwn(unplacedKeys, key) ? unplacedKeys[key] : undefined) ?? notCarried;
    return { what: `${key} of ${service?.name}`, why, from: [...from] };
  });

/** What of a service goes on as it is written. */
export const carriedEvidence = (service: ExistingService | undefined): readonly CarriedKey[] =>
  (service?.carried ?? []).map((one) => ({ ...one, from: [...one.from] }));
