import { z } from 'zod';
import { reason } from './log.ts';
import type { Payments } from './service.ts';

const replySchema = z.object({ status: z.enum(['succeeded', 'declined']) });

/** The processor did not say whether the charge went through: the order stays pending and may be tried again. */
export class PaymentUnavailable extends Error {
  override readonly name = 'PaymentUnavailable';
}

export interface PaymentOptions {
  readonly url: string;
  readonly apiKey: string;
  readonly timeoutMs: number;
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

export function createPayments({ url, apiKey, timeoutMs, fetch = globalThis.fetch }: PaymentOptions): Payments {
  const endpoint = `${url.replace(/\/+$/, '')}/charges`;

  return {
    async charge(order) {
      try {
        const response = await fetch(endpoint, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${apiKey}`,
            'content-type': 'application/json',
            // the processor charges a key once, however often it is asked
            'idempotency-key': order.id,
          },
          body: JSON.stringify({ amount: order.total, currency: 'EUR', reference: order.id }),
          signal: AbortSignal.timeout(timeoutMs),
        });
        if (response.status === 402) return 'declined';
        if (!response.ok) throw new Error(`the processor answered ${response.status}`);
        return replySchema.parse(await response.json()).status === 'succeeded' ? 'paid' : 'declined';
      } catch (error) {
        throw new PaymentUnavailable(reason(error), { cause: error });
      }
    },
  };
}
