import { describe, expect, it } from 'vitest';
import { rules } from '../../../src/lint/rules/registry.gen.ts';
import { services } from '../../../src/services/registry.gen.ts';
import { frameworks } from '../../../src/stacks/servers/registry.gen.ts';
import { rulePages } from '../../support/rules.ts';
import { emptyServiceFixtures, serviceFixtures } from '../../support/services.ts';
import { missing, shown } from '../../support/shown.ts';
import { wiringFixtures } from '../../support/wiring.ts';

/** What is in the product is shown to work: a new file without a fixture fails here, and a fixture of nothing too. */
describe('every fixture', () => {
  it('a framework has one that is wired: fixtures/wiring/NAME-STYLE/ with app.ts and expected.ts', () => {
    const shown = wiringFixtures.filter((one) => one.expected !== undefined).map((one) => one.framework);
    expect(frameworks.map((one) => one.name).filter((name) => !shown.includes(name))).toEqual([]);
  });

  it('of wiring belongs to a framework, and is either wired or refused', () => {
    const wrong = wiringFixtures.filter(
      (one) => one.framework === '' || one.text === '' || (one.expected === undefined) === (one.refused === undefined),
    );
    expect(wrong.map((one) => one.name)).toEqual([]);
  });

  it('a service has one: fixtures/services/NAME.json with files and compose', () => {
    const shown = serviceFixtures.map((one) => one.name);
    expect(services.map((one) => one.name).filter((name) => !shown.includes(name))).toEqual([]);
    expect(shown.filter((name) => !services.some((one) => one.name === name))).toEqual([]);
    expect(emptyServiceFixtures).toEqual([]);
  });

  it('a rule has one: fixtures/rules/NAME.md with examples that it reports and examples that it leaves alone', () => {
    const shown = rulePages.filter(({ cases }) =>
      [true, false].every((kind) => cases.some(({ isBad }) => isBad === kind)),
    );
    const files = shown.map(({ name }) => `fixtures/rules/${name}.md`);
    expect(rules.map(({ name }) => `fixtures/rules/${name}.md`).filter((file) => !files.includes(file))).toEqual([]);
  });

  it('a language, a stack, a hint and an artifact has one: fixtures/ROOM/NAME.json with files and gives', () => {
    expect(missing()).toEqual([]);
    expect(shown.length).toBeGreaterThan(20);
  });
});
