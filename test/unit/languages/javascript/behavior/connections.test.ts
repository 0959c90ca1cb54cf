import { describe, expect, it } from 'vitest';
import { inspect } from '../../../../../src/inspect/inspect.ts';
import { UserError } from '../../../../../src/model/errors.ts';
import { memoryProject } from '../../../../../src/project/memory.ts';
import { detailsOf } from '../../../../../src/stacks/javascript.ts';
import { factsOf, factsOfSource, manifest, said } from '../../../../support/facts.ts';

describe('files that a module names by where it lies', () => {
  const found = async (text: string) => {
    const facts = await factsOf({
      'package.json': manifest({ scripts: { start: 'node src/index.js' }, engines: { node: '26' } }),
      'src/index.js': text,
      'src/routes/a.js': 'module.exports = 1;',
      'locales/en.json': '{}',
      'docs/api.yaml': 'a: 1',
      '.env.example': 'A=1',
    });
    return facts.reads.map((one) => one.value).sort();
  };

  it.each([
    ['a template', 'i18n.configure({ directory: `${__dirname}/../locales` });', ['locales']],
    [
      'what is put together',
      "const path = require('path');\nload(path.join(__dirname, '../docs', 'api.yaml'));",
      ['docs/api.yaml'],
    ],
    ['a sum', "load(__dirname + '/../docs/api.yaml');", ['docs/api.yaml']],
    ['an address', "load(new URL('../locales/', import.meta.url));", ['locales']],
    [
      'a name that comes later',
      "const { join } = require('path');\nconst at = (name) => join(__dirname, '..', 'locales', name);\nload(at);",
      ['locales'],
    ],
    ['settings of a machine', 'config({ path: `${__dirname}/../.env.example` });', []],
    ['what is not there', 'load(`${__dirname}/../nowhere`);', []],
    ['the folder of everything', "const { join } = require('path');\nload(join(__dirname, '..'));", []],
    [
      'code',
      "const { join } = require('path');\nconst a = require('./routes/a');\nload(join(__dirname, 'routes'));",
      [],
    ],
  ])('are shipped with it: %s', async (_, text, paths) => {
    expect(await found(text)).toEqual(paths);
  });
});

