import { expect, test } from 'bun:test';
import { describe, parseCsv } from '../src/csv.ts';

test('reads quotes, commas and line breaks inside them', () => {
  expect(parseCsv('name,note\r\n"Ada, L.","says ""hi""\nand goes"\n')).toEqual([
    ['name', 'note'],
    ['Ada, L.', 'says "hi"\nand goes'],
  ]);
});

test('sums a column of numbers', () => {
  expect(describe(parseCsv('item,price\ntea,3\nmilk,\ncake,4.5\n'))).toEqual({
    rows: 3,
    columns: [
      { name: 'item', filled: 3 },
      { name: 'price', filled: 2, sum: 7.5 },
    ],
  });
});
