import { describe, expect, it } from 'vitest';
import type { ExistingDeployment } from '../../../../src/model/existing.ts';
import { app, dockerOf, factsOf, text } from './support.ts';

const first = ({ dockerfiles }: ExistingDeployment) => {
  const [file] = dockerfiles;
  if (!file) throw new Error('no Dockerfile');
  return file;
};

const production = (docker: ExistingDeployment) => {
  const file = first(docker);
  const stage = file.stages[file.production ?? -1];
  if (!stage) throw new Error('no production stage');
  return stage;
};

describe('a Dockerfile of the author', () => {
  it('gives each fact with its line', async () => {
    const docker = await dockerOf({
      ...app,
      Dockerfile: text(
        'ARG NODE=22.11',
        'FROM node:${NODE}-bookworm-slim AS deps',
        'WORKDIR /srv',
        'COPY package.json ./',
        'RUN --mount=type=secret,id=registry,required=true npm ci',
        'FROM node:${NODE}-bookworm-slim',
        'ARG RELEASE=none',
        'RUN apt-get update \\',
        ' && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends -t stable \\',
        '      graphviz libvips42=8.14',
        'WORKDIR /srv',
        'ENV PORT=8300 RELEASE=$RELEASE',
        'COPY --from=deps --chown=node /srv/node_modules ./node_modules',
        'COPY server.js lib ./',
        'VOLUME ["/srv/data"]',
        'EXPOSE 8300 9000-9001/tcp 53/udp',
        'USER 10001',
        'HEALTHCHECK CMD wget -q localhost:8300',
        'STOPSIGNAL SIGINT',
        'ENTRYPOINT ["tini", "--"]',
        'CMD node server.js',
      ),
    });
    expect(first(docker)).toMatchObject({ path: 'Dockerfile', context: '.', builds: 'application', production: 1 });
    expect(first(docker).stages[0]).toMatchObject({
      name: 'deps',
      base: 'node:22.11-bookworm-slim',
      use: 'build',
      secrets: [{ id: 'registry', required: true, from: [{ line: 5 }] }],
    });
    expect(production(docker)).toMatchObject({
      base: 'node:22.11-bookworm-slim',
      workdir: '/srv',
      user: { value: '10001', from: [{ file: 'Dockerfile', line: 17 }] },
      ports: [{ number: 8300, from: [{ line: 16 }] }, { number: 9000 }, { number: 9001 }],
      env: { PORT: { value: '8300', from: [{ line: 12 }] }, RELEASE: { value: 'none' } },
      args: { RELEASE: { default: 'none', from: [{ line: 7 }] } },
      volumes: [{ value: '/srv/data' }],
      packages: [
        { value: 'graphviz', from: [{ line: 10 }] },
        { value: 'libvips42=8.14', from: [{ line: 10 }] },
      ],
      copies: [
        { sources: ['/srv/node_modules'], to: '/srv/node_modules', stage: 'deps', owner: 'node' },
        { sources: ['server.js', 'lib'], to: '/srv' },
      ],
      entrypoint: { argv: ['tini', '--'], form: 'exec' },
      command: { argv: ['node server.js'], form: 'shell', from: [{ line: 21 }] },
      healthcheck: { command: { argv: ['wget -q localhost:8300'], form: 'shell' } },
      stopSignal: { value: 'SIGINT' },
    });
  });

  it('takes over what the stage below says, and an entrypoint clears a command that was taken over', async () => {
    const docker = await dockerOf({
      ...app,
      Dockerfile: text(
        'FROM alpine AS base',
        'WORKDIR /opt/till',
        'ENV A=1',
        'EXPOSE 80',
        'RUN apk add --no-cache --virtual .build g++ make && apk add curl && apk del .build',
        'CMD ["sleep", "1"]',
        'FROM base AS web',
        'WORKDIR app',
        'ENV B=${A}2',
        'RUN apk del curl',
        'COPY . .',
        'ENTRYPOINT ["node", "server.js"]',
      ),
    });
    const [base] = first(docker).stages;
    expect(base?.packages.map(({ value }) => value)).toEqual(['curl']);
    const stage = production(docker);
    expect(stage).toMatchObject({
      parent: 0,
      base: 'alpine',
      workdir: '/opt/till/app',
      packages: [],
      ports: [{ number: 80 }],
    });
    expect(Object.fromEntries(Object.entries(stage.env).map(([name, { value }]) => [name, value]))).toEqual({
      A: '1',
      B: '12',
    });
    expect(stage.command).toBeUndefined();
    expect(base?.command?.argv).toEqual(['sleep', '1']);
  });

  it.each([
    ['apt', 'RUN apt install -y ffmpeg', ['ffmpeg']],
    ['a here-document', 'RUN <<EOF\napt-get update\napt-get install -y poppler-utils\nEOF', ['poppler-utils']],
    ['the JSON form', 'RUN ["apt-get", "install", "-y", "jq"]', ['jq']],
    ['a shell in the JSON form', 'RUN ["/bin/sh", "-c", "apk add git"]', ['git']],
    ['yum and dnf', 'RUN yum install -y tar && dnf -y install --setopt=a=b xz', ['tar', 'xz']],
    ['a variable that is known', 'ARG PKGS="a b"\nRUN apt-get install -y $PKGS', ['a', 'b']],
    ['packages of the language, which are none', 'RUN npm install -g pm2 && npm install express', []],
    ['a word about it', 'RUN echo "apt-get install nothing"', []],
  ])('knows the packages of %s', async (_name, run, expected) => {
    const docker = await dockerOf({ ...app, Dockerfile: `FROM node:22\n${run}\nCOPY . .\n` });
    expect(production(docker).packages.map(({ value }) => value)).toEqual(expected);
  });

  it('says which package it does not know, instead of guessing', async () => {
    const docker = await dockerOf({
      ...app,
      Dockerfile: 'FROM node:22\nARG EXTRA\nRUN apt-get install -y $EXTRA\nCOPY . .\n',
    });
    expect(production(docker).packages).toEqual([]);
    expect(first(docker).unread).toMatchObject([{ what: 'a package in a variable: $EXTRA', from: [{ line: 3 }] }]);
  });

  it.each([
    ['the last stage', 'FROM node AS a\nFROM node AS b\nCOPY . .', ['build', 'production']],
    [
      'a stage before one for tests',
      'FROM node AS runner\nCOPY . .\nFROM runner AS test\nCMD npm test',
      ['production', 'test'],
    ],
    [
      'a stage before one for development',
      'FROM node AS app\nCOPY . .\nCMD node .\nFROM app AS dev',
      ['production', 'development'],
    ],
    [
      'packages for development, which are a step',
      'FROM node AS development-dependencies\nFROM node AS prod-deps\nFROM node\nCOPY . .',
      ['build', 'build', 'production'],
    ],
    [
      'a stage that watches',
      'FROM node AS work\nCMD ["npm", "run", "dev"]\nFROM node AS live\nCOPY . .',
      ['development', 'production'],
    ],
  ])('knows what each stage is for: %s', async (_name, dockerfile, expected) => {
    const docker = await dockerOf({ ...app, Dockerfile: `${dockerfile}\n` });
    expect(first(docker).stages.map(({ use }) => use)).toEqual(expected);
  });
});

