import { isSettled, type NewOrder, type Order } from './order.ts';
import { total } from './pricing.ts';

export type Settlement = 'paid' | 'declined';

export interface OrderStore {
  /** Stores a pending order; one that is there under this id stays as it is. Returns what is stored. */
  insert(order: NewOrder & Pick<Order, 'id' | 'total'>): Promise<Order>;
  /** Settles a pending order; one that is settled stays as it is. Returns what is stored. */
  settle(id: string, status: Settlement): Promise<Order>;
  find(id: string): Promise<Order | undefined>;
  latest(limit: number): Promise<Order[]>;
}

export interface OrderCache {
  get(id: string): Promise<Order | undefined>;
  put(order: Order): Promise<void>;
}

export interface Payments {
  charge(order: Order): Promise<Settlement>;
}

export class OrderConflict extends Error {
  override readonly name = 'OrderConflict';
}

export interface OrderService {
  place(id: string, request: NewOrder): Promise<Order>;
  find(id: string): Promise<Order | undefined>;
  latest(limit: number): Promise<Order[]>;
}

function asksTheSame(order: Order, request: NewOrder): boolean {
  return (
    order.customer === request.customer &&
    order.lines.length === request.lines.length &&
    order.lines.every((line, i) => line.sku === request.lines[i]?.sku && line.quantity === request.lines[i]?.quantity)
  );
}

export function createOrderService(store: OrderStore, cache: OrderCache, payments: Payments): OrderService {
  return {
    /** The order is stored before it is charged, so that no charge is without an order, whatever fails in between. */
    async place(id, request) {
      const order = await store.insert({ ...request, id, total: total(request.lines) });
      if (!asksTheSame(order, request)) throw new OrderConflict(`order ${id} was placed with other contents`);
      if (isSettled(order)) return order;
      return store.settle(id, await payments.charge(order));
    },

    async find(id) {
      const cached = await cache.get(id);
      if (cached) return cached;
      const order = await store.find(id);
      // only what can no longer change is cached, so that nothing in the cache can be out of date
      if (order && isSettled(order)) await cache.put(order);
      return order;
    },

    latest: (limit) => store.latest(limit),
  };
}
