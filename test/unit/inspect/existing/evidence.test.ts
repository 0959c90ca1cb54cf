import { describe, expect, it } from 'vitest';
import { inspect } from '../../../../src/inspect/inspect.ts';
import type { Facts } from '../../../../src/model/facts.ts';
import { knownValue } from '../../../../src/model/known.ts';
import { memoryProject } from '../../../../src/project/memory.ts';
import { app, factsOf, text } from './support.ts';

async function read(files: Readonly<Record<string, string>>): Promise<Facts> {
  const [facts] = await factsOf({ ...app, ...files });
  if (!facts) throw new Error('no application');
  return facts;
}

const values = (facts: readonly { readonly value: string }[]) => facts.map(({ value }) => value);

describe('what a Dockerfile says of the application', () => {
  const Dockerfile = text(
    'FROM node:22-bookworm-slim',
    'RUN apt-get update && apt-get install -y graphviz python3 dumb-init libvips-dev curl',
    'WORKDIR /usr/src/app',
    'COPY package.json .',
    'COPY server.js ./',
    'COPY tables ./tables',
    'ENV PORT=8085',
    'EXPOSE 8085',
    'VOLUME /usr/src/app/uploads',
    'HEALTHCHECK CMD curl -f localhost:8085',
    'ENTRYPOINT ["dumb-init", "--"]',
    'CMD ["node", "--max-http-header-size=32768", "server.js", "--quiet"]',
  );
  const files = {
    Dockerfile,
    'tables/a.csv': 'a',
    'package.json': '{"name":"till","scripts":{"start":"node server.js"}}',
  };

  it('is above what was computed: version, packages, port, start, data, and what is copied', async () => {
    const facts = await read(files);
    expect(facts.runtime).toMatchObject({
      value: { name: 'node', version: '22' },
      by: 'detected',
      from: [{ file: 'Dockerfile', line: 1 }],
    });
    expect(values(facts.system)).toEqual(['graphviz']);
    expect(facts.port).toMatchObject({
      value: { number: 8085, variable: 'PORT' },
      from: [{ file: 'Dockerfile', line: 7 }],
    });
    expect(facts.commands.start).toMatchObject({
      value: { argv: ['node', '--max-http-header-size=32768', 'server.js', '--quiet'] },
      from: [{ line: 11 }, { line: 12 }],
    });
    expect(values(facts.reads)).toEqual(['tables']);
    expect(values(facts.writes)).toEqual(['uploads']);
    expect(facts.leftOut?.map(({ what }) => what)).toEqual([
      'package python3',
      'package dumb-init',
      'package libvips-dev',
      'package curl',
    ]);
  });

  it('is below the configuration', async () => {
    const project = memoryProject({ ...app, ...files });
    const { apps } = await inspect(project, {
      config: { runtime: 'node@24', port: 9000, start: ['node', 'server.js'] },
    });
    expect(apps[0]).toMatchObject({
      runtime: { value: { version: '24' }, by: 'config' },
      port: { value: { number: 9000 }, by: 'config' },
      commands: { start: { value: { argv: ['node', 'server.js'] }, by: 'config' } },
    });
  });

  it('is a note with both places where the project says something else', async () => {
    const facts = await read({
      Dockerfile: 'FROM node:18\nWORKDIR /app\nCOPY . .\nEXPOSE 4000\nCMD ["node","server.js"]\n',
      'server.js': "import http from 'node:http';\nhttp.createServer().listen(3100);\n",
    });
    const note = (code: string) => facts.notes.find((one) => one.code === code);
    expect(knownValue(facts.runtime)?.version).toBe('18');
    expect(note('runtime-version-conflict')?.message).toMatch(
      /Dockerfile:1 has node 18, but package\.json:1 requires >=22/,
    );
    expect(note('runtime-version-conflict')?.from).toMatchObject([{ file: 'Dockerfile' }, { file: 'package.json' }]);
    expect(knownValue(facts.port ?? { ask: '' })?.number).toBe(3100);
    expect(note('port-conflict')?.message).toMatch(/exposes port 4000, and the app listens on 3100/);
  });

  it.each([
    ['published by compose', 'PORT', { 'compose.yaml': 'services:\n  till:\n    build: .\n    ports: ["80:4000"]\n' }],
    ['exposed by the image', 'HTTP_PORT', { Dockerfile: 'FROM node:22\nEXPOSE 4000\nCMD ["node","server.js"]\n' }],
  ])('is the port where a variable sets it, whatever the default of the source: %s', async (_name, variable, more) => {
    const facts = await read({
      Dockerfile: 'FROM node:22\nCMD ["node","server.js"]\n',
      'server.js': `import http from 'node:http';\nhttp.createServer().listen(process.env.${variable} || 3000);\n`,
      ...more,
    });
    expect(facts.port).toMatchObject({ value: { number: 4000, variable }, from: [{ line: expect.any(Number) }] });
    expect(facts.notes.map(({ code }) => code)).not.toContain('port-conflict');
  });

  it.each([
    ['types that the source is written against', '"devDependencies":{"@types/node":"^24.1.0"}', {}],
    ['types among the dependencies', '"dependencies":{"@types/node":"~20.4.8"}', {}],
    [
      'the form of the lockfile',
      '"license":"MIT"',
      { 'package-lock.json': '{"name":"till","lockfileVersion":1,"dependencies":{}}' },
    ],
  ])('is contradicted by nothing that only hints at a version: %s', async (_name, field, more) => {
    const facts = await read({
      Dockerfile: 'FROM node:18\nWORKDIR /app\nCOPY . .\nCMD ["node","server.js"]\n',
      'package.json': `{"name":"till","version":"1.0.0","type":"module","scripts":{"start":"node server.js"},${field}}`,
      ...more,
    });
    expect(knownValue(facts.runtime)?.version).toBe('18');
    expect(facts.notes.map(({ code }) => code)).not.toContain('runtime-version-conflict');
  });

  it.each([
    ['an image without a version', 'FROM node:lts-alpine\nCOPY . .\n'],
    ['a version in a variable of whoever builds', 'ARG V\nFROM node:$V\nCOPY . .\n'],
    ['an image of something else', 'FROM nginx:1.27\nCOPY . .\n'],
  ])('says no version: %s', async (_name, dockerfile) => {
    expect(knownValue((await read({ Dockerfile: dockerfile })).runtime)).not.toMatchObject({
      version: expect.stringMatching(/^1\./),
    });
    expect((await read({ Dockerfile: dockerfile })).runtime).toMatchObject({ from: [{ file: 'package.json' }] });
  });

  it('is followed from stage to stage', async () => {
    const facts = await read({
      'package.json':
        '{"name":"till","scripts":{"build":"tsc","start":"node dist/main.js"},"devDependencies":{"typescript":"5"}}',
      'tsconfig.json': '{"compilerOptions":{"outDir":"dist","rootDir":"src"}}',
      'src/main.ts': "import http from 'node:http';\nhttp.createServer().listen(3000);\n",
      'views/a.html': '',
      Dockerfile: text(
        'FROM node:20 AS build',
        'WORKDIR /work',
        'COPY . .',
        'RUN apt-get install -y git && npm run build',
        'FROM node:20-alpine',
        'WORKDIR /srv',
        'COPY --from=build /work/dist ./dist',
        'COPY --from=build /work/views ./views',
        'COPY --from=build /work/node_modules ./node_modules',
        'RUN apk add --no-cache ffmpeg libc6-compat ttf-freefont',
        'CMD node --enable-source-maps dist/main.js',
      ),
    });
    expect(facts.commands.start).toMatchObject({ value: { argv: ['node', '--enable-source-maps', 'dist/main.js'] } });
    expect(knownValue(facts.entry)).toBe('src/main.ts');
    expect(values(facts.reads)).toEqual(['views']);
    expect(values(facts.system)).toEqual(['ffmpeg', 'fonts-freefont-ttf']);
  });

  it('names the script that starts', async () => {
    const facts = await read({
      'package.json': '{"name":"till","scripts":{"start":"node server.js","serve":"node --no-deprecation server.js"}}',
      Dockerfile: 'FROM node:22\nCOPY . .\nCMD ["npm", "run", "serve"]\n',
    });
    expect(facts.commands.start).toMatchObject({
      value: { argv: ['node', '--no-deprecation', 'server.js'], script: 'serve' },
    });
  });

  it.each([
    ['a shell script', 'CMD ["./start.sh"]'],
    ['several commands', 'CMD node migrate.js || node server.js'],
    ['a file that nobody has', 'CMD ["node", "gone.js"]'],
  ])('keeps the start script where the command is %s', async (_name, command) => {
    const facts = await read({ Dockerfile: `FROM node:22\nWORKDIR /app\nCOPY . .\n${command}\n` });
    expect(facts.commands.start).toMatchObject({ value: { argv: ['node', 'server.js'], script: 'start' } });
  });
});

