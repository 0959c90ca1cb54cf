import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routeOf } from '../src/routes.ts';

test('knows its pages', () => {
  assert.deepEqual(routeOf('/'), { page: 'list' });
  assert.deepEqual(routeOf('/products/tea-1'), { page: 'product', id: 'tea-1' });
  assert.deepEqual(routeOf('/products/'), { page: 'lost' });
});
