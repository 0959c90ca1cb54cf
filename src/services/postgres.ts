/** PostgreSQL (https://hub.docker.com/_/postgres). */
import type { BackingService, CheckedConnection, Part, ServiceDetection } from './contract.ts';
import { addressWith, given } from './support/account.ts';
import { check, environmentValue, identifier, portCheck } from './support/check.ts';

export const detection: ServiceDetection = {
  name: 'postgres',
  title: 'PostgreSQL',
  host: 'db',
  clients: [
    'pg',
    'postgres',
    'Bun.sql',
    'Bun.SQL',
    'slonik',
    'pg-promise',
    '@prisma/client',
    '@prisma/adapter-pg',
    'drizzle-orm',
    'kysely',
    'knex',
    '@adonisjs/lucid',
    'typeorm',
    'sequelize',
    '@nestjs/typeorm',
    '@nestjs/sequelize',
    'sequelize-typescript',
    'psycopg',
    'psycopg2',
    'psycopg2-binary',
    'asyncpg',
    'pg8000',
    'github.com/jackc/pgx',
    'github.com/lib/pq',
    'gorm.io/driver/postgres',
    'github.com/go-pg/pg',
    'github.com/uptrace/bun/driver/pgdriver',
  ],
  // https://docs.sqlalchemy.org/en/20/core/engines.html#database-urls
  drivers: {
    asyncpg: { scheme: 'postgresql+asyncpg', isAsync: true },
    psycopg: { scheme: 'postgresql+psycopg' },
    psycopg2: { scheme: 'postgresql+psycopg2' },
    'psycopg2-binary': { scheme: 'postgresql+psycopg2' },
    pg8000: { scheme: 'postgresql+pg8000' },
  },
  schemes: ['postgres', 'postgresql'],
  // both refuse a server without TLS unless they are told (pkg.go.dev/github.com/lib/pq, "Connection String Parameters")
  clientQueries: {
    'github.com/lib/pq': '?sslmode=disable',
    'github.com/uptrace/bun/driver/pgdriver': '?sslmode=disable',
  },
  variables: [
    { match: 'DATABASE_URL', part: 'url' },
    { match: 'DB_URL', part: 'url' },
    { match: 'POSTGRES_URL', part: 'url' },
    { match: '*_DATABASE_URL', part: 'url' },
    { match: 'DATABASE_URI', part: 'url' },
    { match: 'DB_URI', part: 'url' },
    { match: 'POSTGRES_URI', part: 'url' },
    { match: 'POSTGRES_DSN', part: 'url' },
    { match: 'SQLALCHEMY_DATABASE_URI', part: 'url' },
    { match: 'SQLALCHEMY_DATABASE_URL', part: 'url' },
    { match: 'PG_HOST', part: 'host' },
    { match: 'PG_PORT', part: 'port' },
    { match: 'PG_USER', part: 'user' },
    { match: 'PG_PASSWORD', part: 'password' },
    { match: 'PG_DATABASE', part: 'name' },
    { match: 'POSTGRES_SERVER', part: 'host' },
    { match: 'POSTGRES_PASS', part: 'password' },
    { match: 'POSTGRES_NAME', part: 'name' },
    { match: 'SQL_HOST', part: 'host' },
    { match: 'SQL_PORT', part: 'port' },
    { match: 'SQL_USER', part: 'user' },
    { match: 'SQL_PASSWORD', part: 'password' },
    { match: 'SQL_DATABASE', part: 'name' },
    { match: 'PGHOST', part: 'host' },
    { match: 'PGPORT', part: 'port' },
    { match: 'PGUSER', part: 'user' },
    { match: 'PGPASSWORD', part: 'password' },
    { match: 'PGDATABASE', part: 'name' },
    { match: 'POSTGRES_HOST', part: 'host' },
    { match: 'POSTGRES_PORT', part: 'port' },
    { match: 'POSTGRES_USER', part: 'user' },
    { match: 'POSTGRES_PASSWORD', part: 'password' },
    { match: 'POSTGRES_DB', part: 'name' },
    { match: 'POSTGRES_USERNAME', part: 'user' },
    { match: 'POSTGRES_DATABASE', part: 'name' },
    { match: 'DATABASE_HOST', part: 'host' },
    { match: 'DATABASE_PORT', part: 'port' },
    { match: 'DATABASE_USER', part: 'user' },
    { match: 'DATABASE_USERNAME', part: 'user' },
    { match: 'DATABASE_PASSWORD', part: 'password' },
    { match: 'DATABASE_NAME', part: 'name' },
    { match: 'DB_USERNAME', part: 'user' },
    { match: 'DB_PASS', part: 'password' },
    { match: 'DB_DATABASE', part: 'name' },
    { match: 'DB_HOST', part: 'host' },
    { match: 'DB_PORT', part: 'port' },
    { match: 'DB_USER', part: 'user' },
    { match: 'DB_PASSWORD', part: 'password' },
    { match: 'DB_NAME', part: 'name' },
  ],
  images: [
    'postgres',
    'postgis/postgis',
    'pgvector/pgvector',
    'ankane/pgvector',
    'timescale/timescaledb',
    'timescale/timescaledb-ha',
    'supabase/postgres',
    'citusdata/citus',
    'kartoza/postgis',
    'imresamu/postgis',
    'cimg/postgres',
  ],
  tags: { postgres: '17' },
  foreignImages: ['bitnami/postgresql', 'bitnamilegacy/postgresql'],
  login: {
    user: { variables: ['POSTGRES_USER'], default: 'postgres' },
    database: { variables: ['POSTGRES_DB'], ofUser: true },
    password: { variables: ['POSTGRES_PASSWORD'] },
  },
  dialect: 'postgres',
  words: ['postgresql', 'postgres', 'pgvector'],
  serves: [{ kind: 'persistence', first: true }],
  required: true,
};

