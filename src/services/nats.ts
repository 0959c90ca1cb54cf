/**
 * NATS (https://hub.docker.com/_/nats), with JetStream: streams, key-value buckets and object stores are kept on a volume; messages outside a stream are
 * not stored, as always with NATS.
 */
import type { BackingService, ServiceDetection } from './contract.ts';
import { check, listCheck } from './support/check.ts';

export const detection: ServiceDetection = {
  name: 'nats',
  title: 'NATS',
  host: 'nats',
  clients: [
    'nats',
    '@nats-io/transport-node',
    '@nats-io/nats-core',
    '@nats-io/jetstream',
    'nats.ws',
    'node-nats-streaming',
    '@nestjs-plugins/nestjs-nats-jetstream-transport',
    'github.com/nats-io/nats.go',
  ],
  schemes: ['nats', 'tls+nats'],
  variables: [
    { match: 'NATS_URL', part: 'url' },
    { match: 'NATS_URI', part: 'url' },
    { match: 'NATS_SERVER', part: 'url' },
    { match: 'NATS_SERVERS', part: 'url' },
    { match: 'NATS_SERVER_URL', part: 'url' },
    { match: '*_NATS_URL', part: 'url' },
    { match: 'NATS_HOST', part: 'host' },
    { match: 'NATS_PORT', part: 'port' },
  ],
  images: ['nats'],
  foreignImages: ['bitnami/nats', 'bitnamilegacy/nats', 'nats-streaming'],
  words: ['nats', 'jetstream'],
  serves: [{ kind: 'queue' }],
  required: true,
};

const port = 4222;

export const service: BackingService = {
  roles: [],
  container: () => ({
    image: 'nats:2-alpine',
    port,
    // 8222 is the port of its monitoring: nothing outside of the container reaches it
    command: ['nats-server', '--jetstream', '--store_dir', '/data', '--http_port', '8222'],
    env: {},
    // it reads its streams again before it answers
    check: { ...check('wget', '-q', '-O', '/dev/null', 'http://127.0.0.1:8222/healthz'), startPeriod: 60 },
    volume: { path: '/data', purpose: 'streams, key-value buckets and object stores outlive their container' },
    developmentPort: 4229,
    why: 'the supported line of NATS, on a private network, with no published port',
  }),
  connection: (part, { host }) => {
    const values = {
      url: [`nats://${host}:${port}`],
      host: [host],
      port: [String(port)],
      user: [''],
      password: [''],
      name: [],
    };
    return values[part];
  },
  checks: { javascript: (_client, connection) => listCheck(connection, { scheme: 'nats', port }) },
};
