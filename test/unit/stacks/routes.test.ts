import { describe, expect, it } from 'vitest';
import { memoryProject } from '../../../src/project/memory.ts';
import { loadFramework } from '../../../src/stacks/servers/registry.gen.ts';

/** The routes of a framework in files; the first is `app.ts`. */
async function routes(name: string, app: string, more: Readonly<Record<string, string>> = {}): Promise<string[]> {
  const framework = await loadFramework(name);
  if (!framework) throw new Error(`there is no framework ${name}`);
  const files = { 'app.ts': app, ...more };
  return framework.routes(memoryProject(files), Object.keys(files)).map((one) => `${one.method} ${one.path}`);
}

describe('routes of Koa', () => {
  const start = `import Koa from 'koa';\nimport Router from '@koa/router';\nconst app = new Koa();\n`;

  it.each([
    [`const r = new Router(); r.get('/health', f); app.use(r.routes())`, '/health'],
    [`const r = new Router({ prefix: '/api' }); r.get('/health', f); app.use(r.routes())`, '/api/health'],
    [`const r = new Router(); r.prefix('/api'); r.get('/health', f); app.use(r.routes())`, '/api/health'],
    [`const r = new Router().prefix('/api'); r.get('/health', f)`, '/api/health'],
    [`const r = new Router(); r.get('well', '/health', f); app.use(r.middleware())`, '/health'],
    [`const r = new Router(), a = new Router(); r.get('/health', f); a.use('/api', r.routes())`, '/api/health'],
    [
      `const r = new Router(), a = new Router({ prefix: '/api' }); r.get('/health', f); a.use('/v1', guard, r.routes(), r.allowedMethods()); app.use(a.routes())`,
      '/api/v1/health',
    ],
  ])('%s', async (text, path) => {
    expect(await routes('koa', start + text)).toEqual([`GET ${path}`]);
  });

  it('are those of routers of other files, under both prefixes', async () => {
    const more = {
      'api.ts': `import Router from 'koa-router'; import health from './health.js'; export const api = new Router({ prefix: '/api' }); api.use('/v1', health.routes());`,
      'health.ts': `import Router from 'koa-router'; const health = new Router(); health.get('/health', f); export default health;`,
    };
    expect(await routes('koa', `import { api } from './api.js'; ${start} app.use(api.routes())`, more)).toEqual([
      'GET /api/v1/health',
    ]);
  });

  it('are compared paths where there is no router, and not beside one', async () => {
    const answer = `app.use(async (ctx, next) => { if (ctx.path === '/health') ctx.body = 'ok'; else await next(); });`;
    expect(await routes('koa', `import Koa from 'koa'; const app = new Koa(); ${answer}`)).toEqual(['GET /health']);
    expect(await routes('koa', `${start} ${answer}`)).toEqual([]);
  });

  it('are not claimed where their prefix is worked out', async () => {
    expect(await routes('koa', `${start} const r = new Router({ prefix: base() }); r.get('/health', f)`)).toEqual([]);
    const mount = `import mount from 'koa-mount'; ${start} const r = new Router(); r.get('/health', f); app.use(mount('/api', sub))`;
    expect(await routes('koa', mount)).toEqual([]);
  });
});

describe('routes of NestJS', () => {
  const of = (main: string, controller: string, method: string) =>
    routes('nest', `const app = await NestFactory.create(App); ${main}`, {
      'health.controller.ts': `const base = 'health'; ${controller} export class Health { ${method} check() { return 'ok'; } }`,
    });

  it.each([
    ['', `@Controller('health')`, '@Get()', ['GET /health']],
    ['', `@Controller()`, `@Get('health')`, ['GET /health']],
    ['', `@Controller({ path: 'health' })`, `@Get('ready')`, ['GET /health/ready']],
    ['', `@Controller(base)`, `@Post()`, ['POST /health']],
    [
      '',
      `@Controller(['health', '/status/'])`,
      `@Get(['live', 'ready'])`,
      ['GET /health/live', 'GET /health/ready', 'GET /status/live', 'GET /status/ready'],
    ],
    [`app.setGlobalPrefix('api')`, `@Controller('health')`, '@Get()', ['GET /api/health']],
    [`app.setGlobalPrefix('api', { exclude: ['health'] })`, `@Controller('health')`, '@Get()', ['GET /health']],
    [`app.setGlobalPrefix('api', { exclude: ['/metrics'] })`, `@Controller('health')`, '@Get()', ['GET /api/health']],
    [
      `app.setGlobalPrefix('api', { exclude: [{ path: 'health', method: RequestMethod.GET }] })`,
      `@Controller('health')`,
      '@Get()',
      ['GET /health'],
    ],
    ['app.enableVersioning()', `@Controller('health')`, '@Get()', ['GET /health']],
  ])('%s %s %s', async (main, controller, method, expected) => {
    expect(await of(main, controller, method)).toEqual(expected);
  });

  it.each([
    ['app.setGlobalPrefix(config.prefix)', `@Controller('health')`, '@Get()'],
    [`app.setGlobalPrefix('api', { exclude: ['health/(.*)'] })`, `@Controller('health')`, '@Get()'],
    [`app.setGlobalPrefix('api', { exclude: open })`, `@Controller('health')`, '@Get()'],
    [`app.enableVersioning({ defaultVersion: '1' })`, `@Controller('health')`, '@Get()'],
    ['app.enableVersioning()', `@Controller({ path: 'health', version: '1' })`, '@Get()'],
    ['app.enableVersioning()', `@Controller('health')`, `@Version('2') @Get()`],
    [`RouterModule.register([{ path: 'api', module: Health }])`, `@Controller('health')`, '@Get()'],
    ['', '@Controller(paths.health)', '@Get()'],
    ['', `@Controller('health')`, '@Get(paths.ready)'],
    ['', `@Injectable()`, `@Get('health')`],
  ])('are not claimed where it is not clear: %s %s %s', async (main, controller, method) => {
    expect(await of(main, controller, method)).toEqual([]);
  });
});

