/** MongoDB (https://hub.docker.com/_/mongo). */
import type { BackingService, CheckedConnection, Part, ServiceDetection } from './contract.ts';
import { addressWith, given } from './support/account.ts';
import { check, environmentValue, identifier } from './support/check.ts';

export const detection: ServiceDetection = {
  name: 'mongodb',
  title: 'MongoDB',
  host: 'db',
  // those beside which a project has the driver, or mongoose, of its own
  clients: [
    'mongoose',
    'mongodb',
    '@nestjs/mongoose',
    '@typegoose/typegoose',
    'connect-mongo',
    'papr',
    'go.mongodb.org/mongo-driver',
    '@prisma/client',
    'pymongo',
    'motor',
    'beanie',
    'mongoengine',
  ],
  schemes: ['mongodb', 'mongodb+srv'],
  variables: [
    { match: 'MONGODB_URI', part: 'url' },
    { match: 'MONGODB_URL', part: 'url' },
    { match: 'MONGO_URI', part: 'url' },
    { match: 'MONGO_URL', part: 'url' },
    { match: '*_MONGODB_URI', part: 'url' },
    { match: '*_MONGO_URI', part: 'url' },
    { match: 'MONGODB_CONNECTION_STRING', part: 'url' },
    { match: 'DATABASE_URL', part: 'url' },
    { match: 'DATABASE_URI', part: 'url' },
    { match: 'DB_URL', part: 'url' },
    { match: 'DB_URI', part: 'url' },
    { match: 'MONGO_HOST', part: 'host' },
    { match: 'MONGO_PORT', part: 'port' },
    { match: 'MONGO_USER', part: 'user' },
    { match: 'MONGO_USERNAME', part: 'user' },
    { match: 'MONGO_PASSWORD', part: 'password' },
    { match: 'MONGO_DB', part: 'name' },
    { match: 'MONGO_DATABASE', part: 'name' },
    { match: 'MONGO_DB_NAME', part: 'name' },
    { match: 'MONGODB_HOST', part: 'host' },
    { match: 'MONGODB_PORT', part: 'port' },
    { match: 'MONGODB_USER', part: 'user' },
    { match: 'MONGODB_USERNAME', part: 'user' },
    { match: 'MONGODB_PASSWORD', part: 'password' },
    { match: 'MONGODB_DATABASE', part: 'name' },
    { match: 'MONGODB_DB', part: 'name' },
    { match: 'MONGODB_DB_NAME', part: 'name' },
    { match: 'MONGO_NAME', part: 'name' },
    { match: 'MONGODB_NAME', part: 'name' },
    { match: '*_MONGO_NAME', part: 'name' },
    { match: '*_MONGODB_NAME', part: 'name' },
    { match: 'MONGO_INITDB_ROOT_USERNAME', part: 'user' },
    { match: 'MONGO_INITDB_ROOT_PASSWORD', part: 'password' },
    { match: 'MONGO_INITDB_DATABASE', part: 'name' },
    { match: 'DATABASE_PASSWORD', part: 'password' },
    { match: 'DB_HOST', part: 'host' },
    { match: 'DB_PORT', part: 'port' },
    { match: 'DB_USER', part: 'user' },
    { match: 'DB_PASSWORD', part: 'password' },
    { match: 'DB_NAME', part: 'name' },
  ],
  images: ['mongo'],
  foreignImages: [
    'bitnami/mongodb',
    'bitnamilegacy/mongodb',
    'mongodb/mongodb-community-server',
    'percona/percona-server-mongodb',
  ],
  login: {
    user: { variables: ['MONGO_INITDB_ROOT_USERNAME'] },
    database: { variables: ['MONGO_INITDB_DATABASE'], ofUser: true },
    password: { variables: ['MONGO_INITDB_ROOT_PASSWORD'] },
    optional: true,
  },
  dialect: 'mongodb',
  words: ['mongodb', 'mongo'],
  serves: [{ kind: 'persistence' }],
  required: true,
};

const usualImage = 'mongo:8';
const usualUser = 'app';

/**
 * What asks the server, by its name: the one that makes the first user listens on the loopback address alone, and is not the one to wait for. Before 5
 * its image has no `mongosh`, and the older `mongo` takes the same words (https://www.mongodb.com/docs/mongodb-shell).
 */
function ping(image: string, host: string): readonly string[] {
  const script = "quit(db.adminCommand('ping').ok ? 0 : 1)";
  const major = Number(/:(\d+)/.exec(image)?.[1] ?? 8);
  if (major >= 5) return ['mongosh', '--quiet', '--host', host, '--eval', script];
  const asks = (shell: string) => `${shell} --quiet --host ${host} --eval "${script}"`;
  return ['sh', '-c', `${asks('mongosh')} || ${asks('mongo')}`];
}

