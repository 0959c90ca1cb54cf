import { Redis } from 'ioredis';
import { type Log, reason } from './log.ts';
import { type Order, orderSchema } from './order.ts';
import type { OrderCache } from './service.ts';

export function createRedis(url: string, log: Log): Redis {
  const redis = new Redis(url, {
    // a look-up that cannot be answered from the cache at once goes to the database
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 1000,
    commandTimeout: 250,
    retryStrategy: (attempt) => Math.min(attempt * 200, 5000),
  });
  redis.on('error', (error) => log('warn', 'cache unavailable', { reason: reason(error) }));
  redis.on('ready', () => log('info', 'cache connected'));
  return redis;
}

/** Failures are logged and count as a miss: the cache makes answers faster, never possible. */
export function createOrderCache(redis: Redis, ttlSeconds: number, log: Log): OrderCache {
  const key = (id: string) => `order:${id}`;

  return {
    async get(id) {
      try {
        const text = await redis.get(key(id));
        return text === null ? undefined : orderSchema.parse(JSON.parse(text));
      } catch (error) {
        log('debug', 'cache read failed', { id, reason: reason(error) });
        return undefined;
      }
    },
    async put(order: Order) {
      try {
        await redis.set(key(order.id), JSON.stringify(order), 'EX', ttlSeconds);
      } catch (error) {
        log('debug', 'cache write failed', { id: order.id, reason: reason(error) });
      }
    },
  };
}
