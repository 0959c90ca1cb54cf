import { createApp } from './app.ts';
import { createOrderCache, createRedis } from './cache.ts';
import { createOrderStore, createPool, prepareSchema } from './database.ts';
import { readEnv } from './env.ts';
import { createLog, reason } from './log.ts';
import { createPayments } from './payments.ts';
import { createOrderService } from './service.ts';

const drainMs = 8000;

const env = readEnv();
const log = createLog(env.LOG_LEVEL);

const pool = createPool(env.DATABASE_URL, log);
const redis = createRedis(env.REDIS_URL, log);

const service = createOrderService(
  createOrderStore(pool),
  createOrderCache(redis, env.CACHE_TTL_SECONDS, log),
  createPayments({ url: env.PAYMENT_API_URL, apiKey: env.PAYMENT_API_KEY, timeoutMs: env.PAYMENT_TIMEOUT_MS }),
);

const app = createApp(service, log);

let server: Bun.Server<undefined> | undefined;

/** Answers what is under way, then lets go of the connections. */
async function shutdown(signal: string): Promise<void> {
  log('info', 'draining', { signal });
  await Promise.race([server?.stop(), Bun.sleep(drainMs)]);
  redis.disconnect();
  await Promise.race([pool.end(), Bun.sleep(1000)]);
  log('info', 'stopped');
  process.exit(0);
}

// before anything that waits: as process 1 a signal without a handler is ignored
process.once('SIGTERM', shutdown);
process.once('SIGINT', shutdown);

try {
  await prepareSchema(pool, log);
} catch (error) {
  log('error', 'the database cannot be prepared', { reason: reason(error) });
  process.exit(1);
}

server = Bun.serve({ port: env.PORT, fetch: app.fetch });
log('info', 'listening', { port: server.port });
