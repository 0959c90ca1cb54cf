import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { check } from '../../../src/flows/check.ts';
import { type GenerateOptions, generate, writeGeneration } from '../../../src/flows/generate.ts';
import { committedProject as project } from '../../support/committed.ts';

type Files = Readonly<Record<string, string>>;

const server = `import { createServer } from 'node:http';
createServer((_request, response) => response.end('hello')).listen(Number(process.env.PORT));
`;
const manifest = (more: object = {}) =>
  JSON.stringify({ name: 'pier', version: '1.0.0', type: 'module', scripts: { start: 'node server.js' }, ...more });
const dockerfile = `FROM node:22-slim
WORKDIR /srv
COPY . .
ENV PORT=8300
EXPOSE 8300
CMD ["node", "server.js"]
`;
const plain: Files = { 'package.json': manifest(), 'server.js': server, Dockerfile: dockerfile };
const text = (root: string, file: string) => readFileSync(join(root, file), 'utf8');

async function written(root: string, options: Omit<GenerateOptions, 'cwd'> = {}) {
  const generation = await generate({ cwd: root, ...options });
  await writeGeneration(generation, { edits: true, env: true });
  return generation.context;
}

describe('an image that the author publishes', () => {
  it.each([
    ['under the name of the package', 'ghcr.io/harbour/pier:2', {}],
    ['under the name of the package on the hub', 'harbour/pier', {}],
    [
      'under the path of the repository',
      'harbour/mooring-app:latest',
      { repository: { type: 'git', url: 'git+https://github.com/Harbour/mooring-app.git' } },
    ],
    ['under an address without a protocol', 'harbour/mooring-app', { repository: 'github:harbour/mooring-app' }],
  ])('is the application, and no second one is added: %s', async (_, image, more) => {
    const root = project({
      ...plain,
      'package.json': manifest(more),
      'compose.yaml': `services:\n  web:\n    image: ${image}\n    ports: ["8300:8300"]\n`,
    });
    const { plan } = await written(root);
    expect(Object.keys(plan.workloads)).toEqual(['web']);
    expect(text(root, 'compose.prod.yaml')).not.toMatch(/build:|^ {2}app:|init:/m);
  });

  it('of another name is none: the application is added beside it', async () => {
    const root = project({ ...plain, 'compose.yaml': 'services:\n  docs:\n    image: harbour/handbook:2\n' });
    const { plan } = await written(root);
    expect(Object.keys(plan.workloads)).toEqual(['app']);
    expect(text(root, 'compose.prod.yaml')).toMatch(/^ {2}app:/m);
  });

  it('gets no service that nothing leads to, unless somebody asks for it', async () => {
    const files = {
      ...plain,
      'package.json': manifest({ dependencies: { pg: '8' } }),
      'probe.js':
        "import pg from 'pg';\nexport const probe = (address) => new pg.Client({ connectionString: address }).connect();\n",
      'server.js': `import { probe } from './probe.js';\n${server.replace('response.end', 'probe(_request.url) && response.end')}`,
      'compose.yaml': 'services:\n  web:\n    image: harbour/pier:2\n    ports: ["8300:8300"]\n',
    };
    const root = project(files);
    const { plan } = await written(root);
    expect(plan.services).toEqual({});
    expect(plan.kept?.notWritten.map(({ what }) => what)).toContain('a service for PostgreSQL');
    const asked = project(files);
    const { plan: more } = await written(asked, { set: { 'services.postgres': '{}' } });
    expect(Object.keys(more.services)).toHaveLength(1);
  });
});