const usualUser = 'app';
const password: Part = { variable: 'POSTGRES_PASSWORD', required: true, secret: true, generate: 'password' };

/** The options of a pool for a client that takes either an address or its parts. */
function options({ url, parts }: CheckedConnection, names: { address: string; database: string }): string {
  if (url) return `${names.address}: ${environmentValue(url)}`;
  const rows = [
    parts?.host && `host: ${environmentValue(parts.host)} || ''`,
    parts?.port && `port: Number(${environmentValue(parts.port)} || 5432)`,
    parts?.user && `user: ${environmentValue(parts.user)} || ''`,
    parts?.password && `password: ${environmentValue(parts.password)} || ''`,
    parts?.name && `${names.database}: ${environmentValue(parts.name)} || ''`,
  ];
  return rows.filter(Boolean).join(', ');
}

/** Asks by the one connection of a client; where it hangs, client and connection are given up, and the next check makes others. */
const givenUp = (end: string): string => `const asked = database;
signal.addEventListener(
  'abort',
  () => {
    database = open();
    asked.${end}({ timeout: 0 }).catch(() => undefined);
  },
  { once: true },
);
await asked\`SELECT 1\`;`;

const usualImage = 'postgres:17-alpine';

/**
 * Where the volume lies. Since 18 the image keeps its data in a folder of its major version, below the old place's parent, and refuses to start with
 * a volume at the old one (docker-library/postgres, "PGDATA" of its README). A tag without a number is the newest line.
 */
const dataFolder = (image: string): string =>
  Number(majorOf(image) ?? 18) >= 18 ? '/var/lib/postgresql' : '/var/lib/postgresql/data';

/** pgvector and timescaledb name the major behind their own version: 0.8.1-pg17. */
const majorOf = (image: string): string | undefined =>
  (/[:-]pg(\d{1,2})\b/.exec(image) ?? /:(\d{1,2})\b/.exec(image))?.[1];

