import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadHtml, parseHtml } from '../../../src/formats/html/index.ts';

beforeAll(loadHtml);

const scripts = (text: string) =>
  parseHtml(text).elements.flatMap((one) => (one.name === 'script' ? [one.attributes['src'] ?? one.text] : []));

describe('a page', () => {
  it.each([
    ['<script src="/a.ts"></script>', ['/a.ts']],
    ["<SCRIPT SRC='/a.ts' defer></SCRIPT>", ['/a.ts']],
    ['<script src=/a.ts></script>', ['/a.ts']],
    ['<script\n  type="module"\n  src="/a.ts"\n></script>', ['/a.ts']],
    ['<script src="/a.ts?a=1&amp;b=2"></script>', ['/a.ts?a=1&b=2']],
    ['<script data-src="/no.ts">run("<p>")</script>', ['run("<p>")']],
    ['<!-- <script src="/no.ts"></script> --><textarea><script src="/no.ts"></script></textarea>', []],
    ['<p title=\'<script src="/no.ts">\'>', []],
    ['<script src="/a.ts"', []],
  ])('%s', (text, expected) => expect(scripts(text)).toEqual(expected));

  it('says the line of an element, of its text, and of every text', () => {
    const { elements, words } = parseHtml('<p>\r\n<b\n id="%ID%">\none</b>\n<!-- two -->');
    expect(elements.map(({ name, line, textLine }) => [name, line, textLine])).toEqual([
      ['p', 1, 1],
      ['b', 2, 3],
    ]);
    expect(words.map(({ value, line }) => [value.trim(), line]).filter(([value]) => value)).toEqual([
      ['%ID%', 2],
      ['one', 3],
      ['two', 5],
    ]);
  });

  it('is read whatever it is, and left alone where it is larger than any page', () => {
    fc.assert(fc.property(fc.string(), (text) => parseHtml(text).elements.length >= 0));
    expect(parseHtml('<p>'.repeat(100_000))).toEqual({ elements: [], words: [] });
    expect(parseHtml('<p>'.repeat(80_000)).elements).toHaveLength(80_000);
  });
});
