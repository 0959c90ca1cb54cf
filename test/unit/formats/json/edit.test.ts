import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differenceOf, editJson } from '../../../../src/formats/json/edit.ts';

describe('an edit of JSON', () => {
  it('keeps indentation, order and the end of the file as they were', () => {
    const tabs = '{\n\t"name": "a",\n\t"main": "x.js"\n}\n';
    expect(editJson(tabs, [{ path: ['files'], value: ['dist'] }])).toBe(
      '{\n\t"name": "a",\n\t"main": "x.js",\n\t"files": [\n\t\t"dist"\n\t]\n}\n',
    );
    expect(editJson('{\r\n    "a": 1\r\n}', [{ path: ['b'], value: 2 }])).toBe('{\r\n    "a": 1,\r\n    "b": 2\r\n}');
  });

  it('keeps comments, and takes a key away', () => {
    const text = '{\n  // of the compiler\n  "a": { "b": 1 /* one */ },\n  "c": 2\n}';
    const after = editJson(text, [{ path: ['c'], value: undefined }]);
    expect(after).toContain('// of the compiler');
    expect(after).toContain('/* one */');
    expect(after).not.toContain('"c"');
  });

  it('is one span, and the span gives the text again', () => {
    expect(differenceOf('same', 'same')).toBeUndefined();
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const found = differenceOf(before, after);
        const made = found ? before.slice(0, found.start) + found.text + before.slice(found.end) : before;
        expect(made).toBe(after);
      }),
    );
  });
});