describe('services', () => {
  const services = async (text: string, more: Record<string, string> = {}) =>
    (await factsOfSource(text, more)).services.map((one) => [
      one.service,
      one.client,
      one.role,
      one.required,
      one.variables.join(),
    ]);

  it('come from clients in reached source, with the variables that point to them', async () => {
    expect(await services(`import pg from 'pg'; new pg.Pool({ connectionString: process.env.DATABASE_URL })`)).toEqual([
      ['postgres', 'pg', undefined, true, 'DATABASE_URL'],
    ]);
    expect(await services(`import { sql } from 'bun'; await sql\`select 1\``)).toEqual([
      ['postgres', 'Bun.sql', undefined, true, ''],
    ]);
    expect(await services(`Bun.sql\`select 1\`; process.env.POSTGRES_URL`)).toEqual([
      ['postgres', 'Bun.sql', undefined, true, 'POSTGRES_URL'],
    ]);
  });

  it('are pointed to by what their clients are given, whatever its name', async () => {
    const pointing = async (text: string) =>
      (await factsOfSource(text)).variables.map((one) => `${one.name} ${one.service} ${one.part}`);
    const pool = "import { Pool } from 'pg'; const env = { place: process.env.DataPlace };";
    expect(await pointing(`${pool} new Pool({ connectionString: env.place })`)).toEqual(['DataPlace postgres url']);
    const inText = (before: string) => `${pool} new Pool({ connectionString: \`${before}\${env.place}\` })`;
    expect(await pointing(inText(''))).toEqual(['DataPlace postgres url']);
    expect(await pointing(inText('pg://'))).toEqual(['DataPlace undefined undefined']);
    const parts = '{ host: process.env.A, port: Number(1), user: process.env.B, database: process.env.C }';
    expect(await pointing(`import pg from 'pg'; new pg.Client(${parts})`)).toEqual([
      'A postgres host',
      'B postgres user',
      'C postgres name',
    ]);
    expect(await pointing(`import Redis from 'ioredis'; new Redis(process.env.A)`)).toEqual(['A redis url']);
    for (const given of ["process.env.A ?? ''", "process.env.A.replace('<PASSWORD>', process.env.DATABASE_PASSWORD)"])
      expect((await pointing(`import mongoose from 'mongoose'; mongoose.connect(${given})`))[0]).toBe('A mongodb url');
    expect(await pointing(`import Redis from 'ioredis'; new Redis(options(process.env.A))`)).toEqual([
      'A undefined undefined',
    ]);
    const queue = `import { Queue } from 'bullmq'; new Queue(process.env.A)`;
    expect(await pointing(queue)).toEqual(['A undefined undefined']);
  });

  it.each([
    [
      "import { Sequelize } from 'sequelize'; new Sequelize(process.env.A, process.env.B, process.env.C, { host: process.env.D, dialect: 'mysql' })",
      'import "mysql2";',
      ['A mariadb name', 'B mariadb user', 'C mariadb password', 'D mariadb host'],
    ],
    [
      "const { Sequelize } = require('sequelize'); new Sequelize(process.env.A, { logging: false })",
      'require("pg");',
      ['A postgres url'],
    ],
    ["import Redis from 'ioredis'; new Redis(process.env.A, process.env.B)", '', ['A redis port', 'B redis host']],
    ["import Redis from 'ioredis'; new Redis(process.env.A, { lazyConnect: true })", '', ['A redis url']],
    ["import Redis from 'ioredis'; const o = options(); new Redis(process.env.A, o)", '', ['A redis url']],
    ["import Redis from 'ioredis'; new Redis(process.env.A, options())", '', ['A redis url']],
    [
      "import { Sequelize } from 'sequelize'; new Sequelize(process.env.A, settings[env])",
      'import "pg";',
      ['A postgres url'],
    ],
    ["import Redis from 'ioredis'; new Redis(process.env.A, 'cache.internal')", '', ['A redis port']],
    [
      "import knex from 'knex'; knex({ client: 'pg', connection: { host: process.env.A, database: process.env.B } })",
      'import "pg";',
      ['A postgres host', 'B postgres name'],
    ],
    [
      "import knex from 'knex'; const o = { client: 'pg', connection: process.env.A }; knex(o)",
      'import "pg";',
      ['A postgres url'],
    ],
    [
      "import pg from 'pg'; const o = { host: process.env.A }; o.connection = o; new pg.Pool(o)",
      '',
      ['A postgres host'],
    ],
    [
      "import pg from 'pg'; const { Pool, types } = pg; const o = { host: process.env.A }; new Pool({ ...o, database: process.env.B })",
      '',
      ['A postgres host', 'B postgres name'],
    ],
    ["import pg from 'pg'; const Connection = pg.Client; new Connection(process.env.A)", '', ['A postgres url']],
    [
      "import mongodb from 'mongodb'; const { MongoClient: Client } = mongodb; new Client(process.env.A)",
      '',
      ['A mongodb url'],
    ],
    // what was taken out of something else
    [
      "import pg from 'pg'; import { made } from './made.ts'; const { Pool } = made; pg.defaults; new Pool(process.env.A)",
      '',
      ['A undefined undefined'],
    ],
    [
      "import pg from 'pg'; new pg.Pool({ host: process.env.A, port: process.env.B ? parseInt(process.env.B) : 0 })",
      '',
      ['A postgres host', 'B postgres port'],
    ],
    [
      "import pg from 'pg'; new pg.Pool({ host: process.env.A ? process.env.B : process.env.C })",
      '',
      ['A undefined undefined', 'B undefined undefined', 'C undefined undefined'],
    ],
  ])('are pointed to by each of the values that a client is given: %s', async (text, more, expected) => {
    const { variables } = await factsOfSource(`${more}\n${text}`);
    expect(variables.map((one) => `${one.name} ${one.service} ${one.part}`)).toEqual(expected);
  });

  it.each([
    [
      "import { Pool } from 'pg'; new Pool({ connectionString: env.DATABASE_URL })",
      'DATABASE_URL',
      'TEST_DATABASE_URL',
    ],
    ["import mongoose from 'mongoose'; mongoose.connect(env.MONGO_URI)", 'MONGO_URI', 'MONGO_URI_TEST'],
    ["import mysql from 'mysql2'; mysql.createPool({ database: env.DB_NAME })", 'DB_NAME', 'DB_TEST_NAME'],
  ])('are not what tests empty: %s', async (text, own, ofTests) => {
    const both = `const env = process.env; ${text}; use(env.${own}); const other = env.${ofTests}; other.trim();`;
    const { variables } = await factsOfSource(both);
    expect(variables.find(({ name }) => name === own)?.service).toBeDefined();
    expect(variables.find(({ name }) => name === ofTests)).toMatchObject({ required: false });
    expect(variables.find(({ name }) => name === ofTests)).not.toHaveProperty('service');
    // alone it is the database of the app, whatever its name
    const alone = (await factsOfSource(`import 'pg'; process.env.TEST_DATABASE_URL`)).variables;
    expect(alone[0]).toMatchObject({ name: 'TEST_DATABASE_URL', service: 'postgres' });
  });

  it.each([
    ['DB_DIALECT', "import 'pg'; import { Sequelize } from 'sequelize';", 'postgres'],
    ['DATABASE_TYPE', "import 'mysql2'; import { DataSource } from 'typeorm';", 'mysql'],
    ['POSTGRES_TYPE', "import 'pg';", 'postgres'],
    ['DB_TYPE', '', undefined],
    ['APP_TYPE', "import 'pg';", undefined],
  ])('are said to a mapper of several databases: %s, %s', async (name, imports, expected) => {
    const read = `${imports} const type = process.env.${name}; if (!type) throw new Error('missing');`;
    const [variable] = (await factsOfSource(read)).variables;
    expect(variable?.default).toBe(expected);
    expect(variable?.required).toBe(expected === undefined);
    const other = await factsOfSource(`${imports} process.env.${name} ?? 'sqlite'`);
    expect(other.variables[0]?.default).toBe('sqlite');
  });

  it('are none of ours where a client speaks to a service over HTTP that somebody else runs', async () => {
    const upstash = "import { Redis } from '@upstash/redis'; new Redis({ url: process.env.UPSTASH_REDIS_REST_URL })";
    expect(await services(upstash)).toEqual([]);
    expect(await services(`${upstash}; import { createClient } from 'redis'; createClient()`)).toMatchObject([
      ['redis', 'redis', undefined, true, ''],
    ]);
  });

  it('are pointed to by the names of their image, which an application often shares', async () => {
    const names = ['MONGO_INITDB_DATABASE', 'MONGO_INITDB_ROOT_PASSWORD', 'MONGO_INITDB_ROOT_USERNAME'];
    const uses = names.map((one) => `use(process.env.${one})`).join('; ');
    const facts = await factsOfSource(`import 'mongoose'; ${uses}`);
    expect(facts.variables.map((one) => `${one.service} ${one.part}`)).toEqual([
      'mongodb name',
      'mongodb password',
      'mongodb user',
    ]);
  });

  it('are pointed to by the usual names of each part', async () => {
    const names = ['DB_URL', 'POSTGRES_USERNAME', 'POSTGRES_DATABASE'];
    const facts = await factsOfSource(`import 'pg'; ${names.map((one) => `use(process.env.${one})`).join('; ')}`);
    expect(facts.variables.map((one) => `${one.name} ${one.service} ${one.part}`)).toEqual([
      'DB_URL postgres url',
      'POSTGRES_DATABASE postgres name',
      'POSTGRES_USERNAME postgres user',
    ]);
    const other = await factsOfSource(`import 'mysql2'; use(process.env.DB_URL)`);
    expect(other.variables[0]).toMatchObject({ service: 'mariadb', part: 'url' });
  });

  it('come from the scheme of an address alone', async () => {
    expect(await services(`connect(process.env.STORE ?? 'redis://localhost:6379')`)).toMatchObject([
      ['redis', undefined, undefined, true, 'STORE'],
    ]);
  });

  it('tell their role by the client or by the module that holds it', async () => {
    expect(await services(`import { Queue } from 'bullmq'; new Queue('x')`)).toMatchObject([
      ['redis', 'bullmq', 'queue', true, ''],
    ]);
    expect(
      await services(`import './cache'`, {
        'src/cache.ts': `import Redis from 'ioredis'; new Redis(process.env.REDIS_URL)`,
      }),
    ).toMatchObject([['redis', 'ioredis', 'cache', false, 'REDIS_URL']]);
    expect(await services(`import './redis'`, { 'src/redis.ts': `import Redis from 'ioredis'` })).toMatchObject([
      ['redis', 'ioredis', undefined, true, ''],
    ]);
  });

  it('are not what is only a dependency, only a type, or only reached by nothing', async () => {
    const facts = await factsOf({
      'package.json': manifest({ dependencies: { pg: '8.0.0' } }),
      'src/index.ts': `import type { Pool } from 'pg'`,
      'src/old.ts': `import 'ioredis'`,
    });
    expect(facts.services).toEqual([]);
  });

  it('of a mapper that speaks to several are told by its driver, settings, imports or addresses', async () => {
    const only = async (text: string, more: Record<string, string> = {}) =>
      (await services(text, more)).map(([name]) => name);
    expect(await only(`import { drizzle } from 'drizzle-orm'; import pg from 'pg'`)).toEqual(['postgres']);
    expect(await only(`import { eq } from 'drizzle-orm'; import { Database } from 'bun:sqlite'`)).toEqual(['sqlite']);
    expect(await only(`import { drizzle } from 'drizzle-orm/postgres-js'`)).toEqual(['postgres']);
    expect(
      await only(`import { eq } from 'drizzle-orm'; import './x'`, {
        'drizzle.config.ts': `export default { dialect: 'mysql' }`,
        'src/x.ts': '',
      }),
    ).toEqual(['mariadb']);
    const prisma = {
      'prisma/schema.prisma':
        'generator c {\n provider = "x"\n}\ndatasource db {\n  provider = "postgresql"\n  url = env("MAIN_DB")\n}\n',
    };
    const facts = await factsOfSource(`import { PrismaClient } from '@prisma/client'; process.env.MAIN_DB`, prisma);
    expect(facts.services).toMatchObject([{ service: 'postgres', variables: ['MAIN_DB'] }]);
  });

  const schema = (provider: string, variable: string) => ({
    'prisma/schema.prisma': `datasource db {\n  provider = "${provider}"\n  url = env("${variable}")\n}\n`,
  });

  it.each([
    ['mongodb', 'DATABASE_URL', 'mongodb'],
    ['postgresql', 'MAIN_DB', 'postgres'],
    ['mysql', 'SHOP_DATABASE', 'mariadb'],
  ])(
    'of a mapper have the variable that its settings name, and that no source reads: %s',
    async (provider, name, service) => {
      const text = `import { PrismaClient } from '@prisma/client'; export const db = new PrismaClient();`;
      const facts = await factsOfSource(text, schema(provider, name));
      expect(facts.variables).toMatchObject([{ name, required: true, service, part: 'url', from: [{ line: 2 }] }]);
      expect(facts.services).toMatchObject([{ service, variables: [name] }]);
    },
  );

  it('of a mapper that nothing imports have none', async () => {
    expect((await factsOfSource('console.log(1)', schema('mongodb', 'DATABASE_URL'))).variables).toEqual([]);
  });

  it('of a mapper whose database is a file have the form of its address', async () => {
    const text = `import { PrismaClient } from '@prisma/client'; export const db = new PrismaClient();`;
    const { variables, services } = await factsOfSource(text, schema('sqlite', 'DATABASE_URL'));
    expect(variables).toMatchObject([
      { name: 'DATABASE_URL', required: true, example: 'file:./app.db', service: 'sqlite' },
    ]);
    expect(services).toMatchObject([{ service: 'sqlite', client: '@prisma/client' }]);
  });

  it('of a mapper that nothing explains are a note, not a guess', async () => {
    const facts = await factsOfSource(`import { eq } from 'drizzle-orm'; process.env.DATABASE_URL`);
    expect(facts.services).toEqual([]);
    expect(facts.notes).toMatchObject([{ code: 'service-unclear', from: [{ file: 'src/index.ts', line: 1 }] }]);
  });

  it('leave a name that many databases have to the one that is used', async () => {
    const facts = await factsOfSource(`import mysql from 'mysql2/promise'; mysql.createPool(process.env.DATABASE_URL)`);
    expect(facts.variables).toMatchObject([{ name: 'DATABASE_URL', service: 'mariadb', part: 'url' }]);
    expect((await factsOfSource('process.env.DATABASE_URL')).services).toEqual([]);
  });
});