describe('what compose files say of the application', () => {
  it('is version, port and data', async () => {
    const facts = await read({
      'compose.yaml': text(
        'services:',
        '  web:',
        '    image: node:20-slim',
        '    working_dir: /code',
        '    command: node server.js',
        '    environment: { PORT: "${PORT:-4500}" }',
        '    volumes: [".:/code", "/code/node_modules", "files:/code/files", "cache:/code/node_modules"]',
        'volumes: { files: , cache: }',
      ),
    });
    expect(knownValue(facts.runtime)?.version).toBe('20');
    expect(facts.port).toMatchObject({
      value: { number: 4500, variable: 'PORT' },
      from: [{ file: 'compose.yaml', line: 6 }],
    });
    expect(values(facts.writes)).toEqual(['files']);
  });
});

describe('a Docker file for something else', () => {
  it.each([
    ['tests', 'test/browser/Dockerfile'],
    ['an editor', '.devcontainer/Dockerfile'],
    ['a tool', 'tools/scraper/Dockerfile'],
  ])('says nothing of the application: %s', async (_name, path) => {
    const other =
      'FROM node:20-bookworm\nRUN apt-get install -y graphviz\nWORKDIR /tests\nEXPOSE 9222\nVOLUME /out\nCMD ["node", "server.js"]\n';
    const { docker, ...facts } = await read({ [path]: other });
    const { docker: _none, ...bare } = await read({});
    expect(docker?.dockerfiles).toHaveLength(1);
    expect(facts).toEqual(bare);
  });
});
