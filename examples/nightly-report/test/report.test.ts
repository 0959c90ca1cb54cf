import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dayBefore, makeReport } from '../src/report.ts';

test('the day before, in UTC', () => {
  assert.equal(dayBefore(new Date('2026-03-01T00:30:00Z')), '2026-02-28');
});

test('the same orders give the same report, in whatever order they come', () => {
  const orders = [
    { id: 'a', customer: 'ada', total: 300 },
    { id: 'b', customer: 'bob', total: 500 },
  ];
  const report = makeReport('2026-02-28', orders);
  assert.deepEqual(report, { day: '2026-02-28', orders: 2, total: 800, largest: orders[1] });
  assert.deepEqual(makeReport('2026-02-28', [...orders].reverse()), report);
});

test('a day without orders', () => {
  assert.deepEqual(makeReport('2026-02-28', []), { day: '2026-02-28', orders: 0, total: 0, largest: null });
});
