import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slug } from '../src/index.ts';

test('words apart, no accents, lower case', () => {
  assert.equal(slug('Crème brûlée: how to?'), 'creme-brulee-how-to');
});

test('cut at a word', () => {
  assert.equal(slug('one two three', { limit: 8, separator: '_' }), 'one_two');
});