describe('another way to run the application, which a compose file of its own is for', () => {
  const files = {
    ...plain,
    'package.json': manifest({ dependencies: { mongoose: '8' } }),
    'server.js': `import mongoose from 'mongoose';\nmongoose.connect(process.env.DATABASE_URL, { pass: process.env.DATABASE_PASSWORD });\n${server}`,
    'compose.yaml':
      'services:\n  web: { build: ., ports: ["8300:8300"] }\n  sql: { image: "postgres:17", environment: { POSTGRES_PASSWORD: x } }\n',
    'compose.papers.yaml': 'services:\n  web: { build: ., ports: ["8300:8300"] }\n  store: { image: "mongo:8" }\n',
  };

  it('brings its database into no form of the base, and the file is named', async () => {
    const root = project(files);
    const { plan } = await written(root);
    expect(Object.values(plan.services).map(({ service }) => service)).not.toContain('mongodb');
    expect(plan.kept?.notWritten.map(({ why }) => why).join()).toContain('compose.papers.yaml starts the application');
    expect(text(root, 'compose.prod.yaml')).not.toContain('DATABASE_PASSWORD');
  });

  it('is left out with the reason where the files are replaced', async () => {
    const { plan } = await written(project(files), { set: { existing: 'replace' } });
    expect(Object.values(plan.services).map(({ service }) => service)).not.toContain('mongodb');
    expect(plan.leftOut?.find(({ what }) => what === 'service mongodb')?.why).toContain('compose.papers.yaml');
  });

  it('is none where the base has the service itself', async () => {
    const both = { ...files, 'compose.yaml': `${files['compose.yaml']}  store: { image: "mongo:8" }\n` };
    const { plan } = await written(project(both));
    expect(plan.kept?.notWritten.map(({ what }) => what)).not.toContain('a service for MongoDB');
  });
});

describe('what is added beside services of the author', () => {
  it.each([
    ['a number', '"8300:80"'],
    ['a variable with a default', '"${ADMIN:-8300}:80"'],
    ['an address', '"127.0.0.1:8300:80"'],
  ])('takes no port of theirs: %s', async (_, port) => {
    const root = project({ ...plain, 'compose.yaml': `services:\n  admin: { image: adminer, ports: [${port}] }\n` });
    await written(root);
    expect(text(root, 'compose.prod.yaml')).toContain('"${PORT:-8301}:8300"');
    const free = project({ ...plain, 'compose.yaml': 'services:\n  admin: { image: adminer, ports: ["99:80"] }\n' });
    await written(free);
    expect(text(free, 'compose.prod.yaml')).toContain('"${PORT:-8300}:8300"');
  });

  it.each([
    [
      'a variable of the image',
      dockerfile.replace('EXPOSE', 'ENV NODE_OPTIONS="--max-old-space-size=8192"\nEXPOSE'),
      '',
      '10G',
    ],
    ['a flag of the command', dockerfile.replace('"node", ', '"node", "--max-old-space-size=2048", '), '', '3G'],
    ['a variable of the service', dockerfile, ', environment: { NODE_OPTIONS: "--max-old-space-size=4096" }', '5G'],
    ['a small heap, as usual', dockerfile.replace('"node", ', '"node", "--max-old-space-size=256", '), '', '1G'],
  ])('leaves the memory that the heap may grow to: %s', async (_, Dockerfile, more, memory) => {
    const root = project({
      ...plain,
      Dockerfile,
      'compose.yaml': `services:\n  web: { build: ., ports: ["8300:8300"]${more} }\n`,
    });
    await written(root);
    expect(text(root, 'compose.prod.yaml')).toContain(`memory: ${memory} }`);
  });

  it('is no form for development where nothing in it develops', async () => {
    const root = project({
      ...plain,
      'package.json': manifest({ dependencies: { 'better-sqlite3': '12' } }),
      'server.js': `import Database from 'better-sqlite3';\nnew Database(process.env.DB_PATH ?? './data/a.sqlite');\n${server}`,
      'compose.yaml': 'services:\n  web:\n    image: harbour/pier:2\n    ports: ["8300:8300"]\n',
    });
    const { plan } = await written(root);
    expect(plan.kept?.forms.development).toBe('none');
    expect(existsSync(join(root, 'compose.dev.yaml'))).toBe(false);
  });
});

