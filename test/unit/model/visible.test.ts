import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { hasHidden, jsonString, visible, yamlString } from '../../../src/model/visible.ts';
import { rawIn } from '../../support/output.ts';
import { hostileText } from '../hostile/texts.ts';

const anything = fc.oneof(hostileText, fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));

describe('visible', () => {
  it('shows what nobody sees as its escape', () => {
    for (const [text, shown] of [
      ['\u001B[2J', '\\x1b[2J'],
      ['a\nb\r', 'a\\nb\\r'],
      ['\0\u0007\u007F\u0085\u009B', '\\x00\\x07\\x7f\\x85\\x9b'],
      ['\u2028\u2029', '\\u2028\\u2029'],
      ['\u202Eabc\u2066\u061C\u200F', '\\u202eabc\\u2066\\u061c\\u200f'],
      ['a\u200Bb\u2060\uFEFF\u00AD', 'a\\u200bb\\u2060\\ufeff\\xad'],
      ['\u{E0041}\u{1D173}', '\\u{e0041}\\u{1d173}'],
      ['\uD800a\uDC00', '\\ud800a\\udc00'],
      ['\u3164\u115F\uFFA0\u034F\uFFFE', '\\u3164\\u115f\\uffa0\\u034f\\ufffe'],
      // a joiner or a selector where it joins and selects nothing
      ['a\u200Db', 'a\\u200db'],
      ['a\uFE0F', 'a\\ufe0f'],
      ['1\uFE0F', '1\\ufe0f'],
      ['👩\u200D', '👩\\u200d'],
      ['م\u200C\u200Cن', 'م\u200C\\u200cن'],
      ['❤️\uFE0F', '❤️\\ufe0f'],
    ] as const)
      expect(visible(text)).toBe(shown);
  });

  it('leaves what people write as it is', () => {
    for (const text of [
      'Größe, naïve, cafe\u0301, Ωμέγα, Привет',
      '漢字 ひらがな 한국어 葛\u{E0100}',
      'שלום עולם, مرحبا بالعالم',
      'می‌خواهم, ന്‍, क्‍ष, ක්‍ෂ, ᠮᠣᠩᠭᠤᠯ᠋',
      '👩‍👩‍👧 👩🏽‍🚀 🏳️‍🌈 ❤️ ☎︎ 1️⃣ #️⃣ 🇩🇪 ©️',
      'a\tb',
      'C:\\new\\x1b',
      'std::move http://[::1]',
      '',
    ]) {
      expect(visible(text)).toBe(text);
      expect(hasHidden(text)).toBe(false);
    }
  });

  it('shows each character that nobody sees, also alone and between letters', () => {
    const raw = Array.from({ length: 0x3000 }, (_, point) => String.fromCodePoint(point)).filter(
      (char) => rawIn(visible(char)).length > 0 || rawIn(visible(`a${char}b`)).length > 0,
    );
    expect(raw).toEqual([]);
  });

  it('leaves nothing raw, whatever the text, and is the same when it is done twice', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const shown = visible(text);
        expect(rawIn(shown)).toEqual([]);
        expect(shown).not.toContain('\n');
        expect(visible(shown)).toBe(shown);
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes time in step with the text', () => {
    const started = performance.now();
    for (const unit of ['\u202E', '\u200D', '👩\u200D', 'م\u200C', '\uFE0F']) visible(unit.repeat(100_000));
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe('a string in quotes', () => {
  it('is the same text for a reader of JSON and of YAML, with nothing raw in it', () => {
    fc.assert(
      fc.property(anything, (text) => {
        expect(JSON.parse(jsonString(text))).toBe(text);
        expect(parse(yamlString(text))).toBe(text.toWellFormed());
        expect(rawIn(jsonString(text) + yamlString(text))).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });
});
