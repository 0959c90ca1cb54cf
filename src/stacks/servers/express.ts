/** Express (https://expressjs.com): the app is in a variable, and routers are mounted with `use`. */
import type { Detection, Framework } from '../contract.ts';
import { bindAllInterfaces } from '../support/bind-all-interfaces.ts';
import type { Factory } from '../support/factory-calls.ts';
import { locateFactoryCall } from '../support/locate.ts';
import { httpMethods, routesOf } from '../support/routes.ts';
import { wireObject } from '../support/wiring.ts';

export const detection: Detection = { name: 'express', title: 'Express', role: 'server', dependencies: ['express'] };

const factory: Factory = { packages: ['express'], names: ['default'], form: 'call' };
const router: Factory = { packages: ['express'], names: ['Router'], form: 'call' };

export const framework: Framework = {
  bindAllInterfaces: (file, text, line) => bindAllInterfaces(file, text, { line }),
  locate: (project, files) => locateFactoryCall(project, files, factory),
  routes: (project, files) =>
    routesOf(project, files, {
      factories: [factory, router],
      methods: httpMethods,
      mounts: ['use'],
      parameters: ['app', 'router', 'server'],
    }),
  healthRoutes: {
    imports: ["import express from 'express';"],
    code: `export const healthRoutes = express.Router();
healthRoutes.get('/live', (_request, response) => {
  response.json({ status: 'ok' });
});
healthRoutes.get(['/ready', '/health'], async (request, response) => {
  const health = await checkHealth(request.path === '/health');
  response.status(statusCode(health)).json(health);
});`,
    exports: 'healthRoutes',
  },
  wire: (input) =>
    wireObject(input, {
      factory,
      title: 'Express',
      statement: (app) => `${app}.use(healthRoutes)`,
      // a chain may end in `listen`, whose value is Node's server and no Express object
      chained: () => '.use(healthRoutes)',
    }),
};
