/**
 * Images of databases, brokers and consoles: where each keeps its data, and what its ports let a stranger do. Data only. What an image does with
 * its folders is what its Dockerfile (`VOLUME`) and its entrypoint say.
 */

/** The day this was last looked up (ISO). */
export const asOf = '2026-11-20';

export type DataFolder = {
  /** the first major version for which it holds */
  readonly since: number;
  /** where the data lies; `MAJOR` stands for the version */
  readonly data: string;
  /** the path that the image declares as a volume: without a mount there, it gets a new one with each container */
  readonly volume: string;
  /** a variable that says where the data lies instead */
  readonly variable?: string;
};

export type DataService = {
  readonly title: string;
  readonly kind: 'database' | 'broker' | 'cache' | 'console';
  /** its own ports in the container */
  readonly ports: readonly number[];
  /** newest first; absent: it keeps nothing that matters, or nothing is known */
  readonly folders?: readonly DataFolder[];
  /** the major version of `latest` on the day of `asOf` */
  readonly latest?: number;
  readonly source: string;
};

/** By the name of the image. */
export const dataServices: Readonly<Record<string, DataService>> = {
  postgres: {
    title: 'PostgreSQL',
    kind: 'database',
    ports: [5432],
    folders: [
      { since: 18, data: '/var/lib/postgresql/MAJOR/docker', volume: '/var/lib/postgresql', variable: 'PGDATA' },
      { since: 0, data: '/var/lib/postgresql/data', volume: '/var/lib/postgresql/data', variable: 'PGDATA' },
    ],
    latest: 18,
    source: 'docker-library/postgres, pull request 1259',
  },
  'postgis/postgis': {
    title: 'PostGIS',
    kind: 'database',
    ports: [5432],
    folders: [{ since: 0, data: '/var/lib/postgresql/data', volume: '/var/lib/postgresql/data', variable: 'PGDATA' }],
    latest: 17,
    source: 'postgis/docker-postgis',
  },
  'pgvector/pgvector': {
    title: 'PostgreSQL with pgvector',
    kind: 'database',
    ports: [5432],
    source: 'pgvector/pgvector, Dockerfile: it is based on the PostgreSQL image',
  },
  mysql: {
    title: 'MySQL',
    kind: 'database',
    ports: [3306],
    folders: [{ since: 0, data: '/var/lib/mysql', volume: '/var/lib/mysql' }],
    latest: 9,
    source: 'docker-library/mysql',
  },
  mariadb: {
    title: 'MariaDB',
    kind: 'database',
    ports: [3306],
    folders: [{ since: 0, data: '/var/lib/mysql', volume: '/var/lib/mysql' }],
    latest: 12,
    source: 'MariaDB/mariadb-docker',
  },
  mongo: {
    title: 'MongoDB',
    kind: 'database',
    ports: [27017],
    folders: [{ since: 0, data: '/data/db', volume: '/data/db' }],
    latest: 8,
    source: 'docker-library/mongo',
  },
  redis: {
    title: 'Redis',
    kind: 'cache',
    ports: [6379],
    folders: [{ since: 0, data: '/data', volume: '/data' }],
    latest: 8,
    source: 'redis/docker-library-redis',
  },
  'valkey/valkey': {
    title: 'Valkey',
    kind: 'cache',
    ports: [6379],
    folders: [{ since: 0, data: '/data', volume: '/data' }],
    latest: 9,
    source: 'valkey-io/valkey-container',
  },
  'redis/redis-stack': {
    title: 'Redis Stack',
    kind: 'cache',
    ports: [6379, 8001],
    source: 'redis-stack/redis-stack: a console listens on 8001',
  },
  'redis/redis-stack-server': { title: 'Redis Stack', kind: 'cache', ports: [6379], source: 'redis-stack/redis-stack' },
  memcached: { title: 'Memcached', kind: 'cache', ports: [11211], source: 'docker-library/memcached' },
  rabbitmq: {
    title: 'RabbitMQ',
    kind: 'broker',
    ports: [5672, 15672],
    folders: [{ since: 0, data: '/var/lib/rabbitmq', volume: '/var/lib/rabbitmq' }],
    latest: 4,
    source: 'docker-library/rabbitmq',
  },
  nats: { title: 'NATS', kind: 'broker', ports: [4222, 8222], source: 'nats-io/nats-docker' },
  'bitnami/kafka': { title: 'Kafka', kind: 'broker', ports: [9092], source: 'bitnami/containers' },
  'apache/kafka': { title: 'Kafka', kind: 'broker', ports: [9092], source: 'apache/kafka' },
  'confluentinc/cp-kafka': { title: 'Kafka', kind: 'broker', ports: [9092], source: 'confluentinc/kafka-images' },
  elasticsearch: { title: 'Elasticsearch', kind: 'database', ports: [9200, 9300], source: 'elastic/dockerfiles' },
  'docker.elastic.co/elasticsearch/elasticsearch': {
    title: 'Elasticsearch',
    kind: 'database',
    ports: [9200, 9300],
    source: 'elastic/dockerfiles',
  },
  'opensearchproject/opensearch': {
    title: 'OpenSearch',
    kind: 'database',
    ports: [9200],
    source: 'opensearch-project/opensearch-build',
  },
  'clickhouse/clickhouse-server': {
    title: 'ClickHouse',
    kind: 'database',
    ports: [8123, 9000],
    source: 'ClickHouse/ClickHouse',
  },
  'getmeili/meilisearch': { title: 'Meilisearch', kind: 'database', ports: [7700], source: 'meilisearch/meilisearch' },
  'mcr.microsoft.com/mssql/server': {
    title: 'SQL Server',
    kind: 'database',
    ports: [1433],
    source: 'microsoft/mssql-docker',
  },
  adminer: { title: 'Adminer', kind: 'console', ports: [8080], source: 'TimWolla/docker-adminer' },
  phpmyadmin: { title: 'phpMyAdmin', kind: 'console', ports: [80], source: 'phpmyadmin/docker' },
  'phpmyadmin/phpmyadmin': { title: 'phpMyAdmin', kind: 'console', ports: [80], source: 'phpmyadmin/docker' },
  'dpage/pgadmin4': { title: 'pgAdmin', kind: 'console', ports: [80, 443], source: 'pgadmin-org/pgadmin4' },
  'mongo-express': { title: 'mongo-express', kind: 'console', ports: [8081], source: 'mongo-express' },
  'rediscommander/redis-commander': {
    title: 'Redis Commander',
    kind: 'console',
    ports: [8081],
    source: 'joeferner/redis-commander',
  },
  'redis/redisinsight': { title: 'Redis Insight', kind: 'console', ports: [5540], source: 'redis/RedisInsight' },
};
