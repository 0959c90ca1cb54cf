/** Express (https://expressjs.com): the object is in a variable, routers are mounted by `use`. */
import type { Detection, Framework } from '../contract.ts';
import { bindAllInterfaces } from '../support/bind-all-interfaces.ts';
import { locateMade } from '../support/locate.ts';
import type { Maker } from '../support/made.ts';
import { httpMethods, routesOf } from '../support/routes.ts';
import { wireObject } from '../support/wiring.ts';

export const detection: Detection = { name: 'express', title: 'Express', role: 'server', dependencies: ['express'] };

const maker: Maker = { packages: ['express'], names: ['default'], form: 'call' };
const router: Maker = { packages: ['express'], names: ['Router'], form: 'call' };

export const framework: Framework = {
  bindAllInterfaces: (file, text, line) => bindAllInterfaces(file, text, { line }),
  locate: (project, files) => locateMade(project, files, maker),
  routes: (project, files) =>
    routesOf(project, files, {
      makers: [maker, router],
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
healthRoutes.get(['/ready', '/health'], async (_request, response) => {
  const health = await checkHealth();
  response.status(statusCode(health)).json(health);
});`,
    exports: 'healthRoutes',
  },
  wire: (input) =>
    wireObject(input, {
      maker,
      title: 'Express',
      statement: (app) => `${app}.use(healthRoutes)`,
      // a chain may end in `listen`, whose value is Node's server and no Express object
      chained: () => '.use(healthRoutes)',
    }),
};
