import { describe, expect, it } from 'vitest';
import type { ExistingDeployment } from '../../../../src/model/existing.ts';
import { app, dockerOf, factsOf, text } from './support.ts';

const Dockerfile = 'FROM node:22\nCOPY . .\nCMD ["node", "server.js"]\n';
const uses = ({ compose }: ExistingDeployment) => compose.map(({ files, use }) => [use, ...files]);
const runs = ({ compose }: ExistingDeployment, set = 0) =>
  Object.fromEntries((compose[set]?.services ?? []).map(({ name, runs: what, service }) => [name, service ?? what]));
const service = ({ compose }: ExistingDeployment, name: string, set = 0) => {
  const found = compose[set]?.services.find((one) => one.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
};

describe('compose files of the author', () => {
  it('give each fact with its line, and values as they are written', async () => {
    const docker = await dockerOf({
      ...app,
      Dockerfile,
      '.env': 'SECRET=never\nHOST_PORT=1\n',
      'compose.yaml': text(
        'name: till-shop',
        'x-common: &common',
        '  restart: always',
        'services:',
        '  web:',
        '    <<: *common',
        '    build: { context: ., args: { RELEASE: "${RELEASE:-none}" } }',
        '    environment:',
        '      DATABASE_URL: postgres://u:${DB_PASSWORD:?set it}@db/x',
        '      SECRET:',
        '    ports:',
        '      - "127.0.0.1:${HOST_PORT:-8080}:3000"',
        '      - "${OTHER}:${OTHER}"',
        '    volumes:',
        '      - ./data:/app/data:ro',
        '      - "${UPLOADS}:/uploads"',
        '    depends_on: [db]',
        '    deploy: { resources: { limits: { cpus: "${CPUS}", memory: 1g } } }',
        '  db:',
        '    image: postgres:${PG:-16}-alpine',
        '    volumes: [books:/var/lib/postgresql/data]',
        '    profiles: [full]',
        'volumes:',
        '  books:',
        '  old: { external: true, name: shared }',
      ),
    });
    expect(docker.broken).toEqual([]);
    expect(docker.compose[0]).toMatchObject({ name: 'till-shop', use: 'base' });
    expect(docker.compose[0]?.volumes).toMatchObject({ books: { external: false, from: [{ line: 24 }] } });
    expect(docker.compose[0]?.volumes['books']).not.toHaveProperty('name');
    const web = service(docker, 'web');
    expect(web).toMatchObject({
      runs: 'application',
      build: { context: '.', dockerfile: 'Dockerfile', args: { RELEASE: '${RELEASE:-none}' } },
      env: {
        DATABASE_URL: { value: 'postgres://u:${DB_PASSWORD:?set it}@db/x', from: [{ file: 'compose.yaml', line: 9 }] },
        SECRET: { value: null },
      },
      ports: [{ container: 3000, host: '8080', address: '127.0.0.1', from: [{ line: 12 }] }],
      mounts: [
        { type: 'bind', source: 'data', target: '/app/data', readOnly: true },
        { source: '${UPLOADS}', target: '/uploads' },
      ],
      after: ['db'],
    });
    expect(web.has).toEqual(expect.arrayContaining(['restart', 'deploy.resources']));
    expect(web.has).not.toContain('command');
    expect(service(docker, 'db')).toMatchObject({
      runs: 'backing',
      service: 'postgres',
      image: { value: 'postgres:${PG:-16}-alpine', from: [{ line: 20 }] },
      profiles: ['full'],
    });
  });

  it('fill in what .env.example gives, where a number must be known', async () => {
    const docker = await dockerOf({
      ...app,
      Dockerfile,
      '.env.example': 'WEB_PORT=4100\n',
      'docker-compose.yml': 'services:\n  web:\n    build: .\n    ports: ["${WEB_PORT}:${WEB_PORT}"]\n',
    });
    expect(service(docker, 'web').ports).toMatchObject([{ container: 4100, host: '4100' }]);
  });

  it('are sorted by what they are for', async () => {
    const web = 'services:\n  web:\n    build: .\n';
    const over = 'services:\n  web:\n    command: npm run dev\n';
    const docker = await dockerOf({
      ...app,
      Dockerfile,
      'docker-compose.yml': web,
      'docker-compose.override.yml': over,
      'docker-compose.dev.yml': over,
      'docker-compose.prod.yml': 'services:\n  web:\n    image: registry.example/till:1\n    restart: always\n',
      'docker-compose.test.yml': 'services:\n  web:\n    build: { target: test }\n',
      'docker-compose.tools.yml': 'services:\n  admin:\n    image: adminer\n    depends_on: [web]\n',
      'deploy/compose.yaml': 'services:\n  web:\n    image: registry.example/till:1\n',
    });
    expect(uses(docker)).toEqual([
      ['base', 'docker-compose.yml'],
      ['override', 'docker-compose.yml', 'docker-compose.override.yml'],
      ['production', 'docker-compose.prod.yml'],
      ['production', 'deploy/compose.yaml'],
      ['development', 'docker-compose.yml', 'docker-compose.dev.yml'],
      ['test', 'docker-compose.yml', 'docker-compose.test.yml'],
      ['other', 'docker-compose.yml', 'docker-compose.tools.yml'],
    ]);
    expect(runs(docker, 2)).toEqual({ web: 'application' });
  });

  it('are put together as a command of the project does it', async () => {
    const docker = await dockerOf({
      ...app,
      Dockerfile,
      'docker/base.compose.yml': 'services:\n  web:\n    build: ..\n',
      'docker/compose-prod.yml': 'services:\n  web:\n    image: a/b\n',
      'scripts/up.sh':
        '#!/bin/sh\nset -e\ndocker compose -f docker/base.compose.yml -f docker/compose-prod.yml up -d\n',
    });
    expect(uses(docker)).toEqual([
      ['production', 'docker/base.compose.yml', 'docker/compose-prod.yml'],
      ['other', 'docker/base.compose.yml'],
    ]);
  });

  it('are merged with what they extend and include', async () => {
    const docker = await dockerOf({
      ...app,
      Dockerfile,
      'compose.yml': text(
        'include: [infra/db.yml]',
        'services:',
        '  web:',
        '    extends: { file: common.yml, service: base }',
        '    depends_on: [cache]',
      ),
      'common.yml': 'services:\n  base:\n    build: .\n    environment: { A: "1" }\n',
      'infra/db.yml': 'services:\n  cache:\n    image: valkey/valkey:8\n',
    });
    expect(runs(docker)).toEqual({ web: 'application', cache: 'redis' });
    expect(service(docker, 'web').env['A']?.from).toMatchObject([{ file: 'common.yml', line: 4 }]);
  });

  it('know the application, what it needs, and what is beside them', async () => {
    const docker = await dockerOf({
      ...app,
      Dockerfile,
      'docker/pg/Dockerfile': 'FROM postgres:15\nCOPY init.sql /docker-entrypoint-initdb.d/\n',
      'docker/pg/init.sql': '',
      'compose.yaml': text(
        'services:',
        '  web: { build: ., image: acme/till, depends_on: [search], environment: { MAIL: "smtp://mail:25" } }',
        '  worker: { image: acme/till, command: node worker.js }',
        '  live: { image: "node:22-alpine", volumes: [".:/code"] }',
        '  inline: { build: { context: ., dockerfile_inline: "FROM node" } }',
        '  db: { build: docker/pg }',
        '  queue: { image: "docker.io/library/rabbitmq:3-management" }',
        '  store: { image: "public.ecr.aws/bitnami/mongodb:7" }',
        '  search: { image: "elasticsearch:8" }',
        '  mail: { image: axllent/mailpit }',
        '  admin: { image: adminer }',
        '  tool: { image: "node:22", command: npx x }',
      ),
    });
    expect(runs(docker)).toEqual({
      web: 'application',
      worker: 'application',
      live: 'application',
      inline: 'application',
      db: 'postgres',
      queue: 'rabbitmq',
      store: 'mongodb',
      search: 'backing',
      mail: 'backing',
      admin: 'other',
      tool: 'other',
    });
    expect(service(docker, 'inline').build).not.toHaveProperty('dockerfile');
  });

  it('say which stage is for what', async () => {
    const docker = await dockerOf({
      ...app,
      Dockerfile: 'FROM node AS web\nCOPY . .\nFROM web AS extra\nFROM web AS playground\n',
      'compose.yaml': 'services:\n  web: { build: { context: ., target: web } }\n',
      'compose.override.yaml': 'services:\n  web: { build: { target: playground } }\n',
    });
    expect(docker.dockerfiles[0]).toMatchObject({ production: 0, development: 2 });
  });
});

describe('an editor of the author', () => {
  it('has its own files', async () => {
    const docker = await dockerOf({
      ...app,
      Dockerfile,
      '.devcontainer/devcontainer.json':
        '{ // comment\n "build": { "dockerfile": "Dockerfile" }, "dockerComposeFile": ["../compose.yaml", "compose.yml"] }',
      '.devcontainer/Dockerfile': 'FROM node:20\nCOPY . .\n',
      '.devcontainer/compose.yml': 'services:\n  editor: { build: . }\n',
      'compose.yaml': 'services:\n  web: { build: . }\n',
      '.dockerignore': 'node_modules\n',
      'docker/app.Dockerfile.dockerignore': '',
    });
    expect(docker.devcontainer).toMatchObject({
      path: '.devcontainer/devcontainer.json',
      dockerfile: '.devcontainer/Dockerfile',
      compose: ['compose.yaml', '.devcontainer/compose.yml'],
    });
    expect(docker.dockerfiles.map(({ path, builds }) => [path, builds])).toEqual([
      ['Dockerfile', 'application'],
      ['.devcontainer/Dockerfile', 'other'],
    ]);
    expect(uses(docker)).toEqual([
      ['base', 'compose.yaml'],
      ['other', '.devcontainer/compose.yml'],
    ]);
    expect(docker.dockerignores).toEqual(['.dockerignore', 'docker/app.Dockerfile.dockerignore']);
  });
});

describe('compose files that are hostile or broken', () => {
  it.each([
    ['no YAML', 'services:\n  web: [\n', 'compose.yaml'],
    ['a list', '- a\n', 'compose.yaml'],
    ['a wrong kind', 'services:\n  web: { build: ., ports: { a: b } }\n', 'compose.yaml'],
    ['a circle of includes', 'include: [compose.yaml]\n', 'compose.yaml'],
    ['a circle of services', 'services:\n  a: { extends: b }\n  b: { extends: a }\n', 'compose.yaml'],
    ['a file that is not there', 'include: [gone.yml]\n', 'compose.yaml'],
    ['a file outside', 'include: [../../etc/passwd]\nservices: { web: { build: . } }\n', 'compose.yaml'],
    [
      'a remote file',
      'include: ["https://example.com/compose.yml"]\nservices: { web: { build: . } }\n',
      'compose.yaml',
    ],
    ['aliases without an end', 'services: &a\n  web: *a\n', 'compose.yaml'],
    ['a huge file', `services: {}\n${'# x\n'.repeat(100_000)}`, 'compose.yaml'],
    ['a depth without an end', `services: ${'['.repeat(5000)}`, 'compose.yaml'],
  ])('are listed, and lose nothing else: %s', async (_name, compose, file) => {
    const docker = await dockerOf({
      ...app,
      Dockerfile,
      'compose.yaml': compose,
      'docker-compose.prod.yml': 'services:\n  web: { build: . }\n',
    });
    expect(docker.broken.map((one) => one.file)).toContain(file);
    expect(docker.dockerfiles[0]?.builds).toBe('application');
    expect(docker.compose.some(({ use }) => use === 'production')).toBe(true);
  });

  it('may be hundreds', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [`a${index}/compose.yaml`, 'services: { web: { build: . } }\n']),
    );
    const docker = await dockerOf({ ...app, ...many });
    expect(docker.compose).toHaveLength(60);
    expect(docker.broken).toHaveLength(240);
  });

  it('are not there in most projects', async () => {
    const [facts] = await factsOf(app);
    expect(facts).not.toHaveProperty('docker');
  });
});
