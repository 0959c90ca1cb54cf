// DO NOT EDIT: `npm run gen` writes this from the files of this folder.
import type { BackingService, ServiceDetection } from './contract.ts';

/** How each is recognised, by name. */
export const services: readonly ServiceDetection[] = [
  {
    "name": "mariadb",
    "title": "MariaDB",
    "host": "db",
    "clients": [
      "mysql2",
      "mysql",
      "mariadb",
      "github.com/go-sql-driver/mysql",
      "gorm.io/driver/mysql",
      "@prisma/client",
      "@prisma/adapter-mariadb",
      "drizzle-orm",
      "kysely",
      "knex",
      "@adonisjs/lucid",
      "typeorm",
      "sequelize"
    ],
    "schemes": [
      "mysql",
      "mariadb"
    ],
    "variables": [
      {
        "match": "MYSQL_URL",
        "part": "url"
      },
      {
        "match": "DATABASE_URL",
        "part": "url"
      },
      {
        "match": "DB_URL",
        "part": "url"
      },
      {
        "match": "MYSQL_HOST",
        "part": "host"
      },
      {
        "match": "MYSQL_PORT",
        "part": "port"
      },
      {
        "match": "MYSQL_USER",
        "part": "user"
      },
      {
        "match": "MYSQL_PASSWORD",
        "part": "password"
      },
      {
        "match": "MYSQL_DATABASE",
        "part": "name"
      },
      {
        "match": "MYSQL_USERNAME",
        "part": "user"
      },
      {
        "match": "MYSQL_PASS",
        "part": "password"
      },
      {
        "match": "MYSQL_PWD",
        "part": "password"
      },
      {
        "match": "MYSQL_DB",
        "part": "name"
      },
      {
        "match": "MYSQL_DB_NAME",
        "part": "name"
      },
      {
        "match": "MARIADB_HOST",
        "part": "host"
      },
      {
        "match": "MARIADB_PORT",
        "part": "port"
      },
      {
        "match": "MARIADB_USER",
        "part": "user"
      },
      {
        "match": "MARIADB_PASSWORD",
        "part": "password"
      },
      {
        "match": "MARIADB_DATABASE",
        "part": "name"
      },
      {
        "match": "DATABASE_HOST",
        "part": "host"
      },
      {
        "match": "DATABASE_PORT",
        "part": "port"
      },
      {
        "match": "DATABASE_USER",
        "part": "user"
      },
      {
        "match": "DATABASE_USERNAME",
        "part": "user"
      },
      {
        "match": "DATABASE_PASSWORD",
        "part": "password"
      },
      {
        "match": "DATABASE_NAME",
        "part": "name"
      },
      {
        "match": "DB_USERNAME",
        "part": "user"
      },
      {
        "match": "DB_PASS",
        "part": "password"
      },
      {
        "match": "DB_DATABASE",
        "part": "name"
      },
      {
        "match": "DB_HOST",
        "part": "host"
      },
      {
        "match": "DB_PORT",
        "part": "port"
      },
      {
        "match": "DB_USER",
        "part": "user"
      },
      {
        "match": "DB_PASSWORD",
        "part": "password"
      },
      {
        "match": "DB_NAME",
        "part": "name"
      }
    ],
    "images": [
      "mariadb",
      "mysql"
    ],
    "tags": {
      "mysql": "8.4"
    },
    "foreignImages": [
      "mysql/mysql-server",
      "bitnami/mariadb",
      "bitnami/mysql",
      "bitnamilegacy/mariadb",
      "bitnamilegacy/mysql",
      "linuxserver/mariadb",
      "percona",
      "percona/percona-server"
    ],
    "login": {
      "user": {
        "variables": [
          "MARIADB_USER",
          "MYSQL_USER"
        ],
        "default": "root"
      },
      "database": {
        "variables": [
          "MARIADB_DATABASE",
          "MYSQL_DATABASE"
        ]
      },
      "password": {
        "variables": [
          "MARIADB_PASSWORD",
          "MYSQL_PASSWORD",
          "MARIADB_ROOT_PASSWORD",
          "MYSQL_ROOT_PASSWORD"
        ]
      }
    },
    "dialect": "mysql",
    "words": [
      "mariadb",
      "mysql"
    ],
    "serves": [
      {
        "kind": "persistence"
      }
    ],
    "required": true
  },
  {
    "name": "mongodb",
    "title": "MongoDB",
    "host": "db",
    "clients": [
      "mongoose",
      "mongodb",
      "@nestjs/mongoose",
      "@typegoose/typegoose",
      "connect-mongo",
      "papr",
      "go.mongodb.org/mongo-driver",
      "@prisma/client"
    ],
    "schemes": [
      "mongodb",
      "mongodb+srv"
    ],
    "variables": [
      {
        "match": "MONGODB_URI",
        "part": "url"
      },
      {
        "match": "MONGODB_URL",
        "part": "url"
      },
      {
        "match": "MONGO_URI",
        "part": "url"
      },
      {
        "match": "MONGO_URL",
        "part": "url"
      },
      {
        "match": "*_MONGODB_URI",
        "part": "url"
      },
      {
        "match": "*_MONGO_URI",
        "part": "url"
      },
      {
        "match": "MONGODB_CONNECTION_STRING",
        "part": "url"
      },
      {
        "match": "DATABASE_URL",
        "part": "url"
      },
      {
        "match": "DATABASE_URI",
        "part": "url"
      },
      {
        "match": "DB_URL",
        "part": "url"
      },
      {
        "match": "DB_URI",
        "part": "url"
      },
      {
        "match": "MONGO_HOST",
        "part": "host"
      },
      {
        "match": "MONGO_PORT",
        "part": "port"
      },
      {
        "match": "MONGO_USER",
        "part": "user"
      },
      {
        "match": "MONGO_USERNAME",
        "part": "user"
      },
      {
        "match": "MONGO_PASSWORD",
        "part": "password"
      },
      {
        "match": "MONGO_DB",
        "part": "name"
      },
      {
        "match": "MONGO_DATABASE",
        "part": "name"
      },
      {
        "match": "MONGO_DB_NAME",
        "part": "name"
      },
      {
        "match": "MONGODB_HOST",
        "part": "host"
      },
      {
        "match": "MONGODB_PORT",
        "part": "port"
      },
      {
        "match": "MONGODB_USER",
        "part": "user"
      },
      {
        "match": "MONGODB_USERNAME",
        "part": "user"
      },
      {
        "match": "MONGODB_PASSWORD",
        "part": "password"
      },
      {
        "match": "MONGODB_DATABASE",
        "part": "name"
      },
      {
        "match": "MONGODB_DB",
        "part": "name"
      },
      {
        "match": "MONGODB_DB_NAME",
        "part": "name"
      },
      {
        "match": "MONGO_NAME",
        "part": "name"
      },
      {
        "match": "MONGODB_NAME",
        "part": "name"
      },
      {
        "match": "*_MONGO_NAME",
        "part": "name"
      },
      {
        "match": "*_MONGODB_NAME",
        "part": "name"
      },
      {
        "match": "MONGO_INITDB_ROOT_USERNAME",
        "part": "user"
      },
      {
        "match": "MONGO_INITDB_ROOT_PASSWORD",
        "part": "password"
      },
      {
        "match": "MONGO_INITDB_DATABASE",
        "part": "name"
      },
      {
        "match": "DATABASE_PASSWORD",
        "part": "password"
      },
      {
        "match": "DB_HOST",
        "part": "host"
      },
      {
        "match": "DB_PORT",
        "part": "port"
      },
      {
        "match": "DB_USER",
        "part": "user"
      },
      {
        "match": "DB_PASSWORD",
        "part": "password"
      },
      {
        "match": "DB_NAME",
        "part": "name"
      }
    ],
    "images": [
      "mongo"
    ],
    "foreignImages": [
      "bitnami/mongodb",
      "bitnamilegacy/mongodb",
      "mongodb/mongodb-community-server",
      "percona/percona-server-mongodb"
    ],
    "login": {
      "user": {
        "variables": [
          "MONGO_INITDB_ROOT_USERNAME"
        ]
      },
      "database": {
        "variables": [
          "MONGO_INITDB_DATABASE"
        ],
        "ofUser": true
      },
      "password": {
        "variables": [
          "MONGO_INITDB_ROOT_PASSWORD"
        ]
      },
      "optional": true
    },
    "dialect": "mongodb",
    "words": [
      "mongodb",
      "mongo"
    ],
    "serves": [
      {
        "kind": "persistence"
      }
    ],
    "required": true
  },
  {
    "name": "postgres",
    "title": "PostgreSQL",
    "host": "db",
    "clients": [
      "pg",
      "postgres",
      "Bun.sql",
      "Bun.SQL",
      "slonik",
      "pg-promise",
      "@prisma/client",
      "@prisma/adapter-pg",
      "drizzle-orm",
      "kysely",
      "knex",
      "@adonisjs/lucid",
      "typeorm",
      "sequelize",
      "github.com/jackc/pgx",
      "github.com/lib/pq",
      "gorm.io/driver/postgres",
      "github.com/go-pg/pg",
      "github.com/uptrace/bun/driver/pgdriver"
    ],
    "schemes": [
      "postgres",
      "postgresql"
    ],
    "clientQueries": {
      "github.com/lib/pq": "?sslmode=disable",
      "github.com/uptrace/bun/driver/pgdriver": "?sslmode=disable"
    },
    "variables": [
      {
        "match": "DATABASE_URL",
        "part": "url"
      },
      {
        "match": "DB_URL",
        "part": "url"
      },
      {
        "match": "POSTGRES_URL",
        "part": "url"
      },
      {
        "match": "*_DATABASE_URL",
        "part": "url"
      },
      {
        "match": "PGHOST",
        "part": "host"
      },
      {
        "match": "PGPORT",
        "part": "port"
      },
      {
        "match": "PGUSER",
        "part": "user"
      },
      {
        "match": "PGPASSWORD",
        "part": "password"
      },
      {
        "match": "PGDATABASE",
        "part": "name"
      },
      {
        "match": "POSTGRES_HOST",
        "part": "host"
      },
      {
        "match": "POSTGRES_PORT",
        "part": "port"
      },
      {
        "match": "POSTGRES_USER",
        "part": "user"
      },
      {
        "match": "POSTGRES_PASSWORD",
        "part": "password"
      },
      {
        "match": "POSTGRES_DB",
        "part": "name"
      },
      {
        "match": "POSTGRES_USERNAME",
        "part": "user"
      },
      {
        "match": "POSTGRES_DATABASE",
        "part": "name"
      },
      {
        "match": "DATABASE_HOST",
        "part": "host"
      },
      {
        "match": "DATABASE_PORT",
        "part": "port"
      },
      {
        "match": "DATABASE_USER",
        "part": "user"
      },
      {
        "match": "DATABASE_USERNAME",
        "part": "user"
      },
      {
        "match": "DATABASE_PASSWORD",
        "part": "password"
      },
      {
        "match": "DATABASE_NAME",
        "part": "name"
      },
      {
        "match": "DB_USERNAME",
        "part": "user"
      },
      {
        "match": "DB_PASS",
        "part": "password"
      },
      {
        "match": "DB_DATABASE",
        "part": "name"
      },
      {
        "match": "DB_HOST",
        "part": "host"
      },
      {
        "match": "DB_PORT",
        "part": "port"
      },
      {
        "match": "DB_USER",
        "part": "user"
      },
      {
        "match": "DB_PASSWORD",
        "part": "password"
      },
      {
        "match": "DB_NAME",
        "part": "name"
      }
    ],
    "images": [
      "postgres",
      "postgis/postgis",
      "pgvector/pgvector",
      "ankane/pgvector",
      "timescale/timescaledb",
      "timescale/timescaledb-ha",
      "supabase/postgres",
      "citusdata/citus",
      "kartoza/postgis",
      "imresamu/postgis",
      "cimg/postgres"
    ],
    "tags": {
      "postgres": "17"
    },
    "foreignImages": [
      "bitnami/postgresql",
      "bitnamilegacy/postgresql"
    ],
    "login": {
      "user": {
        "variables": [
          "POSTGRES_USER"
        ],
        "default": "postgres"
      },
      "database": {
        "variables": [
          "POSTGRES_DB"
        ],
        "ofUser": true
      },
      "password": {
        "variables": [
          "POSTGRES_PASSWORD"
        ]
      }
    },
    "dialect": "postgres",
    "words": [
      "postgresql",
      "postgres",
      "pgvector"
    ],
    "serves": [
      {
        "kind": "persistence",
        "first": true
      }
    ],
    "required": true
  },
  {
    "name": "rabbitmq",
    "title": "RabbitMQ",
    "host": "queue",
    "clients": [
      "amqplib",
      "amqp-connection-manager",
      "rabbitmq-client",
      "rascal",
      "github.com/rabbitmq/amqp091-go",
      "github.com/streadway/amqp"
    ],
    "schemes": [
      "amqp",
      "amqps"
    ],
    "variables": [
      {
        "match": "RABBITMQ_URL",
        "part": "url"
      },
      {
        "match": "AMQP_URL",
        "part": "url"
      },
      {
        "match": "RABBITMQ_HOST",
        "part": "host"
      },
      {
        "match": "RABBITMQ_PORT",
        "part": "port"
      },
      {
        "match": "RABBITMQ_USER",
        "part": "user"
      },
      {
        "match": "RABBITMQ_PASSWORD",
        "part": "password"
      }
    ],
    "images": [
      "rabbitmq"
    ],
    "foreignImages": [
      "bitnami/rabbitmq",
      "bitnamilegacy/rabbitmq"
    ],
    "login": {
      "user": {
        "variables": [
          "RABBITMQ_DEFAULT_USER"
        ],
        "default": "guest"
      },
      "password": {
        "variables": [
          "RABBITMQ_DEFAULT_PASS"
        ]
      }
    },
    "words": [
      "rabbitmq",
      "amqp"
    ],
    "serves": [
      {
        "kind": "queue"
      }
    ],
    "required": true
  },
  {
    "name": "redis",
    "title": "Redis",
    "host": "redis",
    "clients": [
      "ioredis",
      "redis",
      "Bun.redis",
      "Bun.RedisClient",
      "bullmq",
      "bull",
      "bee-queue",
      "connect-redis",
      "@adonisjs/redis",
      "github.com/redis/go-redis",
      "github.com/go-redis/redis",
      "github.com/gomodule/redigo",
      "github.com/redis/rueidis",
      "github.com/hibiken/asynq"
    ],
    "clientRoles": {
      "bullmq": "queue",
      "bull": "queue",
      "bee-queue": "queue",
      "github.com/hibiken/asynq": "queue"
    },
    "schemes": [
      "redis",
      "rediss",
      "valkey"
    ],
    "variables": [
      {
        "match": "REDIS_URL",
        "part": "url"
      },
      {
        "match": "VALKEY_URL",
        "part": "url"
      },
      {
        "match": "CACHE_URL",
        "part": "url"
      },
      {
        "match": "*_REDIS_URL",
        "part": "url"
      },
      {
        "match": "REDIS_HOST",
        "part": "host"
      },
      {
        "match": "REDIS_PORT",
        "part": "port"
      },
      {
        "match": "REDIS_ADDR",
        "part": "address"
      },
      {
        "match": "REDIS_ADDRESS",
        "part": "address"
      }
    ],
    "images": [
      "redis",
      "valkey/valkey"
    ],
    "foreignImages": [
      "bitnami/redis",
      "bitnami/valkey",
      "bitnamilegacy/redis",
      "redis/redis-stack",
      "redis/redis-stack-server",
      "eqalpha/keydb",
      "dragonflydb/dragonfly"
    ],
    "words": [
      "redis",
      "valkey"
    ],
    "serves": [
      {
        "kind": "cache",
        "first": true,
        "role": "cache"
      },
      {
        "kind": "queue",
        "first": true,
        "role": "queue"
      }
    ],
    "required": true,
    "requiredByRole": {
      "cache": false,
      "queue": true,
      "store": true
    }
  },
  {
    "name": "sqlite",
    "title": "SQLite",
    "host": "sqlite",
    "clients": [
      "bun:sqlite",
      "node:sqlite",
      "better-sqlite3",
      "sqlite3",
      "github.com/mattn/go-sqlite3",
      "modernc.org/sqlite",
      "github.com/glebarez/sqlite",
      "gorm.io/driver/sqlite",
      "zombiezen.com/go/sqlite",
      "@libsql/client",
      "@prisma/client",
      "@prisma/adapter-better-sqlite3",
      "@prisma/adapter-libsql"
    ],
    "schemes": [
      "file",
      "sqlite"
    ],
    "variables": [
      {
        "match": "DATABASE_PATH",
        "part": "other"
      },
      {
        "match": "DATABASE_FILE",
        "part": "other"
      },
      {
        "match": "DB_PATH",
        "part": "other"
      },
      {
        "match": "DB_FILE",
        "part": "other"
      },
      {
        "match": "SQLITE_PATH",
        "part": "other"
      },
      {
        "match": "SQLITE_FILE",
        "part": "other"
      },
      {
        "match": "SQLITE_DB",
        "part": "other"
      }
    ],
    "words": [
      "sqlite"
    ],
    "serves": [
      {
        "kind": "persistence"
      }
    ],
    "required": true,
    "embedded": true
  }
];

const loaders: Readonly<Record<string, () => Promise<BackingService>>> = {
  'mariadb': async () => (await import('./mariadb.ts')).service,
  'mongodb': async () => (await import('./mongodb.ts')).service,
  'postgres': async () => (await import('./postgres.ts')).service,
  'rabbitmq': async () => (await import('./rabbitmq.ts')).service,
  'redis': async () => (await import('./redis.ts')).service,
};

/** Loads one by its name; undefined where there is none of that name. */
export const loadBackingService = async (name: string): Promise<BackingService | undefined> =>
  Object.hasOwn(loaders, name) ? loaders[name]?.() : undefined;