describe('externals', () => {
  const externals = async (text: string) =>
    (await factsOfSource(text)).externals.map(({ from: _, required: __, ...one }) => one);
  it('are addresses that are asked, with their variables', async () => {
    expect(
      await externals(
        'fetch(`${process.env.PAYMENTS_API_URL ?? "https://pay.example.com/v1"}/charges`, { headers: { authorization: process.env.PAYMENTS_API_KEY } })',
      ),
    ).toEqual([
      {
        name: 'payments',
        urlVariable: 'PAYMENTS_API_URL',
        url: 'https://pay.example.com/v1',
        keyVariable: 'PAYMENTS_API_KEY',
      },
    ]);
    expect(await externals('const base = "https://api.weather.com/v2"; await fetch(`${base}/today?x=${1}`)')).toEqual([
      { name: 'weather', url: 'https://api.weather.com' },
    ]);
    expect(await externals('await fetch(new URL("/x", process.env.GEO_URL))')).toEqual([
      { name: 'geo', urlVariable: 'GEO_URL' },
    ]);
  });
  it('are found through the function that is given the address', async () => {
    expect(
      await externals(
        'function api(url: string) { return () => fetch(new URL("/charges", url)) }; api(process.env.PAY_URL)',
      ),
    ).toEqual([{ name: 'pay', urlVariable: 'PAY_URL' }]);
  });
  it('are packages that speak to one API, and addresses beside a key', async () => {
    expect(await externals('import Stripe from "stripe"; new Stripe(process.env.STRIPE_SECRET_KEY)')).toEqual([
      { name: 'stripe', url: 'https://api.stripe.com', keyVariable: 'STRIPE_SECRET_KEY' },
    ]);
    expect(await externals('new Client({ url: process.env.MAPS_URL, key: process.env.MAPS_KEY })')).toEqual([
      { name: 'maps', urlVariable: 'MAPS_URL', keyVariable: 'MAPS_KEY' },
    ]);
  });
  it('are not the app’s own addresses, relative ones, or a fetch of its own', async () => {
    expect(
      await externals('process.env.FRONTEND_URL; process.env.BASE_URL; process.env.REDIRECT_URL; process.env.LOGO_URL'),
    ).toEqual([]);
    expect(
      await externals(
        'fetch("/local"); app.fetch("https://x.example.com"); function f(fetch) { fetch("https://y.example.com") }',
      ),
    ).toEqual([]);
  });
});

