import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dockwright } from '../../support/cli.ts';
import { fill } from '../../support/folder.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'dockwright-secrets-'));
  const dependencies = { 'is-odd': '3.0.1' };
  fill(root, {
    'package.json': JSON.stringify({
      name: 'mini',
      version: '1.0.0',
      type: 'module',
      scripts: { start: 'node server.js' },
      engines: { node: '26' },
      dependencies,
    }),
    'package-lock.json': JSON.stringify({
      name: 'mini',
      lockfileVersion: 3,
      packages: { '': { dependencies }, 'node_modules/is-odd': { version: '3.0.1' } },
    }),
    'server.js':
      "import { createServer } from 'node:http';\nprocess.env.NODE_OPTIONS?.trim();\ncreateServer((q, s) => s.end('ok')).listen(3000);\n",
    '.npmrc':
      '//a.example/:_authToken=${NPM_TOKEN}\n//b.example/:_authToken=${AWS_SECRET_ACCESS_KEY}\n//c.example/:_authToken=${LD_PRELOAD}\n',
  });
});
afterEach(() => rmSync(root, { recursive: true }));

const shell = { AWS_SECRET_ACCESS_KEY: 'canary-of-aws', NPM_TOKEN: 'canary-of-npm' };

describe('build secrets on the command line', () => {
  it('stand in the preview before "Why", and in its JSON', async () => {
    const [text, document] = await Promise.all([
      dockwright(['--dry-run'], root, shell),
      dockwright(['--dry-run', '--json'], root, shell),
    ]);
    const section = text.out.slice(text.out.indexOf('Build secrets'), text.out.indexOf('\nWhy'));
    expect(section).toMatch(/NPM_TOKEN +\.npmrc:1 +a registry token: build and verify pass it +RUN npm ci \(deps\)/);
    expect(section).toMatch(/AWS_SECRET_ACCESS_KEY +\.npmrc:2 +passed only with --build-secret AWS_SECRET_ACCESS_KEY/);
    expect(text.out).toContain('.npmrc:3 uses LD_PRELOAD');
    expect(text.out).toContain('server.js:2 reads NODE_OPTIONS');
    expect(JSON.parse(document.out)).toMatchObject({
      buildSecrets: [
        { name: 'NPM_TOKEN', needsConsent: false },
        { name: 'AWS_SECRET_ACCESS_KEY', needsConsent: true, from: [{ file: '.npmrc', line: 2 }] },
      ],
    });
    for (const ran of [text, document]) expect(ran.out + ran.err).not.toContain('canary');
  });

  it('are explained line by line, and stop a build that nobody has allowed', async () => {
    await dockwright(['--yes'], root, shell);
    const lines = readFileSync(join(root, 'docker-compose.yml'), 'utf8').split('\n');
    const install = readFileSync(join(root, 'Dockerfile'), 'utf8').split('\n');
    const compose = lines.findIndex((line) => line.includes('environment: AWS_SECRET_ACCESS_KEY')) + 1;
    const mounted = install.findIndex((line) => line.includes('id=AWS_SECRET_ACCESS_KEY')) + 1;
    const [secret, run, built, document, unknown] = await Promise.all([
      dockwright(['explain', `docker-compose.yml:${compose}`], root),
      dockwright(['explain', `Dockerfile:${mounted}`], root),
      dockwright(['build'], root, shell),
      dockwright(['build', '--json'], root, shell),
      dockwright(['verify', '--build-secret', 'AWS_SESSION_TOKEN'], root, shell),
    ]);
    expect(secret.out).toContain('passed only with `--build-secret AWS_SECRET_ACCESS_KEY`');
    expect(secret.out).toContain('.npmrc:2');
    expect(run.out).toContain('.npmrc:2');
    expect(built.code).toBe(2);
    expect(built.err).toContain('the value of AWS_SECRET_ACCESS_KEY');
    expect(built.err).toContain('.npmrc:2');
    expect(built.err).toContain('--build-secret AWS_SECRET_ACCESS_KEY');
    expect(JSON.parse(document.out)).toMatchObject({
      error: { code: 'build-secret-consent', file: '.npmrc', line: 2 },
    });
    expect(unknown).toMatchObject({ code: 2 });
    expect(unknown.err).toContain('It uses NPM_TOKEN, AWS_SECRET_ACCESS_KEY.');
    for (const ran of [built, document, unknown]) expect(ran.out + ran.err).not.toContain('canary');
  });
});
