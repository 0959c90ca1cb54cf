import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../../support/facts.ts';

const manifest = (more: object = {}) =>
  JSON.stringify({ name: 'shop', scripts: { start: 'node src/index.js' }, engines: { node: '>=22' }, ...more });

type Files = Readonly<Record<string, string>>;

/** The paths of an app, those that are open with a mark behind them. */
async function pathsOf(files: Files): Promise<readonly string[]> {
  const { paths = [] } = await factsOf({ 'package.json': manifest(), ...files });
  return paths.map(({ path, open }) => (open ? `${path} open` : path));
}
const ofSource = (text: string, more: Files = {}) => pathsOf({ 'src/index.js': text, ...more });
const express = (text: string) =>
  ofSource(`import express from 'express';\nconst app = express();\n${text}\napp.listen(3000);`);

const begin: Readonly<Record<string, string>> = {
  express: `import express from 'express'; const app = express(); app.listen(3000);`,
  fastify: `import Fastify from 'fastify'; const app = Fastify(); app.listen({ port: 3000 });`,
  hono: `import { Hono } from 'hono'; import { serve } from '@hono/node-server'; const app = new Hono(); serve({ fetch: app.fetch, port: 3000 });`,
  koa: `import Koa from 'koa'; import Router from '@koa/router'; const app = new Router(); new Koa().use(app.routes()).listen(3000);`,
};