describe('routes of NestJS that are for every version', () => {
  const routes = async (main: string, controller: string, method = '@Get()') => {
    const project = memoryProject({
      'src/main.ts': `import { NestFactory } from '@nestjs/core';\nconst app = await NestFactory.create(AppModule);\n${main}\n`,
      'src/health.controller.ts': `import { Controller, Get, Version, VERSION_NEUTRAL } from '@nestjs/common';\n${controller}\nexport class HealthController { ${method} check() {} }\n`,
    });
    const { framework } = await import('../../../src/stacks/servers/nest.ts');
    return framework.routes(project, ['src/main.ts', 'src/health.controller.ts']).map((one) => one.path);
  };
  const neutral = "@Controller({ path: 'health', version: VERSION_NEUTRAL })";

  it.each([
    [
      "app.setGlobalPrefix('api'); app.enableVersioning({ type: VersioningType.URI })",
      neutral,
      '@Get()',
      '/api/health',
    ],
    ["app.enableVersioning({ defaultVersion: '1' })", neutral, '@Get()', '/health'],
    ['app.enableVersioning()', "@Controller('health')", '@Version(VERSION_NEUTRAL) @Get()', '/health'],
    [
      "app.setGlobalPrefix('api')",
      "const options = { path: 'health', version: VERSION_NEUTRAL };\n@Controller(options)",
      '@Get()',
      '/api/health',
    ],
  ])('lie at their path: %s %s %s', async (main, controller, method, path) => {
    expect(await routes(main, controller, method)).toEqual([path]);
  });

  it('are not those of one version, nor those without one where every route has a default', async () => {
    expect(await routes('app.enableVersioning()', "@Controller({ path: 'health', version: '2' })")).toEqual([]);
    expect(await routes("app.enableVersioning({ defaultVersion: '1' })", "@Controller('health')")).toEqual([]);
    expect(await routes('app.enableVersioning()', neutral, "@Version('2') @Get()")).toEqual([]);
  });
});

describe('routes under several prefixes', () => {
  it.each([
    [
      'express',
      `import express, { Router } from 'express'; const app = express(), api = Router(), r = Router(); r.get('/health', f); api.use('/v1', r); app.use('/api', guard, api)`,
    ],
    [
      'hono',
      `import { Hono } from 'hono'; const r = new Hono().get('/health', f); const api = new Hono().basePath('/api'); api.route('/v1', r); export default api`,
    ],
  ])('%s', async (name, text) => {
    expect(await routes(name, text)).toEqual(['GET /api/v1/health']);
  });

  it('end where routers mount each other', async () => {
    const text = `import { Router } from 'express'; const a = Router(), b = Router(); a.get('/health', f); a.use('/a', b); b.use('/b', a)`;
    expect(await routes('express', text)).toEqual(['GET /a/b/health']);
  });

  it.each([
    [
      'all in one object',
      "const routes = require('./routes'); app.use('/', routes.pages); app.use('/api', routes.api)",
      "const { Router } = require('express'); const pages = Router(), r = Router(); pages.get('/about', f); r.get('/health', f); module.exports = { pages, api: r };",
    ],
    [
      'one by one',
      "const routes = require('./routes'); app.use('/api', routes.api); app.use(routes.pages)",
      "const { Router } = require('express'); const p = Router(), r = Router(); p.get('/about', f); r.get('/health', f); exports.pages = p; exports.api = r;",
    ],
    [
      'under names',
      "import { pages, health as api } from './routes.js'; app.use(pages); app.use('/api', api)",
      "import { Router } from 'express'; export const pages = Router(); const r = Router(); pages.get('/about', f); r.get('/health', f); export { r as health };",
    ],
  ])('are those of each router that a file exports: %s', async (_, text, more) => {
    const app = `import express from 'express'; const app = express(); ${text};`;
    expect(await routes('express', app, { 'routes.ts': more })).toEqual(['GET /about', 'GET /api/health']);
  });

  it('are those of the whole file where it exports one', async () => {
    const app =
      "import express from 'express'; import api from './routes.js'; const app = express(); app.use('/api', api);";
    const more = "import { Router } from 'express'; const r = Router(); r.get('/health', f); export default r;";
    expect(await routes('express', app, { 'routes.ts': more })).toEqual(['GET /api/health']);
  });
});

