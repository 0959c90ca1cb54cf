import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseSource } from '../../../src/formats/source/index.ts';
import type { OfferedEdit } from '../../../src/model/recipe.ts';
import { edited, frameworkOf, type WiringFixture, wiringFixtures } from '../../support/wiring.ts';

const module = './health.ts';
const refusal = (wiring: Extract<OfferedEdit, { ok: false }>) => `${wiring.why}\n\n${wiring.lines.join('\n')}\n`;

/** `npm run test:update` writes what the edit gives; whoever ran it reads the difference. */
function update({ folder, text }: WiringFixture, wiring: OfferedEdit): void {
  rmSync(join(folder, 'expected.ts'), { force: true });
  rmSync(join(folder, 'refused.txt'), { force: true });
  if (wiring.ok) writeFileSync(join(folder, 'expected.ts'), edited(text, wiring.edits));
  else writeFileSync(join(folder, 'refused.txt'), refusal(wiring));
}

describe('wiring the health routes', () => {
  it.each(wiringFixtures)('$name', async (fixture) => {
    const framework = await frameworkOf(fixture);
    const wiring = framework.wire({ file: 'app.ts', text: fixture.text, module });
    if (process.env['UPDATE_EXPECTED'] === '1') return update(fixture, wiring);
    if (!wiring.ok) return expect(refusal(wiring)).toBe(fixture.refused);
    expect(wiring.edits.length).toBeGreaterThan(0);
    const after = edited(fixture.text, wiring.edits);
    expect(after).toBe(fixture.expected);
    expect(parseSource('app.ts', after).problems).toEqual([]);
  });

  it.each(wiringFixtures.filter((one) => one.expected !== undefined))('$name is wired once', async (fixture) => {
    const framework = await frameworkOf(fixture);
    const wiring = framework.wire({ file: 'app.ts', text: fixture.expected ?? '', module });
    expect(wiring).toMatchObject({ ok: true, edits: [] });
  });

  it.each(wiringFixtures.filter((one) => one.expected !== undefined))(
    '$name keeps its line endings',
    async (fixture) => {
      const framework = await frameworkOf(fixture);
      const text = fixture.text.replaceAll('\n', '\r\n');
      const wiring = framework.wire({ file: 'app.ts', text, module });
      const after = wiring.ok ? edited(text, wiring.edits) : '';
      expect(after).toBe(fixture.expected?.replaceAll('\n', '\r\n'));
    },
  );
});
