import { describe, expect, it } from 'vitest';
import { artifactsOf } from '../../../src/artifacts/artifacts.ts';
import { inspect } from '../../../src/inspect/inspect.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { memoryProject } from '../../../src/project/memory.ts';

/** A small service on Node.js whose source is `lines`, and everything that is generated for it. */
async function generated(
  dependency: string,
  lines: readonly string[],
  files: Readonly<Record<string, string>> = {},
  form: 'module' | 'commonjs' = 'module',
) {
  const http =
    form === 'module' ? "import { createServer } from 'node:http';" : "const { createServer } = require('node:http');";
  const project = memoryProject({
    'package.json': JSON.stringify({
      name: 'shop',
      type: form,
      scripts: { start: 'node a.js' },
      dependencies: { [dependency]: '1.0.0' },
    }),
    'a.js': [http, ...lines, 'createServer((_, response) => response.end()).listen(3000);'].join('\n'),
    ...files,
  });
  const [facts] = (await inspect(project, { config: {} })).apps;
  if (!facts) throw new Error('no app was found');
  const plan = await makePlan({ facts, specification: undefined, config: {}, read: project.read });
  const text = (path: string) =>
    artifactsOf(plan, project.files()).find((one) => one.path === path)?.content ?? `no ${path}`;
  return {
    facts,
    plan,
    notes: facts.notes.map(({ message }) => message).join('\n'),
    base: text(plan.compose.file),
    development: text(plan.compose.development),
    production: text(plan.compose.production),
    settings: text('.env.example'),
  };
}

describe('a service that runs outside of the deployment', () => {
  it.each([
    [
      '@elastic/elasticsearch',
      [
        "import { Client } from '@elastic/elasticsearch';",
        'new Client({ node: process.env.SEARCH, auth: { apiKey: process.env.ELASTIC_API_KEY } });',
      ],
      'SEARCH',
      'module',
    ],
    [
      'meilisearch',
      [
        "const { MeiliSearch } = require('meilisearch');",
        "new MeiliSearch({ host: process.env.MEILI_HOST || 'http://127.0.0.1:7700' });",
      ],
      'MEILI_HOST',
      'commonjs',
    ],
    [
      'kafkajs',
      [
        "import { Kafka } from 'kafkajs';",
        "new Kafka({ brokers: (process.env.KAFKA_BROKERS ?? 'localhost:9092').split(',') });",
      ],
      'KAFKA_BROKERS',
      'module',
    ],
    [
      '@qdrant/js-client-rest',
      ["import { QdrantClient } from '@qdrant/js-client-rest';", 'new QdrantClient({ url: process.env.QDRANT_URL });'],
      'QDRANT_URL',
      'module',
    ],
  ] as const)('is named, and its address is demanded: %s', async (dependency, lines, variable, form) => {
    const { base, notes, plan, settings } = await generated(dependency, lines, {}, form);
    expect(plan.services).toEqual({});
    expect(notes).toContain(`runs outside the deployment: set its address in ${variable}`);
    expect(base).toContain(`${variable}: \${${variable}:?`);
    expect(settings).toMatch(/the address of your .+, such as /);
  });

  it('is named where only the source says where it is', async () => {
    const { notes, base } = await generated('kafkajs', [
      "import { Kafka } from 'kafkajs';",
      "new Kafka({ brokers: ['localhost:9092'] });",
    ]);
    expect(notes).toContain('Apache Kafka runs outside the deployment, and no variable holds its address');
    expect(base).not.toContain('KAFKA');
  });

  it('gets no key that is made up, and keeps an address that the source has of elsewhere', async () => {
    const { plan, base } = await generated('typesense', [
      "import Typesense from 'typesense';",
      "new Typesense.Client({ nodes: [{ host: process.env.TYPESENSE_HOST ?? 'search.shop.io' }], apiKey: process.env.TYPESENSE_API_KEY });",
      "if (!process.env.TYPESENSE_API_KEY) throw new Error('TYPESENSE_API_KEY is missing');",
    ]);
    expect(plan.settings['TYPESENSE_API_KEY']).toMatchObject({ required: true, secret: true });
    expect(plan.settings['TYPESENSE_API_KEY']?.generate).toBeUndefined();
    expect(base).not.toContain('TYPESENSE_HOST:?');
  });
});

