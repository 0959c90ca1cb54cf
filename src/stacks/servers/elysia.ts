/** Elysia (https://elysiajs.com): everything is a plugin that is added with `use`. */
import type { Detection, Framework } from '../contract.ts';
import { bindAllInterfaces } from '../support/bind-all-interfaces.ts';
import type { Factory } from '../support/factory-calls.ts';
import { locateFactoryCall } from '../support/locate.ts';
import { httpMethods, routesOf } from '../support/routes.ts';
import { wireObject } from '../support/wiring.ts';

export const detection: Detection = { name: 'elysia', title: 'Elysia', role: 'server', dependencies: ['elysia'] };

const factory: Factory = { packages: ['elysia'], names: ['Elysia', 'default'], form: 'new' };

export const framework: Framework = {
  bindAllInterfaces: (file, text, line) => bindAllInterfaces(file, text, { name: 'hostname', line }),
  locate: (project, files) => locateFactoryCall(project, files, factory),
  routes: (project, files) =>
    routesOf(project, files, {
      factories: [factory],
      methods: httpMethods,
      mounts: ['group'],
      parameters: ['app', 'group'],
    }),
  healthRoutes: {
    imports: ["import { Elysia } from 'elysia';"],
    code: `export const healthRoutes = new Elysia()
  .get('/live', () => ({ status: 'ok' }))
  .get('/ready', async ({ set }) => {
    const health = await checkHealth(false);
    set.status = statusCode(health);
    return health;
  })
  .get('/health', async ({ set }) => {
    const health = await checkHealth();
    set.status = statusCode(health);
    return health;
  });`,
    exports: 'healthRoutes',
  },
  wire: (input) =>
    wireObject(input, {
      factory,
      title: 'Elysia',
      statement: (app) => `${app}.use(healthRoutes)`,
      chained: () => '.use(healthRoutes)',
    }),
};
