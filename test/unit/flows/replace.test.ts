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
    expect(leftOut).toEqual(['package tini', 'service worker', 'build argument RELEASE', 'user root']);
  });

  it('are evidence at every later run, which changes nothing', async () => {
    commit();
    await writeGeneration(await generate({ cwd: root, set: replace }), { edits: false, env: true });
    const again = await generate({ cwd: root });
    expect(again.changes.filter(({ act }) => act !== 'same')).toEqual([]);
    expect(again.context.facts.docker?.replaced).toEqual(['Dockerfile', 'docker-compose.yml']);
    expect(read('.dockwright/replaced/Dockerfile')).toBe(files.Dockerfile);
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
