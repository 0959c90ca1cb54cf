import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../support/facts.ts';

const lock = '{ "lockfileVersion": 1, "workspaces": { "": {} }, "packages": {} }';

/** The runtime, and what installs the packages, of a project that Bun installs and that names a version of Node.js. */
async function chosen(manifest: object, more: Readonly<Record<string, string>> = {}) {
  const { runtime, manager } = await factsOf({
    'package.json': JSON.stringify({ name: 'shop', engines: { node: '>=24' }, ...manifest }),
    'bun.lock': lock,
    ...more,
  });
  const name = (fact: typeof runtime | typeof manager) => ('value' in fact ? fact.value.name : fact.ask);
  return [name(runtime), name(manager)];
}

describe('a project with signs of Bun and of Node.js', () => {
  it.each([
    ['a site of Vite', { scripts: { build: 'vite build', dev: 'vite' }, devDependencies: { vite: '^7.0.0' } }],
    [
      'a site of Angular',
      { scripts: { build: 'ng build' }, packageManager: 'bun@1.3.6', engines: { node: '>=24', bun: '>=1.3' } },
    ],
    [
      'a web app of Next.js',
      { scripts: { build: 'next build', start: 'next start' }, dependencies: { next: '15.0.0' } },
    ],
    ['a server that Nest starts', { scripts: { start: 'nest start' } }],
  ])('runs on Node.js where programs of packages run it, which ask for that: %s', async (_, manifest) => {
    expect(await chosen(manifest)).toEqual(['node', 'bun']);
  });

  it.each([
    ['its script starts it', { scripts: { start: 'bun src/index.ts' } }],
    ['its script has programs run by it', { scripts: { build: 'bunx --bun vite build' } }],
    [
      'its source is written against it',
      { scripts: { build: 'vite build' }, devDependencies: { '@types/bun': '^1.0.0' } },
    ],
  ])('runs on Bun where %s', async (_, manifest) => {
    expect(await chosen(manifest)).toEqual(['bun', 'bun']);
  });

  it('is asked about where no script runs anything', async () => {
    expect(await chosen({ main: 'src/index.ts' }, { 'src/index.ts': 'export {};' })).toEqual(['runtime', 'bun']);
  });
});
