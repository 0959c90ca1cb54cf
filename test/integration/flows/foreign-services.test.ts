import { describe, expect, it } from 'vitest';
import { generate } from '../../../src/flows/generate.ts';
import { committedProject } from '../../support/committed.ts';

type Files = Readonly<Record<string, string>>;

const manifest = (dependencies: Files) =>
  JSON.stringify({ name: 'pier', scripts: { start: 'node server.js' }, engines: { node: '24' }, dependencies });
const listening = "require('node:http').createServer((q, r) => r.end('x')).listen(process.env.PORT);\n";
const store = {
  'package.json': manifest({ '@aws-sdk/client-s3': '3.658.1' }),
  'server.js': `const { S3Client } = require('@aws-sdk/client-s3');
new S3Client({ endpoint: process.env.FILES_AT, region: process.env.AWS_REGION, credentials: { accessKeyId: process.env.AWS_ACCESS_KEY_ID, secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY } });
console.log(process.env.AWS_S3_BUCKET);
${listening}`,
  '.env.example': 'PORT=8400\nFILES_AT=http://localhost:9000\nAWS_REGION=eu-west-1\nAWS_S3_BUCKET=papers\n',
};
const cache = {
  'package.json': manifest({ ioredis: '5.4.0' }),
  'server.js': `const { Redis } = require('ioredis');\nnew Redis(process.env.REDIS_URL);\n${listening}`,
};

const minio = (more = '') => `services:
  shelf:
    image: minio/minio
    command: server /data --console-address ":9001"
    environment: { MINIO_ROOT_USER: clerk, MINIO_ROOT_PASSWORD: paper-and-ink }
    ports: ["9000:9000", "9001:9001"]
    volumes: [shelf:/data]
${more}volumes: { shelf: {} }
`;

const made = async (files: Files, set: Record<string, string>) => {
  const { artifacts, context } = await generate({ cwd: committedProject(files), set });
  const text = (path: string) => artifacts.find((one) => one.path === path)?.content ?? '';
  return { text, plan: context.plan };
};

describe('a service of another maker that is replaced', () => {
  it.each<[string, Files, string]>([
    ['a store of objects', { ...store, 'compose.yaml': minio() }, 's3'],
    [
      'a cache',
      {
        ...cache,
        'compose.yaml':
          'services:\n  fast:\n    image: bitnami/redis:7.4\n    command: /opt/bitnami/scripts/redis/run.sh --maxmemory 100mb\n    volumes: [fast:/bitnami/redis/data]\nvolumes: { fast: {} }\n',
      },
      'redis',
    ],
    [
      'a database',
      {
        'package.json': manifest({ mysql2: '3.11.0' }),
        'server.js': `require('mysql2').createPool(process.env.DATABASE_URL);\n${listening}`,
        'compose.yaml':
          'services:\n  rows:\n    image: percona:8\n    command: ["mysqld", "--userstat=1"]\n    volumes: [rows:/var/lib/mysql]\nvolumes: { rows: {} }\n',
      },
      'db',
    ],
  ])('leaves its command and its files behind, and both are listed: %s', async (_, files, host) => {
    const { plan } = await made(files, { existing: 'replace' });
    const own = /\b(shelf|fast|rows)\b/;
    const said = (plan.leftOut ?? []).map(({ what }) => what);
    expect(said).toContainEqual(expect.stringMatching(/^command of (shelf|fast|rows)$/));
    expect(said).toContainEqual(expect.stringMatching(/^(shelf|fast|rows) mounted at /));
    const service = plan.services[host] ?? Object.values(plan.services)[0];
    expect(service?.command?.join(' ') ?? '').not.toMatch(/console-address|bitnami|userstat/);
    expect(service?.volume?.name).not.toMatch(own);
  });

  it('is another one than the same server by its own image, which keeps both', async () => {
    const files = {
      ...cache,
      'compose.yaml':
        'services:\n  fast:\n    image: redis:7\n    command: ["redis-server", "--maxmemory", "100mb"]\n    volumes: [fast:/data]\nvolumes: { fast: {} }\n',
    };
    const { text } = await made(files, { existing: 'replace' });
    expect(text('compose.yaml')).toContain('command: ["redis-server", "--maxmemory", "100mb"]');
    expect(text('compose.yaml')).toContain('fast:/data');
  });
});

