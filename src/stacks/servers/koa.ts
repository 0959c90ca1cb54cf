/** Koa (https://koajs.com): one chain of middleware; routes come from a router package. */
import { readSources } from '../../project/source.ts';
import type { Detection, Framework } from '../contract.ts';
import { bindAllInterfaces } from '../support/bind-all-interfaces.ts';
import { comparedRoutes } from '../support/compared-paths.ts';
import type { Factory } from '../support/factory-calls.ts';
import { locateFactoryCall } from '../support/locate.ts';
import { httpMethods, routesOf } from '../support/routes.ts';
import { wireObject } from '../support/wiring.ts';

export const detection: Detection = { name: 'koa', title: 'Koa', role: 'server', dependencies: ['koa'] };

const factory: Factory = { packages: ['koa'], names: ['default'], form: 'new' };
const router: Factory = { packages: ['@koa/router', 'koa-router'], names: ['default', 'Router'], form: 'new' };

export const framework: Framework = {
  bindAllInterfaces: (file, text, line) => bindAllInterfaces(file, text, { line }),
  locate: (project, files) => locateFactoryCall(project, files, factory),
  routes: (project, files) => {
    const sources = readSources(project, files);
    const uses = (packages: readonly string[]) =>
      sources.some((source) => source.imports.some((imported) => packages.includes(imported.specifier)));
    // it mounts whole apps, whose routers are no part of the call: where they answer is not clear
    if (uses(['koa-mount'])) return [];
    // beside a router, a path that is compared is rather one that a middleware leaves alone
    if (!uses(router.packages)) return sources.flatMap(comparedRoutes);
    return routesOf(project, files, {
      factories: [router],
      methods: httpMethods,
      mounts: ['use'],
      parameters: ['router'],
      gives: ['routes', 'middleware'],
      prefixing: 'prefix',
      named: true,
    });
  },
  healthRoutes: {
    imports: ["import type { Context, Next } from 'koa';"],
    code: `export async function healthRoutes(context: Context, next: Next): Promise<void> {
  if (context.path === '/live') {
    context.body = { status: 'ok' };
  } else if (context.path === '/ready' || context.path === '/health') {
    const health = await checkHealth(context.path === '/health');
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
      factory,
      title: 'Koa',
      statement: (app) => `${app}.use(healthRoutes)`,
      chained: () => '.use(healthRoutes)',
    }),
};
