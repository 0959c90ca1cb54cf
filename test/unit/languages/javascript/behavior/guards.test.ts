import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../../../src/model/plan.ts';
import { makePlan } from '../../../../../src/plan/plan.ts';
import { factsOf, manifest } from '../../../../support/facts.ts';

type Files = Readonly<Record<string, string>>;
const express = (before: string, more: Files = {}): Files => ({
  'package.json': manifest({ dependencies: { express: '^5' } }),
  'src/index.ts': `import express from 'express';
import { guard, KEY } from './guard.ts';
const app = express();
${before}
app.get('/health', (_req, res) => res.json({ status: 'ok' }));
app.listen(3000);
`,
  'src/guard.ts': 'export const KEY = process.env.KEY; export const guard = (req, res, next) => next();\n',
  ...more,
});
const guard = (body: string): Files => ({
  'src/guard.ts': `export const KEY = process.env.KEY;\nexport function guard(req, res, next) { ${body} }\n`,
});
const refused = async (files: Files) => {
  const { routes } = await factsOf(files);
  const found = routes.find(({ path }) => path.endsWith('health'));
  return found?.refused && [found.refused.by, found.refused.asks];
};

describe('middleware that refuses who only asks whether the app is well', () => {
  it.each([
    [
      'a key',
      'x-api-key',
      "if (req.headers['x-api-key'] !== KEY) return res.status(401).json({ error: 'no' }); next();",
    ],
    [
      'a login',
      'authorization',
      "const token = req.header('Authorization')?.split(' ')[1]; if (!token) { res.sendStatus(401); return; } next();",
    ],
    [
      'the form of a name',
      'user-agent',
      "const agent = req.get('User-Agent'); const info = agent.match(/x/); if (!info) { const error = new Error('bad'); res.status(400).json({ error }); return; } next();",
    ],
    ['the host', 'host', "if (!['shop.example'].includes(req.hostname)) return next(new ForbiddenError()); next();"],
    ['a query', 'token', 'if (req.query.token === KEY) return next(); res.status(403).end();'],
    [
      'what is taken apart',
      'authorization',
      'const { authorization } = req.headers; if (authorization) { next(); } else { res.statusCode = 401; res.end(); }',
    ],
    [
      'what fails',
      'authorization',
      "try { verify(req.headers.authorization); next(); } catch { res.status(401).send('no'); }",
    ],
    ['a session', 'login', 'if (!req.session.user) throw new Unauthorized(); next();'],
  ])('by %s', async (_, asks, body) => {
    expect(await refused(express('app.use(guard);', guard(body)))).toEqual(['guard', asks]);
  });

  const byKey = "if (req.get('x-api-key') !== KEY) return res.status(401).end(); next();";
  it.each([
    [
      'made by a function',
      'app.use(guard(KEY));',
      'export const KEY = 1; export const guard = (key) => (req, res, next) => { if (req.headers.authorization !== key) return res.sendStatus(403); next(); };',
    ],
    ['of an object', "app.use('/', auth.guard.bind(auth)); ", 'export const guard = 1; export const KEY = 1;'],
    [
      'behind others',
      'app.use(express.json(), guard);',
      `export const KEY = 1; export const guard = (req, res, next) => { ${byKey} };`,
    ],
  ])('%s', async (_, before, text) => {
    const own = `class Auth { guard(req, res, next) { ${byKey} } } const auth = new Auth(); `;
    expect(await refused(express(own + before, { 'src/guard.ts': text }))).toBeDefined();
  });

  it.each([
    [
      'fastify',
      "import fastify from 'fastify'; const app = fastify(); app.get('/health', async () => ({ ok: true })); app.addHook('onRequest', async (request, reply) => { if (request.headers['x-api-key'] !== 'k') return reply.code(401).send({}); }); app.listen({ port: 3000 });",
    ],
    [
      'koa',
      "import Koa from 'koa'; import Router from '@koa/router'; const app = new Koa(); const router = new Router(); router.get('/health', (ctx) => { ctx.body = 'ok' }); app.use(async (ctx, next) => { if (!ctx.get('authorization')) ctx.throw(401); await next(); }); app.use(router.routes()); app.listen(3000);",
    ],
    [
      'hono',
      "import { Hono } from 'hono'; import { serve } from '@hono/node-server'; const app = new Hono(); app.use('*', async (c, next) => { const key = c.req.header('x-api-key'); if (!key) return c.json({ error: 'no' }, 401); await next(); }); app.get('/health', (c) => c.text('ok')); serve({ fetch: app.fetch, port: 3000 });",
    ],
    [
      'hono',
      "import { Hono } from 'hono'; import { basicAuth } from 'hono/basic-auth'; const app = new Hono(); app.use(basicAuth({ username: 'a', password: 'b' })); app.get('/health', (c) => c.text('ok')); export default app;",
    ],
  ])('of %s', async (name, text) => {
    const lines = text.replaceAll('; ', ';\n');
    const dependencies = { [name]: '*', '@koa/router': '*', '@hono/node-server': '*' };
    expect(await refused({ 'package.json': manifest({ dependencies }), 'src/index.ts': lines })).toBeDefined();
  });
});

