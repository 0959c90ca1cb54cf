import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generate, writeGeneration } from '../../../src/flows/generate.ts';
import { readEnv } from '../../../src/formats/env/index.ts';
import { committedProject } from '../../support/committed.ts';

type Files = Readonly<Record<string, string>>;

const app = (code = '', dependencies: Files = {}): Files => ({
  'package.json': JSON.stringify({
    name: 'pier',
    scripts: { start: 'node src/server.js' },
    engines: { node: '24' },
    dependencies,
  }),
  'src/server.js': `${code}require('node:http').createServer((q, r) => r.end('x')).listen(8300);\n`,
  Dockerfile:
    'FROM node:24-slim\nWORKDIR /app\nCOPY package.json ./\nRUN npm install\nCOPY . .\nEXPOSE 8300\nCMD ["node", "src/server.js"]\n',
});
const web = (more: string) => `services:\n  web:\n    build: .\n    ports: ["8300:8300"]\n${more}`;

const production = async (files: Files) => {
  const { artifacts } = await generate({ cwd: committedProject(files) });
  return artifacts.find(({ path }) => path.endsWith('.prod.yaml'))?.content ?? '';
};

describe('sources that the author’s compose file mounts over its image', () => {
  it.each([
    ['with nothing beside them', '    volumes: [".:/app"]\n', 'volumes: !reset []'],
    ['with the packages of the image', '    volumes: [".:/app", "/app/node_modules"]\n', 'volumes: !reset []'],
    [
      'of one folder, beside data',
      '    volumes: ["./src:/app/src", "papers:/papers", "./letters:/letters:ro"]\nvolumes: { papers: {} }\n',
      'volumes: !override ["papers:/papers", "./letters:/letters:ro"]',
    ],
  ])('are in no container of production: %s', async (_, volumes, line) => {
    const text = await production({ ...app(), 'letters/a.txt': 'a\n', 'compose.yaml': web(volumes) });
    expect(text.replaceAll('"', '')).toContain(line.replaceAll('"', ''));
  });

  it.each<[string, string, Files]>([
    [
      'only data is mounted',
      '    volumes: ["./letters:/letters", "papers:/app/papers"]\nvolumes: { papers: {} }\n',
      {},
    ],
    [
      'the image has none without them',
      '    volumes: [".:/app"]\n',
      { Dockerfile: 'FROM node:24-slim\nWORKDIR /app\nEXPOSE 8300\nCMD ["node", "src/server.js"]\n' },
    ],
    ['what is mounted beside them cannot be written again', '    volumes: [".:/app", "${PAPERS}:/papers"]\n', {}],
  ])('stay where %s', async (_, volumes, more) => {
    const files = { ...app(), 'letters/a.txt': 'a\n', 'compose.yaml': web(volumes), ...more };
    expect(await production(files)).not.toContain('volumes:');
  });
});

describe('a service that the example of settings reaches by a name', () => {
  const code = "require('mongodb').MongoClient.connect(process.env.MONGO_URL);\n";
  const example = (url: string) => ({
    '.env.example': `MONGO_URL=${url}\n`,
    'compose.yaml': web('    env_file: .env\n'),
  });
  const parts = app(code, { mongodb: '6.9.0' });

  it.each([
    ['without an account', 'mongodb://papers:27017/shop'],
    ['without a database', 'mongodb://papers:27017'],
    ['without a port', 'mongodb://papers/shop'],
  ])('is added under that name where no file starts it: %s', async (_, url) => {
    const text = await production({ ...parts, ...example(url) });
    expect(text).toContain('\n  papers:\n    image: mongo');
    expect(text).toContain('@papers:27017/');
  });

  it.each([
    ['it leads out of the deployment', 'mongodb+srv://clerk:ink@cluster.example.net/shop'],
    ['it leads to this machine', 'mongodb://localhost:27017/shop'],
    ['a service of that name is there', 'mongodb://web:27017/shop'],
  ])('is not added where %s', async (_, url) => {
    expect(await production({ ...parts, ...example(url) })).not.toContain('image: mongo');
  });
});

describe('the account that a compose file gives its database', () => {
  const pg =
    "const { Pool } = require('pg');\nnew Pool({ host: process.env.DB_HOST, user: process.env.DB_USER, password: process.env.DB_PASSWORD, database: process.env.DB_NAME });\n";
  const compose = (env: string) =>
    `${web('    env_file: .env\n    depends_on: [base]\n')}  base:\n    image: postgres:16\n    environment: ${env}\n`;
  const values = async (env: string) => {
    const cwd = committedProject({
      ...app(pg, { pg: '8.16.0' }),
      '.env.example': 'DB_HOST=base\nDB_USER=reader\nDB_PASSWORD=change-me\nDB_NAME=shelf\n',
      'compose.yaml': compose(env),
    });
    await writeGeneration(await generate({ cwd }), { edits: true, env: true });
    return readEnv(readFileSync(join(cwd, '.env'), 'utf8'), '.env') as Files;
  };

  it('is what the application gets, whatever the example says', async () => {
    expect(await values('{ POSTGRES_USER: clerk, POSTGRES_PASSWORD: ink, POSTGRES_DB: papers }')).toMatchObject({
      DB_HOST: 'base',
      DB_USER: 'clerk',
      DB_PASSWORD: 'ink',
      DB_NAME: 'papers',
    });
  });

  it('is that of the example as far as the file does not say it', async () => {
    const found = await values(
      '{ POSTGRES_USER: "${DB_USER}", POSTGRES_PASSWORD: "${DB_PASSWORD}", POSTGRES_DB: "${DB_NAME}" }',
    );
    expect(found).toMatchObject({ DB_USER: 'reader', DB_NAME: 'shelf' });
    expect(found['DB_PASSWORD']).not.toContain('$');
  });
});

describe('the time that a container of a kept image has to start', () => {
  const start = (command: string) =>
    production({
      ...app(),
      Dockerfile: `FROM node:24-slim\nWORKDIR /app\nCOPY . .\nEXPOSE 8300\n${command}\n`,
      'compose.yaml': web(''),
    });
  it.each([
    'CMD npm run first && node src/server.js',
    'CMD ["npm", "start"]',
    'CMD ["sh", "-c", "node first.js; exec node src/server.js"]',
  ])('is long where something comes before the program: %s', async (command) => {
    expect(await start(command)).toContain('start_period: 60s');
  });
  it('is the usual one where the program is all', async () => {
    expect(await start('CMD ["node", "src/server.js"]')).toContain('start_period: 10s');
  });
});
