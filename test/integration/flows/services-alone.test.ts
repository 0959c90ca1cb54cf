import { describe, expect, it } from 'vitest';
import { generate, isPending, writeGeneration } from '../../../src/flows/generate.ts';
import { committedProject } from '../../support/committed.ts';

const database = (more = '') => `services:
  records:
    image: postgres:16
    environment:
      POSTGRES_USER: clerk
      POSTGRES_PASSWORD: \${RECORDS_PASSWORD:-paper}
      POSTGRES_DB: pier
${more}`;

const project = (files: Readonly<Record<string, string>>): string =>
  committedProject({
    'package.json': JSON.stringify({
      name: 'pier',
      type: 'module',
      scripts: { start: 'node server.js' },
      engines: { node: '24' },
      dependencies: { pg: '8.16.0' },
    }),
    'server.js':
      "import http from 'node:http';\nimport pg from 'pg';\nconst pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });\nhttp.createServer(async (q, r) => r.end(String((await pool.query('select 1')).rows))).listen(8300);\n",
    ...files,
  });

describe('a compose file of services alone, whatever it is called', () => {
  it.each([
    ['docker-compose.services.yml', database()],
    ['compose.db.yaml', database('  mail:\n    image: axllent/mailpit:v1.20\n')],
    ['docker/compose.db.yaml', database()],
    ['docker/docker-compose.infra.yml', database()],
  ])('has the services of the project: %s', async (file, text) => {
    const cwd = project({ [file]: text });
    const first = await generate({ cwd });
    expect(first.context.plan.compose.file).toBe(file);
    const content = (path: string) => first.artifacts.find((one) => one.path === path)?.content ?? '';
    for (const form of ['dev', 'prod']) {
      const overlay = content(file.replace(/\.(ya?ml)$/, `.${form}.$1`));
      expect(overlay).toContain('@records:5432/pier');
      expect(overlay).not.toContain('image: postgres');
    }
    // what was written beside it does not take its place
    await writeGeneration(first, { edits: true, env: true });
    const second = await generate({ cwd });
    expect(second.context.plan.compose.file).toBe(file);
    expect(isPending(second)).toBe(false);
  });

  it.each<[string, Record<string, string>, string]>([
    [
      'another one is there to begin with',
      { 'compose.yaml': database(), 'compose.tools.yaml': 'services:\n  cache:\n    image: valkey/valkey:8\n' },
      'compose.yaml',
    ],
    [
      'nothing says which of several it is',
      { 'compose.db.yaml': database(), 'compose.cache.yaml': 'services:\n  cache:\n    image: valkey/valkey:8\n' },
      'docker-compose.yml',
    ],
    ['it is an example', { 'docker-compose.example.yml': database() }, 'docker-compose.yml'],
    ['it lies among examples', { 'examples/docker-compose.db.yml': database() }, 'docker-compose.yml'],
    [
      'it starts no known service',
      { 'compose.tools.yaml': 'services:\n  a:\n    image: adminer:5\n' },
      'docker-compose.yml',
    ],
  ])('is none where %s', async (_, files, file) => {
    const { context } = await generate({ cwd: project(files) });
    expect(context.plan.compose.file).toBe(file);
  });
});
