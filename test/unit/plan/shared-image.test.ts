import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { composeBase } from '../../../src/artifacts/compose.ts';
import { composeDevelopment } from '../../../src/artifacts/compose-dev.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { factsOf } from '../../support/facts.ts';

type Files = Readonly<Record<string, string>>;
type Service = { build?: { target?: string }; image?: string; pull_policy?: string; depends_on?: object };

const web = "require('http').createServer((q, r) => r.end()).listen(process.env.PORT || 3000);\n";
const stays = 'setInterval(() => {}, 1000);\n';
const manifest = (scripts: object, more: object = {}) =>
  JSON.stringify({ name: 'shop', private: true, scripts, engines: { node: '24' }, ...more });

const servicesOf = async (files: Files, print = composeBase, config = {}) => {
  const facts = await factsOf(files, config);
  const plan = await makePlan({ facts, specification: undefined, config, read: (file) => files[file] });
  return (parse(print(plan).content, { logLevel: 'silent' }) as { services: Record<string, Service> }).services;
};

const projects: readonly (readonly [string, Files, readonly string[]])[] = [
  [
    'a Procfile',
    {
      'package.json': manifest({ start: 'node web.js' }),
      'web.js': web,
      'mail.js': stays,
      'tidy.js': stays,
      Procfile: 'web: node web.js\nmail: node mail.js\ntidy: node tidy.js\n',
    },
    ['mail', 'tidy'],
  ],
  [
    'scripts of an application with ES modules',
    {
      'package.json': manifest({ start: 'node web.mjs', 'start:mails': 'node queue.mjs' }, { type: 'module' }),
      'web.mjs': "import { createServer } from 'node:http';\ncreateServer().listen(3000);\n",
      'queue.mjs': stays,
    },
    ['mails'],
  ],
  [
    'concurrently of an application of Bun',
    {
      'package.json': JSON.stringify({
        name: 'shop',
        scripts: { start: 'concurrently "bun web.ts" "bun worker.ts"' },
        engines: { bun: '^1.4' },
      }),
      'web.ts': 'Bun.serve({ port: 3000, fetch: () => new Response() });\n',
      'worker.ts': stays,
    },
    ['worker'],
  ],
];

describe('the image that several processes share', () => {
  it.each(projects)('is built by one service, and the others wait for it: %s', async (_, files, names) => {
    const services = await servicesOf(files);
    expect(services['app']?.build).toBeDefined();
    for (const name of names) {
      expect(services[name]).toMatchObject({ image: services['app']?.image, pull_policy: 'never' });
      expect(services[name]?.build).toBeUndefined();
      expect(services[name]?.depends_on).toMatchObject({ app: { condition: 'service_started' } });
    }
  });

  it.each(projects)('is built under names of their own where the app is developed: %s', async (_, files, names) => {
    const services = await servicesOf(files, composeDevelopment);
    const images = ['app', ...names].map((name) => services[name]?.image);
    expect(new Set(images).size).toBe(images.length);
    for (const name of names) expect(services[name]?.build?.target).toBe('production');
  });

  it('stays as it is for one process: it builds, and needs nobody', async () => {
    const files = { 'package.json': manifest({ start: 'node web.js' }), 'web.js': web };
    const { app } = await servicesOf(files);
    expect(app?.build).toBeDefined();
    expect(app?.pull_policy).toBeUndefined();
    expect(app?.depends_on).toBeUndefined();
  });

  it('is another one for a migration, which builds its own stage', async () => {
    const files = { ...projects[0]?.[1], 'db.js': stays };
    const { migrate, app } = await servicesOf(files, composeBase, { migrate: ['node', 'db.js'] });
    expect(migrate?.build?.target).toBe('migrate');
    expect(migrate?.image).not.toBe(app?.image);
    expect(migrate?.depends_on).toBeUndefined();
  });
});
