import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type GenerateOptions,
  generate,
  isPending,
  withDockerEdits,
  writeGeneration,
} from '../../../src/flows/generate.ts';
import { committedProject as project } from '../../support/committed.ts';

type Files = Readonly<Record<string, string>>;

const server = `import { createServer } from 'node:http';
createServer((request, response) => response.end(request.url === '/health' ? 'ok' : 'hello')).listen(Number(process.env.PORT));
process.on('SIGTERM', () => process.exit(0));
`;
const manifest = (more: object = {}) =>
  JSON.stringify({ name: 'pier', version: '1.0.0', type: 'module', scripts: { start: 'node server.js' }, ...more });
const dockerfile = `FROM node:22-slim
WORKDIR /srv
COPY package.json server.js ./
ENV PORT=8300

# what it runs as
USER 10001
# the server
CMD ["node", "server.js"]
`;
const plain: Files = { 'package.json': manifest(), 'server.js': server, Dockerfile: dockerfile };

const text = (root: string, file: string) => readFileSync(join(root, file), 'utf8');

const offered = async (files: Files) =>
  (await generate({ cwd: project(files) })).dockerEdits.map(
    ({ what, line, change }) => `${change.path}:${line} ${what}`,
  );

/** Writes with the edits of some files, and has nothing to do a second time. */
async function edited(root: string, files: readonly string[], options: Omit<GenerateOptions, 'cwd'> = {}) {
  const accept = Object.fromEntries(files.map((file) => [file, 'edited' as const]));
  const generation = await generate({ cwd: root, ...options, accept });
  await writeGeneration(generation, { edits: true, env: true });
  const again = await generate({ cwd: root, ...options, accept });
  expect(again.dockerEdits).toEqual([]);
  expect(again.changes.filter(({ act }) => act !== 'same')).toEqual([]);
  expect(isPending(again)).toBe(false);
  return generation;
}

