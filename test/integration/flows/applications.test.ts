import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { check } from '../../../src/flows/check.ts';
import { explain } from '../../../src/flows/explain.ts';
import { type GenerateOptions, generate, writeGeneration } from '../../../src/flows/generate.ts';
import { UserError } from '../../../src/model/errors.ts';
import { contentsOf, fill } from '../../support/folder.ts';
import { marketFiles } from '../../support/workspaces.ts';

type Files = Readonly<Record<string, string>>;

let root = '';
beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'dockwright-applications-')));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeEach(() => fill(root, marketFiles()));

const generated = async (options: Omit<GenerateOptions, 'cwd'>) => {
  const generation = await generate({ cwd: root, ...options });
  await writeGeneration(generation, { edits: true, env: false });
  return generation;
};

const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');
// biome-ignore lint/suspicious/noExplicitAny: what a compose file holds
const composeOf = (path = 'docker-compose.yml'): any => parse(textOf(path), { logLevel: 'silent' });
const servicesOf = (path?: string): readonly string[] => Object.keys(composeOf(path).services);

const refusal = async (options: Omit<GenerateOptions, 'cwd'>): Promise<UserError> => {
  const error = await generate({ cwd: root, ...options }).catch((thrown: unknown) => thrown);
  if (!(error instanceof UserError)) throw new Error('nothing was refused');
  return error;
};

/** The fixture with further members, which its lockfile knows. */
function marketWith(...more: readonly Files[]): Files {
  const files = Object.assign({}, marketFiles(), ...more) as Record<string, string>;
  const lock = JSON.parse(files['package-lock.json'] ?? '');
  for (const path of Object.keys(files)) {
    const folder = /^(apps\/\w+)\/package\.json$/.exec(path)?.[1];
    if (folder === undefined || lock.packages[folder]) continue;
    const name = JSON.parse(files[path] ?? '').name;
    lock.packages[folder] = { name };
    lock.packages[`node_modules/${name}`] = { resolved: folder, link: true };
  }
  return { ...files, 'package-lock.json': JSON.stringify(lock) };
}

/** A member that answers at a port. */
const member = (name: string, port: number, more = ''): Files => ({
  [`apps/${name}/package.json`]: JSON.stringify({
    name: `@market/${name}`,
    private: true,
    scripts: { start: 'node server.js' },
  }),
  [`apps/${name}/server.js`]: `require('node:http').createServer((q, r) => r.end('ok')).listen(process.env.PORT ?? ${port});\n${more}`,
});

describe('all applications of a repository', () => {
  it('are one set, in which each service is called after its application', async () => {
    await generated({ all: true });
    expect(servicesOf()).toEqual(['api', 'report', 'site', 'worker', 'db']);
    const { name, services } = composeOf();
    expect(name).toBe('market');
    expect(services.api.image).toBe('market-api:${TAG:-local}');
    expect(services.site.build.dockerfile).toBe('apps/site/Dockerfile');
    for (const app of ['api', 'report', 'site', 'worker'])
      expect(textOf(`apps/${app}/Dockerfile`)).toContain(`apps/${app}`);
  });

  it('share their database, and what ends is not started with the others', async () => {
    await generated({ all: true });
    const { services } = composeOf();
    expect(services.api.environment.DATABASE_URL).toContain('@db:5432/market');
    expect(services.worker.environment.DATABASE_URL).toBe(services.api.environment.DATABASE_URL);
    expect(services.report.profiles).toEqual(['jobs']);
    expect(services.worker.profiles).toBeUndefined();
  });

  it('find each other: pages by the port of this machine, programs by the service', async () => {
    const { context } = await generated({ all: true });
    const { services } = composeOf();
    expect(services.site.build.args.VITE_API_URL).toBe('${VITE_API_URL:-http://localhost:${API_PORT:-4180}}');
    expect(services.report.environment.API_URL).toBe('${API_URL:-http://api:4180}');
    expect(textOf('apps/site/Dockerfile')).toContain('ARG VITE_API_URL=http://localhost:4180');
    expect(context.plan.decisions['images.site.args.VITE_API_URL']?.why).toContain('from the browser');
  });

  it('take ports of this machine that nothing else of them has, in any form', async () => {
    fill(root, marketWith(member('admin', 4180), member('shop', 8080), member('vite', 5173)));
    await generated({ all: true });
    const portsOf = (path: string): number[] =>
      Object.values<{ ports?: string[] }>(composeOf(path).services).flatMap(({ ports = [] }) =>
        ports.map((text) => Number(/:-(\d+)\}/.exec(text)?.[1])),
      );
    for (const path of ['docker-compose.yml', 'docker-compose.dev.yml']) {
      const ports = portsOf(path);
      expect(ports.length).toBeGreaterThan(4);
      expect(new Set(ports).size).toBe(ports.length);
    }
    expect(composeOf().services.admin.ports).toEqual(['${ADMIN_PORT:-4180}:4180']);
    expect(composeOf().services.api.ports).toEqual(['${API_PORT:-4181}:4180']);
  });

  it('are checked and explained as one, and as some of them', async () => {
    await generated({ all: true });
    for (const options of [{}, { all: true }, { app: 'site' }, { app: 'api,worker' }])
      expect((await check({ cwd: root, ...options })).drift.drifted).toBe(false);
    const at =
      textOf('docker-compose.yml')
        .split('\n')
        .findIndex((line) => line.includes('VITE_API_URL')) + 1;
    const line = await explain({ cwd: root, file: 'docker-compose.yml', at });
    expect(line.key).toBe('images.site.args.VITE_API_URL');
  });
});

