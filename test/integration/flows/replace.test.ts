import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generate, writeGeneration } from '../../../src/flows/generate.ts';

const files = {
  'package.json': '{"name":"till","version":"1.0.0","scripts":{"start":"node app/main.js"},"dependencies":{"pg":"8"}}',
  'package-lock.json':
    '{"name":"till","version":"1.0.0","lockfileVersion":3,"packages":{"":{"name":"till","version":"1.0.0","dependencies":{"pg":"8"}},"node_modules/pg":{"version":"8.0.0"}}}',
  'app/main.js':
    "const http = require('node:http');\nconst pg = require('pg');\nnew pg.Pool({ connectionString: process.env.DATABASE_URL });\nhttp.createServer((req, res) => { if (req.url === '/health') return res.end('ok'); res.end('x'); }).listen(process.env.PORT || 3000);\n",
  'tables/a.csv': 'a',
  Dockerfile:
    'FROM node:22-slim\nRUN apt-get update && apt-get install -y graphviz tini\nWORKDIR /srv\nCOPY package*.json ./\nRUN npm ci\nCOPY app ./app\nCOPY tables ./tables\nARG RELEASE\nENV PORT=8085 THEME=dark\nCMD ["node", "--max-http-header-size=32768", "app/main.js"]\n',
  'docker-compose.yml':
    'services:\n  web:\n    build: .\n    environment: { DATABASE_URL: "postgres://shelf:paper@base/shelf" }\n    volumes: [files:/srv/files]\n  worker:\n    build: .\n    command: node app/worker.js\n  base:\n    image: postgres:15-alpine\n    command: postgres -c max_connections=50\n    environment: { POSTGRES_USER: shelf, POSTGRES_PASSWORD: paper }\n    volumes: [books:/var/lib/postgresql/data]\nvolumes: { books: , files: }\n',
};

let root: string;
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: root, stdio: 'pipe' });
const put = (path: string, content: string) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
};
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const replace = { existing: 'replace' };

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'dockwright-replace-')));
  for (const [path, content] of Object.entries(files)) put(path, content);
  git('init', '--quiet');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const commit = () => {
  git('add', '--all');
  git('commit', '--quiet', '--message', 'x');
};

