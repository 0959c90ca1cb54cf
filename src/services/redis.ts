/** Redis (https://hub.docker.com/_/redis): as a cache it may lose data, as a queue or a store it must not. */
import type { BackingService, CheckedConnection, Part, ServiceDetection, ServiceLogin } from './contract.ts';
import { addressWith, given } from './support/account.ts';
import { check, environmentValue, portCheck } from './support/check.ts';

export const detection: ServiceDetection = {
  name: 'redis',
  title: 'Redis',
  host: 'redis',
  clients: [
    'ioredis',
    'redis',
    'Bun.redis',
    'Bun.RedisClient',
    'bullmq',
    'bull',
    'bee-queue',
    'connect-redis',
    '@adonisjs/redis',
    'rq',
    'arq',
    'django-redis',
    'channels-redis',
    'celery[redis]',
    'github.com/redis/go-redis',
    'github.com/go-redis/redis',
    'github.com/gomodule/redigo',
    'github.com/redis/rueidis',
    'github.com/hibiken/asynq',
  ],
  clientRoles: {
    bullmq: 'queue',
    bull: 'queue',
    'bee-queue': 'queue',
    rq: 'queue',
    arq: 'queue',
    'celery[redis]': 'queue',
    'github.com/hibiken/asynq': 'queue',
  },
  schemes: ['redis', 'rediss', 'valkey'],
  variables: [
    { match: 'REDIS_URL', part: 'url' },
    { match: 'VALKEY_URL', part: 'url' },
    { match: 'CACHE_URL', part: 'url' },
    { match: 'CELERY_BROKER_URL', part: 'url' },
    { match: 'CELERY_RESULT_BACKEND', part: 'url' },
    { match: '*_REDIS_URL', part: 'url' },
    { match: 'REDIS_HOST', part: 'host' },
    { match: 'REDIS_PORT', part: 'port' },
    { match: 'REDIS_ADDR', part: 'address' },
    { match: 'REDIS_ADDRESS', part: 'address' },
  ],
  images: ['redis', 'valkey/valkey'],
  foreignImages: [
    'bitnami/redis',
    'bitnami/valkey',
    'bitnamilegacy/redis',
    'redis/redis-stack',
    'redis/redis-stack-server',
    'eqalpha/keydb',
    'dragonflydb/dragonfly',
  ],
  passwordOption: '--requirepass',
  words: ['redis', 'valkey'],
  serves: [
    { kind: 'cache', first: true, role: 'cache' },
    { kind: 'queue', first: true, role: 'queue' },
  ],
  required: true,
  requiredByRole: { cache: false, queue: true, store: true },
};

const durable = ['redis-server', '--appendonly', 'yes', '--maxmemory-policy', 'noeviction'];
const forgetful = [
  'redis-server',
  '--save',
  '',
  '--appendonly',
  'no',
  '--maxmemory',
  '128mb',
  '--maxmemory-policy',
  'allkeys-lru',
];

const reasons: Readonly<Record<string, string>> = {
  cache: 'a cache: bounded memory with LRU eviction, nothing written to disk; on a private network',
  queue: 'a queue: nothing is evicted, every write is logged, and the log is in a volume; on a private network',
  store: 'its data may not be disposable, so nothing is evicted and every write is logged; on a private network',
};

type Connection = CheckedConnection;

const password: Part = { variable: 'REDIS_PASSWORD', required: true, secret: true, generate: 'password' };

/** Whether the author's server asks for a password: without one it would answer nobody who brings it. */
const asks = (login: ServiceLogin | undefined): boolean =>
  login?.password !== undefined || login?.passwordVariable !== undefined;

/** The entrypoint of the image gives up root, so that the shell starts it; the words of the command are its arguments. */
const withPassword = (command: readonly string[]): readonly string[] => [
  'sh',
  '-c',
  'exec docker-entrypoint.sh "$0" "$@" --requirepass "$REDISCLI_AUTH"',
  ...command,
];

const port = (variable: string | undefined) => (variable ? `Number(${environmentValue(variable)} || 6379)` : '6379');

/** Where the server is, as options of a client. A variable that is not set must fail the check, not the start of the app. */
const hostAndPort = (parts: Connection['parts']) =>
  `host: ${environmentValue(parts?.host ?? '')} || '', port: ${port(parts?.port)}`;