const password: Part = { variable: 'MONGO_PASSWORD', required: true, secret: true, generate: 'password' };

/** Where a project has the driver: mongoose brings its own. */
const ofMongoose = { imports: "import mongoose from 'mongoose';", client: 'mongoose.mongo.MongoClient' };
const ofDriver = { imports: "import { MongoClient } from 'mongodb';", client: 'MongoClient' };

type Connection = CheckedConnection;

/** The address as an expression of the app's source; undefined: no variable says where the service is. */
function addressOf({ url, parts }: Connection): string | undefined {
  if (url) return `${environmentValue(url)} || ''`;
  if (!parts?.host) return undefined;
  const encoded = (name: string) => `\${encodeURIComponent(${environmentValue(name)} || '')}`;
  const login = parts.user && parts.password ? `${encoded(parts.user)}:${encoded(parts.password)}@` : '';
  const port = parts.port ? `\${${environmentValue(parts.port)} || 27017}` : '27017';
  return `\`mongodb://${login}\${${environmentValue(parts.host)}}:${port}/${login && '?authSource=admin'}\``;
}

export const service: BackingService = {
  roles: [],
  // from one major to the next alone, and only after a command of its own (https://www.mongodb.com/docs/manual/release-notes/8.0-upgrade-standalone)
  dataVersion: (image) => /:(\d+)/.exec(image)?.[1],
  container: ({
    app,
    host,
    image = usualImage,
    login: { user = usualUser, database = identifier(app), open } = {},
  }) => ({
    image,
    port: 27017,
    // a user is made where there are no data yet: over data without one, a server that asks for it lets nobody in
    env: open ? {} : { MONGO_INITDB_ROOT_USERNAME: [user], MONGO_INITDB_ROOT_PASSWORD: [password] },
    check: { ...check(...ping(image, host)), timeout: 10, startInterval: 2 },
    volume: { path: '/data/db', purpose: 'the data outlives its container' },
    developmentPort: 27027,
    why: 'a supported line of MongoDB, on a private network, with no published port',
    backup: `back it up with: docker compose exec ${host} mongodump ${open ? '' : `--username ${user} --authenticationDatabase admin `}--db ${database} --archive`,
  }),
  // the first user is one of the database `admin`: an address has to say so
  account: (container) => {
    const user = given(container, ['MONGO_INITDB_ROOT_USERNAME', 'MONGODB_ROOT_USER']);
    const password = given(container, ['MONGO_INITDB_ROOT_PASSWORD', 'MONGODB_ROOT_PASSWORD']);
    const name = given(container, ['MONGO_INITDB_DATABASE', 'MONGODB_DATABASE']);
    return {
      ...(user === undefined ? {} : { user }),
      ...(password === undefined ? {} : { password }),
      ...(name === undefined ? {} : { name }),
    };
  },
  connection: (part, { app, host, account, login: { user = usualUser, database = identifier(app), open } = {} }) => {
    if (account) {
      const { user: own = [], password: secret = [], name = [identifier(app)] } = account;
      const url = addressWith('mongodb', account, host, [
        ':27017/',
        ...name,
        ...(account.user ? ['?authSource=admin'] : []),
      ]);
      return { url, host: [host], port: ['27017'], user: own, password: secret, name }[part];
    }
    if (open) {
      const url = [`mongodb://${host}:27017/${database}`];
      return { url, host: [host], port: ['27017'], user: [''], password: [''], name: [database] }[part];
    }
    const values = {
      url: [`mongodb://${user}:`, password, `@${host}:27017/${database}?authSource=admin`],
      host: [host],
      port: ['27017'],
      user: [user],
      password: [password],
      name: [database],
    };
    return values[part];
  },
  // an address can name several servers or none (`mongodb+srv:`): the driver alone knows where to ask
  checks: {
    javascript: (client, connection) => {
      const address = addressOf(connection);
      if (!address) return undefined;
      const driver = ['mongodb', 'connect-mongo', 'papr', '@prisma/client'].includes(client) ? ofDriver : ofMongoose;
      return {
        imports: [driver.imports],
        setup: '',
        body: `// a separate connection, closed after the check: an open one would keep the process alive
const client = new ${driver.client}(${address}, { maxPoolSize: 1, serverSelectionTimeoutMS: 2000, socketTimeoutMS: 2000 });
try {
  await client.connect();
  await client.db().command({ ping: 1 });
} finally {
  await client.close();
}`,
      };
    },
  },
};