describe('an application that is added later', () => {
  it('takes nothing of the first one away, and all one by one are as all at once', async () => {
    for (const app of ['api', 'site', 'report,worker']) await generated({ app });
    const one = contentsOf(root);
    fill(root, marketFiles());
    await generated({ all: true });
    expect(one).toEqual(contentsOf(root));
  });

  it('leaves the files and edits of the first one as they are', async () => {
    await generated({ app: 'api' });
    const dockerfile = textOf('apps/api/Dockerfile');
    writeFileSync(
      join(root, 'docker-compose.yml'),
      textOf('docker-compose.yml').replace('    ports:', '    hostname: shop\n    ports:'),
    );
    await generated({ app: 'site' });
    expect(servicesOf()).toEqual(['api', 'site', 'db']);
    expect(composeOf().services.api.hostname).toBe('shop');
    expect(textOf('apps/api/Dockerfile')).toBe(dockerfile);
  });

  it('is left as it is when the first one is generated again, whatever became of its sources', async () => {
    await generated({ app: 'api,worker' });
    const before = [composeOf().services.worker, textOf('apps/worker/Dockerfile')];
    writeFileSync(
      join(root, 'apps/worker/worker.js'),
      `${textOf('apps/worker/worker.js')}console.log(process.env.MORE);\n`,
    );
    writeFileSync(join(root, 'apps/api/src/server.ts'), textOf('apps/api/src/server.ts').replace('4180', '4190'));
    await generated({ app: 'api' });
    expect([composeOf().services.worker, textOf('apps/worker/Dockerfile')]).toEqual(before);
    expect(composeOf().services.api.ports).toEqual(['${API_PORT:-4190}:4190']);
    expect((await check({ cwd: root })).drift.drifted).toBe(true);
    await generated({});
    expect(composeOf().services.worker.environment).toHaveProperty('MORE');
  });

  it('does not drop out where what was kept of it was lost', async () => {
    await generated({ app: 'api,worker' });
    const before = composeOf();
    rmSync(join(root, '.dockwright/applications/worker.json'));
    await generated({ app: 'api' });
    expect(composeOf()).toEqual(before);
    expect(JSON.parse(textOf('.dockwright/applications/worker.json'))).toHaveProperty('applications.worker');
  });

  it('keeps the port that another one had before, though it comes first', async () => {
    await generated({ app: 'api' });
    const added = marketWith(member('admin', 4180));
    mkdirSync(join(root, 'apps/admin'));
    for (const path of ['package-lock.json', 'apps/admin/package.json', 'apps/admin/server.js'])
      writeFileSync(join(root, path), added[path] ?? '');
    await generated({ app: 'admin' });
    expect(composeOf().services.api.ports).toEqual(['${API_PORT:-4180}:4180']);
    expect(composeOf().services.admin.ports).toEqual(['${ADMIN_PORT:-4181}:4180']);
    await generated({ all: true });
    expect(composeOf().services.api.ports).toEqual(['${API_PORT:-4180}:4180']);
  });
});