describe('edits of Docker files of an author', () => {
  it('are not made without a yes to them, and leave nothing to do', async () => {
    const root = project(plain);
    const generation = await generate({ cwd: root });
    expect(generation.dockerEdits.map(({ what }) => what)).toEqual(['a health check of the image']);
    await writeGeneration(generation, { edits: true, env: true });
    expect(text(root, 'Dockerfile')).toBe(dockerfile);
    const again = await generate({ cwd: root });
    expect(isPending(again)).toBe(false);
    expect(again.dockerEdits).toHaveLength(1);
  });

  it('are none where nothing would be better', async () => {
    const checked = dockerfile.replace('# the server', 'HEALTHCHECK CMD node check.js\n# the server');
    expect(await offered({ ...plain, Dockerfile: checked })).toEqual([]);
    const off = dockerfile.replace('# the server', 'HEALTHCHECK NONE\n# the server');
    expect(await offered({ ...plain, Dockerfile: off })).toEqual([]);
    // a base that is known not to bring the runtime can ask nothing
    expect(
      await offered({ ...plain, Dockerfile: dockerfile.replace('node:22-slim', 'registry.example.org/base') }),
    ).toEqual([]);
  });

  it.each([
    ['\n', ''],
    ['\r\n', '\uFEFF'],
  ])('add a health check in front of the start, and every other byte stays (%j)', async (lineBreak, mark) => {
    const own = `${mark}${dockerfile.replaceAll('\n', lineBreak)}`;
    const root = project({ ...plain, Dockerfile: own });
    const { dockerEdits } = await generate({ cwd: root });
    expect(dockerEdits[0]).toMatchObject({ line: 8, change: { path: 'Dockerfile', act: 'edit' } });
    await edited(root, ['Dockerfile']);
    const now = text(root, 'Dockerfile');
    const lines = now.split(lineBreak);
    const added = lines.findIndex((line) => line.startsWith('HEALTHCHECK'));
    expect(lines[added - 1]).toBe('USER 10001');
    const end = lines.indexOf('# the server');
    expect([...lines.slice(0, added), ...lines.slice(end)].join(lineBreak)).toBe(own);
    // the image asks, so that the compose file does not
    expect(text(root, 'docker-compose.yml')).not.toContain('healthcheck:');
  });

  it('add the check to the service where others have the same image', async () => {
    const compose = `# the pier
services:
    web: # answers
        build: .
        ports: ["8300:8300"]   # in and out

    # counts
    worker:
        build: .
        command: node worker.js
`;
    const root = project({ ...plain, 'worker.js': 'setInterval(() => 0, 1000)\n', 'compose.yaml': compose });
    expect(await offered({ ...plain, 'compose.yaml': compose })).toEqual([
      'compose.yaml:5 a health check of the service web',
    ]);
    await edited(root, ['compose.yaml']);
    expect(text(root, 'Dockerfile')).toBe(dockerfile);
    const now = text(root, 'compose.yaml').split('\n');
    const added = now.indexOf('        healthcheck:');
    expect(now[added - 1]).toBe('        ports: ["8300:8300"]   # in and out');
    expect(now.filter((_, at) => at < added || at > added + 6).join('\n')).toBe(compose);
    expect(text(root, 'compose.prod.yaml')).not.toContain('healthcheck:');
  });

  const wired: Files = {
    'package.json': manifest({ dependencies: { express: '^5.1.0' } }),
    'server.js': `import express from 'express';
const app = express();
app.get('/', (_request, response) => response.send('hello'));
app.listen(Number(process.env.PORT));
`,
    Dockerfile: dockerfile.replace('COPY', 'COPY --chown=10001'),
  };

  it('take a health module along where files are copied one by one', async () => {
    const root = project(wired);
    const before = await generate({ cwd: root });
    expect(before.context.plan.sources).toEqual([]);
    expect(before.dockerEdits).toMatchObject([{ what: 'health.js in the image', needs: 'source-edits', line: 3 }]);
    await edited(root, ['Dockerfile']);
    expect(text(root, 'Dockerfile')).toContain('COPY --chown=10001 package.json server.js health.js ./\n');
    expect(existsSync(join(root, 'health.js'))).toBe(true);
    expect(text(root, 'server.js')).toContain('health');
    expect(text(root, 'docker-compose.yml')).toContain('/ready');
  });

  it('take it along on a line of its own where the COPY renames', async () => {
    const renamed =
      wired['Dockerfile']?.replace(/(COPY --chown=10001) .*/, '$1 package.json ./\n$1 server.js /srv/server.js') ?? '';
    const root = project({ ...wired, Dockerfile: renamed });
    await edited(root, ['Dockerfile']);
    expect(text(root, 'Dockerfile')).toContain('server.js /srv/server.js\nCOPY --chown=10001 health.js /srv/\n');
  });

  it('copy no module that is not written, because the sources stay as they are', async () => {
    const root = project(wired);
    const generation = await generate({ cwd: root, accept: { Dockerfile: 'edited' } });
    await writeGeneration(generation, { edits: false, env: false });
    expect(text(root, 'Dockerfile')).toBe(wired['Dockerfile']);
    expect(existsSync(join(root, 'health.js'))).toBe(false);
    expect(existsSync(join(root, 'docker-compose.yml'))).toBe(true);
  });

  const built: Files = {
    'package.json': manifest({
      scripts: { build: 'tsc', dev: 'tsx watch src/server.ts', start: 'node dist/server.js' },
      devDependencies: { typescript: '5.9.3', tsx: '4.20.0' },
    }),
    'package-lock.json': JSON.stringify({ name: 'pier', lockfileVersion: 3, packages: {} }),
    'src/server.ts': server,
    'tsconfig.json': '{ "compilerOptions": { "outDir": "dist", "rootDir": "src" } }',
  };
  const stages = (end: string, prune = '') => `FROM node:22-slim AS build
WORKDIR /srv
COPY package.json package-lock.json ./
RUN npm ci
COPY src ./src
COPY tsconfig.json ./
RUN npx tsc${prune}

# what runs
FROM node:22-slim
WORKDIR /srv
COPY --from=build /srv/node_modules ./node_modules
COPY --from=build /srv/dist ./dist
${end}ENV PORT=8300 NODE_ENV=production
USER node
HEALTHCHECK CMD ["node", "-e", "fetch('http://127.0.0.1:8300/health')"]
CMD ["node", "dist/server.js"]
`;

  it('add a stage to develop in, made from the one that has everything', async () => {
    const root = project({ ...built, Dockerfile: stages('') });
    const before = await generate({ cwd: root });
    expect(before.context.plan.kept?.forms.development).toBe('none');
    expect(before.dockerEdits).toMatchObject([{ what: 'a development stage', line: 9 }]);
    await edited(root, ['Dockerfile']);
    const added = `FROM build AS development
ENV PORT=8300 \\
    NODE_ENV=development
CMD ["npm", "run", "dev"]

`;
    expect(text(root, 'Dockerfile')).toBe(stages('').replace('# what runs', `${added}# what runs`));
    const development = text(root, 'docker-compose.dev.yml');
    expect(development).toContain('target: development');
    expect(development).toContain('./src:/srv/src');
  });

  it('add a stage that repeats what another one prunes away', async () => {
    const own = stages('', ' && npm prune --omit=dev');
    const root = project({ ...built, Dockerfile: own });
    await edited(root, ['Dockerfile']);
    const added = `FROM node:22-slim AS development
WORKDIR /srv
COPY package.json package-lock.json ./
RUN npm ci
COPY src ./src
COPY tsconfig.json ./
ENV PORT=8300 \\
    NODE_ENV=development
CMD ["npm", "run", "dev"]

`;
    expect(text(root, 'Dockerfile')).toBe(own.replace('# what runs', `${added}# what runs`));
    expect(existsSync(join(root, 'docker-compose.dev.yml'))).toBe(true);
  });

  it.each([
    ['has no development dependencies', stages('').replace('npm ci', 'npm ci --omit=dev')],
    ['installs for production', stages('').replace('WORKDIR', 'ENV NODE_ENV=production\nWORKDIR')],
    ['has the sources elsewhere', stages('').replace('COPY src ./src', 'COPY src /elsewhere')],
    [
      'stands in front of one that is named by its number',
      `${stages('').replace('slim\nWORKDIR /srv\nCOPY --from', 'slim AS production\nWORKDIR /srv\nCOPY --from')}\nFROM scratch AS test\nCOPY --from=1 /srv/dist /\n`,
    ],
  ])('add no stage where the one to develop in %s', async (_, own) => {
    expect(await offered({ ...built, Dockerfile: own })).not.toContainEqual(expect.stringContaining('development'));
  });

  it('start the development stage with its own command, whatever the service starts in production', async () => {
    const compose = 'services:\n  web:\n    build: .\n    command: node dist/server.js\n    ports: ["8300:8300"]\n';
    const root = project({ ...built, Dockerfile: stages(''), 'compose.yaml': compose });
    await edited(root, ['Dockerfile']);
    expect(text(root, 'compose.dev.yaml')).toContain('command: ["npm", "run", "dev"]');
  });

  it.each([
    [
      '    build:\n      context: .\n      target: prod # the last one\n',
      '    build:\n      context: .\n      target: release # the last one\n',
    ],
    ['    build: { context: ., target: "prod" }\n', '    build: { context: ., target: "release" }\n'],
  ])('name a stage that is there: %j', async (before, after) => {
    const compose = (build: string) => `services:\n  web:\n${build}    ports: ["8300:8300"]\n`;
    const own = dockerfile.replace('slim', 'slim AS release').replace('CMD', 'HEALTHCHECK CMD node check.js\nCMD');
    const root = project({ ...plain, Dockerfile: own, 'compose.yaml': compose(before) });
    await edited(root, ['compose.yaml']);
    expect(text(root, 'compose.yaml')).toBe(compose(after));
  });

  it('take out a stage that is not there where the last one has no name', async () => {
    const compose =
      'services:\n  web:\n    build:\n      context: .\n      # once\n      target: prod\n    ports: ["8300:8300"]\n';
    const own = dockerfile.replace('CMD', 'HEALTHCHECK CMD node check.js\nCMD');
    const root = project({ ...plain, Dockerfile: own, 'compose.yaml': compose });
    await edited(root, ['compose.yaml']);
    expect(text(root, 'compose.yaml')).toBe(compose.replace('      target: prod\n', ''));
  });

  it('let through what a Dockerfile copies and the ignore file leaves out, but no settings and no packages', async () => {
    const own = dockerfile
      .replace('COPY package', 'COPY .env node_modules ./\nCOPY package')
      .replace('CMD', 'HEALTHCHECK CMD node check.js\nCMD');
    const files = { ...plain, Dockerfile: own, '.env': 'A=1\n', '.dockerignore': '*.js\n.env\nnode_modules' };
    expect(await offered(files)).toEqual(['.dockerignore:3 server.js in the build context']);
    const root = project(files);
    const { context } = await edited(root, ['.dockerignore']);
    expect(text(root, '.dockerignore')).toBe('*.js\n.env\nnode_modules\n!server.js\n');
    expect(context.warnings.join()).not.toContain('copies server.js');
  });

  it('are none of an ignore file in whose place a generated one stands', async () => {
    const root = project({ ...plain, '.dockerignore': '*.js\n' });
    const { dockerEdits } = await generate({ cwd: root, accept: { '.dockerignore': 'generated' } });
    expect(dockerEdits.map(({ change }) => change.path)).toEqual(['Dockerfile']);
  });

  it('can be chosen one by one, and those of one file go together', async () => {
    const root = project({ ...built, Dockerfile: stages('').replace(/HEALTHCHECK.*\n/, '') });
    const before = await generate({ cwd: root });
    expect(before.dockerEdits.map(({ line, what }) => [line, what])).toEqual([
      [9, 'a development stage'],
      [16, 'a health check of the image'],
    ]);
    const one = await withDockerEdits(before, [before.dockerEdits[1]?.decision ?? '']);
    expect(one.applied).toHaveLength(1);
    expect(one.applied[0]?.content).toContain('HEALTHCHECK');
    expect(one.applied[0]?.content).not.toContain('AS development');
    expect(one.dockerEdits.map(({ what }) => what)).toEqual(['a development stage']);
    const both = await withDockerEdits(one, [one.dockerEdits[0]?.decision ?? '']);
    expect(both.applied).toHaveLength(1);
    expect(both.applied[0]?.content).toMatch(/AS development[\s\S]*HEALTHCHECK/);
    await writeGeneration(both, { edits: true, env: true });
    expect(existsSync(join(root, 'docker-compose.dev.yml'))).toBe(true);
    expect(isPending(await generate({ cwd: root }))).toBe(false);
  });

  it('are said to be on a file whose text no commit has', async () => {
    const root = project(plain);
    expect((await generate({ cwd: root })).uncommitted).toEqual([]);
    writeFileSync(join(root, 'Dockerfile'), `${dockerfile}# later\n`);
    expect((await generate({ cwd: root })).uncommitted).toEqual(['Dockerfile']);
    expect((await generate({ cwd: root, accept: { Dockerfile: 'edited' } })).uncommitted).toEqual(['Dockerfile']);
  });

  it('are refused of a file that is none of them', async () => {
    const root = project(plain);
    await expect(generate({ cwd: root, accept: { 'server.js': 'edited' } })).rejects.toMatchObject({
      code: 'not-kept',
    });
    await expect(generate({ cwd: root, accept: { 'docker-compose.yml': 'edited' } })).rejects.toMatchObject({
      code: 'not-kept',
    });
  });
});

