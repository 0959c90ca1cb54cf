import { describe, expect, it } from 'vitest';
import { commandsOf, type EverydayCommand } from '../../../src/flows/commands.ts';
import type { Image, Plan, Workload } from '../../../src/model/plan.ts';

const image: Image = {
  dockerfile: 'Dockerfile',
  context: { root: '.', needs: [], leavesOut: [] },
  stages: [{ name: 'base', from: { image: 'base:1' }, steps: [], decision: 'd' }],
  targets: { production: 'production', test: 'test' },
  platforms: [],
  shell: true,
  labels: {},
  buildSecrets: [],
  decision: 'd',
};

const workload: Workload = {
  shape: 'service',
  image: 'app',
  ports: { http: { container: 3000, publish: { address: '', variable: 'PORT', default: 3000 }, decision: 'd' } },
  env: {},
  writable: [],
  readOnly: true,
  probes: {},
  signals: { handles: ['SIGTERM'], init: false, grace: 15, decision: 'd' },
  resources: {
    limits: { cpus: 1, memory: '512M' },
    reservations: { cpus: 0.25, memory: '128M' },
    decision: 'd',
  },
  replicas: { count: 1, decision: 'replicas' },
  after: [],
  decision: 'd',
};

const planOf = (own: Partial<Workload>, its: Partial<Image> = {}, more: Partial<Plan> = {}): Plan => ({
  version: 1,
  name: 'shop',
  archetype: 'web-service',
  images: { app: { ...image, ...its } },
  workloads: { app: { ...workload, ...own } },
  services: {},
  volumes: {},
  networks: {},
  secrets: {},
  settings: {},
  routes: { ready: { workload: 'app', path: '/ready', purpose: 'p', decision: 'd' } },
  sources: [],
  edits: [],
  manual: [],
  ci: { enabled: false },
  compose: { file: 'compose.yaml', development: 'compose.dev.yaml', production: 'compose.prod.yaml' },
  decisions: { replicas: { choice: '1', why: 'one file, one writer', by: 'detected', from: [], assertions: [] } },
  questions: [],
  ...more,
});

const commands = (plan: Plan) => {
  const all = commandsOf(plan);
  expect(new Set(all.map((one) => one.id)).size).toBe(all.length);
  return (id: string): EverydayCommand | undefined => all.find((one) => one.id === id);
};
const line = (one: EverydayCommand | undefined) => one?.argv.join(' ');

describe('the everyday commands', () => {
  it('of a server go through its own compose files', () => {
    const of = commands(planOf({}));
    expect(line(of('run'))).toBe('docker compose up --build --detach --wait');
    expect(line(of('ask'))).toBe('curl --fail http://127.0.0.1:3000/ready');
    expect(line(of('production'))).toContain('-f compose.yaml -f compose.prod.yaml up');
    expect(line(of('develop'))).toBe('docker compose -f compose.yaml -f compose.dev.yaml up --build');
    expect(line(of('shell'))).toBe('docker compose exec app sh');
    expect(of('debug')).toBeUndefined();
  });

  it('look from beside where the image has no shell, and may read the files of its process', () => {
    const of = commands(planOf({}, { shell: false }));
    expect(of('shell')).toBeUndefined();
    expect(line(of('debug'))).toContain('--pid container:shop-app-1 --network container:shop-app-1');
    expect(line(of('debug'))).toContain('--cap-add SYS_PTRACE');
    expect(line(of('debug'))).toMatch(/ base:1 sh$/);
  });

  it('scale by a range of ports, and say why not where only one may run', () => {
    expect(commands(planOf({}))('scale')).toMatchObject({ env: { PORT: '3000-3009' } });
    expect(commands(planOf({ ports: {} }))('scale')?.env).toBeUndefined();
    const single = commands(planOf({ replicas: { count: 1, max: 1, decision: 'replicas' } }))('scale');
    expect(single).toMatchObject({ argv: [], note: 'not available: one file, one writer' });
  });

  it('of a job run it once, and of a schedule in time too', () => {
    const job = commands(planOf({ shape: 'job', ports: {} }));
    expect(line(job('run'))).toBe('docker compose run --rm --build app');
    expect([job('scale'), job('schedule'), job('stop')]).toEqual([undefined, undefined, undefined]);
    const schedule = { cron: '0 3 * * *', decision: 'd' };
    const scheduler = { file: 'schedule.mjs', path: '/schedule.mjs', argv: ['node', '/schedule.mjs'] };
    const timed = commands(planOf({ shape: 'schedule', ports: {}, schedule, scheduler }));
    expect(line(timed('schedule'))).toBe('docker compose --profile schedule up --build --detach');
    expect(timed('schedule')?.title).toContain('0 3 * * *');
  });

  it('of a command give it arguments and standard input', () => {
    const of = commands(planOf({ shape: 'command', ports: {} }, { platforms: ['linux/amd64', 'linux/arm64'] }));
    expect(line(of('run'))).toBe('docker compose run --rm app --help');
    expect(line(of('pipe'))).toMatch(/^docker run --rm --interactive .*shop:local$/);
    expect(of('platforms')?.argv.slice(-2)).toEqual(['linux/amd64', 'linux/arm64']);
    expect([of('logs'), of('scale')]).toEqual([undefined, undefined]);
  });

  it('migrate where there is a job for it', () => {
    const both = { app: workload, migrate: { ...workload, shape: 'job' as const, ports: {} } };
    expect(line(commands(planOf({}, {}, { workloads: both }))('migrate'))).toBe(
      'docker compose run --rm --build migrate',
    );
    expect(commands(planOf({}))('migrate')).toBeUndefined();
  });

  it('test in the image, with the file and the secrets that its build needs', () => {
    expect(line(commands(planOf({}))('test'))).toBe('docker build --target test .');
    const buildSecrets = [{ id: 'token', env: 'NPM_TOKEN', decision: 'd' }];
    const other = commands(planOf({}, { dockerfile: 'deploy/Dockerfile', buildSecrets }));
    expect(line(other('test'))).toBe(
      'docker build --file deploy/Dockerfile --target test --secret id=token,env=NPM_TOKEN .',
    );
    expect(commands(planOf({}, { targets: { production: 'production' } }))('test')).toBeUndefined();
  });

  it('are refused for a library, which nothing runs', () => {
    expect(() => commandsOf(planOf({}, {}, { images: {}, workloads: {} }))).toThrow(/Nothing in this project runs/);
  });
});