describe('Dockerfiles of the author', () => {
  const dockerfile = 'FROM node:24-slim\nWORKDIR /app\nCOPY . .\nCMD ["node", "worker.js"]\n';

  it('stay, and their applications are started beside the others', async () => {
    fill(root, { ...marketFiles(), 'apps/worker/Dockerfile': dockerfile });
    await generated({ all: true });
    expect(textOf('apps/worker/Dockerfile')).toBe(dockerfile);
    expect(servicesOf()).toEqual(['api', 'report', 'site', 'worker', 'db']);
    expect(composeOf().services.worker.build).toEqual({ context: './apps/worker' });
    expect(composeOf().services.worker.image).toBe('market-worker:${TAG:-local}');
  });

  const database = {
    image: 'postgres:18',
    environment: { POSTGRES_USER: 'shop', POSTGRES_PASSWORD: 'shop', POSTGRES_DB: 'shop' },
    volumes: ['pg:/var/lib/postgresql'],
  };
  const composed = (services: object): Files => ({
    'docker-compose.yml': JSON.stringify({ services, volumes: { pg: {} } }),
  });
  const backend = {
    build: { context: '.', dockerfile: 'apps/api/Dockerfile' },
    environment: { DATABASE_URL: 'postgres://shop:shop@database:5432/shop' },
    ports: ['4180:4180'],
    depends_on: ['database'],
  };
  const api =
    'FROM node:24\nWORKDIR /app\nCOPY . .\nRUN npm ci\nEXPOSE 4180\nCMD ["node", "apps/api/dist/server.js"]\n';

  it('leave their databases to all applications, which the added forms start', async () => {
    fill(root, { ...marketFiles(), ...composed({ database }) });
    await generated({ all: true });
    const { services } = composeOf('docker-compose.prod.yml');
    expect(Object.keys(services)).toEqual(['api', 'report', 'site', 'worker', 'database']);
    for (const name of ['api', 'report', 'worker']) {
      expect(services[name].environment.DATABASE_URL).toContain('@database:5432/shop');
      expect(services[name].depends_on).toEqual({ database: { condition: 'service_started' } });
    }
    expect(services.database).not.toHaveProperty('image');
    expect(Object.keys(composeOf('docker-compose.dev.yml').services)).toEqual(['api', 'report', 'site', 'worker']);
  });

  it('start the applications that they start, and the others stand beside them in the added forms', async () => {
    const web = { build: { context: '.', dockerfile: 'apps/site/Dockerfile' }, ports: ['8088:80'] };
    const files = { 'apps/api/Dockerfile': api, 'apps/site/Dockerfile': dockerfile.replace('worker.js', 'server.js') };
    fill(root, { ...marketFiles(), ...files, ...composed({ database, backend, web }) });
    const { context } = await generated({ all: true });
    expect(context.deployed?.whole.applications?.['api']?.workloads).toEqual(['backend']);
    const { services } = composeOf('docker-compose.prod.yml');
    expect(Object.keys(services).sort()).toEqual(['backend', 'database', 'report', 'web', 'worker']);
    for (const name of ['backend', 'web']) {
      expect(services[name]).not.toHaveProperty('build');
      expect(services[name]).not.toHaveProperty('ports');
      expect(services[name].deploy.resources.limits.memory).toBe('1G');
    }
    expect(services.report.environment.API_URL).toBe('${API_URL:-http://backend:4180}');
    expect(textOf('apps/api/Dockerfile')).toBe(api);
  });

  it('have one ignore file for the images that are built from one folder', async () => {
    const web = { build: { context: '.', dockerfile: 'apps/site/Dockerfile' } };
    const site = 'FROM node:24\nWORKDIR /app\nCOPY package.json docs apps/site ./\nCMD ["npm", "start"]\n';
    const files = { 'apps/api/Dockerfile': api, 'apps/site/Dockerfile': site, 'docs/guide.md': '# Guide' };
    fill(root, { ...marketFiles(), ...files, ...composed({ database, backend, web }) });
    await generated({ app: 'api,site' });
    expect(textOf('.dockerignore')).toContain('**/node_modules');
    expect(textOf('.dockerignore')).not.toMatch(/^(docs|apps)/m);
  });

  it('get one application after the other, and take nothing of the first away', async () => {
    fill(root, { ...marketFiles(), 'apps/api/Dockerfile': api, ...composed({ database, backend }) });
    await generated({ app: 'worker' });
    await generated({ app: 'api' });
    const names = Object.keys(composeOf('docker-compose.prod.yml').services).sort();
    expect(names).toEqual(['backend', 'database', 'worker']);
  });

  it('give a service beside them another name where theirs has it', async () => {
    const worker = { image: 'redis:8' };
    fill(root, { ...marketFiles(), ...composed({ database, worker }) });
    await generated({ app: 'worker' });
    expect(Object.keys(composeOf('docker-compose.prod.yml').services)).toContain('worker-app');
  });

  it('are refused together where they start the applications apart from each other', async () => {
    const of = (name: string) => JSON.stringify({ services: { [name]: { build: '.', ports: ['4180:4180'] } } });
    const files = {
      'backend/package.json': JSON.stringify({ name: 'backend', scripts: { start: 'node server.js' } }),
      'backend/server.js': "require('node:http').createServer((q, r) => r.end('ok')).listen(4180);\n",
      'backend/Dockerfile': dockerfile,
      'backend/docker-compose.yml': of('backend'),
      'frontend/package.json': JSON.stringify({ name: 'frontend', scripts: { start: 'node server.js' } }),
      'frontend/server.js': "require('node:http').createServer((q, r) => r.end('ok')).listen(4181);\n",
      'frontend/Dockerfile': dockerfile,
      'frontend/docker-compose.yml': of('frontend'),
    };
    fill(root, files);
    const error = await refusal({ all: true });
    expect(error.code).toBe('compose-kept');
    expect(error.next.join(' ')).toContain('--set existing=replace');
  });
});