describe('a server of one function', () => {
  it.each([
    [
      'node-http',
      "import { createServer } from 'node:http';\ncreateServer((req, res) => { res.end('open'); }).listen(3000);",
    ],
    [
      'node-http',
      "const https = require('https');\nasync function answer(_request, response) { response.end(await one()); }\nhttps.createServer(tls, answer).listen(3000);",
    ],
    ['bun-serve', 'Bun.serve({ port: 3000, fetch: () => new Response(page) });'],
    ['bun-serve', 'export default { port: 3000, async fetch() { return Response.json(await all()); } };'],
  ])('answers /health as everything where it looks at no request: %s', async (name, app) => {
    expect(await routes(name, app)).toEqual(['ALL /health']);
  });

  it.each([
    [
      'node-http',
      "import { createServer } from 'node:http';\ncreateServer((req, res) => handle(req, res)).listen(3000);",
    ],
    [
      'node-http',
      "import { createServer } from 'node:http';\ncreateServer((req, res) => { if (req.url === '/') res.end(); }).listen(3000);",
    ],
    [
      'node-http',
      "import { createServer } from 'node:http';\nimport { app } from './app.ts';\ncreateServer(app).listen(3000);",
    ],
    ['bun-serve', 'Bun.serve({ port: 3000, fetch: (request) => route(request) });'],
    [
      'bun-serve',
      "Bun.serve({ port: 3000, routes: { '/a': page }, fetch: () => new Response('none', { status: 404 }) });",
    ],
  ])('does not where it hands the request on or reads it: %s, %#', async (name, app) => {
    expect(await routes(name, app)).not.toContain('ALL /health');
  });
});

describe('routes of a router that a function makes', () => {
  const hono = `import { Hono } from 'hono';\n`;
  const express = `import express, { Router } from 'express';\nconst app = express();\n`;

  it.each([
    [
      'hono',
      `${hono}import { orders } from './orders'; const app = new Hono(); app.route('/orders', orders(store));`,
      `${hono}export function orders(store) { const r = new Hono(); r.get('/health', f); return r; }`,
      ['GET /orders/health'],
    ],
    [
      'express',
      `${express}import makeRouter from './orders.js'; app.use('/api', makeRouter());`,
      `import { Router } from 'express'; export default () => { const r = Router(); r.get('/', f); return r; };`,
      ['GET /api'],
    ],
    [
      'express',
      `${express}const { orders } = require('./orders'); app.use('/api', guard, orders(db));`,
      `const { Router } = require('express'); const orders = (db) => { const r = Router(); const inner = Router(); inner.get('/all', f); r.use('/in', inner); return r; }; module.exports = { orders };`,
      ['GET /api/in/all'],
    ],
    [
      'express',
      `${express}import { orders as mine } from './orders'; app.use('/api', mine());`,
      `import { Router } from 'express'; export function orders() { const r = Router(); r.get('/a', f); return r; } export function health() { const r = Router(); r.get('/health', f); return r; }`,
      ['GET /api/a', 'GET /health'],
    ],
    [
      'express',
      `${express}import { limit } from './orders'; import orders from './orders'; app.use('/api', limit()); app.use('/v1', orders);`,
      `import { Router } from 'express'; export const limit = () => f; const orders = Router(); orders.get('/a', f); export default orders;`,
      ['GET /v1/a'],
    ],
  ])('%s: %s', async (name, app, orders, found) => {
    expect(await routes(name, app, { 'orders.ts': orders })).toEqual(found);
  });

  it('are those of a function of the same file, and of that alone', async () => {
    const text = `function orders() { const r = Router(); r.get('/a', f); return r; } const other = () => { const r = Router(); r.get('/b', f); return r; };
      app.use('/api', orders()); app.use('/in', other());  app.get('/c', f);`;
    expect(await routes('express', express + text)).toEqual(['GET /api/a', 'GET /in/b', 'GET /c']);
  });

  it('stay where a call makes no router', async () => {
    expect(await routes('express', `${express} app.use('/api', express.json(), cors()); app.get('/c', f);`)).toEqual([
      'GET /c',
    ]);
  });
});
