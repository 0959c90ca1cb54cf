import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { VerifyReport } from '../../src/model/contract.ts';
import type { Plan } from '../../src/model/plan.ts';
import { openProject } from '../../src/project/disk.ts';
import { verifyContract } from '../../src/ship/verify.ts';
import { withEngine } from './engine.ts';

/** Everything that the contract forbids, in one project: a proof that finds nothing here proves nothing elsewhere. */
const files: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({
    name: 'broken',
    dependencies: { hono: '4.6.14' },
    devDependencies: { '@types/bun': '1.2.0' },
  }),
  'server.ts': `
    import { appendFileSync } from 'node:fs';
    process.on('SIGTERM', () => {});
    appendFileSync('/app/server.log', 'started\\n');
    Bun.serve({ hostname: '127.0.0.1', port: 3000, fetch: () => new Response('ok') });
  `,
  'server.test.ts': '',
  '.env': 'API_TOKEN=a-token-that-nobody-may-see\n',
  Dockerfile: `
FROM oven/bun:1.4.5-slim AS production
WORKDIR /app
COPY . .
RUN bun install
RUN date +%s%N > built-at
ENV API_SECRET=x
EXPOSE 3000
HEALTHCHECK --interval=1s CMD ["bun", "-e", "fetch('http://127.0.0.1:3000/').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["bun", "server.ts"]
`,
  'docker-compose.yml': `
name: broken
services:
  app: { build: ., ports: ["3000:3000"], depends_on: { db: { condition: service_healthy } } }
  db: { image: "redis:8-alpine", healthcheck: { test: ["CMD", "redis-cli", "ping"], interval: 1s } }
`,
};

const decision = 'x';
const plan = {
  name: 'broken',
  images: {
    app: {
      dockerfile: 'Dockerfile',
      context: { root: '.', needs: ['.'], leavesOut: [] },
      stages: [
        {
          name: 'deps',
          from: { image: 'oven/bun:1.4.5-slim' },
          steps: [{ do: 'run', argv: ['bun', 'install'], decision }],
          decision,
        },
        {
          name: 'production',
          from: { stage: 'deps' },
          steps: [{ do: 'copy', sources: ['.'], to: '.', decision }],
          decision,
        },
      ],
      targets: { production: 'production' },
      platforms: [],
      buildSecrets: [],
    },
  },
  workloads: {
    app: {
      shape: 'service',
      image: 'app',
      ports: { http: { container: 3000, decision } },
      writable: [{ path: '/tmp', kind: 'tmpfs', decision }],
      probes: { ready: { path: '/', decision } },
      signals: { handles: [], init: false, grace: 2, decision },
    },
  },
  services: { db: { required: true } },
  settings: {},
} as unknown as Plan;

withEngine('a deployment that keeps nothing of the contract', () => {
  let root = '';
  let report: VerifyReport;
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'broken-'));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), text);
    }
    const git = (...args: string[]) => execFileSync('git', args, { cwd: root });
    git('init', '-q');
    git('add', '.');
    git('-c', 'user.name=t', '-c', 'user.email=t@example.org', 'commit', '-q', '-m', 'x');
    report = await verifyContract({
      plan,
      root,
      composeFiles: ['docker-compose.yml'],
      read: openProject(root).read,
      tracked: Object.keys(files),
      allow: [],
      trust: { root, frontends: [] },
      projectName: `dockwright-verify-broken${process.pid}`,
      externals: [],
      budget: 1_000_000,
      applications: { app: { source: 'server.ts', developmentDependencies: ['@types/bun'] } },
      secrets: { API_TOKEN: 'a-token-that-nobody-may-see' },
      random: () => 'f00d',
    });
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  const evidence = (id: string) => report.items.find((item) => item.id === id)?.evidence.join('\n') ?? '';

  it('fails every item', () => {
    expect(report.items.map((item) => `${item.number} ${item.id} ${item.status}`)).toEqual([
      '1 build-checks fail',
      '2 hardened fail',
      '3 health fail',
      '4 listens fail',
      '5 stops fail',
      '6 lean fail',
      '7 caches fail',
      '8 reproducible fail',
      '9 size fail',
      '10 logs fail',
    ]);
  });
  it('says why', () => {
    expect(evidence('build-checks')).toContain('SecretsUsedInArgOrEnv');
    expect(evidence('hardened')).toMatch(
      /a numeric user other than 0[\s\S]*writable[\s\S]*capabilities[\s\S]*privileges/,
    );
    expect(evidence('health')).toContain('db stopped: still not unhealthy');
    expect(evidence('listens')).toContain('is only open on one address');
    expect(evidence('stops')).toContain('exit code 137');
    expect(evidence('lean')).toContain('the value of API_TOKEN');
    expect(evidence('lean')).toContain('server.test.ts');
    expect(evidence('lean')).toContain('@types/bun');
    expect(evidence('lean')).toContain('/app/.git/');
    expect(evidence('caches')).toContain('RUN bun install');
    expect(evidence('reproducible')).toContain('differs');
    expect(evidence('logs')).toContain('/app/server.log');
  });
  it('shows no secret in saying so', () => {
    expect(JSON.stringify(report)).not.toContain('a-token-that-nobody-may-see');
  });
});
