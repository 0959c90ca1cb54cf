/** One order as it is summed. */
export type Order = { readonly id: string; readonly customer: string; readonly total: number };

/** What a report says of a day. Amounts are in cents. */
export type Report = {
  readonly day: string;
  readonly orders: number;
  readonly total: number;
  readonly largest: Order | null;
};

/** The day before a moment, in UTC, as YYYY-MM-DD. */
export const dayBefore = (now: Date): string => new Date(now.getTime() - 86_400_000).toISOString().slice(0, 10);

/** Sums the orders of a day. The same orders give the same report, whenever it is made. */
export function makeReport(day: string, orders: readonly Order[]): Report {
  const sorted = [...orders].sort((a, b) => b.total - a.total || (a.id < b.id ? -1 : 1));
  return {
    day,
    orders: orders.length,
    total: orders.reduce((sum, order) => sum + order.total, 0),
    largest: sorted[0] ?? null,
  };
}
