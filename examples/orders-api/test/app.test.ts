import { describe, expect, test } from 'bun:test';
import { createApp } from '../src/app.ts';
import { orderSchema } from '../src/order.ts';
import { PaymentUnavailable } from '../src/payments.ts';
import { createOrderService, type Settlement } from '../src/service.ts';
import { fakeCache, fakePayments, fakeStore } from './fakes.ts';

const order = { customer: 'ada@example.com', lines: [{ sku: 'coffee-1kg', quantity: 2 }] };
const key = '7b0c9f4e-53a7-4c25-9d4e-0f6f3f1a2b3c';

function setup(...answers: (Settlement | Error)[]) {
  const store = fakeStore();
  const cache = fakeCache();
  const payments = fakePayments(...answers);
  const app = createApp(createOrderService(store, cache, payments), () => {});
  const place = (body: unknown, headers: Record<string, string> = {}) =>
    app.request('/orders', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  return { app, store, cache, payments, place };
}

describe('POST /orders', () => {
  test('stores the order, charges its total and answers with it', async () => {
    const { place, store, payments } = setup('paid');
    const response = await place(order);
    const placed = orderSchema.parse(await response.json());
    expect(response.status).toBe(201);
    expect(response.headers.get('location')).toBe(`/orders/${placed.id}`);
    expect(placed).toMatchObject({ status: 'paid', total: 5980 });
    expect(store.rows.get(placed.id)?.status).toBe('paid');
    expect(payments.charged.map((charged) => charged.total)).toEqual([5980]);
  });

  test('answers 402 when the charge is declined', async () => {
    expect((await setup('declined').place(order)).status).toBe(402);
  });

  test.each([
    ['no JSON', '{'],
    ['no lines', { ...order, lines: [] }],
    ['an unknown article', { ...order, lines: [{ sku: 'tea', quantity: 1 }] }],
    ['a quantity of zero', { ...order, lines: [{ sku: 'grinder', quantity: 0 }] }],
    ['a fraction', { ...order, lines: [{ sku: 'grinder', quantity: 1.5 }] }],
    ['a customer without an address', { ...order, customer: 'ada' }],
  ])('refuses %s and charges nothing', async (_, body) => {
    const { place, store, payments } = setup();
    expect((await place(body)).status).toBe(400);
    expect(store.rows.size).toBe(0);
    expect(payments.charged).toEqual([]);
  });

  test('keeps the order pending when the processor is away, and settles it when asked again', async () => {
    const { place, store } = setup(new PaymentUnavailable('timeout'), 'paid');
    expect((await place(order, { 'idempotency-key': key })).status).toBe(502);
    expect(store.rows.get(key)?.status).toBe('pending');
    expect((await place(order, { 'idempotency-key': key })).status).toBe(201);
    expect(store.rows.size).toBe(1);
  });

  test('does not charge a settled order again', async () => {
    const { place, payments } = setup('paid');
    await place(order, { 'idempotency-key': key });
    expect((await place(order, { 'idempotency-key': key })).status).toBe(201);
    expect(payments.charged).toHaveLength(1);
  });

  test('refuses a key that was used for another order', async () => {
    const { place } = setup('paid');
    await place(order, { 'idempotency-key': key });
    expect((await place({ ...order, customer: 'bob@example.com' }, { 'idempotency-key': key })).status).toBe(409);
  });
});

describe('GET /orders/:id', () => {
  test('reads a settled order once and then answers from the cache', async () => {
    const { app, place, store } = setup('paid');
    await place(order, { 'idempotency-key': key });
    const first = await (await app.request(`/orders/${key}`)).json();
    const second = await (await app.request(`/orders/${key}`)).json();
    expect(second).toEqual(first);
    expect(store.reads()).toBe(1);
  });

  test('does not cache a pending order', async () => {
    const { app, place, cache } = setup(new PaymentUnavailable('timeout'));
    await place(order, { 'idempotency-key': key });
    expect((await app.request(`/orders/${key}`)).status).toBe(200);
    expect(cache.entries.size).toBe(0);
  });

  test.each([key, 'not-a-uuid'])('answers 404 for %s', async (id) => {
    expect((await setup().app.request(`/orders/${id}`)).status).toBe(404);
  });
});

describe('GET /orders', () => {
  test('lists at most as many as asked for', async () => {
    const { app, place } = setup();
    for (let i = 0; i < 3; i += 1) await place(order);
    expect(await (await app.request('/orders?limit=2')).json()).toHaveLength(2);
    expect((await app.request('/orders?limit=0')).status).toBe(400);
  });

  test('answers 503 while the database is away', async () => {
    const store = { ...fakeStore(), latest: () => Promise.reject(new Error('connection refused')) };
    const app = createApp(createOrderService(store, fakeCache(), fakePayments()), () => {});
    expect((await app.request('/orders')).status).toBe(503);
  });
});