export const service: BackingService = {
  roles: ['store', 'cache', 'queue'],
  container: ({ role = 'store', login }) => ({
    image: 'redis:8-alpine',
    port: 6379,
    command: role === 'cache' ? forgetful : durable,
    // redis-cli of the check reads it, too (redis.io, "Redis CLI")
    env: asks(login) ? { REDISCLI_AUTH: [password] } : {},
    ...(asks(login) ? { withPassword } : {}),
    check: check('redis-cli', 'ping'),
    ...(role === 'cache' ? {} : { volume: { path: '/data', purpose: 'the data outlives its container' } }),
    developmentPort: 6387,
    why: reasons[role] ?? reasons['store'] ?? '',
  }),
  account: (container) => {
    const at = container.command.indexOf('--requirepass');
    const inLine = /--requirepass\s+(\S+)/.exec(container.command.join(' '))?.[1];
    const password = (at === -1 ? inLine : container.command[at + 1]) ?? given(container, ['REDIS_PASSWORD']);
    return password === undefined || container.hasSettings ? {} : { password };
  },
  connection: (part, { host, account, login }) => {
    if (account?.password) {
      const url = addressWith('redis', account, host, [':6379']);
      return { url, host: [host], port: ['6379'], user: [''], password: account.password, name: ['0'] }[part];
    }
    const values = {
      url: asks(login) ? ['redis://:', password, `@${host}:6379`] : [`redis://${host}:6379`],
      host: [host],
      port: ['6379'],
      user: [''],
      password: asks(login) ? [password] : [''],
      name: ['0'],
    };
    return values[part];
  },
  checks: {
    javascript: (client, connection) => {
      const { url, parts } = connection;
      if (!url && !parts?.host) return undefined;
      switch (client) {
        case 'ioredis':
          return {
            imports: ["import { Redis } from 'ioredis';"],
            setup: `const redis = new Redis(${url ? `${environmentValue(url)} || '', { ` : `{ ${hostAndPort(parts)}, `}lazyConnect: true, connectTimeout: 2000, commandTimeout: 2000, maxRetriesPerRequest: 1 });
// a lost connection is reported here and must not crash the process
redis.on('error', () => undefined);`,
            body: `// a hanging connection is dropped: the next check opens a new one
signal.addEventListener('abort', () => redis.disconnect(true), { once: true });
await redis.ping();`,
          };
        case 'redis':
          return {
            imports: ["import { createClient } from 'redis';"],
            setup: `const redis = createClient({ ${url ? `url: ${environmentValue(url)} || '', socket: { ` : `socket: { ${hostAndPort(parts)}, `}connectTimeout: 2000, reconnectStrategy: false } });
// a lost connection is reported here and must not crash the process
redis.on('error', () => undefined);
let connecting: Promise<unknown> | undefined;`,
            body: `signal.addEventListener(
  'abort',
  () => {
    // a hanging connection is dropped: the next check opens a new one
    if (redis.isOpen) redis.disconnect().catch(() => undefined);
  },
  { once: true },
);
if (!redis.isReady) {
  connecting ??= redis.connect().finally(() => {
    connecting = undefined;
  });
  await connecting;
}
await redis.ping();`,
          };
        case 'Bun.redis':
        case 'Bun.RedisClient':
          return {
            imports: ["import { RedisClient } from 'bun';"],
            // made in the check: it throws where the address is not one
            setup: 'let redis: RedisClient | undefined;',
            body: `redis ??= new RedisClient(${url ? `${environmentValue(url)} || ''` : `\`redis://\${${environmentValue(parts?.host ?? '')}}:\${${port(parts?.port)}}\``}, { connectionTimeout: 2000, maxRetries: 1, enableOfflineQueue: false });
const asked = redis;
signal.addEventListener(
  'abort',
  () => {
    // a hanging connection is dropped: the next check opens a new one
    redis = undefined;
    asked.close();
  },
  { once: true },
);
if (!asked.connected) await asked.connect();
await asked.send('PING', []);`,
          };
        default:
          return portCheck(connection, 6379);
      }
    },
  },
};
