import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findMatch, globMatcher, literal, matchEnds, type Step } from '../../../../src/formats/glob/index.ts';

describe('a glob', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['packages/*', ['packages/a', 'packages/a.b'], ['packages', 'packages/a/b', 'xpackages/a']],
    ['packages/**', ['packages/a', 'packages/a/b'], ['packages', 'package/a']],
    ['**/api', ['api', 'apps/api', 'a/b/api'], ['apps/api/x', 'xapi']],
    ['apps/**/api', ['apps/api', 'apps/x/api', 'apps/x/y/api'], ['apps/xapi', 'api']],
    ['a?c', ['abc'], ['ac', 'a/c', 'abbc']],
    ['lib[0-9a]', ['lib3', 'liba'], ['lib', 'libb', 'lib33']],
    ['lib[!0-9]', ['libx'], ['lib3', 'lib/']],
    ['[]x]', [']', 'x'], ['[]x]']],
    ['[x', ['[x'], ['x']],
    ['a\\*b', ['a*b'], ['aXb', 'a\\*b']],
    ['a.c+(d)', ['a.c+(d)'], ['abcd', 'a.cd']],
    ['*', ['a', 'ü'], ['a/b']],
    ['', [''], ['a']],
  ])('%j matches what it says and nothing else', (pattern, matching, others) => {
    const matches = globMatcher(pattern);
    expect(matching.filter((path) => !matches(path))).toEqual([]);
    expect(others.filter(matches)).toEqual([]);
  });

  it('stands for each alternative where braces are read', () => {
    const matches = globMatcher('{apps,packages/{ui,core}}/*', { braces: true });
    expect(['apps/a', 'packages/ui/b', 'packages/core/c'].every(matches)).toBe(true);
    expect(['packages/x/c', '{apps,packages/{ui,core}}/a'].some(matches)).toBe(false);
    expect(globMatcher('{apps}/*', { braces: true })('{apps}/a')).toBe(true);
    expect(globMatcher('{a,b', { braces: true })('{a,b')).toBe(true);
    expect(globMatcher('{a,b}')('{a,b}')).toBe(true);
  });

  it('agrees with a regular expression on patterns of stars and letters', () => {
    const word = fc.array(fc.constantFrom('a', 'b', '/', '*', '?'), { maxLength: 8 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(word, word, (pattern, path) => {
        fc.pre(!pattern.includes('**'));
        const source = [...pattern].map((part) => ({ '*': '[^/]*', '?': '[^/]' })[part] ?? part).join('');
        expect(globMatcher(pattern)(path)).toBe(new RegExp(`^${source}$`).test(path));
      }),
    );
  });

  it.each(['*a*a*a*a*a*a*a*b', '**/*a**/*a**/*a**/*a**/b', '{a,b}'.repeat(40), '{'.repeat(3000), '*'.repeat(100_000)])(
    'takes no time for %.40j',
    (pattern) => {
      const started = performance.now();
      expect(globMatcher(pattern, { braces: true })(`${'a/'.repeat(200)}${'a'.repeat(2000)}`)).toBe(false);
      expect(performance.now() - started).toBeLessThan(1000);
    },
  );
});

describe('steps', () => {
  const any: Step = { takes: () => true, repeated: true };

  it('give every end of a match, shortest first', () => {
    expect([...matchEnds([any, literal('b')], 'abab')]).toEqual([2, 4]);
    expect([...matchEnds([literal('x')], 'abab')]).toEqual([]);
    expect([...matchEnds([], 'ab')]).toEqual([0]);
  });

  it('find the first and longest match', () => {
    const steps = [literal('a'), any, literal('b')];
    expect(findMatch(steps, 'xxabab', 0)).toEqual({ start: 2, end: 6 });
    expect(findMatch(steps, 'xxabab', 3)).toEqual({ start: 4, end: 6 });
    expect(findMatch(steps, 'ba', 0)).toBeUndefined();
    expect(findMatch([], 'ba', 1)).toEqual({ start: 1, end: 1 });
  });

  it('take no time to find nothing', () => {
    const started = performance.now();
    expect(findMatch([literal('a'), any, literal('b')], 'a'.repeat(200_000), 0)).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
