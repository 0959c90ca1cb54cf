import { describe, expect, it } from 'vitest';
import { factsOf, said } from '../../../../support/facts.ts';

/** The port, the health routes, the file of the server, and what is said of further ports. */
async function servedBy(files: Readonly<Record<string, string>>, more: object = {}) {
  const manifest = {
    name: 'shop',
    type: 'module',
    scripts: { start: 'node src/index.js' },
    engines: { node: '24' },
    ...more,
  };
  const facts = await factsOf({ 'package.json': JSON.stringify(manifest), ...files });
  return {
    port: said(facts.port),
    routes: facts.routes.map(({ path }) => path),
    file: said(facts.appFile),
    further: facts.otherPorts?.map(({ value }) => value),
  };
}

const api =
  "import express from 'express';\nexport function startApi() {\n  const app = express();\n  app.get('/orders', (q, r) => r.json([]));\n  app.listen(process.env.PORT ?? 3000);\n}\n";

describe('two servers in one process', () => {
  it('has the port of the app that a metrics module opens its own beside', async () => {
    const found = await servedBy({
      'src/index.js':
        "import { startMetrics } from './metrics.js';\nimport { startApi } from './api.js';\nstartMetrics();\nstartApi();\n",
      'src/metrics.js':
        "import express from 'express';\nexport function startMetrics() {\n  const app = express();\n  app.get('/healthz', (q, r) => r.send('ok'));\n  app.listen(process.env.METRICS_PORT ?? 9090);\n}\n",
      'src/api.js': api,
    });
    expect(found).toEqual({
      port: { number: 3000, variable: 'PORT' },
      routes: [],
      file: 'src/api.js',
      further: [{ number: 9090, variable: 'METRICS_PORT', inside: 'metrics' }],
    });
  });

  it('has the port of the object that is not called after administration, in one file', async () => {
    const found = await servedBy({
      'src/index.js':
        "import Fastify from 'fastify';\nconst admin = Fastify();\nconst app = Fastify();\nadmin.get('/health', async () => 'ok');\napp.get('/ping', async () => 'hi');\nawait admin.listen({ port: 9000, host: '0.0.0.0' });\nawait app.listen({ port: Number(process.env.PORT || 8080), host: '0.0.0.0' });\n",
    });
    expect(found.port).toEqual({ number: 8080, variable: 'PORT' });
    expect(found.routes).toEqual(['/ping']);
    expect(found.file).toBeUndefined();
  });

  it('has the port of the server of the runtime that serves the public', async () => {
    const found = await servedBy(
      {
        'src/index.js':
          "import { Hono } from 'hono';\nconst internal = new Hono();\ninternal.get('/live', (c) => c.text('ok'));\nconst site = new Hono();\nsite.get('/health', (c) => c.text('x'));\nBun.serve({ fetch: internal.fetch, port: 9100 });\nBun.serve({ fetch: site.fetch, port: 3000 });\n",
      },
      { scripts: { start: 'bun src/index.js' }, engines: { bun: '^1.4' } },
    );
    expect(found).toMatchObject({ port: { number: 3000 }, routes: ['/health'] });
  });

  it('has the port of its variable where neither name says what it is for', async () => {
    const found = await servedBy({
      'src/index.js':
        "import { createServer } from 'node:http';\nconst one = createServer((q, r) => r.end());\nconst two = createServer((q, r) => r.end());\none.listen(7000);\ntwo.listen(process.env.PORT ?? 5000);\n",
    });
    expect(found.port).toEqual({ number: 5000, variable: 'PORT' });
    expect(found.further).toEqual([{ number: 7000 }]);
  });

  it('has the port without a certificate, where a server with one comes first', async () => {
    const found = await servedBy({
      'src/index.js':
        "import express from 'express';\nimport https from 'node:https';\nconst app = express();\nfunction again(port) {\n  https.createServer({ key: '', cert: '' }, app).listen(port);\n}\nif (process.env.TLS) again(8443);\napp.listen(process.env.WEB_PORT ?? 8080);\n",
    });
    expect(found.port).toEqual({ number: 8080, variable: 'WEB_PORT' });
  });

  it.each([
    [
      'the only one is called so',
      "import express from 'express';\nconst admin = express();\nadmin.get('/health', (q, r) => r.end());\nadmin.listen(4000);\n",
      { number: 4000 },
      ['/health'],
    ],
    [
      'both ports serve the same',
      "import express from 'express';\nimport { createServer } from 'node:https';\nconst app = express();\napp.get('/health', (q, r) => r.end());\napp.listen(4000);\ncreateServer({}, app).listen(4443);\n",
      { number: 4000 },
      ['/health'],
    ],
  ])('keeps the first where %s', async (_, text, port, routes) => {
    expect(await servedBy({ 'src/index.js': text })).toMatchObject({ port, routes });
  });
});
