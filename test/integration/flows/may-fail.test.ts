import { describe, expect, it } from 'vitest';
import { mayFailUnconfigured } from '../../../src/flows/may-fail.ts';
import { factsOf } from '../../support/facts.ts';

const unsure = async (source: string, more: Readonly<Record<string, string>> = {}, rest: object = {}) =>
  mayFailUnconfigured(
    await factsOf({
      'package.json': JSON.stringify({
        name: 'shop',
        scripts: { start: 'node src/index.js' },
        engines: { node: '>=22' },
        ...rest,
      }),
      'src/index.js': `import http from 'node:http';\n${source}\nhttp.createServer(answer).listen(3000);`,
      ...more,
    }),
  );

const database = `import pg from 'pg'; const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });`;
const withPg = { dependencies: { pg: '^8.0.0' } };

describe('an application may fail for what a run of its own has not', () => {
  it.each([
    ['tables that nothing makes', database, withPg],
    ['a key of another party', 'if (!process.env.OPENAI_API_KEY) throw new Error("no key");', {}],
    ['an account for mail', 'send({ password: process.env.SMTP_PASSWORD });', {}],
  ])('%s', async (_, source, rest) => {
    expect(await unsure(source, {}, rest)).toBe(true);
  });

  it.each([
    ['nothing', '', {}],
    ['a secret of its own', 'sign(process.env.JWT_SECRET);', {}],
    [
      'a cache',
      `import { createClient } from 'redis'; createClient({ url: process.env.REDIS_URL });`,
      { dependencies: { redis: '^5.0.0' } },
    ],
  ])('is not said of %s', async (_, source, rest) => {
    expect(await unsure(source, {}, rest)).toBe(false);
  });

  it('is not said where a migration makes the tables', async () => {
    const rest = {
      scripts: { start: 'node src/index.js', migrate: 'prisma migrate deploy' },
      dependencies: { '@prisma/client': '^6.0.0', prisma: '^6.0.0' },
    };
    const files = {
      'prisma/schema.prisma':
        'datasource db { provider = "postgresql" url = env("DATABASE_URL") }\ngenerator client { provider = "prisma-client-js" }',
      'prisma/migrations/1/migration.sql': 'CREATE TABLE orders (id int);',
      'prisma/migrations/migration_lock.toml': 'provider = "postgresql"',
    };
    const source = `import { PrismaClient } from '@prisma/client'; const db = new PrismaClient();`;
    expect(await unsure(source, files, rest)).toBe(false);
  });
});
