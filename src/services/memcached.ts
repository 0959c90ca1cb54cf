/** Memcached (https://hub.docker.com/_/memcached): a cache that stores nothing on disk. */
import type { BackingService, ServiceDetection } from './contract.ts';
import { check, listCheck } from './support/check.ts';

export const detection: ServiceDetection = {
  name: 'memcached',
  title: 'Memcached',
  host: 'memcached',
  clients: [
    'memjs',
    'memcached',
    'memcache',
    'memcache-client',
    'memcache-plus',
    '@keyv/memcache',
    'keyv-memcache',
    'github.com/bradfitz/gomemcache',
  ],
  schemes: ['memcached', 'memcache'],
  variables: [
    { match: 'MEMCACHED_URL', part: 'url' },
    { match: 'MEMCACHE_URL', part: 'url' },
    { match: 'MEMCACHED_SERVERS', part: 'url' },
    { match: 'MEMCACHE_SERVERS', part: 'url' },
    { match: 'MEMCACHED_SERVER', part: 'url' },
    { match: 'MEMCACHED_URI', part: 'url' },
    { match: '*_MEMCACHED_URL', part: 'url' },
    { match: 'MEMCACHED_HOST', part: 'host' },
    { match: 'MEMCACHED_PORT', part: 'port' },
    { match: 'MEMCACHE_HOST', part: 'host' },
    { match: 'MEMCACHE_PORT', part: 'port' },
  ],
  images: ['memcached'],
  foreignImages: ['bitnami/memcached', 'bitnamilegacy/memcached'],
  words: ['memcached', 'memcache'],
  serves: [{ kind: 'cache' }],
  required: false,
};

const port = 11211;

export const service: BackingService = {
  roles: [],
  container: () => ({
    image: 'memcached:1-alpine',
    port,
    command: ['memcached', '--memory-limit=128'],
    env: {},
    // nothing in the image asks it but a shell: it has to answer, not only to listen
    check: check('sh', '-c', "printf 'version\\r\\nquit\\r\\n' | nc 127.0.0.1 11211 | grep -q VERSION"),
    developmentPort: 11219,
    why: 'a cache: bounded memory with LRU eviction, nothing written to disk; on a private network',
  }),
  connection: (part, { host, scheme }) => {
    const values = {
      // its clients take a host and a port; an address with a scheme only where the project shows one
      url: [`${scheme === undefined ? '' : `${scheme}://`}${host}:${port}`],
      host: [host],
      port: [String(port)],
      user: [''],
      password: [''],
      name: [],
    };
    return values[part];
  },
  checks: { javascript: (_client, connection) => listCheck(connection, { scheme: 'memcached', port }) },
};
