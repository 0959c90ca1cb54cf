import { describe, expect, it } from 'vitest';
import { detailsOf } from '../../../../src/stacks/javascript.ts';
import { factsOf, text } from './support.ts';

const globalsOf = async (scripts: Record<string, string>, run: string, more: Record<string, string> = {}, dev = {}) => {
  const [facts] = await factsOf({
    'package.json': JSON.stringify({
      name: 'till',
      version: '1.0.0',
      scripts: { start: 'node dist/main.js', ...scripts },
      devDependencies: dev,
    }),
    'src/main.ts': "import http from 'node:http';\nhttp.createServer((_, res) => res.end('hi')).listen(3000);\n",
    Dockerfile: text('FROM node:22', 'WORKDIR /app', run, 'COPY . .', 'RUN npm install', 'CMD ["node","dist/main.js"]'),
    ...more,
  });
  return facts && detailsOf(facts).globals?.map(({ value, from }) => `${value} ${from[0]?.file}:${from[0]?.line}`);
};

describe('programs that the author’s image installs for the whole image', () => {
  it.each([
    ['by npm', { build: 'nest build' }, 'RUN npm i -g pnpm @nestjs/cli', ['@nestjs/cli Dockerfile:3']],
    [
      'with a version',
      { build: 'tsc -p .' },
      'RUN npm install --global typescript@5.4.2',
      ['typescript@5.4.2 Dockerfile:3'],
    ],
    [
      'by Yarn',
      { build: 'rimraf dist && tsc' },
      'RUN yarn global add rimraf && apt-get update',
      ['rimraf Dockerfile:3'],
    ],
    ['by pnpm, through npx', { build: 'npx swc src -d dist' }, 'RUN pnpm add -g @swc/cli', ['@swc/cli Dockerfile:3']],
    [
      'several at once',
      { build: 'tsc', 'start:dev': 'nodemon src/main.ts' },
      'RUN npm -g install nodemon typescript',
      ['nodemon Dockerfile:3', 'typescript Dockerfile:3'],
    ],
  ])('are installed where its scripts run them: %s', async (_name, scripts, run, globals) => {
    expect(await globalsOf(scripts, run)).toEqual(globals);
  });

  it('are found in a Dockerfile for development, too', async () => {
    const dev = text('FROM node:22', 'WORKDIR /app', 'RUN npm i -g @nestjs/cli', 'COPY . .', 'CMD ["npm","run","dev"]');
    expect(await globalsOf({ build: 'nest build' }, 'ENV A=1', { 'Dockerfile.dev': dev })).toEqual([
      '@nestjs/cli Dockerfile.dev:3',
    ]);
  });

  it.each([
    ['that no script runs', { build: 'tsc' }, 'RUN npm i -g pm2', {}],
    ['that is a dependency', { build: 'nest build' }, 'RUN npm i -g @nestjs/cli', { '@nestjs/cli': '11' }],
    ['that is a package manager', { build: 'pnpm run all' }, 'RUN npm i -g pnpm@9', {}],
    ['that is no package of the registry', { build: 'tsc' }, 'RUN npm i -g ./typescript.tgz', {}],
    ['that is installed into the project', { build: 'tsc' }, 'RUN npm i typescript', {}],
  ])('is none of them: %s', async (_name, scripts, run, dev) => {
    expect(await globalsOf(scripts, run, {}, dev)).toBeUndefined();
  });
});