describe('signals', () => {
  const signals = async (text: string) => said((await factsOfSource(text)).signals);
  it('are those that are handled, one by one or in a loop', async () => {
    expect(await signals(`process.on('SIGTERM', stop); process.once("SIGINT", stop)`)).toEqual(['SIGINT', 'SIGTERM']);
    expect(
      await signals(`const all = ['SIGTERM', 'SIGINT'] as const; for (const s of all) process.on(s, stop)`),
    ).toEqual(['SIGINT', 'SIGTERM']);
    expect(await signals(`['SIGTERM'].forEach((s) => process.on(s, stop))`)).toEqual(['SIGTERM']);
  });
  it('are none of other events or other objects', async () => {
    expect(
      await signals(`process.on('exit', f); bus.on('SIGTERM', f); process.emit('SIGTERM'); process.kill(1, 'SIGTERM')`),
    ).toEqual([]);
  });
});

describe('files', () => {
  const files = async (text: string, more: Record<string, string> = {}) => {
    const facts = await factsOfSource(text, { 'public/a.css': '', 'data/seed.json': '[]', ...more });
    return { reads: facts.reads.map(said), writes: facts.writes.map(said), builder: said(facts.builder) };
  };
  it('that are read are there in the project', async () => {
    expect(
      await files(`Bun.file('data/seed.json'); import { readFileSync } from 'node:fs'; readFileSync('./gone.txt')`),
    ).toMatchObject({ reads: ['data/seed.json'], writes: [] });
    expect(
      await files(`import { serveStatic } from 'hono/bun'; app.use(serveStatic({ root: './public' }))`),
    ).toMatchObject({ reads: ['public'], builder: 'bun-bundle' });
    expect(
      await files(`import fs from 'fs/promises'; import { join } from 'path'; fs.readdir(join(process.cwd(), 'data'))`),
    ).toMatchObject({ reads: ['data'] });
  });
  it.each([
    [
      'said',
      "import express from 'express'; const app = express(); app.set('views', path.join(__dirname, '../pages'))",
    ],
    ['usual', "import express from 'express'; const app = express(); app.set('view engine', 'pug')"],
    ['Nest', "app.setBaseViewsDir(path.join(__dirname, '..', 'pages'))"],
    ['Koa', "import views from 'koa-views'; app.use(views(path.join(__dirname, '../pages'), { extension: 'pug' }))"],
    ['Koa with EJS', "import render from '@koa/ejs'; render(app, { root: path.join(__dirname, '../pages') })"],
  ])('are templates of pages: %s', async (name, text) => {
    const pages = name === 'usual' ? 'views' : 'pages';
    const found = await files(`import path from 'node:path'; ${text}`, { [`${pages}/index.pug`]: 'p' });
    expect(found).toMatchObject({ reads: [pages] });
  });

  it('that are written are folders', async () => {
    expect(
      await files(`const dir = process.env.UPLOADS ?? './uploads'; await Bun.write(\`\${dir}/\${name}.png\`, x)`),
    ).toMatchObject({ writes: ['uploads'] });
    expect(
      await files(`import { mkdir } from 'node:fs/promises'; await mkdir('/var/lib/app/cache', { recursive: true })`),
    ).toMatchObject({ writes: ['/var/lib/app/cache'] });
    expect(
      await files(`import { Database } from 'bun:sqlite'; new Database(process.env.DB ?? 'var/app.db')`),
    ).toMatchObject({ writes: ['var'] });
    expect(
      await files(
        `import winston from 'winston'; new winston.transports.File({ filename: './logs/a.log' }); new DailyRotateFile({ dirname: 'var/log', filename: 'b-%DATE%.log' })`,
      ),
    ).toMatchObject({ writes: ['logs', 'var/log'] });
    const beside = `import { appendFileSync } from 'node:fs'; import path from 'node:path'; appendFileSync(path.join(__dirname, 'import.log'), '')`;
    expect(await files(beside)).toMatchObject({ writes: [] });
    expect((await factsOfSource(beside)).notes.map((one) => one.code)).toContain('writes-beside-code');
    expect(
      await files(`import { open } from './db'; open(process.env.DB ?? 'data/app.db')`, {
        'src/db.ts': `import { Database } from 'bun:sqlite'; export function open(path: string) { return new Database(path) }`,
      }),
    ).toMatchObject({ writes: ['data'] });
    expect(
      await files(
        `import { Database } from 'bun:sqlite'; const file = TEST ? ':memory:' : process.env.FILE || 'data/a.db'; import { dirname } from 'node:path'; import { mkdirSync } from 'node:fs'; mkdirSync(dirname(file)); new Database(file)`,
      ),
    ).not.toMatchObject({ writes: expect.arrayContaining([expect.stringContaining('memory')]) });
    expect(await files(`import { Database } from 'bun:sqlite'; new Database(':memory:')`)).toMatchObject({
      writes: [],
    });
  });
  it.each([
    ['multer', `import multer from 'multer'; multer({ dest: 'uploads' })`],
    ['its storage', `import { diskStorage } from 'multer'; diskStorage({ destination: './uploads' })`],
    [
      'a storage that is asked',
      `import multer from 'multer'; multer.diskStorage({ destination: (req, file, done) => { done(null, 'uploads/') } })`,
    ],
    [
      'Nest',
      `import { MulterModule } from '@nestjs/platform-express'; MulterModule.register({ dest: process.env.DEST ?? './uploads' })`,
    ],
    ['one route of Nest', `class C { @UseInterceptors(FileInterceptor('file', { dest: 'uploads' })) send() {} }`],
  ])('that are uploaded are kept in a folder: %s', async (_name, text) => {
    expect(await files(text)).toMatchObject({ writes: ['uploads'] });
  });
  it.each([
    ['a joined path', "join('public/files', request.name)"],
    ['a path in a variable', "target('public/files', `${Date.now()}-${request.name}`)"],
    ['a text', '`public/files/${request.name}.json`'],
    ['words put together', "'public/files/' + request.name"],
  ])('whose names are not known are kept in their folder: %s', async (_name, path) => {
    const text = `import fs from 'node:fs';\nimport { join } from 'node:path';\nconst target = (folder, name) => join(folder, name);\nfs.writeFile(${path}, 'x', done);`;
    expect(await files(text)).toMatchObject({ writes: ['public/files'] });
  });
  it('whose names are known are kept in the folder around them', async () => {
    const text =
      "import fs from 'node:fs';\nimport { join } from 'node:path';\nfs.writeFile(join('public/files', 'list'), 'x', done);";
    expect(await files(text)).toMatchObject({ writes: ['public/files'] });
  });
  it('that are uploaded stay in memory where no folder is named', async () => {
    expect(await files(`import multer from 'multer'; multer({ storage: multer.memoryStorage() })`)).toMatchObject({
      writes: [],
    });
  });
  it('beside a module keep the app from becoming one file', async () => {
    expect(await files(`Bun.file(import.meta.dir + '/../data/seed.json')`)).toMatchObject({ builder: undefined });
    expect(await files(`Bun.file(new URL('../data/seed.json', import.meta.url))`)).toMatchObject({
      reads: ['data/seed.json'],
      builder: undefined,
    });
  });
  it('are none of other objects with such methods', async () => {
    expect(await files(`store.readFile('data/seed.json'); write('data'); response.write('data/seed.json')`)).toEqual({
      reads: [],
      writes: [],
      builder: 'bun-bundle',
    });
  });
});

