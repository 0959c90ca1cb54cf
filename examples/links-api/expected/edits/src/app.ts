import Fastify from 'fastify';
import { parseLink } from './link.ts';
import { findLinks, keepLink } from './store.ts';
import { healthRoutes } from './health.ts';

export function buildApp() {
  const app = Fastify({ logger: { level: process.env.LOG_LEVEL ?? 'info' } });
  app.register(healthRoutes);

  app.get<{ Querystring: { tag?: string } }>('/links', ({ query }) => findLinks(query.tag));

  app.post('/links', async ({ body }, reply) => {
    const link = parseLink(body);
    if (typeof link === 'string') return reply.code(400).send({ error: link });
    return reply.code(201).send(await keepLink(link));
  });

  return app;
}
