import fc from 'fast-check';
import { expect, it } from 'vitest';
import { attempt } from '../../unit/hostile/attempt.ts';
import { cases, corpus, spoiled } from '../../unit/hostile/mutations.ts';
import { patience } from '../../unit/hostile/support.ts';

/** More in a job of its own: `CASES=100000 npx vitest run --project slow test/slow/hostile/bytes.test.ts`. */
const count = Number(process.env['CASES'] ?? 300);
const seed = Number(process.env['SEED'] ?? 20_261_121);

it(
  'whatever happened to the files of a project, a run gives files of their kind, or an error that a user can mend',
  async () => {
    const projects = await corpus();
    let made = 0;
    let refused = 0;
    let slowest = 0;
    await fc.assert(
      fc.asyncProperty(cases, async (one) => {
        const { files, touched } = spoiled(projects, one);
        const started = performance.now();
        const outcome = await attempt(files).catch((error: unknown) => {
          throw new Error(`after ${touched.join(', ')}`, { cause: error });
        });
        slowest = Math.max(slowest, performance.now() - started);
        if (outcome.refused) refused += 1;
        else made += 1;
        expect(slowest, `too slow after ${touched.join(', ')}`).toBeLessThan(patience);
      }),
      { numRuns: count, seed },
    );
    console.log(
      `${made + refused} spoiled projects: ${made} gave files, ${refused} an error with a next step; the slowest took ${Math.round(slowest)} ms (SEED=${seed} CASES=${count} repeats it)`,
    );
    expect(made).toBeGreaterThan(count / 10);
    expect(refused).toBeGreaterThan(count / 10);
  },
  60_000 + count * 200,
);
