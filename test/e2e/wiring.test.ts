import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { healthModule } from '../support/health.ts';
import { frameworkOf, wiringFixtures } from '../support/wiring.ts';
import { docker, withEngine } from './engine.ts';

const wired = wiringFixtures.filter((fixture) => fixture.expected !== undefined);
const container = `e2e-wiring-${process.pid}`;

/** Frameworks in the versions that the fixtures are written for. */
const packages = [
  ...['hono@4', 'fastify@5', 'express@5', 'elysia@1', 'koa@3', '@koa/router@14'],
  ...['@nestjs/core@11', '@nestjs/common@11', '@nestjs/platform-express@11', '@nestjs/platform-fastify@11'],
  ...['reflect-metadata@0.2', 'rxjs@7'],
];

/** Asks a server until it answers, and prints what each path gives: status and body. */
const client = `const [port, wait] = process.argv.slice(2);
await Bun.sleep(Number(wait));
const get = async (path) => {
  for (let tries = 0; ; tries += 1) {
    try {
      const answer = await fetch('http://127.0.0.1:' + port + path);
      return { status: answer.status, body: await answer.text() };
    } catch (error) {
      if (tries > 100) throw error;
      await Bun.sleep(100);
    }
  }
};
console.log(JSON.stringify({ '/': await get('/'), '/live': await get('/live'), '/ready': await get('/ready'), '/health': await get('/health') }));
`;

type Answers = Readonly<Record<string, { readonly status: number; readonly body: string }>>;
const ask = (port: number, waitMs = 0): Answers =>
  JSON.parse(docker(['exec', container, 'bun', '/work/client.ts', String(port), String(waitMs)]));

withEngine('an app whose health routes were wired in', () => {
  let folder: string;
  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'dockwright-wiring-')));
    writeFileSync(join(folder, 'client.ts'), client);
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
    const decorators = { experimentalDecorators: true, emitDecoratorMetadata: true };
    for (const fixture of wired) {
      const framework = await frameworkOf(fixture);
      // one required dependency, which is there until a file says that it is not
      const check = {
        name: 'db',
        required: true,
        imports: [],
        setup: '',
        body: "if (await Bun.file('/work/broken').exists()) throw new Error('password=hunter2');",
        decision: 'check',
      };
      const content = healthModule([check], framework.healthRoutes);
      mkdirSync(join(folder, fixture.name));
      writeFileSync(join(folder, fixture.name, 'tsconfig.json'), JSON.stringify({ compilerOptions: decorators }));
      writeFileSync(join(folder, fixture.name, 'health.ts'), content);
      writeFileSync(join(folder, fixture.name, 'app.ts'), fixture.expected ?? '');
    }
    const label = `io.dockwright.test=${container}`;
    docker(['create', '--name', container, '--label', label, '--init', 'oven/bun:1.4.5-slim', 'sleep', 'infinity']);
    docker(['cp', `${folder}/.`, `${container}:/work`]);
    docker(['start', container]);
    docker(['exec', '--user', '0', '--workdir', '/work', container, 'bun', 'add', ...packages]);
  });
  afterAll(() => {
    docker(['rm', '--force', '--volumes', container]);
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(wired)('$name answers as before, and says how it is', ({ name }) => {
    const port = 4000 + wired.findIndex((fixture) => fixture.name === name);
    const start = ['--detach', '--workdir', `/work/${name}`, '--env', `PORT=${port}`];
    docker(['exec', ...start, container, 'bun', 'app.ts']);
    const well = ask(port);
    expect(well['/']).toMatchObject({ status: 200, body: expect.stringContaining('hello') });
    expect(well['/live']).toEqual({ status: 200, body: '{"status":"ok"}' });
    expect(well['/ready']).toMatchObject({ status: 200, body: expect.stringContaining('"status":"ok"') });
    expect(well['/health']).toMatchObject({ status: 200, body: expect.stringContaining('"db":{"status":"ok"') });
    docker(['exec', '--user', '0', container, 'touch', '/work/broken']);
    try {
      // an answer is shared for a second
      const broken = ask(port, 1_100);
      expect(broken['/']?.status).toBe(200);
      expect(broken['/live']?.status).toBe(200);
      expect(broken['/ready']).toMatchObject({ status: 503, body: expect.stringContaining('"status":"unhealthy"') });
      expect(broken['/health']?.status).toBe(503);
      expect(broken['/health']?.body).not.toContain('hunter2');
    } finally {
      docker(['exec', '--user', '0', container, 'rm', '/work/broken']);
    }
  });
});
