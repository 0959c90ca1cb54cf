import { describe, expect, it } from 'vitest';
import { factsOf, said } from '../../../../support/facts.ts';

type Files = Readonly<Record<string, string>>;

const app = (files: Files): Files => ({
  'package.json': JSON.stringify({
    name: 'shop',
    type: 'module',
    scripts: { start: 'node src/index.ts' },
    engines: { node: '24' },
    dependencies: { express: '5.1.0', sequelize: '6.37.7', pg: '8.16.3', ioredis: '5.8.2' },
  }),
  ...files,
});
const listens = (port: string) => `import express from 'express';\nexpress().listen(${port});\n`;

describe('what a field of an object holds', () => {
  it.each([
    [
      'filled where it is declared',
      'class Config { port = Number(process.env.APP_PORT ?? 4100); }',
      'new Config().port',
    ],
    ['of one object for all', 'class Config { static port = Number(process.env.APP_PORT ?? 4100); }', 'Config.port'],
    [
      'filled when the object is made',
      'class Config { readonly port: number; constructor() { this.port = Number(process.env.APP_PORT ?? 4100); } }\nconst config = new Config();',
      'config.port',
    ],
    [
      'worked out when it is read',
      'class Config { get port() { return Number(process.env.APP_PORT ?? 4100); } }\nconst config = new Config();',
      'config.port',
    ],
  ])('is followed: %s', async (_, config, port) => {
    const facts = await factsOf(app({ 'src/index.ts': `${config}\n${listens(port)}` }));
    expect(said(facts.port)).toEqual({ number: 4100, variable: 'APP_PORT' });
  });

  it.each([
    ['of the own object', 'this.host', 'host = process.env.SQL_HOST; user = process.env.SQL_USER;', 'this.user'],
    ['that is private', 'this.#host', '#host = process.env.SQL_HOST; #user = process.env.SQL_USER;', 'this.#user'],
  ])('gives a database its settings: a field %s', async (_, host, fields, user) => {
    const source = `import { Sequelize } from 'sequelize';
class Database {
  ${fields}
  open() { return new Sequelize('shop', ${user}, 'x', { host: ${host}, dialect: 'postgres' }); }
}
new Database().open();
`;
    const facts = await factsOf(app({ 'src/index.ts': source }));
    expect(facts.services.map(({ service, variables }) => [service, variables])).toEqual([
      ['postgres', ['SQL_HOST', 'SQL_USER']],
    ]);
  });

  it('of an object that is handed in is that of its class', async () => {
    const files = {
      'src/config.ts':
        'export class Config { redis = { host: process.env.CACHE_HOST, port: process.env.CACHE_PORT }; }\n',
      'src/index.ts': `import Redis from 'ioredis';
import { Config } from './config.ts';
class Cache {
  constructor(private readonly config: Config) {}
  open() { return new Redis({ host: this.config.redis.host, port: Number(this.config.redis.port) }); }
}
new Cache(new Config()).open();
`,
    };
    const facts = await factsOf(app(files));
    expect(facts.services.map(({ service, variables }) => [service, variables])).toEqual([
      ['redis', ['CACHE_HOST', 'CACHE_PORT']],
    ]);
  });

  it.each([
    ['that is handed in', 'constructor(port = 4100) { this.port = port; }', 'new Server(Number(process.env.APP_PORT))'],
    [
      'that two places fill',
      'port = 4100;\n  constructor() { if (process.argv[2]) this.port = 4200; }',
      'new Server()',
    ],
  ])('is not guessed: one %s', async (_, made, create) => {
    const source = `import express from 'express';\nclass Server {\n  ${made}\n  open() { express().listen(this.port); }\n}\n${create}.open();\n`;
    const facts = await factsOf(app({ 'src/index.ts': source }));
    expect(facts.port).not.toMatchObject({ value: { number: 4100 } });
  });
});
