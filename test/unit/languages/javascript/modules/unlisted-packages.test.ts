import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../../support/facts.ts';

const json = (value: unknown) => JSON.stringify(value);
const server = (more: string) =>
  `const http = require('http');\n${more}\nhttp.createServer((q, r) => r.end('ok')).listen(3000);\n`;
const globbing = server("const micromatch = require('micromatch');\nmicromatch.isMatch('a', '*');");

const manifest = (more: object = {}) =>
  json({
    name: 'a',
    scripts: { start: 'node server.js' },
    engines: { node: '24' },
    dependencies: { 'fast-glob': '^3.3.0' },
    devDependencies: { 'lint-staged': '^15.0.0' },
    ...more,
  });

const npmLock = (packages: object) =>
  json({ lockfileVersion: 3, packages: { '': {}, 'node_modules/fast-glob': { version: '3.3.0' }, ...packages } });

const yarn1 = (asks: string) => `# yarn lockfile v1


fast-glob@^3.3.0:
  version "3.3.0"
${asks}
lint-staged@^15.0.0:
  version "15.0.0"
  dependencies:
    micromatch "^4.0.8"

micromatch@^4.0.4, micromatch@^4.0.8:
  version "4.0.8"
`;

const berry = (asks: string) => `__metadata:
  version: 8

"a@workspace:.":
  version: 0.0.0-use.local
  dependencies:
    fast-glob: "npm:^3.3.0"
    lint-staged: "npm:^15.0.0"

"fast-glob@npm:^3.3.0":
  version: 3.3.0
${asks}
"lint-staged@npm:^15.0.0":
  version: 15.0.0
  dependencies:
    micromatch: "npm:^4.0.8"

"micromatch@npm:^4.0.4, micromatch@npm:^4.0.8":
  version: 4.0.8
`;

const pnpm = (asks: string) => `lockfileVersion: '9.0'

importers:

  .:
    dependencies:
      fast-glob:
        specifier: ^3.3.0
        version: 3.3.0
    devDependencies:
      lint-staged:
        specifier: ^15.0.0
        version: 15.0.0

packages:

  micromatch@4.0.8:
    resolution: {integrity: sha512-a}

snapshots:

  fast-glob@3.3.0:${asks || ' {}'}

  lint-staged@15.0.0:
    dependencies:
      micromatch: 4.0.8

  micromatch@4.0.8: {}
`;

type Files = Record<string, string>;

async function said(files: Files) {
  const { notes, details } = await factsOf({ 'package.json': manifest(), 'server.js': globbing, ...files });
  return {
    needed: ((details as { needed?: { value: string }[] }).needed ?? []).map(({ value }) => value),
    notes: notes.filter(({ code }) => code === 'package-not-named' || code === 'needed-when-running'),
  };
}

describe('a package that sources import and package.json does not name', () => {
  it.each<[string, Files]>([
    ['npm', { 'package-lock.json': npmLock({ 'node_modules/micromatch': { version: '4.0.8', dev: true } }) }],
    [
      'npm of years ago',
      {
        'package-lock.json': json({
          lockfileVersion: 1,
          dependencies: { micromatch: { version: '4.0.8', dev: true } },
        }),
      },
    ],
    ['Yarn 1', { 'yarn.lock': yarn1('') }],
    ['a later Yarn', { 'yarn.lock': berry('') }],
    ['pnpm that hoists', { 'pnpm-lock.yaml': pnpm(''), '.npmrc': 'shamefully-hoist=true\n' }],
  ])('is kept where development alone brings it: %s', async (_, files) => {
    const { needed, notes } = await said(files);
    expect(needed).toEqual(['micromatch']);
    expect(notes.map(({ message }) => message)).toEqual([
      'micromatch is needed at run time but not listed in package.json: only development dependencies install it. Add it to dependencies, so that the image can leave out the development ones',
    ]);
    expect(notes[0]?.from[0]).toMatchObject({ file: 'server.js', line: 2 });
  });

  it.each<[string, Files]>([
    ['npm', { 'package-lock.json': npmLock({ 'node_modules/micromatch': { version: '4.0.8' } }) }],
    [
      'npm, as an optional peer',
      { 'package-lock.json': npmLock({ 'node_modules/micromatch': { version: '4.0.8', devOptional: true } }) },
    ],
    ['Yarn 1', { 'yarn.lock': yarn1('  dependencies:\n    micromatch "^4.0.4"\n') }],
    ['a later Yarn', { 'yarn.lock': berry('  dependencies:\n    micromatch: "npm:^4.0.4"\n') }],
    [
      'pnpm that hoists',
      {
        'pnpm-lock.yaml': pnpm('\n    dependencies:\n      micromatch: 4.0.8'),
        'pnpm-workspace.yaml': 'nodeLinker: hoisted\n',
      },
    ],
    ['no lockfile, which nobody can tell', {}],
  ])('is left alone where production brings it: %s', async (_, files) => {
    expect(await said(files)).toEqual({ needed: [], notes: [] });
  });

  it.each<[string, Files, string]>([
    ['npm', { 'package-lock.json': npmLock({}) }, 'which neither package.json nor the lockfile has'],
    [
      'npm, where only another package finds it',
      { 'package-lock.json': npmLock({ 'node_modules/fast-glob/node_modules/micromatch': { version: '4.0.8' } }) },
      'which neither package.json nor the lockfile has',
    ],
    ['Yarn', { 'yarn.lock': yarn1('').replaceAll('micromatch', 'picomatch') }, 'which neither'],
    [
      'pnpm, which links no package of others',
      { 'pnpm-lock.yaml': pnpm('') },
      'it is installed where only the packages',
    ],
  ])('is named where the app does not find it: %s', async (_, files, what) => {
    const { needed, notes } = await said(files);
    expect(needed).toEqual([]);
    expect(notes.map(({ code }) => code)).toEqual(['package-not-named']);
    expect(notes[0]?.message).toContain(`server.js imports micromatch, `);
    expect(notes[0]?.message).toContain(what);
    expect(notes[0]?.from[0]).toMatchObject({ file: 'server.js', line: 2 });
  });

  it.each([
    ['a built-in', "require('fs').readFileSync('x'); require('node:path'); require('fs/promises');"],
    ['one that may be missing', "try { require('micromatch'); } catch {}"],
    ['one that is loaded later', "function later() { return require('micromatch'); }"],
    ['the project itself', "try {} finally {} require('a');"],
    ['a folder of the project', "require('lib/match');"],
  ])('is none that is %s', async (_, text) => {
    const files = { 'server.js': server(text), 'lib/match.ts.txt': 'x', 'package-lock.json': npmLock({}) };
    expect(await said(files)).toEqual({ needed: [], notes: [] });
  });
});
