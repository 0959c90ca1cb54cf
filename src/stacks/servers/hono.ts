/** Hono (https://hono.dev): the app is chainable, and sub-apps are mounted with `route`. */
import type { Detection, Framework } from '../contract.ts';
import { bindAllInterfaces } from '../support/bind-all-interfaces.ts';
import type { Factory } from '../support/factory-calls.ts';
import { locateFactoryCall } from '../support/locate.ts';
import { httpMethods, routesOf } from '../support/routes.ts';
import { wireObject } from '../support/wiring.ts';

export const detection: Detection = {
  name: 'hono',
  title: 'Hono',
  role: 'server',
  dependencies: ['hono', '@hono/zod-openapi'],
  // https://hono.dev/docs/guides/rpc#client and https://hono.dev/docs/guides/jsx-dom
  asking: ['hono/client', 'hono/jsx', 'hono/jsx/dom'],
};

const factory: Factory = {
  packages: ['hono', 'hono/tiny', 'hono/quick', '@hono/zod-openapi'],
  names: ['Hono', 'OpenAPIHono'],
  form: 'new',
};

export const framework: Framework = {
  bindAllInterfaces: (file, text, line) => bindAllInterfaces(file, text, { name: 'hostname', line }),
  locate: (project, files) => locateFactoryCall(project, files, factory),
  routes: (project, files) =>
    routesOf(project, files, {
      factories: [factory],
      methods: httpMethods,
      mounts: ['route'],
      parameters: ['app', 'api', 'router', 'server'],
    }),
  healthRoutes: {
    imports: ["import { Hono } from 'hono';"],
    code: `export const healthRoutes = new Hono()
  .get('/live', (c) => c.json({ status: 'ok' }))
  .get('/ready', async (c) => {
    const health = await checkHealth(false);
    return c.json(health, statusCode(health));
  })
  .get('/health', async (c) => {
    const health = await checkHealth();
    return c.json(health, statusCode(health));
  });`,
    exports: 'healthRoutes',
  },
  wire: (input) =>
    wireObject(input, {
      factory,
      title: 'Hono',
      statement: (app, quote) => `${app}.route(${quote}/${quote}, healthRoutes)`,
      chained: (quote) => `.route(${quote}/${quote}, healthRoutes)`,
    }),
};