export const service: BackingService = {
  roles: [],
  // https://www.postgresql.org/docs/current/upgrading.html
  dataVersion: majorOf,
  account: (container) => {
    const user = given(container, ['POSTGRES_USER', 'POSTGRESQL_USERNAME'], 'postgres') ?? '';
    const password = given(container, ['POSTGRES_PASSWORD', 'POSTGRESQL_PASSWORD', 'PGPASSWORD']);
    const name = given(container, ['POSTGRES_DB', 'POSTGRESQL_DATABASE'], user) ?? '';
    return { user, name, ...(password === undefined ? {} : { password }) };
  },
  container: ({ app, host, image = usualImage, login: { user = usualUser, database = identifier(app) } = {} }) => ({
    image,
    port: 5432,
    env: {
      POSTGRES_USER: [user],
      POSTGRES_DB: [database],
      POSTGRES_PASSWORD: [password],
    },
    // over TCP: the server that runs the init scripts listens on its socket alone, and is not the one to wait for
    check: check('pg_isready', '-h', '127.0.0.1', '-U', user, '-d', database),
    volume: { path: dataFolder(image), purpose: 'the data outlives its container' },
    developmentPort: 5437,
    why: 'a supported line of PostgreSQL, on a private network, with no published port',
    backup: `back it up with: docker compose exec ${host} pg_dump -U ${user} ${database}`,
  }),
  // both schemes mean the same to every client; schemas that check one usually want the longer
  connection: (part, { app, host, scheme, account, login: { user = usualUser, database = identifier(app) } = {} }) => {
    // a mapper is told its driver in the scheme: postgresql+asyncpg
    const hasDriver = /^postgres(ql)?\+\w+$/.test(scheme ?? '');
    const prefix = hasDriver ? scheme : scheme === 'postgres' ? 'postgres' : 'postgresql';
    if (account) {
      const { user: own = [], password: secret = [], name = [] } = account;
      const url = addressWith(prefix ?? 'postgresql', account, host, [':5432/', ...name]);
      return { url, host: [host], port: ['5432'], user: own, password: secret, name }[part];
    }
    const values = {
      url: [`${prefix}://${user}:`, password, `@${host}:5432/${database}`],
      host: [host],
      port: ['5432'],
      user: [user],
      password: [password],
      name: [database],
    };
    return values[part];
  },
  checks: {
    javascript: (client, connection) => {
      const few = 'max: 1';
      switch (client) {
        case 'pg':
          return {
            imports: ["import pg from 'pg';"],
            setup: `// a separate connection: a busy pool must not make the check fail, and one that hangs is dropped
const database = new pg.Pool({ ${options(connection, { address: 'connectionString', database: 'database' })}, ${few}, connectionTimeoutMillis: 2000, query_timeout: 2000, allowExitOnIdle: true });
// a lost idle connection is reported here and must not crash the process
database.on('error', () => undefined);`,
            body: "await database.query('SELECT 1');",
          };
        case 'postgres':
          return {
            imports: ["import postgres from 'postgres';"],
            setup: `// a separate connection: a busy pool must not make the check fail
const open = () => postgres(${connection.url ? `${environmentValue(connection.url)} || '', { ` : `{ ${options(connection, { address: '', database: 'database' })}, `}${few}, connect_timeout: 2, idle_timeout: 30, onnotice: () => undefined });
let database = open();`,
            body: givenUp('end'),
          };
        case 'Bun.sql':
        case 'Bun.SQL':
          if (!connection.url) return portCheck(connection, 5432);
          return {
            imports: ["import { SQL } from 'bun';"],
            setup: `// a separate connection: a busy pool must not make the check fail
const open = () => new SQL(${environmentValue(connection.url)} || '', { ${few}, connectionTimeout: 2, idleTimeout: 30 });
let database = open();`,
            body: givenUp('close'),
          };
        default:
          return portCheck(connection, 5432);
      }
    },
  },
};
