import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { maskedText } from '../../../src/flows/mask-secrets.ts';
import { dockwrightHere } from '../../support/cli.ts';
import { fill } from '../../support/folder.ts';
import { git } from '../../support/git.ts';

describe('a text that is shown', () => {
  it.each([
    ['compose.yaml', '      POSTGRES_PASSWORD: paper', '      POSTGRES_PASSWORD: ********'],
    ['compose.yaml', '- POSTGRES_PASSWORD=paper', '- POSTGRES_PASSWORD=********'],
    [
      'docker-compose.prod.yml',
      'environment: { A: b, DB_PASSWORD: "p, q", C: d }',
      'environment: { A: b, DB_PASSWORD: "********", C: d }',
    ],
    ['compose.yaml', 'X: postgres://notes:s3cret@db/x', 'X: postgres://notes:********@db/x'],
    [
      'compose.yaml',
      'command: redis-server --requirepass s3cret --save 60',
      'command: redis-server --requirepass ******** --save 60',
    ],
    [
      'compose.yaml',
      'command: ["redis-server", "--requirepass", "s3cret"]',
      'command: ["redis-server", "--requirepass", "********"]',
    ],
    ['compose.yaml', 'P: ${DB_PASSWORD:-paper}', 'P: ${DB_PASSWORD:-********}'],
    ['deploy/Dockerfile', 'ENV API_SECRET=abc PORT=1', 'ENV API_SECRET=******** PORT=1'],
    ['Dockerfile.prod', '-ARG NPM_TOKEN abc', '-ARG NPM_TOKEN ********'],
    ['.env.example', 'JWT_SECRET=abc', 'JWT_SECRET=********'],
  ])('has no password of %s: %s', (path, text, shown) => {
    expect(maskedText(path, text)).toBe(shown);
  });
  it.each([
    ['compose.yaml', '      DATABASE_URL: postgres://notes:${POSTGRES_PASSWORD:?}@db/x'],
    ['compose.yaml', '      POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?set it in .env}'],
    ['compose.yaml', '      PGPASSWORD: $PGPASSWORD'],
    ['compose.yaml', '      POSTGRES_USER: notes'],
    ['compose.yaml', 'image: registry:5000/shop@sha256:abc'],
    ['Dockerfile', 'RUN --mount=type=secret,id=npm_token,env=NPM_TOKEN npm ci'],
    ['Dockerfile', 'ARG NPM_TOKEN'],
    ['.env.example', 'POSTGRES_PASSWORD='],
    ['src/index.ts', "const password = read('x');"],
  ])('stays as it is where there is none, in %s: %s', (path, text) => {
    expect(maskedText(path, text)).toBe(text);
  });
  it('is read in linear time', () => {
    const text = `${'PASSWORD'.repeat(40_000)}: ${'://a:'.repeat(40_000)}`;
    const begin = performance.now();
    maskedText('compose.yaml', text);
    expect(performance.now() - begin).toBeLessThan(2000);
  });
});

describe('a preview of Docker files with passwords', () => {
  it.each([
    ['generate --diff', ['--dry-run', '--diff']],
    ['generate --json', ['--dry-run', '--json']],
    ['replacing', ['--dry-run', '--diff', '--set', 'existing=replace']],
    ['replacing --json', ['--dry-run', '--json', '--set', 'existing=replace']],
    ['inspect', ['inspect']],
    ['inspect --json', ['inspect', '--json']],
  ])('prints none of them: %s', async (_name, args) => {
    const root = realpathSync(mkdtempSync(join(tmpdir(), 'dockwright-masked-')));
    try {
      fill(root, {
        'package.json':
          '{"name":"till","version":"1.0.0","scripts":{"start":"node main.js"},"dependencies":{"pg":"8"}}',
        'package-lock.json':
          '{"name":"till","version":"1.0.0","lockfileVersion":3,"packages":{"":{"name":"till","version":"1.0.0","dependencies":{"pg":"8"}},"node_modules/pg":{"version":"8.0.0"}}}',
        'main.js':
          "const pg = require('pg');\nnew pg.Pool({ connectionString: process.env.DATABASE_URL });\nrequire('node:http').createServer((q, r) => r.end('x')).listen(process.env.PORT || 3000);\n",
        Dockerfile:
          'FROM node:22-slim\nWORKDIR /srv\nARG NPM_TOKEN=hunter-argument\nENV API_SECRET=hunter-image\nCOPY . .\nRUN npm ci\nCMD ["node", "main.js"]\n',
        'docker-compose.yml':
          'services:\n  web:\n    build: { context: ., args: { NPM_TOKEN: hunter-build } }\n    ports: ["3000:3000"]\n    environment: { DATABASE_URL: "postgres://shelf:hunter-address@base/shelf" }\n  base:\n    image: postgres:17-alpine\n    environment: { POSTGRES_USER: shelf, POSTGRES_PASSWORD: hunter-address }\n    volumes: [books:/var/lib/postgresql/data]\nvolumes: { books: }\n',
      });
      for (const words of [
        ['init', '-q'],
        ['add', '.'],
        ['commit', '-qm', 'x'],
      ])
        git(root, ...words);
      const { out, err } = await dockwrightHere([...args, '--cwd', root]);
      expect(out.length).toBeGreaterThan(100);
      expect(`${out}${err}`).not.toMatch(/hunter-/);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});
