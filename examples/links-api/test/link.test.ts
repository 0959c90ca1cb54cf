import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseLink } from '../src/link.ts';

test('reads a link, with each tag once', () => {
  assert.deepEqual(parseLink({ url: 'https://example.com', title: ' An example ', tags: ['Web', 'web'] }), {
    url: 'https://example.com/',
    title: 'An example',
    tags: ['web'],
  });
});

test('says what is wrong', () => {
  assert.equal(parseLink('x'), 'send a JSON object');
  assert.equal(parseLink({ url: 'javascript:alert(1)', title: 'x' }), 'url must be an http address');
  assert.equal(parseLink({ url: 'https://example.com', title: '' }), 'title must not be empty');
  assert.equal(parseLink({ url: 'https://example.com', title: 'x', tags: [1] }), 'tags must be texts');
});
