import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hostileCases, inputs } from '../../support/hostile/cases.ts';

describe('the hostile inputs', () => {
  it('show every finding, each with a case that runs for each change', () => {
    const findings = ['C1', 'C2', 'C3', 'H1', 'H2', 'H3', 'H4', 'M4', 'M6'];
    const shared = hostileCases.filter((one) => one.share).map((one) => one.finding);
    for (const finding of findings) expect(shared).toContain(finding);
    expect(shared).toContain('neighbor');
  });
  it('run commands, and have titles that differ', () => {
    for (const one of hostileCases) expect(one.runs.length, one.title).toBeGreaterThan(0);
    expect(new Set(hostileCases.map((one) => one.title)).size).toBe(hostileCases.length);
  });
  it('hold no file that programs of this repository obey: those are data of case.json', () => {
    const files = readdirSync(inputs, { recursive: true, encoding: 'utf8' });
    expect(files.filter((file) => /(^|\/)\.|(^|\/)node_modules(\/|$)|\.(test|spec)\./.test(file))).toEqual([]);
    // nor a byte that a terminal obeys, for those who look at them
    for (const file of files.filter((name) => name.includes('.'))) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(readFileSync(join(inputs, file), 'latin1'), file).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f]/);
    }
  });
});