describe('a Docker file that cannot be read, in whatever folder', () => {
  it.each([
    ['a compose file', 'deploy/compose.yaml', 'services:\n  web: [\n', 'error'],
    ['a form for production', 'infra/docker-compose.prod.yml', '- a\n', 'error'],
    ['a Dockerfile', 'docker/worker.Dockerfile', 'RUN x\nFROM node:22\n', 'error'],
    ['one of tests, as a remark', 'test/e2e/compose.yaml', 'services:\n  web: [\n', 'warning'],
  ])('is said: %s', async (_, file, broken, severity) => {
    const root = project({ ...plain, [file]: broken });
    const { findings = [] } = await check({ cwd: root });
    expect(findings.filter((one) => one.file === file).map((one) => [one.rule, one.severity])).toEqual([
      ['not-valid', severity],
    ]);
    const { warnings } = (await generate({ cwd: root })).context;
    expect(warnings.some((one) => one.startsWith(`${file}:`))).toBe(severity === 'error');
  });

  it('says nothing of one that can be', async () => {
    const root = project({ ...plain, 'deploy/compose.yaml': 'services:\n  web: { image: "harbour/pier:2" }\n' });
    const { findings = [] } = await check({ cwd: root });
    expect(findings.filter(({ rule }) => rule === 'not-valid')).toEqual([]);
  });
});

describe('a stage for development that is offered', () => {
  const offered = async (files: Files) =>
    (await generate({ cwd: project(files) })).context.plan.kept?.edits?.filter(
      ({ change }) => change.type === 'stage',
    ) ?? [];
  const staged = (image: string) =>
    `FROM ${image} AS all\nWORKDIR /srv\nCOPY . .\nRUN npm install\n\nFROM ${image}\nWORKDIR /srv\nCOPY --from=all /srv/node_modules ./node_modules\nCOPY server.js package.json up.sh ./\nENV PORT=8300\nCMD ["sh", "up.sh"]\n`;
  const files = (image: string) => ({
    ...plain,
    'package.json': manifest({ dependencies: { ms: '2' } }),
    'up.sh': 'node prepare.js && node server.js\n',
    Dockerfile: staged(image),
  });

  it('is one where the runtime watches, and none where nothing does', async () => {
    expect(await offered(files('node:22-slim'))).toMatchObject([
      { change: { command: ['node', '--watch', 'server.js'] } },
    ]);
    expect(await offered(files('node:14'))).toEqual([]);
  });

  it('is none with the source of a site, which no runtime starts', async () => {
    const site = {
      'package.json': JSON.stringify({
        name: 'quay',
        scripts: { start: 'react-scripts start', build: 'react-scripts build' },
        dependencies: { 'react-scripts': '5', react: '18' },
      }),
      'src/index.js': "import React from 'react';\nexport default React;\n",
      'public/index.html': '<div id="root"></div>',
      Dockerfile:
        'FROM node:22 AS build\nWORKDIR /quay\nCOPY package.json .\nRUN npm install\nCOPY . .\nRUN npm run build\nFROM nginx:1.29\nCOPY --from=build /quay/build /usr/share/nginx/html\n',
    };
    expect(await offered(site)).toEqual([]);
  });
});

