import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { environmentOf } from '../../../src/engine/programs.ts';
import type { Plan } from '../../../src/model/plan.ts';
import { prepare, readDeployment, type StartRequest } from '../../../src/ship/start.ts';

const canary = 'canary-51e07f2b9d';

/** Prepares a project; gives what was written, by its name in the temporary folder. */
async function prepared(files: Readonly<Record<string, string>>, more: Partial<StartRequest> = {}) {
  const written: Record<string, string> = {};
  const request = {
    root: tmpdir(),
    plan: { workloads: { app: {} }, settings: {} } as unknown as Plan,
    name: 'app',
    workload: {},
    composeFiles: ['docker-compose.yml'],
    read: (path: string) => files[path],
    tracked: [],
    allow: [],
    trust: { root: tmpdir(), frontends: [] },
    images: { app: { tag: 'run-1:local', checks: false } },
    externals: [],
    stub: undefined,
    run: 'run-1',
    temp: {
      path: '/temp',
      file: (name: string) => `/temp/${name}`,
      write: (name: string, text: string) => {
        written[name] = text;
        return `/temp/${name}`;
      },
      remove: () => undefined,
    },
    random: () => 'f00d',
    ...more,
  } as unknown as StartRequest;
  return { written, prepared: await prepare(request, readDeployment(request)) };
}

describe('prepare', () => {
  it('gives compose no value of a real env file, and no env file to read', async () => {
    const { written, prepared: done } = await prepared({
      'docker-compose.yml': `services:
  app: { image: a, env_file: .env, environment: { SECRET: , A: "\${SECRET:-none}" } }
  db: { image: "db:\${SECRET}", env_file: [{ path: app.env }], labels: ["l=\${SECRET}"] }
include:
  - { path: more.yml, env_file: app.env }
`,
      'more.yml': 'services: { more: { image: "m:${SECRET}", env_file: app.env } }\n',
      '.env': `SECRET=${canary}\n`,
      'app.env': `SECRET=${canary}\n`,
    });
    const text = Object.values(written).join('\n');
    expect(text).not.toContain(canary);
    expect(text).not.toContain('env_file');
    const model = JSON.parse(written['compose.json'] ?? '');
    expect(model.services.app.environment).toEqual({ A: 'none' });
    expect(Object.keys(model.services)).toEqual(['app', 'db', 'more']);
    expect(done.overrides.join('\n')).toContain('The env file of an include is not read: app.env');
    expect(done.project).toMatchObject({ files: ['/temp/compose.json'], envFile: '/temp/empty.env', folder: '/temp' });
    expect(written['empty.env']).toBe('');
  });
  it('fills throwaway values in, and the name of the run', async () => {
    const setting = { purpose: '', required: true, secret: true, decision: '' };
    const plan = { workloads: { app: {} }, settings: { PASSWORD: setting } } as unknown as Plan;
    const text =
      'services: { app: { image: a, environment: ["P=${PASSWORD:?set it}", "N=${COMPOSE_PROJECT_NAME}"] } }\n';
    const { written } = await prepared({ 'docker-compose.yml': text }, { plan });
    expect(JSON.parse(written['compose.json'] ?? '').services.app.environment).toEqual({ P: 'f00d', N: 'run-1' });
    await expect(prepared({ 'docker-compose.yml': text })).rejects.toThrow(/PASSWORD is missing a value: set it/);
  });
  it('writes a dollar so that compose fills in nothing of this shell', async () => {
    const api = { name: 'p', urlVariable: 'P_URL', required: false, from: [] };
    const { written } = await prepared(
      { 'docker-compose.yml': 'services: { app: { image: a, command: [echo, "$$HOME"] } }\n' },
      { externals: [api], stub: { image: 't', argv: ['serve', '${x}'], port: 80 } },
    );
    const { services } = JSON.parse(written['compose.json'] ?? '');
    expect(services.app.command).toEqual(['echo', '$$HOME']);
    expect(services['dockwright-stub'].command).toEqual(['$${x}']);
  });
  it('starts nothing of files that name what is never read, and says each with its line', async () => {
    const text = `services:
  app: { image: a }
  db: { extends: { file: ../outside.yml, service: db } }
include:
  - https://example.org/stack.git
`;
    await expect(prepared({ 'docker-compose.yml': text })).rejects.toMatchObject({
      code: 'isolation-refused',
      next: [
        expect.stringMatching(/^db\.extends \(docker-compose\.yml:3\): It is outside/),
        expect.stringMatching(/^include \(docker-compose\.yml:5\): It is a remote file: https/),
      ],
    });
  });
});

describe('the environment of compose', () => {
  it('lets it read no .env by itself and fetch no files', () => {
    expect(environmentOf('docker compose')).toMatchObject({
      COMPOSE_DISABLE_ENV_FILE: '1',
      COMPOSE_EXPERIMENTAL_GIT_REMOTE: 'false',
      COMPOSE_EXPERIMENTAL_OCI_REMOTE: 'false',
    });
  });
});
