import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from '../../src/flows/build.ts';
import { repository } from '../support/projects.ts';
import { docker, withEngine } from './engine.ts';
import { type Copy, type Deployment, deployment, generated } from './whole-way.ts';

const key = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
const order = { customer: 'ada@example.com', lines: [{ sku: 'coffee-1kg', quantity: 2 }] };

/** Asks until the answer is as wanted, or says what it was last. */
async function until<T>(seconds: number, ask: () => T | Promise<T>, wanted: (value: T) => boolean): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const value = await ask();
    if (wanted(value) || Date.now() > end) return value;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const get = async (url: string) => {
  const response = await fetch(url).catch((error: unknown) => ({ status: 0, text: async () => String(error) }));
  return { status: response.status, text: await response.text() };
};

withEngine('the orders API', () => {
  let copy: Copy;
  beforeAll(async () => {
    copy = await generated(join(repository, 'examples/orders-api'));
  });
  afterAll(() => copy?.remove());

  /** A processor that takes every payment, where the app looks for one. */
  const processor = `e2e-payments-${process.pid}`;
  const startProcessor = (network: string) =>
    docker([
      'run',
      '--rm',
      '--detach',
      '--init',
      '--name',
      processor,
      '--network',
      network,
      '--network-alias',
      'payments',
      'oven/bun:1.4.5-slim',
      'bun',
      '-e',
      "Bun.serve({ port: 8080, fetch: () => Response.json({ status: 'succeeded' }) })",
    ]);

  describe('in its base form', () => {
    let run: Deployment;
    let app = '';
    const serviceOf = (required: boolean) => {
      const services = Object.entries(copy.generation.context.plan.services);
      return services.find(([, service]) => service.required === required)?.[0] ?? '';
    };
    const health = () => docker(['inspect', '--format', '{{.State.Health.Status}}', app]).trim();

    beforeAll(async () => {
      run = deployment(copy, { env: { PAYMENT_API_URL: 'http://payments:8080', PAYMENT_API_KEY: 'a-key' } });
      run.compose('up', '--build', '--detach', '--wait');
      app = run.compose('ps', '--quiet', 'app').trim();
      startProcessor(`${run.name}_default`);
      // a container that is started need not listen yet
      const listens = "process.exit((await fetch('http://127.0.0.1:8080').catch(() => undefined))?.ok ? 0 : 1)";
      const asked = () => spawnSync('docker', ['exec', processor, 'bun', '-e', listens]).status;
      expect(await until(30, asked, (status) => status === 0)).toBe(0);
    });
    afterAll(() => {
      docker(['rm', '--force', processor]);
      run.down();
    });

    it('is healthy, and says so', async () => {
      expect(health()).toBe('healthy');
      expect(await get(`${run.url()}/health`)).toMatchObject({ status: 200, text: expect.stringContaining('"ok"') });
      expect(await get(`${run.url()}/live`)).toMatchObject({ status: 200 });
    });

    it('takes an order, keeps it in PostgreSQL, and still has it after both restarted', async () => {
      const response = await fetch(`${run.url()}/orders`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify(order),
      });
      expect({ status: response.status, order: await response.json() }).toMatchObject({
        order: { id: key, status: 'paid' },
      });
      expect((await get(`${run.url()}/orders/${key}`)).text).toContain('"paid"');

      const db = serviceOf(true);
      const row = () =>
        run
          .compose(
            'exec',
            '-T',
            db,
            'sh',
            '-c',
            'psql -U "$POSTGRES_USER" -d "$POSTGRES_DB" -Atc "select id, status, total from orders"',
          )
          .trim();
      expect(row()).toBe(`${key}|paid|5980`);
      run.compose('restart', db, 'app');
      const again = await until(
        60,
        () => get(`${run.url()}/orders/${key}`),
        ({ status }) => status === 200,
      );
      expect(again.text).toContain('"paid"');
      expect(row()).toBe(`${key}|paid|5980`);
    });

    it('without PostgreSQL it is not ready and unhealthy, and recovers', async () => {
      const db = serviceOf(true);
      run.compose('stop', db);
      expect(
        await until(
          20,
          () => get(`${run.url()}/ready`),
          ({ status }) => status === 503,
        ),
      ).toMatchObject({ status: 503 });
      expect(await get(`${run.url()}/live`)).toMatchObject({ status: 200 });
      expect(await until(90, health, (status) => status === 'unhealthy')).toBe('unhealthy');
      run.compose('start', db);
      expect(await until(90, health, (status) => status === 'healthy')).toBe('healthy');
      expect(await get(`${run.url()}/ready`)).toMatchObject({ status: 200 });
    });

    it('without Redis it is degraded and ready', async () => {
      const cache = serviceOf(false);
      run.compose('stop', cache);
      const answer = await until(
        20,
        () => get(`${run.url()}/health`),
        ({ text }) => text.includes('degraded'),
      );
      expect(answer).toMatchObject({ status: 200, text: expect.stringContaining('degraded') });
      expect(await get(`${run.url()}/ready`)).toMatchObject({ status: 200 });
      expect(await get(`${run.url()}/orders/${key}`)).toMatchObject({ status: 200 });
      expect(health()).toBe('healthy');
      run.compose('start', cache);
      expect(
        (
          await until(
            30,
            () => get(`${run.url()}/health`),
            ({ text }) => !text.includes('degraded'),
          )
        ).text,
      ).not.toContain('degraded');
    });
  });

  describe('in its development form', () => {
    let run: Deployment;
    beforeAll(() => {
      const { compose } = copy.generation.context.plan;
      run = deployment(copy, {
        files: [compose.file, compose.development],
        env: { PAYMENT_API_URL: 'http://127.0.0.1:9', PAYMENT_API_KEY: 'a-key' },
      });
      run.compose('up', '--build', '--detach', '--wait');
    });
    afterAll(() => run.down());

    it('shows an edit on the host', async () => {
      expect((await get(`${run.url()}/nowhere`)).text).toContain('"not found"');
      const file = join(copy.root, 'src/app.ts');
      const text = readFileSync(file, 'utf8');
      writeFileSync(file, text.replace("'not found'", "'edited on the host'"));
      const answer = await until(
        20,
        () => get(`${run.url()}/nowhere`),
        ({ text: body }) => body.includes('edited on the host'),
      );
      writeFileSync(file, text);
      expect(answer.text).toContain('edited on the host');
    });
  });

  it('is smaller than a single-stage build of the same app, which is measured once', async () => {
    const options = { cwd: copy.root, tag: `e2e-orders-${process.pid}:local` };
    const first = await build(options);
    const second = await build(options);
    docker(['image', 'rm', options.tag]);
    expect(first.baseline?.compressed).toBeGreaterThan(first.compressed);
    expect(first.baseline?.size).toBeGreaterThan(first.size);
    expect(second.baseline).toMatchObject({ ...first.baseline, cached: true });
    expect(second.digest).toBe(first.digest);
  });

  it('passes its own tests in the test target', () => {
    const { plan } = copy.generation.context;
    const target = plan.images['app']?.targets.test ?? '';
    expect(target).not.toBe('');
    docker(['buildx', 'build', '--target', target, '--output', 'type=cacheonly', copy.root]);
  });
});
