import { z } from 'zod';
import { isKnown } from './pricing.ts';

export const newOrderSchema = z.object({
  customer: z.email(),
  lines: z
    .array(
      z.object({
        sku: z.string().refine(isKnown, 'unknown article'),
        quantity: z.int().min(1).max(1000),
      }),
    )
    .min(1)
    .max(50),
});

export const orderSchema = newOrderSchema.extend({
  id: z.uuid(),
  total: z.int().positive(),
  status: z.enum(['pending', 'paid', 'declined']),
  createdAt: z.iso.datetime(),
});

export type NewOrder = z.infer<typeof newOrderSchema>;
export type Order = z.infer<typeof orderSchema>;

/** A settled order never changes again. */
export function isSettled(order: Order): boolean {
  return order.status !== 'pending';
}
