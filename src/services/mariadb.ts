/** MariaDB, also for what speaks MySQL (https://hub.docker.com/_/mariadb). */
import type { BackingService, Part, ServiceDetection } from './contract.ts';
import { check, identifier, portCheck } from './support/check.ts';

export const detection: ServiceDetection = {
  name: 'mariadb',
  title: 'MariaDB',
  host: 'db',
  clients: ['mysql2', 'mysql', 'mariadb', '@prisma/client', 'drizzle-orm', 'kysely', 'knex', 'typeorm', 'sequelize'],
  schemes: ['mysql', 'mariadb'],
  variables: [
    { match: 'MYSQL_URL', part: 'url' },
    { match: 'DATABASE_URL', part: 'url' },
    { match: 'DB_URL', part: 'url' },
    { match: 'MYSQL_HOST', part: 'host' },
    { match: 'MYSQL_PORT', part: 'port' },
    { match: 'MYSQL_USER', part: 'user' },
    { match: 'MYSQL_PASSWORD', part: 'password' },
    { match: 'MYSQL_DATABASE', part: 'name' },
    { match: 'MYSQL_USERNAME', part: 'user' },
    { match: 'MYSQL_PASS', part: 'password' },
    { match: 'MYSQL_PWD', part: 'password' },
    { match: 'MYSQL_DB', part: 'name' },
    { match: 'MYSQL_DB_NAME', part: 'name' },
    { match: 'MARIADB_HOST', part: 'host' },
    { match: 'MARIADB_PORT', part: 'port' },
    { match: 'MARIADB_USER', part: 'user' },
    { match: 'MARIADB_PASSWORD', part: 'password' },
    { match: 'MARIADB_DATABASE', part: 'name' },
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
  images: ['mariadb'],
  foreignImages: [
    'mysql',
    'mysql/mysql-server',
    'bitnami/mariadb',
    'bitnami/mysql',
    'bitnamilegacy/mariadb',
    'bitnamilegacy/mysql',
    'linuxserver/mariadb',
    'percona',
    'percona/percona-server',
  ],
  login: {
    user: { variables: ['MARIADB_USER', 'MYSQL_USER'] },
    database: { variables: ['MARIADB_DATABASE', 'MYSQL_DATABASE'] },
    password: { variables: ['MARIADB_PASSWORD', 'MYSQL_PASSWORD'] },
  },
  words: ['mariadb', 'mysql'],
  serves: [{ kind: 'persistence' }],
  required: true,
};

const usualUser = 'app';
const password: Part = { variable: 'MARIADB_PASSWORD', required: true, secret: true, generate: 'password' };

export const service: BackingService = {
  roles: [],
  container: ({ app, login: { user = usualUser, database = identifier(app) } = {} }) => ({
    image: 'mariadb:11',
    port: 3306,
    env: {
      MARIADB_USER: [user],
      MARIADB_DATABASE: [database],
      MARIADB_PASSWORD: [password],
      MARIADB_RANDOM_ROOT_PASSWORD: ['1'],
    },
    // the image's own script; --connect fails as long as only the server for the init scripts runs
    check: check('healthcheck.sh', '--connect', '--innodb_initialized'),
    volume: { path: '/var/lib/mysql', purpose: 'the data outlives its container' },
    developmentPort: 3317,
    why: 'a supported line of MariaDB, on a private network: no port of this machine reaches it',
    backup: `back it up with: docker compose exec db mariadb-dump -u ${user} -p ${database}`,
  }),
  connection: (part, { app, host, login: { user = usualUser, database = identifier(app) } = {} }) => {
    const values = {
      url: [`mysql://${user}:`, password, `@${host}:3306/${database}`],
      host: [host],
      port: ['3306'],
      user: [user],
      password: [password],
      name: [database],
    };
    return values[part];
  },
  checks: { javascript: (_client, connection) => portCheck(connection, 3306) },
};
