/** Fastify (https://fastify.dev): routes are plugins that `register` adds. */
import type { Framework, Recognise } from '../contract.ts';
import { listenEverywhere } from '../support/everywhere.ts';
import { locateMade } from '../support/locate.ts';
import type { Maker } from '../support/made.ts';
import { httpMethods, routesOf } from '../support/routes.ts';
import { wireObject } from '../support/wiring.ts';

export const recognise: Recognise = { name: 'fastify', title: 'Fastify', role: 'server', dependencies: ['fastify'] };

const maker: Maker = { packages: ['fastify'], names: ['default', 'fastify', 'Fastify'], form: 'call' };

export const framework: Framework = {
  loopback: true,
  everywhere: (file, text, line) => listenEverywhere(file, text, { byDefault: true, line }),
  locate: (project, files) => locateMade(project, files, maker),
  routes: (project, files) =>
    routesOf(project, files, {
      makers: [maker],
      methods: httpMethods,
      mounts: ['register'],
      parameters: ['app', 'fastify', 'server', 'instance'],
    }),
  healthRoutes: {
    imports: ["import type { FastifyInstance } from 'fastify';"],
    code: `export async function healthRoutes(app: FastifyInstance): Promise<void> {
  app.get('/live', async () => ({ status: 'ok' }));
  for (const path of ['/ready', '/health']) {
    app.get(path, async (_request, reply) => {
      const health = await checkHealth();
      return reply.code(statusCode(health)).send(health);
    });
  }
}`,
    exports: 'healthRoutes',
  },
  wire: (input) =>
    wireObject(input, {
      maker,
      title: 'Fastify',
      statement: (app) => `${app}.register(healthRoutes)`,
      chained: () => '.register(healthRoutes)',
    }),
};