describe('what is there already', () => {
  it('is listed: compose files under each of their names, Dockerfiles, workflows', async () => {
    const facts = await factsOfSource('', {
      'compose.yaml': '',
      'docker-compose.dev.yml': '',
      Dockerfile: '',
      'Dockerfile.prod': '',
      '.dockerignore': '',
      '.github/workflows/ci.yml': '',
      'docs/Dockerfile': '',
      'src/compose.ts': '',
    });
    expect(facts.existing).toEqual([
      '.dockerignore',
      '.github/workflows/ci.yml',
      'Dockerfile',
      'Dockerfile.prod',
      'compose.yaml',
      'docker-compose.dev.yml',
    ]);
  });
});

describe('tokens of registries', () => {
  it('are the variables that .npmrc and bunfig.toml name', async () => {
    const facts = await factsOfSource('', {
      '.npmrc':
        '@acme:registry=https://npm.acme.dev/\n# //old/:_authToken=${OLD}\n//npm.acme.dev/:_authToken=${NPM_TOKEN}\n',
      'bunfig.toml': '[install.scopes]\n"@other" = { token = "$OTHER_TOKEN", url = "https://npm.other.dev/" }\n',
    });
    expect(facts.tokens).toMatchObject([
      { variable: 'NPM_TOKEN', file: '.npmrc', from: [{ line: 3 }] },
      { variable: 'OTHER_TOKEN', file: 'bunfig.toml', scope: '@other' },
    ]);
    expect(facts.installs).toEqual(['.npmrc', 'bunfig.toml']);
  });
  it('in clear are a note that does not repeat them', async () => {
    const facts = await factsOfSource('', { '.npmrc': '//npm.acme.dev/:_authToken=npm_abcdef' });
    expect(facts.tokens).toEqual([]);
    expect(facts.notes).toMatchObject([{ code: 'token-in-clear' }]);
    expect(JSON.stringify(facts)).not.toContain('npm_abcdef');
  });
});

