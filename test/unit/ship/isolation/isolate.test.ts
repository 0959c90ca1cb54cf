import { describe, expect, it } from 'vitest';
import type { ComposeModel } from '../../../../src/formats/compose/model.ts';
import type { ExternalApi } from '../../../../src/model/facts.ts';
import type { Plan } from '../../../../src/model/plan.ts';
import { isolate } from '../../../../src/ship/isolation/isolate.ts';
import { throwaway } from '../../../../src/ship/isolation/throwaway.ts';
import { effective, options, plan } from './support.ts';

const api: ExternalApi = { name: 'payments', urlVariable: 'PAYMENTS_URL', required: false, from: [] };

const model: ComposeModel = {
  name: 'orders',
  services: {
    app: {
      build: { context: '.' },
      image: 'orders:local',
      container_name: 'orders',
      env_file: [{ path: '.env' }],
      environment: { A: 'b', PAYMENTS_URL: 'https://payments.example' },
      ports: [{ target: 3000, published: '3000', mode: 'ingress', protocol: 'tcp' }],
      networks: { default: null, front: null },
      read_only: true,
      cap_drop: ['ALL'],
      volumes: [
        { type: 'volume', source: 'data', target: '/data' },
        { type: 'bind', source: 'data', target: '/files' },
        { type: 'bind', source: 'config', target: '/config', read_only: true },
        { type: 'bind', source: 'nginx.conf', target: '/nginx.conf', read_only: true },
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
  secrets: { key: { file: 'secrets/key' } },
};

describe('isolate', () => {
  const done = isolate(effective(model), options());
  const app = done.model.services?.['app'];

  it('keeps what hardens the app and removes what names things on this machine', () => {
    expect(app).toMatchObject({ read_only: true, cap_drop: ['ALL'], image: 'run-1:local', deploy: { replicas: 1 } });
    for (const key of ['build', 'container_name', 'env_file']) expect(app).not.toHaveProperty(key);
  });
  it('publishes the app on a free loopback port and nothing else', () => {
    expect(app?.ports).toEqual([{ target: 3000, protocol: 'tcp', host_ip: '127.0.0.1' }]);
    expect(done.model.services?.['db']).not.toHaveProperty('ports');
  });
  it("never mounts the user's volumes, networks, secrets or folders", () => {
    expect(done.model.volumes).toEqual({
      data: { labels: { own: 'run-1' } },
      'bind-1': { labels: { own: 'run-1' } },
      'bind-2': { labels: { own: 'run-1' } },
    });
    expect(done.model.networks).toEqual({
      default: { labels: { own: 'run-1' } },
      front: { labels: { own: 'run-1' } },
      back: { internal: true, labels: { own: 'run-1' } },
    });
    expect(done.model.secrets).toEqual({ key: { file: '/tmp/run/secrets/key' } });
    expect(app?.volumes).toEqual([
      { type: 'volume', source: 'data', target: '/data' },
      { type: 'volume', source: 'bind-1', target: '/files', volume: {} },
      { type: 'volume', source: 'bind-2', target: '/config', read_only: true, volume: {} },
      {
        type: 'bind',
        source: '/tmp/run/copies/nginx.conf',
        target: '/nginx.conf',
        read_only: true,
        bind: { create_host_path: false },
      },
    ]);
    expect(done.seeds).toEqual([{ volume: 'bind-2', folder: '/tmp/run/copies/config' }]);
  });
  it('labels everything with the labels of the run alone', () => {
    for (const service of Object.values(done.model.services ?? {})) {
      expect(service['labels']).toEqual({ own: 'run-1' });
    }
  });
  it('checks sooner, and says start_interval only beside a start_period, as compose wants it', () => {
    expect(app?.healthcheck).toEqual({ interval: '1s' });
    expect(done.model.services?.['db']?.healthcheck).toMatchObject({ interval: '1s', start_interval: '1s' });
    const bare = isolate(
      effective({ services: { app: {} } }),
      options({ images: { app: { tag: 'run-1:local', checks: false } } }),
    );
    expect(bare.model.services?.['app']).not.toHaveProperty('healthcheck');
  });
  it('gives a backing service time to start where its checks come sooner and the file gives none', () => {
    const check = { test: ['CMD', 'ready'], interval: '5s', retries: 3 };
    const made = isolate(effective({ services: { db: { image: 'x', healthcheck: check } } }), options());
    expect(made.model.services?.['db']?.healthcheck).toMatchObject({ start_period: '60s', retries: 3, interval: '1s' });
    expect(done.model.services?.['db']?.healthcheck).toMatchObject({ start_period: '30s' });
  });
  it('lists every difference', () => {
    const listed = done.overrides.join('\n');
    for (const word of [
      'run-1',
      '127.0.0.1',
      '/files',
      'env_file',
      'one container instead of 3',
      'secret key',
      'every second',
      'volumes.data',
      'networks.front',
    ]) {
      expect(listed).toContain(word);
    }
    expect(listed).not.toContain('PAYMENTS_URL');
  });
  it('answers external APIs with a stub on the networks of the app', () => {
    const stub = { image: 'tool:1', argv: ['serve', '${x}'], port: 8080 };
    const stubbed = isolate(effective(model), options({ externals: [api], stub }));
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
    const without = isolate(effective(model), options({ externals: [api] }));
    expect(without.model.services?.['app']?.environment).toMatchObject({ PAYMENTS_URL: 'http://127.0.0.1:9' });
  });
  it('builds a backing service from a copy, and leaves no build to compose', () => {
    const built = isolate(
      effective({ services: { app: {}, db: { build: { context: 'db', args: { A: '1', B: null } } } } }),
      options(),
    );
    expect(built.model.services?.['db']).toMatchObject({ image: 'run-1-built-1:local', pull_policy: 'never' });
    expect(built.model.services?.['db']).not.toHaveProperty('build');
    expect(built.builds).toEqual([
      {
        service: 'db',
        tag: 'run-1-built-1:local',
        context: '/tmp/run/copies/db',
        dockerfile: '/tmp/run/copies/db/Dockerfile',
        shownAs: 'db/Dockerfile',
        args: { A: '1' },
        secretFiles: [],
        flags: [],
      },
    ]);
  });
  it('takes names of the prototype for names like others', () => {
    const odd = JSON.parse(
      '{"services":{"app":{"__proto__":{"privileged":true},"constructor":{"a":1}}}}',
    ) as ComposeModel;
    const made = isolate(effective(odd), options());
    expect(made.model.services?.['app']).not.toHaveProperty('privileged');
    expect(made.isolation.map((note) => [note.key, note.action])).toEqual([
      ['__proto__', 'dropped'],
      ['constructor', 'dropped'],
    ]);
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
    ALLOWED_HOSTS: setting({ required: true }),
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
      ALLOWED_HOSTS: 'localhost,127.0.0.1',
    });
    expect(made.overrides[0]).toContain('PASSWORD, TOKEN, REGION, PAYMENTS_URL, ALLOWED_HOSTS');
    expect(made.overrides.join('\n')).not.toContain('f00d');
  });
});