describe('all applications, where one of them cannot be decided', () => {
  const page = (name: string, scripts: object): Files => ({
    [`apps/${name}/package.json`]: JSON.stringify({ name: `@market/${name}`, version: '1.0.0', scripts }),
  });

  it.each<[string, Files]>([
    ['no file is known to start', page('desktop', { start: 'wails dev' })],
    ['the kind is not known', page('desktop', { start: 'yarn run start' })],
    [
      'a sibling is missing',
      {
        'apps/desktop/package.json':
          '{ "name": "@market/desktop", "scripts": { "start": "node index.js" }, "dependencies": { "@market/gone": "workspace:*" } }',
        'apps/desktop/index.js': 'setInterval(() => {}, 1000);',
      },
    ],
  ])('are deployed without one of which %s, and it is said', async (_, files) => {
    fill(root, marketWith(files));
    const { context } = await generated({ all: true });
    expect(servicesOf()).toEqual(['api', 'report', 'site', 'worker', 'db']);
    expect(context.warnings.filter((warning) => warning.startsWith('desktop is left out. '))).toHaveLength(1);
    const { changes } = await generate({ cwd: root, all: true });
    expect(changes.flatMap(({ path, act }) => (act === 'same' || act === 'keep' ? [] : [path]))).toEqual([]);
  });

  it('are asked about the one that is named', async () => {
    fill(root, marketWith(page('desktop', { start: 'wails dev' })));
    expect((await refusal({ app: 'api,desktop' })).message).toMatch(/^desktop: /);
  });

  it('are asked about where none of them can be decided', async () => {
    fill(root, {
      'package.json': '{ "name": "all", "private": true, "workspaces": ["apps/*"] }',
      ...page('desktop', { start: 'wails dev' }),
      ...page('phone', { start: 'wails dev' }),
    });
    expect((await refusal({ all: true })).message).toMatch(/^desktop: /);
  });
});

describe('an example of settings', () => {
  const reading = "if (!process.env.UPLOAD_TYPES) throw new Error('UPLOAD_TYPES is required');";
  it.each<[string, Files, string]>([
    ['in the root', { '.env.example': 'UPLOAD_TYPES=image/png\n' }, 'image/png'],
    [
      'of its own, before that of the root',
      { '.env.example': 'UPLOAD_TYPES=image/png\n', 'apps/media/.env.example': 'UPLOAD_TYPES=video/mp4\n' },
      'video/mp4',
    ],
  ])('counts for a member of a workspace: %s', async (_, example, expected) => {
    fill(root, marketWith(member('media', 4190, reading), example));
    const { context } = await generated({ app: 'media' });
    expect(context.plan.settings['UPLOAD_TYPES']).toMatchObject({ required: true, example: expected });
  });
});

