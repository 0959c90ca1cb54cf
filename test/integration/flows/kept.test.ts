import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { check } from '../../../src/flows/check.ts';
import { type GenerateOptions, generate, isPending, writeGeneration } from '../../../src/flows/generate.ts';
import { readCompose } from '../../../src/formats/compose/index.ts';
import { readEnv } from '../../../src/formats/env/index.ts';
import { committedProject as project } from '../../support/committed.ts';

type Files = Readonly<Record<string, string>>;

const server = `import { createServer } from 'node:http';
createServer((request, response) => response.end(request.url === '/health' ? 'ok' : 'hello')).listen(Number(process.env.PORT));
process.on('SIGTERM', () => process.exit(0));
`;
const manifest = (more: object = {}) =>
  JSON.stringify({ name: 'pier', version: '1.0.0', type: 'module', scripts: { start: 'node server.js' }, ...more });
const dockerfile = (port: number) => `FROM node:22-slim
WORKDIR /srv
COPY package.json server.js ./
ENV PORT=${port}
USER 10001
CMD ["node", "server.js"]
`;
const plain: Files = { 'package.json': manifest(), 'server.js': server };

const text = (root: string, file: string) => readFileSync(join(root, file), 'utf8');

async function written(root: string, options: Omit<GenerateOptions, 'cwd'> = {}) {
  const generation = await generate({ cwd: root, ...options });
  await writeGeneration(generation, { edits: true, env: true });
  return generation.context.plan;
}

/** The model of compose files together; throws where they are not valid as a whole. */
const together = (root: string, ...files: string[]) => {
  const read = (path: string) => (existsSync(join(root, path)) ? text(root, path) : undefined);
  // as compose fills them in
  const { model } = readCompose({ files, read, variables: readEnv(read('.env') ?? '', '.env') });
  return JSON.parse(JSON.stringify(model.services)) as Record<string, Record<string, unknown>>;
};

