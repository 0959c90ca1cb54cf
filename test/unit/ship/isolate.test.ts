import { describe, expect, it } from 'vitest';
import type { ComposeModel } from '../../../src/formats/compose/index.ts';
import type { ExternalApi } from '../../../src/model/facts.ts';
import type { Plan } from '../../../src/model/plan.ts';
import { type IsolateOptions, isolate, throwaway } from '../../../src/ship/isolate.ts';

const api: ExternalApi = { name: 'payments', urlVariable: 'PAYMENTS_URL', required: false, from: [] };
const plan = { workloads: { app: {} }, settings: {} } as unknown as Plan;

const options = (more: Partial<IsolateOptions> = {}): IsolateOptions => ({
  plan,
  project: 'run-1',
  labels: { own: 'run-1' },
  image: 'run-1:local',
  imageChecks: true,
  root: '/project',
  externals: [],
  stub: undefined,
  secretFile: (name) => `/tmp/${name}`,
  ...more,
});

const model: ComposeModel = {
  name: 'orders',
  services: {
    app: {
      build: { context: '.' },
      image: 'orders:local',
      container_name: 'orders',
      env_file: [{ path: '.env', required: true }],
      environment: { A: 'b', PAYMENTS_URL: 'https://payments.example' },
      ports: [{ target: 3000, published: '3000', mode: 'ingress', protocol: 'tcp' }],
      networks: { default: null, front: null },
      read_only: true,
      cap_drop: ['ALL'],
      volumes: [
        { type: 'volume', source: 'data', target: '/data' },
        { type: 'bind', source: '/home/me/files', target: '/files' },
        { type: 'bind', source: 'config', target: '/config', read_only: true },
        { type: 'bind', source: '../beside', target: '/beside', read_only: true },
      ],
      deploy: { replicas: 3 },
    },
    db: {
      image: 'postgres:17',
      ports: [{ target: 5432, published: '5432' }],
      healthcheck: { test: ['CMD', 'pg_isready'], interval: '5s', start_period: '30s' },
    },
  },
  volumes: { data: { name: 'precious', external: true } },
  networks: { front: { name: 'shared', external: true }, back: { internal: true, name: 'orders_back' } },
  secrets: { key: { file: '/home/me/key' } },
};

describe('isolate', () => {
  const done = isolate(model, options());
  const app = done.model.services?.['app'];

  it('keeps what hardens the app and takes what names things on this machine', () => {
    expect(app).toMatchObject({ read_only: true, cap_drop: ['ALL'], image: 'run-1:local', deploy: { replicas: 1 } });
    for (const key of ['build', 'container_name', 'env_file']) expect(app).not.toHaveProperty(key);
  });
  it('publishes the app on a free loopback port and nothing else', () => {
    expect(app?.ports).toEqual([{ target: 3000, protocol: 'tcp', host_ip: '127.0.0.1' }]);
    expect(done.model.services?.['db']).not.toHaveProperty('ports');
  });
  it("never mounts the user's volumes, networks, secrets or folders that can be written", () => {
    expect(done.model.volumes).toEqual({
      data: { labels: { own: 'run-1' } },
      'app-bind-1': { labels: { own: 'run-1' } },
      'app-bind-3': { labels: { own: 'run-1' } },
    });
    expect(done.model.networks).toEqual({
      default: { labels: { own: 'run-1' } },
      front: { labels: { own: 'run-1' } },
      back: { internal: true, labels: { own: 'run-1' } },
    });
    expect(done.model.secrets).toEqual({ key: { file: '/tmp/key' } });
    expect(app?.volumes).toEqual([
      { type: 'volume', source: 'data', target: '/data' },
      { type: 'volume', source: 'app-bind-1', target: '/files', volume: {} },
      { type: 'bind', source: '/project/config', target: '/config', read_only: true },
      { type: 'volume', source: 'app-bind-3', target: '/beside', volume: {} },
    ]);
  });
  it('labels everything', () => {
    for (const service of Object.values(done.model.services ?? {})) {
      expect(service).toMatchObject({ labels: { own: 'run-1' } });
    }
  });
  it('checks sooner, and says start_interval only beside a start_period, as compose wants it', () => {
    expect(app?.healthcheck).toEqual({ interval: '1s' });
    expect(done.model.services?.['db']?.healthcheck).toMatchObject({ interval: '1s', start_interval: '1s' });
    const bare = isolate({ services: { app: {} } }, options({ imageChecks: false }));
    expect(bare.model.services?.['app']).not.toHaveProperty('healthcheck');
  });
  it('says every difference', () => {
    const said = done.overrides.join('\n');
    for (const word of [
      'run-1',
      '127.0.0.1',
      '/files',
      'env_file',
      'one container instead of 3',
      'secret key',
      'every second',
    ]) {
      expect(said).toContain(word);
    }
    expect(said).not.toContain('PAYMENTS_URL');
  });
  it('answers external APIs with a stub on the networks of the app', () => {
    const stub = { image: 'tool:1', argv: ['serve', '${x}'], port: 8080 };
    const stubbed = isolate(model, options({ externals: [api], stub }));
    expect(stubbed.stub).toBe('dockwright-stub');
    expect(stubbed.model.services?.['app']?.environment).toEqual({
      A: 'b',
      PAYMENTS_URL: 'http://dockwright-stub:8080',
    });
    expect(stubbed.model.services?.['dockwright-stub']).toMatchObject({
      entrypoint: ['serve'],
      command: ['${x}'],
      networks: { default: null, front: null },
    });
    expect(stubbed.overrides.join('\n')).toContain('PAYMENTS_URL');
    expect(isolate(model, options({ externals: [api] })).model.services?.['app']?.environment).toMatchObject({
      PAYMENTS_URL: 'http://127.0.0.1:9',
    });
  });
});

describe('throwaway', () => {
  const setting = (more: Record<string, unknown>) => ({
    purpose: '',
    required: false,
    secret: false,
    decision: '',
    ...more,
  });
  const settings = {
    PASSWORD: setting({ required: true, secret: true, generate: 'password' }),
    TOKEN: setting({ secret: true }),
    PORT: setting({ default: '3000' }),
    REGION: setting({ required: true }),
    PAYMENTS_URL: setting({ required: true }),
    NOTE: setting({}),
  };
  it('makes a value for each secret and for what is required, and leaves defaults alone', () => {
    const made = throwaway(
      { ...plan, settings } as unknown as Plan,
      [api],
      [{ name: 'REGION', required: true, secret: false, values: ['eu', 'us'], from: [] }],
      () => 'f00d',
    );
    expect(made.values).toEqual({
      PASSWORD: 'f00d',
      TOKEN: 'f00d',
      REGION: 'eu',
      PAYMENTS_URL: 'http://127.0.0.1:9',
    });
    expect(made.overrides[0]).toContain('PASSWORD, TOKEN, REGION, PAYMENTS_URL');
    expect(made.overrides.join('\n')).not.toContain('f00d');
  });
});
