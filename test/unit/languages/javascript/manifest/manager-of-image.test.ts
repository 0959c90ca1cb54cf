import { describe, expect, it } from 'vitest';
import { inspect } from '../../../../../src/inspect/inspect.ts';
import { memoryProject } from '../../../../../src/project/memory.ts';
import { factsOf, said } from '../../../../support/facts.ts';

const files = (more: Record<string, string>, pkg: object = {}) => ({
  'package.json': JSON.stringify({
    name: 'x',
    scripts: { start: 'node app.js' },
    dependencies: { express: '4' },
    ...pkg,
  }),
  'app.js': "require('express')().listen(3000);\n",
  ...more,
});
const image = (install: string, copy = '.') =>
  `FROM node:22\nWORKDIR /a\nCOPY ${copy} ./\nRUN ${install}\nCOPY . .\nCMD ["node", "app.js"]\n`;
const lockfiles = { 'package-lock.json': '{"lockfileVersion":3,"packages":{}}', 'yarn.lock': '# yarn lockfile v1\n' };
const managerOf = async (all: Record<string, string>) => {
  const found = said((await factsOf(all)).manager);
  return typeof found === 'object' ? found.name : found;
};

describe('of two package managers', () => {
  it.each([
    ['the one whose lockfile the image gets', image('npm ci', 'package*.json'), {}, 'npm'],
    ['the other one whose lockfile the image gets', image('yarn', 'package.json yarn.lock'), {}, 'yarn'],
    [
      'the one that the scripts call',
      image('echo'),
      { scripts: { start: 'node app.js', all: 'yarn run start' } },
      'yarn',
    ],
    ['none, where nothing says it', image('echo'), {}, 'ask manager'],
  ])('takes %s', async (_, Dockerfile, pkg, expected) => {
    expect(await managerOf(files({ Dockerfile, ...lockfiles }, pkg))).toBe(expected);
  });

  it('takes that of the image where a field alone names another, and the field where a lockfile is there', async () => {
    const pkg = { packageManager: 'yarn@4.3.1' };
    expect(await managerOf(files({ Dockerfile: image('npm install') }, pkg))).toBe('npm');
    expect(await managerOf(files({ Dockerfile: image('corepack enable && yarn install') }, pkg))).toBe('yarn');
    expect(await managerOf(files({ Dockerfile: image('npm install -g pm2') }, pkg))).toBe('yarn');
    expect(await managerOf(files({ Dockerfile: image('npm install'), 'yarn.lock': '__metadata:\n' }, pkg))).toBe(
      'yarn',
    );
  });
});

describe('installing', () => {
  const flagsOf = async (install: string) =>
    (
      (await factsOf(files({ Dockerfile: image(install) }))).details as { installFlags?: { value: string }[] }
    ).installFlags?.map(({ value }) => value);
  it('keeps the flags without which it may fail, and no others', async () => {
    expect(await flagsOf('npm ci --legacy-peer-deps --only=production')).toEqual(['--legacy-peer-deps']);
    expect(await flagsOf('apk add git && npm i --force')).toEqual(['--force']);
    expect(await flagsOf('npm install --omit=dev')).toBeUndefined();
    expect(await flagsOf('npm install --global --force x')).toBeUndefined();
    expect(await flagsOf('rm --force a')).toBeUndefined();
  });
});

describe('a start script', () => {
  it('may begin with an assignment, which starts nothing', async () => {
    const pkg = { scripts: { start: 'STAGE=live && node app.js' } };
    const facts = await factsOf(files({}, pkg));
    expect(facts.notes.filter(({ code }) => code === 'start-does-more')).toEqual([]);
    expect(said(facts.commands.start)).toMatchObject({ argv: ['node', 'app.js'] });
  });
});

describe('a manifest in a folder', () => {
  const rootsOf = async (all: Record<string, string>) =>
    (await inspect(memoryProject(all))).apps.map(({ root }) => root);
  const manifest = '{"name":"x","scripts":{"start":"node server.js"}}';
  it('is that of the sources beside it, where the root has none', async () => {
    expect(
      await rootsOf({ 'src/package.json': manifest, 'src/server.js': '', Dockerfile: 'FROM node\nADD src .\n' }),
    ).toEqual(['src']);
    expect(await rootsOf({ 'src/package.json': manifest, 'src/server.js': '', 'index.js': '' })).toEqual(['.']);
    expect(await rootsOf({ 'package.json': manifest, 'server.js': '', 'src/package.json': manifest })).toEqual(['.']);
  });
});
