import { describe, expect, it } from 'vitest';
import { inspect } from '../../../../src/inspect/inspect.ts';
import { keptSet } from '../../../../src/plan/kept/set.ts';
import { memoryProject } from '../../../../src/project/memory.ts';
import { text } from './support.ts';

type Files = Readonly<Record<string, string>>;

const json = (value: object) => JSON.stringify(value);
const member = (name: string) =>
  json({ name, scripts: { start: 'node src/main.js' }, dependencies: { express: '5.0.0' } });
const source = "const express = require('express');\nexpress().listen(process.env.PORT || 3000);\n";
const npm: Files = {
  'package.json': json({ name: 'shop', private: true, workspaces: ['apps/*'], engines: { node: '24' } }),
  'package-lock.json': json({ lockfileVersion: 3, packages: { '': { workspaces: ['apps/*'] } } }),
  'apps/api/package.json': member('@shop/api'),
  'apps/api/src/main.js': source,
  'apps/mailer/package.json': member('@shop/mailer'),
  'apps/mailer/src/main.js': source,
};

/** Which services of the author start each application, and whether its image is the author's. */
async function keptOf(files: Files) {
  const { apps } = await inspect(memoryProject({ ...npm, ...files }));
  return Object.fromEntries(
    apps.map((facts) => {
      const set = keptSet(facts, {});
      return [facts.root, [set?.dockerfile !== undefined, ...(set?.apps.map(({ name }) => name) ?? [])]];
    }),
  );
}

const compose = (...lines: readonly string[]) => text('services:', ...lines);
const generic = 'FROM node:24\nARG APP\nCOPY . /srv\nWORKDIR /srv\nRUN npm ci\nCMD npm start -w $APP\n';
const plain = 'FROM node:24\nCOPY . /srv\nWORKDIR /srv\nRUN npm ci\n';

describe('a Dockerfile that several applications share', () => {
  it.each([
    [
      'an argument with a folder',
      generic,
      'build: { context: ., args: { APP: apps/api } }',
      'build: { context: ., args: { APP: apps/mailer } }',
    ],
    [
      'an argument with a name',
      generic,
      'build: { context: ., args: [PACKAGE=api] }',
      'build: { context: ., args: [PACKAGE=mailer] }',
    ],
    [
      'an argument with the name of a package',
      generic,
      'build: { context: ., args: { SCOPE: "@shop/api" } }',
      'build: { context: ., args: { SCOPE: "@shop/mailer" } }',
    ],
    [
      'their commands',
      plain,
      'build: .\n    command: node apps/api/src/main.js',
      'build: .\n    command: [npm, run, "start:mailer"]',
    ],
    ['their folders', plain, 'build: .\n    working_dir: /srv/apps/api', 'build: .\n    working_dir: /srv/apps/mailer'],
    [
      'their stages',
      `FROM node:24 AS base\nCOPY . /srv\nFROM base AS api\nCMD ["node", "/srv/apps/api/src/main.js"]\nFROM base AS mail\nWORKDIR /srv/apps/mailer\nCMD ["node", "src/main.js"]\n`,
      'build: { context: ., target: api }',
      'build: { context: ., target: mail }',
    ],
    [
      'what their stages copy',
      `FROM node:24 AS all\nCOPY . /srv\nFROM node:24 AS one\nCOPY --from=all /srv/apps/api /srv\nFROM node:24 AS two\nCOPY --from=all /srv/apps/mailer /srv\n`,
      'build: { context: ., target: one }',
      'build: { context: ., target: two }',
    ],
  ])('is started for each by the service that says so: by %s', async (_, Dockerfile, first, second) => {
    const kept = await keptOf({
      Dockerfile,
      'compose.yaml': compose('  first:', `    ${first}`, '  second:', `    ${second}`),
    });
    expect(kept).toEqual({ 'apps/api': [true, 'first'], 'apps/mailer': [true, 'second'] });
  });

  it('is that of all where no service says which one it starts, and of one in whose folder it lies', async () => {
    const Dockerfile = `${plain}CMD ["npm", "start"]\n`;
    expect(await keptOf({ Dockerfile, 'compose.yaml': compose('  web:', '    build: .') })).toEqual({
      'apps/api': [true, 'web'],
      'apps/mailer': [true, 'web'],
    });
    const own = { 'apps/api/Dockerfile': 'FROM node:24\nCOPY . .\nCMD ["node", "src/main.js"]\n' };
    const service = ['  web:', '    build: apps/api', '    command: node send-to-mailer/mailer'];
    expect((await keptOf({ ...own, 'compose.yaml': compose(...service) }))['apps/api']).toEqual([true, 'web']);
  });

  it('is not that of an application which no service builds, while one builds it for another', async () => {
    const only = compose('  web:', '    build: { context: ., args: { APP: api } }');
    const kept = await keptOf({ Dockerfile: generic, 'compose.yaml': only });
    expect(kept).toEqual({ 'apps/api': [true, 'web'], 'apps/mailer': [false] });
  });

  it('is that of the application which its command starts, whatever else it copies', async () => {
    const Dockerfile = text(
      'FROM node:24',
      'WORKDIR /srv',
      'COPY apps/api/package.json apps/api/',
      'COPY apps/mailer/package.json apps/mailer/',
      'COPY . .',
      'CMD ["node", "apps/api/src/main.js"]',
    );
    const infra = compose('  db:', '    image: postgres:17');
    expect(await keptOf({ Dockerfile, 'compose.yaml': infra })).toEqual({ 'apps/api': [true], 'apps/mailer': [false] });
  });

  it('builds no container that is added where it starts nothing, unless it lies beside the application', async () => {
    const infra = { 'compose.yaml': compose('  db:', '    image: postgres:17') };
    const copies = 'FROM node:24\nWORKDIR /srv\nCOPY . .\n';
    expect(await keptOf({ ...infra, Dockerfile: copies })).toEqual({ 'apps/api': [false], 'apps/mailer': [false] });
    expect((await keptOf({ ...infra, 'apps/api/Dockerfile': copies }))['apps/api']).toEqual([true]);
    const entry = `${copies}ENTRYPOINT ["npm", "start"]\n`;
    expect(await keptOf({ ...infra, Dockerfile: entry })).toEqual({ 'apps/api': [true], 'apps/mailer': [true] });
  });
});
