const [part = 1, parts = 1] = (process.env['SHARD'] ?? '1/1').split('/').map(Number);

/** The cases of a file that every shard runs (`many` in scripts/e2e.mjs), of which this run takes its share: SHARD=1/3. */
export const shardOf = <T>(cases: readonly T[]): readonly T[] => cases.filter((_, at) => at % parts === part - 1);

/** HALF=0 or HALF=1 is for each change: every second case. The commits take turns, so that a few of them run all. Absent: all. */
const half = process.env['HALF'];

/** The cases that run for this change: at least one, and all of them where nothing asks for less. */
export const halfOf = <T>(cases: readonly T[]): readonly T[] =>
  half === undefined || cases.length < 2 ? cases : cases.filter((_, at) => at % 2 === Number(half) % 2);
