import { describe, expect, it } from 'vitest';
import { inspect } from '../../../src/inspect/inspect.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { memoryProject } from '../../../src/project/memory.ts';
import { edited } from '../../support/wiring.ts';

/** The source after the edits that are offered for the address, and the lines that are told instead. */
async function reached(text: string, dependency: string, more: Record<string, string> = {}) {
  const files = {
    'package.json': JSON.stringify({
      name: 'shop',
      scripts: { start: `${dependency === 'bun' ? 'bun' : 'node'} index.js` },
      dependencies: dependency === 'bun' ? {} : { [dependency]: '1.0.0' },
    }),
    'index.js': text,
    ...more,
  };
  const project = memoryProject(files);
  const [facts] = (await inspect(project)).apps;
  if (!facts) throw new Error('no app');
  const plan = await makePlan({ facts, specification: undefined, config: {}, read: project.read });
  const decided = plan.decisions['edits.host'];
  const own = plan.edits.filter((one) => one.file === 'index.js' && one.why.includes('all interfaces'));
  const health = plan.edits.flatMap((one) => one.edits).filter((one) => one.text.includes('ealth'));
  return {
    offered: decided !== undefined,
    text: edited(
      text,
      own.flatMap((one) => one.edits).filter((one) => !health.includes(one)),
    ),
    told: plan.manual
      .filter((one) => one.decision === 'workloads.app.host')
      .map((one) => [one.file, one.line, one.lines]),
  };
}

const fastify = "const app = require('fastify')();\n";
const koa = "const Koa = require('koa');\nconst app = new Koa();\n";
const express = "const app = require('express')();\n";

describe('a server on the loopback address', () => {
  it.each([
    ['an old Fastify, a port', 'fastify', fastify, 'app.listen(3000);', "app.listen(3000, '0.0.0.0');"],
    [
      'a port from a variable',
      'fastify',
      fastify,
      'app.listen(process.env.PORT || 3000);',
      "app.listen(process.env.PORT || 3000, '0.0.0.0');",
    ],
    [
      'a port and what follows',
      'fastify',
      `${fastify}const PORT = Number(process.env.PORT) || 3000;\n`,
      'app.listen(PORT, (error) => { if (error) throw error; });',
      "app.listen(PORT, '0.0.0.0', (error) => { if (error) throw error; });",
    ],
    [
      'an address behind the port',
      'fastify',
      fastify,
      "app.listen(3000, '127.0.0.1');",
      "app.listen(3000, '0.0.0.0');",
    ],
    [
      'in the quotes of the file',
      'fastify',
      'const app = require("fastify")();\n',
      'app.listen({ port: 3000 });',
      'app.listen({ port: 3000, host: "0.0.0.0" });',
    ],
    ['in its own quotes', 'express', express, 'app.listen(3000, "localhost");', 'app.listen(3000, "0.0.0.0");'],
    ['options', 'fastify', fastify, 'app.listen({ port: 3000 });', "app.listen({ port: 3000, host: '0.0.0.0' });"],
    [
      'options with a name',
      'fastify',
      fastify,
      'const options = { port: 3000 };\napp.listen(options);',
      "const options = { port: 3000, host: '0.0.0.0' };\napp.listen(options);",
    ],
    ['Express', 'express', express, "app.listen(3000, 'localhost', done);", "app.listen(3000, '0.0.0.0', done);"],
    ['Koa', 'koa', koa, "app.listen({ port: 3000, host: '::1' });", "app.listen({ port: 3000, host: '0.0.0.0' });"],
    [
      'an address with a name',
      'koa',
      koa,
      "const HOST = 'localhost';\napp.listen(3000, HOST);",
      "const HOST = 'localhost';\napp.listen(3000, '0.0.0.0');",
    ],
    [
      'the call of the app among others',
      'express',
      `${express}const other = { listen() {} };\nother.listen('queue', 'localhost');\n`,
      "app.listen(3000, 'localhost');",
      "app.listen(3000, '0.0.0.0');",
    ],
    [
      "Hono on Node's server",
      'hono',
      "const { Hono } = require('hono');\nconst { serve } = require('@hono/node-server');\nconst app = new Hono();\n",
      "serve({ fetch: app.fetch, port: 3000, hostname: 'localhost' });",
      "serve({ fetch: app.fetch, port: 3000, hostname: '0.0.0.0' });",
    ],
    [
      'Elysia',
      'elysia',
      "import { Elysia } from 'elysia';\nconst app = new Elysia();\n",
      "app.listen({ port: 3000, hostname: '127.0.0.1' });",
      "app.listen({ port: 3000, hostname: '0.0.0.0' });",
    ],
    [
      'Bun.serve',
      'bun',
      '',
      "Bun.serve({ port: 3000, hostname: 'localhost', fetch: () => new Response('x') });",
      "Bun.serve({ port: 3000, hostname: '0.0.0.0', fetch: () => new Response('x') });",
    ],
  ])('is offered the edit: %s', async (_name, dependency, head, before, after) => {
    const found = await reached(`${head}${before}\n`, dependency);
    expect(found).toEqual({ offered: true, text: `${head}${after}\n`, told: [] });
    expect(await reached(found.text, dependency)).toEqual({ offered: false, text: found.text, told: [] });
  });

  it('is offered the edit where another module has the address', async () => {
    const text = `import Koa from 'koa';\nimport { config } from './config.js';\nnew Koa().listen(3000, config.host);\n`;
    const found = await reached(text, 'koa', { 'config.js': "export const config = { host: 'localhost' };\n" });
    expect(found).toEqual({ offered: true, text: text.replace('config.host', "'0.0.0.0'"), told: [] });
  });

  it.each([
    ['options that are put together', 'app.listen({ port: 3000, ...more });'],
    ['options from elsewhere', 'app.listen(listenOptions);'],
    ['a choice', "app.listen(3000, dev ? 'localhost' : '127.0.0.1');"],
  ])('is told where to add it, and with which line: %s', async (_name, call) => {
    const text = `import { listenOptions } from './o.js';\nimport fastify from 'fastify';\nconst app = fastify();\n${call}\n`;
    expect(await reached(text, 'fastify', { 'o.js': 'export const listenOptions = { port: 3000 };\n' })).toEqual({
      offered: false,
      text,
      told: [['index.js', 4, ["host: '0.0.0.0'"]]],
    });
  });
});