describe('the ground', () => {
  it('knows lockfiles, text and binary', async () => {
    expect((await factsOfSource('', { 'bun.lock': '' })).lockfile).toMatchObject({
      value: { path: 'bun.lock', format: 'text' },
    });
    const both = await factsOfSource('', { 'bun.lock': '', 'bun.lockb': '' });
    expect(both.notes).toMatchObject([{ code: 'two-lockfiles' }]);
    expect((await factsOfSource('', { 'bun.lockb': '' })).lockfile).toMatchObject({ value: { format: 'binary' } });
  });
  it('notes that there is none only where there is something to lock', async () => {
    const facts = await factsOf({ 'package.json': manifest({ dependencies: { a: '1' } }), 'src/index.ts': '' });
    expect(facts.notes).toMatchObject([{ code: 'no-lockfile' }]);
    expect((await factsOfSource('')).notes).toEqual([]);
  });
  it('asks for the runtime where nothing is a sign of one', async () => {
    const facts = await factsOf({ 'index.js': '' });
    expect(said(facts.runtime)).toBe('ask runtime');
    expect(facts.builder).toBeUndefined();
  });
  it('takes a package.json that says nothing more for one of Node.js', async () => {
    const facts = await factsOf({ 'package.json': '{ "name": "x" }', 'index.js': '' });
    expect(facts.runtime).toMatchObject({ by: 'default', value: { name: 'node', version: '26' } });
  });
  it('tells two runtimes apart by what the scripts run', async () => {
    const files = { 'bun.lock': '', 'index.js': '' };
    const facts = (start: string) =>
      factsOf({ 'package.json': JSON.stringify({ name: 'x', engines: { node: '24' }, scripts: { start } }), ...files });
    expect((await facts('node index.js')).runtime).toMatchObject({ value: { name: 'node', version: '24' } });
    expect((await facts('bun index.js')).runtime).toMatchObject({ value: { name: 'bun' } });
  });
  it('takes the runtime that configuration names', async () => {
    const facts = await factsOf({ 'package.json': '{}', 'index.ts': '' }, { runtime: 'bun@1.3.1' });
    expect(facts.runtime).toMatchObject({ by: 'config', value: { name: 'bun', version: '1.3.1' } });
  });
  it('lists the sources that are reached by their top folder, and compiler settings that matter', async () => {
    const facts = await factsOf({
      'package.json': manifest(),
      'src/index.ts': `import '../lib/a'; import data from '../data.json'`,
      'lib/a.ts': '',
      'data.json': '{}',
      'other/b.ts': '',
      'tsconfig.json': '{"compilerOptions":{"strict":true}}',
    });
    expect(facts.sources).toEqual(['data.json', 'lib', 'src']);
    const aliased = await factsOf({
      'package.json': manifest(),
      'src/index.ts': '',
      'tsconfig.json': '{"compilerOptions":{"paths":{"@/*":["./src/*"]}}}',
    });
    expect(aliased.sources).toEqual(['src', 'tsconfig.json']);
  });
  it('notes scripts that installing runs, where something is installed for production', async () => {
    const own = manifest({ scripts: { start: 'bun src/index.ts', prepare: 'husky' } });
    const codes = async (text: string) =>
      (await factsOf({ 'package.json': own, 'src/index.ts': text })).notes.map((one) => one.code);
    expect(await codes('')).toEqual([]);
    expect(await codes('new Worker("./w.ts")')).toEqual(['install-scripts', 'not-built']);
  });
  it('notes secrets that stand in the source', async () => {
    const facts = await factsOfSource('process.env.JWT_SECRET ?? "dev-secret"; process.env.API_KEY ?? ""');
    expect(facts.notes).toMatchObject([{ code: 'secret-in-source', from: [{ file: 'src/index.ts', line: 1 }] }]);
    expect(facts.notes.map((one) => one.message).join()).not.toContain('dev-secret');
  });
  it('notes imports of files that are not there', async () => {
    const facts = await factsOfSource(`import { PrismaClient } from './generated/client'`);
    expect(facts.notes).toMatchObject([{ code: 'missing-import', from: [{ file: 'src/index.ts', line: 1 }] }]);
    expect(facts.notes[0]?.message).toMatch(/generate it before the app is built/);
    // only its types are there, and nothing of it is left when it runs
    const declared = await factsOfSource("import { A } from './types';", { 'src/types.d.ts': 'export type A = 1;' });
    expect(declared.notes).toEqual([]);
  });

  it.each([
    ["const { token } = require('./config.json');", 'config.example.json', {}],
    ["import settings from '../settings.json';", 'settings.json.sample', {}],
    [
      "import config from 'root/config.json';",
      'example.config.json',
      { 'tsconfig.json': '{ "compilerOptions": { "paths": { "root/*": ["./*"] } } }' },
    ],
    ["import config from './config';", 'src/config.template.ts', {}],
  ])('are named where everybody has settings of their own: %s', async (text, example, more) => {
    const { notes } = await factsOfSource(text, { [example]: '{}', ...more });
    expect(notes.map(({ code }) => code)).toEqual(['missing-import']);
    expect(notes[0]?.message).toContain(`from ${example}`);
    expect(notes[0]?.message).toMatch(/does not start without it.*volumes/);
  });
  it('names the image so that images can have the name', async () => {
    const facts = await factsOf({ 'package.json': manifest({ name: '@acme/My_Shop.API' }), 'src/index.ts': '' });
    expect([facts.name.value, facts.title.value]).toEqual(['my-shop-api', 'My_Shop.API']);
  });
});

