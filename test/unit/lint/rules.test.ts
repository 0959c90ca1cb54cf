import { describe, expect, it } from 'vitest';
import { rules } from '../../../src/lint/rules/registry.gen.ts';
import { applied, lintFiles, rulePages } from '../../support/rules.ts';

describe('every rule', () => {
  it('has a page: fixtures/rules/NAME.md with examples of both kinds, and no page is of nothing', () => {
    expect(rulePages.map(({ name }) => name)).toEqual(rules.map(({ name }) => name));
    const lacking = rulePages.filter(
      ({ cases }) => !cases.some(({ isBad }) => isBad) || cases.every(({ isBad }) => isBad),
    );
    expect(lacking.map(({ name }) => name)).toEqual([]);
    const empty = rulePages.flatMap(({ name, cases }) =>
      cases.filter(({ files }) => Object.keys(files).length === 0).map(({ title }) => `${name}: ${title}`),
    );
    expect(empty).toEqual([]);
  });

  it('weighs something, and says what it finds in a few words', () => {
    const titles = rules.map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
    expect(titles.filter((title) => !/^[A-Z].{10,70}[^.]$/.test(title))).toEqual([]);
  });
});

describe.each(rulePages.map((page) => [page.name, page] as const))('%s', (name, { cases }) => {
  it.each(cases.filter(({ isBad }) => isBad).map((one) => [one.title, one] as const))(
    'reports that rule alone: %s',
    async (_title, { files, fixed }) => {
      const { findings, notUnderstood } = await lintFiles(files);
      const shown = findings.map(({ rule, file, line, message }) => `${rule} ${file}:${line} ${message}`);
      expect(shown.length).toBeGreaterThan(0);
      expect(shown.filter((line) => !line.startsWith(`${name} `))).toEqual([]);
      expect(name === 'not-valid' ? [] : notUnderstood).toEqual([]);
      expect(applied(files, findings)).toEqual(fixed);
      for (const { message, why, fix, file, line } of findings) {
        for (const text of [message, why, ...(fix ? [fix.description] : [])]) expect(text).toMatch(/^[A-Z`\w].*[.!]$/s);
        expect(line).toBeLessThanOrEqual((files[file] ?? '').split('\n').length);
      }
    },
  );

  it.each(cases.filter(({ isBad }) => !isBad).map((one) => [one.title, one] as const))(
    'is silent: %s',
    async (_title, { files }) => {
      const { findings } = await lintFiles(files);
      expect(findings.map(({ rule, file, line, message }) => `${rule} ${file}:${line} ${message}`)).toEqual([]);
    },
  );
});