describe('Docker files that are replaced', () => {
  const replaced = async (files: Files) =>
    (await generate({ cwd: project(files), set: { existing: 'replace' } })).context;

  it.each([
    ['a download', 'curl -fsSL -o /usr/local/bin/tool https://example.com/tool'],
    ['packages of another language', 'pip3 install markdown'],
    ['the same by a module', 'python3 -m pip install markdown'],
    ['a copy of a repository', 'git clone https://example.com/a.git'],
  ])('list what a command of theirs brings: %s', async (_, command) => {
    const { plan } = await replaced({
      ...plain,
      Dockerfile: dockerfile.replace('ENV PORT', `RUN ${command}\nENV PORT`),
    });
    expect(plan.leftOut?.map(({ what }) => what)).toContain(`RUN ${command}`);
  });

  it('list no command that only works on what is there', async () => {
    const steps = 'RUN mkdir -p data && chown node data && git --version';
    const { plan } = await replaced({ ...plain, Dockerfile: dockerfile.replace('ENV PORT', `${steps}\nENV PORT`) });
    expect((plan.leftOut ?? []).filter(({ what }) => what.startsWith('RUN'))).toEqual([]);
  });

  it('go on with what their image builds and starts, where no script starts it', async () => {
    const root = project({
      'package.json': manifest({ scripts: { dev: 'node --watch src/server.js', build: 'node make.js' } }),
      'make.js': '',
      'src/server.js': server,
      Dockerfile:
        'FROM node:22 AS made\nWORKDIR /srv\nCOPY . .\nRUN npm run build\nFROM node:22-slim\nWORKDIR /srv\nCOPY --from=made /srv/dist ./dist\nENV PORT=8300\nCMD ["node", "dist/server.js"]\n',
    });
    await written(root, { set: { existing: 'replace' } });
    expect(text(root, 'Dockerfile')).toContain('RUN ["npm", "run", "build"]');
    expect(text(root, 'Dockerfile')).toMatch(/CMD \[.*"dist\/server\.js"\]/);
  });

  it.each([
    ['from a stage that builds', 'COPY --from=made /srv/public ./public', /COPY .*--from=build .*public \.\/public/],
    ['from the project', 'COPY public ./public', /COPY public \.\/public/],
  ])('take a folder that the app gives out as their image does: %s', async (_, copy, expected) => {
    const root = project({
      'package.json': manifest({ scripts: { build: 'node make.js', start: 'node dist/server.js' } }),
      'make.js': '',
      'public/robots.txt': '',
      'src/server.js': `import { readFileSync } from 'node:fs';\nreadFileSync('public/robots.txt');\n${server}`,
      Dockerfile: `FROM node:22 AS made\nWORKDIR /srv\nCOPY . .\nRUN npm run build\nFROM node:22-slim\nWORKDIR /srv\nCOPY --from=made /srv/dist ./dist\n${copy}\nENV PORT=8300\nCMD ["node", "dist/server.js"]\n`,
    });
    await written(root, { set: { existing: 'replace' } });
    expect(text(root, 'Dockerfile')).toMatch(expected);
  });

  it.each([
    ['where the newest keeps its data', '/var/lib/postgresql', 'postgres:18'],
    ['where those before keep it', '/var/lib/postgresql/data', 'postgres:17'],
  ])('take the version of a database that mounts its data %s', async (_, path, image) => {
    const { plan } = await replaced({
      ...plain,
      'package.json': manifest({ dependencies: { pg: '8' } }),
      'server.js': `import pg from 'pg';\nnew pg.Pool({ connectionString: process.env.DATABASE_URL });\n${server}`,
      'compose.yaml': `services:\n  web: { build: ., ports: ["8300:8300"] }\n  base: { image: "postgres:latest", volumes: ["./rows:${path}"] }\n`,
    });
    expect(Object.values(plan.services).map((one) => one.image)).toEqual([image]);
  });

  it('have the port of the application beside those of a debugger', async () => {
    const { plan } = await replaced({
      ...plain,
      'server.js':
        "import { createServer } from 'node:http';\nimport { port } from './port.js';\ncreateServer(() => {}).listen(port());\n",
      'port.js': 'export const port = () => JSON.parse(globalThis.settings).port;\n',
      'compose.yaml': 'services:\n  web: { build: ., ports: ["80:3000", "9229:9229", "9230:9230"] }\n',
      Dockerfile: dockerfile.replace('EXPOSE 8300', 'EXPOSE 3000 9229'),
    });
    expect(plan.workloads['app']?.ports['http']?.container).toBe(3000);
  });
});