describe('middleware that lets it pass', () => {
  const key = "if (req.headers['x-api-key'] !== KEY) return res.status(401).end(); next();";
  it.each([
    ['the path itself', `if (req.path === '/health') return next(); ${key}`],
    ['a list of paths', `const open = ['/docs', '/health']; if (open.includes(req.path)) { return next(); } ${key}`],
    ['a set of the module', `if (OPEN.has(req.originalUrl)) return next(); ${key}`],
    ['a beginning', `if (req.url.startsWith('/hea')) { next(); return; } ${key}`],
    ['a condition', `if (req.path !== '/health' && !req.headers.authorization) return res.status(401).end(); next();`],
    [
      'other paths alone',
      `if (req.path.startsWith('/admin') && !req.headers.authorization) return res.status(401).end(); next();`,
    ],
    ['a function that says so', `if (isOpen(req)) return next(); ${key}`],
    [
      'requests that change something',
      `if (req.method !== 'GET' && !req.headers.authorization) return res.status(401).end(); next();`,
    ],
    [
      'who brings none',
      `const token = req.headers.authorization; if (token && token !== KEY) return res.status(401).end(); next();`,
    ],
    ['any name', `if (!req.get('user-agent')) return res.status(400).end(); next();`],
    ['whom it does not know', `if (blocked.has(req.ip)) return res.status(403).end(); next();`],
    ['too many requests', `if (!limits.allow(req.ip)) return res.status(429).end(); next();`],
    ['what it only logs', `if (!req.headers.authorization) console.warn('nobody'); next();`],
  ])('%s', async (_, body) => {
    const text = `export const KEY = process.env.KEY; const OPEN = new Set(['/health']); const isOpen = (req) => ['/health', '/live'].includes(req.path); export function guard(req, res, next) { ${body} }\n`;
    expect(await refused(express('app.use(guard);', { 'src/guard.ts': text }))).toBeUndefined();
  });

  it.each([
    ['a path', "app.use('/admin', guard);"],
    [
      'packages',
      'app.use(helmet()); app.use(cors({ origin: KEY })); app.use(rateLimit({ max: 1 })); app.use(morgan("dev"), express.static("public"));',
    ],
    [
      'another error',
      'app.use((error, req, res, next) => { if (!req.headers.authorization) res.status(401).end(); else next(error); });',
    ],
  ])('mounted on %s', async (_, before) => {
    expect(await refused(express(before, guard(key)))).toBeUndefined();
  });

  it('that stands behind the route', async () => {
    const files = express('', guard(key));
    const text = files['src/index.ts']?.replace('app.listen', 'app.use(guard);\napp.listen') ?? '';
    expect(await refused({ ...files, 'src/index.ts': text })).toBeUndefined();
    const health =
      "import { Router } from 'express'; export const health = Router(); health.get('/health', (_req, res) => res.end());\n";
    const apart = `import express from 'express';\nimport { health } from './health.ts';\nimport { guard } from './guard.ts';\nconst app = express();\nBEFORE\napp.use(guard);\nAFTER\napp.listen(3000);\n`;
    const mounted = (from: string) => ({
      ...files,
      'src/health.ts': health,
      'src/index.ts': apart.replace(from, 'app.use(health);').replace(/BEFORE|AFTER/, ''),
    });
    expect(await refused(mounted('BEFORE'))).toBeUndefined();
    expect(await refused(mounted('AFTER'))).toEqual(['guard', 'x-api-key']);
  });
});

describe('the check of a container before which something refuses', () => {
  const checkOf = (plan: Plan) =>
    plan.images['app']?.stages.flatMap(({ steps }) => steps).find((step) => step.do === 'healthcheck');
  const planOf = async (files: Files) =>
    makePlan({ facts: await factsOf(files), specification: undefined, config: {}, read: (file) => files[file] });
  const body = "if (req.get('x-api-key') !== KEY) return res.status(401).end(); next();";

  it('takes any answer that is no error of the server, and says why', async () => {
    const files = express('app.use(guard);', guard(body));
    const plan = await planOf(files);
    const check = checkOf(plan);
    expect(check?.do === 'healthcheck' && check.check.argv.at(-1)).toContain('r.status<500');
    expect(check?.note).toContain('guard (src/index.ts) checks the x-api-key');
    expect(plan.workloads['app']?.probes.ready?.path).toBeUndefined();
    expect((await factsOf(files)).notes.find(({ code }) => code === 'health-refused')?.message).toContain(
      'src/index.ts:4: guard',
    );
  });

  it('asks for a good one where nothing does', async () => {
    const check = checkOf(await planOf(express('app.use("/admin", guard);', guard(body))));
    expect(check?.do === 'healthcheck' && check.check.argv.at(-1)).toContain('r.ok');
    expect(check?.note).toContain('the check uses the runtime');
  });
});
