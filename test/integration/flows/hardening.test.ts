import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { processLimit } from '../../../src/catalog/process-limit.ts';
import { generate, writeGeneration } from '../../../src/flows/generate.ts';
import { matcher } from '../../../src/formats/dockerignore/index.ts';
import { fill } from '../../support/folder.ts';

type Files = Readonly<Record<string, string>>;

let root = '';
beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'dockwright-hardening-')));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** What is generated for a project, by its path. */
async function generated(files: Files): Promise<(path: string) => string> {
  fill(root, files);
  await writeGeneration(await generate({ cwd: root }), { edits: true, env: false });
  return (path) => readFileSync(join(root, path), 'utf8');
}

// biome-ignore lint/suspicious/noExplicitAny: what a compose file holds
const composeOf = (text: string): any => parse(text, { logLevel: 'silent' });

const server = (source: string, more: Files = {}): Files => ({
  'package.json': JSON.stringify({
    name: 'mini',
    type: 'module',
    scripts: { start: 'node server.js' },
    engines: { node: '26' },
    dependencies: { pg: '8', express: '5' },
  }),
  'server.js': source,
  ...more,
});

const plain =
  "import http from 'node:http';\nimport pg from 'pg';\nnew pg.Pool({ connectionString: process.env.DATABASE_URL });\nhttp.createServer((q, r) => r.end('ok')).listen(process.env.PORT || 3000);\n";

describe('the number of processes', () => {
  it('is limited for every container, and repeated where other limits stand', async () => {
    const text = await generated(server(plain));
    const base = composeOf(text('docker-compose.yml')).services;
    const production = composeOf(text('docker-compose.prod.yml')).services;
    expect(Object.keys(base)).toEqual(['app', 'db']);
    for (const name of Object.keys(base)) {
      expect(base[name].pids_limit).toBe(processLimit);
      expect(production[name].deploy.resources.limits.pids).toBe(processLimit);
    }
  });

  it.each([
    ['a limit of its own', 'pids_limit: 100\n', false],
    ['limits of memory', 'mem_limit: 1g\n', false],
    ['none', '', true],
  ])('is left to the author of a container with %s, as Compose refuses two that differ', async (_, line, isAdded) => {
    const compose = `services:\n  web:\n    build: .\n    ports: ["3000:3000"]\n  db:\n    image: postgres:17\n    ${line}`;
    const text = await generated(
      server(plain, {
        'docker-compose.yml': compose,
        Dockerfile: 'FROM node:26-slim\nWORKDIR /app\nCOPY . .\nCMD ["node", "server.js"]\n',
      }),
    );
    const { deploy } = composeOf(text('docker-compose.prod.yml')).services.db;
    expect(deploy !== undefined).toBe(isAdded);
    expect(deploy?.resources.limits.pids).toBeUndefined();
  });
});

describe('a port', () => {
  it('is published on all interfaces, and while developing on this machine alone', async () => {
    const text = await generated(server(plain));
    expect(composeOf(text('docker-compose.yml')).services.app.ports).toEqual(['${PORT:-3000}:3000']);
    expect(text('docker-compose.dev.yml')).toContain('ports: !override ["127.0.0.1:${PORT:-3000}:3000"]');
  });

  it.each(["process.env['PO\\'RT']", "process.env['__proto__']", "process.env['A B']", "process.env['toString']"])(
    'comes from no variable that no shell takes: %s',
    async (read) => {
      const text = await generated(server(plain.replace('process.env.PORT', read)));
      expect(text('Dockerfile')).toContain('EXPOSE 3000');
      expect(text('Dockerfile')).not.toContain('process.env');
      expect(text('Dockerfile')).toMatch(/ENV NODE_ENV=production$/m);
    },
  );

  it('asks nothing at an address whose variable no shell takes', async () => {
    const asks = 'await fetch(process.env["PAY\'];process.exit();//_API_URL"] + "/x");\n';
    const express = "import express from 'express';\nconst app = express();\napp.listen(3000);\n";
    const text = await generated(server(express + asks));
    expect(text('health.js')).not.toContain('process.exit');
  });
});

describe('the web server of a site', () => {
  const site = (page: string): Files => ({
    'index.html': `<!doctype html><html><head>${page}<title>x</title></head></html>`,
  });
  const policy = 'Content-Security-Policy';

  it('sends what protects a page with every answer, errors too', async () => {
    const text = (await generated(site('')))('nginx.conf');
    expect(text).toContain(`add_header ${policy} "frame-ancestors 'self'; object-src 'none'" always;`);
    for (const line of text.split('\n').filter((one) => one.includes('nosniff'))) expect(line).toContain('always;');
    // what is kept for a year must not be the answer that a file is missing
    for (const line of text.split('\n').filter((one) => one.includes('immutable')))
      expect(line).not.toContain('always');
  });

  it.each([
    [`<meta http-equiv="${policy}" content="default-src 'self'">`, true],
    [`<META HTTP-EQUIV="content-security-policy" CONTENT="object-src 'self'">`, true],
    [`<meta name="${policy}" content="x">`, false],
    [`<!-- <meta http-equiv="${policy}"> -->`, false],
  ])('leaves what a browser may load to a page that says it itself: %s', async (meta, isOwn) => {
    const text = (await generated(site(meta)))('nginx.conf');
    expect(text.includes(policy)).toBe(!isOwn);
  });

  it('gives out nothing whose name begins with a dot, but .well-known', async () => {
    expect((await generated(site('')))('nginx.conf')).toContain('location ~ /\\.(?!well-known/)');
  });
});

describe('files that hold credentials', () => {
  it('are in no build context, whatever program keeps them', async () => {
    const text = await generated(server(plain));
    const drops = matcher(text('.dockerignore').split('\n'));
    const kept = [
      '.netrc .ssh/id_rsa .aws/credentials .pgpass .htpasswd .envrc prod.env service-account.json cert.p12 terraform.tfstate',
      'deploy/prod.env deploy/service-account-shop.json deploy/.kube/config',
    ].flatMap((line) => line.split(' '));
    for (const file of kept) expect([file, drops(file)]).toEqual([file, true]);
    for (const file of ['src/environment.ts', 'env.js', 'id_rsa.pub.ts', 'accounts/service.json', 'state.json'])
      expect([file, drops(file)]).toEqual([file, false]);
  });

  it('are not left out where the application is started with them', async () => {
    const files = server(plain, { 'shop.env': 'REGION=eu\n' });
    const started = files['package.json']?.replace('node server.js', 'node --env-file=shop.env server.js') ?? '';
    const text = await generated({ ...files, 'package.json': started });
    expect(text('.dockerignore')).not.toContain('**/*.env\n');
    expect(text('.dockerignore')).toContain('**/.netrc\n');
  });

  it.each<[string, Files, boolean]>([
    ['git would commit it', { '.env': 'API_KEY=abc\n' }, true],
    ['git leaves it out', { '.env': 'API_KEY=abc\n', '.gitignore': '.env\n' }, false],
    ['it holds no secret', { '.env': 'REGION=eu\n' }, false],
    ['there is none', {}, false],
  ])('are said where the file of settings would be published: %s', async (_, more, isSaid) => {
    fill(root, server(plain, more));
    const { warnings } = (await generate({ cwd: root })).context;
    expect(warnings.some((text) => text.startsWith('.env contains secrets'))).toBe(isSaid);
    expect(warnings.join()).not.toContain('abc');
  });
});
