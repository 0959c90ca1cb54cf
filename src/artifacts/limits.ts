import { bytes } from '../formats/compose/index.ts';
import type { Workload } from '../model/plan.ts';

type FollowingVariable = NonNullable<Workload['resources']['variables']>[string];

/** What a variable that follows a limit is set to: whole CPUs, at least one, or MiB. undefined: the limit is no size. */
export function followingValue(
  { of, share = 1 }: Pick<FollowingVariable, 'of' | 'share'>,
  limits: Workload['resources']['limits'],
): string | undefined {
  if (of === 'cpus') return String(Math.max(1, Math.ceil(limits.cpus)));
  const size = bytes(limits.memory);
  return size === undefined ? undefined : `${Math.floor((Number(size) * share) / 2 ** 20)}MiB`;
}