describe('repositories', () => {
  const roots = async (files: Record<string, string>) =>
    (await inspect(memoryProject(files))).apps.map((one) => one.root);
  it('with workspaces hold one app for each that starts', async () => {
    const files = {
      'package.json': JSON.stringify({ name: 'all', workspaces: ['apps/*', 'packages/*'] }),
      'bun.lock': '',
      'apps/api/package.json': manifest({ name: 'api' }),
      'apps/api/src/index.ts': `import { port } from '@all/config'; Bun.serve({ port, fetch })`,
      'packages/config/package.json': JSON.stringify({ name: '@all/config', exports: './src/index.ts' }),
      'packages/config/src/index.ts': 'export const port = Number(process.env.PORT ?? 7000)',
    };
    const { apps } = await inspect(memoryProject(files));
    expect(apps).toMatchObject([
      {
        root: 'apps/api',
        lockfile: { value: { path: '../../bun.lock' } },
        port: { value: { number: 7000, variable: 'PORT' } },
      },
    ]);
  });
  it('with a root that only holds others are those; else the root', async () => {
    expect(
      await roots({
        'package.json': '{"devDependencies":{"husky":"9"}}',
        'a/package.json': manifest(),
        'b/package.json': manifest(),
      }),
    ).toEqual(['a', 'b']);
    expect(await roots({ 'package.json': manifest(), 'src/index.ts': '', 'tools/package.json': manifest() })).toEqual([
      '.',
    ]);
  });
  it('are read from any input, and a broken manifest is the user’s to mend', async () => {
    expect(await roots({})).toEqual(['.']);
    await expect(inspect(memoryProject({ 'package.json': '{ "name": ' }))).rejects.toBeInstanceOf(UserError);
    const facts = await factsOfSource('const x = ;', {
      'tsconfig.json': '{{{',
      'bunfig.toml': '= =',
      '.tool-versions': '\0',
    });
    expect(facts.notes).toMatchObject([
      { code: 'settings-not-read', from: [{ file: 'tsconfig.json', line: 1 }] },
      { code: 'source-not-read', from: [{ file: 'src/index.ts', line: 1 }] },
    ]);
  });
  it('give the same facts whatever the order of their files', async () => {
    const files = {
      'package.json': manifest(),
      'src/index.ts': `import './a'; import './b'`,
      'src/a.ts': 'process.env.A',
      'src/b.ts': 'process.env.B',
      'bun.lock': '',
    };
    const turned = Object.fromEntries(Object.entries(files).reverse());
    expect(await inspect(memoryProject(turned))).toEqual(await inspect(memoryProject(files)));
  });
});

