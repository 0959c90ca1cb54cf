import { describe, expect, test } from 'bun:test';
import { readEnv } from '../src/env.ts';
import { createPayments, PaymentUnavailable } from '../src/payments.ts';
import { linePrice, total } from '../src/pricing.ts';

describe('pricing', () => {
  test('adds up the lines in cents', () => {
    expect(
      total([
        { sku: 'coffee-250g', quantity: 2 },
        { sku: 'filter-100', quantity: 1 },
      ]),
    ).toBe(2230);
  });

  test('takes 10 % off from ten of one article on', () => {
    expect(linePrice({ sku: 'filter-100', quantity: 9 })).toBe(4050);
    expect(linePrice({ sku: 'filter-100', quantity: 10 })).toBe(4050);
    expect(linePrice({ sku: 'coffee-250g', quantity: 11 })).toBe(8811);
  });
});

describe('environment', () => {
  const required = {
    DATABASE_URL: 'postgres://app:pw@db:5432/orders',
    REDIS_URL: 'redis://cache:6379',
    PAYMENT_API_URL: 'https://payments.example.com',
    PAYMENT_API_KEY: 'key',
  };

  test('fills in the defaults', () => {
    expect(readEnv(required)).toMatchObject({ PORT: 3000, LOG_LEVEL: 'info', CACHE_TTL_SECONDS: 300 });
  });

  test('names every variable that is wrong, and no value', () => {
    const read = () => readEnv({ ...required, DATABASE_URL: undefined, PAYMENT_API_URL: 'file:///hidden' });
    expect(read).toThrow(/DATABASE_URL.*PAYMENT_API_URL/);
    expect(read).not.toThrow(/hidden/);
  });
});

describe('payments', () => {
  const order = {
    id: '7b0c9f4e-53a7-4c25-9d4e-0f6f3f1a2b3c',
    customer: 'ada@example.com',
    lines: [{ sku: 'filter-100', quantity: 1 }],
    total: 450,
    status: 'pending',
    createdAt: '2026-01-05T09:00:00.000Z',
  } as const;
  const charge = (answer: () => Promise<Response>, seen: { url: string; init: RequestInit }[] = []) =>
    createPayments({
      url: 'https://payments.example.com/v1/',
      apiKey: 'key',
      timeoutMs: 100,
      fetch: (url, init) => {
        seen.push({ url, init });
        return answer();
      },
    }).charge({ ...order, lines: [...order.lines] });

  test('asks with the order id as the idempotency key', async () => {
    const seen: { url: string; init: RequestInit }[] = [];
    expect(await charge(async () => Response.json({ status: 'succeeded' }), seen)).toBe('paid');
    expect(seen[0]?.url).toBe('https://payments.example.com/v1/charges');
    expect(new Headers(seen[0]?.init.headers).get('idempotency-key')).toBe(order.id);
  });

  test('takes both forms of a refusal as declined', async () => {
    expect(await charge(async () => Response.json({ status: 'declined' }))).toBe('declined');
    expect(await charge(async () => new Response(null, { status: 402 }))).toBe('declined');
  });

  test.each([
    ['an error of the processor', async () => new Response(null, { status: 500 })],
    ['an answer that makes no sense', async () => Response.json({ status: 'maybe' })],
    ['a lost connection', () => Promise.reject(new Error('socket closed'))],
  ])('does not know the outcome after %s', async (_, answer) => {
    await expect(charge(answer)).rejects.toBeInstanceOf(PaymentUnavailable);
  });
});
