const [part = 1, parts = 1] = (process.env['SHARD'] ?? '1/1').split('/').map(Number);

/** The cases of a file that every shard runs (`many` in scripts/e2e.mjs), of which this run takes its share: SHARD=1/3. */
export const shardOf = <T>(cases: readonly T[]): readonly T[] => cases.filter((_, at) => at % parts === part - 1);

/** TURN=NUMBER is for each change: a part of the cases, by turns of the commits, so that a few of them run all. Absent: all. */
const turn = process.env['TURN'];

/** One of `parts` parts of the cases for this change: at least one case, and all of them where nothing asks for less. */
export const turnOf = <T>(cases: readonly T[], parts: number): readonly T[] =>
  turn === undefined || cases.length < parts ? cases : cases.filter((_, at) => at % parts === Number(turn) % parts);

/** Every second case for this change. */
export const halfOf = <T>(cases: readonly T[]): readonly T[] => turnOf(cases, 2);