describe('an application that is asked for', () => {
  it('is found by its name, its folder and the name of its package', async () => {
    for (const app of ['api', 'apps/api', './apps/api/'])
      expect((await generate({ cwd: root, app })).context.facts.root).toBe('apps/api');
  });

  it('is refused with the names of all where there is none of that name', async () => {
    const error = await refusal({ app: 'api,sitee' });
    expect(error.message).toBe('No application is named "sitee"; available: api, report, site, worker');
    expect(error.next.join(' ')).toContain('Did you mean site?');
    expect(error.next.join(' ')).toContain('`--all`');
  });

  it('is asked for where nothing was generated yet, with both ways out', async () => {
    const error = await refusal({});
    expect(error.code).toBe('app-ambiguous');
    expect(error.next.join(' ')).toMatch(/`--app api`.*`--all`/);
  });

  it('answers questions of its own by keys of its own', async () => {
    await generated({ all: true, set: { 'apps.worker.archetype': 'data-pipeline', 'apps.api.port': '5000' } });
    expect(composeOf().services.worker.profiles).toEqual(['jobs']);
    expect(composeOf().services.api.ports).toEqual(['${API_PORT:-5000}:5000']);
    expect(composeOf().services.site.ports).toEqual(['${SITE_PORT:-8080}:8080']);
  });
});

describe('a specification of the whole', () => {
  const specification: Files = {
    'specs/assertions.json': JSON.stringify({
      version: '1.0.0',
      archetype: 'web-service',
      assertions: [
        {
          id: 'A-001',
          natural: 'Every beat is persisted durably in the database',
          status: 'confirmed',
          tags: ['persistence'],
        },
        {
          id: 'A-002',
          natural: 'Orders wait in a queue until a worker charges them',
          status: 'confirmed',
          tags: ['queue'],
        },
      ],
    }),
  };

  it('asks services of those that use them, else of the first that answers, and makes no site a service', async () => {
    fill(root, { ...marketFiles(), ...specification });
    const { context } = await generated({ all: true });
    const kinds = Object.values(context.plan.applications ?? {}).map(({ archetype }) => archetype);
    expect(kinds).toEqual(['web-service', 'data-pipeline', 'web-app', 'worker']);
    const { services } = composeOf();
    expect(Object.keys(services)).toEqual(['api', 'report', 'site', 'worker', 'db', 'redis']);
    const waits = (name: string) => Object.keys(services[name].depends_on ?? {});
    expect(['api', 'report', 'site', 'worker'].map(waits)).toEqual([['db', 'redis'], [], [], ['db']]);
  });
});

describe('an address that pages read', () => {
  const page = (text: string): Files => ({ 'apps/site/src/main.js': `fetch(${text});\n` });

  it('is that of the application whose port it had, with its path', async () => {
    fill(root, marketWith(member('orders', 4190), page("import.meta.env.VITE_BASE ?? 'http://localhost:4190/v1'")));
    await generated({ all: true });
    expect(composeOf().services.site.build.args.VITE_BASE).toBe(
      '${VITE_BASE:-http://localhost:${ORDERS_PORT:-4190}/v1}',
    );
  });

  it('is that of the application that it is called after', async () => {
    fill(root, marketWith(member('orders', 4190), page('import.meta.env.VITE_ORDERS_URL')));
    await generated({ all: true });
    expect(composeOf().services.site.build.args.VITE_ORDERS_URL).toContain('${ORDERS_PORT:-4190}');
  });

  it('is asked for where several answer and could not determine which one', async () => {
    fill(root, marketWith(member('orders', 4190), page('import.meta.env.VITE_SERVER_URL')));
    const { context } = await generated({ all: true });
    const question = context.plan.questions.find(({ key }) => key.includes('VITE_SERVER_URL'));
    expect(question?.choices.map(({ label }) => label)).toEqual(['api', 'orders']);
  });

  it('stays where it is one of somebody else', async () => {
    fill(root, { ...marketFiles(), ...page("import.meta.env.VITE_API_URL ?? 'https://api.example.com'") });
    await generated({ all: true });
    // as the source has it: no file repeats that
    expect(composeOf().services.site.build.args.VITE_API_URL).toBeNull();
  });
});

