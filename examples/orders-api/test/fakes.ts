import type { Order } from '../src/order.ts';
import type { OrderCache, OrderStore, Payments, Settlement } from '../src/service.ts';

export function fakeStore() {
  const rows = new Map<string, Order>();
  let reads = 0;
  const store: OrderStore = {
    async insert(order) {
      const stored = rows.get(order.id) ?? { ...order, status: 'pending', createdAt: '2026-01-05T09:00:00.000Z' };
      rows.set(order.id, stored);
      return stored;
    },
    async settle(id, status) {
      const order = rows.get(id);
      if (!order) throw new Error('no such order');
      const settled: Order = order.status === 'pending' ? { ...order, status } : order;
      rows.set(id, settled);
      return settled;
    },
    async find(id) {
      reads += 1;
      return rows.get(id);
    },
    latest: async (limit) => [...rows.values()].slice(0, limit),
  };
  return { ...store, rows, reads: () => reads };
}

export function fakeCache() {
  const entries = new Map<string, Order>();
  const cache: OrderCache = {
    get: async (id) => entries.get(id),
    put: async (order) => void entries.set(order.id, order),
  };
  return { ...cache, entries };
}

/** Answers with what it is given, in turn; an Error is thrown. */
export function fakePayments(...answers: (Settlement | Error)[]) {
  const charged: Order[] = [];
  const payments: Payments = {
    async charge(order) {
      charged.push(order);
      const answer = answers.shift() ?? 'paid';
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  return { ...payments, charged };
}