describe('a kept Dockerfile', () => {
  it('stays, and the added forms have its stage, port and folder', async () => {
    const root = project({ ...plain, Dockerfile: dockerfile(8300) });
    const plan = await written(root);
    expect(text(root, 'Dockerfile')).toBe(dockerfile(8300));
    expect(plan.kept?.files).toEqual(['Dockerfile']);
    const base = together(root, 'docker-compose.yml')['app'];
    expect(base).toMatchObject({ read_only: true, cap_drop: ['ALL'], healthcheck: { test: expect.anything() } });
    expect(base?.['build']).not.toHaveProperty('target');
    expect(base?.['ports']).toMatchObject([{ target: 8300 }]);
    const developed = together(root, 'docker-compose.yml', 'docker-compose.dev.yml')['app'];
    expect(developed?.['command']).toEqual(['node', '--watch', 'server.js']);
    expect(developed?.['volumes']).toMatchObject([{ target: '/srv' }]);
  });

  it.each([
    ['Node.js', 'node:22-slim', 'node', {}],
    ['Bun', 'oven/bun:1-slim', 'bun', { 'bun.lock': '{ "lockfileVersion": 1, "workspaces": {}, "packages": {} }' }],
  ])('gets the mode that its image does not set: %s', async (_name, image, program, more) => {
    const files = (env: string) => ({
      ...plain,
      ...more,
      'package.json': manifest({ scripts: { start: `${program} server.js` } }),
      Dockerfile: `FROM ${image}\nWORKDIR /srv\nCOPY package.json server.js ./\n${env}CMD ["${program}", "server.js"]\n`,
    });
    const modeOf = (root: string, ...forms: string[]) =>
      together(root, 'docker-compose.yml', ...forms)['app']?.['environment'];
    const root = project(files(''));
    await written(root);
    expect(modeOf(root)).toMatchObject({ NODE_ENV: 'production' });
    expect(modeOf(root, 'docker-compose.dev.yml')).toMatchObject({ NODE_ENV: 'development' });
    const set = project(files('ENV NODE_ENV=staging\n'));
    await written(set);
    expect(modeOf(set)).not.toHaveProperty('NODE_ENV');
  });

  it.each([
    ['the sources that a stage hands on', 'COPY --from=build /srv/src ./src\n', 'src/server.js', []],
    [
      'what a stage has made beside them',
      'COPY --from=build /srv/made ./made\nCOPY server.js ./\n',
      'server.js',
      ['/srv/made'],
    ],
  ])('shows an edit while developing: %s', async (_, copies, file, hidden) => {
    const root = project({
      'package.json': manifest({ scripts: { start: `node ${file}` } }),
      [file]: server,
      'tsconfig.json': '{}',
      Dockerfile: `FROM node:22-slim AS build\nWORKDIR /srv\nCOPY . .\nRUN mkdir made\nFROM node:22-slim\nWORKDIR /srv\nCOPY package.json ./\n${copies}COPY tsconfig.json ./\nENV PORT=8300\nCMD ["node", "${file}"]\n`,
    });
    await written(root);
    const developed = together(root, 'docker-compose.yml', 'docker-compose.dev.yml')['app'];
    const mounts = (developed?.['volumes'] ?? []) as readonly { type: string; target: string }[];
    expect(mounts.some(({ type, target }) => type === 'bind' && '/srv/src'.startsWith(target))).toBe(true);
    expect(mounts.filter(({ type }) => type === 'volume').map(({ target }) => target)).toEqual(hidden);
  });

  it('of an old line is asked without what that line lacks, and nothing watches in it', async () => {
    const root = project({ ...plain, Dockerfile: dockerfile(8300).replace('node:22', 'node:14') });
    await written(root);
    const base = together(root, 'docker-compose.yml')['app'];
    expect(JSON.stringify(base?.['healthcheck'])).toMatch(/require\('http'\)/);
    const again = project({ ...plain, Dockerfile: dockerfile(8300).replace('node:22', 'node:14') });
    const plan = await written(again, { set: { existing: 'replace' } });
    expect(plan.workloads['app']?.development?.command ?? []).not.toContain('--watch');
    expect(text(again, 'Dockerfile')).not.toMatch(/--watch|fetch\(/);
  });

  it('is evidence again after an edit: the added files follow', async () => {
    const root = project({ ...plain, Dockerfile: dockerfile(8300) });
    await written(root);
    writeFileSync(join(root, 'Dockerfile'), dockerfile(8400).replace('/srv', '/opt/pier'));
    await written(root);
    expect(together(root, 'docker-compose.yml')['app']?.['ports']).toMatchObject([{ target: 8400 }]);
    expect(text(root, 'docker-compose.dev.yml')).toContain('.:/opt/pier');
    expect(isPending(await generate({ cwd: root }))).toBe(false);
  });

  it('is no generated file: not in the state, and no drift while nobody changes anything', async () => {
    const root = project({ ...plain, Dockerfile: dockerfile(8300), '.dockerignore': 'node_modules\n' });
    await written(root);
    const state = JSON.parse(text(root, '.dockwright/state.json')) as { files: object; kept: string[] };
    expect(Object.keys(state.files)).not.toContain('Dockerfile');
    expect(Object.keys(state.files)).not.toContain('.dockerignore');
    expect(state.kept).toEqual(['.dockerignore', 'Dockerfile']);
    const { drift, items } = await check({ cwd: root });
    expect(drift.drifted).toBe(false);
    expect(drift.files.map(({ path }) => path)).not.toContain('Dockerfile');
    // what would make the author's files better is a remark, and nothing that the deployment waits for
    expect(items.find(({ id }) => id === 'wiring')).toMatchObject({ status: 'pass' });
  });

  it('that comes beside a generated deployment is none that it begins with', async () => {
    const root = project(plain);
    await written(root);
    mkdirSync(join(root, 'parts'));
    const service = 'services:\n  other:\n    image: node:26-trixie-slim\n    volumes: [./:/other:ro]\n';
    writeFileSync(join(root, 'parts/compose.yml'), service);
    const { context } = await generate({ cwd: root });
    expect(context.plan.kept).toBeUndefined();
    expect(context.plan.compose.file).toBe('docker-compose.yml');
    expect((await check({ cwd: root })).drift.drifted).toBe(false);
  });

  it('that is gone is generated on request only', async () => {
    const root = project({ ...plain, Dockerfile: dockerfile(8300) });
    await written(root);
    const before = text(root, 'docker-compose.yml');
    rmSync(join(root, 'Dockerfile'));
    for (const _ of [1, 2]) {
      await written(root);
      expect(existsSync(join(root, 'Dockerfile'))).toBe(false);
    }
    // the files beside it would name stages that nothing has
    expect(text(root, 'docker-compose.yml')).toBe(before);
    expect(existsSync(join(root, '.dockerignore'))).toBe(true);
    const { drift } = await check({ cwd: root });
    expect(drift.files.filter(({ drifted }) => drifted)).toMatchObject([
      { path: 'Dockerfile', why: expect.stringContaining('--accept Dockerfile=generated') },
    ]);
    writeFileSync(join(root, 'Dockerfile'), dockerfile(8300));
    expect(isPending(await generate({ cwd: root }))).toBe(false);
    rmSync(join(root, 'Dockerfile'));
    await written(root, { accept: { Dockerfile: 'generated' } });
    expect(text(root, 'Dockerfile')).toContain('@generated');
    expect(isPending(await generate({ cwd: root }))).toBe(false);
  });

  it('that is gone holds up no file that does without it: an ignore file', async () => {
    const root = project({ ...plain, Dockerfile: dockerfile(8300), '.dockerignore': 'node_modules\n' });
    await written(root);
    rmSync(join(root, '.dockerignore'));
    writeFileSync(join(root, 'Dockerfile'), dockerfile(8400));
    await written(root);
    expect(existsSync(join(root, '.dockerignore'))).toBe(false);
    expect(together(root, 'docker-compose.yml')['app']?.['ports']).toMatchObject([{ target: 8400 }]);
  });

  it('is replaced where somebody asks for the generated one, and for it alone', async () => {
    const compose = 'services:\n  web:\n    build: .\n    ports: ["8300:8300"]\n';
    const root = project({ ...plain, Dockerfile: dockerfile(8300), 'compose.yaml': compose });
    await written(root, { accept: { Dockerfile: 'generated' } });
    expect(text(root, 'Dockerfile')).toContain('@generated');
    expect(text(root, 'compose.yaml')).toBe(compose);
    expect(Object.keys(together(root, 'compose.yaml', 'compose.prod.yaml'))).toEqual(['web']);
  });

  it('that copies what the ignore file of the author leaves out is named with the line', async () => {
    const root = project({ ...plain, Dockerfile: dockerfile(8300), '.dockerignore': '*.js\n' });
    const { context } = await generate({ cwd: root });
    expect(context.warnings.join()).toContain('Dockerfile:3 copies server.js, but .dockerignore excludes it');
    const other = project({ ...plain, Dockerfile: dockerfile(8300), '.dockerignore': '*.js\n!server.js\n' });
    expect((await generate({ cwd: other })).context.warnings.join()).not.toContain('excludes');
  });

  it('that cannot be read has nothing laid over it, and the reason is given', async () => {
    const broken = 'services:\n  web:\n    build: .\n   ports: [8300]\n';
    const root = project({ ...plain, Dockerfile: dockerfile(8300), 'compose.yaml': broken });
    const plan = await written(root);
    expect(plan.kept?.notWritten).toMatchObject([
      { why: expect.stringContaining('compose.yaml'), next: expect.stringContaining('compose.yaml:4') },
    ]);
    expect(existsSync(join(root, 'compose.prod.yaml'))).toBe(false);
    await written(root, { accept: { 'compose.yaml': 'generated' } });
    expect(Object.keys(together(root, 'compose.yaml', 'compose.prod.yaml'))).toEqual(['app']);
  });

  it('that starts as root keeps its capabilities, and its own check', async () => {
    const own = `FROM node:22-slim
WORKDIR /srv
COPY . .
HEALTHCHECK CMD node check.js
CMD ["node", "server.js"]
`;
    const root = project({ ...plain, 'check.js': '', Dockerfile: own });
    await written(root);
    const base = together(root, 'docker-compose.yml')['app'];
    for (const key of ['read_only', 'cap_drop', 'security_opt', 'healthcheck'])
      expect(base, key).not.toHaveProperty(key);
  });

  it.each([
    ['HEALTHCHECK CMD wget -qO- http://127.0.0.1:8300/internal/up || exit 1', '/internal/up'],
    ['HEALTHCHECK CMD ["node", "-e", "fetch(\'http://localhost:\' + process.env.PORT + \'/ready\')"]', '/health'],
    ['HEALTHCHECK CMD wget -qO- http://mirror.example.org/down', '/health'],
    ['HEALTHCHECK CMD node check.js', '/health'],
  ])('is asked by verify where its own check asks, else by the route of that name: %s', async (line, path) => {
    const route = server.replace("'/health'", "'/health' || request.url === '/internal/up'");
    const root = project({
      ...plain,
      'server.js': route,
      Dockerfile: dockerfile(8300).replace('CMD', `${line}\nCMD`),
    });
    const plan = await written(root);
    expect(plan.workloads['app']?.probes.ready).toMatchObject({ path });
    expect(plan.workloads['app']?.probes.ready).not.toHaveProperty('check');
  });

  it('has declared the memory that its compose file mounts, also behind a shell', async () => {
    const root = project({
      ...plain,
      Dockerfile: dockerfile(8300).replace('CMD ["node", "server.js"]', 'CMD ["sh", "-c", "node server.js && true"]'),
      'docker-compose.yml':
        'services:\n  app:\n    build: .\n    read_only: true\n    tmpfs: [/tmp, /cache]\n    ports: ["8300:8300"]\n',
    });
    const { writable } = (await written(root)).workloads['app'] ?? {};
    expect(writable?.filter(({ kind }) => kind === 'tmpfs').map(({ path }) => path)).toEqual(['/tmp', '/cache']);
  });

  it('is asked where the check of its compose file asks', async () => {
    const compose = (test: string) =>
      `services:\n  app:\n    build: .\n    ports: ["8300:8300"]\n    healthcheck:\n      test: ${test}\n`;
    const asked = async (test: string) => {
      const root = project({ ...plain, Dockerfile: dockerfile(8300), 'docker-compose.yml': compose(test) });
      return (await written(root)).workloads['app']?.probes.ready;
    };
    expect(await asked('["CMD", "wget", "-q", "http://localhost:8300/up"]')).toMatchObject({ path: '/up' });
    expect(await asked('curl -f http://localhost:8300/alive')).toMatchObject({ path: '/alive' });
    expect(await asked('["NONE"]')).toMatchObject({ path: '/health', check: expect.anything() });
  });

  it('whose program is built has no development form, and the reason is given', async () => {
    const built = `FROM node:22-slim AS build
WORKDIR /srv
COPY . .
RUN npm ci && npm run build
FROM node:22-slim
WORKDIR /srv
COPY --from=build /srv/dist ./dist
ENV PORT=8300
USER node
CMD ["node", "dist/server.js"]
`;
    const root = project({
      'package.json': manifest({
        scripts: { build: 'tsc', start: 'node dist/server.js' },
        devDependencies: { typescript: '5' },
      }),
      'server.ts': server,
      'tsconfig.json': '{ "compilerOptions": { "outDir": "dist" } }',
      Dockerfile: built,
    });
    const plan = await written(root);
    expect(plan.kept?.forms.development).toBe('none');
    expect(plan.kept?.notWritten).toMatchObject([
      { what: 'docker-compose.dev.yml', why: expect.stringContaining('dist/server.js') },
    ]);
    expect(existsSync(join(root, 'docker-compose.dev.yml'))).toBe(false);
  });

  const stages = (folder: string) => `FROM node:22-slim AS development
WORKDIR ${folder}
COPY . .
ENV PORT=8300
CMD ["node", "--watch", "server.js"]

FROM node:22-slim
WORKDIR ${folder}
COPY . .
ENV PORT=8300
CMD ["node", "server.js"]
`;
  it.each(['/', '/usr/local'])('whose files lie in %s gets no mount over the system of its image', async (folder) => {
    const root = project({ ...plain, Dockerfile: stages(folder) });
    expect((await written(root)).kept?.notWritten).toMatchObject([
      { what: 'docker-compose.dev.yml', next: expect.stringContaining('WORKDIR /app') },
    ]);
    expect(existsSync(join(root, 'docker-compose.dev.yml'))).toBe(false);
    // a folder below one of the system's is one of its own
    const own = project({ ...plain, Dockerfile: stages('/usr/src/app') });
    expect((await written(own)).kept?.forms.development).not.toBe('none');
  });
});

describe('a form for some services', () => {
  const own = 'FROM node:22-slim\nWORKDIR /app\nCOPY . .\nENV PORT=8300\nCMD ["node", "server.js"]\n';
  const made =
    'FROM node:22-slim AS build\nWORKDIR /srv\nCOPY . .\nRUN node make.js\nFROM node:22-slim\nWORKDIR /srv\nCOPY --from=build /srv/dist ./dist\nCMD ["node", "dist/jobs.js"]\n';
  const both =
    'services:\n  web:\n    build: .\n    ports: ["8300:8300"]\n  jobs:\n    build: {context: ., dockerfile: jobs.Dockerfile}\n';

  it('is never called "not written": the services that it leaves as they are are named', async () => {
    const root = project({ ...plain, Dockerfile: own, 'jobs.Dockerfile': made, 'docker-compose.yml': both });
    const plan = await written(root);
    expect(existsSync(join(root, plan.compose.development))).toBe(true);
    expect(plan.kept?.notWritten.map(({ what }) => what)).toEqual(['development of jobs']);
  });
});

describe('kept compose files', () => {
  const compose = `services:
  web:
    build: .
    restart: always
    ports: ["8300:8300"]
    depends_on: [store]
  worker:
    build: .
    command: node worker.js
  store:
    image: valkey/valkey:8
    logging: { driver: local }
`;

  it('that are gone are generated on request only, and what lies over them stays', async () => {
    const compose = 'services:\n  web:\n    build: .\n    ports: ["8300:8300"]\n';
    const root = project({ ...plain, Dockerfile: dockerfile(8300), 'docker-compose.yml': compose });
    await written(root);
    const before = text(root, 'docker-compose.prod.yml');
    rmSync(join(root, 'docker-compose.yml'));
    await written(root);
    expect(existsSync(join(root, 'docker-compose.yml'))).toBe(false);
    expect(text(root, 'docker-compose.prod.yml')).toBe(before);
    await written(root, { accept: { 'docker-compose.yml': 'generated' } });
    expect(Object.keys(together(root, 'docker-compose.yml', 'docker-compose.prod.yml'))).toEqual(['app']);
  });

  it('keep their services, and production adds only what they do not say', async () => {
    const root = project({
      ...plain,
      'worker.js': 'setInterval(() => 0, 1000)\n',
      Dockerfile: dockerfile(8300),
      'compose.yaml': compose,
    });
    const plan = await written(root);
    expect(text(root, 'compose.yaml')).toBe(compose);
    expect(existsSync(join(root, 'docker-compose.yml'))).toBe(false);
    expect(plan.compose).toMatchObject({ file: 'compose.yaml', production: 'compose.prod.yaml' });
    const services = together(root, 'compose.yaml', 'compose.prod.yaml');
    expect(Object.keys(services)).toEqual(['web', 'worker', 'store']);
    expect(services['web']).toMatchObject({ restart: 'always', deploy: { resources: { limits: expect.anything() } } });
    expect(services['store']).toMatchObject({ logging: { driver: 'local' }, stop_grace_period: expect.anything() });
    // one that may be meant to end is not started again
    expect(services['worker']).not.toHaveProperty('restart');
  });

  it('with services alone get the application beside them, with their names and accounts', async () => {
    const root = project({
      'package.json': manifest({ dependencies: { pg: '^8.16.0' } }),
      'server.js': `import pg from 'pg';\nconst pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });\n${server}`,
      'docker-compose.yml': `services:
  records:
    image: postgres:16
    environment:
      POSTGRES_USER: clerk
      POSTGRES_PASSWORD: \${RECORDS_PASSWORD:-paper}
      POSTGRES_DB: pier
`,
    });
    const plan = await written(root, { set: { port: '8300' } });
    expect(Object.keys(plan.workloads)).toEqual(['app']);
    for (const form of ['dev', 'prod']) {
      const services = together(root, 'docker-compose.yml', `docker-compose.${form}.yml`);
      expect(Object.keys(services).sort()).toEqual(['app', 'records']);
      expect(services['app']?.['environment']).toMatchObject({
        DATABASE_URL: 'postgresql://clerk:paper@records:5432/pier',
      });
      expect(services['app']?.['depends_on']).toMatchObject({ records: { condition: 'service_started' } });
    }
  });

  it.each([
    ['POSTGRES_PASSWORD: paper', 'paper', 'paper', ['POSTGRES_PASSWORD']],
    ['POSTGRES_PASSWORD: ${RECORDS_PASSWORD:-paper}', 'paper', 'paper', ['RECORDS_PASSWORD']],
    ['POSTGRES_PASSWORD: "p@per/1"', 'p@per/1', 'p%40per%2F1', ['POSTGRES_PASSWORD_IN_URL']],
    ['POSTGRES_PASSWORD: paper\n      BACKUP: ${POSTGRES_PASSWORD-}', 'paper', 'paper', ['RECORDS_POSTGRES_PASSWORD']],
  ])('repeat no password that is written out in them: %s', async (line, given, inAddress, names) => {
    const root = project({
      'package.json': manifest({ dependencies: { pg: '^8.16.0' } }),
      'server.js': `import pg from 'pg';\nconst pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });\n${server}`,
      'docker-compose.yml': `services:\n  records:\n    image: postgres:16\n    environment:\n      POSTGRES_USER: clerk\n      ${line}\n`,
    });
    const plan = await written(root, { set: { port: '8300' } });
    const added = ['docker-compose.dev.yml', 'docker-compose.prod.yml', '.env.example'];
    for (const file of added) {
      expect(text(root, file)).not.toContain(given);
      expect(text(root, file)).not.toContain(inAddress);
    }
    for (const name of names) expect(text(root, 'docker-compose.prod.yml')).toContain(`\${${name}:?`);
    const services = together(root, 'docker-compose.yml', 'docker-compose.prod.yml');
    expect(services['records']?.['environment']).toMatchObject({ POSTGRES_PASSWORD: given });
    expect(services['app']?.['environment']).toMatchObject({
      DATABASE_URL: `postgresql://clerk:${inAddress}@records:5432/clerk`,
    });
    expect(text(root, '.gitignore')).toMatch(/^\.env$/m);
    for (const name of names) expect(plan.settings[name]).toMatchObject({ secret: true, required: true });
    expect(await generate({ cwd: root, set: { port: '8300' } }).then(isPending)).toBe(false);
  });

  it('keep the password that an image has by itself, and secrets of build arguments out of the example', async () => {
    const root = project({
      ...plain,
      Dockerfile: `ARG NPM_TOKEN=abcdef\nARG THEME=dark\n${dockerfile(8300).replace(/^(FROM .*)$/m, '$1\nARG NPM_TOKEN=abcdef\nARG THEME=dark')}`,
    });
    await written(root);
    expect(text(root, '.env.example')).toContain('THEME=dark');
    expect(text(root, '.env.example')).not.toContain('abcdef');
    expect(text(root, 'docker-compose.yml')).not.toContain('abcdef');
  });

  const asking = (files: string) => `services:
  web:
    build: .
    env_file: ${files}
    ports: ["8300:8300"]
`;

  it.each([
    ['.env.production', { '.env.example': 'NAME=a b\nJWT_SECRET=\nMAIL_KEY=\nREGION=\n' }, '.env.example'],
    [
      './settings/live.env',
      { 'settings/live.env.sample': 'NAME=a b\nJWT_SECRET=\nREGION=\n' },
      'settings/live.env.sample',
    ],
    ['[.env]', { '.env.example': 'NAME=a b\nJWT_SECRET=\nREGION=\n' }, '.env.example'],
  ])('that read a file of settings which a clone lacks get it from its example: %s', async (files, more, example) => {
    const root = project({ ...plain, ...more, Dockerfile: dockerfile(8300), 'compose.yaml': asking(files) });
    const generation = await generate({ cwd: root });
    const path = generation.env?.files?.[0]?.path ?? '';
    expect(generation.env?.files).toMatchObject([{ place: 'compose.yaml:4', example }]);
    await writeGeneration(generation, { edits: true, env: true });
    const settings = readEnv(text(root, path), path);
    expect(settings).toMatchObject({ NAME: 'a b', REGION: '' });
    expect(settings['JWT_SECRET']).toMatch(/^[\w-]{20}/);
    expect(text(root, '.gitignore').split('\n')).toContainEqual(
      expect.stringMatching(`^/?${path.replaceAll('.', '\\.')}$`),
    );
    expect(isPending(await generate({ cwd: root }))).toBe(false);
  });

  it('that read a file of settings without an example get what is read, the same secrets in each', async () => {
    const root = project({
      'package.json': manifest({ dependencies: { pg: '^8.16.0' } }),
      'server.js': `import pg from 'pg';\nconst pool = new pg.Pool({ password: process.env.POSTGRES_PASSWORD });\nconst theme = process.env.THEME ?? 'dark';\n${server}`,
      Dockerfile: dockerfile(8300),
      'compose.yaml': `services:
  web:
    build: .
    env_file: web.env
    ports: ["8300:8300"]
  base:
    image: postgres:17-alpine
    env_file: base.env
`,
    });
    await written(root);
    const web = readEnv(text(root, 'web.env'), 'web.env');
    expect(web).toMatchObject({ THEME: 'dark' });
    expect(web['POSTGRES_PASSWORD']).toMatch(/^[\w-]{20}/);
    expect(readEnv(text(root, 'base.env'), 'base.env')['POSTGRES_PASSWORD']).toBe(web['POSTGRES_PASSWORD']);
  });

  it.each([
    ['one that is there', '.env.live', { '.env.live': 'A=1\n' }],
    ['one that need not be there', '[{ path: .env.local, required: false }]', {}],
    ['one outside of the project', '../shared.env', {}],
    ['what is no file of settings by its name', '.husky/pre-commit', {}],
  ])('are offered no other file of settings: %s', async (_name, files, more) => {
    const root = project({ ...plain, ...more, Dockerfile: dockerfile(8300), 'compose.yaml': asking(files) });
    expect((await generate({ cwd: root })).env?.files).toBeUndefined();
  });

  it('that read a file which is not there and is not made say so, with the line', async () => {
    const root = project({
      ...plain,
      Dockerfile: dockerfile(8300),
      'compose.yaml': asking('[.husky/settings, .env]'),
    });
    const said = async (options: Omit<GenerateOptions, 'cwd'>) =>
      (await generate({ cwd: root, ...options })).context.warnings.filter((line) => line.includes('compose.yaml:4'));
    expect(await said({})).toEqual([expect.stringContaining('reads .husky/settings, which does not exist')]);
    expect(await said({ output: `${root}-elsewhere` })).toHaveLength(2);
  });

  it('that lack a service which the code needs get it in the added forms', async () => {
    const root = project({
      'package.json': manifest({ dependencies: { ioredis: '^5.4.0' } }),
      'server.js': `import { Redis } from 'ioredis';\nconst store = new Redis(process.env.REDIS_URL);\n${server}`,
      Dockerfile: dockerfile(8300),
      'docker-compose.yml': 'services:\n  web:\n    build: .\n    ports: ["8300:8300"]\n',
    });
    await written(root);
    const services = together(root, 'docker-compose.yml', 'docker-compose.prod.yml');
    expect(Object.keys(services).sort()).toEqual(['redis', 'web']);
    expect(services['web']?.['environment']).toMatchObject({ REDIS_URL: 'redis://redis:6379' });
  });

  it('with a service that runs once leave it alone: nothing watches it, and nothing starts it again', async () => {
    const root = project({
      ...plain,
      'up.js': 'process.exit(0)\n',
      Dockerfile: dockerfile(8300).replace('server.js ./', 'server.js up.js ./'),
      'compose.yaml': `services:
  web:
    build: .
    ports: ["8300:8300"]
    depends_on:
      tables: { condition: service_completed_successfully }
  tables:
    build: .
    command: node up.js
`,
    });
    await written(root);
    expect(text(root, 'compose.dev.yaml')).not.toContain('tables:');
    expect(together(root, 'compose.yaml', 'compose.prod.yaml')['tables']).not.toHaveProperty('restart');
    expect(together(root, 'compose.yaml', 'compose.prod.yaml')['web']).toMatchObject({ restart: 'unless-stopped' });
  });

  it.each([
    ['a package manager', 'CMD ["npm", "start"]'],
    ['a line of shell', 'CMD node server.js'],
    ['a shell', 'CMD ["sh", "-c", "exec node server.js"]'],
    ['an init', 'ENTRYPOINT ["/usr/bin/tini", "--"]\nCMD ["node", "server.js"]'],
  ])('are developed where the command stands behind %s', async (_, command) => {
    const own = dockerfile(8300).replace(/CMD .*/, command);
    const root = project({ ...plain, Dockerfile: own });
    await written(root);
    expect(together(root, 'docker-compose.yml', 'docker-compose.dev.yml')['app']?.['command']).toEqual([
      'node',
      '--watch',
      'server.js',
    ]);
  });

  it('are developed with the arguments alone where the runtime is the entrypoint', async () => {
    const own = dockerfile(8300).replace(/CMD .*/, 'ENTRYPOINT ["node"]\nCMD ["server.js"]');
    const root = project({ ...plain, Dockerfile: own });
    await written(root);
    const developed = together(root, 'docker-compose.yml', 'docker-compose.dev.yml')['app'];
    expect(developed?.['command']).toEqual(['--watch', 'server.js']);
  });

  it.each([
    ['several commands', 'CMD node prepare.js && node server.js'],
    ['a variable', 'CMD node $PROGRAM'],
    ['a script around it', 'ENTRYPOINT ["./start.sh"]\nCMD ["node", "server.js"]'],
    ['its program in the entrypoint', 'ENTRYPOINT ["node", "server.js"]'],
  ])('are not developed by guessing where the command has %s', async (_, command) => {
    const root = project({ ...plain, Dockerfile: dockerfile(8300).replace(/CMD .*/, command) });
    const { kept } = await written(root);
    expect(kept?.forms.development).toBe('none');
    expect(kept?.notWritten).toHaveLength(1);
  });

  it('for development and production of the author get no such form beside them', async () => {
    const root = project({
      ...plain,
      Dockerfile: dockerfile(8300),
      'compose.yaml': 'services:\n  web:\n    build: .\n    ports: ["8300:8300"]\n',
      'compose.override.yaml': 'services:\n  web:\n    volumes: [".:/srv"]\n',
      'compose.prod.yaml': 'services:\n  web:\n    restart: always\n',
    });
    const plan = await written(root);
    expect(plan.kept?.forms).toEqual({ development: 'author', production: 'author' });
    expect((await generate({ cwd: root })).artifacts.filter(({ kind }) => kind === 'compose')).toEqual([]);
  });

  it('have their variables in the example of settings, unless the author has one', async () => {
    const own =
      'services:\n  web:\n    build: .\n    image: pier:${TAG:-1}\n    environment:\n      GREETING: ${GREETING}\n';
    const root = project({ ...plain, Dockerfile: dockerfile(8300), 'compose.yaml': own });
    await written(root);
    expect(text(root, '.env.example')).toMatch(/^GREETING=$/m);
    expect(text(root, '.env.example')).toMatch(/^#TAG=1$/m);
    const other = project({
      ...plain,
      Dockerfile: dockerfile(8300),
      'compose.yaml': own,
      '.env.example': 'GREETING=hi\n',
    });
    await written(other);
    expect(text(other, '.env.example')).toBe('GREETING=hi\n');
  });

  it('hide what is a secret, judging by its name, and show what only has such a word in it', async () => {
    const own =
      'services:\n  web:\n    build: .\n    environment:\n      ACCESS_TOKEN_EXPIRE_MINUTES: ${ACCESS_TOKEN_EXPIRE_MINUTES:-30}\n      CACHE_KEY: ${CACHE_KEY:-pier}\n      SIGNING_KEY: ${SIGNING_KEY:-abcdef}\n';
    const root = project({ ...plain, Dockerfile: dockerfile(8300), 'compose.yaml': own });
    await written(root);
    const example = text(root, '.env.example');
    expect(example).toMatch(/^#ACCESS_TOKEN_EXPIRE_MINUTES=30$/m);
    expect(example).toMatch(/^#CACHE_KEY=pier$/m);
    expect(example).toContain('SIGNING_KEY');
    expect(example).not.toContain('abcdef');
  });
});

describe('the settings that the author’s compose file needs', () => {
  const app = (variables: string) =>
    `const http = require('node:http');\nconst pg = require('pg');\n${variables}\nhttp.createServer((q, r) => r.end('x')).listen(process.env.APP_PORT || 4100);\n`;
  const base = (more: string, app = '') =>
    `services:\n  web:\n    build: .\n${app}    depends_on: [store]\n  store:\n    image: postgres:16\n${more}`;
  const files = (compose: string, source: string, more: Files = {}): Files => ({
    'package.json': manifest({ type: 'commonjs', scripts: { start: 'node app.js' }, dependencies: { pg: '8' } }),
    'app.js': source,
    Dockerfile: 'FROM node:22-slim\nWORKDIR /a\nCOPY . .\nRUN npm install\nCMD ["node", "app.js"]\n',
    'docker-compose.yml': compose,
    ...more,
  });
  const settings = async (all: Files) => {
    const root = project(all);
    const plan = await written(root);
    const env = existsSync(join(root, '.env')) ? text(root, '.env') : undefined;
    const rows = (env ?? '').split('\n').flatMap((line) => /^([A-Z_]+)=(.*)$/.exec(line)?.slice(1, 3) ?? []);
    const values = Object.fromEntries(rows.flatMap((name, at) => (at % 2 === 0 ? [[name, rows[at + 1] ?? '']] : [])));
    return { plan, env, values, root };
  };
  const pool =
    'new pg.Pool({ host: process.env.DB_HOST, port: process.env.DB_PORT, user: process.env.DB_LOGIN, password: process.env.DB_PASS, database: process.env.DB_BASE });';

  it('get what the containers need to find each other: names, ports and accounts', async () => {
    const { values } = await settings(
      files(
        base(
          '    environment: { POSTGRES_USER: "${DB_LOGIN}", POSTGRES_PASSWORD: "${DB_PASS}", POSTGRES_DB: "${DB_BASE}" }\n',
          '    ports: ["${APP_PORT}:${APP_PORT}"]\n    environment: { DB_HOST: "${DB_HOST}", DB_PORT: "${DB_PORT}", DB_LOGIN: "${DB_LOGIN}", DB_PASS: "${DB_PASS}", DB_BASE: "${DB_BASE}", APP_PORT: "${APP_PORT}" }\n',
        ),
        app(pool),
        { '.env.example': 'APP_PORT=\nDB_HOST=localhost\nDB_BASE=till\n' },
      ),
    );
    expect(values).toMatchObject({
      APP_PORT: '4100',
      DB_HOST: 'store',
      DB_PORT: '5432',
      DB_LOGIN: 'app',
      DB_BASE: 'till',
    });
    expect(values['DB_PASS']).toMatch(/^[\w-]{20,}$/);
  });

  it('get the address of a database with the password that is made for it', async () => {
    const { values } = await settings(
      files(
        base(
          '    environment: { POSTGRES_USER: shelf, POSTGRES_PASSWORD: "${SECRET_WORD}", POSTGRES_DB: books }\n',
          '    environment: { DATABASE_URL: "${DATABASE_URL}" }\n',
        ),
        app('new pg.Pool({ connectionString: process.env.DATABASE_URL });'),
      ),
    );
    expect(values['DATABASE_URL']).toContain(`shelf:${values['SECRET_WORD']}@store:5432/books`);
  });

  it('are in the file that the containers get, which is there though nothing in it is required', async () => {
    const told = await settings(
      files(
        base('    env_file: .env\n', '    env_file: [.env]\n'),
        app(`${pool} if (!process.env.SEAL_KEY) process.exit(1);`),
      ),
    );
    expect(told.values).toMatchObject({ DB_HOST: 'store', DB_LOGIN: 'postgres' });
    expect(Object.keys(told.values)).toEqual(expect.arrayContaining(['POSTGRES_PASSWORD', 'SEAL_KEY', 'DB_PASS']));
    expect(told.values['DB_PASS']).toBe(told.values['POSTGRES_PASSWORD']);
    const alone = "require('node:http').createServer((q, r) => r.end('x')).listen(4100);\n";
    const plainly = files('services:\n  web:\n    build: .\n    env_file: .env\n', alone);
    const { env } = await settings(plainly);
    expect(env).toBeDefined();
    const without = await settings(files('services:\n  web:\n    build: .\n', alone));
    expect(without.env).toBeUndefined();
  });

  it.each([
    ['no way to them', '', true],
    ['one of them, and the image the other', '    environment: { SEAL_KEY: x }\n', false],
    ['a settings file', '    env_file: .env\n', false],
  ])('are missed where the container has %s', async (_, more, isMissed) => {
    const source =
      "if (!process.env.SEAL_KEY || !process.env.SEAL_SALT) process.exit(1);\nrequire('node:http').createServer((q, r) => r.end('x')).listen(4100);\n";
    const image = `FROM node:22-slim\nWORKDIR /a\n${isMissed ? '' : 'ENV SEAL_SALT=y\n'}COPY . .\nCMD ["node", "app.js"]\n`;
    const root = project(files(`services:\n  web:\n    build: .\n${more}`, source, { Dockerfile: image }));
    const { context } = await generate({ cwd: root });
    const found = context.warnings.filter((warning) => warning.includes('SEAL_KEY'));
    expect(found).toHaveLength(isMissed ? 1 : 0);
    if (isMissed) expect(found[0]).toContain('SEAL_KEY, SEAL_SALT, but docker-compose.yml does not set them for web');
  });

  it('say which other file is missing, and offer it', async () => {
    const compose = 'services:\n  web:\n    build: .\n    env_file: [./settings/live.env, settings/there.env]\n';
    const root = project(files(compose, app(''), { 'settings/there.env': 'A=1\n' }));
    const { env } = await generate({ cwd: root });
    expect(env?.files).toMatchObject([{ path: 'settings/live.env', place: 'docker-compose.yml:4' }]);
  });

  it.each([
    ['another one', 'ports: ["80:4100"]', '4100'],
    ['none', 'expose: []', '3000'],
  ])('have the port that the compose file publishes: %s', async (_name, ports, port) => {
    const compose = `services:\n  web:\n    build: .\n    ${ports}\n    env_file: live.env\n`;
    const source = "import { createServer } from 'node:http';\ncreateServer().listen(process.env.PORT ?? 3000);\n";
    const image = 'FROM node:22-slim\nWORKDIR /srv\nCOPY . .\nCMD ["node", "server.js"]\n';
    const { env } = await generate({ cwd: project(files(compose, source, { Dockerfile: image })) });
    expect(env?.files?.[0]?.rows['PORT']).toBe(port);
  });

  it.each([
    ['a user of its own', 'POSTGRES_USER: shelf, POSTGRES_PASSWORD: paper', 'shelf'],
    ['the usual user', 'POSTGRES_PASSWORD: paper', 'postgres'],
    ['a database beside it', 'POSTGRES_DB: books, POSTGRES_USER: shelf, POSTGRES_PASSWORD: paper', 'shelf'],
  ])(
    'have the password that the compose file writes out, in the file that is offered: %s',
    async (_name, account, user) => {
      const compose = base(`    environment: { ${account} }\n`, '    env_file: settings/live.env\n');
      const { env } = await generate({ cwd: project(files(compose, app(pool))) });
      expect(env?.files?.[0]?.rows).toMatchObject({ DB_HOST: 'store', DB_LOGIN: user, DB_PASS: 'paper' });
    },
  );

  it('leave a password open that a variable holds', async () => {
    const compose = base(
      '    environment: { POSTGRES_PASSWORD: "${SECRET_WORD}" }\n',
      '    env_file: settings/live.env\n',
    );
    const { env } = await generate({ cwd: project(files(compose, app(pool))) });
    expect(env?.files?.[0]?.rows['DB_PASS']).not.toBe('paper');
  });
});

describe('errors of kept files', () => {
  const set = (database: string) => ({
    ...plain,
    Dockerfile: dockerfile(3000),
    'docker-compose.yml': `services:\n  web:\n    build: .\n  base:\n${database}volumes: { data: }\n`,
  });
  const warnings = async (files: Files) => (await generate({ cwd: project(files) })).context.warnings;

  it.each([
    ['a volume where nothing lies', '    image: postgres:18\n    volumes: ["data:/var/lib/postgresql/data"]\n'],
    [
      'the newest version, with a volume at an old path',
      '    image: postgres\n    volumes: ["data:/var/lib/postgresql/data"]\n',
    ],
    ['a folder that MySQL does not write', '    image: mysql:8.4\n    volumes: ["data:/var/mysql"]\n'],
  ])('are said with their line before anything is written: %s', async (_name, database) => {
    expect(await warnings(set(database))).toContainEqual(
      expect.stringMatching(/^docker-compose\.yml:\d+: .*stores its data in/),
    );
  });

  it('are not said of files without one, and not of those that are replaced', async () => {
    const good = set('    image: postgres:17\n    volumes: ["data:/var/lib/postgresql/data"]\n');
    const poor = set('    image: postgres:18\n    volumes: ["data:/var/lib/postgresql/data"]\n');
    expect((await warnings(good)).filter((one) => one.startsWith('docker-compose.yml'))).toEqual([]);
    const replaced = await generate({ cwd: project(poor), set: { existing: 'replace' } });
    expect(replaced.context.warnings.filter((one) => one.includes('keeps its data'))).toEqual([]);
  });
});

describe('a file of settings that compose reads and that is not there', () => {
  const database = `import pg from 'pg';
new pg.Pool({ host: process.env.DB_HOST, user: process.env.DB_USER, password: process.env.DB_PASSWORD, database: process.env.DB_NAME });
`;
  const url = `import pg from 'pg';
new pg.Pool({ connectionString: process.env.DATABASE_URL });
`;
  const set = (code: string, path: string, compose: string, more: Files = {}) => ({
    'package.json': manifest({ dependencies: { pg: '8' } }),
    'server.js': `${code}${server}`,
    Dockerfile: dockerfile(3000),
    [path]: compose,
    ...more,
  });
  const services = (file: string, image: string) =>
    `services:\n  web: { build: ., env_file: ${file} }\n  base: { image: ${image}, env_file: ${file} }\n`;

  it.each([
    ['.env.prod', 'docker-compose.prod.yml', services('.env.prod', 'postgres:16')],
    ['.env.local', 'docker-compose.dev.yml', services('.env.local', 'postgres:16')],
    ['settings.env', 'compose.yaml', services('settings.env', 'postgres:16-alpine')],
  ])('has one account for the database and for the application: %s', async (file, path, compose) => {
    const root = project(set(database, path, compose));
    await written(root);
    const values: Readonly<Record<string, string | undefined>> = readEnv(text(root, file), file);
    expect(values).toMatchObject({ DB_HOST: 'base', DB_NAME: 'pier' });
    expect(values['DB_PASSWORD']).toMatch(/^.{20,}$/);
    expect(values['POSTGRES_PASSWORD']).toBe(values['DB_PASSWORD']);
    expect(values['POSTGRES_USER']).toBe(values['DB_USER']);
    expect(values['POSTGRES_DB']).toBe('pier');
  });

  it('has an address with the password of the database', async () => {
    const root = project(set(url, 'compose.yaml', services('.env.docker', 'postgres:17')));
    await written(root);
    const values: Readonly<Record<string, string | undefined>> = readEnv(text(root, '.env.docker'), '.env.docker');
    const { POSTGRES_USER: user, POSTGRES_PASSWORD: password, DATABASE_URL: address } = values;
    expect(address).toBe(`postgresql://${user}:${password}@base:5432/pier`);
  });

  it('has the same password where the database reads another file', async () => {
    const apart =
      'services:\n  web: { build: ., env_file: web.env }\n  base: { image: postgres:16, env_file: base.env }\n';
    const root = project(set(database, 'compose.yaml', apart));
    await written(root);
    const [web, base] = ['web.env', 'base.env'].map(
      (file): Readonly<Record<string, string | undefined>> => readEnv(text(root, file), file),
    );
    expect(web?.['DB_PASSWORD']).toBe(base?.['POSTGRES_PASSWORD']);
    expect(web).toMatchObject({ DB_HOST: 'base', DB_USER: base?.['POSTGRES_USER'], DB_NAME: base?.['POSTGRES_DB'] });
  });

  it('keeps what its example says, but for addresses of the machine itself', async () => {
    const example = 'DB_HOST=localhost\nDB_USER=reader\nDB_PASSWORD=paper\nDB_NAME=shelf\nDB_ALIAS=${DB_ALIAS}\n';
    const root = project(
      set(database, 'compose.yaml', services('.env.docker', 'postgres:16'), { '.env.docker.example': example }),
    );
    await written(root);
    expect(text(root, '.env.docker')).toContain('DB_HOST=base\nDB_USER=reader\nDB_PASSWORD=paper\nDB_NAME=shelf\n');
  });
});

describe('an application of a kind that is not known, which files of its author start', () => {
  const unknown: Files = {
    'package.json': manifest({
      scripts: { build: 'vite build', start: 'node .output/server/index.mjs' },
      dependencies: { '@tanstack/react-start': '1' },
    }),
    'src/router.tsx': 'export const a = 1;\n',
  };
  const built =
    'FROM node:22 AS build\nWORKDIR /srv\nCOPY . .\nRUN npm install && npm run build\nFROM node:22\nWORKDIR /srv\nCOPY --from=build /srv/.output .output\n';
  const start = 'CMD ["node", ".output/server/index.mjs"]\n';
  const compose = 'services:\n  web: { build: ., ports: ["8080:8080"] }\n';
  const tool: Files = { 'package.json': manifest({ scripts: { start: 'monit -c ./monitrc' } }), monitrc: '' };

  it.each<[string, Files, string]>([
    ['an exposed port', { ...unknown, Dockerfile: `${built}EXPOSE 3000\n${start}` }, 'web-service'],
    [
      'a published port',
      { ...tool, Dockerfile: 'FROM node:22\nCOPY . .\nCMD ["sh", "-c", "npm start"]\n', 'compose.yaml': compose },
      'web-service',
    ],
    ['no port', { ...tool, Dockerfile: 'FROM node:22\nCOPY . .\nCMD ["sh", "-c", "npm start"]\n' }, 'worker'],
  ])('is completed as they show it: %s', async (_name, files, archetype) => {
    const root = project(files);
    const plan = await written(root);
    expect(plan.archetype).toBe(archetype);
    expect(
      together(
        root,
        ...(existsSync(join(root, 'compose.yaml'))
          ? ['compose.yaml', 'compose.prod.yaml']
          : ['docker-compose.yml', 'docker-compose.prod.yml']),
      ),
    ).toBeDefined();
    // nothing that it could watch is known
    expect(plan.kept?.edits?.filter(({ change }) => change.type === 'stage') ?? []).toEqual([]);
  });

  it('is asked about where they are replaced, and where there are none', async () => {
    const files = { ...unknown, Dockerfile: `${built}EXPOSE 3000\n${start}` };
    const refused = { code: 'archetype-missing' };
    await expect(generate({ cwd: project(files), set: { existing: 'replace' } })).rejects.toMatchObject(refused);
    await expect(generate({ cwd: project(unknown) })).rejects.toMatchObject(refused);
  });
});

describe('the image of a web server, in which a kept Dockerfile puts the files of a site', () => {
  const site: Files = {
    'package.json': manifest({ scripts: { build: 'vite build' }, devDependencies: { vite: '^7.0.0' } }),
    'index.html': '<script type="module" src="/main.js"></script>',
    'main.js': "document.title = 'pier';\n",
  };
  const into = (image: string, more = '') =>
    `FROM node:24 AS build\nWORKDIR /srv\nCOPY . .\nRUN npm install && npm run build\nFROM ${image}\n${more}COPY --from=build /srv/dist /usr/share/nginx/html\n`;

  it.each([
    ['nginx:1.29-alpine', '', 80],
    ['nginxinc/nginx-unprivileged:stable', '', 8080],
    ['httpd:2.4', '', 80],
    ['caddy:2-alpine', '', 80],
    ['nginx:alpine', 'EXPOSE 3000\n', 3000],
  ])('is published at the port that it listens on: %s %s', async (image, more, target) => {
    const root = project({ ...site, Dockerfile: into(image, more) });
    await written(root);
    expect(together(root, 'docker-compose.yml')['app']?.['ports']).toMatchObject([{ target }]);
  });

  it('is published at none where nothing is known of it', async () => {
    const root = project({ ...site, Dockerfile: into('example.org/pages:1') });
    await written(root);
    expect(together(root, 'docker-compose.yml')['app']?.['ports']).toBeUndefined();
  });
});

describe('a Dockerfile with a small letter', () => {
  it.each([
    ['named with a capital one', 'dockerfile: Dockerfile'],
    ['named by nothing', 'context: .'],
  ])('is the one that BuildKit takes: %s', async (_, named) => {
    const compose = `services:\n  api:\n    build:\n      ${named === 'context: .' ? named : `context: .\n      ${named}`}\n    ports: ['8300:8300']\n`;
    const root = project({ ...plain, dockerfile: dockerfile(8300), 'docker-compose.yml': compose });
    const plan = await written(root);
    expect(Object.keys(plan.workloads)).toEqual(['api']);
    expect(existsSync(join(root, 'Dockerfile'))).toBe(false);
    expect(Object.keys(together(root, 'docker-compose.yml', 'docker-compose.prod.yml'))).toEqual(['api']);
  });
});
