import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../src/plan/plan.ts';
import { factsOf } from '../../support/facts.ts';

const installOf = async (manifest: object, files: Readonly<Record<string, string>>) => {
  const all: Readonly<Record<string, string>> = {
    'package.json': JSON.stringify({
      name: 'shop',
      scripts: { start: 'node index.js' },
      engines: { node: '24' },
      ...manifest,
    }),
    'index.js': "require('node:http').createServer().listen(3000);\n",
    ...files,
  };
  const plan = await makePlan({
    facts: await factsOf(all),
    specification: undefined,
    config: {},
    read: (file) => all[file],
  });
  const steps = plan.images['app']?.stages.flatMap((stage) => stage.steps) ?? [];
  return steps.flatMap((step) =>
    step.do === 'run' && /^(install|ci)$/.test(step.argv[1] ?? '') && !step.argv.includes('--global')
      ? [step.argv]
      : [],
  );
};
const flag = '--dangerously-allow-all-builds';
const lock = (version: string) => ({ 'pnpm-lock.yaml': `lockfileVersion: '${version}'\n` });

describe('packages that are compiled by a script of their own, with pnpm', () => {
  it.each([
    ['a lockfile alone', { dependencies: { bcrypt: '5.1.1' } }, lock('9.0')],
    ['a release of the project', { dependencies: { sqlite3: '5.1.7' }, packageManager: 'pnpm@10.12.1' }, lock('9.0')],
    ['settings about other things', { dependencies: { canvas: '3.0.0' }, pnpm: { overrides: {} } }, lock('9.0')],
  ])('are compiled in every stage that installs: %s', async (_name, manifest, files) => {
    const installs = await installOf(manifest, files);
    expect(installs.length).toBeGreaterThan(1);
    expect(installs.every((argv) => argv.includes(flag))).toBe(true);
  });

  it.each([
    ['nothing is compiled', { dependencies: { express: '5.1.0' } }, lock('9.0')],
    ['the package brings its binaries', { dependencies: { bcrypt: '6.0.0' } }, lock('9.0')],
    [
      'a release that compiles by itself',
      { dependencies: { bcrypt: '5.1.1' }, packageManager: 'pnpm@9.15.9' },
      lock('9.0'),
    ],
    ['a release without the flag', { dependencies: { bcrypt: '5.1.1' }, packageManager: 'pnpm@10.4.0' }, lock('9.0')],
    ['an older lockfile', { dependencies: { bcrypt: '5.1.1' } }, lock('6.0')],
    [
      'the manifest names what may be built',
      { dependencies: { bcrypt: '5.1.1' }, pnpm: { onlyBuiltDependencies: ['bcrypt'] } },
      lock('9.0'),
    ],
    [
      'the settings name what may be built',
      { dependencies: { bcrypt: '5.1.1' } },
      { ...lock('9.0'), 'pnpm-workspace.yaml': 'ignoredBuiltDependencies:\n  - bcrypt\n' },
    ],
    [
      'another manager',
      { dependencies: { bcrypt: '5.1.1' } },
      { 'package-lock.json': '{ "lockfileVersion": 3, "packages": {} }' },
    ],
  ])('get no flag where %s', async (_name, manifest, files) => {
    expect((await installOf(manifest, files)).flat()).not.toContain(flag);
  });
});

describe('headers that native code is compiled against', () => {
  const variables = async (start: string, more: Readonly<Record<string, string>> = {}) => {
    const all: Readonly<Record<string, string>> = {
      'package.json': JSON.stringify({
        name: 'shop',
        scripts: { start },
        dependencies: { 'better-sqlite3': '12.0.0' },
      }),
      'index.js': "require('better-sqlite3'); require('node:http').createServer().listen(3000);\n",
      ...more,
    };
    const facts = await factsOf(all);
    const plan = await makePlan({ facts, specification: undefined, config: {}, read: (file) => all[file] });
    const steps = plan.images['app']?.stages.find(({ name }) => name === 'tools')?.steps ?? [];
    return {
      isThere: steps.length > 0,
      names: steps.flatMap((step) => (step.do === 'env' ? Object.keys(step.values) : [])),
    };
  };

  it('are named where the image has them: those of Bun have none', async () => {
    expect(await variables('node index.js')).toEqual({ isThere: true, names: ['npm_config_nodedir'] });
    const bun = { 'bun.lock': '{ "lockfileVersion": 1, "workspaces": { "": { "name": "shop" } }, "packages": {} }' };
    expect(await variables('bun index.js', bun)).toEqual({ isThere: true, names: [] });
  });
});