describe('object storage', () => {
  it.each([
    [
      '@aws-sdk/client-s3',
      [
        "import { S3Client } from '@aws-sdk/client-s3';",
        'new S3Client({ endpoint: process.env.S3_ENDPOINT, region: process.env.AWS_REGION });',
      ],
      ['S3_ENDPOINT: http://s3:8333', 'AWS_REGION: us-east-1', 'AWS_SECRET_ACCESS_KEY: ${S3_PASSWORD:?'],
      'module',
    ],
    [
      'minio',
      [
        "const Minio = require('minio');",
        "new Minio.Client({ endPoint: process.env.MINIO_ENDPOINT, port: Number(process.env.MINIO_PORT), useSSL: process.env.MINIO_USE_SSL !== 'false', accessKey: process.env.MINIO_ACCESS_KEY, secretKey: process.env.MINIO_SECRET_KEY });",
      ],
      ['MINIO_ENDPOINT: s3\n', 'MINIO_PORT: "8333"', 'MINIO_USE_SSL: "false"', 'MINIO_SECRET_KEY: ${S3_PASSWORD:?'],
      'commonjs',
    ],
    [
      '@aws-sdk/client-s3',
      [
        "import { S3Client } from '@aws-sdk/client-s3';",
        "const endpoint = process.env.STORAGE_ENDPOINT ?? 'http://localhost:9000';",
        'new S3Client({ endpoint, credentials: { accessKeyId: process.env.STORAGE_ID, secretAccessKey: process.env.STORAGE_KEY } });',
        'fetch(process.env.STORAGE_BUCKET);',
      ],
      ['STORAGE_ENDPOINT: http://s3:8333', 'STORAGE_BUCKET: shop-files'],
      'module',
    ],
  ] as const)('is a container where a variable says where it is: %s', async (dependency, lines, texts, form) => {
    const { base, plan } = await generated(dependency, lines, {}, form);
    expect(plan.services['s3']?.volume?.path).toBe('/data');
    for (const text of texts) expect(base).toContain(text);
  });

  it.each([
    ['no endpoint', 'new S3Client({ region: process.env.AWS_REGION });', {}],
    [
      'the address of somebody else in the source',
      "new S3Client({ endpoint: process.env.S3_ENDPOINT ?? 'https://account.r2.cloudflarestorage.com', region: process.env.AWS_REGION });",
      {},
    ],
    [
      'the address of somebody else in the example',
      'new S3Client({ endpoint: process.env.S3_ENDPOINT, region: process.env.AWS_REGION });',
      { '.env.example': 'S3_ENDPOINT=https://fra1.digitaloceanspaces.com\n' },
    ],
  ])('stays with its owner: %s', async (_, line, files) => {
    const { base, plan } = await generated(
      '@aws-sdk/client-s3',
      ["import { S3Client } from '@aws-sdk/client-s3';", line],
      files,
    );
    expect(plan.services).toEqual({});
    expect(base).not.toContain('8333');
    expect(base).toContain('AWS_REGION:\n');
  });
});