describe('an example that is an address of this machine where a service is published', () => {
  it('leads the application to that service, as its maker has it', async () => {
    const { text } = await made({ ...store, 'compose.yaml': minio() }, {});
    const form = text('compose.prod.yaml');
    expect(form).toContain('FILES_AT: http://shelf:9000');
    expect(form).toContain('AWS_ACCESS_KEY_ID: clerk');
    // nobody knows its buckets but its owner
    expect(form).toContain('AWS_S3_BUCKET:');
    expect(form).not.toContain('pier-files');
    expect(form).not.toContain('paper-and-ink');
  });

  it('leads it to the container that takes its place', async () => {
    const { text } = await made({ ...store, 'compose.yaml': minio() }, { existing: 'replace' });
    expect(text('compose.yaml')).toContain('FILES_AT: http://s3:8333');
  });

  it.each([
    ['with host and port alone', 'localhost:6390', '"6390:6379"', 'QUEUE_AT: jobs:6379'],
    ['as an address', 'redis://127.0.0.1:6379', '"127.0.0.1:6379:6379"', 'QUEUE_AT: redis://jobs:6379'],
    ['of another port', 'redis://localhost:6380', '"6379:6379"', 'QUEUE_AT:'],
    ['elsewhere', 'redis://example.org:6379', '"6379:6379"', 'QUEUE_AT:'],
  ])('or not: %s', async (_, example, port, line) => {
    const files = {
      ...cache,
      'server.js': `const { Redis } = require('ioredis');\nconst { queue } = require('./settings');\nnew Redis(process.env.REDIS_URL);\nconsole.log(queue);\n${listening}`,
      'settings.js': 'exports.queue = process.env.QUEUE_AT?.length;\n',
      '.env.example': `QUEUE_AT=${example}\n`,
      'compose.yaml': `services:\n  jobs:\n    image: redis:7\n    ports: [${port}]\n`,
    };
    const { text } = await made(files, {});
    expect(text('compose.prod.yaml')).toContain(line);
  });

  it('is none of the page that its owner opens', async () => {
    const files = {
      ...store,
      'server.js': `${store['server.js']}console.log(process.env.PAGE_AT);\n`,
      '.env.example': `${store['.env.example']}PAGE_AT=http://localhost:9001\n`,
      'compose.yaml': minio(),
    };
    const { text } = await made(files, {});
    expect(text('compose.prod.yaml')).not.toContain('PAGE_AT: http://shelf');
  });
});

describe('a kept Dockerfile that no compose file starts, beside services', () => {
  const dockerfile =
    'FROM node:24-slim AS development\nWORKDIR /app\nCOPY . .\nRUN npm install\nCMD ["npm", "run", "start"]\n';
  it.each([
    ['services in the root', 'compose.yaml', '', '.:/app'],
    ['services in a folder', 'docker/docker-compose.services.yml', '', '..:/app'],
    ['an image that sets the port', 'docker/compose.db.yaml', 'ENV PORT=8400\n', '..:/app'],
  ])('gets its port and its sources: %s', async (_, file, env, mount) => {
    const text = 'services:\n  jobs:\n    image: redis:7\n';
    const image = `${dockerfile}FROM node:24-slim AS production\nWORKDIR /app\n${env}COPY --from=development /app ./\nCMD ["node", "server.js"]\n`;
    const files = { ...cache, '.env.example': 'PORT=8400\n', Dockerfile: image, [file]: text };
    const one = await made(files, {});
    const form = (name: string) => one.text(file.replace(/\.(ya?ml)$/, `.${name}.$1`));
    expect(form('dev')).toContain(`${mount}`);
    expect(form('dev')).not.toContain('../..');
    expect(form('prod').includes('PORT: "8400"')).toBe(env === '');
    expect(form('prod')).toContain(':8400"]');
  });
});
