import { describe, expect, it } from 'vitest';
import { artifactsOf } from '../../../src/artifacts/artifacts.ts';
import { hiddenSecret, isSecretForm } from '../../../src/model/secret-names.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { factsOf } from '../../support/facts.ts';

const secrets = {
  API_KEY: 'sk_live_abcdefgh12345678',
  WEBHOOK: 'https://hooks.slack.com/services/T000/B000/abcdefghijklmnopqrstuvwx',
  ALERTS: 'https://discord.com/api/webhooks/1234567890/abcdefghijklmnop_qrst',
  FEED: 'https://feeds.example.com/all?token=letmein',
  SIGNING: 'kJh34kjh5kjhKJH45kjh34kjh5',
  SESSION: 'super-session-literal',
  CACHE_ADDR: 'redis://:hunter2-canary@redis.example.com:6379',
  DATABASE_URL: 'postgres://shop:pg-canary@db.example.com:5432/shop',
  PIN_SALT: 'salt-of-the-source',
} as const;

const plain = {
  REGION: 'eu-central-1',
  MODEL: 'claude-3-5-sonnet-20241022',
  PUBLIC_URL: 'https://shop.example.com/orders/latest',
  BUCKET: 'shop-uploads-production-2026',
  LOG_LEVEL: 'info',
  SESSION_TTL: '3600',
} as const;

const source = Object.entries({ ...secrets, ...plain })
  .map(([name, value]) => `export const ${name} = process.env.${name} ?? '${value}';`)
  .join('\n');
const files = {
  'package.json': JSON.stringify({
    name: 'mini',
    type: 'module',
    scripts: { start: 'API_TOKEN=token-of-the-script node server.js' },
    engines: { node: '26' },
    dependencies: { pg: '8', ioredis: '5' },
  }),
  'server.js': `import http from 'node:http';\nimport pg from 'pg';\nimport { Redis } from 'ioredis';\n${source}\nconst t = process.env.API_TOKEN;\nnew pg.Pool({ connectionString: DATABASE_URL });\nnew Redis(CACHE_ADDR);\nawait fetch(FEED);\nawait fetch(WEBHOOK);\nhttp.createServer((q, r) => r.end()).listen(3000);\n`,
};

/** What of a secret must be nowhere: its last part, where the rest may be known. */
const canaries = [
  ...Object.values(secrets).map((text) => text.split(/[/=]|:(?=[^/])/).at(-1) ?? ''),
  'hunter2-canary',
  'pg-canary',
].filter((text) => !/^\d+$|^shop$/.test(text));

describe('the values that a source has for secrets', () => {
  it('are in no fact, no decision and no generated file', async () => {
    const facts = await factsOf(files);
    const plan = await makePlan({
      facts,
      specification: undefined,
      config: {},
      read: (file) => (files as Record<string, string>)[file],
    });
    const written = artifactsOf(plan, Object.keys(files));
    for (const canary of canaries) {
      expect(JSON.stringify(facts.variables)).not.toContain(canary);
      expect(JSON.stringify({ ...facts, details: {} })).not.toContain(canary);
      expect(JSON.stringify(plan)).not.toContain(canary);
      expect(JSON.stringify(written)).not.toContain(canary);
    }
    for (const name of Object.keys(secrets))
      expect(facts.variables.find((one) => one.name === name)?.secret).toBe(true);
    expect(facts.services.map(({ service }) => service).sort()).toEqual(['postgres', 'redis']);
  });

  it('are told from those of other variables, which are shown', async () => {
    const { variables } = await factsOf(files);
    for (const [name, value] of Object.entries(plain))
      expect(variables.find((one) => one.name === name)).toMatchObject({ secret: false, default: value });
  });

  it('are what the owner says', async () => {
    const { variables } = await factsOf(files, { variables: { SIGNING: { secret: false } } });
    expect(variables.find(({ name }) => name === 'SIGNING')).toMatchObject({ secret: false, default: secrets.SIGNING });
  });

  it.each([
    ['redis://:pw@cache:6379', 'redis://********@cache:6379'],
    ['https://hooks.slack.com/services/T/B/x', 'https://********@hooks.slack.com'],
    ['anything', '********'],
    ['', ''],
  ])('are hidden, but for the place that an address leads to: %s', (text, shown) => {
    expect(hiddenSecret(text)).toBe(shown);
  });

  it.each([
    ...Object.values(plain),
    '123e4567-e89b-12d3-a456-426614174000',
    'redis://cache:6379',
    'https://a.example.com/v1/aVeryLongNameOfAnEndpoint',
  ])('have a form that other values have not: %s', (text) => {
    expect(isSecretForm(text)).toBe(false);
  });
});
