import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { repository } from '../support/projects.ts';
import { type Container, tableOf } from './cis.ts';
import { docker, withEngine } from './engine.ts';
import { type Copy, type Deployment, deployment, generated } from './whole-way.ts';

const page = join(repository, 'docs/security.md');
const [begin, end] = [
  '<!-- cis: `UPDATE_EXPECTED=1 npx vitest run --project e2e test/e2e/cis.test.ts` writes this table -->',
  '<!-- end of cis -->',
];

withEngine('the production form of an application with a database and a cache', () => {
  let copy: Copy;
  let run: Deployment;
  beforeAll(async () => {
    copy = await generated(join(repository, 'examples/orders-api'));
    run = deployment(copy, {
      files: ['docker-compose.yml', 'docker-compose.prod.yml'],
      env: { PAYMENT_API_URL: 'http://payments:8080', PAYMENT_API_KEY: 'a-key' },
    });
    run.compose('build', 'app');
    run.compose('create');
  });
  afterAll(() => {
    run?.down();
    copy?.remove();
  });

  it('holds the items of the CIS Docker Benchmark that docs/security.md says, and has a reason for each other', () => {
    const ids = run
      .compose('ps', '--all', '--quiet')
      .split('\n')
      .filter((id) => id !== '');
    const containers = (
      JSON.parse(docker(['inspect', ...ids])) as (Omit<Container, 'service'> & {
        readonly Image: string;
        readonly Config: { readonly Labels: Readonly<Record<string, string>> };
      })[]
    ).map((one) => ({ ...one, service: one.Config.Labels['com.docker.compose.service'] ?? '' }));
    expect(containers.map(({ service }) => service).sort()).toEqual(['app', 'db', 'redis']);
    const app = containers.find(({ service }) => service === 'app');
    const [config] = JSON.parse(docker(['image', 'inspect', app?.Image ?? ''])) as {
      readonly Config: { User?: string; Env?: string[]; Healthcheck?: unknown };
    }[];
    const id = docker(['create', app?.Image ?? '']).trim();
    const files = execFileSync('sh', ['-c', `docker export ${id} | tar --list --verbose`], {
      encoding: 'utf8',
      maxBuffer: 1e8,
    });
    docker(['rm', id]);
    const table = tableOf({
      dockerfile: readFileSync(join(copy.root, 'Dockerfile'), 'utf8'),
      image: {
        user: config?.Config.User ?? '',
        env: config?.Config.Env ?? [],
        healthcheck: config?.Config.Healthcheck !== undefined,
      },
      files: files.split('\n'),
      containers,
    });
    const text = readFileSync(page, 'utf8');
    const [from, to] = [text.indexOf(begin) + begin.length, text.indexOf(end)];
    expect(from < to).toBe(true);
    if (process.env['UPDATE_EXPECTED']) writeFileSync(page, `${text.slice(0, from)}\n\n${table}\n\n${text.slice(to)}`);
    else expect(text.slice(from, to).trim()).toBe(table);
  });
});
