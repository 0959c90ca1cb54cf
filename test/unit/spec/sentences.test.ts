import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { services } from '../../../src/services/registry.gen.ts';
import { deriveRequirements } from '../../../src/spec/requirements.ts';

/**
 * `clear`: a careful reader adds it without asking; `unclear`: they would ask. `after`: written when the code was there, without
 * looking at it. `tuned`: the code was changed with its result in view since, so that it says nothing of sentences nobody has seen.
 */
type Row = {
  readonly sentence: string;
  readonly clear: readonly string[];
  readonly unclear?: readonly string[];
  readonly after?: boolean;
  readonly tuned?: boolean;
};

const rows = JSON.parse(readFileSync(new URL('./sentences.json', import.meta.url), 'utf8')) as Row[];

const words = services.flatMap((service) =>
  service.words.map((word) => ({ word, service: service.name, kinds: service.serves.map((one) => one.kind) })),
);

/** What a manifest with this one confirmed assertion asks for. */
const read = (row: Row, certainty: 'clear' | 'unclear'): string[] =>
  deriveRequirements(
    {
      manifest: { assertions: [{ id: 'A-001', natural: row.sentence, status: 'confirmed' }] },
      line: () => 1,
      problems: [],
    },
    words,
  )
    .filter((requirement) => requirement.certainty === certainty)
    .map((requirement) => requirement.kind);

function measure(some: readonly Row[]) {
  const wanted = some.flatMap((row) => row.clear.map((kind) => ({ row, kind })));
  const missed = wanted.filter(({ row, kind }) => !read(row, 'clear').includes(kind));
  return {
    recall: wanted.length === 0 ? 1 : 1 - missed.length / wanted.length,
    wanted: wanted.length,
    missed: missed.map(({ row, kind }) => `${kind}: ${row.sentence}`),
  };
}

describe('labelled sentences', () => {
  it('are at least 150, each once, a third of them written after the code', () => {
    expect(new Set(rows.map((row) => row.sentence)).size).toBe(rows.length);
    expect(rows.length).toBeGreaterThanOrEqual(150);
    expect(rows.filter((row) => row.after).length / rows.length).toBeGreaterThanOrEqual(1 / 3);
  });

  it.each(rows)('$sentence', (row) => {
    // no false service: what is read as clear was labelled clear
    expect(read(row, 'clear').filter((kind) => !row.clear.includes(kind))).toEqual([]);
  });

  it('lists what is unclear as unclear, and never as clear', () => {
    const asked = rows.flatMap((row) =>
      (row.unclear ?? []).filter((kind) => !row.clear.includes(kind)).map((kind) => ({ row, kind })),
    );
    const found = asked.filter(({ row, kind }) => read(row, 'unclear').includes(kind));
    console.log(`unclear: ${found.length} of ${asked.length} are listed`);
    expect(found.length / asked.length).toBeGreaterThanOrEqual(0.8);
  });

  it('are found again', () => {
    const [all, after] = [measure(rows), measure(rows.filter((row) => row.after && !row.tuned))];
    console.log(
      `recall: ${(all.recall * 100).toFixed(1)} % of ${all.wanted}; of those that no code was changed with ${(after.recall * 100).toFixed(1)} % of ${after.wanted}`,
    );
    console.log(all.missed.join('\n'));
    expect(all.wanted).toBeGreaterThan(0);
    expect(all.recall).toBeGreaterThanOrEqual(0.8);
  });
});
