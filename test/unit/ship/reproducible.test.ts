import { describe, expect, it } from 'vitest';
import type { Archive, Descriptor } from '../../../src/engine/archive.ts';
import { differing } from '../../../src/ship/contract/reproducible.ts';

type Files = Readonly<Record<string, string>>;

/** An image of layers, each of files by their paths; `again` stands for other times. */
function imageOf(layers: readonly Files[], again = ''): Archive {
  const digest = (files: Files) => `sha256:${Buffer.from(JSON.stringify(files) + again).toString('hex')}`;
  const held = new Map(layers.map((files) => [digest(files), files]));
  return {
    digest: `sha256:${again}${layers.length}`,
    configDigest: 'sha256:c',
    config: { architecture: 'amd64', os: 'linux' },
    texts: [],
    layers: [...held.keys()].map((name): Descriptor => ({ mediaType: '', digest: name, size: 0 })),
    overhead: 0,
    compressed: async () => 0,
    readLayer: async (layer, onEntry) => {
      for (const [name, text] of Object.entries(held.get(layer.digest) ?? {}))
        onEntry({ name, size: text.length, type: 'file', mode: 0o644 })?.(Buffer.from(text));
      return 0;
    },
  };
}

const base = { 'usr/bin/node': 'node' };
const first = imageOf([base, { 'app/dist/entry.mjs': 'key: 1', 'app/dist/a.js': 'a' }]);
const varies = { what: 'a key is made anew', folder: '/app', edit: 'Set the key.' };

describe('two builds that differ', () => {
  it('fail, and name the files', async () => {
    const second = imageOf([base, { 'app/dist/entry.mjs': 'key: 2', 'app/dist/a.js': 'a' }]);
    const { status, evidence } = await differing(first, second, undefined);
    expect(status).toBe('fail');
    expect(evidence.slice(1)).toEqual(['/app/dist/entry.mjs differs']);
  });

  it('name files that one of them alone has, and of many a few', async () => {
    const many = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`app/dist/b${at}.js`, '']));
    const { evidence } = await differing(first, imageOf([base, many]), undefined);
    expect(evidence.slice(1, 3)).toEqual(['/app/dist/a.js differs', '/app/dist/b0.js differs']);
    expect(evidence.at(-1)).toBe('and 3 more files');
  });

  it('prove nothing where the framework writes something anew: the file and the edit are named', async () => {
    const second = imageOf([base, { 'app/dist/entry.mjs': 'key: 2', 'app/dist/a.js': 'a' }]);
    const { status, evidence, next } = await differing(first, second, varies);
    expect(status).toBe('not-proved');
    expect(evidence.slice(1)).toEqual(['/app/dist/entry.mjs differs', varies.what]);
    expect(next).toBe(varies.edit);
  });

  it.each([
    ['outside of the app', { 'etc/made': '2' }],
    ['in a package', { 'app/node_modules/a/made.js': '2' }],
  ])('fail where a file %s differs, whatever the framework writes', async (_, files) => {
    expect((await differing(first, imageOf([base, files]), varies)).status).toBe('fail');
  });

  it('fail where the files are the same, and their times or modes are not', async () => {
    const second = imageOf([base, { 'app/dist/entry.mjs': 'key: 1', 'app/dist/a.js': 'a' }], 'ff');
    const { status, evidence } = await differing(first, second, varies);
    expect(status).toBe('fail');
    expect(evidence.at(-1)).toBe('layer 2 differs, but its files do not');
  });
});
