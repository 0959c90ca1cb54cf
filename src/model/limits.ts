import type { Workload } from './plan.ts';

const units: Readonly<Record<string, number>> = { B: 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };

/** Bytes of a size as Compose writes it, such as `512M` (https://docs.docker.com/reference/compose-file/extension/#specifying-byte-values); undefined: it is none. */
export function composeBytes(size: string): number | undefined {
  const [, number = '', unit = 'B'] = /^(\d{1,12}(?:\.\d{1,6})?)([BKMG])?B?$/i.exec(size) ?? [];
  const bytes = Number(number) * (units[unit.toUpperCase()] ?? Number.NaN);
  return number === '' || Number.isNaN(bytes) ? undefined : bytes;
}

type Following = NonNullable<Workload['resources']['variables']>[string];

/** What a variable that follows a limit is set to: whole CPUs, at least one, or MiB. undefined: the limit is no size. */
export function followingValue(
  { of, share = 1 }: Pick<Following, 'of' | 'share'>,
  limits: Workload['resources']['limits'],
): string | undefined {
  if (of === 'cpus') return String(Math.max(1, Math.ceil(limits.cpus)));
  const bytes = composeBytes(limits.memory);
  return bytes === undefined ? undefined : `${Math.floor((bytes * share) / 2 ** 20)}MiB`;
}