describe('which Dockerfile builds the application', () => {
  const copying = 'FROM node:22\nWORKDIR /app\nCOPY package.json ./\nCOPY . .\nCMD ["node", "server.js"]\n';

  it.each([
    ['Containerfile', {}],
    ['Dockerfile.prod', {}],
    ['app.Dockerfile', {}],
    ['docker/Dockerfile', {}],
    ['deploy/production/Dockerfile', {}],
    [
      'docker/web',
      { '.github/workflows/ship.yml': 'jobs:\n  a:\n    steps:\n      - run: docker build -f docker/web -t x .\n' },
    ],
    ['build/image', { Makefile: 'image:\n\t@docker build \\\n\t  --file build/image .\n' }],
    [
      'ops/app.docker',
      {
        'package.json': app['package.json'].replace(
          '"start"',
          '"image":"docker buildx build -t a --file=ops/app.docker .","start"',
        ),
      },
    ],
    [
      'ship/box',
      {
        '.github/workflows/x.yaml':
          'jobs:\n  a:\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          file: ship/box\n',
      },
    ],
  ])('is found under the name %s', async (path, more) => {
    const docker = await dockerOf({ ...app, ...more, [path]: copying });
    expect(docker.dockerfiles).toMatchObject([{ path, context: '.', builds: 'application' }]);
    expect(docker.dockerfiles[0]?.production).toBe(0);
  });

  it.each([
    [
      'tests in a folder',
      'test/browser/Dockerfile',
      'FROM node:20-bookworm\nRUN apt-get install -y graphviz\nEXPOSE 9222\n',
    ],
    ['tests by name', 'Dockerfile.e2e', copying],
    ['an editor', '.devcontainer/Dockerfile', 'FROM mcr.microsoft.com/devcontainers/base\n'],
    ['a proxy', 'nginx/Dockerfile', 'FROM nginx:1.27\nCOPY nginx.conf /etc/nginx/nginx.conf\n'],
    ['a database', 'docker/db/Dockerfile', 'FROM postgres:16\nCOPY init.sql /docker-entrypoint-initdb.d/\n'],
    ['an example', 'examples/plain/Dockerfile', copying],
  ])('leaves one for something else alone: %s', async (_name, path, dockerfile) => {
    const docker = await dockerOf({ ...app, 'nginx/nginx.conf': '', 'docker/db/init.sql': '', [path]: dockerfile });
    expect(docker.dockerfiles).toMatchObject([{ path, builds: 'other' }]);
  });

  it('puts the one that production is built from first, and keeps one for development apart', async () => {
    const docker = await dockerOf({
      ...app,
      'Dockerfile.dev': copying,
      'Dockerfile.worker': copying,
      'docker/Dockerfile.prod': copying,
    });
    expect(docker.dockerfiles.map(({ path, production: index, development }) => [path, index, development])).toEqual([
      ['docker/Dockerfile.prod', 0, undefined],
      ['Dockerfile.worker', 0, undefined],
      ['Dockerfile.dev', undefined, 0],
    ]);
  });

  it('knows which application of several it is', async () => {
    const member = (name: string) => `{"name":"${name}","scripts":{"start":"node index.js"}}`;
    const apps = await factsOf({
      'package.json': '{"name":"all","private":true,"workspaces":["apps/*"]}',
      'apps/api/package.json': member('api'),
      'apps/api/index.js': '',
      'apps/web/package.json': member('web'),
      'apps/web/index.js': '',
      'apps/web/Dockerfile': 'FROM node:22\nCOPY . .\n',
      Dockerfile: 'FROM node:22\nCOPY . .\nRUN npm ci\nCMD ["node", "apps/api/index.js"]\n',
    });
    const builds = (name: string) => {
      const docker = apps.find((facts) => facts.root === name)?.docker;
      return docker?.dockerfiles.filter((file) => file.builds === 'application').map(({ path }) => path);
    };
    expect(builds('apps/api')).toEqual(['Dockerfile']);
    expect(builds('apps/web')).toEqual(['apps/web/Dockerfile']);
  });

  it('is no file that only has the word in its name', async () => {
    const [facts] = await factsOf({
      ...app,
      'Dockerfile.md': '# How',
      'docs/dockerfile.ts': '',
      'Dockerfile.j2': 'FROM {{ a }}',
    });
    expect(facts?.docker).toBeUndefined();
  });
});

