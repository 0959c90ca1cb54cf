/**
 * MariaDB, also for MySQL clients (https://hub.docker.com/_/mariadb). If your compose files or the configuration use MySQL
 * (https://hub.docker.com/_/mysql), its image is used with its own variable names. On the engine used for testing, MariaDB stands in for MySQL, so
 * behavior that only MySQL has was not tested.
 */
import type { BackingService, Part, ServiceDetection } from './contract.ts';
import { addressWith, given } from './support/account.ts';
import { check, identifier, portCheck } from './support/check.ts';

export const detection: ServiceDetection = {
  name: 'mariadb',
  title: 'MariaDB',
  host: 'db',
  clients: [
    'mysql2',
    'mysql',
    'mariadb',
    'github.com/go-sql-driver/mysql',
    'gorm.io/driver/mysql',
    '@prisma/client',
    '@prisma/adapter-mariadb',
    'drizzle-orm',
    'kysely',
    'knex',
    '@adonisjs/lucid',
    'typeorm',
    'sequelize',
    '@nestjs/typeorm',
    '@nestjs/sequelize',
    'sequelize-typescript',
    'pymysql',
    'mysqlclient',
    'aiomysql',
    'asyncmy',
    'mysql-connector-python',
  ],
  // https://docs.sqlalchemy.org/en/20/core/engines.html#database-urls
  drivers: {
    aiomysql: { scheme: 'mysql+aiomysql', isAsync: true },
    asyncmy: { scheme: 'mysql+asyncmy', isAsync: true },
    pymysql: { scheme: 'mysql+pymysql' },
  },
  schemes: ['mysql', 'mariadb'],
  variables: [
    { match: 'MYSQL_URL', part: 'url' },
    { match: 'DATABASE_URL', part: 'url' },
    { match: 'DB_URL', part: 'url' },
    { match: 'SQLALCHEMY_DATABASE_URI', part: 'url' },
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
  images: ['mariadb', 'mysql'],
  tags: { mysql: '8.4' },
  foreignImages: [
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
    user: { variables: ['MARIADB_USER', 'MYSQL_USER'], default: 'root' },
    database: { variables: ['MARIADB_DATABASE', 'MYSQL_DATABASE'] },
    password: {
      variables: ['MARIADB_PASSWORD', 'MYSQL_PASSWORD', 'MARIADB_ROOT_PASSWORD', 'MYSQL_ROOT_PASSWORD'],
    },
  },
  dialect: 'mysql',
  words: ['mariadb', 'mysql'],
  serves: [{ kind: 'persistence' }],
  required: true,
};

const usualUser = 'app';
const usualImage = 'mariadb:11';

/** The two servers are told the same things under their own names, and bring programs of their own. */
const wordsOf = (image: string) =>
  /(^|\/)mysql(:|$)/.test(image)
    ? {
        prefix: 'MYSQL',
        // as long as only the server for the init scripts runs, nothing listens there; a wrong password is an answer
        check: { ...check('mysqladmin', 'ping', '-h', '127.0.0.1'), startPeriod: 90 },
        dump: 'mysqldump',
      }
    : {
        prefix: 'MARIADB',
        // the image's own script; --connect fails as long as only the server for the init scripts runs
        check: check('healthcheck.sh', '--connect', '--innodb_initialized'),
        dump: 'mariadb-dump',
      };

const passwordOf = (image = usualImage): Part => ({
  variable: `${wordsOf(image).prefix}_PASSWORD`,
  required: true,
  secret: true,
  generate: 'password',
});

/** Who logs in: the image makes a user of its own beside root, and refuses to make root a second time. */
function usersOf(prefix: string, user: string, password: Part): Readonly<Record<string, readonly Part[]>> {
  if (user === 'root') return { [`${prefix}_ROOT_PASSWORD`]: [password] };
  return {
    [`${prefix}_USER`]: [user],
    [`${prefix}_PASSWORD`]: [password],
    [`${prefix}_RANDOM_ROOT_PASSWORD`]: ['1'],
  };
}

export const service: BackingService = {
  roles: [],
  // neither server reads what the other has written, nor what a newer one has (https://mariadb.com/docs/server/server-management/install-and-upgrade-mariadb)
  dataVersion: (image) => /((?:mysql|mariadb):\d+)/.exec(image)?.[1],
  container: ({ app, host, image = usualImage, login: { user = usualUser, database = identifier(app) } = {} }) => {
    const { prefix, check, dump } = wordsOf(image);
    const { [`${prefix}_USER`]: name, ...users } = usersOf(prefix, user, passwordOf(image));
    return {
      image: usualImage,
      port: 3306,
      env: { ...(name ? { [`${prefix}_USER`]: name } : {}), [`${prefix}_DATABASE`]: [database], ...users },
      check,
      volume: { path: '/var/lib/mysql', purpose: 'the data outlives its container' },
      developmentPort: 3317,
      why: 'a supported line of MariaDB, on a private network, with no published port',
      backup: `back it up with: docker compose exec ${host} ${dump} -u ${user} -p ${database}`,
    };
  },
  account: (container) => {
    const user = given(container, ['MYSQL_USER', 'MARIADB_USER']);
    const names =
      user === undefined ? ['MYSQL_ROOT_PASSWORD', 'MARIADB_ROOT_PASSWORD'] : ['MYSQL_PASSWORD', 'MARIADB_PASSWORD'];
    const password = given(container, names);
    const name = given(container, ['MYSQL_DATABASE', 'MARIADB_DATABASE']) ?? '';
    return { user: user ?? 'root', name, ...(password === undefined ? {} : { password }) };
  },
  connection: (
    part,
    { app, host, scheme, account, image, login: { user = usualUser, database = identifier(app) } = {} },
  ) => {
    // a mapper is told its driver in the scheme: mysql+pymysql
    const prefix = scheme !== undefined && /^(mysql|mariadb)\+\w+$/.test(scheme) ? scheme : 'mysql';
    const password = passwordOf(image);
    if (account) {
      const { user: own = [], password: secret = [], name = [] } = account;
      const url = addressWith(prefix, account, host, [':3306/', ...name]);
      return { url, host: [host], port: ['3306'], user: own, password: secret, name }[part];
    }
    const values = {
      url: [`${prefix}://${user}:`, password, `@${host}:3306/${database}`],
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
