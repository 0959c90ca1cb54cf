// DO NOT EDIT: `npm run gen` writes this from the files of this folder.
import type { Framework, Detection } from '../contract.ts';

/** How each is recognised, by name. */
export const frameworks: readonly Detection[] = [
  {
    "name": "bun-serve",
    "title": "Bun.serve",
    "role": "server",
    "uses": [
      "Bun.serve"
    ]
  },
  {
    "name": "elysia",
    "title": "Elysia",
    "role": "server",
    "dependencies": [
      "elysia"
    ]
  },
  {
    "name": "express",
    "title": "Express",
    "role": "server",
    "dependencies": [
      "express"
    ]
  },
  {
    "name": "fastify",
    "title": "Fastify",
    "role": "server",
    "dependencies": [
      "fastify",
      "@fastify/autoload",
      "fastify-plugin"
    ]
  },
  {
    "name": "hono",
    "title": "Hono",
    "role": "server",
    "dependencies": [
      "hono",
      "@hono/zod-openapi"
    ],
    "asking": [
      "hono/client",
      "hono/jsx",
      "hono/jsx/dom"
    ]
  },
  {
    "name": "koa",
    "title": "Koa",
    "role": "server",
    "dependencies": [
      "koa"
    ]
  },
  {
    "name": "nest",
    "title": "NestJS",
    "role": "server",
    "includes": [
      "express",
      "fastify",
      "node-http"
    ],
    "dependencies": [
      "@nestjs/core",
      "@nestjs/common"
    ]
  },
  {
    "name": "node-http",
    "title": "node:http",
    "role": "server",
    "uses": [
      "node:http#createServer",
      "http#createServer",
      "node:https#createServer",
      "https#createServer"
    ]
  }
];

const loaders: Readonly<Record<string, () => Promise<Framework>>> = {
  'bun-serve': async () => (await import('./bun-serve.ts')).framework,
  'elysia': async () => (await import('./elysia.ts')).framework,
  'express': async () => (await import('./express.ts')).framework,
  'fastify': async () => (await import('./fastify.ts')).framework,
  'hono': async () => (await import('./hono.ts')).framework,
  'koa': async () => (await import('./koa.ts')).framework,
  'nest': async () => (await import('./nest.ts')).framework,
  'node-http': async () => (await import('./node-http.ts')).framework,
};

/** Loads one by its name; undefined where there is none of that name. */
export const loadFramework = async (name: string): Promise<Framework | undefined> =>
  Object.hasOwn(loaders, name) ? loaders[name]?.() : undefined;
