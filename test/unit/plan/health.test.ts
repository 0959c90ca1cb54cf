import { describe, expect, it } from 'vitest';
import { artifactsOf } from '../../../src/artifacts/artifacts.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { factsOf } from '../../support/facts.ts';

const planOf = async (files: Readonly<Record<string, string>>, dependency: string) => {
  const all = {
    'package.json': JSON.stringify({
      name: 'tide',
      type: 'module',
      scripts: { start: 'node server.js' },
      engines: { node: '24' },
      dependencies: { [dependency]: '*' },
    }),
    ...files,
  };
  const facts = await factsOf(all);
  return makePlan({
    facts,
    specification: undefined,
    config: {},
    read: (file) => (all as Record<string, string>)[file],
  });
};

const express = (routes: string) =>
  `import express from 'express';\nconst app = express();\n${routes}\napp.listen(3000);\n`;

describe('a health route of the application', () => {
  it.each<[string, string, Readonly<Record<string, string>>, string]>([
    [
      'a name of its own',
      'express',
      { 'server.js': express("app.get('/health-check', (q, r) => r.send('fine'));") },
      '/health-check',
    ],
    [
      'below another path, of Fastify',
      'fastify',
      {
        'server.js':
          "import Fastify from 'fastify';\nconst app = Fastify();\napp.get('/metrics/ready', async () => 'ready');\nawait app.listen({ port: 3000, host: '0.0.0.0' });\n",
      },
      '/metrics/ready',
    ],
    [
      'below a prefix, of Hono',
      'hono',
      {
        'server.js':
          "import { serve } from '@hono/node-server';\nimport { Hono } from 'hono';\nconst app = new Hono().basePath('/api/v1');\napp.get('/healthcheck', (c) => c.text('ok'));\nserve({ fetch: app.fetch, port: 3000 });\n",
      },
      '/api/v1/healthcheck',
    ],
    [
      'behind a mount of another file',
      'express',
      {
        'server.js': `import { probes } from './probes.js';\n${express("app.use('/internals', probes);")}`,
        'probes.js':
          "import { Router } from 'express';\nexport const probes = Router();\nprobes.get('/readyz', (q, r) => r.send('ok'));\n",
      },
      '/internals/readyz',
    ],
  ])('is used where it has %s', async (_, dependency, files, path) => {
    const plan = await planOf(files, dependency);
    expect(plan.workloads['app']?.probes.ready?.path).toBe(path);
    expect([plan.sources, plan.edits]).toEqual([[], []]);
  });

  it('is the usual one where there are several', async () => {
    const plan = await planOf(
      {
        'server.js': express("app.get('/api/v1/health', (q, r) => r.send());\napp.get('/ready', (q, r) => r.send());"),
      },
      'express',
    );
    expect(plan.workloads['app']?.probes.ready?.path).toBe('/ready');
  });

  it.each([
    "app.get('/admin/health', show);",
    "app.get('/health/:service', show);",
    "app.get('/orders/status', show);",
    "app.post('/x/health', show);",
  ])('is none that needs a login, a parameter or a body, or that is about something else: %s', async (route) => {
    const plan = await planOf({ 'server.js': express(`const show = (q, r) => r.send();\n${route}`) }, 'express');
    expect(plan.workloads['app']?.probes.ready?.path).toBe('/ready');
    expect(plan.sources).toHaveLength(1);
  });
});

describe('a health module that is added', () => {
  const textOf = async (file: string, type: string, linters: Readonly<Record<string, string>>) => {
    const files = {
      'package.json': JSON.stringify({
        name: 'tide',
        type,
        scripts: { start: `node ${file}` },
        engines: { node: '24' },
        dependencies: { express: '5' },
        devDependencies: linters,
      }),
      [file]:
        type === 'module'
          ? express("app.get('/', (q, r) => r.send('x'));")
          : "const express = require('express');\nconst app = express();\napp.listen(3000);\n",
    };
    const read = (path: string) => (files as Record<string, string>)[path];
    const plan = await makePlan({ facts: await factsOf(files), specification: undefined, config: {}, read });
    return artifactsOf(plan, Object.keys(files)).find(({ path }) => path.startsWith('health'))?.content ?? '';
  };

  it.each([
    ['ESLint, in TypeScript', 'server.ts', 'module', { eslint: '9' }, ['/* eslint-disable */']],
    ['ESLint, in CommonJS', 'server.js', 'commonjs', { eslint: '8' }, ['/* eslint-disable */']],
    [
      'Biome, in a module of JavaScript',
      'server.js',
      'module',
      { '@biomejs/biome': '2' },
      ['// biome-ignore-all lint'],
    ],
    [
      'two of them',
      'server.ts',
      'module',
      { eslint: '9', tslint: '6' },
      ['/* eslint-disable */', '/* tslint:disable */'],
    ],
  ])('is left alone by a linter of the project: %s', async (_name, file, type, linters, comments) => {
    const text = await textOf(file, type, linters);
    for (const comment of comments) expect(text.indexOf(comment)).toBeGreaterThan(0);
    expect(text.indexOf(comments[0] ?? '')).toBeLessThan(text.indexOf('checkHealth'));
  });

  it('has no such comment where nothing lints', async () => {
    expect(await textOf('server.ts', 'module', { prettier: '3' })).not.toMatch(/eslint|biome|tslint/);
  });
});