describe('the paths that sources answer to GET', () => {
  it.each([
    ['express', `app.get('/prices', (req, res) => res.json([]));`],
    ['express', `const prices = (_req, res) => { res.send('ok') }; app.get('/prices', prices);`],
    [
      'express',
      `app.all('/prices', async (req, res, next) => { try { res.json(await db.all()) } catch (e) { next(e) } });`,
    ],
    ['fastify', `app.get('/prices', async () => ({ prices: [] }));`],
    ['fastify', `app.get('/prices', { schema: { response: {} } }, async (request, reply) => reply.send([]));`],
    ['hono', `app.get('/prices', (c) => c.json([]));`],
    ['hono', `app.get('/prices', async (c) => { const all = await db.user.findMany(); return c.json(all, 200) });`],
    ['koa', `app.get('/prices', (ctx) => { ctx.body = []; });`],
    ['koa', `app.get('prices', '/prices', (ctx) => { ctx.status = 200; ctx.type = 'json'; ctx.body = '[]'; });`],
  ])('are open where nothing is asked of the request: %s %s', async (name, text) => {
    expect(await ofSource(`${begin[name]}\n${text}`)).toEqual(['/prices open']);
  });

  it.each([
    ['express', `app.get('/prices', (req, res) => res.json(find(req.query.day)));`],
    ['express', `app.get('/prices', (req, res) => answer(req, res));`],
    ['express', `app.get('/prices', limited, (req, res) => res.json([]));`],
    ['express', `import { prices } from './prices.js'; app.get('/prices', prices);`],
    ['express', `app.get('/prices', (req, res, next) => { res.locals.at = 1; next() });`],
    ['express', `app.get('/prices', () => { throw new Error('to see that it is reported') });`],
    ['express', `app.get('/prices', (req, res) => res.status(500).send('as asked'));`],
    ['express', `app.get('/prices', async (req, res) => res.json(await (await fetch(url)).json()));`],
    ['express', `app.get('/prices', async (req, res) => res.json(await client.get('https://rates.example/all')));`],
    ['fastify', `app.get('/prices', { preHandler: [known] }, async () => []);`],
    ['fastify', `app.get('/prices', async (request) => request.headers);`],
    ['hono', `app.get('/prices', (c) => c.json(c.req.query('day')));`],
    ['hono', `app.get('/prices', valid('query', day), (c) => c.json([]));`],
    ['hono', `app.get('/prices', (c) => answer(c));`],
    ['koa', `app.get('/prices', (ctx) => { ctx.body = ctx.request.body; });`],
    ['koa', `app.get('/prices', (ctx) => { ctx.body = ctx.state.user; });`],
  ])('are there and not open where something else may be needed: %s %s', async (name, text) => {
    const more = { 'src/prices.js': 'export const prices = (req, res) => res.json([]);' };
    expect(await ofSource(`${begin[name]}\n${text}`, more)).toEqual(['/prices']);
  });

  it.each([
    [`import { requireUser } from './known.js'; app.use(requireUser);`],
    [`import passport from 'passport';`],
    [`app.use((request, response, next) => verifyToken(request) ? next() : response.sendStatus(401));`],
    [`const authGuard = () => undefined;`],
    [`import known from './auth.js'; app.use(known);`],
  ])('are not open where the file names a login: %s', async (text) => {
    expect(await express(`${text}\napp.get('/prices', (req, res) => res.json([]));`)).toEqual(['/prices']);
  });

  it.each([
    [`const require = createRequire(import.meta.url); const authors = [];`],
    [`const protectionism = 1; const author = 'a', verify = 2;`],
    [`import { users } from './users.js';`],
  ])('stay open beside names that only look like it: %s', async (text) => {
    expect(await express(`${text}\napp.get('/prices', (req, res) => res.json([]));`)).toEqual(['/prices open']);
  });

  it('are not open in a file that is brought in by one that names a login, and stay so beside it', async () => {
    const found = await ofSource(
      `import express from 'express'; import inner from './inner.js'; import news from './news.js';
       const app = express(); app.use('/inner', inner); app.use('/news', news); app.listen(3000);`,
      {
        'src/inner.js': `import { Router } from 'express'; import orders from './orders.js'; import { checkSession } from './checks.js';
          const inner = Router(); inner.use(checkSession, orders); export default inner;`,
        'src/orders.js': `import { Router } from 'express'; const orders = Router(); orders.get('/orders', (req, res) => res.json([])); export default orders;`,
        'src/news.js': `import { Router } from 'express'; const news = Router(); news.get('/all', (req, res) => res.json([])); export default news;`,
        'src/checks.js': 'export const checkSession = (req, res, next) => next();',
      },
    );
    expect([...found].sort()).toEqual(['/inner/orders', '/news/all open']);
  });

  it('have their parameters as they are written, each path once, and nothing of other methods', async () => {
    const found = await express(
      `app.get('/orders/:id', (req, res) => res.json({}));
       app.get('/files/*path', (req, res) => res.json({}));
       app.post('/orders', (req, res) => res.json({}));
       app.get('/orders', (req, res) => res.json([]));
       app.get('/orders', (req, res) => res.json(req.query));
       app.delete('/all', (req, res) => res.json({}));`,
    );
    expect(found).toEqual(['/orders/:id', '/files/*path', '/orders open']);
  });

  it('are no more than two hundred', async () => {
    const many = Array.from({ length: 260 }, (_, at) => `app.get('/r${at}', (req, res) => res.json([]));`).join('\n');
    expect(await express(many)).toHaveLength(200);
  });

  it('are told apart on one line, and not looked for where a program wrote it', async () => {
    const route = (at: number) => `app.get('/r${at}', (req, res) => res.json(${at === 1 ? 'req.query' : '[]'}));`;
    expect(await express(`${route(0)} ${route(1)} ${route(2)}`)).toEqual(['/r0 open', '/r1', '/r2 open']);
    const many = await express(Array.from({ length: 120 }, (_, at) => route(at)).join(' '));
    expect([many.length, many.filter((one) => one.endsWith(' open')).length]).toEqual([120, 0]);
  });

  it('are those of the controllers of Nest, closed where a guard stands', async () => {
    const nest = (body: string, more: Files = {}) =>
      pathsOf({
        'package.json': manifest({
          scripts: { start: 'node dist/main.js', build: 'nest build' },
          dependencies: { '@nestjs/core': '^11.0.0', '@nestjs/common': '^11.0.0' },
        }),
        'tsconfig.json': '{ "compilerOptions": { "outDir": "dist" } }',
        'nest-cli.json': '{ "sourceRoot": "src" }',
        'src/main.ts': `import { NestFactory } from '@nestjs/core'; import { AppModule } from './app.module';
          const app = await NestFactory.create(AppModule); await app.listen(3000);`,
        'src/app.module.ts': `import { Module } from '@nestjs/common'; import { Prices } from './prices';
          @Module({ controllers: [Prices] }) export class AppModule {}`,
        'src/prices.ts': `import { Controller, Get, Query, UseGuards } from '@nestjs/common';\n${body}`,
        ...more,
      });
    const plain = `import { Controller, Get, Query } from '@nestjs/common';
      @Controller('prices') export class Prices {
        @Get() all() { return this.prices.all(); }
        @Get('of') of(@Query('day') day: string) { return day; }
        @Get(':id') one() { return 1; }
      }`;
    expect(await nest('', { 'src/prices.ts': plain })).toEqual(['/prices open', '/prices/of', '/prices/:id']);
    expect(
      await nest(`@UseGuards(Known) @Controller('prices') export class Prices { @Get() all() { return []; } }`),
    ).toEqual(['/prices']);
    const global = `import { Module } from '@nestjs/common'; import { APP_GUARD } from '@nestjs/core'; import { Prices } from './prices';
      @Module({ controllers: [Prices], providers: [{ provide: APP_GUARD, useClass: Known }] }) export class AppModule {}`;
    expect(await nest('', { 'src/prices.ts': plain, 'src/app.module.ts': global })).toEqual([
      '/prices',
      '/prices/of',
      '/prices/:id',
    ]);
  });

  const next = (files: Files) =>
    pathsOf({
      'package.json': manifest({
        scripts: { build: 'next build', start: 'next start' },
        dependencies: { next: '15.1.0', react: '19.0.0', 'react-dom': '19.0.0' },
      }),
      'app/page.tsx': 'export default function Page() { return null; }',
      ...files,
    });

  it('are those of files, where a full-stack framework has them', async () => {
    expect(
      await next({
        'app/api/prices/route.ts': `export async function GET() { return Response.json([]); }`,
        'app/api/asked/route.ts': `export const GET = (request: Request) => Response.json(new URL(request.url).search);`,
        'app/api/held/route.ts': `import { headers } from 'next/headers'; export async function GET() { return Response.json(await headers()); }`,
        'app/api/orders/[id]/route.ts': `export const GET = () => Response.json([]);`,
        'app/api/added/route.ts': `export async function POST() { return Response.json([]); }`,
        'pages/api/old.ts': `export default function handler(req, res) { if (req.method !== 'GET') return res.status(405).end(); res.json([]); }`,
      }),
    ).toEqual(['/api/asked', '/api/held', '/api/orders/[id]', '/api/prices open', '/api/old open']);
  });

  it('of files are not open behind a middleware that names a login', async () => {
    const files = { 'app/api/prices/route.ts': `export async function GET() { return Response.json([]); }` };
    expect(
      await next({
        ...files,
        'middleware.ts': `export { auth as middleware } from './auth';`,
        'auth.ts': 'export const auth = 1;',
      }),
    ).toEqual(['/api/prices']);
    expect(await next({ ...files, 'middleware.ts': `export const middleware = () => undefined;` })).toEqual([
      '/api/prices open',
    ]);
  });

  it('of files are read through what makes a handler of a function', async () => {
    const nuxt = (text: string) =>
      pathsOf({
        'package.json': manifest({
          scripts: { build: 'nuxt build', start: 'node .output/server/index.mjs' },
          dependencies: { nuxt: '4.0.0' },
        }),
        'nuxt.config.ts': 'export default defineNuxtConfig({});',
        'server/api/prices.get.ts': text,
      });
    expect(await nuxt('export default defineEventHandler(async () => ({ all: [] }));')).toEqual(['/api/prices open']);
    expect(await nuxt('export default defineEventHandler((event) => getQuery(event));')).toEqual(['/api/prices']);
    expect(await nuxt('export default withLimit(() => []);')).toEqual(['/api/prices']);
  });

  it('are none of a site, and none where no source answers', async () => {
    const { paths } = await factsOf({
      'package.json': manifest({ scripts: { start: 'node src/index.js' } }),
      'src/index.js': 'setInterval(() => undefined, 1000);',
    });
    expect(paths).toBeUndefined();
  });
});
