import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../../support/facts.ts';

const manifest = JSON.stringify({ name: 'shop', scripts: { start: 'node src/index.js' }, engines: { node: '>=22' } });
const serversOf = async (text: string) => {
  const facts = await factsOf({ 'package.json': manifest, 'src/index.js': text });
  return facts.frameworks.map((one) => ('value' in one ? one.value : one));
};

describe('the server of an app', () => {
  it.each([
    ['import { createServer } from "node:http"; createServer(answer).listen(3000)'],
    ['import { createServer as make } from "http"; make(answer).listen(3000)'],
    ['import * as http from "node:http"; http.createServer(answer).listen(3000)'],
    ['const http = require("http"); http.createServer(answer).listen(3000)'],
    ['const { createServer } = require("node:https"); createServer({}, answer).listen(3000)'],
  ])('is that of Node.js: %s', async (text) => {
    expect(await serversOf(text)).toEqual(['node-http']);
  });

  it.each([
    ['import http from "node:http"; http.get("http://example.com")'],
    ['import { createServer } from "node:net"; createServer(answer).listen(3000)'],
    ['import http from "node:http"; import net from "node:net"; net.createServer(answer); http.get(url)'],
    ['const createServer = (answer) => answer; createServer(answer)'],
  ])('is none: %s', async (text) => {
    expect(await serversOf(text)).toEqual([]);
  });

  it.each([
    [
      'express',
      'import http from "node:http"; import express from "express"; http.createServer(express()).listen(3000)',
    ],
    ['express', 'const http = require("http"); const app = require("express")(); http.createServer(app).listen(3000)'],
    [
      'fastify',
      'import http from "node:http"; import Fastify from "fastify"; Fastify({ serverFactory: (answer) => http.createServer(answer) })',
    ],
    ['koa', 'import http from "http"; import Koa from "koa"; http.createServer(new Koa().callback()).listen(3000)'],
    [
      'nest',
      'import { createServer } from "http"; import express from "express"; import { NestFactory } from "@nestjs/core"; createServer(express()); await NestFactory.create(App)',
    ],
    ['nest', 'import { FastifyAdapter } from "@nestjs/platform-fastify"; import "fastify"; import "@nestjs/core"'],
  ])('stays %s where Node.js or another stands below: %s', async (name, text) => {
    expect(await serversOf(text)).toEqual([name]);
  });
});
