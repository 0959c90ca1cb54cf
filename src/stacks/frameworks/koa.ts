/** Koa (https://koajs.com): one chain of middleware; routes come from a router package. */
import type { Framework, Recognise } from '../contract.ts';
import { listenEverywhere } from '../support/everywhere.ts';
import { locateMade } from '../support/locate.ts';
import type { Maker } from '../support/made.ts';
import { httpMethods, routesOf } from '../support/routes.ts';
import { wireObject } from '../support/wiring.ts';

export const recognise: Recognise = { name: 'koa', title: 'Koa', role: 'server', dependencies: ['koa'] };

const maker: Maker = { packages: ['koa'], names: ['default'], form: 'new' };
const router: Maker = { packages: ['@koa/router', 'koa-router'], names: ['default', 'Router'], form: 'new' };

export const framework: Framework = {
  everywhere: (file, text) => listenEverywhere(file, text, false),
  locate: (project, files) => locateMade(project, files, maker),
  routes: (project, files) =>
    routesOf(project, files, { makers: [router], methods: httpMethods, mounts: [], parameters: ['router'] }),
  healthRoutes: {
    imports: ["import type { Context, Next } from 'koa';"],
    code: `export async function healthRoutes(context: Context, next: Next): Promise<void> {
  if (context.path === '/live') {
    context.body = { status: 'ok' };
  } else if (context.path === '/ready' || context.path === '/health') {
    const health = await checkHealth();
    context.status = statusCode(health);
    context.body = health;
  } else {
    await next();
  }
}`,
    exports: 'healthRoutes',
  },
  wire: (input) =>
    wireObject(input, {
      maker,
      title: 'Koa',
      statement: (app) => `${app}.use(healthRoutes)`,
      chained: () => '.use(healthRoutes)',
    }),
};
