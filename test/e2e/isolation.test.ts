import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { OWNER_LABEL, ownerOf } from '../../src/engine/run-labels.ts';
import { build } from '../../src/flows/build.ts';
import { generate, writeGeneration } from '../../src/flows/generate.ts';
import { verify } from '../../src/flows/verify.ts';
import { docker, withEngine } from './engine.ts';

/** Ready only where it has what is tracked, may write where it should, and knows nothing of the real `.env`. */
const server = `
import { createServer } from 'node:http';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
const problems = () => {
  const found = [];
  if (readFileSync('/config/app.json', 'utf8') !== '{"tracked":true}') found.push('config');
  if (existsSync('/config/local.json')) found.push('untracked');
  if (readFileSync('/server.copy', 'utf8') === '') found.push('file');
  writeFileSync('/uploads/new', 'x');
  if (process.env.REAL_SECRET !== undefined) found.push('secret');
  if (process.env.PLAIN !== 'a$b') found.push('dollar');
  return found;
};
const server = createServer((request, response) => {
  const found = problems();
  console.log(JSON.stringify(found));
  response.statusCode = request.url === '/ready' && found.length > 0 ? 503 : 200;
  response.end('ok');
});
server.listen(process.env.PORT || 3000);
process.on('SIGTERM', () => server.close(() => process.exit(0)));
`;

const manifest = { name: 'apart', version: '1.0.0', type: 'module', scripts: { start: 'node server.js' } };
const lock = { name: 'apart', version: '1.0.0', lockfileVersion: 3, requires: true, packages: { '': manifest } };

const app = (more: string) => `name: apart
services:
  app:
    build: { context: ., target: production }
    image: apart:\${TAG:-local}
    ports: ["\${PORT:-3000}:3000"]
    read_only: true
    tmpfs: [/tmp]
    cap_drop: [ALL]
    security_opt: [no-new-privileges:true]
${more}`;

/** What this process made on the engine and did not remove: others use the same engine meanwhile. */
const leftovers = () =>
  [
    ['container', 'ls', '--all', '--quiet'],
    ['volume', 'ls', '--quiet'],
    ['network', 'ls', '--quiet'],
  ].flatMap((list) =>
    docker([...list, '--filter', `label=${OWNER_LABEL}=${ownerOf()}`])
      .split('\n')
      .filter((id) => id !== ''),
  );

withEngine('verify, by its allow-list', () => {
  let base = '';
  let root = '';
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  beforeEach(async () => {
    base = mkdtempSync(join(tmpdir(), 'apart-'));
    root = join(base, 'project');
    write('package.json', JSON.stringify(manifest));
    write('package-lock.json', JSON.stringify(lock));
    write('server.js', server);
    write('.gitignore', '.env\nconfig/local.json\n');
    await writeGeneration(await generate({ cwd: root }), { edits: true, env: false });
  });
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  it('starts an ordinary project: copies of its folders, a backing service that is built, no real value', async () => {
    write('.env', 'REAL_SECRET=canary-that-nobody-may-see\n');
    write('config/app.json', '{"tracked":true}');
    write('config/local.json', '{}');
    write('uploads/.gitkeep', '');
    write(
      'db/Dockerfile',
      '# syntax=docker/dockerfile:1\nFROM postgres:17-alpine\nCOPY init.sql /docker-entrypoint-initdb.d/\n',
    );
    write('db/init.sql', 'create table t (i int);\n');
    write(
      'docker-compose.yml',
      app(`    env_file: .env
    environment: { PLAIN: 'a$$b' }
    volumes:
      - ./config:/config:ro
      - ./uploads:/uploads
      - ./server.js:/server.copy:ro
      - /etc/localtime:/etc/localtime:ro
    depends_on: { db: { condition: service_healthy } }
  db:
    build: ./db
    environment: { POSTGRES_PASSWORD: "pa$$word" }
    cap_drop: [ALL]
    cap_add: [CHOWN, SETUID, SETGID, FOWNER, DAC_OVERRIDE]
    healthcheck: { test: 'psql -U postgres -c "select i from t"', interval: 5s }
`),
    );
    const report = await verify({ cwd: root });
    const health = report.items.find((item) => item.id === 'health');
    expect(`${health?.status} ${health?.evidence.join('; ')}`).toMatch(/^pass/);
    expect(report.isolation.map(({ service, key, action }) => `${service}.${key} ${action}`)).toEqual([
      'app.env_file dropped',
      'app.volumes replaced',
      'app.volumes replaced',
      'app.volumes replaced',
      'app.volumes dropped',
      'db.cap_add replaced',
    ]);
    expect(leftovers()).toEqual([]);
    expect(existsSync(join(root, 'uploads/new'))).toBe(false);
  });

  it('refuses before anything starts, and runs no program of the host', async () => {
    const canary = join(base, 'canary');
    write('evil.sh', `#!/bin/sh\ntouch ${canary}\necho '{"type":"info","message":"x"}'\n`);
    write(
      'docker-compose.yml',
      app(`  evil: { provider: { type: ${join(root, 'evil.sh')} } }
  other: { image: postgres:17-alpine, network_mode: host, volumes: [/:/host] }
`),
    );
    const steps: string[] = [];
    const ended = verify({ cwd: root }, (event) => event.type === 'step' && steps.push(event.title));
    await expect(ended).rejects.toMatchObject({
      code: 'isolation-refused',
      message: expect.stringMatching(/evil\.provider.*other\.network_mode.*other\.volumes/),
    });
    await expect(verify({ cwd: root, allow: ['web.volumes'] })).rejects.toMatchObject({ code: 'allow-unknown' });
    expect(steps).toEqual([]);
    expect(existsSync(canary)).toBe(false);
    expect(leftovers()).toEqual([]);
  });

  it('refuses a frontend and a Dockerfile from elsewhere, for build and verify alike', async () => {
    const dockerfile = 'FROM postgres:17-alpine AS production\n';
    write('Dockerfile', `# syntax=example.invalid/evil:1\n${dockerfile}`);
    for (const run of [build, verify]) {
      await expect(run({ cwd: root })).rejects.toMatchObject({
        code: 'frontend-refused',
        where: { file: 'Dockerfile', line: 1 },
      });
    }
    const allowed = build({ cwd: root, allowFrontends: ['example.invalid/evil:1'] });
    await expect(allowed).rejects.toMatchObject({ code: 'build-failed' });
    writeFileSync(join(base, 'Elsewhere'), dockerfile);
    rmSync(join(root, 'Dockerfile'));
    symlinkSync('../Elsewhere', join(root, 'Dockerfile'));
    for (const run of [build, verify]) {
      await expect(run({ cwd: root })).rejects.toMatchObject({ code: expect.stringMatching(/outside|not-generated/) });
    }
  });
});
