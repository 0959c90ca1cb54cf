/** Keys of a service of the author's compose file that a generated one has no place for. */
import { unplacedKeys } from '../../../catalog/compose-keys.ts';
import type { ExistingService } from '../../../model/existing.ts';
import type { LeftOut } from '../../../model/facts.ts';

/** What of a service is not carried over, each key with its line. Values are not told: a label may hold a password. */
export const keyEvidence = (service: ExistingService | undefined): readonly LeftOut[] =>
  (service?.unplaced ?? []).flatMap(({ key, from }) => {
    const why = Object.hasOwn(unplacedKeys, key) ? unplacedKeys[key] : undefined;
    return why === undefined ? [] : [{ what: `${key} of ${service?.name}`, why, from: [...from] }];
  });
