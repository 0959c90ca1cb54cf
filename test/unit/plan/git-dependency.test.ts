import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../src/plan/plan.ts';
import { factsOf } from '../../support/facts.ts';

const planOf = async (dependencies: Readonly<Record<string, string>>, files: Readonly<Record<string, string>>) => {
  const all: Readonly<Record<string, string>> = {
    'package.json': JSON.stringify({
      name: 'shop',
      scripts: { start: 'node index.js' },
      engines: { node: '24' },
      dependencies,
    }),
    'index.js': "require('node:http').createServer().listen(3000);\n",
    ...files,
  };
  return makePlan({ facts: await factsOf(all), specification: undefined, config: {}, read: (file) => all[file] });
};
const stageOf = (plan: Awaited<ReturnType<typeof planOf>>, name: string) =>
  JSON.stringify(plan.images['app']?.stages.find((one) => one.name === name) ?? null);

const npm = { 'package-lock.json': '{ "lockfileVersion": 3, "packages": {} }' };
const pnpm = { 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n" };
const yarn = { 'yarn.lock': '# yarn lockfile v1\n' };

describe('a dependency that comes from a repository', () => {
  it.each([
    ['an address, with npm', 'git+https://git.example.org/tools/widget.git#v1.2.0', npm, false],
    ['the place on a known host, with pnpm', 'github:tools/widget#semver:^1', pnpm, false],
    ['a place alone, with Yarn', 'tools/widget', yarn, false],
    ['an address by ssh, with npm', 'git+ssh://git@git.example.org/tools/widget.git', npm, true],
    ['an address of https, with Yarn', 'https://git.example.org/tools/widget.git', yarn, false],
  ])('is fetched by git in the stages that install, and nowhere else: %s', async (_, range, files, ssh) => {
    const plan = await planOf({ widget: range }, files);
    const tools = stageOf(plan, 'tools');
    expect(tools).toContain('ca-certificates git');
    expect(tools.includes('openssh-client')).toBe(ssh);
    expect(tools).not.toContain('python3');
    expect(plan.images['app']?.stages.find((one) => one.name === 'deps')?.from).toEqual({ stage: 'tools' });
    expect(stageOf(plan, 'production')).not.toMatch(/apt-get|"tools"/);
  });

  it('shares the stage with what is compiled', async () => {
    const tools = stageOf(await planOf({ widget: 'github:tools/widget', sqlite3: '5.1.7' }, npm), 'tools');
    expect(tools).toContain('python3 make g++ ca-certificates git');
  });

  it.each([
    '^1.0.0',
    'npm:@tools/widget@1.0.0',
    'file:../widget',
    '../widget',
    'https://example.org/widget-1.0.0.tgz',
    'latest',
  ])('is none that is a release, an archive or a folder: %s', async (range) => {
    expect(stageOf(await planOf({ widget: range }, npm), 'tools')).toBe('null');
  });
});
