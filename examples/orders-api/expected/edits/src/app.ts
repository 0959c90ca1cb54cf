import { Hono } from 'hono';
import { type Log, reason } from './log.ts';
import { PaymentUnavailable } from './payments.ts';
import { orderRoutes } from './routes.ts';
import { OrderConflict, type OrderService } from './service.ts';
import { healthRoutes } from './health.ts';

export function createApp(orders: OrderService, log: Log): Hono {
  const app = new Hono();
  app.route('/', healthRoutes);

  app.use(async (c, next) => {
    const start = performance.now();
    await next();
    const ms = Math.round(performance.now() - start);
    log('info', 'request', { method: c.req.method, path: c.req.path, status: c.res.status, ms });
  });

  app.route('/orders', orderRoutes(orders));

  app.notFound((c) => c.json({ error: 'not found' }, 404));

  app.onError((error, c) => {
    if (error instanceof OrderConflict) return c.json({ error: error.message }, 409);
    log('error', 'request failed', { method: c.req.method, path: c.req.path, reason: reason(error) });
    if (error instanceof PaymentUnavailable) {
      return c.json({ error: 'the payment processor cannot be reached; the order is kept, try again' }, 502);
    }
    return c.json({ error: 'temporarily unavailable' }, 503);
  });

  return app;
}