it.each([
  ['argon2', '^0.30.3', ['argon2']],
  ['argon2', '^0.44.0', []],
  ['bcrypt', '5.1.1', ['bcrypt']],
  ['bcrypt', '^6.0.0', []],
  ['bcrypt', 'latest', ['bcrypt']],
])('a package that brings its binaries needs no compiler: %s %s', async (name, range, compiled) => {
  const facts = await factsOf({ 'package.json': manifest({ dependencies: { [name]: range } }), 'src/index.ts': '' });
  expect(facts.compiled.map((one) => one.value)).toEqual(compiled);
  expect(facts.native.map((one) => one.value)).toEqual([name]);
});

describe('development dependencies that the app needs when it runs', () => {
  const needed = async (files: Record<string, string>, more: object = {}) => {
    const facts = await factsOf({
      'package.json': JSON.stringify({
        name: 'shop',
        scripts: { start: 'node src/index.js' },
        engines: { node: '26' },
        devDependencies: { helper: '1', 'source-map-support': '1', typescript: '5' },
        ...more,
      }),
      ...files,
    });
    const noted = facts.notes.filter((one) => one.code === 'needed-when-running').length;
    return { needed: (detailsOf(facts).needed ?? []).map((one) => one.value), noted };
  };
  it.each([
    ['a plain import', { 'src/index.js': "import { help } from 'helper'; help();" }],
    ['a require', { 'src/index.js': "const helper = require('helper');" }],
    ['an effect', { 'src/index.js': "import 'helper/register';" }],
  ])('are imported: %s', async (_, files) => {
    expect(await needed(files)).toEqual({ needed: ['helper'], noted: 1 });
  });
  it('may come by a plugin of Babel', async () => {
    const files = { 'src/index.js': '', '.babelrc': '{ "plugins": ["source-map-support"] }' };
    expect(await needed(files)).toEqual({ needed: ['source-map-support'], noted: 1 });
  });
  const built = { scripts: { start: 'node dist/index.js', build: 'tsc' } };
  const config = { 'tsconfig.json': '{ "compilerOptions": { "outDir": "dist", "rootDir": "src" } }' };
  it('count where types are compiled away', async () => {
    const call = "import { help } from 'helper'; help();";
    expect(await needed({ 'src/index.ts': call, ...config }, built)).toEqual({ needed: ['helper'], noted: 1 });
    const types = "import { Help } from 'helper'; export const one: Help = {};";
    expect(await needed({ 'src/index.ts': types, ...config }, built)).toEqual({ needed: [], noted: 0 });
  });
  it('are none where a package of production brings them', async () => {
    const locked = (more: object) => ({
      'src/index.js': "import 'helper';",
      'package-lock.json': JSON.stringify({ lockfileVersion: 3, packages: { '': {}, 'node_modules/helper': more } }),
    });
    expect((await needed(locked({ version: '1.0.0' }))).needed).toEqual([]);
    expect((await needed(locked({ version: '1.0.0', dev: true }))).needed).toEqual(['helper']);
  });
  it.each([
    ['only asked for while developing', { 'src/index.js': "if (dev) await import('helper');" }, {}],
    ['not imported', { 'src/index.js': '' }, {}],
    [
      'bundled by the project',
      { 'src/index.ts': "import { help } from 'helper'; help();" },
      { scripts: { start: 'node dist/index.js', build: 'tsup src/index.ts' } },
    ],
  ])('none: %s', async (_, files, more) => {
    expect(await needed(files, more)).toEqual({ needed: [], noted: 0 });
  });
});