describe('what the development server of a site hands on', () => {
  const site = (target: string): Files => ({
    'apps/site/vite.config.js': `export default { server: { proxy: { '/v1': ${JSON.stringify(target)} } } };\n`,
  });

  it('is answered by the application that listens there, in both forms', async () => {
    fill(root, marketWith(member('orders', 4190), site('http://localhost:4190')));
    await generated({ all: true });
    expect(textOf('apps/site/nginx.conf')).toMatch(/location \^~ \/v1 \{[^}]*http:\/\/orders:4190;/);
    const { services } = composeOf('docker-compose.dev.yml');
    expect(services.site).toMatchObject({ network_mode: 'service:orders', ports: [] });
    expect(services.orders.ports).toEqual(['127.0.0.1:${ORDERS_PORT:-4190}:4190', '127.0.0.1:${SITE_PORT:-5173}:5173']);
  });

  it('is what has no file and asks for no page, where the setting names no path', async () => {
    const files: Record<string, string> = marketWith(member('orders', 4190));
    const manifest = JSON.parse(files['apps/site/package.json'] ?? '{}');
    const lock = JSON.parse(files['package-lock.json'] ?? '{}');
    const tool = { 'react-scripts': '5.0.1' };
    files['apps/site/package.json'] = JSON.stringify({
      ...manifest,
      scripts: { start: 'react-scripts start', build: 'react-scripts build' },
      devDependencies: { ...manifest.devDependencies, ...tool },
      proxy: 'http://localhost:4190',
    });
    Object.assign(lock.packages['apps/site'], { devDependencies: { ...manifest.devDependencies, ...tool } });
    lock.packages['node_modules/react-scripts'] = { version: '5.0.1', dev: true };
    fill(root, { ...files, 'package-lock.json': JSON.stringify(lock) });
    await generated({ all: true });
    const config = textOf('apps/site/nginx.conf');
    expect(config).toContain('try_files $uri $uri/index.html @rest;');
    expect(config).toMatch(/location @rest \{[^@]*@page;[^@]*http:\/\/orders:4190;/);
    expect(config).toMatch(/location @page \{[^}]*try_files \/index.html =404;/);
    expect(config).not.toContain('location ^~ / {');
  });

  it('is answered by the only one that answers, which is found at another port while developing', async () => {
    fill(root, { ...marketFiles(), ...site('http://127.0.0.1:9000') });
    await generated({ all: true });
    expect(textOf('apps/site/nginx.conf')).toMatch(/location \^~ \/v1 \{[^}]*http:\/\/api:4180;/);
    expect(composeOf('docker-compose.dev.yml').services.site).not.toHaveProperty('network_mode');
  });

  it.each([
    ['it is somewhere else', marketFiles(), 'https://api.example.com'],
    ['several could be it', marketWith(member('orders', 4190)), 'http://localhost:9000'],
  ])('is answered by nobody where %s', async (_, files, target) => {
    fill(root, { ...files, ...site(target) });
    await generated({ all: true });
    expect(textOf('apps/site/nginx.conf')).not.toContain('/v1');
    expect(composeOf('docker-compose.dev.yml').services.site).not.toHaveProperty('network_mode');
  });
});

describe('an address that pages come from', () => {
  const reading = (text: string) => marketWith(member('orders', 4190, `const origin = ${text};`));
  const ORIGIN = '${CORS_ORIGIN:-http://localhost:${SITE_PORT:-8080}}';

  it.each<[string, string, string, string]>([
    [
      'by the port of its development server',
      'CORS_ORIGIN',
      "process.env.CORS_ORIGIN || 'http://localhost:5173'",
      ORIGIN,
    ],
    ['by a usual port', 'CORS_ORIGIN', "process.env['CORS_ORIGIN'] ?? 'http://localhost:3000'", ORIGIN],
    [
      'under another name, with its path',
      'FRONTEND_URL',
      "process.env.FRONTEND_URL ?? 'http://127.0.0.1/shop'",
      '${FRONTEND_URL:-http://localhost:${SITE_PORT:-8080}/shop}',
    ],
  ])('is let in where browsers have them from: %s', async (_, name, text, expected) => {
    fill(root, reading(text));
    await generated({ all: true });
    expect(composeOf().services.orders.environment[name]).toBe(expected);
    const developed = composeOf('docker-compose.dev.yml').services.orders.environment[name];
    expect(developed).toBe(expected.replace('8080', '5173'));
  });

  it('is that of the site or of the pages that it is called after, where nothing else is said', async () => {
    const front = marketWith(member('orders', 4190, 'const all = [process.env.SITE_URL, process.env.FRONT_URL];'), {
      'apps/front/package.json': JSON.stringify({
        name: '@market/front',
        private: true,
        scripts: { build: 'next build', start: 'next start' },
        dependencies: { next: '16.4.6' },
      }),
      'apps/front/app/page.tsx': 'export default () => null;\n',
    });
    const lock = JSON.parse(front['package-lock.json'] ?? '');
    lock.packages['apps/front'].dependencies = { next: '16.4.6' };
    lock.packages['node_modules/next'] = { version: '16.4.6' };
    fill(root, { ...front, 'package-lock.json': JSON.stringify(lock) });
    await generated({ all: true });
    const { SITE_URL, FRONT_URL } = composeOf().services.orders.environment;
    expect(SITE_URL).toBe('${SITE_URL:-http://localhost:${SITE_PORT:-8080}}');
    expect(FRONT_URL).toMatch(/^\$\{FRONT_URL:-http:\/\/localhost:\$\{FRONT_PORT:-\d+\}\}$/);
  });

  it.each([
    ['one of somebody else', 'CORS_ORIGIN', "process.env.CORS_ORIGIN ?? 'https://shop.example.com'"],
    ['one that no site has', 'QUEUE_URL', "process.env.QUEUE_URL ?? 'http://localhost:9324'"],
    ['several', 'CORS_ORIGIN', "process.env.CORS_ORIGIN ?? 'http://localhost:5173,http://localhost:3000'"],
  ])('stays where it is %s', async (_, name, text) => {
    fill(root, reading(text));
    await generated({ all: true });
    expect(composeOf().services.orders.environment?.[name] ?? '').not.toContain('SITE_PORT');
  });
});

describe('folders that belong to no workspace', () => {
  const mixed: Files = {
    'backend/package.json': JSON.stringify({ name: 'shop-backend', scripts: { start: 'node server.js' } }),
    'backend/server.js': "require('node:http').createServer((q, r) => r.end('ok')).listen(process.env.PORT ?? 3000);\n",
    'frontend/package.json': JSON.stringify({ name: 'shop-frontend', scripts: { start: 'node server.js' } }),
    'frontend/server.js':
      "require('node:http').createServer((q, r) => r.end('ok')).listen(process.env.PORT ?? 3000);\n",
  };

  it('are several applications, each built from its own folder', async () => {
    fill(root, mixed);
    expect((await refusal({})).code).toBe('app-ambiguous');
    await generated({ all: true });
    const { services } = composeOf();
    expect(Object.keys(services)).toEqual(['shop-backend', 'shop-frontend']);
    expect(services['shop-backend'].build).toEqual({ context: './backend', target: 'production' });
    expect(services['shop-frontend'].ports).toEqual(['${SHOP_FRONTEND_PORT:-3001}:3000']);
  });

  it('are so beside a manifest that only starts them', async () => {
    const manifest = {
      name: 'shop',
      main: 'index.js',
      scripts: { start: 'concurrently "npm --prefix backend start" "npm --prefix frontend start"' },
      dependencies: { concurrently: '9.2.1' },
    };
    fill(root, { ...mixed, 'package.json': JSON.stringify(manifest) });
    await generated({ all: true });
    expect(composeOf().name).toBe('shop');
    expect(servicesOf()).toEqual(['shop-backend', 'shop-frontend']);
    fill(root, { ...mixed, 'index.js': mixed['backend/server.js'] ?? '', 'package.json': JSON.stringify(manifest) });
    expect((await generate({ cwd: root })).context.facts.root).toBe('.');
  });

  it('are told apart by their folders where their packages have one name', async () => {
    const both = (text: string) => text.replace(/shop-(back|front)end/, 'shop');
    fill(root, Object.fromEntries(Object.entries(mixed).map(([path, text]) => [path, both(text)])));
    await generated({ all: true });
    expect(servicesOf()).toEqual(['backend', 'frontend']);
  });
});
