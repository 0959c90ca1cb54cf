/** RabbitMQ (https://hub.docker.com/_/rabbitmq). */
import type { BackingService, Part, ServiceDetection } from './contract.ts';
import { addressWith, given } from './support/account.ts';
import { check, portCheck } from './support/check.ts';

export const detection: ServiceDetection = {
  name: 'rabbitmq',
  title: 'RabbitMQ',
  host: 'queue',
  clients: [
    'amqplib',
    'amqp-connection-manager',
    'rabbitmq-client',
    'rascal',
    'pika',
    'aio-pika',
    'aio_pika',
    'github.com/rabbitmq/amqp091-go',
    'github.com/streadway/amqp',
  ],
  schemes: ['amqp', 'amqps'],
  variables: [
    { match: 'RABBITMQ_URL', part: 'url' },
    { match: 'AMQP_URL', part: 'url' },
    { match: 'CELERY_BROKER_URL', part: 'url' },
    { match: 'RABBITMQ_HOST', part: 'host' },
    { match: 'RABBITMQ_PORT', part: 'port' },
    { match: 'RABBITMQ_USER', part: 'user' },
    { match: 'RABBITMQ_PASSWORD', part: 'password' },
  ],
  images: ['rabbitmq'],
  foreignImages: ['bitnami/rabbitmq', 'bitnamilegacy/rabbitmq'],
  login: {
    user: { variables: ['RABBITMQ_DEFAULT_USER'], default: 'guest' },
    password: { variables: ['RABBITMQ_DEFAULT_PASS'] },
  },
  words: ['rabbitmq', 'amqp'],
  serves: [{ kind: 'queue' }],
  required: true,
};

const usualUser = 'app';
const password: Part = { variable: 'RABBITMQ_PASSWORD', required: true, secret: true, generate: 'password' };

export const service: BackingService = {
  roles: [],
  container: ({ login: { user = usualUser } = {} }) => ({
    image: 'rabbitmq:4-alpine',
    port: 5672,
    env: { RABBITMQ_DEFAULT_USER: [user], RABBITMQ_DEFAULT_PASS: [password] },
    check: {
      ...check('rabbitmq-diagnostics', '-q', 'check_port_connectivity'),
      timeout: 10,
      startPeriod: 60,
      startInterval: 3,
    },
    volume: { path: '/var/lib/rabbitmq', purpose: 'messages outlive their container' },
    developmentPort: 5679,
    why: 'a supported line of RabbitMQ, on a private network, with no published port',
  }),
  account: (container) => ({
    user: given(container, ['RABBITMQ_DEFAULT_USER', 'RABBITMQ_USERNAME'], 'guest') ?? '',
    password: given(container, ['RABBITMQ_DEFAULT_PASS', 'RABBITMQ_PASSWORD'], 'guest') ?? '',
  }),
  connection: (part, { host, account, login: { user = usualUser } = {} }) => {
    if (account) {
      const { user: own = [], password: secret = [] } = account;
      const url = addressWith('amqp', account, host, [':5672']);
      return { url, host: [host], port: ['5672'], user: own, password: secret, name: ['/'] }[part];
    }
    const values = {
      url: [`amqp://${user}:`, password, `@${host}:5672`],
      host: [host],
      port: ['5672'],
      user: [user],
      password: [password],
      name: ['/'],
    };
    return values[part];
  },
  checks: { javascript: (_client, connection) => portCheck(connection, 5672) },
};
