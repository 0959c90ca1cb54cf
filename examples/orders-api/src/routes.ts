import { Hono } from 'hono';
import { z } from 'zod';
import { newOrderSchema } from './order.ts';
import type { OrderService } from './service.ts';

const idSchema = z.uuid();
const limitSchema = z.coerce.number().int().min(1).max(200).default(50);

function problems(error: z.ZodError) {
  return error.issues.map((issue) => ({ at: issue.path.join('.'), message: issue.message }));
}

export function orderRoutes(orders: OrderService): Hono {
  const routes = new Hono();

  routes.post('/', async (c) => {
    const id = idSchema.safeParse(c.req.header('idempotency-key') ?? crypto.randomUUID());
    if (!id.success) return c.json({ error: 'Idempotency-Key has to be a UUID' }, 400);
    const body: unknown = await c.req.json().catch(() => undefined);
    const request = newOrderSchema.safeParse(body);
    if (!request.success) return c.json({ error: 'invalid order', problems: problems(request.error) }, 400);
    const order = await orders.place(id.data, request.data);
    c.header('location', `/orders/${order.id}`);
    return c.json(order, order.status === 'paid' ? 201 : 402);
  });

  routes.get('/', async (c) => {
    const limit = limitSchema.safeParse(c.req.query('limit'));
    if (!limit.success) return c.json({ error: 'limit has to be between 1 and 200' }, 400);
    return c.json(await orders.latest(limit.data));
  });

  routes.get('/:id', async (c) => {
    const id = idSchema.safeParse(c.req.param('id'));
    const order = id.success ? await orders.find(id.data) : undefined;
    return order ? c.json(order) : c.json({ error: 'no such order' }, 404);
  });

  return routes;
}