describe('mail', () => {
  const transport = (options: string) => [
    "import { createTransport } from 'nodemailer';",
    `createTransport(${options});`,
  ];
  it.each([
    [
      '{ host: process.env.SMTP_HOST, port: Number(process.env.SMTP_PORT ?? 587) }',
      ['SMTP_HOST: mailpit', 'SMTP_PORT: "1025"'],
    ],
    ['process.env.SMTP_URL', ['SMTP_URL: smtp://mailpit:1025']],
    [
      "{ host: process.env.MAIL_HOST, secure: process.env.MAIL_SECURE !== 'false', auth: { user: process.env.MAIL_USER, pass: process.env.MAIL_PASSWORD } }",
      ['MAIL_HOST: mailpit', 'MAIL_SECURE: "false"', 'MAIL_PASSWORD: any-is-taken'],
    ],
  ])('is caught in development alone: %s', async (options, texts) => {
    const { base, development, production, notes } = await generated('nodemailer', transport(options));
    for (const text of texts) {
      expect(development).toContain(text);
      expect(base).not.toContain(text);
    }
    expect(development).toContain('image: axllent/mailpit');
    expect(base).not.toContain('mailpit');
    expect(production).not.toContain('mailpit');
    expect(notes).toContain('only in development: set the address of your own in');
  });

  it('is demanded in production where the source demands it', async () => {
    const { base, production } = await generated('nodemailer', [
      "if (!process.env.SMTP_HOST) throw new Error('SMTP_HOST is missing');",
      ...transport('{ host: process.env.SMTP_HOST }'),
    ]);
    expect(base).toContain('SMTP_HOST:\n');
    expect(production).toContain('SMTP_HOST: ${SMTP_HOST:?');
  });

  it.each([
    ["{ service: 'gmail', auth: { user: process.env.SMTP_USER, pass: process.env.SMTP_PASS } }"],
    ["{ host: process.env.SMTP_HOST ?? 'smtp.sendgrid.net', auth: { user: 'apikey', pass: process.env.SMTP_PASS } }"],
    ["{ host: 'smtp.gmail.com' }"],
  ])('stays with its owner: %s', async (options) => {
    const { development, plan } = await generated('nodemailer', transport(options));
    expect(plan.services).toEqual({});
    expect(development).not.toContain('mailpit');
  });
});

describe('clients of NATS and Memcached', () => {
  it.each([
    [
      'nats',
      "import { connect } from 'nats';\nconnect({ servers: process.env.NATS_SERVERS });",
      'NATS_SERVERS: nats://nats:4222',
    ],
    [
      '@nats-io/transport-node',
      "import { connect } from '@nats-io/transport-node';\nconnect({ servers: process.env.BROKER_NATS_URL });",
      'BROKER_NATS_URL: nats://nats:4222',
    ],
    [
      'memjs',
      "import { Client } from 'memjs';\nClient.create(process.env.MEMCACHED_SERVERS);",
      'MEMCACHED_SERVERS: memcached:11211',
    ],
    [
      'memcached',
      "import Memcached from 'memcached';\nnew Memcached(`${process.env.MEMCACHED_HOST}:${process.env.MEMCACHED_PORT}`);",
      'MEMCACHED_PORT: "11211"',
    ],
    [
      '@keyv/memcache',
      "import KeyvMemcache from '@keyv/memcache';\nnew KeyvMemcache(process.env.MEMCACHED_URL ?? 'memcached://localhost:11211');",
      'MEMCACHED_URL: memcached://memcached:11211',
    ],
  ])('lead to a container: %s', async (dependency, source, text) => {
    expect((await generated(dependency, [source])).base).toContain(text);
  });
});

describe('a program that only asks', () => {
  it.each([
    [
      '@aws-sdk/client-s3',
      "import { S3Client } from '@aws-sdk/client-s3';\nawait new S3Client({ endpoint: process.env.S3_ENDPOINT }).send();\nconsole.log('done');",
      'data-pipeline',
    ],
    [
      'nodemailer',
      "import { createTransport } from 'nodemailer';\nawait createTransport({ host: process.env.SMTP_HOST }).sendMail({});\nconsole.log('done');",
      'data-pipeline',
    ],
    [
      'meilisearch',
      "import { MeiliSearch } from 'meilisearch';\nawait new MeiliSearch({ host: process.env.MEILI_HOST }).index('a').search('b');\nconsole.log('done');",
      'data-pipeline',
    ],
    [
      'kafkajs',
      "import { Kafka } from 'kafkajs';\nconst consumer = new Kafka({ brokers: [process.env.KAFKA_BROKER] }).consumer({ groupId: 'a' });\nawait consumer.connect();\nawait consumer.run({ eachMessage: async () => {} });",
      'worker',
    ],
  ])('is a job, and one that listens to a queue a worker: %s', async (dependency, source, kind) => {
    const project = memoryProject({
      'package.json': JSON.stringify({
        name: 'once',
        type: 'module',
        scripts: { start: 'node a.js' },
        dependencies: { [dependency]: '1.0.0' },
      }),
      'a.js': source,
    });
    const [facts] = (await inspect(project, { config: {} })).apps;
    expect(facts?.archetype).toMatchObject({ value: kind });
  });
});