describe('edits of the settings of an author', () => {
  const pages: Files = {
    'package.json': JSON.stringify({
      name: 'quay',
      scripts: { build: 'next build', start: 'next start' },
      engines: { node: '24' },
      dependencies: { next: '16.4.6', react: '19.2.0' },
    }),
    'package-lock.json': '{"lockfileVersion":3,"packages":{}}',
    'next.config.mjs': '\uFEFFexport default {\r\n  compress: true,\r\n};\r\n',
    'app/page.jsx': 'export default () => <p>quay</p>;\n',
  };

  it('are made by a yes to them alone, with what is generated for the settings as they then are', async () => {
    const root = project(pages);
    const before = await generate({ cwd: root });
    expect(before.dockerEdits.map(({ what, line }) => [what, line])).toEqual([["`output: 'standalone'`", 1]]);
    await writeGeneration(before, { edits: true, env: true });
    expect(text(root, 'next.config.mjs')).toBe(pages['next.config.mjs']);
    expect(text(root, 'Dockerfile')).toContain('node_modules/next/dist/bin/next');
    const decision = before.dockerEdits.map((one) => one.decision);
    expect((await withDockerEdits(before, decision)).applied.map(({ path }) => path)).toEqual(['next.config.mjs']);
    await edited(root, ['next.config.mjs']);
    expect(text(root, 'next.config.mjs')).toBe(
      "\uFEFFexport default {\r\n  output: 'standalone',\r\n  compress: true,\r\n};\r\n",
    );
    expect(text(root, 'Dockerfile')).toContain('CMD ["node", "server.js"]');
  });

  it('are refused of a file that none is offered of', async () => {
    const accept = { 'next.config.ts': 'edited' as const };
    await expect(generate({ cwd: project(pages), accept })).rejects.toThrow('no edits are offered for that file');
  });
});
