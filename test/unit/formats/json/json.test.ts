import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../../src/formats/json/index.ts';
import { UserError } from '../../../../src/model/errors.ts';

describe('JSON', () => {
  it('is read with the lines of its parts', () => {
    const { value, line } = parseJson('{\n  "a": [\n    1,\n    { "b": 2 }\n  ]\n}', 'x.json');
    expect(value).toEqual({ a: [1, { b: 2 }] });
    expect([line(['a']), line(['a', 1, 'b']), line(['a', 7]), line([])]).toEqual([2, 4, 2, 1]);
  });

  it('tells of keys that stand twice', () => {
    expect(parseJson('{"a":{"b":1,\n"b":2}}', 'x').duplicates).toEqual([{ path: ['a'], key: 'b', line: 2 }]);
  });

  it('is refused with its file and line', () => {
    for (const text of ['', '{', '{"a": }', '[1,]', '// x\n{}'])
      expect(() => parseJson(text, 'x.json')).toThrow(/x\.json/);
    expect(parseJson('// x\n{"a":1,}', 'x', { lenient: true }).value).toEqual({ a: 1 });
    expect(() => parseJson('{"a":'.repeat(100_000), 'x')).toThrow(UserError);
    for (const before of ['// "\n', '/* " */', '"\\\n', '"open\n', '/', '// " \r'])
      for (const lenient of [true, false])
        expect(() => parseJson(`${before}${'['.repeat(100_000)}`, 'x', { lenient })).toThrow(UserError);
    expect(
      parseJson(`{"a": "${'['.repeat(1000)}" /* ${'['.repeat(1000)} */}`, 'x', { lenient: true }).line(['a']),
    ).toBe(1);
  });

  it('is refused right behind the deepest nesting, however the brackets are mixed', () => {
    const nested = (levels: number) => `${'[{"a":'.repeat(levels / 2)}1${'}]'.repeat(levels / 2)}`;
    expect(parseJson(nested(500), 'x').value).toEqual(JSON.parse(nested(500)));
    expect(() => parseJson(nested(502), 'x')).toThrow('is nested more than 500 levels deep');
    expect(parseJson(`[${'[],'.repeat(600)}1]`, 'x').value).toHaveLength(601);
  });

  it('of any text gives what JSON.parse gives, or a UserError', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        let wanted: { value: unknown } | undefined;
        try {
          wanted = { value: JSON.parse(text) };
        } catch {}
        try {
          const { value } = parseJson(text, 'x');
          expect(value).toEqual(wanted?.value);
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          expect(wanted).toBeUndefined();
        }
      }),
      { numRuns: 3000, seed: 21 },
    );
  });
});
