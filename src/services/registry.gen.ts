// DO NOT EDIT: `npm run gen` writes this from the files of this folder.
import type { BackingService, ServiceDetection } from './contract.ts';

/** How each is recognised, by name. */
export const services: readonly ServiceDetection[] = [
  {
    "name": "cassandra",
    "title": "Apache Cassandra",
    "host": "cassandra",
    "clients": [
      "cassandra-driver",
      "github.com/gocql/gocql",
      "github.com/apache/cassandra-gocql-driver"
    ],
    "schemes": [],
    "variables": [
      {
        "match": "CASSANDRA_CONTACT_POINTS",
        "part": "url"
      },
      {
        "match": "CASSANDRA_CONTACTPOINTS",
        "part": "url"
      },
      {
        "match": "CASSANDRA_HOSTS",
        "part": "url"
      },
      {
        "match": "CASSANDRA_HOST",
        "part": "host"
      },
      {
        "match": "CASSANDRA_PORT",
        "part": "port"
      },
      {
        "match": "CASSANDRA_USERNAME",
        "part": "user"
      },
      {
        "match": "CASSANDRA_USER",
        "part": "user"
      },
      {
        "match": "CASSANDRA_PASSWORD",
        "part": "password"
      },
      {
        "match": "CASSANDRA_KEYSPACE",
        "part": "name"
      }
    ],
    "words": [
      "cassandra"
    ],
    "serves": [],
    "required": true,
    "outside": {
      "example": "node1.example.com"
    }
  },
  {
    "name": "clickhouse",
    "title": "ClickHouse",
    "host": "clickhouse",
    "clients": [
      "@clickhouse/client",
      "clickhouse",
      "github.com/ClickHouse/clickhouse-go",
      "gorm.io/driver/clickhouse"
    ],
    "schemes": [
      "clickhouse"
    ],
    "variables": [
      {
        "match": "CLICKHOUSE_URL",
        "part": "url"
      },
      {
        "match": "CLICKHOUSE_HOST",
        "part": "url"
      },
      {
        "match": "CLICKHOUSE_USER",
        "part": "user"
      },
      {
        "match": "CLICKHOUSE_USERNAME",
        "part": "user"
      },
      {
        "match": "CLICKHOUSE_PASSWORD",
        "part": "password"
      },
      {
        "match": "CLICKHOUSE_DATABASE",
        "part": "name"
      },
      {
        "match": "CLICKHOUSE_DB",
        "part": "name"
      }
    ],
    "words": [
      "clickhouse"
    ],
    "serves": [],
    "required": true,
    "outside": {
      "example": "https://events.example.com:8443"
    },
    "asks": true
  },
  {
    "name": "elasticsearch",
    "title": "Elasticsearch",
    "host": "elasticsearch",
    "clients": [
      "@elastic/elasticsearch",
      "elasticsearch",
      "@nestjs/elasticsearch",
      "github.com/elastic/go-elasticsearch",
      "github.com/olivere/elastic"
    ],
    "schemes": [],
    "variables": [
      {
        "match": "ELASTICSEARCH_URL",
        "part": "url"
      },
      {
        "match": "ELASTICSEARCH_NODE",
        "part": "url"
      },
      {
        "match": "ELASTICSEARCH_NODES",
        "part": "url"
      },
      {
        "match": "ELASTIC_URL",
        "part": "url"
      },
      {
        "match": "ELASTICSEARCH_HOST",
        "part": "host"
      },
      {
        "match": "ELASTIC_HOST",
        "part": "host"
      },
      {
        "match": "ELASTICSEARCH_PORT",
        "part": "port"
      },
      {
        "match": "ELASTICSEARCH_USERNAME",
        "part": "user"
      },
      {
        "match": "ELASTICSEARCH_USER",
        "part": "user"
      },
      {
        "match": "ELASTICSEARCH_PASSWORD",
        "part": "password"
      },
      {
        "match": "ELASTIC_PASSWORD",
        "part": "password"
      },
      {
        "match": "ELASTICSEARCH_API_KEY",
        "part": "password"
      },
      {
        "match": "ELASTIC_API_KEY",
        "part": "password"
      }
    ],
    "words": [
      "elasticsearch"
    ],
    "serves": [],
    "required": true,
    "outside": {
      "example": "https://search.example.com:9200"
    },
    "asks": true
  },
  {
    "name": "kafka",
    "title": "Apache Kafka",
    "host": "kafka",
    "clients": [
      "kafkajs",
      "node-rdkafka",
      "kafka-node",
      "@confluentinc/kafka-javascript",
      "@platformatic/kafka",
      "github.com/segmentio/kafka-go",
      "github.com/IBM/sarama",
      "github.com/Shopify/sarama",
      "github.com/confluentinc/confluent-kafka-go",
      "github.com/twmb/franz-go"
    ],
    "schemes": [
      "kafka"
    ],
    "variables": [
      {
        "match": "KAFKA_BROKERS",
        "part": "url"
      },
      {
        "match": "KAFKA_BROKER",
        "part": "url"
      },
      {
        "match": "KAFKA_BROKER_URL",
        "part": "url"
      },
      {
        "match": "KAFKA_URL",
        "part": "url"
      },
      {
        "match": "KAFKA_BOOTSTRAP_SERVERS",
        "part": "url"
      },
      {
        "match": "KAFKA_HOST",
        "part": "host"
      },
      {
        "match": "KAFKA_PORT",
        "part": "port"
      },
      {
        "match": "KAFKA_USERNAME",
        "part": "user"
      },
      {
        "match": "KAFKA_SASL_USERNAME",
        "part": "user"
      },
      {
        "match": "KAFKA_PASSWORD",
        "part": "password"
      },
      {
        "match": "KAFKA_SASL_PASSWORD",
        "part": "password"
      }
    ],
    "words": [
      "kafka"
    ],
    "serves": [],
    "required": true,
    "outside": {
      "example": "broker.example.com:9092"
    }
  },
  {
    "name": "mailpit",
    "title": "Mailpit",
    "host": "mailpit",
    "clients": [
      "nodemailer",
      "@nestjs-modules/mailer",
      "emailjs",
      "smtp-client",
      "smtpjs",
      "@upyo/smtp",
      "email-templates"
    ],
    "schemes": [
      "smtp",
      "smtps"
    ],
    "variables": [
      {
        "match": "SMTP_URL",
        "part": "url"
      },
      {
        "match": "MAIL_URL",
        "part": "url"
      },
      {
        "match": "MAILER_URL",
        "part": "url"
      },
      {
        "match": "EMAIL_URL",
        "part": "url"
      },
      {
        "match": "MAILER_DSN",
        "part": "url"
      },
      {
        "match": "SMTP_URI",
        "part": "url"
      },
      {
        "match": "EMAIL_SERVER",
        "part": "url"
      },
      {
        "match": "SMTP_HOST",
        "part": "host"
      },
      {
        "match": "MAIL_HOST",
        "part": "host"
      },
      {
        "match": "EMAIL_HOST",
        "part": "host"
      },
      {
        "match": "MAILER_HOST",
        "part": "host"
      },
      {
        "match": "SMTP_SERVER",
        "part": "host"
      },
      {
        "match": "SMTP_HOSTNAME",
        "part": "host"
      },
      {
        "match": "EMAIL_SERVER_HOST",
        "part": "host"
      },
      {
        "match": "SMTP_PORT",
        "part": "port"
      },
      {
        "match": "MAIL_PORT",
        "part": "port"
      },
      {
        "match": "EMAIL_PORT",
        "part": "port"
      },
      {
        "match": "MAILER_PORT",
        "part": "port"
      },
      {
        "match": "EMAIL_SERVER_PORT",
        "part": "port"
      },
      {
        "match": "SMTP_USER",
        "part": "user"
      },
      {
        "match": "SMTP_USERNAME",
        "part": "user"
      },
      {
        "match": "MAIL_USER",
        "part": "user"
      },
      {
        "match": "MAIL_USERNAME",
        "part": "user"
      },
      {
        "match": "EMAIL_USER",
        "part": "user"
      },
      {
        "match": "EMAIL_SERVER_USER",
        "part": "user"
      },
      {
        "match": "MAILER_USER",
        "part": "user"
      },
      {
        "match": "SMTP_PASS",
        "part": "password"
      },
      {
        "match": "SMTP_PASSWORD",
        "part": "password"
      },
      {
        "match": "MAIL_PASS",
        "part": "password"
      },
      {
        "match": "MAIL_PASSWORD",
        "part": "password"
      },
      {
        "match": "EMAIL_PASS",
        "part": "password"
      },
      {
        "match": "EMAIL_PASSWORD",
        "part": "password"
      },
      {
        "match": "EMAIL_SERVER_PASSWORD",
        "part": "password"
      },
      {
        "match": "MAILER_PASSWORD",
        "part": "password"
      },
      {
        "match": "SMTP_SECURE",
        "part": "other",
        "value": "false"
      },
      {
        "match": "MAIL_SECURE",
        "part": "other",
        "value": "false"
      },
      {
        "match": "EMAIL_SECURE",
        "part": "other",
        "value": "false"
      },
      {
        "match": "SMTP_TLS",
        "part": "other",
        "value": "false"
      },
      {
        "match": "SMTP_SSL",
        "part": "other",
        "value": "false"
      },
      {
        "match": "MAIL_TLS",
        "part": "other",
        "value": "false"
      }
    ],
    "words": [
      "smtp"
    ],
    "serves": [
      {
        "kind": "mail"
      }
    ],
    "required": false,
    "addressed": true,
    "asks": true,
    "only": {
      "form": "development",
      "why": "no mail sent in development reaches a person; in production your own mail server sends it"
    }
  },
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
      "sequelize",
      "@nestjs/typeorm",
      "@nestjs/sequelize",
      "sequelize-typescript",
      "pymysql",
      "mysqlclient",
      "aiomysql",
      "asyncmy",
      "mysql-connector-python"
    ],
    "drivers": {
      "aiomysql": {
        "scheme": "mysql+aiomysql",
        "isAsync": true
      },
      "asyncmy": {
        "scheme": "mysql+asyncmy",
        "isAsync": true
      },
      "pymysql": {
        "scheme": "mysql+pymysql"
      }
    },
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
        "match": "SQLALCHEMY_DATABASE_URI",
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
    "name": "meilisearch",
    "title": "Meilisearch",
    "host": "meilisearch",
    "clients": [
      "meilisearch",
      "@meilisearch/instant-meilisearch",
      "github.com/meilisearch/meilisearch-go"
    ],
    "schemes": [],
    "variables": [
      {
        "match": "MEILI_HOST",
        "part": "url"
      },
      {
        "match": "MEILI_URL",
        "part": "url"
      },
      {
        "match": "MEILISEARCH_HOST",
        "part": "url"
      },
      {
        "match": "MEILISEARCH_URL",
        "part": "url"
      },
      {
        "match": "MEILI_MASTER_KEY",
        "part": "password"
      },
      {
        "match": "MEILI_API_KEY",
        "part": "password"
      },
      {
        "match": "MEILISEARCH_API_KEY",
        "part": "password"
      },
      {
        "match": "MEILISEARCH_KEY",
        "part": "password"
      },
      {
        "match": "MEILISEARCH_MASTER_KEY",
        "part": "password"
      },
      {
        "match": "MEILI_KEY",
        "part": "password"
      }
    ],
    "words": [
      "meilisearch"
    ],
    "serves": [],
    "required": true,
    "outside": {
      "example": "https://search.example.com:7700"
    },
    "asks": true
  },
  {
    "name": "memcached",
    "title": "Memcached",
    "host": "memcached",
    "clients": [
      "memjs",
      "memcached",
      "memcache",
      "memcache-client",
      "memcache-plus",
      "@keyv/memcache",
      "keyv-memcache",
      "github.com/bradfitz/gomemcache"
    ],
    "schemes": [
      "memcached",
      "memcache"
    ],
    "variables": [
      {
        "match": "MEMCACHED_URL",
        "part": "url"
      },
      {
        "match": "MEMCACHE_URL",
        "part": "url"
      },
      {
        "match": "MEMCACHED_SERVERS",
        "part": "url"
      },
      {
        "match": "MEMCACHE_SERVERS",
        "part": "url"
      },
      {
        "match": "MEMCACHED_SERVER",
        "part": "url"
      },
      {
        "match": "MEMCACHED_URI",
        "part": "url"
      },
      {
        "match": "*_MEMCACHED_URL",
        "part": "url"
      },
      {
        "match": "MEMCACHED_HOST",
        "part": "host"
      },
      {
        "match": "MEMCACHED_PORT",
        "part": "port"
      },
      {
        "match": "MEMCACHE_HOST",
        "part": "host"
      },
      {
        "match": "MEMCACHE_PORT",
        "part": "port"
      }
    ],
    "images": [
      "memcached"
    ],
    "foreignImages": [
      "bitnami/memcached",
      "bitnamilegacy/memcached"
    ],
    "words": [
      "memcached",
      "memcache"
    ],
    "serves": [
      {
        "kind": "cache"
      }
    ],
    "required": false
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
      "@prisma/client",
      "pymongo",
      "motor",
      "beanie",
      "mongoengine"
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
    "name": "nats",
    "title": "NATS",
    "host": "nats",
    "clients": [
      "nats",
      "@nats-io/transport-node",
      "@nats-io/nats-core",
      "@nats-io/jetstream",
      "nats.ws",
      "node-nats-streaming",
      "@nestjs-plugins/nestjs-nats-jetstream-transport",
      "github.com/nats-io/nats.go"
    ],
    "schemes": [
      "nats",
      "tls+nats"
    ],
    "variables": [
      {
        "match": "NATS_URL",
        "part": "url"
      },
      {
        "match": "NATS_URI",
        "part": "url"
      },
      {
        "match": "NATS_SERVER",
        "part": "url"
      },
      {
        "match": "NATS_SERVERS",
        "part": "url"
      },
      {
        "match": "NATS_SERVER_URL",
        "part": "url"
      },
      {
        "match": "*_NATS_URL",
        "part": "url"
      },
      {
        "match": "NATS_HOST",
        "part": "host"
      },
      {
        "match": "NATS_PORT",
        "part": "port"
      }
    ],
    "images": [
      "nats"
    ],
    "foreignImages": [
      "bitnami/nats",
      "bitnamilegacy/nats",
      "nats-streaming"
    ],
    "words": [
      "nats",
      "jetstream"
    ],
    "serves": [
      {
        "kind": "queue"
      }
    ],
    "required": true
  },
  {
    "name": "neo4j",
    "title": "Neo4j",
    "host": "neo4j",
    "clients": [
      "neo4j-driver",
      "neo4j-driver-lite",
      "github.com/neo4j/neo4j-go-driver"
    ],
    "schemes": [
      "neo4j",
      "neo4j+s",
      "bolt",
      "bolt+s"
    ],
    "variables": [
      {
        "match": "NEO4J_URI",
        "part": "url"
      },
      {
        "match": "NEO4J_URL",
        "part": "url"
      },
      {
        "match": "NEO4J_HOST",
        "part": "host"
      },
      {
        "match": "NEO4J_USER",
        "part": "user"
      },
      {
        "match": "NEO4J_USERNAME",
        "part": "user"
      },
      {
        "match": "NEO4J_PASSWORD",
        "part": "password"
      },
      {
        "match": "NEO4J_DATABASE",
        "part": "name"
      }
    ],
    "words": [
      "neo4j"
    ],
    "serves": [],
    "required": true,
    "outside": {
      "example": "neo4j://graph.example.com:7687"
    }
  },
  {
    "name": "opensearch",
    "title": "OpenSearch",
    "host": "opensearch",
    "clients": [
      "@opensearch-project/opensearch",
      "github.com/opensearch-project/opensearch-go"
    ],
    "schemes": [],
    "variables": [
      {
        "match": "OPENSEARCH_URL",
        "part": "url"
      },
      {
        "match": "OPENSEARCH_NODE",
        "part": "url"
      },
      {
        "match": "OPENSEARCH_HOST",
        "part": "host"
      },
      {
        "match": "OPENSEARCH_PORT",
        "part": "port"
      },
      {
        "match": "OPENSEARCH_USERNAME",
        "part": "user"
      },
      {
        "match": "OPENSEARCH_USER",
        "part": "user"
      },
      {
        "match": "OPENSEARCH_PASSWORD",
        "part": "password"
      }
    ],
    "words": [
      "opensearch"
    ],
    "serves": [],
    "required": true,
    "outside": {
      "example": "https://search.example.com:9200"
    },
    "asks": true
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
      "@nestjs/typeorm",
      "@nestjs/sequelize",
      "sequelize-typescript",
      "psycopg",
      "psycopg2",
      "psycopg2-binary",
      "asyncpg",
      "pg8000",
      "github.com/jackc/pgx",
      "github.com/lib/pq",
      "gorm.io/driver/postgres",
      "github.com/go-pg/pg",
      "github.com/uptrace/bun/driver/pgdriver"
    ],
    "drivers": {
      "asyncpg": {
        "scheme": "postgresql+asyncpg",
        "isAsync": true
      },
      "psycopg": {
        "scheme": "postgresql+psycopg"
      },
      "psycopg2": {
        "scheme": "postgresql+psycopg2"
      },
      "psycopg2-binary": {
        "scheme": "postgresql+psycopg2"
      },
      "pg8000": {
        "scheme": "postgresql+pg8000"
      }
    },
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
        "match": "DATABASE_URI",
        "part": "url"
      },
      {
        "match": "DB_URI",
        "part": "url"
      },
      {
        "match": "POSTGRES_URI",
        "part": "url"
      },
      {
        "match": "POSTGRES_DSN",
        "part": "url"
      },
      {
        "match": "SQLALCHEMY_DATABASE_URI",
        "part": "url"
      },
      {
        "match": "SQLALCHEMY_DATABASE_URL",
        "part": "url"
      },
      {
        "match": "PG_HOST",
        "part": "host"
      },
      {
        "match": "PG_PORT",
        "part": "port"
      },
      {
        "match": "PG_USER",
        "part": "user"
      },
      {
        "match": "PG_PASSWORD",
        "part": "password"
      },
      {
        "match": "PG_DATABASE",
        "part": "name"
      },
      {
        "match": "POSTGRES_SERVER",
        "part": "host"
      },
      {
        "match": "POSTGRES_PASS",
        "part": "password"
      },
      {
        "match": "POSTGRES_NAME",
        "part": "name"
      },
      {
        "match": "SQL_HOST",
        "part": "host"
      },
      {
        "match": "SQL_PORT",
        "part": "port"
      },
      {
        "match": "SQL_USER",
        "part": "user"
      },
      {
        "match": "SQL_PASSWORD",
        "part": "password"
      },
      {
        "match": "SQL_DATABASE",
        "part": "name"
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
    "name": "qdrant",
    "title": "Qdrant",
    "host": "qdrant",
    "clients": [
      "@qdrant/js-client-rest",
      "@qdrant/js-client-grpc",
      "@langchain/qdrant",
      "github.com/qdrant/go-client"
    ],
    "schemes": [],
    "variables": [
      {
        "match": "QDRANT_URL",
        "part": "url"
      },
      {
        "match": "QDRANT_HOST",
        "part": "host"
      },
      {
        "match": "QDRANT_PORT",
        "part": "port"
      },
      {
        "match": "QDRANT_API_KEY",
        "part": "password"
      }
    ],
    "words": [
      "qdrant"
    ],
    "serves": [],
    "required": true,
    "outside": {
      "example": "https://vectors.example.com:6333"
    },
    "asks": true
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
      "pika",
      "aio-pika",
      "aio_pika",
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
        "match": "CELERY_BROKER_URL",
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
      "rq",
      "arq",
      "django-redis",
      "channels-redis",
      "celery[redis]",
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
      "rq": "queue",
      "arq": "queue",
      "celery[redis]": "queue",
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
        "match": "CELERY_BROKER_URL",
        "part": "url"
      },
      {
        "match": "CELERY_RESULT_BACKEND",
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
    "passwordOption": "--requirepass",
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
    "name": "seaweedfs",
    "title": "SeaweedFS",
    "host": "s3",
    "clients": [
      "@aws-sdk/client-s3",
      "@aws-sdk/lib-storage",
      "aws-sdk",
      "minio",
      "Bun.s3",
      "Bun.S3Client",
      "aws4fetch",
      "s3mini",
      "@bradenmacdonald/s3-lite-client",
      "multer-s3",
      "github.com/minio/minio-go",
      "github.com/aws/aws-sdk-go-v2/service/s3",
      "github.com/aws/aws-sdk-go/service/s3"
    ],
    "schemes": [],
    "variables": [
      {
        "match": "S3_ENDPOINT",
        "part": "url"
      },
      {
        "match": "S3_URL",
        "part": "url"
      },
      {
        "match": "S3_ENDPOINT_URL",
        "part": "url"
      },
      {
        "match": "AWS_S3_ENDPOINT",
        "part": "url"
      },
      {
        "match": "AWS_ENDPOINT",
        "part": "url"
      },
      {
        "match": "AWS_ENDPOINT_URL",
        "part": "url"
      },
      {
        "match": "AWS_ENDPOINT_URL_S3",
        "part": "url"
      },
      {
        "match": "STORAGE_ENDPOINT",
        "part": "url"
      },
      {
        "match": "MINIO_URL",
        "part": "url"
      },
      {
        "match": "MINIO_ENDPOINT_URL",
        "part": "url"
      },
      {
        "match": "MINIO_ENDPOINT",
        "part": "host"
      },
      {
        "match": "MINIO_HOST",
        "part": "host"
      },
      {
        "match": "S3_HOST",
        "part": "host"
      },
      {
        "match": "MINIO_PORT",
        "part": "port"
      },
      {
        "match": "S3_PORT",
        "part": "port"
      },
      {
        "match": "S3_ACCESS_KEY_ID",
        "part": "user"
      },
      {
        "match": "S3_ACCESS_KEY",
        "part": "user"
      },
      {
        "match": "S3_KEY",
        "part": "user"
      },
      {
        "match": "AWS_ACCESS_KEY_ID",
        "part": "user"
      },
      {
        "match": "AWS_ACCESS_KEY",
        "part": "user"
      },
      {
        "match": "MINIO_ACCESS_KEY",
        "part": "user"
      },
      {
        "match": "MINIO_ROOT_USER",
        "part": "user"
      },
      {
        "match": "STORAGE_ACCESS_KEY",
        "part": "user"
      },
      {
        "match": "S3_SECRET_ACCESS_KEY",
        "part": "password"
      },
      {
        "match": "S3_SECRET_KEY",
        "part": "password"
      },
      {
        "match": "S3_SECRET",
        "part": "password"
      },
      {
        "match": "AWS_SECRET_ACCESS_KEY",
        "part": "password"
      },
      {
        "match": "AWS_SECRET_KEY",
        "part": "password"
      },
      {
        "match": "MINIO_SECRET_KEY",
        "part": "password"
      },
      {
        "match": "MINIO_ROOT_PASSWORD",
        "part": "password"
      },
      {
        "match": "STORAGE_SECRET_KEY",
        "part": "password"
      },
      {
        "match": "S3_BUCKET",
        "part": "name"
      },
      {
        "match": "S3_BUCKET_NAME",
        "part": "name"
      },
      {
        "match": "AWS_S3_BUCKET",
        "part": "name"
      },
      {
        "match": "AWS_BUCKET",
        "part": "name"
      },
      {
        "match": "AWS_BUCKET_NAME",
        "part": "name"
      },
      {
        "match": "MINIO_BUCKET",
        "part": "name"
      },
      {
        "match": "BUCKET_NAME",
        "part": "name"
      },
      {
        "match": "STORAGE_BUCKET",
        "part": "name"
      },
      {
        "match": "S3_REGION",
        "part": "other",
        "value": "us-east-1"
      },
      {
        "match": "AWS_REGION",
        "part": "other",
        "value": "us-east-1"
      },
      {
        "match": "AWS_DEFAULT_REGION",
        "part": "other",
        "value": "us-east-1"
      },
      {
        "match": "MINIO_REGION",
        "part": "other",
        "value": "us-east-1"
      },
      {
        "match": "STORAGE_REGION",
        "part": "other",
        "value": "us-east-1"
      },
      {
        "match": "S3_FORCE_PATH_STYLE",
        "part": "other",
        "value": "true"
      },
      {
        "match": "AWS_S3_FORCE_PATH_STYLE",
        "part": "other",
        "value": "true"
      },
      {
        "match": "S3_USE_SSL",
        "part": "other",
        "value": "false"
      },
      {
        "match": "MINIO_USE_SSL",
        "part": "other",
        "value": "false"
      },
      {
        "match": "MINIO_SSL",
        "part": "other",
        "value": "false"
      }
    ],
    "ownVariables": {
      "@aws-sdk/client-s3": [
        {
          "name": "AWS_ACCESS_KEY_ID",
          "part": "user"
        },
        {
          "name": "AWS_SECRET_ACCESS_KEY",
          "part": "password"
        }
      ],
      "@aws-sdk/lib-storage": [
        {
          "name": "AWS_ACCESS_KEY_ID",
          "part": "user"
        },
        {
          "name": "AWS_SECRET_ACCESS_KEY",
          "part": "password"
        }
      ],
      "aws-sdk": [
        {
          "name": "AWS_ACCESS_KEY_ID",
          "part": "user"
        },
        {
          "name": "AWS_SECRET_ACCESS_KEY",
          "part": "password"
        }
      ],
      "Bun.s3": [
        {
          "name": "AWS_ACCESS_KEY_ID",
          "part": "user"
        },
        {
          "name": "AWS_SECRET_ACCESS_KEY",
          "part": "password"
        }
      ],
      "Bun.S3Client": [
        {
          "name": "AWS_ACCESS_KEY_ID",
          "part": "user"
        },
        {
          "name": "AWS_SECRET_ACCESS_KEY",
          "part": "password"
        }
      ]
    },
    "images": [
      "chrislusf/seaweedfs"
    ],
    "foreignImages": [
      "minio/minio",
      "bitnami/minio",
      "bitnamilegacy/minio",
      "quay.io/minio/minio",
      "zenko/cloudserver",
      "dxflrs/garage"
    ],
    "words": [
      "s3"
    ],
    "serves": [
      {
        "kind": "object-storage"
      }
    ],
    "required": true,
    "addressed": true,
    "asks": true
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
  },
  {
    "name": "sqlserver",
    "title": "SQL Server",
    "host": "sqlserver",
    "clients": [
      "mssql",
      "tedious",
      "@prisma/adapter-mssql",
      "github.com/microsoft/go-mssqldb",
      "github.com/denisenkom/go-mssqldb",
      "gorm.io/driver/sqlserver"
    ],
    "schemes": [
      "sqlserver",
      "mssql"
    ],
    "variables": [
      {
        "match": "MSSQL_URL",
        "part": "url"
      },
      {
        "match": "SQLSERVER_URL",
        "part": "url"
      },
      {
        "match": "MSSQL_HOST",
        "part": "host"
      },
      {
        "match": "MSSQL_SERVER",
        "part": "host"
      },
      {
        "match": "SQL_SERVER",
        "part": "host"
      },
      {
        "match": "MSSQL_PORT",
        "part": "port"
      },
      {
        "match": "MSSQL_USER",
        "part": "user"
      },
      {
        "match": "MSSQL_PASSWORD",
        "part": "password"
      },
      {
        "match": "MSSQL_DATABASE",
        "part": "name"
      }
    ],
    "words": [
      "sql server",
      "mssql"
    ],
    "serves": [],
    "required": true,
    "outside": {
      "example": "database.example.com"
    }
  },
  {
    "name": "typesense",
    "title": "Typesense",
    "host": "typesense",
    "clients": [
      "typesense",
      "github.com/typesense/typesense-go"
    ],
    "schemes": [],
    "variables": [
      {
        "match": "TYPESENSE_URL",
        "part": "url"
      },
      {
        "match": "TYPESENSE_HOST",
        "part": "host"
      },
      {
        "match": "TYPESENSE_PORT",
        "part": "port"
      },
      {
        "match": "TYPESENSE_API_KEY",
        "part": "password"
      },
      {
        "match": "TYPESENSE_ADMIN_API_KEY",
        "part": "password"
      }
    ],
    "words": [
      "typesense"
    ],
    "serves": [],
    "required": true,
    "outside": {
      "example": "search.example.com"
    },
    "asks": true
  }
];

const loaders: Readonly<Record<string, () => Promise<BackingService>>> = {
  'mailpit': async () => (await import('./mailpit.ts')).service,
  'mariadb': async () => (await import('./mariadb.ts')).service,
  'memcached': async () => (await import('./memcached.ts')).service,
  'mongodb': async () => (await import('./mongodb.ts')).service,
  'nats': async () => (await import('./nats.ts')).service,
  'postgres': async () => (await import('./postgres.ts')).service,
  'rabbitmq': async () => (await import('./rabbitmq.ts')).service,
  'redis': async () => (await import('./redis.ts')).service,
  'seaweedfs': async () => (await import('./seaweedfs.ts')).service,
};

/** Loads one by its name; undefined where there is none of that name. */
export const loadBackingService = async (name: string): Promise<BackingService | undefined> =>
  Object.hasOwn(loaders, name) ? loaders[name]?.() : undefined;
