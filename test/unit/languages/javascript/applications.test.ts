import { describe, expect, it } from 'vitest';
import { applicationRoots } from '../../../../src/languages/javascript/applications.ts';
import { memoryProject } from '../../../../src/project/memory.ts';

const json = (value: object) => JSON.stringify(value);
const server = (scripts: object = {}) =>
  json({ name: 'shop', scripts: { start: 'node server.js', ...scripts }, dependencies: { express: '5' } });
const pages = json({ name: 'client', scripts: { start: 'react-scripts start', build: 'react-scripts build' } });
const rootsOf = (files: Readonly<Record<string, string>>) => applicationRoots(memoryProject(files));

describe('a package beside an application in the root', () => {
  it('is an application of its own where it starts by itself', () => {
    const listening = { 'package.json': server({ dev: 'concurrently "npm start" "npm start --prefix client"' }) };
    expect(rootsOf({ ...listening, 'server.js': 'require("express")();', 'client/package.json': pages })).toEqual([
      '.',
      'client',
    ]);
    const site = {
      'package.json': json({ name: 'shop', scripts: { dev: 'vite', start: 'vite' }, dependencies: { vue: '3' } }),
    };
    const api = json({ name: 'api', scripts: { start: 'node index.js' } });
    // the address of an API is no folder
    const asks = { 'index.html': '', 'src/main.js': "fetch('/api/items');" };
    expect(rootsOf({ ...site, ...asks, 'api/package.json': api })).toEqual(['.', 'api']);
    expect(rootsOf({ ...site, ...asks, 'Backend/package.json': api })).toEqual(['.', 'Backend']);
  });

  it('is a part of the root where that builds it or gives it out', () => {
    const files = { 'server.js': 'require("express")();', 'client/package.json': pages };
    for (const script of [
      'npm install --prefix client && npm run build --prefix client',
      'cd ./client && npm run build',
    ])
      for (const name of ['build', 'heroku-postbuild'])
        expect(rootsOf({ ...files, 'package.json': server({ [name]: script }) })).toEqual(['.']);
    for (const path of [
      "'client/build'",
      "'./client/dist/index.html'",
      '`${__dirname}/client/build`',
      "__dirname, 'client'",
    ])
      expect(rootsOf({ ...files, 'package.json': server(), 'server.js': `serve(${path});` })).toEqual(['.']);
  });

  it('is a part of the root where the image of its author holds both', () => {
    const files = { 'package.json': server(), 'server.js': '', 'client/package.json': pages };
    const image =
      'FROM node:24 AS pages\nWORKDIR /client\nCOPY client/package.json ./\nFROM node:24\nCOPY server.js ./\n';
    expect(rootsOf({ ...files, Dockerfile: image })).toEqual(['.']);
    expect(rootsOf({ ...files, Dockerfile: 'FROM node:24\nCOPY server.js ./\n' })).toEqual(['.', 'client']);
  });

  it('is a part of the root where an image in a folder of Docker files holds both', () => {
    const files = { 'package.json': server(), 'server.js': '', 'client/package.json': pages };
    for (const step of ['COPY package*.json ./', 'COPY ./package.json ./', 'COPY . .'])
      for (const folder of ['.docker', 'docker', 'infra'])
        expect(
          rootsOf({ ...files, [`${folder}/Dockerfile`]: `FROM node:24\n${step}\nRUN cd ./client && npm run build\n` }),
        ).toEqual(['.']);
    // one that knows the pages alone is theirs
    const alone = 'FROM node:24\nCOPY client/package.json ./\nRUN cd client\n';
    expect(rootsOf({ ...files, 'docker/Dockerfile': alone })).toEqual(['.', 'client']);
  });

  it('is nothing where it is no half of an application, or starts nothing', () => {
    const files = { 'package.json': server(), 'server.js': '' };
    expect(rootsOf({ ...files, 'examples/package.json': pages, 'docs/package.json': pages })).toEqual(['.']);
    expect(rootsOf({ ...files, 'client/package.json': json({ name: 'client', main: 'index.js' }) })).toEqual(['.']);
  });
});

describe('a package in a folder of its own, without a workspace', () => {
  const library = json({ name: 'api', main: 'server.js' });
  const site = { 'ui/package.json': pages };

  it('is an application by what `npm start` runs without a script, or by its image', () => {
    expect(rootsOf({ ...site, 'api/package.json': library, 'api/server.js': '' })).toEqual(['api', 'ui']);
    for (const end of ['CMD npm start', 'ENTRYPOINT ["node", "run.js"]', 'CMD ["node", "lib/main.js"]'])
      expect(
        rootsOf({ ...site, 'api/package.json': library, 'api/Dockerfile': `FROM node:24\nCOPY . .\n${end}\n` }),
      ).toEqual(['api', 'ui']);
  });

  it('is none where nothing starts it', () => {
    expect(rootsOf({ ...site, 'api/package.json': library, 'api/index.js': '' })).toEqual(['ui']);
    expect(rootsOf({ ...site, 'api/package.json': library, 'api/Dockerfile': 'FROM node:24\nCOPY . .\n' })).toEqual([
      'ui',
    ]);
  });
});

describe('a root whose scripts are names of others that start its members', () => {
  const members = { 'cli/package.json': json({ name: 'cli', bin: 'index.js' }), 'api/package.json': server() };
  const root = (scripts: object) => json({ name: 'shop', workspaces: ['cli', 'api'], scripts });

  it('is no application', () => {
    for (const start of ['yarn run stage start', 'npm run stage start', 'yarn stage start'])
      expect(rootsOf({ ...members, 'package.json': root({ stage: 'node cli/index.js', start }) })).toEqual([
        'api',
        'cli',
      ]);
  });

  it('is one where the other script starts a file of its own', () => {
    const own = { ...members, 'server.js': '' };
    expect(rootsOf({ ...own, 'package.json': root({ stage: 'node server.js', start: 'yarn run stage' }) })).toContain(
      '.',
    );
  });
});

describe('a package beside a workspace', () => {
  const workspaces = {
    npm: { 'package.json': json({ private: true, workspaces: ['packages/*'] }) },
    pnpm: { 'package.json': json({ private: true }), 'pnpm-workspace.yaml': 'packages: ["packages/*"]\n' },
  };
  const api = json({ name: 'api', scripts: { start: 'node index.js' } });

  it.each([
    ['npm', 'frontend', 'package-lock.json'],
    ['npm', 'dashboard', 'bun.lock'],
    ['pnpm', 'web', 'yarn.lock'],
  ] as const)('is an application of its own with its own lockfile: %s, %s, %s', (manager, folder, lockfile) => {
    const files = { ...workspaces[manager], 'packages/api/package.json': api, [`${folder}/package.json`]: pages };
    expect(rootsOf({ ...files, [`${folder}/${lockfile}`]: '{}' })).toEqual([folder, 'packages/api'].sort());
    // nobody installs it without one
    expect(rootsOf(files)).toEqual(['packages/api']);
  });

  it('is none where a folder of another name lies there, or one that holds the members', () => {
    const files = { ...workspaces.npm, 'packages/api/package.json': api };
    expect(rootsOf({ ...files, 'example/package.json': pages, 'example/package-lock.json': '{}' })).toEqual([
      'packages/api',
    ]);
    const inside = {
      'package.json': json({ private: true, workspaces: ['server/*'] }),
      'server/package.json': api,
      'server/yarn.lock': '',
      'server/api/package.json': api,
    };
    expect(rootsOf(inside)).toEqual(['server/api']);
  });
});
