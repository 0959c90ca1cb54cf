import { describe, expect, it } from 'vitest';
import { quoteSource } from '../../../../src/formats/dockerfile/index.ts';
import { generatedFor } from '../../../support/texts.ts';

describe('a file as a source of COPY', () => {
  // what BuildKit 0.33 copied for each, by hand: the file of that name and no other
  it.each([
    ['server.js', 'server.js'],
    ['[a].js', '[[]a].js'],
    ['src/[id]/[...all].js', 'src/[[]id]/[[]...all].js'],
    ['<<EOF.js', '[<]<EOF.js'],
    ['!x.js', '[!]x.js'],
    [' x.js', '[ ]x.js'],
    ['x.js ', 'x.js[ ]'],
    ['a b.js', 'a b.js'],
    ['a\\b.js', 'a[\\\\]b.js'],
    ['a<<b!.js', 'a<<b!.js'],
    ['日本.js', '日本.js'],
  ])('is named exactly: %j', (name, written) => {
    expect(quoteSource(name)).toBe(written);
  });

  it.each(['a*b.js', 'a?b.js', 'e\x1bf.js', 'e\x00f.js'])('is refused where no COPY can name it: %j', (name) => {
    expect(() => quoteSource(name)).toThrow(expect.objectContaining({ code: 'dockerfile-name' }));
    expect(() => quoteSource(`${name}\n`)).toThrow(expect.objectContaining({ code: 'dockerfile-line-break' }));
  });

  it.each([
    ['[a].js', '[[]a].js'],
    ['<<EOF.js', '[<]<EOF.js'],
    ['!x.js', '[!]x.js'],
    ['a\\b.js', 'a[\\\\\\\\]b.js'],
  ])('reaches the Dockerfile so: %j', async (name, written) => {
    const text = await generatedFor({
      'package.json': JSON.stringify({ name: 'mini', scripts: { start: `node ${JSON.stringify(name)}` } }),
      [name]: "require('node:http').createServer((q, r) => r.end('ok')).listen(3000);\n",
    });
    const copies = text('Dockerfile')
      .split('\n')
      .filter((line) => line.startsWith('COPY'));
    expect(copies.some((line) => line.includes(written))).toBe(true);
  });
});