describe('a Dockerfile that is hostile or broken', () => {
  it.each([
    ['no Dockerfile', 'hello world\n', 1],
    ['empty', '', 1],
    ['two FROMs too many words', 'FROM a b c\n', 1],
    ['an unknown instruction', 'FROM node\nFOO bar\nCOPY . .\n', 2],
  ])('is listed with its line: %s', async (_name, dockerfile, line) => {
    const docker = await dockerOf({ ...app, Dockerfile: dockerfile });
    expect(docker.broken).toMatchObject([{ file: 'Dockerfile', line }]);
  });

  it.each([
    ['bytes', new Uint8Array([0xff, 0xfe, 0, 1, 2, 3])],
    ['a huge file', `FROM node\n${'# x\n'.repeat(200_000)}`],
    ['thousands of stages', 'FROM node\n'.repeat(5000)],
    ['a doubling variable', `FROM node\nENV A=aaaaaaaaaa\n${'ENV A=$A$A$A\n'.repeat(500)}COPY . .\n`],
    ['deep braces', `FROM node\nENV A=${'${A:-'.repeat(700)}${'}'.repeat(700)}\nCOPY . .\n`],
    ['a deep shell', `FROM node\nRUN ${'$('.repeat(5000)}\nCOPY . .\n`],
    ['a circle', 'FROM b AS a\nFROM a AS b\nCOPY --from=c . .\n'],
    [
      'names of objects',
      'FROM node AS __proto__\nENV __proto__=1 constructor=2\nARG toString\nCOPY . .\nEXPOSE 99999 $X a-b\n',
    ],
    ['paths that lead out', 'FROM node\nCOPY ../../etc/passwd /x\nWORKDIR ../../..\nCOPY . .\n'],
  ])(
    'never stops a run: %s',
    async (_name, dockerfile) => {
      const [facts] = await factsOf({ ...app, Dockerfile: dockerfile });
      expect(facts?.docker).toBeDefined();
    },
    10_000,
  );
});
