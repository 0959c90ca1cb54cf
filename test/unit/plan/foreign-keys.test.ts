import { describe, expect, it } from 'vitest';
import { composeDevelopment } from '../../../src/artifacts/compose-dev.ts';
import { localEnv } from '../../../src/artifacts/env.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { factsOf } from '../../support/facts.ts';

const rows = async (files: Readonly<Record<string, string>>) => {
  const facts = await factsOf(files);
  const plan = await makePlan({ facts, specification: undefined, config: {}, read: (file) => files[file] });
  const { text, filled } = localEnv(plan, () => 'random');
  return { text, filled, settings: plan.settings };
};
const manifest = (more: object = {}) =>
  JSON.stringify({
    name: 'shop',
    private: true,
    scripts: { start: 'node index.js' },
    engines: { node: '24' },
    ...more,
  });
const demanded = (...names: string[]) =>
  names.map((name) => `if (!process.env.${name}) throw new Error('${name} is missing');`).join('\n');
const server = "\nrequire('node:http').createServer((q, s) => s.end()).listen(3000);\n";

describe('a key of somebody else', () => {
  it.each([
    ['SENDGRID_API_KEY', 'OPENAI_API_KEY', 'STRIPE_SECRET_KEY'],
    ['TELEGRAM_BOT_TOKEN', 'GITHUB_CLIENT_SECRET', 'SMTP_PASSWORD'],
    ['PAYMENT_API_KEY', 'AWS_SECRET_ACCESS_KEY', 'TWILIO_AUTH_TOKEN'],
  ])('stays empty in .env, for its owner to fill in: %s, %s, %s', async (...names) => {
    const { text, filled, settings } = await rows({
      'package.json': manifest(),
      'index.js': demanded(...names) + server,
    });
    for (const name of names) {
      expect(text).toMatch(new RegExp(`: set it\n${name}=\n`));
      expect(settings[name]).toMatchObject({
        required: true,
        secret: true,
        hint: 'the key that the service gives you',
      });
    }
    expect(filled).toEqual([]);
  });

  it('is known by a schema, too', async () => {
    const schema =
      "const { z } = require('zod');\nz.object({ RESEND_API_KEY: z.string().min(1), SESSION_SECRET: z.string().min(32) }).parse(process.env);";
    const { text } = await rows({
      'package.json': manifest({ dependencies: { zod: '4' } }),
      'index.js': schema + server,
    });
    expect(text).toContain('RESEND_API_KEY=\n');
    expect(text).toContain('SESSION_SECRET=random\n');
  });

  it.each(['JWT_SECRET', 'ENCRYPTION_KEY', 'ADMIN_PASSWORD', 'API_KEY', 'INTERNAL_API_KEY', 'ADMIN_API_TOKEN'])(
    'is none of the application itself: %s',
    async (name) => {
      const { text } = await rows({ 'package.json': manifest(), 'index.js': demanded(name) + server });
      expect(text).toContain(`${name}=random\n`);
    },
  );
});

describe('a time zone that has to be set', () => {
  it.each(['TZ', 'SCHOOL_TIMEZONE', 'APP_TIME_ZONE'])('is that of the world in .env: %s', async (name) => {
    const { text } = await rows({ 'package.json': manifest(), 'index.js': demanded(name) + server });
    expect(text).toContain(`\n${name}=UTC\n`);
  });

  it('is not guessed for what only sounds like one', async () => {
    const { text } = await rows({ 'package.json': manifest(), 'index.js': demanded('ZONE_ID') + server });
    expect(text).toContain('\nZONE_ID=\n');
  });
});

describe('who owns the folder of the project', () => {
  const site = {
    'package.json': manifest({ scripts: { build: 'vite build' }, devDependencies: { vite: '5.4.11' } }),
    'index.html': '<script type="module" src="/src/main.js"></script>',
    'src/main.js': '',
  };
  const server = { 'package.json': manifest(), 'index.js': "require('node:http').createServer().listen(3000);\n" };
  const rendered = {
    'package.json': manifest({
      scripts: { build: 'next build', start: 'next start' },
      dependencies: { next: '16.0.0' },
    }),
    'app/page.jsx': 'export default () => null;\n',
  };
  it.each([
    ['a site, of root', site, '0:0', 'DEV_USER=0:0'],
    ['a site, of a second user', site, '1001:100', 'DEV_USER=1001:100'],
    ['a framework with a server', rendered, '1001:1001', 'DEV_USER=1001:1001'],
    ['a site, of the user of the image', site, '1000:1000', undefined],
    ['a site where it makes no difference', site, undefined, undefined],
    ['a server that only reads its source', server, '0:0', undefined],
  ] as const)('is whom the development server runs as: %s', async (_, files, owner, row) => {
    const facts = await factsOf(files);
    const read = (file: string) => (files as Readonly<Record<string, string>>)[file];
    const plan = await makePlan({ facts, specification: undefined, config: {}, read });
    const { text, filled } = localEnv(plan, () => 'random', owner);
    expect(text.split('\n').find((line) => line.startsWith('DEV_USER='))).toBe(row);
    expect(filled).toEqual(row === undefined ? [] : ['DEV_USER']);
    const form = composeDevelopment(plan).content;
    expect(form.includes('user: "${DEV_USER:-1000:1000}"')).toBe(files !== server);
  });
});

describe('where the app itself is, on this machine', () => {
  it.each([
    ['PUBLIC_ORIGIN', 'http://localhost:3000'],
    ['APP_DOMAIN', 'localhost'],
    ['NG_ALLOWED_HOSTS', 'localhost,127.0.0.1'],
    ['TRUSTED_HOSTS', 'localhost,127.0.0.1'],
    ['HOSTS_FILE', ''],
  ])('%s is %s', async (name, value) => {
    const { text } = await rows({ 'package.json': manifest(), 'index.js': demanded(name) + server });
    expect(text).toContain(`${name}=${value}\n`);
  });
});