describe('Docker files of the author that are replaced', () => {
  it.each([
    ['there is no commit', () => undefined],
    ['they are only staged', () => git('add', '--all')],
    [
      'one was edited since',
      () => {
        commit();
        put('Dockerfile', `${files.Dockerfile}# mine\n`);
      },
    ],
    [
      'an edit is only staged',
      () => {
        commit();
        put('Dockerfile', `${files.Dockerfile}# mine\n`);
        git('add', '--all');
      },
    ],
  ])('stay where %s', async (_name, prepare) => {
    prepare();
    const generation = await generate({ cwd: root, set: replace });
    expect(generation.refused).toMatchObject({ code: 'not-committed' });
    await expect(writeGeneration(generation, { edits: false, env: false })).rejects.toMatchObject({
      code: 'not-committed',
    });
    expect(read('docker-compose.yml')).toBe(files['docker-compose.yml']);
  });

  it('go on in the result: what they say is there, or listed as left out', async () => {
    commit();
    const generation = await generate({ cwd: root, set: replace });
    expect(generation.refused).toBeUndefined();
    expect(generation.changes.filter(({ act }) => act === 'update').map(({ path }) => path)).toEqual([
      'Dockerfile',
      'docker-compose.yml',
    ]);
    await writeGeneration(generation, { edits: false, env: true });
    expect(read('Dockerfile')).toMatch(/^FROM node:22-/m);
    expect(read('Dockerfile')).toMatch(/graphviz/);
    expect(read('Dockerfile')).toMatch(/COPY tables/);
    expect(read('Dockerfile')).toMatch(/"--max-http-header-size=32768", "app\/main.js"/);
    const compose = read('docker-compose.yml');
    for (const part of [
      /^ {4}image: postgres:15-alpine$/m,
      /volumes: \[books:\/var\/lib\/postgresql\/data\]/,
      /volumes: \[files:\/app\/files\]/,
      /POSTGRES_USER: shelf$/m,
      /POSTGRES_DB: shelf$/m,
      /command: \["postgres", "-c", "max_connections=50"\]/,
      /THEME: \$\{THEME:-dark\}/,
      /:8085"\]/,
    ])
      expect(compose).toMatch(part);
    // the name of the project stays that of the folder, as the volumes carry it
    expect(compose).not.toMatch(/^name:/m);
    expect(compose).not.toMatch(/paper/);
    expect(read('.env')).toMatch(/^POSTGRES_PASSWORD=paper$/m);
    const leftOut = generation.context.plan.leftOut?.map(({ what }) => what);
    expect(leftOut).toEqual(['service worker', 'package tini', 'build argument RELEASE', 'user root']);
  });

  it('are evidence at every later run, which changes nothing', async () => {
    commit();
    await writeGeneration(await generate({ cwd: root, set: replace }), { edits: false, env: true });
    const again = await generate({ cwd: root });
    expect(again.changes.filter(({ act }) => act !== 'same')).toEqual([]);
    expect(again.context.facts.docker?.replaced).toEqual(['Dockerfile', 'docker-compose.yml']);
    expect(read('.dockwright/replaced/Dockerfile')).toBe(files.Dockerfile);
  });

  it('have the keys of their services that give a container nothing of the host', async () => {
    const keys =
      '    shm_size: 128mb\n    stop_grace_period: 1m\n    logging: { driver: journald }\n    labels: ["proxy.rule=Host(`till`)"]\n';
    put('docker-compose.yml', files['docker-compose.yml'].replace('    build: .\n', `    build: .\n${keys}`));
    put(
      'docker-compose.yml',
      read('docker-compose.yml').replace('  base:\n', '  base:\n    ulimits: { nofile: 9000 }\n'),
    );
    commit();
    await writeGeneration(await generate({ cwd: root, set: replace }), { edits: false, env: true });
    const [web = '', base = ''] = read('docker-compose.yml').split(/\n {2}db:/);
    expect(web).toMatch(
      /shm_size: 128m\n {4}stop_grace_period: 1m0s\n {4}logging:\n {6}driver: journald\n {4}labels:\n/,
    );
    expect(web).toContain('proxy.rule: Host(`till`)');
    expect(base).toMatch(/ulimits:\n {6}nofile: 9000\n/);
    const [ofWeb = '', ofBase = ''] = read('docker-compose.prod.yml').split(/\n {2}db:/);
    expect(ofWeb).not.toMatch(/logging|stop_grace_period/);
    expect(ofBase).toMatch(/logging:.*json-file.*\n {4}stop_grace_period: 30s/);
    // what is added by hand stays
    put('docker-compose.yml', read('docker-compose.yml').replace('    shm_size', '    hostname: till\n    shm_size'));
    const again = await generate({ cwd: root });
    const changed = again.changes.filter(({ act }) => act !== 'same');
    expect(changed).toMatchObject([
      { path: 'docker-compose.yml', why: expect.stringContaining('nothing new to merge') },
    ]);
  });

  it.each([
    [
      'deploy',
      '    deploy: { resources: { limits: { cpus: "0.5", memory: 2G } } }\n',
      '    deploy: { resources: { limits: { memory: 768M } } }\n',
      /limits: \{ cpus: "0.5", memory: 2G, pids: \d+ \}\n {8}reservations: \{ cpus: "0.25", memory: 128M \}/,
      /memory: 768M/,
    ],
    [
      'mem_limit',
      '    mem_limit: 96m\n    cpus: 0.1\n',
      '    mem_limit: 3g\n',
      /limits: \{ cpus: "0.1", memory: 96M, pids: \d+ \}\n {8}reservations: \{ cpus: "0.1", memory: 96M \}/,
      /memory: 3G/,
    ],
    ['no limit', '', '', /limits: \{ cpus: "1", memory: 512M/, /memory: 512M/],
  ])('may take what the author lets them: %s', async (_name, ofWeb, ofBase, web, base) => {
    put('docker-compose.yml', files['docker-compose.yml'].replace('    build: .\n', `    build: .\n${ofWeb}`));
    put('docker-compose.yml', read('docker-compose.yml').replace('  base:\n', `  base:\n${ofBase}`));
    commit();
    await writeGeneration(await generate({ cwd: root, set: replace }), { edits: false, env: true });
    const [first = '', second = ''] = read('docker-compose.prod.yml').split(/\n {2}db:/);
    expect(first).toMatch(web);
    expect(second).toMatch(base);
    expect((await generate({ cwd: root })).changes.filter(({ act }) => act !== 'same')).toEqual([]);
  });

  it('may take what a file for production says', async () => {
    const production = 'services:\n  web:\n    deploy: { resources: { limits: { memory: 1536M } } }\n';
    put('docker-compose.production.yml', production);
    commit();
    await writeGeneration(await generate({ cwd: root, set: replace }), { edits: false, env: true });
    expect(read('docker-compose.prod.yml')).toMatch(/memory: 1536M/);
  });

  it('may be one alone', async () => {
    commit();
    const generation = await generate({ cwd: root, accept: { Dockerfile: 'generated' } });
    expect(generation.changes.find(({ path }) => path === 'Dockerfile')?.act).toBe('update');
    expect(generation.changes.find(({ path }) => path === 'docker-compose.yml')?.act).not.toBe('update');
  });

  it('keep a name of their own, and one in a folder keeps the names of its volumes', async () => {
    rmSync(join(root, 'docker-compose.yml'));
    put('docker/compose.yaml', files['docker-compose.yml'].replace('build: .', 'build: ..'));
    commit();
    const inFolder = await generate({ cwd: root, set: replace });
    expect(inFolder.context.plan.volumes).toMatchObject({
      books: { name: 'docker_books' },
      files: { name: 'docker_files' },
    });
    put('docker/compose.yaml', `name: shop\n${files['docker-compose.yml'].replace('build: .', 'build: ..')}`);
    const named = await generate({ cwd: root, set: replace });
    expect(named.artifacts.find(({ path }) => path === named.context.plan.compose.file)?.content).toMatch(
      /^name: shop$/m,
    );
    expect(named.context.plan.volumes['books']).not.toHaveProperty('name');
  });

  it('stay where Compose would lay another file over the generated one', async () => {
    put('docker-compose.override.yml', 'services:\n  web:\n    command: node --watch app/main.js\n');
    commit();
    expect((await generate({ cwd: root, set: replace })).refused).toMatchObject({ code: 'override-in-the-way' });
  });
});

describe('a database of the author that is replaced', () => {
  const compose = (db: string) =>
    `services:\n  web:\n    build: .\n    environment: { DATABASE_URL: "mysql://x" }\n    depends_on: [base]\n  base:\n${db}volumes: { books: }\n`;
  const files = {
    'app/main.js':
      "const http = require('node:http');\nconst { Sequelize } = require('sequelize');\nrequire('mysql2');\nnew Sequelize(process.env.DB_NAME, process.env.DB_USER, process.env.DB_PASS, { host: process.env.DB_HOST, dialect: 'mysql' });\nhttp.createServer((req, res) => res.end('x')).listen(3000);\n",
    'package.json':
      '{"name":"till","version":"1.0.0","scripts":{"start":"node app/main.js"},"dependencies":{"mysql2":"3","sequelize":"6"}}',
  };
  const replaced = async (db: string, more: Record<string, string> = {}) => {
    for (const [path, text] of Object.entries({ ...files, ...more, 'docker-compose.yml': compose(db) }))
      put(path, text);
    commit();
    const { context } = await generate({ cwd: root, set: replace });
    return context.plan;
  };

  describe('that is a MongoDB', () => {
    const source = {
      'package.json':
        '{"name":"till","version":"1.0.0","scripts":{"start":"node app/main.js"},"dependencies":{"mongoose":"8"}}',
      'app/main.js':
        "const http = require('node:http');\nrequire('mongoose').connect(process.env.MONGO_URL);\nhttp.createServer((req, res) => res.end('x')).listen(3000);\n",
    };
    const set = (db: string, url: string) => `services:
  web:
    build: .
    environment: { MONGO_URL: "${url}" }
  store:
${db}volumes: { books: }
`;
    const planned = async (db: string, url = 'mongodb://store:27017/the-shelf') => {
      for (const [path, text] of Object.entries({ ...source, 'docker-compose.yml': set(db, url) })) put(path, text);
      commit();
      const { plan } = (await generate({ cwd: root, set: replace })).context;
      const { value } = plan.workloads['app']?.env['MONGO_URL'] ?? {};
      const text =
        value?.from === 'parts' ? value.parts.map((part) => (typeof part === 'string' ? part : '*')).join('') : value;
      return { service: plan.services['db'], url: text, leftOut: plan.leftOut?.map(({ what }) => what) ?? [] };
    };

    it.each([
      ['a volume', '    image: mongo:7\n    volumes: [books:/data/db]\n'],
      ['a folder of the project', '    image: mongo:7\n    volumes: [./data:/data/db]\n'],
    ])('lets its data without a user be found, under the name that the application uses: %s', async (_, db) => {
      const { service, url, leftOut } = await planned(db);
      expect(service?.env).toEqual({});
      expect(url).toEqual({ from: 'literal', text: 'mongodb://db:27017/the-shelf' });
      expect(leftOut).toContain('login of store');
    });

    it('has a user where its data have one, or where there are none yet', async () => {
      const users = '    environment: { MONGO_INITDB_ROOT_USERNAME: root, MONGO_INITDB_ROOT_PASSWORD: x }\n';
      const own = await planned(
        `    image: mongo:7\n    volumes: [books:/data/db]\n${users}`,
        'mongodb://root:x@store/shelf?authSource=admin',
      );
      expect(own.url).toBe('mongodb://root:*@db:27017/shelf?authSource=admin');
      expect(own.leftOut).not.toContain('login of store');
      expect((await planned('    image: mongo:7\n')).url).toBe('mongodb://app:*@db:27017/the-shelf?authSource=admin');
    });

    it('is asked by the shell that its image has', async () => {
      const asks = async (image: string) =>
        (await planned(`    image: ${image}\n    volumes: [books:/data/db]\n`)).service;
      expect((await asks('mongo:4.4'))?.check.argv.slice(0, 2)).toEqual(['sh', '-c']);
      expect((await asks('mongo:3.6-xenial'))?.check.argv[2]).toMatch(/^mongosh .* \|\| mongo .*ping/);
      expect((await asks('mongo:5.0'))?.check.argv[0]).toBe('mongosh');
    });
  });

  it('goes on with the image that its own Dockerfile begins with', async () => {
    const plan = await replaced(
      '    build: ./base\n    environment: { MYSQL_USER: u, MYSQL_PASSWORD: p, MYSQL_DATABASE: shelf }\n    volumes: [books:/var/lib/mysql]\n',
      { 'base/Dockerfile': 'FROM mysql:8.0\nCOPY a.sql /docker-entrypoint-initdb.d/\n', 'base/a.sql': 'select 1;' },
    );
    expect(plan.services['db']).toMatchObject({ image: 'mysql:8.0', volume: { name: 'books' } });
    expect(Object.keys(plan.services['db']?.env ?? {})).toEqual([
      'MYSQL_USER',
      'MYSQL_DATABASE',
      'MYSQL_PASSWORD',
      'MYSQL_RANDOM_ROOT_PASSWORD',
    ]);
    expect(plan.services['db']?.check.argv[0]).toBe('mysqladmin');
    expect(plan.workloads['app']?.env['DB_NAME']?.value).toEqual({ from: 'literal', text: 'shelf' });
    expect(plan.workloads['app']?.env['DB_PASS']?.value).toMatchObject({ variable: 'MYSQL_PASSWORD' });
    expect(plan.leftOut?.map(({ what }) => what)).toContain('changes of base/Dockerfile to mysql:8.0 for base');
  });

  it('keeps root where nobody else may log in, and says which version it takes where there is none', async () => {
    const plan = await replaced(
      '    image: mysql\n    environment: { MYSQL_ROOT_PASSWORD: p, MYSQL_DATABASE: shelf }\n    volumes: [books:/var/lib/mysql]\n',
    );
    expect(plan.services['db']).toMatchObject({ image: 'mysql:8.4' });
    expect(Object.keys(plan.services['db']?.env ?? {})).toEqual(['MYSQL_DATABASE', 'MYSQL_ROOT_PASSWORD']);
    expect(plan.workloads['app']?.env['DB_USER']?.value).toEqual({ from: 'literal', text: 'root' });
    expect(plan.leftOut?.find(({ what }) => what === 'image of base')?.why).toContain('8.4 is used');
  });

  it('goes on under the names that its author gave the application, and the password under its own', async () => {
    const own =
      'new Sequelize({ a: process.env.TILL_A, b: process.env.TILL_B, c: process.env.TILL_C, d: process.env.TILL_D });';
    for (const path of Object.keys(files)) rmSync(join(root, path), { force: true });
    const app = '    environment: { TILL_A: base, TILL_B: "${WHO}", TILL_C: "${WORD}", TILL_D: shelf, COLOR: shelf }\n';
    put('package.json', files['package.json']);
    put('app/main.js', `${files['app/main.js'].replace(/new Sequelize.*\n/, `${own}\n`)}process.env.COLOR;\n`);
    put(
      'docker-compose.yml',
      `services:\n  web:\n    build: .\n${app}  base:\n    image: mysql:8.0\n    environment: { MYSQL_USER: "\${WHO}", MYSQL_PASSWORD: "\${WORD}", MYSQL_DATABASE: shelf }\n    volumes: [books:/var/lib/mysql]\nvolumes: { books: }\n`,
    );
    commit();
    const { context } = await generate({ cwd: root, set: replace });
    const env = context.plan.workloads['app']?.env;
    expect(env?.['TILL_A']?.value).toEqual({ from: 'literal', text: 'db' });
    expect(env?.['TILL_C']?.value).toMatchObject({ from: 'user', variable: 'WORD' });
    expect(context.plan.services['db']?.env['MYSQL_PASSWORD']?.value).toMatchObject({ variable: 'WORD' });
    expect(env?.['TILL_B']?.value).toEqual({ from: 'literal', text: 'app' });
    expect(env?.['COLOR']?.value).toMatchObject({ default: 'shelf' });
  });

  it.each([
    ['the names of the example of settings', 'WHO=reader\nSHELF=books\nWORD=change-me\n', 'reader', 'books', []],
    ['names of ours, which are said, where there is no example', undefined, 'app', 'till', ['user of base']],
    ['a name of ours for an example that is no name', 'WHO=<your name>\nSHELF=books\n', 'app', 'books', []],
  ])('gets %s', async (_name, example, user, name, left) => {
    const plan = await replaced(
      '    image: mysql:8.0\n    environment: { MYSQL_USER: "${WHO}", MYSQL_PASSWORD: "${WORD}", MYSQL_DATABASE: "${SHELF:?}" }\n    volumes: [books:/var/lib/mysql]\n',
      example === undefined ? {} : { '.env.example': example },
    );
    const env = plan.services['db']?.env;
    expect(env?.['MYSQL_USER']?.value).toEqual({ from: 'literal', text: user });
    expect(env?.['MYSQL_DATABASE']?.value).toEqual({ from: 'literal', text: name });
    expect(env?.['MYSQL_PASSWORD']?.value).toMatchObject({ from: 'user', variable: 'WORD' });
    expect(plan.leftOut?.map(({ what }) => what).filter((what) => what.includes(' of base'))).toEqual([
      ...left,
      'password of base',
    ]);
  });

  it.each([
    ['postgres', 'postgres:17'],
    ['postgres:latest', 'postgres:17'],
    ['postgres:alpine', 'postgres:17-alpine'],
    ['postgres:bookworm', 'postgres:17-bookworm'],
    ['postgres:15.4-alpine3.18', 'postgres:15.4-alpine3.18'],
    ['postgres:16', 'postgres:16'],
  ])('of PostgreSQL goes on with a version, on the same distribution: %s', async (image, expected) => {
    put(
      'docker-compose.yml',
      `services:\n  base:\n    image: ${image}\n    volumes: [books:/var/lib/postgresql/data]\nvolumes: { books: }\n`,
    );
    commit();
    const { context } = await generate({ cwd: root, set: replace });
    expect(context.plan.services['db']?.image).toBe(expected);
  });

  it('stays MariaDB where it was', async () => {
    const plan = await replaced(
      '    image: mariadb:10.11\n    environment: { MARIADB_USER: u, MARIADB_PASSWORD: p, MARIADB_DATABASE: shelf }\n',
    );
    expect(plan.services['db']).toMatchObject({ image: 'mariadb:10.11' });
    expect(plan.services['db']?.check.argv[0]).toBe('healthcheck.sh');
    expect(plan.services['db']?.env['MARIADB_USER']?.value).toEqual({ from: 'literal', text: 'u' });
  });
});

describe('a volume of the author in which its database kept nothing', () => {
  const sources = {
    pg: "const pg = require('pg');\nnew pg.Pool({ connectionString: process.env.DATABASE_URL });\n",
    redis: "const { createClient } = require('redis');\ncreateClient({ url: process.env.REDIS_URL });\n",
    mongoose: "require('mongoose').connect(process.env.MONGO_URL);\n",
  };
  const replaced = async (client: keyof typeof sources, service: string) => {
    put(
      'package.json',
      `{"name":"till","version":"1.0.0","scripts":{"start":"node app/main.js"},"dependencies":{"${client}":"8"}}`,
    );
    rmSync(join(root, 'package-lock.json'), { force: true });
    put('app/main.js', `${sources[client]}require('node:http').createServer((q, r) => r.end('x')).listen(3000);\n`);
    put('docker-compose.yml', `services:\n  web: { build: . }\n  store:\n${service}volumes: { kept: }\n`);
    commit();
    const { plan } = (await generate({ cwd: root, set: replace })).context;
    return {
      volume: Object.values(plan.services)[0]?.volume,
      told: plan.leftOut?.find(({ what }) => what.includes('kept mounted')),
    };
  };
  it.each([
    ['beside its folder', 'pg', 'postgres:16', '', '/var/lib/postgres', '/var/lib/postgresql/data'],
    ['above a volume of the image', 'pg', 'postgres:15-alpine', '', '/var/lib/postgresql', '/var/lib/postgresql/data'],
    ['at the place of a package', 'redis', 'redis:7', '', '/var/lib/redis/data', '/data'],
    ['at the folder above', 'mongoose', 'mongo:7', '', '/mongo/db', '/data/db'],
  ] as const)('is mounted where it keeps them: %s', async (_name, client, image, more, at, path) => {
    const { volume, told } = await replaced(client, `    image: ${image}\n${more}    volumes: [kept:${at}]\n`);
    expect(volume).toMatchObject({ name: 'kept', path });
    expect(told?.why).toContain(`it is mounted at ${path} now`);
  });
  it.each([
    ['with its data', 'pg', 'postgres:17', '', '/var/lib/postgresql/data'],
    ['of a version that keeps them one folder above', 'pg', 'postgres:18', '', '/var/lib/postgresql'],
    ['where a variable puts them', 'pg', 'postgres:16', '    environment: { PGDATA: /pg/data }\n', '/pg'],
    ['with its data, of another server', 'redis', 'valkey/valkey:8', '', '/data'],
  ] as const)('stays where it is: %s', async (_name, client, image, more, at) => {
    const { volume, told } = await replaced(client, `    image: ${image}\n${more}    volumes: ["kept:${at}"]\n`);
    expect(volume).toMatchObject({ name: 'kept', path: at });
    expect(told).toBeUndefined();
  });
});

describe('processes that the replaced compose file starts beside the application', () => {
  const worker = "setInterval(() => console.log('works'), 1000);\n";
  const replaced = async (services: string, more: Record<string, string> = {}) => {
    const all = {
      'app/worker.js': worker,
      'app/mail/index.js': worker,
      'app/once.js': "console.log('done');\n",
      ...more,
    };
    for (const [path, content] of Object.entries(all)) put(path, content);
    put('docker-compose.yml', `services:\n  web:\n    build: .\n    ports: ["80:8085"]\n${services}`);
    commit();
    const { plan } = (await generate({ cwd: root, set: replace })).context;
    return { plan, leftOut: plan.leftOut?.map(({ what }) => what) };
  };
  it.each([
    ['of the same Dockerfile', '  jobs:\n    build: .\n    command: node app/worker.js\n', ['node', 'app/worker.js']],
    ['of its image', '  jobs:\n    build: .\n    command: ["sh", "-c", "node app/mail"]\n', ['node', 'app/mail']],
    [
      'as an entrypoint',
      '  jobs:\n    build: .\n    entrypoint: ["node", "app/worker.js"]\n',
      ['node', 'app/worker.js'],
    ],
  ])('go on as workers: %s', async (_name, services, command) => {
    const { plan, leftOut } = await replaced(services);
    expect(plan.workloads['jobs']).toMatchObject({ shape: 'worker', command });
    expect(leftOut).not.toContain('service jobs');
  });

  it('have the variables that say which of them they are', async () => {
    const { plan } = await replaced(
      '  jobs:\n    build: .\n    command: node app/worker.js\n    environment: { QUEUE: mail }\n',
    );
    expect(plan.workloads['jobs']?.env['QUEUE']?.value).toEqual({ from: 'literal', text: 'mail' });
    expect(plan.workloads['app']?.env['QUEUE']).toBeUndefined();
  });

  it.each([
    [
      'what others wait for',
      '  once:\n    build: .\n    command: node app/once.js\n  jobs:\n    build: .\n    depends_on: { once: { condition: service_completed_successfully } }\n',
      'once',
    ],
    [
      'what is started on request',
      '  jobs:\n    build: .\n    profiles: [tools]\n    command: node app/worker.js\n',
      'jobs',
    ],
    ['a copy of the application', '  jobs:\n    build: .\n', 'jobs'],
    ['another server', '  jobs:\n    build: .\n    ports: ["81:81"]\n    command: node app/worker.js\n', 'jobs'],
  ])('are listed where they are none: %s', async (_name, services, name) => {
    const { plan, leftOut } = await replaced(services);
    expect(Object.keys(plan.workloads)).not.toContain(name);
    expect(leftOut).toContain(`service ${name}`);
  });

  it('go on where their image is pulled, and the application is none of them', async () => {
    const image = '    image: registry.example.com/till/api:latest\n';
    put('app/once.js', "console.log('done');\n");
    put(
      'app/worker.js',
      "let stopped = false;\nprocess.on('SIGTERM', () => { stopped = true; });\nconst wait = (ms) => new Promise((done) => setTimeout(done, ms));\n(async () => { while (!stopped) await wait(1000); })();\n",
    );
    const once = `  once:\n${image}    command: ["node", "app/once.js"]\n`;
    const waits = '    depends_on: { once: { condition: service_completed_successfully } }\n';
    const others = `  jobs:\n${image}    command: ["node", "app/worker.js"]\n  proxy:\n    image: nginx\n    ports: ["80:80"]\n`;
    put('docker-compose.yml', `services:\n${once}  web:\n${image}${waits}${others}`);
    commit();
    const { plan } = (await generate({ cwd: root, set: replace })).context;
    const leftOut = plan.leftOut?.map(({ what }) => what);
    expect(plan.workloads['jobs']).toMatchObject({ shape: 'worker', command: ['node', 'app/worker.js'] });
    expect(leftOut).toContain('service once');
    expect(leftOut).toContain('service proxy');
    expect(leftOut).not.toContain('service web');
  });

  it('are not seen in an image of somebody else', async () => {
    const { plan, leftOut } = await replaced(
      '  jobs:\n    image: registry.example.com/tool:1\n    command: ["node", "other/worker.js"]\n',
    );
    expect(Object.keys(plan.workloads)).not.toContain('jobs');
    expect(leftOut).toContain('service jobs');
  });

  it('stay with files that are kept', async () => {
    put(
      'docker-compose.yml',
      'services:\n  web:\n    build: .\n  jobs:\n    build: .\n    command: node app/worker.js\n',
    );
    put('app/worker.js', worker);
    commit();
    const { plan } = (await generate({ cwd: root })).context;
    expect(Object.keys(plan.workloads).sort()).toEqual(['jobs', 'web']);
  });
});

describe('a command of the author’s image', () => {
  it.each([
    ['is no loss where the start script leaves out an ending', 'node app/main', 'node app/main.js', false],
    ['is no loss where it is written otherwise', 'node ./app/main.js', 'node app/main.js', false],
    ['is listed where it is more than one program', 'node app/main.js', 'node app/main.js || node app/other.js', true],
  ])('%s', async (_name, script, command, isListed) => {
    put('package.json', files['package.json'].replace('node app/main.js', script));
    put('Dockerfile', `FROM node:22-slim\nWORKDIR /srv\nCOPY . .\nRUN npm ci\nCMD ${command}\n`);
    commit();
    const { plan } = (await generate({ cwd: root, set: replace })).context;
    expect(plan.leftOut?.some(({ what }) => what.startsWith('command ')) ?? false).toBe(isListed);
  });
});

describe('what stands in front of the command of the author’s image', () => {
  const wrapped = async (dockerfile: string, more: Record<string, string> = {}) => {
    put('package.json', files['package.json'].replace('node app/main.js', 'node app/other.js'));
    put('app/other.js', files['app/main.js']);
    put('Dockerfile', `FROM node:22-slim\nWORKDIR /srv\nCOPY . .\nRUN npm ci\n${dockerfile}\n`);
    for (const [path, text] of Object.entries(more)) put(path, text);
    commit();
    const { plan, facts } = (await generate({ cwd: root, set: replace })).context;
    return {
      start: 'value' in facts.commands.start ? facts.commands.start.value.argv.join(' ') : undefined,
      leftOut: (plan.leftOut ?? []).filter(({ what }) => what.startsWith('command ')).map(({ what }) => what),
      migrate: facts.migration?.value.argv.join(' '),
    };
  };

  const given = { 'docker-entrypoint.sh': '#!/bin/sh\nset -e\nif [ -n "$WAIT" ]; then sleep 1; fi\nexec "$@"\n' };
  it.each([
    [
      'a script that runs what it is given',
      'ENTRYPOINT ["./docker-entrypoint.sh"]\nCMD ["node", "app/main.js"]',
      given,
    ],
    [
      'a script on the path',
      'COPY docker/entry.sh /usr/local/bin/entry\nENTRYPOINT ["entry"]\nCMD node app/main.js',
      { 'docker/entry.sh': '#!/usr/bin/env bash\necho up\nexec gosu node "$@"\n' },
    ],
    [
      'a script that starts it',
      'CMD ["./start.sh"]',
      { 'start.sh': '#!/bin/sh\n./wait-for-it.sh base:5432\nexec node app/main.js' },
    ],
    [
      'a shell on a script',
      'CMD sh run.sh',
      { 'run.sh': 'until nc -z base 5432; do sleep 1; done\nnode app/main.js\n' },
    ],
    ['a script that waits', 'ENTRYPOINT ["./wait-for-it.sh", "base:5432", "--"]\nCMD ["node", "app/main.js"]', {}],
    ['a program that waits', 'CMD dockerize -wait tcp://base:5432 -timeout 20s node app/main.js', {}],
    ['the script of the base', 'ENTRYPOINT ["tini", "--", "docker-entrypoint.sh"]\nCMD ["node", "app/main.js"]', {}],
  ])('is %s', async (_name, dockerfile, more) => {
    expect(await wrapped(dockerfile, more)).toEqual({ start: 'node app/main.js', leftOut: [] });
  });

  it.each([
    [
      'a script that decides at its end',
      'CMD ["./start.sh"]',
      { 'start.sh': '#!/bin/sh\nif [ "$X" ]; then exec node app/main.js; else exec node app/other.js; fi\n' },
      './start.sh',
    ],
    [
      'a script that is not there',
      'ENTRYPOINT ["/entry.sh"]\nCMD ["node", "app/main.js"]',
      {},
      '/entry.sh node app/main.js',
    ],
    [
      'a file that a variable names',
      'CMD ["./start.sh"]',
      { 'start.sh': '#!/bin/sh\nexec node "$FILE"\n' },
      './start.sh',
    ],
    ['another folder', 'CMD ["./start.sh"]', { 'start.sh': '#!/bin/sh\ncd app\nexec node main.js\n' }, './start.sh'],
  ])('is not followed through %s', async (_name, dockerfile, more, command) => {
    expect(await wrapped(dockerfile, more)).toEqual({ start: 'node app/other.js', leftOut: [`command ${command}`] });
  });

  it('changes the database in a job of its own, and the rest is listed', async () => {
    const script =
      '#!/bin/sh\nset -e\nchown -R node /srv\nnode app/migrate.js\nif [ "$SEED" ]; then npm run seed; fi\nexec "$@"\n';
    expect(
      await wrapped('ENTRYPOINT ["./up.sh"]\nCMD ["node", "app/main.js"]', {
        'up.sh': script,
        'app/migrate.js': "require('pg');\n",
      }),
    ).toEqual({
      start: 'node app/main.js',
      migrate: 'node app/migrate.js',
      leftOut: ['command npm run seed', 'command chown -R node /srv'],
    });
  });

  it('may be a line of shell that changes the database first', async () => {
    expect(
      await wrapped('CMD node app/migrate.js && node app/main.js', { 'app/migrate.js': "require('pg');\n" }),
    ).toEqual({
      start: 'node app/main.js',
      migrate: 'node app/migrate.js',
      leftOut: [],
    });
  });
});

describe('a cache of the author that asks for a password', () => {
  const generated = async (command: string, environment = '') => {
    put('package.json', files['package.json'].replace('"pg":"8"', '"ioredis":"5"'));
    put(
      'app/main.js',
      "const { Redis } = require('ioredis');\nnew Redis({ host: process.env.REDIS_HOST, password: process.env.REDIS_PASSWORD });\nrequire('node:http').createServer((q, r) => r.end('x')).listen(3000);\n",
    );
    put(
      'docker-compose.yml',
      `services:\n  web:\n    build: .\n    env_file: .env\n  cache:\n    image: redis:7\n    command: ${command}\n${environment}`,
    );
    commit();
    await writeGeneration(await generate({ cwd: root, set: replace }), { edits: false, env: true });
    return read('docker-compose.yml');
  };

  it.each([
    ['a variable', 'redis-server --save 20 1 --requirepass ${CACHE_SECRET}', 'CACHE_SECRET'],
    ['a variable with a default', 'redis-server --save 20 1 --requirepass "${REDIS_PASSWORD:-dev}"', 'REDIS_PASSWORD'],
    ['a text', '["redis-server", "--requirepass", "paper", "--save", "20", "1"]', 'REDIS_PASSWORD'],
  ])('asks for it again, out of .env: %s', async (_name, command, variable) => {
    const compose = await generated(command);
    expect(compose).toContain(`REDISCLI_AUTH: \${${variable}:?set it in .env}`);
    expect(compose).toContain(`REDIS_PASSWORD: \${${variable}:?set it in .env}`);
    expect(compose).toMatch(
      /command: \["sh", "-c", "exec docker-entrypoint.sh .*--requirepass .*", "redis-server", "--save", "20", "1"\]/,
    );
    expect(compose).not.toContain('paper');
    expect(
      read('.env')
        .split('\n')
        .some((line) => line.startsWith(`${variable}=`) && line.length > variable.length + 1),
    ).toBe(true);
  });

  it('is not asked for one where the author has none', async () => {
    const compose = await generated('redis-server --save 20 1');
    expect(compose).toContain('command: ["redis-server", "--save", "20", "1"]');
    expect(compose).not.toContain('REDISCLI_AUTH');
  });
});

describe('a file that the image of the author makes', () => {
  it.each([
    [
      'in the stage that runs',
      'FROM node:22-slim\nWORKDIR /srv\nCOPY . .\nRUN npm ci && npm run build\nCMD ["node", "dist/main.js"]\n',
    ],
    [
      'in a stage that it is made from',
      'FROM node:22-slim AS made\nWORKDIR /srv\nCOPY . .\nRUN npm ci\nRUN npm run build\nFROM made\nCMD ["node", "./dist/main.js"]\n',
    ],
    [
      'behind an init',
      'FROM node:22-slim\nWORKDIR /srv\nCOPY . .\nRUN npm ci\nRUN npm run build\nENTRYPOINT ["tini", "--"]\nCMD ["node", "dist/main.js"]\n',
    ],
  ])('is what starts: %s', async (_name, dockerfile) => {
    put(
      'package.json',
      files['package.json'].replace('"start":"node app/main.js"', '"build":"tsup","dev":"tsx watch app/main.ts"'),
    );
    rmSync(join(root, 'app/main.js'));
    put('app/main.ts', files['app/main.js']);
    put('Dockerfile', dockerfile);
    commit();
    const { plan, facts } = (await generate({ cwd: root, set: replace })).context;
    expect(facts.commands.start).toMatchObject({ value: { argv: ['node', expect.stringMatching(/dist\/main\.js$/)] } });
    expect(plan.leftOut?.filter(({ what }) => what.startsWith('command ')) ?? []).toEqual([]);
  });

  it('is not where nothing builds', async () => {
    put('Dockerfile', 'FROM node:22-slim\nWORKDIR /srv\nCOPY . .\nCMD ["node", "dist/main.js"]\n');
    commit();
    const { facts } = (await generate({ cwd: root, set: replace })).context;
    expect(facts.commands.start).toMatchObject({ value: { argv: ['node', 'app/main.js'] } });
  });
});

describe('an application in a folder', () => {
  const app = {
    'api/package.json':
      '{"name":"till","version":"1.0.0","scripts":{"start":"node src/main.js"},"dependencies":{"express":"4"}}',
    'api/src/main.js':
      "const express = require('express');\nconst app = express();\napp.get('/', (req, res) => res.send('x'));\napp.listen(3000);\n",
  };
  const generated = async (more: Record<string, string>, set: Record<string, string> = {}) => {
    for (const path of Object.keys(files)) rmSync(join(root, path), { force: true });
    for (const [path, text] of Object.entries({ ...app, ...more })) put(path, text);
    commit();
    const generation = await generate({ cwd: root, set });
    await writeGeneration(generation, { edits: true, env: true });
    return generation;
  };

  it.each([
    ['without Docker files', {}, {}, 'docker-compose.yml'],
    [
      'whose Docker files are replaced',
      {
        'api/Dockerfile': 'FROM node:22\nWORKDIR /a\nCOPY . .\nRUN npm i\nCMD node src/main.js\n',
        'compose.yaml': 'services:\n  web:\n    build: ./api\n    ports: ["3000:3000"]\n',
      },
      replace,
      'compose.yaml',
    ],
  ])('has its files there, and the compose file in the root: %s', async (_name, more, set, compose) => {
    const { context } = await generated(more, set);
    expect(context.plan.images['app']).toMatchObject({ dockerfile: 'api/Dockerfile', context: { root: 'api' } });
    expect(read('api/Dockerfile')).toContain('CMD ["node", "src/main.js"]');
    expect(read('api/src/health.js')).toContain('/ready');
    expect(read('api/src/main.js')).toContain("require('./health')");
    expect(read(compose)).toContain('context: ./api\n');
    expect(read(compose.replace(/(\.ya?ml)$/, '.dev$1'))).toContain('./api/src:/app/src:ro');
    const again = await generate({ cwd: root, set });
    expect(again.changes.filter(({ act }) => act !== 'same')).toEqual([]);
    expect(again.edits).toEqual([]);
  });
});

describe('a Dockerfile of the author that lies elsewhere than the generated one', () => {
  it.each([
    ['in the root', 'Dockerfile', 'COPY api/package.json ./\nCOPY api ./'],
    ['in a folder of its own', 'docker/Dockerfile', 'COPY api ./'],
    ['under another name', 'api.Dockerfile', 'COPY api/package.json ./\nCOPY api/src ./src'],
  ])('is replaced for good: %s', async (_name, path, copies) => {
    for (const one of Object.keys(files)) rmSync(join(root, one), { force: true });
    put('api/package.json', '{"name":"till","version":"1.0.0","scripts":{"start":"node src/main.js"}}');
    put(
      'api/package-lock.json',
      '{"name":"till","version":"1.0.0","lockfileVersion":3,"packages":{"":{"name":"till","version":"1.0.0"}}}',
    );
    put('api/src/main.js', "require('node:http').createServer((q, r) => r.end('x')).listen(3000);\n");
    put(path, `FROM node:22-slim\nWORKDIR /srv\n${copies}\nCMD ["node", "src/main.js"]\n`);
    put(
      'docker-compose.yml',
      `services:\n  web:\n    build: { context: ., dockerfile: ${path} }\n    ports: ["3000:3000"]\n`,
    );
    commit();
    await writeGeneration(await generate({ cwd: root, set: replace }), { edits: false, env: true });
    expect(read('api/Dockerfile')).toMatch(/AS production/);
    const again = await generate({ cwd: root });
    expect(again.changes.filter(({ act }) => act !== 'same')).toEqual([]);
    expect(again.context.plan.kept).toBeUndefined();
  });
});

describe('folders of this machine that the replaced files mount', () => {
  const plan = async (mounts: string, more: Readonly<Record<string, string>> = {}) => {
    for (const [path, text] of Object.entries(more)) put(path, text);
    put(
      'docker-compose.yml',
      files['docker-compose.yml'].replace('volumes: [files:/srv/files]', `volumes: [${mounts}]`),
    );
    commit();
    const { context } = await generate({ cwd: root, set: replace });
    return context;
  };
  const compose = async (mounts: string) => {
    await plan(mounts);
    const generation = await generate({ cwd: root, set: replace });
    await writeGeneration(generation, { edits: false, env: true });
    return { text: read('docker-compose.yml'), generation };
  };

  it('stay at the path of the application, with the user that owns what is in them', async () => {
    const { text, generation } = await compose('./uploads:/srv/uploads, "./state:/var/lib/till:rw"');
    expect(text).toMatch(/volumes: \[\.\/uploads:\/app\/uploads, \.\/state:\/var\/lib\/till\]/);
    expect(text).toMatch(/^ {4}user: "0:0"$/m);
    expect(text.split('\n  base:')[0]).not.toMatch(/cap_drop/);
    expect(generation.context.plan.leftOut?.map(({ what }) => what)).not.toContain('user root');
    // nothing of them goes into the image
    expect(read('.dockerignore')).not.toMatch(/^!uploads/m);
    const again = await generate({ cwd: root });
    expect(again.changes.filter(({ act }) => act !== 'same')).toEqual([]);
  });

  it('need no other user where the author ran as that of every image', async () => {
    put('Dockerfile', `${files.Dockerfile}USER node\n`);
    const own = await compose('./uploads:/srv/uploads');
    expect(own.text).toMatch(/volumes: \[\.\/uploads:\/app\/uploads\]/);
    expect(own.text).not.toMatch(/^ {4}user:/m);
  });

  it('are only read where the author says so', async () => {
    const fixed = await plan('./rules.json:/srv/rules.json:ro', { 'rules.json': '{}' });
    expect(fixed.plan.workloads['app']?.writable).toContainEqual(
      expect.objectContaining({ path: '/app/rules.json', kind: 'bind', source: './rules.json', isFixed: true }),
    );
    expect(fixed.plan.workloads['app']?.user).toBeUndefined();
  });

  it('are only read where they hold nothing but code, which no application writes', async () => {
    const tools = await plan('./tools:/srv/tools', { 'tools/list.mjs': '', 'tools/deep/show.ts': '' });
    expect(tools.plan.workloads['app']?.writable).toContainEqual(
      expect.objectContaining({ path: '/app/tools', isFixed: true }),
    );
    expect(tools.plan.workloads['app']?.user).toBeUndefined();
    const mixed = await plan('./mixed:/srv/mixed', { 'mixed/list.mjs': '', 'mixed/state.json': '{}' });
    expect(mixed.plan.workloads['app']?.user).toBe('0:0');
  });

  it.each([
    ['.:/srv', '. mounted at /srv', /development compose file/],
    ['./app:/srv/app', 'app mounted at /srv/app', /development compose file/],
    ['./package.json:/srv/package.json', 'package.json mounted at /srv/package.json', /development compose file/],
    ['./node_modules:/srv/node_modules', 'node_modules mounted at /srv/node_modules', /packages are part/],
    ['./.env:/srv/.env', '.env mounted at /srv/.env', /gets its settings/],
    ['./.env.live:/srv', '.env.live mounted at /srv', /gets its settings/],
    ['./state:/srv', 'state mounted at /srv', /hide the application/],
    ['./state:/', 'state mounted at /', /hide the application/],
    ['/var/run/docker.sock:/var/run/docker.sock', '/var/run/docker.sock mounted at /var/run/docker.sock', /outside/],
    ['../shared:/srv/shared', '../shared mounted at /srv/shared', /outside/],
  ])('are left out with the reason: %s', async (mount, what, why) => {
    const { plan: made } = await plan(mount);
    expect(made.leftOut?.find((row) => row.what === what)?.why).toMatch(why);
    expect(made.workloads['app']?.writable.filter(({ kind }) => kind === 'bind')).toEqual([]);
  });

  it('stay where they are part of the repository and mounted into a service, and no container may write them', async () => {
    const volumes = (mounts: string) =>
      put('docker-compose.yml', files['docker-compose.yml'].replace('[books:/var/lib/postgresql/data]', mounts));
    volumes(
      '[books:/var/lib/postgresql/data, ./sql:/docker-entrypoint-initdb.d, ./pg.conf:/etc/postgresql/postgresql.conf:ro, ./made:/extra]',
    );
    put('sql/01-tables.sql', 'create table book (id int);');
    put('pg.conf', 'max_connections = 10');
    commit();
    const { context } = await generate({ cwd: root, set: replace });
    await writeGeneration(await generate({ cwd: root, set: replace }), { edits: false, env: true });
    expect(read('docker-compose.yml')).toContain('./sql:/docker-entrypoint-initdb.d:ro');
    expect(read('docker-compose.yml')).toContain('./pg.conf:/etc/postgresql/postgresql.conf:ro');
    expect(read('docker-compose.yml')).not.toContain('/extra');
    const leftOut = context.plan.leftOut?.map(({ what }) => what) ?? [];
    expect(leftOut.filter((what) => what.includes('mounted at'))).toEqual(['made mounted at /extra in base']);
  });

  it('stay where a database keeps its data in one, and the rest of its mounts is listed', async () => {
    put(
      'docker-compose.yml',
      files['docker-compose.yml']
        .replace(
          '[books:/var/lib/postgresql/data]',
          '[./pg:/var/lib/postgresql/data, ./init.sql:/docker-entrypoint-initdb.d/init.sql]',
        )
        .replace('books: , ', ''),
    );
    commit();
    const generation = await generate({ cwd: root, set: replace });
    await writeGeneration(generation, { edits: false, env: true });
    expect(read('docker-compose.yml')).toMatch(/volumes: \[\.\/pg:\/var\/lib\/postgresql\/data\]/);
    expect(read('docker-compose.yml')).not.toMatch(/base-data/);
    expect(read('.dockerignore')).toMatch(/^pg$/m);
    expect(read('.env')).toMatch(/^POSTGRES_PASSWORD=paper$/m);
    const leftOut = generation.context.plan.leftOut?.map(({ what }) => what);
    expect(leftOut).toContain('init.sql mounted at /docker-entrypoint-initdb.d/init.sql in base');
    expect(leftOut?.some((what) => what.startsWith('pg mounted'))).toBe(false);
  });
});
